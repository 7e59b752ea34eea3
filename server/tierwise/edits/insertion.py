"""The reply is the text to put at the cursor."""

from tierwise.core.edit import Candidate, TextEdit
from tierwise.core.task import Task
from tierwise.core.text import Position, Span
from tierwise.workspace.brackets import Brackets, brackets
from tierwise.workspace.cursor import CLOSING, Standing, look, of_facts

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
    quote = cursor.quote if cursor.standing is Standing.STRING else ""
    return _matched(rest, text, quote, brackets(text, task.language, quote))


def _matched(rest: str, text: str, quote: str, found: Brackets) -> int:
    """Return how many first signs of ``rest`` the text closes, one after the other."""
    matched, at = 0, 0
    for place, sign in enumerate(rest):
        if not CLOSING.fullmatch(sign):
            break
        if matched and matched == place and text.startswith(sign, at):
            at, matched = at + 1, place + 1
            continue
        closed = [found.outer] if quote[:1] == sign else [close for close in found.closers if text[close] == sign]
        later = next((close for close in closed if close is not None and close >= at), None)
        if later is not None:
            at, matched = later + 1, place + 1
        elif not sign.isspace():
            break
    return matched


FORM = Insertion()
