"""The explanation of a decision as people read it."""

from rich.markup import escape
from rich.table import Table

from tierwise.core.decision import Role, Rung
from tierwise.core.money import digits, dollars
from tierwise.engine.explanation import Candidate, Explanation
from tierwise.ledger.figures import DASH

from ._ledger import console

WHOSE = {"own": "own", "team": "of the team"}


def show(explanation: Explanation) -> None:
    """Print decision, candidates and what would change it."""
    page, decision = console(), explanation.decision
    page.print(f"[bold]{escape(explanation.kind.title)}[/bold] [dim]({escape(explanation.task.kind)})[/dim]")
    page.print(f"  [bold]Ladder[/bold]   {escape(' > '.join(map(_step, decision.ladder))) or DASH}")
    page.print(f"  [bold]Why[/bold]      {escape(decision.reason)} [dim](policy {escape(decision.policy)})[/dim]")
    page.print(f"  [bold]Checks[/bold]   {escape(', '.join(explanation.kind.checks))}")
    page.print(_table(explanation.candidates))
    for change in explanation.changes:
        ladder = escape(" > ".join(change.ladder)) or DASH
        page.print(f"  With {escape(change.when)}: {ladder}. [dim]{escape(change.reason)}[/dim]")
    task = explanation.task
    page.print(f"  [dim]tasks.{task.kind} or features.{task.feature} in the settings pins a tier or a model.[/dim]")


def _step(rung: Rung) -> str:
    role = "" if rung.role is Role.ANSWER else f" ({rung.role})"
    return f"{rung.tier}{role}" + (f" at {rung.accept_at:g}" if rung.accept_at else "")


def _table(candidates: tuple[Candidate, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("  ", "Tier", "Model"):
        table.add_column(heading, overflow="fold")
    for heading in ("$ in / out per M", "Tokens", "A call", "Expected"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for candidate in candidates:
        price = candidate.model.price
        table.add_row(
            f"  {candidate.place}" if candidate.place else "",
            escape(candidate.tier),
            escape(candidate.model.ref),
            f"{digits(price.input)} / {digits(price.output)}" if price else "unknown",
            f"{candidate.input:,} + {candidate.output:,}",
            dollars(candidate.cost),
            _expected(candidate),
            escape("; ".join(part for part in (_warm(candidate), candidate.barred) if part)),
        )
    return table


def _expected(candidate: Candidate) -> str:
    """Return the chance of a right answer, and whose outcomes say so."""
    if candidate.chance is None:
        return DASH
    told = " + ".join(f"{count:.0f} {WHOSE[level]}" for level, count in candidate.levels)
    return f"{candidate.chance:.0%}, {told or 'by its price'}"


def _warm(candidate: Candidate) -> str:
    if not candidate.cached:
        return ""
    costs = f"{dollars(candidate.cost)} instead of {dollars(candidate.uncached)}"
    return f"cache warm ({candidate.cached:,} tokens): {costs}"
