"""Edits made for one version of a text, for a later one."""

from collections.abc import Sequence
from dataclasses import replace

from tierwise.core.document import Document
from tierwise.core.edit import TextEdit
from tierwise.core.text import Span, Text
from tierwise.workspace.difference import differences, narrowed


class TouchedError(Exception):
    """What was changed since touches an edit; the message is a sentence for the user."""


def rebase(edits: Sequence[TextEdit], made_for: Text, now: Document) -> tuple[TextEdit, ...]:
    """Return the edits of one file moved to its later version; raises ``TouchedError``.

    An edit replaces in the later version exactly the text that it replaced in the earlier one. Text that was put
    directly before or behind that stays where it is; only two insertions at one place are refused, because nobody can
    say which comes first.
    """
    moves = _moves(made_for, now.text)
    moved: list[TextEdit] = []
    for edit in edits:
        start, end = made_for.offset(edit.span.start), made_for.offset(edit.span.end)
        shift = 0
        for first, last, difference in moves:
            if _touches(first, last, start, end):
                line = edit.span.start.line + 1
                raise TouchedError(f"Line {line} and what follows was changed while the edit was made; ask again.")
            if last <= start:
                shift += difference
        span = Span(now.text.position(start + shift), now.text.position(end + shift))
        moved.append(replace(edit, version=now.version, span=span))
    return tuple(moved)


def _moves(before: Text, after: Text) -> list[tuple[int, int, int]]:
    """Return where the earlier version was changed, in characters, and by how much each change lengthened it."""
    moves: list[tuple[int, int, int]] = []
    for found in (narrowed(whole, before) for whole in differences(before, after)):
        first, last = before.offset(found.span.start), before.offset(found.span.end)
        moves.append((first, last, len(found.new_text) - (last - first)))
    return moves


def _touches(first: int, last: int, start: int, end: int) -> bool:
    if first == last and start == end:
        return first == start
    return first < end and start < last
