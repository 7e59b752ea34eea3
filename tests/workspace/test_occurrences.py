"""Where a name stands as a name, and how far it is known."""

import pytest

from tierwise.core.text import Text
from tierwise.workspace.occurrences import occurrences, scope_of


def places(text: str, language: str, name: str) -> list[tuple[int, int]]:
    return [(span.start.line, span.start.column) for span in occurrences(text, language, name)]


def test_comments_strings_and_parts_of_words_are_no_occurrences() -> None:
    assert places('x = 1  # x\ny = "x"\nxx = x\n', "python", "x") == [(0, 0), (2, 5)]


def test_places_count_code_points() -> None:
    assert places('a = "😀"; x = 1\n', "python", "x") == [(0, 9)]


def test_an_unknown_language_has_none() -> None:
    assert places("x = 1", "cobol", "x") == []


@pytest.mark.parametrize(
    ("drawing", "language", "inside"),
    [
        ("def f(a):\n    ‸x = a\n    return x\n", "python", "def f"),
        ("def f(‸a):\n    return a\n", "python", "def f"),
        ("def f():\n    for ‸i in y:\n        pass\n", "python", "def f"),
        ("func F() int {\n\t‸x := 1\n\treturn x\n}\n", "go", "func F"),
        ("function f(a) {\n  const ‸x = 1;\n  return x;\n}\n", "javascript", "function f"),
        ("fn f() {\n    let ‸x = 1;\n}\n", "rust", "fn f"),
    ],
)
def test_a_variable_of_a_function_is_known_in_it_only(drawing: str, language: str, inside: str) -> None:
    text = Text.of(drawing.replace("‸", ""))
    scope = scope_of(str(text), language, text.position(drawing.index("‸")))
    assert scope is not None
    assert text.slice(scope).startswith(inside)


@pytest.mark.parametrize(
    ("drawing", "language"),
    [
        ("def ‸f(a):\n    return f\n", "python"),
        ("x = 1\ndef f():\n    return ‸x\n", "python"),
        ("class ‸A:\n    pass\n", "python"),
        ("func ‸F() int {\n\treturn 1\n}\n", "go"),
    ],
)
def test_what_is_defined_outside_is_known_everywhere(drawing: str, language: str) -> None:
    text = Text.of(drawing.replace("‸", ""))
    assert scope_of(str(text), language, text.position(drawing.index("‸"))) is None
