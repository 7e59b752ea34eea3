"""The page's rows for a spreadsheet."""

import csv
from typing import TextIO

from tierwise.ledger.overview import Overview

COLUMNS = (
    *("day", "feature", "kind", "tier", "model", "requests", "answered", "free", "calls", "unpriced"),
    *("input", "output", "cache_read", "cache_write", "reasoning"),
    *("cost", "cancelled", "failed", "rejected", "shown", "accepted"),
)
"""Requests stand with the tier and model that answered them; calls, tokens and dollars with those that were called."""


def sheet(overview: Overview, file: TextIO) -> None:
    """Write comma-separated values: a line for each day, feature, kind, tier and model; they add up to the totals."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for key, line in overview.rows:
        usage, waste = line.usage, line.waste
        counts = (line.requests, line.answered, line.free, line.calls, line.unpriced)
        tokens = (usage.input, usage.output, usage.cache_read, usage.cache_write, usage.reasoning)
        money = (line.cost, waste.cancelled, waste.failed, waste.rejected)
        writer.writerow((*key, *counts, *tokens, *(f"{amount:.9f}" for amount in money), line.shown, line.accepted))
