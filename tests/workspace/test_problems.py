"""What an editor said is wrong is known until it says otherwise or the line changes."""

from tierwise.core.document import Document
from tierwise.core.task import Diagnostic
from tierwise.core.text import Position, Span, Text
from tierwise.workspace.documents import Change, Documents
from tierwise.workspace.problems import Problems


def wrong(line: int, message: str = "wrong") -> Diagnostic:
    return Diagnostic(uri="a", span=Span(Position(line, 0), Position(line, 4)), message=message)


def opened() -> tuple[Problems, Documents]:
    documents, problems = Documents(), Problems()
    documents.listen(problems.note)
    documents.open(Document(uri="a", version=1, language="python", text=Text.of("line\n" * 50)))
    return problems, documents


def type_in(documents: Documents, line: int, text: str) -> None:
    document = documents.get("a")
    assert document is not None
    span = Span.at(line, 0)
    documents.replace("a", None, Change(span=span, new_text=text, text=document.text.replace(span, text)))


def test_a_look_at_a_line_replaces_what_was_known_of_it_and_of_no_other() -> None:
    problems, _ = opened()
    problems.see("a", Span.at(3, 0), [wrong(3)])
    problems.see("a", Span.at(7, 2), [wrong(7)])
    problems.see("a", Span.at(3, 1), [])
    assert problems.of("a") == (wrong(7),)
    problems.see("a", Span.at(7, 0), [wrong(7), wrong(7), wrong(7, "worse")])
    assert problems.of("a") == (wrong(7), wrong(7, "worse"))


def test_problems_move_with_their_lines_and_a_changed_line_loses_its_own() -> None:
    problems, documents = opened()
    for line in (2, 5, 9):
        problems.see("a", Span.at(line, 0), [wrong(line)])
    type_in(documents, 5, "new\nlines\n")
    assert problems.of("a") == (wrong(2), wrong(11))


def test_they_go_with_their_document() -> None:
    problems, documents = opened()
    problems.see("a", Span.at(3, 0), [wrong(3)])
    documents.close("a")
    assert problems.all() == ()
