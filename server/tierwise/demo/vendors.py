"""The rehearsed vendors of a session without keys: what their models say is written here, the rest is real."""

from dataclasses import dataclass, field

from tierwise.core.model import Model
from tierwise.core.reply import Usage
from tierwise.rehearsal import Cue, Line, Rehearsal
from tierwise.rehearsal.request import Request

THINKING = 0.18
"""Seconds before a rehearsed model's first token: about what fast models need today."""
PAUSE = 0.004
"""Seconds between its tokens: 250 a second."""

JUDGING = "You judge the answer of another programmer"
"""How the prompt for judging begins."""

CONFIG = """\
# The demo's settings: three tiers from two vendors, and a cascade for fixes.
[tiers.fast]
models = ["openai/gpt-6-luna", "anthropic/claude-haiku-5-5"]
[tiers.mid]
models = ["anthropic/claude-sonnet-5-5"]
[tiers.frontier]
models = ["anthropic/claude-opus-5-5"]

[[rules]]
name = "fixes start cheap"
when.kinds = ["fix"]
ladder = ["fast", "mid", "frontier"]
reason = "Fixes can be checked, so the cheap tier tries first and the next one only where its answer fails."
"""


@dataclass(slots=True)
class Cast:
    """What each model says next: lines by a part of the model's name; a line said once is taken from its list."""

    lines: dict[str, list[Line]] = field(default_factory=dict[str, list[Line]])

    def say(self, model: str, *texts: str) -> None:
        """Let the model say these texts in turn; the last one stays."""
        self.lines[model] = [Line(text=text, delay=THINKING, pause=PAUSE) for text in texts]

    def fail(self, model: str, then: str) -> None:
        """Let the model's vendor be overloaded once."""
        overloaded = Line(fault="status", status=529, message="Overloaded")
        self.lines[model] = [overloaded, Line(text=then, delay=THINKING, pause=PAUSE)]

    def __call__(self, cue: Cue) -> Line:
        """Return the line for a request; whoever is asked to judge is content."""
        if JUDGING in cue.prompt:
            return Line(text='{"score": 0.95, "reason": ""}', delay=THINKING, pause=PAUSE)
        for model, lines in self.lines.items():
            if model in cue.model and lines:
                return lines.pop(0) if len(lines) > 1 else lines[0]
        return Line(text="", delay=THINKING)


def environment(vendors: Rehearsal) -> dict[str, str]:
    """Return what points the vendors' SDKs at the rehearsal."""
    return {
        "ANTHROPIC_API_KEY": "rehearsal",
        "ANTHROPIC_BASE_URL": vendors.url_anthropic,
        "OPENAI_API_KEY": "rehearsal",
        "OPENAI_BASE_URL": vendors.url_openai,
    }


def billed(requests: list[Request], price: "dict[str, Model]") -> float:
    """Return the dollars that the vendors count for what they were asked, from their own books."""
    total = 0.0
    for request in requests:
        model = price.get(request.model)
        usage: Usage = request.usage
        if model is not None and model.price is not None:
            total += model.price.of(usage)
    return total
