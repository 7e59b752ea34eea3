"""What a storm came to."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from chaos.editor import FEATURES, Editor
from chaos.storm import DEAD, Weather, fallbacks
from tierwise.rehearsal.request import Request

Value = TypeVar("Value")

FELL = 0.05
"""Seconds from a failure to the next vendor's reading of the request, beside what a busy machine adds."""
SETTLED = 1.5
"""Seconds after which everybody knows of a failure that several requests met together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Times are in seconds and sorted; ``prints`` are memory in MB and open files after each part of the work."""

    editor: Editor
    weather: Weather
    requests: Sequence[Request]
    prints: Sequence[tuple[float, int]]
    not_found: Counter[str]
    wasted: Counter[str]

    @property
    def waited(self) -> list[tuple[float, str]]:
        """How long each request took, with its feature."""
        return sorted(self.editor.waited)

    @property
    def fell(self) -> list[float]:
        """From a failure to the next vendor's reading of the request."""
        return fallbacks(self.weather, self.requests)

    @property
    def pings(self) -> list[float]:
        """What a question took that no model answers."""
        return sorted(self.editor.pings)

    def told(self) -> str:
        """Return all figures in words."""
        editor, waited, fell, pings = self.editor, self.waited, self.fell, self.pings
        memory, files = (" > ".join(f"{value:.0f}" for value in values) for values in zip(*self.prints, strict=True))
        return (
            f"\nrequests {len(waited)} of {len(FEATURES)} features, calls {len(self.requests)}, faults "
            f"{self.weather.faults.total()} of {len(self.weather.faults)} kinds, vendor killed "
            f"{self.weather.mortal.kills} times, names not found {self.not_found.total()} of {len(self.not_found)} "
            f"vendors, answered {editor.shown.total()}, empty {editor.empty.total()} {dict(editor.empty)}, errors "
            f"{dict(editor.client.codes)}\np50 {_share(waited, 0.5)[0]:.3f} s, p99 {_share(waited, 0.99)[0]:.2f} s, "
            f"longest {waited[-1][0]:.2f} s ({waited[-1][1]}), a question that no model answers p50 "
            f"{_share(pings, 0.5):.3f} s, longest {pings[-1]:.2f} s\nfrom a failure to the next vendor p50 "
            f"{_share(fell, 0.5) * 1e3:.1f} ms, p99 {_share(fell, 0.99) * 1e3:.1f} ms, "
            f"{sum(one <= FELL for one in fell)} of {len(fell)} within {FELL * 1e3:.0f} ms\nmemory {memory} MB, files "
            f"and sockets {files}, calls in a minute to vendors known to be dead {dict(self.wasted)}"
        )


def wasted(ledger: Path) -> Counter[str]:
    """Return how many calls each vendor that cannot be reached was sent within a minute, once that was known."""
    with closing(sqlite3.connect(ledger)) as connection:
        rows = connection.execute("SELECT provider, started FROM attempts ORDER BY started").fetchall()
    most: Counter[str] = Counter()
    for name in DEAD:
        times = [started for provider, started in rows if provider == name]
        assert times, f"nobody asked {name}"
        later = [time for time in times if time > times[0] + SETTLED]
        most[name] = max((sum(0 <= time - first < 60 for time in later) for first in later), default=0)
    return most


def _share(values: Sequence[Value], share: float) -> Value:
    return values[int(len(values) * share)]
