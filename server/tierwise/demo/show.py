"""What the audience sees: each act with the decisions that the ledger recorded for it."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from tierwise.ledger.file import LedgerError
from tierwise.ledger.history import Entry, Tried, history
from tierwise.settings import sources
from tierwise.settings.paths import ledger_file

from .play import Act

COLOURS = {
    "accepted": "green",
    "used": "green",
    "rejected": "yellow",
    "failed": "red",
    "cancelled": "dim",
    "silent": "dim",
}
TIERS = {"local": "white", "fast": "cyan", "mid": "blue", "frontier": "magenta"}


class Screen:
    """Prints acts as they end."""

    def __init__(self, console: Console, env: Mapping[str, str]) -> None:
        self._console = console
        self._ledger: Path = ledger_file(sources.load(env=env).settings.ledger.path, env)
        self._seen: set[str] = {entry.task for entry in self._entries()}

    def show(self, act: Act) -> None:
        """Print one act and what it cost."""
        fresh = [entry for entry in reversed(self._entries()) if entry.task not in self._seen]
        self._seen |= {entry.task for entry in fresh}
        self._console.print(f"[bold]> {escape(act.title)}[/bold]")
        self._console.print(f"  [italic]{escape(_short(act.seen))}[/italic]")
        if not fresh:
            self._console.print("  [dim]no request was needed[/dim]")
        for entry in fresh:
            self._console.print(f"  {entry.feature} · {entry.kind}: {escape(entry.reason)}", style="dim")
            for tried in entry.attempts:
                self._console.print(f"    {_line(tried)}")
                why = _why(tried)
                if why:
                    self._console.print(f"             [dim]{escape(_short(why))}[/dim]")
        self._console.print()

    def _entries(self) -> tuple[Entry, ...]:
        try:
            return history(self._ledger, last=50)
        except (LedgerError, sqlite3.Error):
            return ()


def _line(tried: Tried) -> str:
    tier = f"[{TIERS.get(tried.tier, 'default')}]{tried.tier:<8}[/]"
    colour = COLOURS.get(tried.result, "default")
    result = f"[{colour}]{tried.result:<9}[/]"
    cost = "price unknown" if tried.cost is None else f"${tried.cost:.7f}"
    return f"{tier} {tried.model:<28} {result} {tried.seconds * 1000:5.0f} ms {tried.usage.total:6,} tokens  {cost}"


def _why(tried: Tried) -> str:
    failed = ", ".join(verdict.check for verdict in tried.verdicts if not verdict.passed)
    return tried.message or (f"its answer failed the check: {failed}" if failed else "")


def _short(text: str, length: int = 100) -> str:
    line = " ⏎ ".join(part.strip() for part in text.strip().splitlines())
    return line if len(line) <= length else line[: length - 1] + "…"
