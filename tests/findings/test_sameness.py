"""What the language's own servers say already is not said again."""

from dataclasses import replace

from tierwise.core.document import Document
from tierwise.core.task import Diagnostic
from tierwise.core.text import Position, Span, Text
from tierwise.findings.answers import Suspect
from tierwise.findings.finding import Concern, Finding
from tierwise.findings.sameness import distinct, unsaid
from tierwise.findings.units import units_of

DOCUMENT = Document(
    uri="file:///w/a.py", version=1, language="python", text=Text.of("X = 1\n\n\ndef f():\n    return undefined\n")
)
UNIT = units_of(DOCUMENT)[1]
FINDING = Finding(
    concern=Concern.BUG,
    severity="warning",
    title="The name undefined is not defined",
    detail="Calling it fails.",
    span=Span(Position(1, 11), Position(1, 20)),
    quote="undefined",
)
SUSPECT = Suspect(unit=UNIT, finding=FINDING)


def reported(line: int, message: str, uri: str = DOCUMENT.uri) -> Diagnostic:
    return Diagnostic(uri=uri, span=Span(Position(line, 0), Position(line, 20)), message=message, source="pyright")


def test_the_same_words_about_the_same_line_are_the_same_problem() -> None:
    assert unsaid([SUSPECT], [reported(4, '"undefined" is not defined')]) == []


def test_other_words_another_line_or_another_file_are_not() -> None:
    others = [
        reported(4, "Line too long"),
        reported(0, '"undefined" is not defined'),
        reported(4, '"undefined" is not defined', "file:///w/b.py"),
    ]
    assert unsaid([SUSPECT], others) == [SUSPECT]


def test_of_two_about_one_line_the_graver_one_stays() -> None:
    graver = replace(SUSPECT, finding=replace(FINDING, severity="error", title="It raises NameError"))
    elsewhere = replace(SUSPECT, finding=replace(FINDING, span=Span(Position(0, 0), Position(0, 3)), quote="def"))
    assert distinct([SUSPECT, graver, elsewhere]) == [graver, elsewhere]
