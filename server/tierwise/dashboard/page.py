"""The whole page."""

from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path

from tierwise.engine.budget import Limits
from tierwise.ledger.days import day_of
from tierwise.ledger.overview import Overview

from . import choices, sections
from .markup import words
from .tiles import moment, period, tiles

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Of content: nothing is fetched, nothing runs."""


def page(overview: Overview, limits: Limits, ledger: Path) -> str:
    """Return a complete HTML document; where nothing is recorded, it says what to do."""
    parts = [
        sections.money(overview),
        sections.shares(overview),
        sections.waits(overview),
        sections.waste(overview),
        choices.climbs(overview),
        choices.budget(overview, limits),
        choices.decisions(overview),
    ]
    body = _tiles(overview) + "".join(parts) if overview.report.total.requests else _empty(overview, limits, ledger)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="color-scheme" content="light dark"><title>Tierwise: {escape(period(overview))}</title>'
        f"<style>{_style()}</style></head><body>"
        f"<header><h1>Tierwise</h1><p>{escape(period(overview))}, up to {moment(overview.now)}</p></header>"
        f"<main>{body}</main><footer><p>From the ledger <code>{escape(str(ledger))}</code>. Estimates say so; a price "
        "nobody told is unknown, never zero.</p></footer></body></html>\n"
    )


@cache
def _style() -> str:
    return (files(__name__.rpartition(".")[0]) / "style.css").read_text("utf-8")


def _tiles(overview: Overview) -> str:
    inner = "".join(
        f"<div><dt>{escape(tile.name)}</dt><dd>{escape(tile.figure)}</dd>"
        f'<dd class="note">{escape(tile.note)}</dd></div>'
        for tile in tiles(overview)
    )
    return f'<dl class="tiles">{inner}</dl>'


def _empty(overview: Overview, limits: Limits, ledger: Path) -> str:
    """Return what to do where there is nothing to show."""
    if overview.entries:
        text = (
            f"Nothing was asked in this time ({period(overview).lower()}). "
            f"tierwise dashboard --days {_back(overview)} shows what was asked before."
        )
        return words(text) + choices.budget(overview, limits) + choices.decisions(overview)
    return words(f"Nothing is recorded yet in {ledger}.") + (
        "<ol><li>Connect your editor: let it start <code>tierwise lsp</code>. Completions, hovers and fixes fill the "
        "ledger.</li><li>Or watch a rehearsed session, without any key: <code>tierwise demo</code>.</li>"
        "<li><code>tierwise doctor</code> says whether models are configured.</li></ol>"
    )


def _back(overview: Overview) -> int:
    """Return how many days show the last decision."""
    return (day_of(overview.now) - day_of(overview.entries[0].at)).days + 1
