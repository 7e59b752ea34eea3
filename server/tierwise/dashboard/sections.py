"""The parts of the page about money and waiting; each shows the same numbers twice, as a chart and as a table."""

from collections.abc import Sequence

from tierwise.core.money import decimals, dollars
from tierwise.ledger.figures import DASH, seconds, share
from tierwise.ledger.lines import Latency, Line
from tierwise.ledger.overview import Overview

from . import graphs
from .graphs import NO_CALL, WASTED
from .markup import Table, beside, section, words

_IN_WORDS = (
    "An estimate: the tokens of the one call that answered each request, at the prices of {model}. What was paid "
    "counts in full, rejected, cancelled and triage calls too; requests with a call of unknown price count on neither "
    "side."
)


def money(overview: Overview) -> str:
    """Return cost and estimated saving over time."""
    made, lines = overview.report, overview.periods
    places = decimals(line.cost for line in lines)
    span = graphs.span(overview)
    headings = (span.capitalize(), "Requests", "Paid", "Saved (estimate)")

    def row(line: Line, name: str) -> tuple[str, ...]:
        if not line.requests:
            return (name, "0", DASH, DASH)
        saved = dollars(line.saved, places) if line.saved is not None else DASH
        return (name, f"{line.requests:,}", _paid(line, places), saved)

    table = Table(
        caption=f"What each {span} has cost and saved",
        headings=headings,
        rows=[row(line, line.name) for line in reversed(lines)],
        total=row(made.total, "Total"),
    )
    note = _IN_WORDS.format(model=made.counterfactual.model) if made.counterfactual else _NO_MODEL
    return section("Cost and saving", beside(graphs.money(overview).html(), table), words(note), name="cost")


_NO_MODEL = "No frontier model with a known price is configured, so that nothing can be said of what was saved."


def shares(overview: Overview) -> str:
    """Return who answered what, and how often the user took it."""
    made = overview.report
    tiers, asked = graphs.tier_names(overview), graphs.requests(overview)
    table = Table(
        caption="Requests by feature and tier",
        headings=("Feature", *(tier or NO_CALL for tier in tiers), "Shown", "Accepted"),
        rows=[
            (line.name, *(f"{asked[line.name, tier]:,}" for tier in tiers), f"{line.shown:,}", _accepted(line))
            for line in sorted(made.features, key=lambda line: -line.requests)
        ],
    )
    by_tier = _lines("Tier", "What each tier did", sorted(made.tiers, key=lambda line: -line.requests), made.total)
    by_model = _lines("Model", "What each model did", made.models, made.total)
    note = "Accepted is the share of the answers shown that you took, where your editor tells."
    return section(
        "Tiers and features",
        beside(graphs.shares(overview).html(), table),
        by_tier,
        by_model,
        words(note),
        name="tiers",
    )


def waits(overview: Overview) -> str:
    """Return how long the user waited for whole answers."""
    chart = graphs.waits(overview)
    if chart is None:
        return ""
    table = Table(
        caption="How long answers took",
        headings=("Feature or tier", "Answered", "Start p50", "Start p90", "Answer p50", "Answer p90"),
        rows=[
            (name, f"{line.answered:,}", *_waited(line.first_token), *_waited(line.waited))
            for line, name in graphs.waited(overview)
        ],
    )
    return section("Waiting", beside(chart.html(), table), name="waiting")


def waste(overview: Overview) -> str:
    """Return what was paid for nothing."""
    made = overview.report
    lines, chart = graphs.wasteful(overview), graphs.waste(overview)
    unwanted = made.comparison.unwanted
    note = (
        f"Besides, {dollars(unwanted.unseen)} went into good answers that were never seen, and "
        f"{dollars(unwanted.declined)} into such that you turned down."
        if unwanted.unseen or unwanted.declined
        else ""
    )
    if chart is None:
        return section("Waste", words(f"Nothing was paid for calls that brought no answer. {note}"), name="waste")
    places = decimals(get(line) for line in lines for _, get in WASTED)

    def row(line: Line, name: str) -> tuple[str, ...]:
        amounts = (dollars(get(line), places) if get(line) else DASH for _, get in WASTED)
        return (name, *amounts, dollars(line.waste.total, places), share(line.waste.total, line.cost))

    table = Table(
        caption="What brought no answer",
        headings=("Feature", "Cancelled", "Failed", "Rejected", "All", "Of the cost"),
        rows=[row(line, line.name) for line in lines],
        total=row(made.total, "Total"),
    )
    return section("Waste", beside(chart.html(), table), words(note) if note else "", name="waste")


def _lines(heading: str, caption: str, lines: Sequence[Line], total: Line) -> str:
    places = decimals(line.cost for line in lines)
    rows = [
        (
            line.name or NO_CALL,
            f"{line.requests:,}",
            share(line.requests, total.requests),
            f"{line.calls:,}",
            _paid(line, places),
            share(line.cost, total.cost),
            _accepted(line),
        )
        for line in lines
    ]
    headings = (heading, "Requests", "Of all", "Calls", "Paid", "Of the cost", "Accepted")
    return Table(caption=caption, headings=headings, rows=rows).html()


def _paid(line: Line, places: int) -> str:
    """Return what is known of a cost, and that there is more where that is so."""
    if not line.unpriced:
        return dollars(line.cost, places)
    return f"{dollars(line.cost, places)} + unknown" if line.cost else "unknown"


def _accepted(line: Line) -> str:
    return share(line.accepted, line.shown)


def _waited(latency: Latency | None) -> tuple[str, str]:
    return (seconds(latency.p50), seconds(latency.p90)) if latency else (DASH, DASH)
