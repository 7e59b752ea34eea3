"""What came of a task: the one noun that crosses the edge on its way out, and what the user made of it."""

from dataclasses import dataclass
from enum import StrEnum

from .decision import Decision, Role
from .edit import Candidate
from .model import Model
from .reply import Failure, Reply, Usage
from .task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is wrong in a candidate: a file, and the line (from 0) in its new text where one can be named."""

    uri: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one check says of a candidate: ``score`` in [0, 1], ``reason`` as evidence; a hard check's failure vetoes.

    ``skipped`` says that the check could not judge, and ``reason`` why; it then counts for nothing. ``places`` are
    where a failed check found what is wrong, empty where it cannot tell. ``cost`` is in dollars, ``seconds`` is what it
    took.
    """

    check: str
    passed: bool
    score: float
    reason: str = ""
    hard: bool = True
    cost: float = 0.0
    seconds: float = 0.0
    skipped: bool = False
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call to one model, whatever came of it.

    ``started`` is seconds since the epoch; ``first_token`` and ``seconds`` count from there. ``usage`` is what was paid
    for, also where there is no reply. ``accepted`` says that the user was given this candidate.
    """

    role: Role
    tier: str
    model: Model
    started: float
    first_token: float | None
    seconds: float
    usage: Usage
    reply: Reply | None = None
    failure: Failure | None = None
    candidate: Candidate | None = None
    verdicts: tuple[Verdict, ...] = ()
    accepted: bool = False

    @property
    def cost(self) -> float | None:
        """Dollars paid, or None where the model's price is unknown and tokens were used."""
        if self.model.price is None:
            return 0.0 if self.usage.total == 0 else None
        return self.model.price.of(self.usage)

    @property
    def quality(self) -> float:
        """The verdicts' mean score in [0, 1], 0 where a hard check failed or there is no candidate.

        What a check passes outright says little of how good an answer is, so where checks gave marks (a score between
        nothing and all), or a soft one failed, only these count.
        """
        if self.candidate is None or any(verdict.hard and not verdict.passed for verdict in self.verdicts):
            return 0.0
        marks = [verdict.score for verdict in self.verdicts if not verdict.skipped and verdict.score < 1.0]
        return sum(marks) / len(marks) if marks else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A task, its decision and every attempt; all else is derived."""

    task: Task
    decision: Decision
    attempts: tuple[Attempt, ...]

    @property
    def answer(self) -> Attempt | None:
        """The attempt whose candidate the user was given."""
        return next((attempt for attempt in reversed(self.attempts) if attempt.accepted), None)

    @property
    def candidate(self) -> Candidate | None:
        """What the user was given."""
        return self.answer.candidate if self.answer else None

    @property
    def doubt(self) -> str:
        """Why the answer given is below what its rung asked for, as the checks say; empty where it is not."""
        answer = self.answer
        if answer is None:
            return ""
        wanted = max((rung.accept_at for rung in self.decision.ladder if rung.tier == answer.tier), default=0.0)
        if answer.quality >= wanted:
            return ""
        reasons = [verdict.reason for verdict in answer.verdicts if verdict.score < 1.0 and not verdict.skipped]
        return (
            "; ".join(reason for reason in reasons if reason) or f"quality {answer.quality:.2f}, {wanted:g} was wanted"
        )

    @property
    def failure(self) -> Failure | None:
        """The last failure, where nothing was given."""
        if self.answer:
            return None
        return next((attempt.failure for attempt in reversed(self.attempts) if attempt.failure), None)

    @property
    def cost(self) -> float | None:
        """Dollars of all attempts and checks, None where any of them is unknown."""
        total = 0.0
        for attempt in self.attempts:
            if attempt.cost is None:
                return None
            total += attempt.cost + sum(verdict.cost for verdict in attempt.verdicts)
        return total


class Signal(StrEnum):
    """What the user did with an answer."""

    SHOWN = "shown"
    ACCEPTED = "accepted"
    PARTIAL = "partial"
    REJECTED = "rejected"
    RETAINED = "retained"
    REVERTED = "reverted"
    TESTS = "tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A signal about a task's answer; ``value`` in [0, 1] (the share kept), ``at`` seconds since the epoch."""

    task_id: str
    signal: Signal
    value: float
    at: float
