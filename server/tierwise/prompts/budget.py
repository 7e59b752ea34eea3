"""How much a prompt may show, by tier and by the model's window."""

from collections.abc import Mapping
from dataclasses import dataclass

from tierwise.core.model import Model
from tierwise.core.prompt import CHARACTERS_PER_TOKEN, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Tokens of the document ``before`` and ``after`` the task's span, and of ``context`` beside it."""

    before: int
    after: int
    context: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.before + self.after + self.context

    def scaled(self, by: float) -> "Budget":
        """Return every part so many times as large."""
        return Budget(before=int(self.before * by), after=int(self.after * by), context=int(self.context * by))


BUDGETS: Mapping[str, Budget] = {
    "local": Budget(before=8_000, after=4_000, context=0),
    "fast": Budget(before=1_600, after=500, context=1_200),
    "mid": Budget(before=4_000, after=2_000, context=6_000),
    "frontier": Budget(before=8_000, after=4_000, context=16_000),
}
"""The local tier reads at no cost, but from its own index of the other files. For the fast tier peers show between
1,000 tokens (Continue: 1,024, of which 30 % before and 20 % after) and 4,500 (minuet: 16,000 characters, three quarters
before; llama.vim: 256 lines before and 64 after, about 3,000). Dearer tiers are asked seldom and for more.
"""

OTHER = BUDGETS["mid"]
"""For tiers that users named themselves."""

OVERHEAD = 700
"""Tokens of the instructions around it all: the longest of our templates, and what the interfaces add."""

MARGIN = 0.9
"""Our counts of tokens are estimates; on scripts other than Latin they err by about a tenth."""

AT_HOME = 0.5
"""For models that cost nothing, which run on the user's own machine: there a prompt is read at hundreds of tokens per
second, not at thousands, and the wait is what it costs.
"""


def budget(tier: str, model: Model, limits: Limits) -> Budget:
    """Return what the tier allows, cut down evenly where the model's window is too small for it."""
    allowed = BUDGETS.get(tier, OTHER)
    if tier != "local" and model.price is not None and model.price.input == 0:
        allowed = allowed.scaled(AT_HOME)
    room = (model.window - limits.max_tokens - OVERHEAD) * MARGIN
    return allowed if allowed.total <= room else allowed.scaled(max(0.0, room) / allowed.total)


def characters(tokens: int) -> int:
    """Return about how many characters so many tokens are."""
    return int(tokens * CHARACTERS_PER_TOKEN)
