"""The house as one server has it: built in the background, built anew when settings change."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tierwise.core.garbage import loading_alone
from tierwise.core.uri import path_in
from tierwise.features.house import Books, Complaint
from tierwise.features.pause import Pause
from tierwise.lsp import Code, RpcError, Session
from tierwise.lsp.session import Level

if TYPE_CHECKING:
    from tierwise.engine import Engine, Observer
    from tierwise.settings.model import Settings
    from tierwise.settings.problems import Problem
    from tierwise.workspace.ignore import Gate
    from tierwise.workspace.usage import Found

    from .building import Building, Plan
    from .workplace import Workplace

log = logging.getLogger(__name__)

SETTINGS_PATIENCE = 4.0
"""Seconds in which an editor that has settings must have told them: a little more than it is asked to take."""


class App:
    """What features need (``features.House``), for one server process."""

    def __init__(self, env: Mapping[str, str] = os.environ) -> None:
        self.pause = Pause()
        self._env = env
        self._observers: list[Observer] = []
        self._building: Building | None = None
        self._workplace: Workplace | None = None
        self._built = asyncio.Event()
        self._lock = asyncio.Lock()

    async def engine(self) -> "Engine":
        """Return the engine; waits while the house is still being built."""
        if self._building is None:
            await self._built.wait()
        if self._building is None:
            raise RpcError(Code.INTERNAL_ERROR, "Tierwise could not start; its log says why.")
        return self._building.engine

    async def settings(self) -> "Settings":
        """Return the settings that the engine was built from; waits as ``engine`` does."""
        await self.engine()
        assert self._building is not None
        return self._building.settings

    def watch(self, observer: "Observer") -> None:
        """Let the observer hear everything that any engine does from now on."""
        self._observers.append(observer)

    async def configure(self, session: Session, editor: Mapping[str, Any]) -> tuple[Complaint, ...]:
        """Take the editor's settings, read the files again, put everything to use; return what was wrong."""
        async with self._lock:
            problems = await self._build(session, editor)
        return tuple(_complaint(problem) for problem in problems)

    async def describe(self, name: str, uri: str, root: str, gate: "Gate | None" = None) -> str:
        """Return what the workspace itself says of a name that stands in a document: Markdown, empty for nothing."""
        await self.engine()
        return await self._workplace.describe(name, uri, root, gate) if self._workplace else ""

    def definitions(self, name: str) -> "Sequence[Found]":
        """Return where the workspace defines a name, as far as it is read; call it in a thread, never on the loop."""
        return self._workplace.usage.definitions(name) if self._workplace is not None else ()

    def touched(self, uri: str) -> None:
        """Take note that a file of the workspace was made, changed, saved or deleted."""
        if self._workplace is not None:
            self._workplace.touched(uri)

    async def books(self) -> Books:
        """Return where money is written down; waits as ``engine`` does."""
        from . import frontier

        await self.engine()
        assert self._building is not None
        building = self._building
        path, settings, stock = building.ledger_path, building.settings, building.stock
        return Books(
            ledger=path,
            budget=building.budget,
            find=stock.find,
            frontier=lambda: frontier.choose(None, path, settings, stock.tiers) if path else None,
        )

    @asynccontextmanager
    async def live(self, session: Session) -> AsyncGenerator[None]:
        """Build the house for a client, and take it down when it leaves."""
        async with self._lock:  # settings that come meanwhile would build a house without the workspace
            await asyncio.to_thread(_import)
            await self._move_in(session)
        await self._first_build(session)
        try:
            yield
        finally:
            if self._workplace is not None:
                await asyncio.to_thread(self._workplace.close)
            if self._building is not None:
                await self._building.close()

    async def _move_in(self, session: Session) -> None:
        """Let the local tier know the workspace; reading it goes on in the background."""
        from .workplace import Workplace

        self._workplace = Workplace(_paths(session))
        self._workplace.follow(session.documents)
        await asyncio.to_thread(self._workplace.open)

    async def _first_build(self, session: Session) -> None:
        """Wait for the editor's settings, where it has any to give, so that no request is answered against them."""
        if session.supports("workspace", "configuration"):
            with suppress(TimeoutError):
                async with asyncio.timeout(SETTINGS_PATIENCE):
                    await self._built.wait()
        async with self._lock:
            if self._building is None:
                await self._build(session, None)

    async def _build(self, session: Session, editor: Mapping[str, Any] | None) -> "tuple[Problem, ...]":
        """Replace the building by one made from the settings as they are now; work in the old one goes on.

        Whatever goes wrong, nobody waits for it for ever.
        """
        try:
            return await self._rebuild(session, editor)
        finally:
            self._built.set()

    async def _rebuild(self, session: Session, editor: Mapping[str, Any] | None) -> "tuple[Problem, ...]":
        options = cast("Mapping[str, Any] | None", session.options)
        plan = await asyncio.to_thread(_plan, options, editor, _paths(session), self._env)
        from tierwise.engine.observer import Chorus

        from .building import build

        previous = self._building
        tell = partial(_warn, session)
        self._building = await build(plan, (Chorus(self._observers),), previous, self._workplace, tell)
        return plan.problems


def _import() -> None:
    """Import what the first build and the first look at the ledger need, while the editor thinks about its settings."""
    with loading_alone():
        for name in (".building", ".frontier"):
            import_module(name, __package__)


def _plan(
    options: Mapping[str, Any] | None, editor: Mapping[str, Any] | None, roots: tuple[Path, ...], env: Mapping[str, str]
) -> "Plan":
    from .building import Plan

    return Plan.load(options=options, editor=editor, roots=roots, env=env)


def _warn(session: Session, sentence: str) -> None:
    session.show_message(f"Tierwise: {sentence}", Level.WARNING)


def _complaint(problem: "Problem") -> Complaint:
    text = f"{problem.message}. {problem.fix}"
    return Complaint(path=problem.path, span=problem.span, message=f"{problem.key}: {text}" if problem.key else text)


def _paths(session: Session) -> tuple[Path, ...]:
    return tuple(Path(path_in(root)) for root in session.roots if root.startswith("file:"))
