"""``tierwise/decisions``, ``report`` and ``dashboard``: the ledger as the commands ``why`` and so on say it."""

import asyncio
import time
from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, Any

from tierwise.lsp import Code, Feature, RpcError, Session

from .house import House

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Books

MOST_DECISIONS, MOST_DAYS = 1000, 3660
"""What one answer holds at most: about 2 kB a decision, ten years of days."""

FORMS = ("html", "csv", "svg")
"""What the dashboard can be had as."""

OFF = "No ledger is kept, so there is nothing to tell: switch it on with tierwise.ledger.enabled."

NAMES = ("decisions", "report", "dashboard")


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    records = Records(house)
    return Feature(
        name="records",
        capabilities=lambda _client: {"experimental": {"tierwise": dict.fromkeys(NAMES, True)}},
        requests={
            "tierwise/decisions": records.decisions,
            "tierwise/report": records.report,
            "tierwise/dashboard": records.dashboard,
        },
    )


class Records:
    """Reads the ledger in a thread."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def decisions(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return the last decisions, the newest first: ``{last}`` (20)."""
        last = _number(params, "last", 20, MOST_DECISIONS)
        return await self._read(lambda _books, path: _decisions(path, last))

    async def report(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return what the last days have cost, today included: ``{days}`` (30)."""
        days = _number(params, "days", 30, MOST_DAYS)
        return await self._read(lambda books, path: _report(books, path, days))

    async def dashboard(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return a page about the last days, today included: ``{days}`` (30), or with ``{form}`` what it is made of:
        its rows (``csv``), or its charts (``svg``).
        """
        days = _number(params, "days", 30, MOST_DAYS)
        form = params.get("form", "html")
        if form not in FORMS:
            raise RpcError(Code.INVALID_PARAMS, f"form is one of {', '.join(FORMS)}")
        return await self._read(lambda books, path: {form: _dashboard(books, path, days, form)})

    async def _read(self, look: "Callable[[Books, Path], dict[str, Any]]") -> dict[str, Any]:
        from tierwise.ledger.file import LedgerError

        books = await self._house.books()
        if books.ledger is None:
            raise RpcError(Code.REQUEST_FAILED, OFF)
        try:
            return await asyncio.to_thread(look, books, books.ledger)
        except LedgerError as error:
            raise RpcError(Code.REQUEST_FAILED, str(error)) from None


def _decisions(path: "Path", last: int) -> dict[str, Any]:
    from tierwise.ledger.history import history
    from tierwise.ledger.plain import plain_entry

    return {"decisions": [plain_entry(entry) for entry in history(path, last=last)]}


def _report(books: "Books", path: "Path", days: int) -> dict[str, Any]:
    from tierwise.findings.precision import plain, tallies
    from tierwise.ledger.days import first_of
    from tierwise.ledger.plain import SCHEMA, plain_report
    from tierwise.ledger.report import report

    made = report(path, since=first_of(days, time.time()), frontier=books.frontier())
    return {"schema": SCHEMA, "ledger": str(path), **plain_report(made), "findings": plain(tallies())}


def _dashboard(books: "Books", path: "Path", days: int, form: str) -> str:
    from tierwise.dashboard import page, picture, sheet
    from tierwise.ledger.overview import overview

    seen = overview(path, days=days, now=time.time(), frontier=books.frontier())
    if form == "svg":
        return picture(seen)
    if form == "csv":
        rows = StringIO()
        sheet(seen, rows)
        return rows.getvalue()
    return page(seen, books.budget.limits, path)


def _number(params: dict[str, Any], name: str, usual: int, most: int) -> int:
    """Return a whole number from 1 on that a request may leave out; raises ``RpcError``."""
    value = params.get(name)
    if value is None:
        return usual
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise RpcError(Code.INVALID_PARAMS, f"{name} is a whole number from 1 to {most}")
    return value
