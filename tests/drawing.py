"""Documents drawn in text: ``‸`` is the cursor, ``├…┤`` what is inserted there or, in a target, the span meant."""

from typing import Any

from tierwise.core.document import Document
from tierwise.core.task import Task
from tierwise.core.text import Span, Text

CURSOR = "‸"


def at_cursor(drawing: str, language: str = "python", kind: str = "autocomplete", **fields: Any) -> Task:
    """Return a task at the drawing's cursor."""
    before, found, after = drawing.partition(CURSOR)
    assert found, "the drawing has no cursor"
    text = Text.of(before + after)
    place = text.position(len(before))
    document = Document(uri="file:///project/file.py", version=1, language=language, text=text)
    return Task(
        id="drawn", kind=kind, feature="inline_completion", document=document, span=Span(place, place), **fields
    )


def inserted(drawing: str, language: str = "python") -> tuple[Task, str]:
    """Return the task at the place of ``├…┤`` and the text drawn inside."""
    before, _, rest = drawing.partition("├")
    text, found, after = rest.partition("┤")
    assert found, "the drawing inserts nothing"
    return at_cursor(before + CURSOR + after, language), text


def over(drawing: str, language: str = "python", kind: str = "fix", **fields: Any) -> Task:
    """Return a task whose span is what ``├…┤`` encloses."""
    before, _, rest = drawing.partition("├")
    inside, found, after = rest.partition("┤")
    assert found, "the drawing encloses nothing"
    text = Text.of(before + inside + after)
    span = Span(text.position(len(before)), text.position(len(before) + len(inside)))
    document = Document(uri="file:///project/file.py", version=1, language=language, text=text)
    return Task(id="drawn", kind=kind, feature="code_action", document=document, span=span, **fields)
