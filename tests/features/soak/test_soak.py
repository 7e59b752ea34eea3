"""Minutes of work at human speed, on a fast clock, with vendors that are slow, wrong and sometimes not there."""

import asyncio
import hashlib
import os
import random
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from desk import TIERS, environment
from features.soak.raw_client import RawClient
from features.soak.writer import Writer
from tierwise.rehearsal import Cue, Line, Rehearsal

SPEED = 10.0
MINUTES = float(os.environ.get("SOAK_MINUTES", "3"))
"""Of work, which pass in a tenth of it. ``SOAK_MINUTES=20 pytest tests/features/soak`` works longer, and as several
people.
"""
SEEDS = (7, 19, 31) if "SOAK_MINUTES" in os.environ else (7,)

CONFIG = TIERS + '\n[features.inline_completion]\ntier = "fast"\n'
LINES = [
    "total = count_items(first, second)",
    "result.append(render(entry))",
    "name = settings.get('name')",
    "for item in collection: process(item)",
    "value = compute(left) + compute(right)",
    "print(format_report(rows))",
]
START = "import module\n\n\n\n# the end of the file, which is nobody's business\n"
FAULTS = ("reset", "cut", "error_event", "status", "hangup")

_HOLE = re.compile(r'<file path="[^"]*" language="python">\n(.*?)<CURSOR>(.*?)\n</file>', re.DOTALL)


class Author:
    """Says for every place what somebody might write there: often what will be typed, sometimes something else.

    ``written`` holds every document it has meant.
    """

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self.written: set[str] = set()

    def __call__(self, cue: Cue) -> Line:
        found = _HOLE.search(cue.prompt)
        assert found is not None, "the prompt shows no hole"
        before, behind = found[1], found[2]
        text = self._text(before, str(cue.body.get("temperature")))
        self.written.add((before + text + behind[_closed(text, behind) :]).rstrip("\n"))
        fault = self._draw.choice(FAULTS) if self._draw.random() < 0.08 else None
        return Line(
            text=text,
            delay=self._draw.uniform(0.1, 0.9) / SPEED,
            pause=self._draw.uniform(0.0, 0.05) / SPEED,
            fault=fault,
            status=self._draw.choice((429, 500, 503)),
        )

    def _text(self, before: str, salt: str) -> str:
        typed = before.rpartition("\n")[2].lstrip()
        number = int.from_bytes(hashlib.blake2b((before + salt).encode(), digest_size=4).digest(), "big")
        going_on = [line[len(typed) :] for line in LINES if line.startswith(typed) and len(line) > len(typed)]
        if going_on and number % 10 < 7:
            return going_on[number % len(going_on)]
        return f"made_up_{number}(argument_{number % 97})"


def _closed(text: str, behind: str) -> int:
    """Return how many brackets of what stands behind a text the text closes itself."""
    return max(0, min(text.count(")") - text.count("("), len(behind) - len(behind.lstrip(")"))))


@pytest.mark.parametrize("seed", SEEDS)
async def test_minutes_of_work(tmp_path: Path, seed: int) -> None:
    """Every request is answered once, no stale text is ever shown, no connection stays open, no token is lost."""
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    author = Author(seed)
    async with Rehearsal(author) as vendors:
        client = await RawClient.start(SPEED, environment(vendors, tmp_path, CONFIG))
        await client.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})[1]
        client.tell("initialized", {})
        writer = Writer(client, random.Random(seed + 4), SPEED, LINES)
        writer.open(START)
        await writer.work(MINUTES * 60)
        async with asyncio.timeout(10):
            await asyncio.gather(*(request.over() for request in vendors.requests))
        await asyncio.sleep(0.2)
        assert await client.stop() == 0
        requests = list(vendors.requests)
    print(
        f"\n{writer.typed} keys, {client.asked} requests, {len(requests)} calls, {len(writer.shown)} shown,"
        f" {writer.accepted} taken, {writer.partly} in part, {client.codes} {Counter(r.ended for r in requests)}"
    )
    assert Counter(client.answers.values()) == {1: client.asked}, "each request is answered exactly once"
    assert set(client.codes) <= {-32800}, "only what was cancelled is answered with an error"
    assert len(writer.shown) > 20
    assert writer.accepted > 5
    # Of a long document the author was shown the end only.
    meant = tuple(author.written)
    stale = [text for text in writer.shown if not text.rstrip("\n").endswith(meant)]
    assert stale == []
    assert all(request.ended for request in requests), "no connection is left open"
    _check_ledger(tmp_path / "data" / "ledger.sqlite3", vendors, writer.accepted)


def _check_ledger(path: Path, vendors: Rehearsal, accepted: int) -> None:
    """What the vendors would bill and told is in the ledger to the token, each call once."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT input, output, cache_read, cache_write, estimated, result FROM attempts"
        ).fetchall()
        taken = connection.execute("SELECT count(*) FROM feedback WHERE signal = 'accepted'").fetchone()[0]
    # Of a call that is given up while its connection opens nobody knows whether the vendor has it: it is booked, as an
    # estimate. One that was given up before has cost nothing.
    sent = [row for row in rows if sum(row[:4]) or row[5] != "cancelled"]
    heard = [row for row in sent if row[1] or not row[4]]
    assert len(heard) <= len(vendors.requests) <= len(sent), "each call is booked once"
    billed = Counter(
        (one.usage.input, one.usage.output, one.usage.cache_read, one.usage.cache_write)
        for one in vendors.requests
        if one.reported or not one.usage.total
    )
    booked = Counter(row[:4] for row in heard if not row[4])
    # A call that was refused, or reset before the first word, is billed at nothing, and nothing is booked.
    assert booked - billed == Counter(), "what is booked as told is what was told"
    # A bill may be on its way when the user goes another way: then our estimate stands in its place.
    cut_off = [row for row in sent if row[4]]
    assert (billed - booked).total() <= len(cut_off), "every bill that was heard is booked to the token"
    assert booked.total() > len(sent) / 4, "the other calls are estimated because nobody heard their bill"
    assert taken == accepted
