"""Text against a plain string: whatever the line ends and edits, both say the same."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierwise.core.text import CHUNK, Position, Span, Text, split_lines

LINE_END = re.compile("\r\n|\r|\n")

# Everything that some tool somewhere takes for a line end, characters of one to four bytes, and an invisible one.
PIECES = ["a", "bc ", "\n", "\r", "\r\n", "\f", "\v", "\x1c", "\x85", "\u2028", "\u2029", "é", "文", "😀", "\u200d", ""]

texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
places = st.tuples(st.integers(-1, 9), st.integers(-1, 9)).map(lambda pair: Position(*pair))


def reference_lines(text: str) -> list[str]:
    """Split at the protocol's line ends, by its own words: ``\\n``, ``\\r\\n`` and ``\\r``."""
    return LINE_END.split(text)


def reference_offset(text: str, place: Position) -> int:
    """Walk to the place, clamped."""
    if place.line < 0:
        return 0
    starts = [0, *(end.end() for end in LINE_END.finditer(text))]
    if place.line >= len(starts):
        return len(text)
    length = len(reference_lines(text)[place.line])
    return starts[place.line] + max(0, min(place.column, length))


def reference_replace(text: str, span: Span, new: str) -> str:
    """Cut and paste."""
    start = reference_offset(text, span.start)
    end = max(start, reference_offset(text, span.end))
    return text[:start] + new + text[end:]


def agree(text: Text, plain: str) -> None:
    """Assert that both are the same text with the same lines."""
    lines = reference_lines(plain)
    assert "".join(text.raw_lines()) == plain
    assert str(text) == plain
    assert text.line_count == len(lines)
    assert [text.line(number) for number in range(text.line_count)] == lines


@given(texts)
def test_lines_end_where_the_protocol_says_and_nowhere_else(plain: str) -> None:
    agree(Text.of(plain), plain)
    assert [line.rstrip("\r\n") for line in split_lines(plain)] == reference_lines(plain)


@given(texts, st.lists(st.tuples(places, places, texts), max_size=8))
@settings(max_examples=300)
def test_any_edits_do_what_cutting_and_pasting_does(plain: str, edits: list[tuple[Position, Position, str]]) -> None:
    text = Text.of(plain)
    for start, end, new in edits:
        text, plain = text.replace(Span(start, end), new), reference_replace(plain, Span(start, end), new)
        agree(text, plain)


@given(st.lists(st.tuples(st.integers(0, 3 * CHUNK), st.integers(0, 2 * CHUNK), st.integers(0, 3 * CHUNK)), max_size=5))
@settings(max_examples=40, deadline=None)
def test_edits_across_chunks_keep_offsets_and_lines(edits: list[tuple[int, int, int]]) -> None:
    plain = "".join(f"line {number}\n" for number in range(2 * CHUNK + 7))
    text = Text.of(plain)
    assert text.offset(text.end) == len(plain)
    for line, removed, added in edits:
        span = Span(Position(line, 2), Position(line + removed, 3))
        new = "x\n" * added
        text, plain = text.replace(span, new), reference_replace(plain, span, new)
        assert str(text) == plain
        assert text.line_count == plain.count("\n") + 1
        middle = Position(text.line_count // 2, 1)
        assert text.offset(middle) == reference_offset(plain, middle)
        assert text.position(text.offset(middle)) == text.clamp(middle)


@given(texts, places)
def test_an_offset_counts_the_characters_before_a_place(plain: str, place: Position) -> None:
    assert Text.of(plain).offset(place) == reference_offset(plain, place)


@given(texts, st.integers(-2, 40))
def test_a_place_leads_back_to_its_offset_unless_inside_a_line_end(plain: str, offset: int) -> None:
    text = Text.of(plain)
    inside = 0 < offset < len(plain) and plain[offset - 1 : offset + 1] == "\r\n"
    expected = offset - 1 if inside else max(0, min(offset, len(plain)))
    assert text.offset(text.position(offset)) == expected


@given(texts, places, places)
def test_a_slice_is_the_text_between_two_places(plain: str, start: Position, end: Position) -> None:
    first, last = reference_offset(plain, start), reference_offset(plain, end)
    assert Text.of(plain).slice(Span(start, end)) == plain[first:last]


@given(texts, places, st.integers(-1, 40))
def test_before_and_after_are_the_text_around_a_place_up_to_a_limit(plain: str, place: Position, limit: int) -> None:
    text, offset = Text.of(plain), reference_offset(plain, place)
    assert text.before(place, limit) == plain[max(0, offset - max(0, limit)) : offset]
    assert text.after(place, limit) == plain[offset : offset + max(0, limit)]


def test_before_and_after_reach_across_chunks() -> None:
    plain = "".join(f"line {number}\n" for number in range(4 * CHUNK))
    text, place = Text.of(plain), Position(2 * CHUNK + 3, 1)
    offset = reference_offset(plain, place)
    assert text.before(place, 10**6) == plain[:offset]
    assert text.after(place, 10**6) == plain[offset:]
    assert text.before(place, 3000) == plain[offset - 3000 : offset]
    assert text.after(place, 3000) == plain[offset : offset + 3000]


@given(texts, st.integers(-2, 9), st.integers(-2, 9))
def test_raw_lines_yield_a_range_of_lines(plain: str, start: int, stop: int) -> None:
    assert list(Text.of(plain).raw_lines(start, stop)) == split_lines(plain)[max(0, start) : max(0, stop)]


@given(texts, texts)
def test_texts_are_equal_when_their_characters_are(one: str, other: str) -> None:
    built = Text.of("").replace(Span.at(0, 0), one)
    assert (built == Text.of(other)) == (one == other)
    assert built == Text.of(one)
    assert hash(built) == hash(Text.of(one))


def test_an_edit_leaves_the_older_text_alone() -> None:
    old = Text.of("one\ntwo\n")
    new = old.replace(Span(Position(0, 0), Position(0, 3)), "1")
    assert (str(old), str(new)) == ("one\ntwo\n", "1\ntwo\n")


def test_an_edit_makes_one_new_line_and_shares_all_others() -> None:
    old = Text.of("".join(f"line {number}\n" for number in range(20 * CHUNK)))
    new = old.replace(Span.at(10 * CHUNK, 0), "x")
    pairs = zip(old.raw_lines(), new.raw_lines(), strict=True)
    assert [number for number, (before, after) in enumerate(pairs) if before is not after] == [10 * CHUNK]


@pytest.mark.parametrize("number", [-1, 2])
def test_a_line_that_is_not_there_is_an_error(number: int) -> None:
    with pytest.raises(IndexError):
        Text.of("one\ntwo").line(number)
