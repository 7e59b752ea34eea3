"""A finished answer, and what of it is still to come at a later place in a later version of the document."""

from collections.abc import Iterator
from dataclasses import dataclass

from tierwise.core.document import Document
from tierwise.core.edit import TextEdit
from tierwise.core.text import Position, Span, Text, split_lines

PAIRS = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "`": "`"}
"""What editors close by themselves as soon as it is opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What is left of an answer: ``text`` in place of ``span``, which begins at the cursor and ends on its line.

    ``typed`` is how much of the answer, in characters, stands in the document already.
    """

    answer: "Answer"
    text: str
    span: Span
    typed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``text`` for the hole at ``start``, together with everything that made it.

    ``frame`` is the whole document without what the hole held, ``held``: an answer is good where, and only where, the
    document is this frame with a beginning of the text typed into it. ``made_by`` stands for all else that the model
    saw or was chosen by; ``text`` empty means that the model had nothing to say here. ``rank`` counts the candidates
    that were asked for together.
    """

    task_id: str
    model: str
    uri: str
    frame: Text
    start: Position
    held: str
    text: str
    made_by: object = None
    rank: int = 0

    @classmethod
    def of(
        cls, document: Document, edit: TextEdit, *, task_id: str, model: str, made_by: object = None, rank: int = 0
    ) -> "Answer":
        """Make an answer out of the edit of a document."""
        return cls(
            task_id=task_id,
            model=model,
            uri=document.uri,
            # Replacing an empty span as well: the new text shares the lines but not the joined string, which is long.
            frame=document.text.replace(edit.span, ""),
            start=document.text.clamp(edit.span.start),
            held=document.text.slice(edit.span),
            text=edit.new_text,
            made_by=made_by,
            rank=rank,
        )

    def rest(self, document: Document, place: Position) -> Rest | None:
        """Return what is left of this answer at the place, or None where it does not belong there.

        Typing the answer, accepting its words or lines and undoing back into it all lead to places where it belongs; a
        change of anything else in the document leads away from it. Takes microseconds, whatever the document's length.
        """
        text = document.text
        if place < self.start or text.line_count < self.frame.line_count:
            return None
        lines = place.line - self.start.line
        further = text.line_count - self.frame.line_count - lines
        if further not in (0, 1) or not self._stands_before(text):
            return None
        if lines >= len(split_lines(self.text)):
            return None
        typed = text.slice(Span(self.start, place))
        if not self.text.startswith(typed):
            return None
        if further:
            return self._between(text, place, typed)
        span = self._remainder(text, place, typed)
        if span is None or text.replace(Span(self.start, span.end), "") != self.frame:
            return None
        return Rest(answer=self, text=self.text[len(typed) :], span=span, typed=len(typed))

    def _between(self, text: Text, place: Position, typed: str) -> Rest | None:
        """Return what is left up to the line below, where the editor has closed a bracket on a line of its own."""
        below = text.line(place.line + 1)
        tail = self.frame.line(self.start.line)[self.start.column :]
        if text.line(place.line)[place.column :].strip() or not below.endswith(self.held + tail):
            return None
        done = below[: len(below) - len(tail)]
        left = self.text[len(typed) :]
        if not left.endswith(f"\n{done}") or done.removesuffix(self.held).strip() not in _closed(typed):
            return None
        end = Position(place.line + 1, len(done))
        if text.replace(Span(self.start, end), "") != self.frame:
            return None
        left = left.removesuffix(done).removesuffix("\n").removesuffix("\r")
        return Rest(answer=self, text=left, span=Span(place, place), typed=len(typed))

    def _stands_before(self, text: Text) -> bool:
        """Whether the line begins as it did: of many answers for one line this tells nearly all apart, and at once."""
        line, column = self.start.line, self.start.column
        return text.raw_line(line)[:column] == self.frame.raw_line(line)[:column]

    def _remainder(self, text: Text, place: Position, typed: str) -> Span | None:
        """Return what is to be replaced after the cursor: what the hole held, and what the editor closed by itself."""
        after = text.line(place.line)[place.column :]
        tail = self.frame.line(self.start.line)[self.start.column :]
        if not after.endswith(tail):
            return None
        extra = after[: len(after) - len(tail)]
        explained = any(extra == closed + self.held for closed in _closed(typed))
        # An editor shows a suggestion only where it keeps the characters that it replaces.
        if extra and not (explained and _within(extra, self.text[len(typed) :])):
            return None
        return Span(place, Position(place.line, place.column + len(extra)))


def _closed(typed: str) -> Iterator[str]:
    """Yield what an editor may have added by itself after the cursor while this was typed: nothing first."""
    yield ""
    closers = "".join(PAIRS[opener] for opener in reversed(_open(typed)))
    for size in range(1, len(closers) + 1):
        yield closers[:size]


def _open(typed: str) -> list[str]:
    """Return the pairs that are open at the end of the text, the outermost first; inside quotes nothing opens."""
    found: list[str] = []
    for character in typed:
        quoted = bool(found) and found[-1] == PAIRS[found[-1]]
        if found and character == PAIRS[found[-1]]:
            found.pop()
        elif character in PAIRS and not quoted:
            found.append(character)
    return found


def _within(part: str, whole: str) -> bool:
    """Whether the characters of ``part`` occur in ``whole`` in their order."""
    rest = iter(whole)
    return all(character in rest for character in part)
