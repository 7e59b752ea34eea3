"""Columns in all three encodings, against what Python's own encoders count."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierwise.core.text import Position, Span, Text
from tierwise.lsp.positions import (
    Encoding,
    choose_encoding,
    read_position,
    read_span,
    to_character,
    to_column,
    write_position,
    write_span,
)
from tierwise.lsp.rpc import Code, RpcError

UNIT = {Encoding.UTF8: ("utf-8", 1), Encoding.UTF16: ("utf-16-le", 2), Encoding.UTF32: ("utf-32-le", 4)}

lines = st.text(alphabet=st.sampled_from("ab \téß文字😀🏳\u200d\u0301\uffff𝔘\f\u2028"), max_size=12)
encodings = st.sampled_from(list(Encoding))


def units(text: str, encoding: Encoding) -> int:
    """Count units with Python's encoder."""
    name, width = UNIT[encoding]
    return len(text.encode(name)) // width


@given(lines, encodings, st.integers(-1, 14))
def test_a_column_becomes_the_units_before_it(line: str, encoding: Encoding, column: int) -> None:
    assert to_character(line, column, encoding) == units(line[: max(0, column)], encoding)


@given(lines, encodings, st.integers(-1, 60))
def test_units_become_the_last_column_that_starts_at_or_before_them(
    line: str, encoding: Encoding, character: int
) -> None:
    starts = [units(line[:column], encoding) for column in range(len(line) + 1)]
    expected = max((column for column, start in enumerate(starts) if start <= character), default=0)
    assert to_column(line, character, encoding) == expected


@given(lines, encodings, st.data())
def test_there_and_back_is_the_same_place(line: str, encoding: Encoding, data: st.DataObject) -> None:
    column = data.draw(st.integers(0, len(line)))
    assert to_column(line, to_character(line, column, encoding), encoding) == column


@pytest.mark.parametrize("encoding", Encoding)
def test_halves_of_pairs_count_without_an_error(encoding: Encoding) -> None:
    line = "é\ud83dx"
    assert to_column(line, to_character(line, 3, encoding), encoding) == 3


@given(st.lists(lines, min_size=1, max_size=4), encodings, st.data())
def test_spans_survive_the_way_out_and_in(rows: list[str], encoding: Encoding, data: st.DataObject) -> None:
    text = Text.of("\n".join(rows))
    ends = [text.position(data.draw(st.integers(0, len(str(text))))) for _ in range(2)]
    span = Span(min(ends), max(ends))
    assert read_span(write_span(span, text, encoding), text, encoding) == span


def test_places_outside_the_document_go_to_its_nearest_inside() -> None:
    text = Text.of("one\r\ntwo")

    def read(line: int, character: int) -> Position:
        return read_position({"line": line, "character": character}, text, Encoding.UTF16)

    assert read(0, 99) == Position(0, 3)
    assert read(0, -1) == Position(0, 0)
    assert read(-1, 2) == Position(0, 0)
    assert read(7, 0) == Position(1, 3)
    assert read(2**70, 2**70) == Position(1, 3)
    assert write_position(Position(9, 9), text, Encoding.UTF8) == {"line": 1, "character": 3}


def test_a_range_that_ends_before_it_starts_is_turned_round() -> None:
    text = Text.of("one two")
    backwards = {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 1}}
    assert read_span(backwards, text, Encoding.UTF8) == Span(Position(0, 1), Position(0, 5))


@pytest.mark.parametrize(
    "value", [None, 3, [], {}, {"line": 0}, {"line": "0", "character": 0}, {"line": 0.5, "character": 0}]
)
def test_what_is_no_position_is_an_error(value: object) -> None:
    with pytest.raises(RpcError) as caught:
        read_position(value, Text.of("x"), Encoding.UTF16)
    assert caught.value.code == Code.INVALID_PARAMS
    with pytest.raises(RpcError):
        read_span({"start": value, "end": value}, Text.of("x"), Encoding.UTF16)


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ({}, Encoding.UTF16),
        ({"general": {}}, Encoding.UTF16),
        ({"general": {"positionEncodings": []}}, Encoding.UTF16),
        ({"general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]}}, Encoding.UTF8),
        ({"general": {"positionEncodings": ["utf-32", "utf-8", "utf-16"]}}, Encoding.UTF32),
        ({"general": {"positionEncodings": ["utf-7", 8, None, "utf-32"]}}, Encoding.UTF32),
        ({"general": "nonsense"}, Encoding.UTF16),
    ],
)
def test_the_encoding_is_the_client_s_first_that_we_know(client: dict[str, Any], expected: Encoding) -> None:
    assert choose_encoding(client) is expected
