"""The figures that most want to know first, and the time that they are about."""

from dataclasses import dataclass
from datetime import datetime

from tierwise.core.money import dollars
from tierwise.ledger.figures import DASH, plural, seconds, share
from tierwise.ledger.overview import Overview


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure with its name, and what has to be said beside it."""

    name: str
    figure: str
    note: str


def tiles(overview: Overview) -> tuple[Tile, ...]:
    """Return the figures."""
    total, compared = overview.report.total, overview.report.counterfactual
    saved = f"{share(compared.saved, compared.cost)} of all at {compared.model}" if compared else "no model to compare"
    unknown = f" and {plural(total.unpriced, 'call')} of unknown price" if total.unpriced else ""
    waited = total.waited
    found = (
        ("Paid", dollars(total.cost), f"for {plural(total.calls, 'call')}{unknown}"),
        ("Saved (estimate)", dollars(compared.saved) if compared else DASH, saved),
        ("Requests", f"{total.requests:,}", f"{total.answered:,} answered, {total.free:,} without a call"),
        ("Accepted", share(total.accepted, total.shown), f"of {plural(total.shown, 'answer')} shown"),
        ("Waited", seconds(waited.p50 if waited else None), f"p90 {seconds(waited.p90 if waited else None)}"),
        ("Wasted", dollars(total.waste.total), f"{share(total.waste.total, total.cost)} of the cost"),
    )
    return tuple(Tile(name=name, figure=figure, note=note) for name, figure, note in found)


def period(overview: Overview) -> str:
    """Return the days that the overview is about, in words."""
    return "Today" if overview.days == 1 else f"The last {overview.days:,} days"


def moment(at: float) -> str:
    """Return a moment, given in seconds since the epoch, by the clock of this place."""
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")
