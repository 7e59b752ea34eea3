"""Where the user edited last, while lines move."""

from tierwise.core.document import Document
from tierwise.core.text import Position, Span, Text
from tierwise.workspace.documents import Change, Documents
from tierwise.workspace.places import KEPT, Place, Places


class Editor:
    """One that types into documents of 100 lines."""

    def __init__(self) -> None:
        self.documents, self.places = Documents(), Places()
        self.documents.listen(self.places.note)

    def open(self, uri: str) -> None:
        self.documents.open(Document(uri=uri, version=1, language="python", text=Text.of("line\n" * 100)))

    def edit(self, uri: str, first: int, last: int, new: str) -> None:
        document = self.documents.get(uri)
        assert document is not None
        span = Span(Position(first, 0), Position(last, 0))
        self.documents.replace(uri, 2, Change(span=span, new_text=new, text=document.text.replace(span, new)))

    @property
    def found(self) -> list[tuple[str, int, int]]:
        return [(place.uri, place.first, place.last) for place in self.places.latest()]


def editor() -> Editor:
    made = Editor()
    made.open("a")
    made.open("b")
    return made


def test_the_latest_place_comes_first() -> None:
    made = editor()
    made.edit("a", 10, 10, "x")
    made.edit("b", 20, 20, "x")
    made.edit("a", 50, 50, "x")
    assert made.found == [("a", 50, 50), ("b", 20, 20), ("a", 10, 10)]


def test_edits_near_each_other_are_one_place() -> None:
    made = editor()
    made.edit("a", 10, 10, "x")
    made.edit("a", 15, 15, "x")
    assert made.found == [("a", 10, 15)]


def test_lines_put_in_or_taken_out_above_move_a_place() -> None:
    made = editor()
    made.edit("a", 50, 50, "x")
    made.edit("a", 0, 0, "1\n2\n3\n")
    assert made.found == [("a", 0, 3), ("a", 53, 53)]
    made.edit("a", 20, 30, "")
    assert ("a", 43, 43) in made.found


def test_a_closed_document_is_forgotten() -> None:
    made = editor()
    made.edit("a", 10, 10, "x")
    made.edit("b", 10, 10, "x")
    made.documents.close("a")
    assert made.found == [("b", 10, 10)]


def test_only_so_many_places_are_kept() -> None:
    made = Editor()
    for number in range(KEPT + 5):
        made.open(str(number))
        made.edit(str(number), 1, 1, "x")
    assert len(made.places.latest()) == KEPT
    assert made.places.latest()[0] == Place(uri=str(KEPT + 4), first=1, last=1)
