"""Brackets and their partners."""

import pytest

from tierwise.workspace.brackets import brackets, depths


@pytest.mark.parametrize(
    ("text", "language", "closers", "openers"),
    [
        ("f(x)", "python", (), ()),
        ("x) + f(", "python", (1,), (6,)),
        ("')' + x]", "python", (7,), ()),
        ("x  # )\n)", "python", (7,), ()),
        ("don't)", "markdown", (5,), ()),
        ("`)`)", "typescript", (3,), ()),
        ("/* ) */ )", "c", (8,), ()),
        ("&'a str)", "rust", (7,), ()),
        ('"""\n)\n""")', "python", (9,), ()),
        ("(]", "python", (1,), (0,)),
    ],
)
def test_brackets_without_a_partner(
    text: str, language: str, closers: tuple[int, ...], openers: tuple[int, ...]
) -> None:
    found = brackets(text, language)
    assert (found.closers, found.openers) == (closers, openers)


def test_a_cut_may_not_part_a_bracket_from_its_partner() -> None:
    found = brackets("f(x)", "python")
    assert [at for at in range(5) if found.divides(at)] == [2, 3]


def test_a_cut_may_not_part_a_string_but_may_leave_its_end_to_the_document() -> None:
    found = brackets('abc") + "d"', "python", '"')
    assert found.outer == 3
    assert not found.divides(3)
    assert found.divides(2)
    assert found.divides(9)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("f(\na,\n)\nb", "python", [0, 1, 1, 0]),
        (") + f(\na", "python", [0, 1]),
        ('x = """\na\n"""\nb', "python", [0, 1, 1, 0]),
        ("x = '('\nb", "python", [0, 0]),
        ("f(a) {\nb\n}", "c", [0, 1, 1]),
        ("}\n}\nf(\n", "c", [0, 0, 0, 1]),
    ],
)
def test_how_deep_each_line_begins(text: str, language: str, expected: list[int]) -> None:
    assert depths(text, language) == expected
