"""The budget follows what other editors spend, as long as something may be spent here."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from ledger.outcomes import accepted, outcome
from tierwise.app.money import Accounting
from tierwise.core.reply import Usage
from tierwise.engine.budget import Budget, Limits
from tierwise.engine.spending import Spending
from tierwise.ledger.file import connect
from tierwise.ledger.rows import record_of, write_record
from tierwise.ledger.spent import DAY

PATIENCE = 15.0
ASKED = outcome(accepted(usage=Usage(input=1_000_000)))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger into which another editor has written."""
    path = tmp_path / "ledger.sqlite3"
    with closing(connect(path)) as connection:
        write_record(record_of(ASKED), connection)
    return path


def purse(**scopes: float) -> Budget:
    return Budget(Limits(by_scope={(name, ""): limit for name, limit in scopes.items()}), {}, Spending())


async def test_whoever_is_about_to_spend_hears_what_others_have_spent(ledger: Path) -> None:
    budget = purse(day=5.0)
    accounting = Accounting(budget, ledger)
    accounting.decided(ASKED.task, ASKED.decision)
    async with asyncio.timeout(PATIENCE):
        while budget.spending.of(DAY) == 0.0:  # noqa: ASYNC110 - a thread reads it
            await asyncio.sleep(0.01)
    assert budget.spending.of(DAY) == 1.0
    accounting.stop()


async def test_nobody_looks_where_nothing_is_limited_or_recorded(ledger: Path) -> None:
    before = asyncio.all_tasks()
    for accounting in (Accounting(purse(), ledger), Accounting(purse(day=5.0), None)):
        accounting.decided(ASKED.task, ASKED.decision)
        accounting.stop()
    assert asyncio.all_tasks() == before
