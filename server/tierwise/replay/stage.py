"""What stands in for the world in a replay: a provider that answers as recorded, a verifier that errs at known rates.

The policy learns of a model's result only by asking it, and then only its cost and what the verifier says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from random import Random

from tierwise.checks import Trial
from tierwise.core.exchange import Exchange
from tierwise.core.model import Model, Price, Tier
from tierwise.core.outcome import Verdict
from tierwise.core.prompt import Chat
from tierwise.core.reply import Usage
from tierwise.core.task import Task, TaskKind

from .outcomes import Outcomes, Recorded

PROVIDER = "recorded"

GRAIN = 1e-9
"""Dollars per token of a recorded model: fine enough that a recorded cost comes back exactly."""

PRICE = Price(input=0.0, output=GRAIN * 1e6, cache_read=0.0, cache_write=0.0, as_of="recorded")

KIND = TaskKind(
    name="recorded",
    title="Replay a recorded task",
    belongs="frontier",
    form="text",
    template="\n===\n{{instruction}}",
    output=0,
    max_output=1,
    deadline=0.0,
    checks=("verifier",),
    interactive=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How often the verifier accepts a wrong answer and rejects a right one."""

    false_accept: float
    false_reject: float


class Draws:
    """Which answers are right and which pass, drawn once for a seed from task and model alone: every policy meets the
    same luck. A share of solved tries counts as the chance that this try is right.
    """

    def __init__(self, outcomes: Outcomes, pool: Sequence[str], noise: Noise, seed: int) -> None:
        self.right: dict[tuple[str, str], bool] = {}
        self.passed: dict[tuple[str, str], bool] = {}
        for recorded in outcomes.tasks:
            for model in pool:
                luck = Random(_number(f"{seed}|{recorded.task}|{model}"))
                right = luck.random() < recorded.results[model].solved
                rate = 1.0 - noise.false_reject if right else noise.false_accept
                self.right[recorded.task, model] = right
                self.passed[recorded.task, model] = luck.random() < rate


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


class Recording:
    """A provider whose answers cost what they cost when they were recorded; the answer's text is the model's name."""

    def __init__(self, tasks: Mapping[str, Recorded]) -> None:
        self._tasks = tasks

    async def ask(self, exchange: Exchange) -> None:
        """Answer as recorded."""
        assert isinstance(exchange.prompt, Chat)
        result = self._tasks[exchange.prompt.messages[0].text].results[exchange.model.name]
        exchange.sent = True
        exchange.usage = Usage(output=round(result.cost / GRAIN))
        exchange.say(exchange.model.name)

    async def warm(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""


class Verifier:
    """A check that says what was drawn for the task and the model that answered."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws

    async def check(self, trial: Trial) -> Verdict:
        """Return the drawn verdict. It is no veto: an answer that was rejected in error may still be the best."""
        passed = self._draws.passed[trial.task.id, trial.candidate.text]
        return Verdict(check="verifier", passed=passed, score=1.0 if passed else 0.5, hard=False)


def tiers(pool: Sequence[str], shuffle: Random | None = None) -> dict[str, Tier]:
    """Return each model of the pool as a tier; shuffled, their names and order mean nothing."""
    order, names = list(pool), list(pool)
    if shuffle is not None:
        shuffle.shuffle(order)
        names = [f"tier {number}" for number in shuffle.sample(range(1, 100), len(order))]
    return {
        name: Tier(name=name, models=(Model(name=model, provider=PROVIDER, price=PRICE),))
        for name, model in zip(names, order, strict=True)
    }


def task_of(recorded: Recorded) -> Task:
    """Return a recorded task as the engine's."""
    return Task(id=recorded.task, kind=KIND.name, feature="replay", instruction=recorded.task, facts=recorded.facts)
