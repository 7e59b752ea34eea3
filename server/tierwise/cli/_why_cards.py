"""Decisions as people read them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.markup import escape
from rich.table import Table

from tierwise.core.decision import BACKGROUND
from tierwise.core.money import dollars
from tierwise.core.outcome import Feedback
from tierwise.ledger.figures import DASH, seconds
from tierwise.ledger.history import Entry, Step, Tried

from ._ledger import console

COLOURS = {
    "accepted": "green",
    "used": "cyan",
    "rejected": "yellow",
    "failed": "red",
    "cancelled": "dim",
    "silent": "dim",
}


def show(entries: Sequence[Entry]) -> None:
    """Print the decisions, the newest first."""
    page = console()
    for entry in entries:
        page.print(_heading(entry))
        page.print(f"  [bold]Why[/bold]      {escape(entry.reason)} [dim](policy {escape(entry.policy)})[/dim]")
        page.print(f"  [bold]Ladder[/bold]   {escape(_ladder(entry.ladder))}")
        if entry.signals:
            page.print(f"  [bold]Saw[/bold]      [dim]{escape(_signals(entry))}[/dim]")
        if entry.attempts:
            page.print(_attempts(entry.attempts))
        for number, attempt in enumerate(entry.attempts, 1):
            if attempt.message and attempt.result == "failed":
                page.print(f"  [red]{number}: {escape(attempt.message)}[/red]")
            for line in _checked(attempt):
                page.print(f"  {number}: {escape(line)}", style="dim")
        if entry.feedback:
            page.print(f"  [bold]Then[/bold]     {escape(_feedback(entry.feedback))}")
        page.print()


def _heading(entry: Entry) -> str:
    at = datetime.fromtimestamp(entry.at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    what = " · ".join(escape(part) for part in (entry.feature, entry.kind, entry.language) if part)
    unanswered = "in the background" if entry.policy in BACKGROUND else "[red]no answer[/red]"
    end = "answered" if entry.answered else unanswered
    waited = f" in {seconds(entry.waited)}" if entry.waited is not None else ""
    cost = "cost unknown" if entry.cost is None else dollars(entry.cost)
    return f"[bold]{at}  {what}[/bold]  {end}{waited}, {cost}"


def _ladder(ladder: Iterable[Step]) -> str:
    return " > ".join(_step(step) for step in ladder) or DASH


def _step(step: Step) -> str:
    role = "" if step.role == "answer" else f" ({step.role})"
    models = f" [{', '.join(step.models)}]" if step.models else ""
    threshold = f" at {step.accept_at:g}" if step.accept_at else ""
    return f"{step.tier}{role}{models}{threshold}"


def _signals(entry: Entry) -> str:
    return ", ".join(
        f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}" for name, value in entry.signals.items()
    )


def _attempts(attempts: Iterable[Tried]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("  ", "Tier", "Model", "Result"):
        table.add_column(heading, overflow="fold")
    for heading in ("Tokens", "Cost", "First", "Whole"):
        table.add_column(heading, justify="right", no_wrap=True)
    for number, attempt in enumerate(attempts, 1):
        table.add_row(
            f"  {number}",
            escape(attempt.tier),
            escape(attempt.model),
            f"[{COLOURS.get(attempt.result, 'default')}]{escape(_end(attempt))}[/]",
            f"{attempt.usage.total:,}{'~' if attempt.usage.estimated else ''}",
            dollars(None if attempt.cost is None else attempt.cost + attempt.checks_cost),
            seconds(attempt.first_token),
            seconds(attempt.seconds),
        )
    return table


def _end(attempt: Tried) -> str:
    role = "" if attempt.role == "answer" else f"{attempt.role}: "
    failed = [verdict.check for verdict in attempt.verdicts if not verdict.passed]
    if attempt.failure and attempt.result == "failed":
        status = f" {attempt.status}" if attempt.status else ""
        return f"{role}failed ({attempt.failure}{status})"
    if failed:
        return f"{role}{attempt.result} ({', '.join(failed)})"
    return role + attempt.result


def _checked(attempt: Tried) -> Iterable[str]:
    """Yield what the checks found wrong, where the ledger keeps it, and what could not be checked."""
    wrong = [
        f"{verdict.check}: {verdict.reason}" for verdict in attempt.verdicts if not verdict.passed and verdict.reason
    ]
    unheard = [f"{verdict.check} ({verdict.reason})" for verdict in attempt.verdicts if verdict.skipped]
    if wrong:
        yield "; ".join(wrong)
    if unheard:
        yield f"not checked: {', '.join(unheard)}"


def _feedback(feedback: Iterable[Feedback]) -> str:
    return ", ".join(
        note.signal if note.value in (0.0, 1.0) else f"{note.signal} {note.value:.0%}" for note in feedback
    )
