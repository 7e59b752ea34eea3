"""``tierwise/status``: who is at work, what today has cost, and what is wrong."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from tierwise.core.decision import Decision
from tierwise.core.model import Model
from tierwise.core.outcome import Attempt, Outcome
from tierwise.core.reply import Failure, FailureKind, Reach
from tierwise.core.task import Task
from tierwise.lsp import Feature, Session
from tierwise.lsp.session import Level

from .house import House

NETWORK, LOCAL = "network", "local"

STATUS_CHANGED = "$/tierwise/status"
"""What other features hear when the status changes; it never leaves the server."""

QUIET = 3600.0
"""Seconds before the same problem is told again: once an hour, never once a keystroke."""

_NOT_A_PROBLEM = {FailureKind.CANCELLED, FailureKind.DECLINED, FailureKind.SILENT}


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    status = Status(house)
    return Feature(
        name="status",
        capabilities=lambda _client: {"experimental": {"tierwise": {"status": True}}},
        requests={"tierwise/status": status.answer},
        notifications={"initialized": status.begin},
    )


@dataclass(slots=True)
class Status:
    """Follows the engine and tells the client; changes within one turn of the loop are told once."""

    house: House
    session: Session | None = None
    busy: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    last: tuple[str, str] = ("", "")
    today: str = ""
    spent: float = 0.0
    unpriced: int = 0
    problems: dict[str, str] = field(default_factory=dict[str, str])
    told: dict[str, float] = field(default_factory=dict[str, float])
    waiting: bool = False
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return the status now."""
        await self.started.wait()
        return self._payload()

    def begin(self, session: Session, params: dict[str, Any]) -> None:
        """Start to follow the engine for this client."""
        self.session = session
        self.house.watch(self)
        session.spawn(self._start())

    async def _start(self) -> None:
        engine = await self.house.engine()
        self.spent += await self.house.spent_today()
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
        """Count the cost; a new day starts from nothing."""
        self.busy.pop(outcome.task.id, None)
        today = time.strftime("%Y-%m-%d")
        if today != self.today:
            self.spent = 0.0 if self.today else self.spent
            self.today = today
        for attempt in outcome.attempts:
            if attempt.cost is None:
                self.unpriced += 1
            self.spent += attempt.cost or 0.0
        self._changed()

    def _warn(self, name: str, failure: Failure) -> None:
        key, now = f"{name}:{failure.kind}", time.monotonic()
        if self.session is not None and now - self.told.get(key, -QUIET) >= QUIET:
            self.told[key] = now
            self.session.show_message(f"Tierwise: {failure.message}", Level.WARNING)

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

    def _payload(self) -> dict[str, Any]:
        tier, model = next(reversed(self.busy.values())) if self.busy else self.last
        return {
            "busy": bool(self.busy),
            "kind": "warning" if self.problems else "normal",
            "tier": tier,
            "model": model,
            "costToday": round(self.spent, 9),
            "unpricedCalls": self.unpriced,
            "problems": list(self.problems.values()),
        }
