"""What the learned policy knows, in one file that every editor adds to and that survives all of them."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from tierwise.policies.caches import Caches
from tierwise.policies.learned import Learned
from tierwise.policies.learning.bundled import bundled
from tierwise.policies.learning.file import PolicyFileError, load, load_others, share
from tierwise.policies.learning.levels import TEAM, TEAM_WEIGHT, Level, lightened
from tierwise.policies.learning.memory import Memory
from tierwise.policies.learning.stance import Stance
from tierwise.settings.model import Settings

log = logging.getLogger(__name__)

NAME = "learned.json"
"""The file, beside the ledger; `tierwise tune --ledger` writes it anew from all that is recorded."""

EVERY = 60.0
"""Seconds between two sharings: what was learned since the last one is lost with a process that is killed."""


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
        """``tell`` is given what is wrong with the team's file; not ``shared``, the process only looks on."""
        self._path, self._shared = path, shared
        self._known: Memory = _read(path)
        stance = Stance(dial=settings.routing.quality, accept_at=settings.routing.accept_at)
        behind = levels(settings.routing.team_policy, tell)
        self.policy = Learned(self._known.copy(), stance, caches=caches, behind=behind)
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Share what was learned now and then, until it is closed."""
        self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            self.policy.refit()
            await asyncio.to_thread(self.share)

    def share(self) -> None:
        """Add what this process has learned to the file; where it cannot be written, keep it for the next time."""
        learned = self.policy.memory.copy()
        if self._path is None or not self._shared or learned.tasks == self._known.tasks:
            return
        try:
            share(self._path, learned, self._known)
        except (OSError, PolicyFileError, TimeoutError) as error:
            log.warning("what was learned is not shared: %s", error)
            return
        self._known = learned

    async def close(self) -> None:
        """Share the last of it."""
        if self._keeping is not None:
            self._keeping.cancel()
        self.policy.refit()
        await asyncio.to_thread(self.share)


def levels(team: str | None, tell: Callable[[str], None]) -> tuple[Level, ...]:
    """Return what stands behind the user's own record, the nearest first; a team's file that cannot be used is left."""
    if team is None:
        return (bundled(),)
    try:
        return Level(name=TEAM, memory=lightened(load_others(Path(team)), TEAM_WEIGHT)), bundled()
    except PolicyFileError as error:
        tell(f"Tierwise routes without the team's policy: {error}.")
        return (bundled(),)


def _read(path: Path | None) -> Memory:
    if path is None or not path.exists():
        return Memory()
    try:
        return load(path)
    except PolicyFileError as error:
        log.warning("routing starts from the rules: %s", error)
        return Memory()
