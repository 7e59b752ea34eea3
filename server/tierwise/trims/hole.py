"""The place a reply goes to: not a trim, but what the trims ask about it."""

import re
from collections import deque
from dataclasses import dataclass
from functools import cached_property

from tierwise.core.task import Task
from tierwise.workspace import cursor as cursors
from tierwise.workspace.brackets import Brackets, brackets, depths
from tierwise.workspace.cursor import Cursor, Standing
from tierwise.workspace.grammars import has_grammar, keywords
from tierwise.workspace.indentation import Style, style_near

LOOK_BACK, LOOK_AHEAD = 200, 60
"""Lines before and after the cursor that a reply is compared with: a model that repeats, repeats what it was shown."""


@dataclass(frozen=True, kw_only=True)
class Hole:
    """Lines without their ends: ``above`` the cursor's, ``before`` and ``after`` it on its line, ``below`` it.

    ``style`` is how the lines around it are indented, None where none is.
    """

    above: tuple[str, ...]
    before: str
    after: str
    below: tuple[str, ...]
    language: str
    cursor: Cursor
    style: Style | None

    @property
    def fresh(self) -> bool:
        """Whether nothing but white space stands before the cursor on its line."""
        return not self.before.strip()

    @cached_property
    def shown(self) -> str:
        """The lines up to the cursor without the white space around them, each behind a line feed."""
        return "".join(f"\n{line.strip()}" for line in (*self.above, self.before))

    @cached_property
    def following(self) -> tuple[str, ...]:
        """The lines below that are not blank, without white space at their ends."""
        return tuple(line.rstrip() for line in self.below if line.strip())

    @property
    def next_line(self) -> str:
        """The nearest line below that is not blank, or an empty string."""
        return next((line for line in self.below if line.strip()), "")

    @property
    def inside(self) -> str:
        """The quotation mark of the string around the hole, or an empty string."""
        return self.cursor.quote if self.cursor.standing is Standing.STRING else ""

    def knows(self, word: str, short: bool = False) -> bool:
        """Whether the language or the lines above have the word; ``short`` ones are known by their letters only."""
        if len(word) < (2 if short else 3):
            return False
        if has_grammar(self.language) and word in keywords(self.language):
            return True
        return re.search(rf"\b{re.escape(word)}\b", self.shown) is not None

    def brackets(self, text: str) -> Brackets:
        """Scan a text that goes into the hole."""
        return brackets(text, self.language, self.inside)

    def depths(self, text: str) -> list[int]:
        """Return how deep in its own brackets each line of a text that goes into the hole begins."""
        return depths(text, self.language, self.inside)


_KEPT = 4
"""Holes kept: as many answers as stream at a time, of one person and what runs ahead."""

_recent: deque[tuple[Task, Hole]] = deque(maxlen=_KEPT)


def hole(task: Task) -> Hole | None:
    """Return the task's hole, None where it has no place; the last ones are kept, as all trims of a reply ask."""
    for known, made in tuple(_recent):
        if known is task:
            return made
    made = _dig(task)
    if made is not None:
        _recent.append((task, made))
    return made


def _dig(task: Task) -> Hole | None:
    if task.document is None or task.span is None:
        return None
    text = task.document.text
    start, end = text.clamp(task.span.start), text.clamp(task.span.end)
    above = text.raw_lines(max(0, start.line - LOOK_BACK), start.line)
    below = text.raw_lines(end.line + 1, end.line + 1 + LOOK_AHEAD)
    return Hole(
        above=tuple(line.rstrip("\r\n") for line in above),
        before=text.line(start.line)[: start.column],
        after=text.line(end.line)[end.column :],
        below=tuple(line.rstrip("\r\n") for line in below),
        language=task.language,
        cursor=cursors.of_facts(task.facts) or cursors.look(task.document, start),
        style=style_near(text, start),
    )
