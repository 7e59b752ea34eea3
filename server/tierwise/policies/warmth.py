"""What vendors' caches change about a ladder that was laid without them: by rules, by a pin, by the cascade.

Two things, and both only where a vendor still holds the beginning of the prompt and more than a little is spared. Among
the models of one tier, which are all good enough, the one that reads it from its cache goes first; so the next requests
stay with the model that stood in for another, as long as moving back would cost more. And a rung is left out where a
dearer one's warm cache makes it the cheaper call: the better answer costs less then.
"""

from collections.abc import Callable, Mapping, Sequence

from tierwise.core.decision import Decision, Role, Rung
from tierwise.core.model import MILLION, Model, Tier
from tierwise.core.money import dollars
from tierwise.core.prompt import CHARACTERS_PER_TOKEN
from tierwise.core.task import Task, TaskKind

from .caches import Caches

LINE, MOST = 10, 6_700
"""Tokens of a line of the document, and of it as a whole at most, about. They count beside what is held, although some
vendors hold the document, too: a dear model's cache is rather taken for too small.
"""

LEAST, LITTLE = 0.001, 0.1
"""Dollars, and the share of a call's price, that a warm cache must spare before it changes anything: for little, nobody
is asked out of turn.
"""

Bar = Callable[[Model, str], str]
"""Says why a model of a tier cannot be asked now, or nothing."""


_Step = tuple[Rung, Sequence[Model], Sequence[int]]
"""A rung, its models, and how many of the prompt's tokens the vendor of each has in its cache."""


def weighed(
    decision: Decision,
    task: Task,
    kind: TaskKind,
    tiers: Mapping[str, Tier],
    caches: Caches,
    bar: Bar | None,
) -> Decision:
    """Return the decision as caches would have it, with a sentence for each change; most often it is the same.

    A rung is left out only for a model that ``bar`` has nothing against, and none where it is None: a policy that has
    weighed the caches itself has laid the ladder as it wants it. What is written at the cursor stays as it is: its
    prompts are short, and their beginnings not known yet.
    """
    if caches.empty or kind.form == "insertion":
        return decision
    steps: list[_Step] = []
    most = 0
    for rung in decision.ladder:
        models = rung.models or tiers[rung.tier].models
        held = [caches.held(model, task, kind) for model in models]
        most = max(most, *held) if held else most
        steps.append((rung, models, held))
    if not most:
        return decision
    weighing = _Weighing(task, kind, most)
    steps = [weighing.ordered(step) if len(step[2]) > 1 and any(step[2]) else step for step in steps]
    ladder = [step[0] for step in steps] if bar is None else weighing.shortened(steps, bar)
    if not weighing.told:
        return decision
    return Decision(
        policy=decision.policy,
        ladder=tuple(ladder),
        reason=" ".join((decision.reason, *weighing.told)),
        confidence=decision.confidence,
        signals=decision.signals,
        keep=decision.keep,
    )


def _spares(cost: float, usual: float) -> bool:
    """Whether more than a little is spared."""
    spared = usual - cost
    return spared >= LEAST and spared >= LITTLE * usual


class _Weighing:
    """What a call of about so many tokens costs each model; ``told`` are the sentences about what that has changed."""

    __slots__ = ("_named", "_output", "_read", "told")

    def __init__(self, task: Task, kind: TaskKind, most: int) -> None:
        lines = task.document.text.line_count if task.document else 0
        told = len(task.instruction) + (sum(map(len, task.material.values())) if task.material else 0)
        self._read = most + min(MOST, LINE * lines) + int(told / CHARACTERS_PER_TOKEN)
        self._output = kind.output if task.expected_output is None else task.expected_output
        self.told: list[str] = []
        self._named: Model | None = None

    def ordered(self, step: _Step) -> _Step:
        """Return the step with the model first whose cache makes it cheaper than the first one."""
        rung, models, held = step
        usual = self._cost(models[0], held[0])
        warm = [(cost, at) for at, had in enumerate(held) if had and (cost := self._cost(models[at], had)) is not None]
        cost, at = min(warm, default=(usual, 0))
        if usual is None or cost is None or not _spares(cost, usual):
            return step
        self._tell(models[at], held[at], f"it goes before {models[0].ref}", cost, usual)
        first = (models[at], *models[:at], *models[at + 1 :])
        held = (held[at], *held[:at], *held[at + 1 :])
        return Rung(tier=rung.tier, role=rung.role, accept_at=rung.accept_at, models=first), first, held

    def shortened(self, steps: Sequence[_Step], bar: Bar) -> list[Rung]:
        """Return the ladder without the rungs that cost more than a warm one further up."""
        kept: list[Rung] = []
        warm: tuple[float, Model, int, str] | None = None
        for rung, models, held in reversed(steps):
            cost = self._cost(models[0], held[0]) if models and rung.role is Role.ANSWER else None
            if warm and cost is not None and _spares(warm[0], cost) and not bar(warm[1], warm[3]):
                self._tell(warm[1], warm[2], f"{rung.tier} is left out", warm[0], cost)
                continue
            if cost is not None and held[0]:
                warm = cost, models[0], held[0], rung.tier
            kept.append(rung)
        return kept[::-1]

    def _tell(self, model: Model, held: int, change: str, cost: float, instead: float) -> None:
        price = f"{change}: {dollars(cost, 4)} instead of {dollars(instead, 4)}."
        told = model is self._named
        self.told.append(f"So {price}" if told else f"{model.ref} has {held:,} tokens of this in its cache, so {price}")
        self._named = model

    def _cost(self, model: Model, held: int) -> float | None:
        """Return the dollars of a call; what a cold cache asks for being written is not held against it."""
        if model.price is None:
            return None
        rate = model.price if model.price.beyond is None else model.price.at(self._read)
        return ((self._read - held) * rate.input + held * rate.cache_read + self._output * rate.output) / MILLION
