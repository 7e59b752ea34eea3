"""How replies become edits."""

import pytest

from drawing import at_cursor, over
from tierwise import edits
from tierwise.core.edit import TextEdit
from tierwise.core.task import Task


def after(form: str, reply: str, task: Task) -> str:
    """Return the document with the reply's edit applied."""
    candidate = edits.load(form).read(reply, task)
    (edit,) = candidate.edits
    assert isinstance(edit, TextEdit)
    assert task.document is not None
    assert edit.version == task.document.version
    return str(task.document.text.replace(edit.span, edit.new_text))


def test_an_insertion_goes_to_the_cursor() -> None:
    assert after("insertion", "1", at_cursor("x = ‸\n")) == "x = 1\n"


def test_an_insertion_takes_the_line_ends_of_its_document() -> None:
    assert after("insertion", "1\ny = 2", at_cursor("x = ‸\r\n")) == "x = 1\r\ny = 2\r\n"


def test_an_empty_insertion_has_no_edit() -> None:
    assert edits.load("insertion").read("", at_cursor("x = ‸")).edits == ()


def test_a_span_gets_back_the_indentation_that_the_model_took_away() -> None:
    task = over("class A:\n├    def f(self):\n        return 1┤\n")
    assert after("span", "def f(self):\n    return 2\n", task) == "class A:\n    def f(self):\n        return 2\n"


def test_a_span_that_came_with_its_indentation_is_left_alone() -> None:
    task = over("class A:\n├    def f(self):\n        return 1┤\n")
    reply = "    def f(self):\n        return 2"
    assert after("span", reply, task) == "class A:\n    def f(self):\n        return 2\n"


def test_a_span_without_code_is_malformed() -> None:
    with pytest.raises(edits.MalformedError, match="no code"):
        edits.load("span").read(" \n", over("├x┤"))


@pytest.mark.parametrize(
    ("reply", "written"),
    [
        ("Add two numbers.", '    """Add two numbers."""\n'),
        ('"""Add two numbers."""', '    """Add two numbers."""\n'),
        ("Add.\n\nArgs:\n    a: One.", '    """Add.\n\n    Args:\n        a: One.\n    """\n'),
        ("Split at \\n.", '    """Split at \\\\n."""\n'),
    ],
)
def test_a_python_docstring_is_quoted_indented_and_escaped(reply: str, written: str) -> None:
    task = at_cursor("def f(a):\n‸    return a\n", kind="docstring", facts={"indent": "    "})
    assert after("docstring", reply, task) == f"def f(a):\n{written}    return a\n"


def test_a_docstring_that_quotes_a_docstring_still_parses() -> None:
    import ast

    task = at_cursor("def f(a):\n‸    return a\n", kind="docstring", facts={"indent": "    "})
    tree = ast.parse(after("docstring", 'Write """ around it.', task))
    assert ast.get_docstring(tree.body[0]) == 'Write """ around it.'  # type: ignore[arg-type]  # it is a function


@pytest.mark.parametrize(
    ("language", "reply", "written"),
    [
        ("go", "Add adds.\nIt is quick.", "// Add adds.\n// It is quick.\n"),
        ("typescript", "Adds.", "/** Adds. */\n"),
        ("typescript", "Adds.\n\n@param a one", "/**\n * Adds.\n *\n * @param a one\n */\n"),
        ("typescript", "/**\n * Adds.\n * @param a one\n */", "/**\n * Adds.\n * @param a one\n */\n"),
    ],
)
def test_documentation_is_marked_in_the_language_s_way(language: str, reply: str, written: str) -> None:
    task = at_cursor("‸f\n", language=language, kind="docstring", facts={"indent": ""})
    assert after("docstring", reply, task) == f"{written}f\n"
