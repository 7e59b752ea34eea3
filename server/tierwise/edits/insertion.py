"""The reply is the text to put at the cursor."""

import re
from collections.abc import Iterator

from tierwise.core.edit import Candidate, TextEdit
from tierwise.core.task import Task
from tierwise.core.text import Position, Span
from tierwise.workspace.brackets import PARTNERS, brackets
from tierwise.workspace.cursor import CLOSING, Cursor, Standing, look, of_facts

from . import MalformedError


class Insertion:
    """Reads the whole reply as what replaces the task's span, and what closes behind it if the reply closes it too."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate; an empty text has no edit."""
        if task.document is None or task.span is None:
            raise MalformedError("there is no place to insert at")
        if not text:
            return Candidate(text="")
        return Candidate(text=text, edits=(replacing(text, task, closed_again(text, task)),))


def replacing(text: str, task: Task, further: int = 0) -> TextEdit:
    """Return the edit that puts ``text`` in place of the task's span and ``further`` characters behind it on its line,
    in the line ends of the document.
    """
    assert task.document is not None
    assert task.span is not None
    whole, span = task.document.text, task.span
    text = text.replace("\r\n", "\n")
    if whole.raw_line(max(0, min(span.start.line, whole.line_count - 2))).endswith("\r\n"):
        text = text.replace("\n", "\r\n")
    end = whole.clamp(span.end)
    span = Span(span.start, Position(end.line, end.column + further))
    return TextEdit(uri=task.document.uri, version=task.document.version, span=span, new_text=text)


def closed_again(text: str, task: Task) -> int:
    """Return how many characters behind the cursor the text brings along itself.

    Editors close brackets and quotation marks as they are opened. A reply that closes them where it wants to go on
    behind them would double them: they are replaced.
    """
    assert task.document is not None
    assert task.span is not None
    end = task.document.text.clamp(task.span.end)
    rest = task.document.text.line(end.line)[end.column :]
    if not CLOSING.match(rest[:1]):
        return 0
    cursor = of_facts(task.facts) or look(task.document, task.span.start)
    before = task.document.text.line(task.span.start.line)[: task.span.start.column]
    closing = _closing(text, task.language, cursor)
    spare = _spare(before, rest, closing, task.language) if not cursor.quote else len(rest)
    return _matched(rest, text, closing, spare)


def _closing(text: str, language: str, cursor: Cursor) -> list[tuple[int, str]]:
    """Return where the text closes what it has not opened, and with which sign, in this order."""
    if not cursor.quote:
        found = brackets(text, language)
        return sorted([*((at, text[at]) for at in found.closers), *((at, ">") for at in _angles(text))])
    start = 0
    if cursor.standing is not Standing.STRING:
        # Code in a string: its brace comes first, and behind it the string goes on.
        brace = next((at for at in brackets(text, language).closers if text[at] == "}"), None)
        if brace is None:
            return []
        start = brace + 1
    found = brackets(text[start:], language, cursor.quote)
    closing = [(start - 1, "}")] if start else []
    if found.outer is not None:
        closing.append((start + found.outer, cursor.quote[0]))
    return [*closing, *((start + at, text[start + at]) for at in found.closers)]


def _angles(text: str) -> Iterator[int]:
    """Yield where the first row closes an angle bracket that it has not opened: neither an arrow nor a comparison."""
    depth = 0
    for found in _ANGLE.finditer(text.partition("\n")[0]):
        depth += 1 if found[0] == "<" else -1
        if depth < 0:
            depth = 0
            yield found.start()


_ANGLE = re.compile(r"(?<![\s<])<(?![\s=<])|(?<![\s=-])(?<!\s>)>(?!=)")


def _spare(before: str, rest: str, closing: list[tuple[int, str]], language: str) -> int:
    """Return how many closing brackets behind the cursor have nothing left to close on their line.

    Of ``max(min(‸);`` a reply that closes one leaves one open: the bracket behind the cursor is its partner.
    """
    open_ = len(brackets(before, language).openers) - sum(sign in PARTNERS for _, sign in closing)
    found = CLOSING.match(rest)
    return sum(sign in PARTNERS for sign in (found[0] if found else "")) - max(0, open_)


def _matched(rest: str, text: str, closing: list[tuple[int, str]], spare: int) -> int:
    """Return how many first signs of ``rest`` the text closes, one after the other; ``spare`` are brackets at most."""
    matched, at = 0, 0
    for place, sign in enumerate(rest):
        if not CLOSING.fullmatch(sign) or (sign in PARTNERS and spare <= 0):
            break
        spare -= sign in PARTNERS
        if matched and matched == place and text.startswith(sign, at):
            at, matched = at + 1, place + 1
            continue
        later = next((close for close, closed in closing if closed == sign and close >= at), None)
        if later is not None:
            at, matched = later + 1, place + 1
        elif sign in ",;:" and text[at:].partition("\n")[0].rstrip().endswith(sign):
            return place + 1
        elif not sign.isspace():
            break
    return matched


FORM = Insertion()
