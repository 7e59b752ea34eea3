"""The charts of the page; each returns None where there is nothing to draw."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from tierwise.core.money import dollars
from tierwise.ledger.figures import seconds
from tierwise.ledger.lines import Latency, Line
from tierwise.ledger.overview import Overview

from .charts import Bars, Series

NO_CALL = "(no call)"
"""Stands for the tier and model of requests that nobody was asked for."""

ORDER = ("local", "fast", "mid", "frontier")
"""Tiers in the order of their colours; those with names of the user's own follow, requests without a call come last."""

WASTED: Sequence[tuple[str, Callable[[Line], float]]] = (
    ("cancelled", lambda line: line.waste.cancelled),
    ("failed", lambda line: line.waste.failed),
    ("rejected by checks", lambda line: line.waste.rejected),
)
"""What can bring no answer, and its dollars."""


def money(overview: Overview) -> Bars:
    """Draw cost and estimated saving over time."""
    lines = overview.periods
    return Bars(
        title=f"Dollars by {span(overview)}",
        labels=[line.name[len("2026-") :] for line in lines],
        series=[
            Series(name="paid", values=[line.cost for line in lines]),
            Series(name="saved (estimate)", values=[max(0.0, line.saved or 0.0) for line in lines]),
        ],
        figure=dollars,
        palette="money",
        across=False,
    )


def shares(overview: Overview) -> Bars:
    """Draw who answered what."""
    tiers, features, asked = tier_names(overview), feature_names(overview), requests(overview)
    return Bars(
        title="Requests by feature and by the tier that answered, or was asked last",
        labels=features,
        series=[Series(name=tier or NO_CALL, values=[asked[feature, tier] for feature in features]) for tier in tiers],
        figure=_count,
        palette="tiers",
        whole=True,
    )


def waits(overview: Overview) -> Bars | None:
    """Draw how long the user waited for whole answers."""
    named = waited(overview)
    if not named:
        return None
    return Bars(
        title="Seconds until the whole answer",
        labels=[name for _, name in named],
        series=[
            Series(name="half of the answers (p50)", values=[_at(line.waited, "p50") for line, _ in named]),
            Series(name="nine of ten (p90)", values=[_at(line.waited, "p90") for line, _ in named]),
        ],
        figure=seconds,
        palette="waits",
        stacked=False,
    )


def waste(overview: Overview) -> Bars | None:
    """Draw what was paid for nothing."""
    lines = wasteful(overview)
    if not lines:
        return None
    return Bars(
        title="Dollars that brought no answer, by feature",
        labels=[line.name for line in lines],
        series=[Series(name=name, values=[get(line) for line in lines]) for name, get in WASTED],
        figure=dollars,
        palette="waste",
    )


def climbs(overview: Overview) -> Bars | None:
    """Draw what came of ladders of several tiers."""
    lines = overview.climbs
    if not lines:
        return None
    return Bars(
        title="Requests with several tiers to climb, by kind",
        labels=[line.kind for line in lines],
        series=[
            Series(name="answered by the first tier", values=[line.first for line in lines]),
            Series(name="climbed", values=[line.climbed for line in lines]),
            Series(name="no answer", values=[line.unanswered for line in lines]),
        ],
        figure=_count,
        palette="ends",
        whole=True,
    )


def vetoes(overview: Overview) -> Bars | None:
    """Draw which checks turned answers down."""
    if not overview.vetoes:
        return None
    return Bars(
        title="Answers turned down, by check",
        labels=[veto.check for veto in overview.vetoes],
        series=[Series(name="answers", values=[veto.answers for veto in overview.vetoes])],
        figure=_count,
        palette="vetoes",
        whole=True,
    )


def span(overview: Overview) -> str:
    """Return what one column of the time stands for."""
    return "week" if overview.weekly else "day"


def feature_names(overview: Overview) -> list[str]:
    """Return the features, the busiest first."""
    return [line.name for line in sorted(overview.report.features, key=lambda line: -line.requests)]


def tier_names(overview: Overview) -> list[str]:
    """Return the usual tiers in their order, then the user's own by name, then the place for no call."""
    found = {line.name for line in overview.report.tiers}
    own = sorted(found - {*ORDER, ""})
    return [*ORDER, *own, *([""] if "" in found else [])]


def requests(overview: Overview) -> dict[tuple[str, str], int]:
    """Return how many there were, by feature and tier."""
    asked = {(feature, tier): 0 for feature in feature_names(overview) for tier in tier_names(overview)}
    for key, line in overview.rows:
        if (key.feature, key.tier) in asked:
            asked[key.feature, key.tier] += line.requests
    return asked


def waited(overview: Overview) -> list[tuple[Line, str]]:
    """Return the lines of features and tiers for which somebody waited, with their names."""
    features, tiers = (_waited(lines) for lines in (overview.report.features, overview.report.tiers))
    if not features:
        return []
    return [*((line, line.name) for line in features), *((line, f"tier {line.name or NO_CALL}") for line in tiers)]


def wasteful(overview: Overview) -> list[Line]:
    """Return the features that something was paid for in vain."""
    return [line for line in overview.report.features if line.waste.total]


def _waited(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.waited]


def _at(latency: Latency | None, name: Literal["p50", "p90"]) -> float | None:
    return getattr(latency, name) if latency else None


def _count(number: float) -> str:
    return f"{number:,.0f}"
