"""Why a task would be answered as it would, by whom, for how much, and what would change that; nobody is asked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from tierwise import prompts
from tierwise.core.decision import Decision, Role
from tierwise.core.model import Model, Tier
from tierwise.core.prompt import Chat, Limits, Prompt, estimate_tokens, prompt_tokens
from tierwise.core.reply import Usage
from tierwise.core.task import Task, TaskKind
from tierwise.policies.caches import Caches
from tierwise.prompts.chat import TemplateError, described

from .detour import LOCAL

if TYPE_CHECKING:
    from tierwise.policies.learning.prospect import Prospect

MOST_FILES, MOST_PROBLEMS, MOST_OUTPUT, OUTPUT_STEP = 20, 30, 4_000, 10
"""How far the facts are varied to find where the decision changes."""


@runtime_checkable
class Foretelling(Protocol):
    """A policy that can say what it expects of each tier."""

    def prospects(self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier]) -> "tuple[Prospect, ...]":
        """Return what each tier promises for the task, from cheap to dear."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model that could answer. Tokens are estimates, ``cost`` is what one call with them costs in dollars, with
    ``cached`` of the input's tokens in the vendor's prompt cache, ``uncached`` what it would without any cache; both
    are None where the price is unknown. ``chance`` of a right answer and the outcomes it is known from are None where
    nothing is learned. ``level`` says whose outcomes they mostly are: ``own``, ``team``, or ``bundled`` where nobody
    tried the model and its price alone speaks; ``levels`` how many each level knows of.
    ``place`` is the tier's place on the ladder, from 1, or None; ``barred`` says why the model cannot be asked now.
    """

    tier: str
    model: Model
    input: int
    output: int
    cost: float | None
    uncached: float | None = None
    cached: int = 0
    chance: float | None = None
    tries: float | None = None
    level: str = ""
    levels: tuple[tuple[str, float], ...] = ()
    place: int | None = None
    barred: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would lead to another ladder."""

    when: str
    ladder: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A decision with all that it was made among."""

    task: Task
    kind: TaskKind
    decision: Decision
    candidates: tuple[Candidate, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainer:
    """Explains for one engine: ``decide`` is its decision, ``bar`` says why a model cannot be asked now."""

    tiers: Mapping[str, Tier]
    limits: Limits
    decide: Callable[[Task], Decision]
    prospects: "tuple[Prospect, ...]"
    bar: Callable[[Model, str], str]
    caches: Caches

    def explain(self, task: Task, kind: TaskKind) -> Explanation:
        """Return the explanation; takes some milliseconds, because the decision is made anew for many varied tasks."""
        decision = self.decide(task)
        return Explanation(
            task=task,
            kind=kind,
            decision=decision,
            candidates=tuple(self._candidates(task, kind, decision)),
            changes=tuple(self._changes(task, kind, decision)),
        )

    def _candidates(self, task: Task, kind: TaskKind, decision: Decision) -> Iterable[Candidate]:
        answers = [rung for rung in decision.ladder if rung.role is Role.ANSWER]
        places = {rung.tier: number for number, rung in reversed(list(enumerate(answers, 1)))}
        pinned = {rung.tier: rung.models for rung in answers if rung.models}
        known = {prospect.tier: prospect for prospect in self.prospects}
        output = kind.output if task.expected_output is None else task.expected_output
        models = {name: tier.models for name, tier in self.tiers.items()} | pinned
        if kind.form != "insertion" and LOCAL not in places:
            models.pop(LOCAL, None)  # it completes and does nothing else
        least = max((self.caches.held(model, task, kind) for each in models.values() for model in each), default=0)
        for name, each in models.items():
            for model in each:
                prompt = self._prompt(task, kind, model, name)
                plain = Usage(input=max(prompt_tokens(prompt), least), output=output)
                usage = self.caches.expected(model, task, kind, plain, _stable(prompt))
                found = known.get(name)
                yield Candidate(
                    tier=name,
                    model=model,
                    input=plain.input,
                    output=output,
                    cost=model.price.of(usage) if model.price else None,
                    uncached=model.price.of(plain) if model.price else None,
                    cached=usage.cache_read,
                    chance=found.chance if found else None,
                    tries=found.tries if found else None,
                    level=found.level if found else "",
                    levels=found.levels if found else (),
                    place=places.get(name),
                    barred=self.bar(model, name),
                )

    def _prompt(self, task: Task, kind: TaskKind, model: Model, tier: str) -> Prompt:
        try:
            return prompts.build(task, kind, model, self.limits, (), tier)
        except TemplateError:  # the kind's prompt needs more than is known of a task that is only described
            return prompts.build(task, replace(kind, template=described(kind.template)), model, self.limits)

    def _changes(self, task: Task, kind: TaskKind, decision: Decision) -> Iterable[Change]:
        now = _names(decision)
        files = len(task.files) + (task.document is not None)
        output = kind.output if task.expected_output is None else task.expected_output
        problems = len(task.diagnostics)
        facts: dict[str, Callable[[int], Task]] = {
            "files": lambda n: replace(task, facts={**task.facts, "files": n}),
            "reported problems": lambda n: replace(task, facts={**task.facts, "diagnostics": n}),
            "expected output tokens": lambda n: replace(task, expected_output=n),
        }
        ranges = {
            "files": (files, range(files + 1, MOST_FILES + 1)),
            "reported problems": (problems, range(problems + 1, MOST_PROBLEMS + 1)),
            "expected output tokens": (output, range(output + 1, MOST_OUTPUT, OUTPUT_STEP)),
        }
        for noun, vary in facts.items():
            current, higher = ranges[noun]
            yield from self._first(now, vary, higher, f"{{n}} {noun} or more")
            step = OUTPUT_STEP if noun.startswith("expected") else 1
            yield from self._first(now, vary, range(current - 1, -1, -step), f"{{n}} {noun} or fewer")

    def _first(
        self, now: tuple[str, ...], vary: Callable[[int], Task], values: Iterable[int], when: str
    ) -> list[Change]:
        """Return the first value at which the ladder is another one."""
        for value in values:
            decision = self.decide(vary(value))
            if _names(decision) != now:
                return [Change(when=when.format(n=value), ladder=_names(decision), reason=decision.reason)]
        return []


def _names(decision: Decision) -> tuple[str, ...]:
    return tuple(rung.tier if rung.role is Role.ANSWER else f"{rung.tier} ({rung.role})" for rung in decision.ladder)


def _stable(prompt: Prompt) -> int:
    """Return about how many tokens of the prompt a vendor is asked to cache."""
    return estimate_tokens(prompt.system + prompt.stable) if isinstance(prompt, Chat) else 0
