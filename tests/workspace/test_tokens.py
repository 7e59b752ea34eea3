"""Tokens: split without loss, numbered alike line by line and in bulk."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierwise.core.text import Position, Span, Text
from tierwise.workspace.numbering import number_texts
from tierwise.workspace.open_file import GROWTH, LINES_AFTER, LINES_BEFORE, OpenFile
from tierwise.workspace.tokens import BLANK, DEEPER, FILE, SAME, SHALLOWER, UNKNOWN, Vocabulary, split

PIECES = [
    "a", "foo_1", " ", "  ", "\t", "\n", "\r\n", "\r", "\n    ", "\n\t", "\f", "\x85", "\u2028", "é", "文", "😀",
    "\ud800", "1.5e3", '"""', "'", "==", "=>", "->", "(", ")", "#", "\u202e", "\0",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@given(texts)
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(split(text)) == text


@pytest.mark.parametrize(
    ("code", "tokens"),
    [
        ("x = foo(a, b)", ["x", " =", " foo", "(", "a", ",", " b", ")"]),
        ("a  ==b", ["a", " ", " ==", "b"]),
        ("if x:\n    y\n", ["if", " x", ":", "\n    ", "y", "\n"]),
        ("'two words'", ["'", "two", " words", "'"]),
        ("3.14 + 2e5", ["3.14", " +", " 2e5"]),
        ("f('''x''')", ["f", "(", "'''", "x", "'''", ")"]),
        ("x  \r\n", ["x", "  ", "\r\n"]),
    ],
)
def test_tokens_are_words_with_the_space_before_them(code: str, tokens: list[str]) -> None:
    assert split(code) == tokens


@given(texts)
def test_a_file_read_line_by_line_has_the_numbers_of_the_whole_text(text: str) -> None:
    """The index reads whole texts, the open file lines; contexts only match if both say the same."""
    row = number_texts([text.replace("\r\n", "\n").replace("\r", "\n")])
    file = OpenFile(Vocabulary(row.words))
    file.follow(Text.of(text.replace("\r\n", "\n").replace("\r", "\n")), 0, typing=False)
    assert file.tokens.tolist() == row.tokens.tolist()


def test_several_texts_lie_in_one_row_each_behind_its_file_token() -> None:
    row = number_texts(["a b", "", "b\n"])
    assert [int(row.tokens[start]) >> 1 for start in row.starts] == [FILE, FILE, FILE]
    assert row.words == ["a", "b"]


def test_line_ends_tell_the_direction_of_the_indentation_only() -> None:
    shallow, deep = number_texts(["if a:\n  b\nc\n\nd"]), number_texts(["\tif a:\n\t\tb\n\tc\n\n\td"])
    turns = [int(token) >> 1 for token in shallow.tokens if token >> 1 < UNKNOWN]
    assert turns == [FILE, DEEPER, SHALLOWER, BLANK, SAME]
    assert [int(token) >> 1 for token in deep.tokens if token >> 1 < UNKNOWN][1:] == turns[1:]


edits = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3), st.integers(0, 6), texts), max_size=6)


@settings(max_examples=60)
@given(texts, edits)
def test_a_file_followed_through_edits_is_the_file_read_anew(
    text: str, changes: list[tuple[int, int, int, str]]
) -> None:
    vocabulary = Vocabulary()
    followed, whole = OpenFile(vocabulary), Text.of(text)
    followed.follow(whole, 0, typing=False)
    for line, lines, column, new in changes:
        whole = whole.replace(Span(Position(line, column), Position(line + lines, column)), new)
        followed.follow(whole, 0, typing=False)
    anew = OpenFile(vocabulary)
    anew.follow(whole, 0, typing=False)
    assert followed.tokens.tolist() == anew.tokens.tolist()
    assert followed.starts.tolist() == anew.starts.tolist()


def test_a_huge_file_is_read_around_the_cursor_and_bit_by_bit() -> None:
    """No single keystroke pays for a large file; inside the window nothing is missing."""
    file = OpenFile(Vocabulary())
    text = Text.of("".join(f"x{number} = 1\n" for number in range(50_000)))
    at = file.follow(text, 40_000)
    assert len(file.starts) <= 2 * GROWTH
    while not file.is_whole(text, 40_000):
        before = len(file.starts)
        at = file.follow(text, 40_000)
        assert before < len(file.starts) <= before + 2 * GROWTH
    assert len(file.starts) == LINES_BEFORE + LINES_AFTER
    head, _ = file.around(at)
    assert file.vocabulary.word(head[-3] >> 1) == "x39999"


def test_lines_that_come_and_go_in_a_huge_file_cost_only_themselves() -> None:
    vocabulary = Vocabulary()
    file, text = OpenFile(vocabulary), Text.of("x = 1\n" * 20_000)
    while not file.is_whole(text, 10_000):
        file.follow(text, 10_000, typing=False)
    known = len(vocabulary)
    for number in range(20):
        text = text.replace(
            Span(Position(10_000, 0), Position(10_000 + number % 2, 0)), f"new{number}\n" * (number % 3)
        )
        at = file.follow(text, 10_000, typing=False)
        start = int(file.starts[at])
        first = vocabulary.text(int(file.tokens[start + 1]))
        assert text.line(10_000).startswith(first)
    assert len(vocabulary) > known


def test_a_half_written_word_is_no_word_until_the_line_is_left() -> None:
    vocabulary = Vocabulary()
    file, text = OpenFile(vocabulary), Text.of("a = 1\n\nb = 2\n")
    for number, character in enumerate("customer"):
        text = text.replace(Span.at(1, number), character)
        file.follow(text, 1)
    assert vocabulary.find("custo") == vocabulary.find("customer") == UNKNOWN
    file.follow(text, 2)
    assert vocabulary.find("custo") == UNKNOWN
    assert vocabulary.find("customer") != UNKNOWN


def test_words_with_one_beginning_are_found_also_when_they_came_later() -> None:
    vocabulary = Vocabulary(["bar", "foo", "fool", "zoo"])
    late = vocabulary.add("food")
    words, others = vocabulary.beginning_with("foo")
    assert [vocabulary.word(number) for number in words] == ["foo", "fool"]
    assert others == (late,)
    assert vocabulary.word(late) == "food"
    assert vocabulary.find("nobody") == UNKNOWN
