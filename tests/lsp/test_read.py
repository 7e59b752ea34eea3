"""The protocol's diagnostics in core's words."""

from tierwise.core.document import Document
from tierwise.core.task import Diagnostic
from tierwise.core.text import Position, Span, Text
from tierwise.lsp.positions import Encoding
from tierwise.lsp.read import read_diagnostics

DOCUMENT = Document(uri="file:///a", version=1, language="python", text=Text.of("😀 = oops\n"))
PLACE = {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 9}}


def test_a_diagnostic_is_read_with_all_it_says() -> None:
    said = {"range": PLACE, "message": "undefined", "severity": 2, "source": "linter", "code": 821}
    span = Span(Position(0, 4), Position(0, 8))
    expected = Diagnostic(
        uri="file:///a", span=span, message="undefined", severity="warning", source="linter", code="821"
    )
    assert read_diagnostics([said], DOCUMENT, Encoding.UTF16) == (expected,)


def test_what_a_diagnostic_may_leave_out_has_a_default() -> None:
    (read,) = read_diagnostics([{"range": PLACE, "message": "undefined"}], DOCUMENT, Encoding.UTF16)
    assert (read.severity, read.source, read.code) == ("error", "", "")


def test_malformed_ones_are_left_out() -> None:
    said = [5, None, {}, {"message": "no range"}, {"range": PLACE, "message": "good", "severity": []}]
    assert [each.message for each in read_diagnostics(said, DOCUMENT, Encoding.UTF16)] == ["good"]
    assert read_diagnostics({"not": "a list"}, DOCUMENT, Encoding.UTF16) == ()
