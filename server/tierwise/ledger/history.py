"""The last decisions, each with its reason, what its policy saw, and every attempt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection, Row
from typing import Any

from tierwise.core.model import Price
from tierwise.core.outcome import Feedback, Signal, Verdict
from tierwise.core.reply import Usage
from tierwise.core.task import Fact

from .columns import price_of, usage_of
from .file import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rung of the ladder as it was decided; ``models`` only where they were pinned or put in order."""

    tier: str
    role: str
    accept_at: float
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One attempt; the fields are those of ``core.outcome.Attempt``, ``result`` says what became of it.

    ``cost`` is in dollars without the checks', None where the price is unknown; ``called`` is false where no call was
    needed.
    """

    role: str
    tier: str
    model: str
    resolved: str
    started: float
    first_token: float | None
    seconds: float
    usage: Usage
    price: Price | None
    cost: float | None
    checks_cost: float
    result: str
    called: bool
    finish: str | None
    failure: str | None
    message: str | None
    status: int | None
    quality: float
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request: what was decided, what came of it, what the user did with it; ``at`` is seconds since the epoch."""

    task: str
    at: float
    feature: str
    kind: str
    language: str
    workspace: str
    policy: str
    reason: str
    confidence: float
    ladder: tuple[Step, ...]
    signals: Mapping[str, Fact]
    answered: bool
    waited: float | None
    attempts: tuple[Tried, ...]
    feedback: tuple[Feedback, ...]

    @property
    def cost(self) -> float | None:
        """Dollars of all attempts and checks, None where any of them is unknown."""
        total = 0.0
        for attempt in self.attempts:
            if attempt.cost is None:
                return None
            total += attempt.cost + attempt.checks_cost
        return total


def history(path: Path, *, last: int = 10, feature: str | None = None) -> tuple[Entry, ...]:
    """Return the last decisions, the newest first; a file that is not there has none. Raises ``LedgerError``."""
    with reading(path) as connection:
        rows = connection.execute(
            "SELECT * FROM requests WHERE :feature IS NULL OR feature = :feature ORDER BY at DESC, id DESC LIMIT :last",
            {"feature": feature, "last": last},
        ).fetchall()
        return tuple(_entry(row, connection) for row in rows)


def _entry(row: Row, connection: Connection) -> Entry:
    attempts = connection.execute("SELECT * FROM attempts WHERE request = ? ORDER BY number", (row["id"],))
    feedback = connection.execute("SELECT * FROM feedback WHERE task = ? ORDER BY at, id", (row["task"],))
    return Entry(
        task=row["task"],
        at=row["at"],
        feature=row["feature"],
        kind=row["kind"],
        language=row["language"],
        workspace=row["workspace"],
        policy=row["policy"],
        reason=row["reason"],
        confidence=row["confidence"],
        ladder=tuple(_step(rung) for rung in json.loads(row["ladder"])),
        signals=json.loads(row["signals"]),
        answered=bool(row["answered"]),
        waited=row["waited"],
        attempts=tuple(_tried(attempt) for attempt in attempts),
        feedback=tuple(
            Feedback(task_id=note["task"], signal=Signal(note["signal"]), value=note["value"], at=note["at"])
            for note in feedback
        ),
    )


def _step(rung: dict[str, Any]) -> Step:
    return Step(tier=rung["tier"], role=rung["role"], accept_at=rung["accept_at"], models=tuple(rung["models"]))


def _tried(row: Row) -> Tried:
    return Tried(
        role=row["role"],
        tier=row["tier"],
        model=f"{row['provider']}/{row['model']}",
        resolved=row["resolved"],
        started=row["started"],
        first_token=row["first_token"],
        seconds=row["seconds"],
        usage=usage_of(row, estimated=bool(row["estimated"])),
        price=price_of(row),
        cost=row["cost"],
        checks_cost=row["checks_cost"],
        result=row["result"],
        called=bool(row["called"]),
        finish=row["finish"],
        failure=row["failure"],
        message=row["message"],
        status=row["status"],
        quality=row["quality"],
        verdicts=tuple(Verdict(**verdict) for verdict in json.loads(row["verdicts"])),
    )
