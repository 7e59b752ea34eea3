"""Definitions and flaws."""

from drawing import at_cursor
from tierwise.core.text import Span
from tierwise.workspace import syntax


def definition(drawing: str, language: str = "python"):
    task = at_cursor(drawing, language)
    assert task.document is not None
    assert task.span is not None
    found = syntax.definition_at(str(task.document.text), task.span.start, language)
    return found, task.document.text


def test_the_innermost_definition_is_found() -> None:
    found, _ = definition("class A:\n    def f(self, x):\n        return ‸x\n")
    assert found is not None
    assert (found.name, found.header) == ("f", "def f(self, x):")


def test_decorators_belong_to_the_definition() -> None:
    found, text = definition("@cached\ndef f():\n    ‸pass\n")
    assert found is not None
    assert text.slice(found.span) == "@cached\ndef f():\n    pass"


def test_a_docstring_is_found() -> None:
    found, text = definition('def f():\n    """Do."""\n    ‸pass\n')
    assert found is not None
    assert found.doc is not None
    assert text.slice(found.doc) == '"""Do."""'


def test_comments_right_above_are_the_documentation() -> None:
    found, text = definition("package a\n\n// Old.\n\n// Add adds.\n// Quickly.\nfunc Add() { ‸ }\n", "go")
    assert found is not None
    assert found.doc is not None
    assert text.slice(found.doc) == "// Add adds.\n// Quickly."


def test_places_are_code_points_also_behind_emoji() -> None:
    found, text = definition('x = "😀😀"; y = "é"\ndef f(): ‸pass\n')
    assert found is not None
    assert text.slice(found.span) == "def f(): pass"


def test_flaws_of_every_known_language_are_found() -> None:
    broken = {
        "python": "def f(:\n",
        "javascript": "function f( {",
        "typescript": "const a: = 1",
        "go": "func f( {",
        "rust": "fn f( {",
        "java": "class A { void f( {} }",
        "c": "int f( {",
        "cpp": "class A { void f( };",
        "csharp": "class A { void F( {} }",
        "ruby": "def f(\n",
        "php": "<?php function f( {",
        "shellscript": "f() {\n",
        "json": '{"a": }',
        "toml": "a = ",
    }
    for language, text in broken.items():
        assert syntax.known(language)
        assert syntax.flaws(text, language), language


def test_a_flaw_says_where() -> None:
    (flaw,) = syntax.flaws("a = 1\nb = (\n", "python")
    assert flaw.span == Span.at(1, 4)


def test_absurd_nesting_is_a_flaw_and_no_crash() -> None:
    assert syntax.flaws("(" * 100_000, "python")
    assert syntax.flaws("[" * 100_000, "json")
