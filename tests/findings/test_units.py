"""Documents are cut into units whose keys are made of their content alone."""

from hypothesis import given
from hypothesis import strategies as st

from tierwise.core.document import Document
from tierwise.core.text import Text
from tierwise.findings.units import LONGEST, Unit, units_of

CODE = '''\
"""A module."""
import os

LIMIT = 3

# Adds.
@cached
def add(a, b):
    return a + b


class Small:
    def one(self):
        return 1


def last():
    pass
'''


def cut(text: str, language: str = "python", uri: str = "file:///w/a.py") -> tuple[Unit, ...]:
    return units_of(Document(uri=uri, version=1, language=language, text=Text.of(text)))


def test_definitions_stand_alone_with_their_comments_and_decorators() -> None:
    module, add, small, last = cut(CODE)
    assert (add.name, add.text.splitlines()[0], add.first, add.last) == ("add", "# Adds.", 5, 8)
    assert (module.name, small.name, last.name) == ("", "Small", "last")
    assert "LIMIT = 3" in module.text


def test_the_key_is_the_same_in_another_file_at_another_line_and_with_other_line_ends() -> None:
    here = {unit.name: unit.key for unit in cut(CODE)}
    moved = "# new\nNEW = 1\n\n\n" + CODE
    there = {unit.name: unit.key for unit in cut(moved.replace("\n", "\r\n"), uri="file:///w/b.py")}
    assert {name: key for name, key in here.items() if name} == {name: key for name, key in there.items() if name}


def test_a_change_in_one_definition_leaves_the_keys_of_the_others() -> None:
    before, after = cut(CODE), cut(CODE.replace("a + b", "a - b"))
    assert [one.key == other.key for one, other in zip(before, after, strict=True)] == [True, False, True, True]


def test_the_same_text_in_another_language_is_another_unit() -> None:
    (one,), (other,) = cut("x = 1;\n", "c"), cut("x = 1;\n", "java")
    assert one.key != other.key


def test_a_long_class_is_cut_into_its_members() -> None:
    methods = "\n".join(f"    def m{number}(self):\n        return {number}\n" for number in range(60))
    units = cut(f"class Long:\n    limit = 1\n{methods}")
    assert [unit.name for unit in units[:3]] == ["Long", "Long", "Long.m0"]
    assert len(units) == 62


def test_a_function_without_end_is_cut_into_parts_of_bounded_length() -> None:
    units = cut("def f():\n" + "    x = 1\n" * 1000)
    assert max(unit.last - unit.first + 1 for unit in units) == LONGEST
    assert sum(unit.last - unit.first + 1 for unit in units) == 1001


def test_imports_alone_are_no_unit() -> None:
    assert cut("import os\nfrom sys import argv\n\n\ndef f():\n    pass\n")[0].name == "f"


def test_prose_and_data_have_no_units() -> None:
    assert cut("# Title\n", "markdown") == ()
    assert cut('{"a": 1}', "json") == ()


def test_go_methods_and_rust_implementations_have_names() -> None:
    assert [unit.name for unit in cut("package a\n\nfunc (s *S) Do() {\n}\n", "go")] == ["Do"]
    assert [unit.name for unit in cut("impl Shape {\n    fn area(&self) {}\n}\n", "rust")] == ["Shape"]


@given(st.lists(st.sampled_from([*CODE.splitlines(), "x = 1  # beside", "}", "\t", "'''"]), max_size=40))
def test_units_of_any_text_never_overlap_and_hold_its_lines(lines: list[str]) -> None:
    units = cut("\n".join(lines))
    covered = [line for unit in units for line in range(unit.first, unit.last + 1)]
    assert covered == sorted(set(covered))
    for unit in units:
        assert unit.text == "\n".join(lines[unit.first : unit.last + 1])
