"""The report as people read it."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tierwise.core.model import Price
from tierwise.core.money import decimals, dollars, exactly
from tierwise.core.reply import Usage
from tierwise.ledger.comparison import Comparison
from tierwise.ledger.figures import DASH, plural, seconds, share
from tierwise.ledger.lines import Latency, Line
from tierwise.ledger.plain import moment
from tierwise.ledger.report import Counterfactual, Report

from ._ledger import console

MEDIUM, WIDE = 110, 140
"""Columns of a page from which the tables show more than the money and the median wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One figure of a line, on pages of ``least`` up to ``most`` columns; ``cell`` also sees the other lines."""

    heading: str
    cell: Callable[[Line, Sequence[Line]], str]
    least: int = 0
    most: int = sys.maxsize


def show(report: Report, tables: Sequence[str], path: Path, page: Console | None = None) -> None:
    """Print summary, tables and footnotes."""
    page = page or console()
    page.print(_title(report, path))
    page.print(_summary(report))
    lines = {
        "feature": report.features,
        "kind": report.kinds,
        "tier": report.tiers,
        "model": report.models,
        "day": report.days,
    }
    for name in tables:
        page.print(_table(name, lines[name], report.total, page.width))
    for note in _notes(report):
        page.print(f"[dim]{escape(note)}[/dim]")


def _title(report: Report, path: Path) -> str:
    since, until = moment(report.since), moment(report.until)
    span = f"from {_minute(since)}" if since else "all that was recorded"
    span += f" up to {_minute(until)}" if until else ""
    return f"[bold]Tierwise report[/bold], {span} [dim]({escape(_short(path))})[/dim]\n"


def _short(path: Path) -> str:
    """Return the path with the home directory as people write it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _minute(iso: str) -> str:
    return iso[:16].replace("T", " ")


def _summary(report: Report) -> Table:
    total, compared = report.total, report.counterfactual
    grid = Table.grid(padding=(0, 2))
    free = f", {total.free:,} of them without a call" if total.free else ""
    grid.add_row("Requests", f"{total.requests:,}, {total.answered:,} answered{free}")
    grid.add_row("Calls", f"{total.calls:,}, {_tokens(total.usage)}")
    grid.add_row("Cost", _cost(total))
    if compared:
        grid.add_row("All at frontier", _comparison(compared))
    beside = report.comparison
    if beside.single:
        alone = f"about {dollars(beside.single.cost)} (estimate*) with {beside.single.model} alone"
        grid.add_row("Best single model", f"{alone}, {share(beside.single.accepted, 1.0)} of its answers passed")
    if beside.local.answers or beside.kept.answers:
        grid.add_row("Spared", _spared(beside))
    if total.cached:
        grid.add_row("Prompt caches", f"{share(total.cached, 1.0)} of the prompts' tokens were read from them")
    grid.add_row("Wasted", _waste(total))
    if beside.unwanted.unseen or beside.unwanted.declined:
        grid.add_row("Unwanted", _unwanted(beside))
    if total.shown:
        grid.add_row("Accepted", f"{share(total.accepted, total.shown)} of {plural(total.shown, 'shown answer')}")
    if total.waited:
        grid.add_row("Waited", f"{_latency(total.waited)} for the answer, {_latency(total.first_token)} for its start")
    return grid


def _cost(total: Line) -> str:
    unknown = f", and {plural(total.unpriced, 'call')} of unknown price" if total.unpriced else ""
    return f"[bold]{dollars(total.cost)}[/bold]{unknown}"


def _comparison(compared: Counterfactual) -> str:
    change = "saved" if compared.saved >= 0 else "lost"
    text = f"about {dollars(compared.cost)} (estimate*): {dollars(abs(compared.saved))} {change}"
    return f"{text}, {share(abs(compared.saved), compared.cost)}" if compared.cost else text


def _waste(total: Line) -> str:
    waste = total.waste
    if not waste.total:
        return dollars(0.0)
    places = decimals((waste.cancelled, waste.failed, waste.rejected))
    parts = (("cancelled", waste.cancelled), ("failed", waste.failed), ("rejected by checks", waste.rejected))
    named = ", ".join(f"{dollars(amount, places)} {name}" for name, amount in parts if amount)
    return f"{dollars(waste.total, places)}, {share(waste.total, total.cost)} of the cost: {named}"


def _spared(beside: Comparison) -> str:
    """Return what free answers spared, as far as paid ones of the same kind tell."""
    parts = (("by the workspace itself", beside.local), ("given again", beside.kept))
    told = [f"{plural(part.answers, 'answer')} {name}" for name, part in parts if part.answers]
    cost = beside.local.cost + beside.kept.cost
    return f"about {dollars(cost)} (estimate†): {', '.join(told)}"


def _unwanted(beside: Comparison) -> str:
    unseen, declined = beside.unwanted.unseen, beside.unwanted.declined
    places = decimals((unseen, declined))
    named = (("never seen", unseen), ("turned down by you", declined))
    told = ", ".join(f"{dollars(amount, places)} {name}" for name, amount in named if amount)
    return f"{told} (paid, and passed their checks)"


def _tokens(usage: Usage) -> str:
    cached = f" + {usage.cache_read:,} read from caches" if usage.cache_read else ""
    written = f" + {usage.cache_write:,} written to caches" if usage.cache_write else ""
    thought = f" ({usage.reasoning:,} of them reasoning)" if usage.reasoning else ""
    return f"{usage.input:,} tokens in{cached}{written}, {usage.output:,} out{thought}"


def _latency(latency: Latency | None) -> str:
    return f"{seconds(latency.p50)} (p95 {seconds(latency.p95)})" if latency else DASH


def _table(name: str, lines: Sequence[Line], total: Line, width: int) -> Table:
    several = len(lines) > 1
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_footer=several)
    columns = [column for column in COLUMNS if column.least <= width <= column.most]
    if total.frontier is None:
        columns = [column for column in columns if column.cell is not _frontier]
    table.add_column(f"By {name}", "total", overflow="fold", min_width=16, footer_style="bold")
    for column in columns:
        table.add_column(column.heading, column.cell(total, lines), justify="right", no_wrap=True, footer_style="bold")
    for line in lines:
        table.add_row(escape(line.name or "(no call)"), *(column.cell(line, lines) for column in columns))
    return table


def _money(line: Line, lines: Sequence[Line]) -> str:
    unknown = "+?" if line.unpriced else ""
    known = line.cost > 0 or not unknown
    return (dollars(line.cost, decimals(each.cost for each in lines)) if known else "") + unknown


def _frontier(line: Line, lines: Sequence[Line]) -> str:
    return dollars(line.frontier, decimals(each.frontier for each in lines)) if line.frontier else DASH


def _wasted(line: Line, lines: Sequence[Line]) -> str:
    return dollars(line.waste.total, decimals(each.waste.total for each in lines)) if line.waste.total else DASH


def _read(line: Line) -> int:
    return line.usage.input + line.usage.cache_read + line.usage.cache_write


def _p50(latency: Latency | None) -> str:
    return seconds(latency.p50 if latency else None)


def _p95(latency: Latency | None) -> str:
    return seconds(latency.p95 if latency else None)


COLUMNS = (
    Column(heading="Requests", cell=lambda line, _: f"{line.requests:,}"),
    Column(heading="Calls", cell=lambda line, _: f"{line.calls:,}", least=MEDIUM),
    Column(heading="Tokens", cell=lambda line, _: f"{line.usage.total:,}", least=MEDIUM, most=WIDE - 1),
    Column(heading="In", cell=lambda line, _: f"{_read(line):,}", least=WIDE),
    Column(heading="Out", cell=lambda line, _: f"{line.usage.output:,}", least=WIDE),
    Column(heading="Cost", cell=_money),
    Column(heading="Frontier*", cell=_frontier),
    Column(heading="Cached", cell=lambda line, _: share(line.cached or 0.0, 1.0) if line.cached else DASH, least=WIDE),
    Column(heading="Wasted", cell=_wasted),
    Column(heading="Accepted", cell=lambda line, _: share(line.accepted, line.shown)),
    Column(heading="First p50", cell=lambda line, _: _p50(line.first_token), least=WIDE),
    Column(heading="p95", cell=lambda line, _: _p95(line.first_token), least=WIDE),
    Column(heading="Waited", cell=lambda line, _: _p50(line.waited), most=MEDIUM - 1),
    Column(heading="Answer p50", cell=lambda line, _: _p50(line.waited), least=MEDIUM),
    Column(heading="p95", cell=lambda line, _: _p95(line.waited), least=MEDIUM),
)


def _notes(report: Report) -> list[str]:
    notes: list[str] = []
    compared, total = report.counterfactual, report.total
    beside = report.comparison
    if compared:
        notes.append(
            f"* An estimate: the tokens of the one call that answered each request, at the prices of {compared.model} "
            f"({_price(compared.price)}, as of {compared.price.as_of or 'an unknown day'}), with the prompt-cache hits "
            "that there were. Another model counts tokens differently and answers at another length. What was paid "
            "counts in full: rejected, cancelled and triage calls too."
        )
        if compared.free:
            notes.append(f"  {plural(compared.free, 'answer')} without a call count as free on both sides.")
        if compared.unpriced:
            notes.append(
                f"  {plural(compared.unpriced, 'request')} with a call of unknown price count on neither side."
            )
    else:
        notes.append("No frontier model to compare with is known: name one with --frontier PROVIDER/MODEL.")
    if beside.single:
        notes.append(
            f"* {beside.single.model} alone: the same tokens and prompt-cache hits, at its prices for ordinary prompts "
            f"({_price(beside.single.price)}, as of {beside.single.price.as_of or 'an unknown day'})."
        )
    if beside.local.answers or beside.kept.answers:
        unknown = beside.local.unknown + beside.kept.unknown
        rest = f" Of {plural(unknown, 'answer')} no paid one tells; they count nothing." if unknown else ""
        notes.append(f"† An estimate: what paid answers of the same feature and kind cost on average.{rest}")
    if total.unpriced:
        notes.append("+? Calls of unknown price are not in these amounts; write prices under [models] in the settings.")
    if total.estimated:
        notes.append(
            f"{plural(total.estimated, 'call')} ended before the provider told the token count; it is our estimate."
        )
    return notes


def _price(price: Price) -> str:
    return (
        f"{exactly(price.input)} in, {exactly(price.output)} out, {exactly(price.cache_read)} cache read, "
        f"{exactly(price.cache_write)} cache write per million"
    )
