"""What the menu offers where, drawn: ``‸`` is the cursor, ``├…┤`` the selection."""

import pytest

from tierwise import tasks
from tierwise.core.document import Document
from tierwise.core.task import Diagnostic
from tierwise.core.text import Span, Text
from tierwise.features import menu


def offered(drawing: str, language: str = "python", only: list[str] | None = None) -> dict[str, menu.Entry]:
    """Return the menu's entries by title."""
    start = drawing.find("├") if "├" in drawing else drawing.index("‸")
    plain = drawing.replace("├", "").replace("‸", "")
    stop = plain.index("┤") if "┤" in plain else start
    text = Text.of(plain.replace("┤", ""))
    document = Document(uri="file:///a", version=1, language=language, text=text)
    sight = menu.look(document, Span(text.position(start), text.position(stop)))
    return {entry.title: entry for entry in menu.entries(sight, (), tasks.offered(), only)}


@pytest.mark.parametrize(
    ("drawing", "language", "title"),
    [
        ("def ‸f(a):\n    return a\n", "python", "Generate docstring"),
        ("class ‸A:\n    x = 1\n", "python", "Write tests for this"),
        ("def f(a):\n    ‸return a\n", "python", "Add type annotations"),
        ("def ‸f(a):\n    ...\n", "python", "Implement this"),
        ('def ‸f(a):\n    """Say."""\n    # soon\n    pass\n\nx = 1\n', "python", "Implement this"),
        ("def ‸f(\n    a,\n):\n    raise NotImplementedError\n", "python", "Implement this"),
        ("func ‸F() error {\n\treturn nil\n}\n", "go", "Implement this"),
        ('func (s *S) ‸F() {\n\tpanic("not implemented")\n}\n', "go", "Implement this"),
        ("fn ‸f() {\n    todo!()\n}\n", "rust", "Implement this"),
        ("export function ‸f(): void {\n}\n", "typescript", "Implement this"),
        (
            "class A {\n  ‸f(a: number) {\n    throw new Error('Not implemented');\n  }\n}\n",
            "typescript",
            "Implement this",
        ),
        ("y = ├a + b┤ * 2\n", "python", "Extract variable"),
        ("├a = 1\nb = 2┤\n", "python", "Extract function"),
        ("├a = 1\nb = 2┤\n", "python", "Sort these lines"),
        ("├a = 1\nb = 2┤\n", "python", "Explain in comments"),
        ("const ‸x = 1;\n", "typescript", "Inline variable"),
        ("if ‸a:\n    b()\n", "python", "Invert condition"),
        ('x = "%s" ‸% name\n', "python", "Use an f-string"),
        ("const s = 'a' + ‸name;\n", "typescript", "Use a template literal"),
        ("for a in ‸b:\n    c.append(a)\n", "python", "Convert between loop and comprehension"),
        ("const f = (a) =>‸ a;\n", "typescript", "Convert between function and arrow function"),
        ("va‸lue = 1\n", "python", "Suggest a better name"),
        ("a\n<<<<<<< ours\nb‸\n=======\nc\n>>>>>>> theirs\n", "python", "Resolve this conflict"),
        ('@app.get("/a‸")\ndef f(): pass\n', "python", "Add an endpoint like this"),
        ("-- count ‸of all orders\n", "sql", "Write the query that this comment describes"),
        ("‸\n", "python", "Audit the security of this file"),
    ],
)
def test_it_is_offered(drawing: str, language: str, title: str) -> None:
    assert title in offered(drawing, language)


@pytest.mark.parametrize(
    ("drawing", "language", "title"),
    [
        ("def f(a):\n    ‸return a\n", "python", "Generate docstring"),
        ("def ‸f(a):\n    return a\n", "python", "Implement this"),
        ("func ‸F() int {\n\treturn 1\n}\n", "go", "Implement this"),
        ("def ‸f(a: int) -> int:\n    return a\n", "python", "Add type annotations"),
        ("x = ‸1\n", "python", "Suggest a better name"),
        ("‸return x\n", "python", "Suggest a better name"),
        ('x = f"{name}"‸\n', "python", "Use an f-string"),
        ("y = ‸a + b\n", "python", "Extract variable"),
        ("├a = 1┤\n", "python", "Extract function"),
        ("<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\nd‸\n", "python", "Resolve this conflict"),
        ("if ‸a:\n", "python", "Use a template literal"),
        ("if (a) {‸\n}\n", "typescript", "Generate docstring"),
    ],
)
def test_it_is_not_offered(drawing: str, language: str, title: str) -> None:
    assert title not in offered(drawing, language)


def test_what_is_asked_for_by_its_kind_and_cannot_be_done_says_why() -> None:
    entry = offered("a = ‸1\n", only=["refactor.extract.variable"])["Extract variable"]
    assert entry.disabled == "Select the expression to extract."


def test_the_instruction_names_the_line_and_the_selection() -> None:
    assert "`a + b`" in offered("y = ├a + b┤ * 2\n")["Extract variable"].instruction
    assert "`if a:`" in offered("if ‸a:\n    b()\n")["Invert condition"].instruction


def test_a_fix_is_offered_for_each_problem_first() -> None:
    document = Document(uri="file:///a", version=1, language="python", text=Text.of("x = 1\n"))
    problems = [Diagnostic(uri=document.uri, span=Span.at(0, 0), message=name * 70) for name in "ab"]
    sight = menu.look(document, Span.at(0, 0))
    found = [(entry.title, entry.diagnostic) for entry in menu.entries(sight, problems, tasks.offered())][:2]
    assert found == [("Fix with Tierwise: " + name * 59 + "…", at) for at, name in enumerate("ab")]
