"""The whole page."""

from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path

from tierwise.engine.budget import Limits
from tierwise.ledger.days import day_of
from tierwise.ledger.figures import DASH, dollars, plural, seconds, share
from tierwise.ledger.overview import Overview

from . import choices, sections
from .markup import words

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
        f'<meta name="color-scheme" content="light dark"><title>Tierwise: {escape(_span(overview))}</title>'
        f"<style>{_style()}</style></head><body>"
        f"<header><h1>Tierwise</h1><p>{escape(_span(overview))}, up to {_moment(overview.now)}</p></header>"
        f"<main>{body}</main><footer><p>From the ledger <code>{escape(str(ledger))}</code>. Estimates say so; a price "
        "nobody told is unknown, never zero.</p></footer></body></html>\n"
    )


@cache
def _style() -> str:
    return (files(__name__.rpartition(".")[0]) / "style.css").read_text("utf-8")


def _span(overview: Overview) -> str:
    return "Today" if overview.days == 1 else f"The last {overview.days:,} days"


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")


def _tiles(overview: Overview) -> str:
    """Return the figures that most want to know first."""
    total, compared = overview.report.total, overview.report.counterfactual
    saved = f"{share(compared.saved, compared.cost)} of all at {compared.model}" if compared else "no model to compare"
    unknown = f" and {plural(total.unpriced, 'call')} of unknown price" if total.unpriced else ""
    waited = total.waited
    tiles = (
        ("Paid", dollars(total.cost), f"for {plural(total.calls, 'call')}{unknown}"),
        ("Saved (estimate)", dollars(compared.saved) if compared else DASH, saved),
        ("Requests", f"{total.requests:,}", f"{total.answered:,} answered, {total.free:,} without a call"),
        ("Accepted", share(total.accepted, total.shown), f"of {plural(total.shown, 'answer')} shown"),
        ("Waited", seconds(waited.p50 if waited else None), f"p90 {seconds(waited.p90 if waited else None)}"),
        ("Wasted", dollars(total.waste.total), f"{share(total.waste.total, total.cost)} of the cost"),
    )
    inner = "".join(
        f'<div><dt>{escape(name)}</dt><dd>{escape(figure)}</dd><dd class="note">{escape(note)}</dd></div>'
        for name, figure, note in tiles
    )
    return f'<dl class="tiles">{inner}</dl>'


def _empty(overview: Overview, limits: Limits, ledger: Path) -> str:
    """Return what to do where there is nothing to show."""
    if overview.entries:
        text = (
            f"Nothing was asked in this time ({_span(overview).lower()}). "
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
