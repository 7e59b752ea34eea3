"""The parts of the page about decisions: what came of ladders, what the budget leaves, why the last ones were made."""

from datetime import datetime
from html import escape

from tierwise.core.money import dollars
from tierwise.engine.budget import Limits
from tierwise.ledger.figures import DASH, seconds, share
from tierwise.ledger.history import Entry, Tried
from tierwise.ledger.overview import Overview
from tierwise.ledger.spent import DAY, MONTH, Scope

from . import graphs
from .markup import Table, beside, section, words


def climbs(overview: Overview) -> str:
    """Return where answers passed, and which checks turned others down."""
    lines, chart = overview.climbs, graphs.climbs(overview)
    if chart is None:
        return section("Cascades", words("No request had several tiers to climb."), name="cascades")
    table = Table(
        caption="What came of each kind's ladder",
        headings=("Kind", "Requests", "First tier", "Climbed", "No answer", "Had one rejected"),
        rows=[
            (
                line.kind,
                f"{line.requests:,}",
                f"{line.first:,} ({share(line.first, line.requests)})",
                f"{line.climbed:,}",
                f"{line.unanswered:,}",
                f"{line.rejected:,}",
            )
            for line in lines
        ],
    )
    return section("Cascades", beside(chart.html(), table), _vetoes(overview), name="cascades")


def _vetoes(overview: Overview) -> str:
    chart = graphs.vetoes(overview)
    if chart is None:
        return words("No check has turned an answer down.")
    rows = [(veto.check, f"{veto.answers:,}") for veto in overview.vetoes]
    table = Table(caption="Which checks turned answers down", headings=("Check", "Answers"), rows=rows)
    return beside(chart.html(), table)


def budget(overview: Overview, limits: Limits) -> str:
    """Return what is left of every limit."""
    spent = overview.spent.dollars
    wanted = dict(limits.by_scope)
    if limits.workspace is not None:
        wanted |= {scope: limits.workspace for scope in spent if scope[0] == "workspace"}
    if not wanted:
        text = "No limit is set. With budget.day or budget.month in the settings, this shows what is left of it."
        return section("Budget", words(text), name="budget")
    order = [*(scope for scope in (DAY, MONTH) if scope in wanted), *(s for s in wanted if s not in (DAY, MONTH))]
    rows = "".join(_limit(scope, spent.get(scope, 0.0), wanted[scope], limits.soft) for scope in order)
    head = "".join(f'<th scope="col"{kind}>{name}</th>' for name, kind in _BUDGET)
    table = (
        '<div class="frame"><table><caption>What is left of each limit</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    return section("Budget", table, name="budget")


_BUDGET = (("Limit", ' class="text"'), ("Spent", ""), ("Of", ""), ("Left", ""), ("", ' class="text"'))


def _limit(scope: Scope, spent: float, limit: float, soft: float) -> str:
    name, used = escape(_scope(scope)), min(1.0, spent / limit) if limit else 1.0
    meter = f'<meter min="0" max="1" high="{soft:g}" optimum="0" value="{used:.4f}" aria-label="{name}, spent"></meter>'
    cells = "".join(f"<td>{dollars(amount)}</td>" for amount in (spent, limit, max(0.0, limit - spent)))
    return f'<tr><th scope="row">{name}</th>{cells}<td class="text">{meter}</td></tr>'


def _scope(scope: Scope) -> str:
    if scope in (DAY, MONTH):
        return "Today" if scope == DAY else "This month"
    kind, name = scope
    return f"{name} today" if kind == "feature" else f"Workspace {name[:8] or 'without a name'} today"


def decisions(overview: Overview) -> str:
    """Return the last decisions with their reasons."""
    rows = [
        (
            datetime.fromtimestamp(entry.at).astimezone().strftime("%Y-%m-%d %H:%M"),
            f"{entry.kind} ({entry.feature})",
            _way(entry),
            seconds(entry.waited),
            dollars(entry.cost),
            entry.reason,
        )
        for entry in overview.entries
    ]
    table = Table(
        caption="The last decisions, the newest first",
        headings=("When", "What", "Who", "Waited", "Cost", "Why"),
        rows=rows,
        texts=frozenset({0, 1, 2, 5}),
    )
    note = "tierwise why --last 5 shows every attempt of them, with what the policy saw."
    return section("Last decisions", table.html(), words(note), name="decisions")


def _way(entry: Entry) -> str:
    """Return who was asked, and what came of it."""
    return ", then ".join(f"{attempt.model} {_end(attempt)}" for attempt in entry.attempts) or DASH


def _end(attempt: Tried) -> str:
    if attempt.result == "accepted":
        return "answered" if attempt.called else "answered without a call"
    if attempt.result == "rejected":
        failed = [verdict.check for verdict in attempt.verdicts if not verdict.passed and not verdict.skipped]
        return f"was rejected by {', '.join(failed)}" if failed else "was rejected"
    if attempt.result == "failed":
        return f"failed ({(attempt.failure or '').replace('_', ' ')})"
    return {"cancelled": "was cancelled", "silent": "said nothing", "used": f"served as {attempt.role}"}[attempt.result]
