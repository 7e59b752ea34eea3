"""``tierwise/status``: who is at work, what today has cost, and what is wrong; ``tierwise/pause`` has the rest rest."""

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from tierwise.core.decision import Decision
from tierwise.core.model import Model
from tierwise.core.outcome import Attempt, Outcome
from tierwise.core.reply import Failure, FailureKind, Reach
from tierwise.core.task import Task
from tierwise.lsp import Code, Feature, RpcError, Session
from tierwise.lsp.session import Level

from .bill import Bill
from .house import House

if TYPE_CHECKING:
    from tierwise.settings.model import Settings

NETWORK, LOCAL = "network", "local"

STATUS_CHANGED = "$/tierwise/status"
"""What other features hear when the status changes; it never leaves the server."""

SETTINGS_CHANGED = "$/tierwise/settings"
"""What features hear when other settings are in force; it never leaves the server."""

AFTERWARDS = 0.3
"""Seconds from a failure to its message: editors with one line for everything (Helix, Vim) would show over it how the
request ended.
"""
QUIET = 3600.0
"""Seconds before the same problem is told again: once an hour, never once a keystroke."""

EARLY = 1.0
"""Seconds to wait at least for a midnight that is not quite there: two clocks never agree."""

_NOT_A_PROBLEM = {FailureKind.CANCELLED, FailureKind.DECLINED, FailureKind.SILENT}


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    status = Status(house, Bill(house))
    return Feature(
        name="status",
        capabilities=lambda _client: {"experimental": {"tierwise": {"status": True, "pause": True}}},
        requests={"tierwise/status": status.answer, "tierwise/pause": status.pause},
        notifications={"initialized": status.begin, SETTINGS_CHANGED: status.renewed},
    )


@dataclass(slots=True)
class Status:
    """Follows the engine and tells the client; changes within one turn of the loop are told once."""

    house: House
    bill: Bill
    session: Session | None = None
    settings: "Settings | None" = None
    busy: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    last: tuple[str, str] = ("", "")
    problems: dict[str, str] = field(default_factory=dict[str, str])
    told: dict[str, float] = field(default_factory=dict[str, float])
    waiting: bool = False
    midnight: asyncio.TimerHandle | None = None
    started: asyncio.Event = field(default_factory=asyncio.Event)
    renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return the status now."""
        await self.started.wait()
        return self._payload()

    async def pause(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Have all that the user did not ask for himself rest, or go on, and return the status: ``{paused}``."""
        paused = params.get("paused")
        if not isinstance(paused, bool):
            raise RpcError(Code.INVALID_PARAMS, "say whether to pause: {paused: true} or {paused: false}")
        self.house.pause.set(paused)
        self._changed()
        return await self.answer(session, params)

    def begin(self, session: Session, params: dict[str, Any]) -> None:
        """Start to follow the engine for this client."""
        self.session = session
        self.house.watch(self)
        session.spawn(self._renew())

    def renewed(self, session: Session, params: dict[str, Any]) -> None:
        """Take in that other settings are in force."""
        session.spawn(self._renew())

    async def _renew(self) -> None:
        async with self.renewing:
            engine, self.settings = await self.house.engine(), await self.house.settings()
            await self.bill.open()
        self.problems.pop("models", None)
        if not any(tier.models for name, tier in engine.parts.tiers.items() if name != LOCAL):
            self.problems["models"] = "No model is configured: set a key or start a local server (`tierwise doctor`)."
        self.started.set()
        self._changed()

    def decided(self, task: Task, decision: Decision) -> None:
        """Nothing is seen of a decision before somebody is asked."""

    def asking(self, task: Task, tier: str, model: Model) -> None:
        """Show who is at work."""
        self.busy[task.id] = self.last = (tier, model.ref)
        self._changed()

    def tried(self, task: Task, attempt: Attempt) -> None:
        """Remember what is wrong with a provider, and that it is right again."""
        model, failure = attempt.model, attempt.failure
        if failure is None:
            for name in (NETWORK, model.provider, model.ref):
                self.problems.pop(name, None)
        elif failure.kind not in _NOT_A_PROBLEM:
            name = {Reach.NETWORK: NETWORK, Reach.ENDPOINT: model.provider}.get(failure.reach, model.ref)
            self.problems[name] = failure.message
            self._warn(name, failure)

    def finished(self, outcome: Outcome) -> None:
        """Count the cost."""
        self.busy.pop(outcome.task.id, None)
        self.bill.finished(outcome)
        self._changed()

    def _warn(self, name: str, failure: Failure) -> None:
        key, now = f"{name}:{failure.kind}", time.monotonic()
        if self.session is not None and now - self.told.get(key, -QUIET) >= QUIET:
            self.told[key] = now
            say = partial(self.session.show_message, f"Tierwise: {failure.message}", Level.WARNING)
            asyncio.get_running_loop().call_later(AFTERWARDS, say)

    def _changed(self) -> None:
        if self.session is not None and not self.waiting:
            self.waiting = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self.waiting = False
        if self.session is not None:
            payload = self._payload()
            self.session.notify("tierwise/status", payload)
            self.session.relay.tell(self.session, STATUS_CHANGED, payload)
            self._await_midnight()

    def _await_midnight(self) -> None:
        """An idle client is told of the new day too, where there was anything to tell of the old one.

        A machine that slept tells it late, or with whatever happens next.
        """
        if self.midnight is None and self.bill.is_begun:
            wait = max(EARLY, self.bill.left())
            self.midnight = asyncio.get_running_loop().call_later(wait, self._turned)

    def _turned(self) -> None:
        self.midnight = None
        self._changed()

    def _payload(self) -> dict[str, Any]:
        tier, model = next(reversed(self.busy.values())) if self.busy else self.last
        routing = self.settings.routing if self.settings else None
        return {
            "busy": bool(self.busy),
            "kind": "warning" if self.problems else "normal",
            "tier": tier,
            "model": model,
            "mode": routing.mode if routing else None,
            "quality": routing.quality if routing else None,
            "paused": self.house.pause.on,
            **self.bill.told(),
            "problems": list(self.problems.values()),
        }
