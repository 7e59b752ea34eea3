"""What the learned policy knows, in one file that every editor adds to and that survives all of them."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from tierwise.engine.seldom import Seldom
from tierwise.policies.caches import Caches
from tierwise.policies.learned import Learned
from tierwise.policies.learning.bundled import bundled
from tierwise.policies.learning.file import PolicyFileError, load, load_others, share
from tierwise.policies.learning.levels import TEAM, TEAM_WEIGHT, Level, lightened
from tierwise.policies.learning.memory import Memory
from tierwise.policies.learning.pace import Pace
from tierwise.policies.learning.stance import Stance
from tierwise.settings.budget import BudgetSettings
from tierwise.settings.model import Settings

log = logging.getLogger(__name__)

NAME = "learned.json"
"""The file, beside the ledger; `tierwise tune --ledger` writes it anew from all that is recorded."""

EVERY = 60.0
"""Seconds between two sharings, of which there are none while nothing is learned: what was learned since the last one
is lost with a process that is killed.
"""

TRACE = 1e-6
"""Tasks that are none: what adding and taking away leave of sums."""

WORKDAY, WORKDAYS = 8.0, 22
"""Hours over which a day's limit is to last where `budget.pace` does not say so, and days for a month's."""


class Learning:
    """One process's part in what is learned together."""

    def __init__(
        self,
        path: Path | None,
        settings: Settings,
        tell: Callable[[str], None] = log.warning,
        *,
        caches: Caches | None = None,
        shared: bool = True,
    ) -> None:
        """``tell`` is given what is wrong with the files, which ``problems`` holds as ends of a sentence; not
        ``shared``, the process only looks on.
        """
        self._path, self._shared, self._seen = path, shared, _written(path)
        self.problems: list[str] = []

        def say(sentence: str) -> None:
            self.problems.append(sentence)
            tell(f"Tierwise routes without {sentence}")

        self._known: Memory = _read(path, say)
        routing = settings.routing
        stance = Stance(dial=routing.quality, accept_at=routing.accept_at, patience=routing.wait_cost)
        behind = levels(routing.team_policy, say)
        self._sharing = Seldom(self.exchange, EVERY)
        known = self._known.copy()
        self.policy = Learned(
            known, stance, pace(settings.budget), caches=caches, behind=behind, stirred=self._sharing.stir
        )

    async def exchange(self) -> None:
        """Give what was learned here to the other editors, and take in what they have learned."""
        self.policy.refit()
        news = await asyncio.to_thread(self.share, self.policy.memory.copy())
        if news is not None:
            self.policy.memory.merge(news)

    def share(self, learned: Memory) -> Memory | None:
        """Add what this process has ``learned`` to the file and return what others have added since the last time.

        Where the file cannot be written, it is kept for the next time.
        """
        if self._path is None or not self._shared:
            return None
        mine = abs(learned.tasks - self._known.tasks) > TRACE
        if not mine and _written(self._path) in (0, self._seen):
            return None
        try:
            together = share(self._path, learned, self._known) if mine else load(self._path)
        except (OSError, PolicyFileError, TimeoutError) as error:
            log.warning("what was learned is not shared: %s", error)
            return None
        self._known, self._seen = together, _written(self._path)
        news = together.copy()
        news.merge(learned, -1.0)
        return news

    async def close(self) -> None:
        """Share the last of it."""
        self._sharing.stop()
        await self.exchange()


def pace(budget: BudgetSettings) -> Pace | None:
    """Return the pace that the user's limits allow, the slowest of them; None where he has set none."""
    seconds = (budget.pace or WORKDAY) * 3600
    rates = [budget.day / seconds] if budget.day is not None else []
    rates += [budget.month / (WORKDAYS * seconds)] if budget.month is not None else []
    return Pace(rate=min(rates)) if rates else None


def levels(team: str | None, tell: Callable[[str], None]) -> tuple[Level, ...]:
    """Return what stands behind the user's own record, the nearest first; a team's file that cannot be used is left."""
    if team is None:
        return (bundled(),)
    try:
        return Level(name=TEAM, memory=lightened(load_others(Path(team)), TEAM_WEIGHT)), bundled()
    except PolicyFileError as error:
        tell(f"the team's policy: {error}.")
        return (bundled(),)


def _read(path: Path | None, say: Callable[[str], None]) -> Memory:
    if path is None or not path.exists():
        return Memory()
    try:
        return load(path)
    except PolicyFileError as error:
        say(f"what was learned: {error}. `tierwise tune --ledger --apply` learns it anew from your own requests.")
        return Memory()


def _written(path: Path | None) -> int:
    """Return when the file was written last, in nanoseconds; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns if path is not None else 0
    except OSError:
        return 0
