"""The scene follows what the client does."""

from pathlib import Path

from tierwise.context.watch import Watch
from tierwise.core.document import Document
from tierwise.core.task import Diagnostic
from tierwise.core.text import Position, Span, Text
from tierwise.workspace.documents import Change, Documents
from tierwise.workspace.ignore import Gate
from tierwise.workspace.places import Place
from tierwise.workspace.problems import Problems


def document(uri: str) -> Document:
    return Document(uri=uri, version=1, language="python", text=Text.of("line\n" * 50))


def watch(*uris: str) -> tuple[Watch, Documents]:
    documents = Documents()
    made = Watch(documents, Gate([Path("/project")]), (Path("/project"),))
    for uri in uris:
        documents.open(document(uri))
    return made, documents


def test_the_document_looked_at_last_comes_first() -> None:
    made, _ = watch("a", "b", "c")
    made.focus("a")
    assert [item.uri for item in made.scene().open] == ["a", "c", "b"]


def test_documents_that_were_open_before_are_part_of_it() -> None:
    documents = Documents()
    documents.open(document("a"))
    assert [item.uri for item in Watch(documents, Gate([])).scene().open] == ["a"]


def test_a_change_is_a_recent_place_and_a_look() -> None:
    made, documents = watch("a", "b")
    span = Span(Position(20, 0), Position(20, 0))
    documents.replace("a", 2, Change(span=span, new_text="x", text=document("a").text.replace(span, "x")))
    scene = made.scene()
    assert scene.recent == (Place(uri="a", first=20, last=20),)
    assert [(item.uri, item.version) for item in scene.open] == [("a", 2), ("b", 1)]


def test_the_problems_that_are_known_are_part_of_it() -> None:
    documents, problems = Documents(), Problems()
    made = Watch(documents, Gate([]), problems=problems)
    wrong = Diagnostic(uri="a", span=Span.at(1, 0), message="wrong")
    problems.see("a", Span.at(1, 0), [wrong])
    assert made.scene().diagnostics == (wrong,)


def test_a_scene_does_not_change_once_it_is_made() -> None:
    made, documents = watch("a")
    before = made.scene()
    documents.close("a")
    made.saved()
    assert [item.uri for item in before.open] == ["a"]
    assert (before.saved, made.scene().saved) == (0, 1)
