"""What the status says of a day, on the test's own clock: counted once, begun anew at midnight, told when idle."""

import asyncio
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from features.suggestions.stage import Stage
from ledger.outcomes import OPUS, UNPRICED, accepted, outcome
from rawclient import PATIENCE
from tierwise.core.reply import Usage
from tierwise.engine.budget import Budget, Limits
from tierwise.engine.observer import Observer
from tierwise.engine.spending import Spending
from tierwise.features import status as module
from tierwise.features.bill import Bill
from tierwise.features.house import Books
from tierwise.features.status import Status
from tierwise.ledger.file import connect
from tierwise.ledger.rows import record_of, write_record
from tierwise.ledger.spent import DAY, MONTH
from tierwise.lsp.rpc import Peer
from tierwise.lsp.session import Session

MILLION = Usage(input=1_000_000)
LATE = datetime(2026, 11, 28, 23, 50).astimezone()
NEARLY = datetime(2026, 11, 28, 23, 59, 59, 990_000).astimezone()


@dataclass
class Place(Stage):
    """A house with a ledger; ``now`` is what its clock says."""

    ledger: Path | None = None
    now: datetime = LATE
    observers: list[Observer] = field(default_factory=list[Observer])

    def time(self) -> float:
        return self.now.timestamp()

    def watch(self, observer: Observer) -> None:
        self.observers.append(observer)

    async def books(self) -> Books:
        limits = Limits(by_scope={DAY: 5.0, MONTH: 9.0})
        budget = Budget(limits, {}, Spending(clock=self.time))
        return Books(ledger=self.ledger, budget=budget, find=lambda _ref: None, frontier=lambda: OPUS)

    def write(self, *outcomes: Any) -> None:
        assert self.ledger is not None
        with closing(connect(self.ledger)) as connection:
            for each in outcomes:
                write_record(record_of(each), connection)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - what is waited for is a timer of the server's own
            await asyncio.sleep(0.01)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(ledger=tmp_path / "ledger.sqlite3")


async def test_what_ended_before_the_ledger_was_read_is_counted_once(place: Place) -> None:
    bill = Bill(place, place.time)
    early = outcome(accepted(usage=MILLION, started=place.time()))
    place.write(early)
    bill.finished(early)
    await bill.open()
    assert bill.told()["costToday"] == 1.0
    bill.finished(outcome(accepted(usage=MILLION)))
    assert bill.told()["costToday"] == 2.0


async def test_what_ends_while_the_ledger_is_read_is_counted_once(place: Place) -> None:
    bill = Bill(place, place.time)
    meanwhile = [outcome(accepted(usage=MILLION, started=place.time()))]
    frontier = (await place.books()).frontier

    def reading() -> Any:
        if meanwhile:
            place.write(meanwhile[0])
            bill.finished(meanwhile.pop())
        return frontier()

    books = await place.books()
    place.books = lambda: _soon(Books(ledger=books.ledger, budget=books.budget, find=books.find, frontier=reading))
    await bill.open()
    assert bill.told()["costToday"] == 1.0


async def _soon(books: Books) -> Books:
    return books


async def test_other_settings_forget_nothing_where_no_ledger_is_kept() -> None:
    bill = Bill(Place(), LATE.timestamp)
    await bill.open()
    bill.finished(outcome(accepted(usage=MILLION)))
    await bill.open()
    assert bill.told()["costToday"] == 1.0


async def test_an_idle_server_tells_its_client_of_the_new_day(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer may be early: then it waits a little more."""
    monkeypatch.setattr(module, "EARLY", 0.01)
    place.now = NEARLY
    sent: list[dict[str, Any]] = []
    session = Session(Peer(lambda body: sent.append(json.loads(body))), {})
    session.set_initialized()
    place.write(outcome(accepted(usage=MILLION, started=place.time())))
    status = Status(place, Bill(place, place.time))
    status.begin(session, {})
    (observer,) = place.observers
    assert (await status.answer(session, {}))["costToday"] == 1.0
    observer.finished(outcome(accepted(usage=MILLION), accepted(model=UNPRICED)))
    told = await status.answer(session, {})
    assert (told["costToday"], told["unpricedCalls"]) == (2.0, 1)
    place.now += timedelta(minutes=20)
    await until(lambda: bool(sent) and sent[-1]["params"]["costToday"] == 0.0)
    last = sent[-1]["params"]
    assert (last["costToday"], last["unpricedCalls"], last["savedToday"]) == (0.0, 0, 0.0)
    assert last["budget"]["day"] == {"spent": 0.0, "limit": 5.0}
