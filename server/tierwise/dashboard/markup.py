"""Pieces of HTML; everything that comes from outside is escaped here."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

LONG = 24
"""Rows from which on a table scrolls in a frame of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells are plain text; the first of a row names it. ``texts`` are the columns that hold words, from 0.

    ``total`` is a row of its own at the end.
    """

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    texts: frozenset[int] = frozenset({0})
    total: Sequence[str] | None = None

    def html(self) -> str:
        """Return the table in a frame that the keyboard reaches where it may scroll."""
        head = "".join(f'<th scope="col"{self._kind(at)}>{escape(name)}</th>' for at, name in enumerate(self.headings))
        body = "".join(self._row(row) for row in self.rows)
        foot = f"<tfoot>{self._row(self.total)}</tfoot>" if self.total else ""
        inner = (
            f"<table><caption>{escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table>"
        )
        if len(self.rows) < LONG:
            return f'<div class="frame">{inner}</div>'
        return f'<div class="frame long" role="region" tabindex="0" aria-label="{escape(self.caption)}">{inner}</div>'

    def _row(self, row: Sequence[str]) -> str:
        first, *rest = row
        cells = "".join(f"<td{self._kind(at)}>{escape(cell)}</td>" for at, cell in enumerate(rest, 1))
        return f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'

    def _kind(self, column: int) -> str:
        return ' class="text"' if column in self.texts else ""


def section(title: str, *parts: str, name: str) -> str:
    """Return a part of the page with a heading that links can lead to."""
    return (
        f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(title)}</h2>'
        + "".join(part for part in parts if part)
        + "</section>"
    )


def beside(chart: str, table: Table) -> str:
    """Return a chart and the table that holds its numbers, side by side where there is room."""
    return f'<div class="pair">{chart}{table.html()}</div>'


def words(text: str) -> str:
    """Return a paragraph."""
    return f"<p>{escape(text)}</p>"
