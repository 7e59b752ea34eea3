"""The ledger as lessons: what its models did, as far as checks and the user told."""

from collections.abc import Sequence
from pathlib import Path

from tierwise.core.decision import Role
from tierwise.core.model import IN_PROCESS
from tierwise.core.outcome import Feedback
from tierwise.ledger.history import Entry, Tried, history
from tierwise.policies.learning.episodes import truth
from tierwise.policies.learning.study import Case, Trial
from tierwise.policies.learning.traits import traits

MOST = 100_000
"""Entries read; more tell nothing that these do not."""

PASSED, REJECTED = 0.9, 0.1
"""Chance that an answer was right that the checks passed or rejected, where nobody told: one in ten verdicts errs."""

ACCEPT_AT = 0.8
"""Quality from which the checks' word is a yes, as in the settings' default."""


def recorded(path: Path) -> tuple[Entry, ...]:
    """Return what the ledger holds, the oldest first; raises ``LedgerError``."""
    return tuple(reversed(history(path, last=MOST)))


def cases(path: Path) -> tuple[Case, ...]:
    """Return the ledger's tasks as cases, the oldest first; raises ``LedgerError``."""
    return cases_of(recorded(path))


def cases_of(entries: Sequence[Entry]) -> tuple[Case, ...]:
    """Return the tasks that taught something, in their order; a shadow run belongs to the task it followed."""
    shadows = {entry.signals.get("beside"): entry.attempts for entry in entries if entry.policy == Role.SHADOW}
    found = (_case(entry, shadows.get(entry.task, ())) for entry in entries if entry.policy != Role.SHADOW)
    return tuple(case for case in found if case.trials)


def _case(entry: Entry, shadow: Sequence[Tried]) -> Case:
    word = told(entry.feedback)
    return Case(
        traits=traits(entry.signals),
        trials=tuple(
            Trial(
                model=attempt.model.partition("/")[2],
                solved=solved(attempt, word),
                cost=_spent(attempt),
                seconds=attempt.seconds,
            )
            for attempt in (*entry.attempts, *shadow)
            if _brought_an_answer(attempt) and not _at_home(attempt)
        ),
    )


def _brought_an_answer(attempt: Tried) -> bool:
    results = {Role.ANSWER: ("accepted", "rejected"), Role.SHADOW: ("used",)}
    return attempt.result in results.get(Role(attempt.role), ())


def _at_home(attempt: Tried) -> bool:
    """Whether the workspace itself answered: only where it was sure, so that this teaches nothing of other tasks."""
    return attempt.model.partition("/")[0] == IN_PROCESS


def _spent(attempt: Tried) -> float | None:
    """Return dollars for the call and its checks, as without any prompt cache: how warm it was teaches nothing."""
    if attempt.cost is None or attempt.price is None:
        return None
    return attempt.price.uncached(attempt.usage) + attempt.checks_cost


def told(feedback: Sequence[Feedback]) -> bool | None:
    """Return the user's last word on the answer that was given."""
    words = [right for note in feedback if (right := truth(note)) is not None]
    return words[-1] if words else None


def solved(attempt: Tried, word: bool | None) -> float:
    """Return the chance that an answer was right, given the user's ``word`` on the task."""
    if attempt.result == "accepted" and word is not None:
        return float(word)
    return PASSED if attempt.quality >= ACCEPT_AT else REJECTED
