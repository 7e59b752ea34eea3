"""Finding the lines a model quoted, where they stand and nowhere else."""

import pytest

from tierwise.core.text import Text
from tierwise.edits import MalformedError
from tierwise.edits.fit import find, indented

CODE = "class A:\n    def f(self):\n        return 1\n\n    def g(self):\n        return 1\n"


def found(text: str, quoted: str, hint: int | None = None) -> str:
    """Return the text that was found."""
    source = Text.of(text)
    return source.slice(find(source, quoted.split("\n"), hint).span)


def test_lines_are_found_as_they_are() -> None:
    assert found(CODE, "    def g(self):\n        return 1") == "    def g(self):\n        return 1\n"


def test_white_space_at_line_ends_does_not_matter() -> None:
    assert found("a = 1  \nb = 2\n", "a = 1\nb = 2 ") == "a = 1  \nb = 2\n"


def test_blank_lines_around_the_quotation_do_not_matter() -> None:
    assert found(CODE, "\n    def g(self):\n\n") == "    def g(self):\n"


def test_another_indentation_is_found_and_remembered() -> None:
    text = Text.of(CODE)
    fit = find(text, ["def g(self):", "    return 1"])
    assert text.slice(fit.span) == "    def g(self):\n        return 1\n"
    assert indented(["def g(self):", "    return 2", ""], fit) == ["    def g(self):", "        return 2", ""]


def test_too_much_indentation_is_taken_away() -> None:
    fit = find(Text.of("x = 1\ny = 2\n"), ["    x = 1", "    y = 2"])
    assert indented(["    x = 3"], fit) == ["x = 3"]


def test_an_indentation_that_differs_from_line_to_line_is_not_guessed() -> None:
    with pytest.raises(MalformedError, match="nearly does at line 1"):
        find(Text.of("if a:\n    b()\n    c()\n"), ["if a:", "  b()", "    c()"])


def test_what_stands_at_several_places_is_refused_with_their_lines() -> None:
    with pytest.raises(MalformedError, match=r"2 places \(lines 3, 6\)"):
        find(Text.of(CODE), ["        return 1"])


def test_a_hint_decides_where_it_names_a_place_exactly() -> None:
    assert find(Text.of(CODE), ["        return 1"], hint=5).span.start.line == 5
    with pytest.raises(MalformedError, match="2 places"):
        find(Text.of(CODE), ["        return 1"], hint=4)


def test_a_part_of_one_line_is_found_where_it_is_the_only_one() -> None:
    assert found("total = price * count\n", "price * count") == "price * count"
    with pytest.raises(MalformedError):
        find(Text.of("a = b + b\n"), ["b"])


def test_what_is_not_there_is_named_by_line_and_never_quoted() -> None:
    with pytest.raises(MalformedError) as caught:
        find(Text.of(CODE), ["    def g(self):", "        secret = 1", "        return 1"])
    assert "secret" not in str(caught.value)
    with pytest.raises(MalformedError, match="does not stand in the file: copy"):
        find(Text.of(CODE), ["nothing of the kind"])
