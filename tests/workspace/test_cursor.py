"""What stands at the cursor, and how much is to be written there."""

import pytest

from drawing import at_cursor
from tierwise.workspace import cursor
from tierwise.workspace.cursor import Cursor, Extent, Rest, Standing


def looked(drawing: str, language: str = "python") -> Cursor:
    task = at_cursor(drawing, language)
    assert task.document is not None
    assert task.span is not None
    return cursor.look(task.document, task.span.start)


STANDINGS = [
    ("python", "x = ‸", Standing.CODE),
    ("python", "x = fo‸", Standing.CODE),
    ("python", "x = fo‸o", Standing.IDENTIFIER),
    ("python", "größ‸e = 1", Standing.IDENTIFIER),
    ("python", "# say ‸", Standing.COMMENT),
    ("python", "# say\n‸\nx = 1\n", Standing.CODE),
    ("python", "# say\n‸", Standing.CODE),
    ("python", '"""A.\n‸\nB.\n"""\n', Standing.STRING),
    ("python", "x = 'a'\n‸\n", Standing.CODE),
    ("typescript", "/**\n * say‸\n */\n", Standing.COMMENT),
    ("typescript", "/**\n * say‸\nfunction f() {}\n", Standing.COMMENT),
    ("typescript", "/* a\n‸\n*/\nx = 1\n", Standing.COMMENT),
    ("python", "x = 1  # say‸\ny = 2\n", Standing.COMMENT),
    ("python", "x = 'a‸b'", Standing.STRING),
    ("python", "x = 'ab'‸", Standing.CODE),
    ("python", 'x = "ab‸', Standing.STRING),
    ("python", 'f(""‸)', Standing.CODE),
    ("python", 'f("‸")', Standing.STRING),
    ("python", 'f(f"{na‸}")', Standing.CODE),
    ("python", 'def f():\n    """Say\n    what‸\n    """\n', Standing.STRING),
    ("python", "x = '# no comment'; y = ‸", Standing.CODE),
    ("python", "x = '😀😀'; y = '😀‸'", Standing.STRING),
    ("python", "x = 'שלום'; y = ‸", Standing.CODE),
    ("python", '"""What it is.\n\nMore of it,\nat the margin.\n"""\nx = ‸\n', Standing.CODE),
    ("python", '"""What it is.\n\nMore of it‸\n"""\nx = 1\n', Standing.STRING),
    ("typescript", "const a = `x ${na‸}`;", Standing.CODE),
    ("typescript", "const a = `x ‸`;", Standing.STRING),
    ("typescript", "// say‸", Standing.COMMENT),
    ("typescript", "/* say‸ */", Standing.COMMENT),
    ("typescript", "/* said */‸", Standing.CODE),
    ("go", 'fmt.Println("a‸")', Standing.STRING),
    ("rust", "fn f<'a>(x: &'a str) { ‸ }", Standing.CODE),
    ("rust", 'let s = "a‸";', Standing.STRING),
    ("lua", "-- say‸", Standing.COMMENT),
    ("lua", "x = 'a‸", Standing.STRING),
    ("lua", "x = don't‸", Standing.CODE),
    ("c", "/* say‸", Standing.COMMENT),
    ("markdown", "Don't say # this‸", Standing.CODE),
    ("", "‸", Standing.CODE),
]


@pytest.mark.parametrize(("language", "drawing", "standing"), STANDINGS)
def test_what_the_cursor_stands_in(language: str, drawing: str, standing: Standing) -> None:
    assert looked(drawing, language).standing is standing


@pytest.mark.parametrize(
    ("drawing", "quote"),
    [("f('‸')", "'"), ('f("‸', '"'), ('x = """a‸"""', '"""'), ("x = ‸", ""), ('x = f"a {b‸} c"', '"')],
)
def test_the_quotation_mark_of_the_string_around_the_cursor_is_told(drawing: str, quote: str) -> None:
    assert looked(drawing).quote == quote


@pytest.mark.parametrize(
    ("drawing", "rest"),
    [
        ("f(‸)", Rest.CLOSING),
        ("f(‸", Rest.NOTHING),
        ("f(‸  ", Rest.NOTHING),
        ("f(‸'])};", Rest.CLOSING),
        ("f(‸a)", Rest.CODE),
    ],
)
def test_what_follows_on_the_line(drawing: str, rest: Rest) -> None:
    assert looked(drawing).rest is rest


@pytest.mark.parametrize(
    ("drawing", "header"),
    [("if (‸) {", True), ("xs.map((‸) => {", True), ("f(‸, b)", False), ("f(‸)", False), ("x = {‸ {", False)],
)
def test_a_header_that_only_lacks_its_condition_is_known(drawing: str, header: bool) -> None:
    assert looked(drawing, "typescript").header is header


EXTENTS = [
    ("python", "x = ‸\n", (Extent.LINE, 0, -1)),
    ("python", "def f(a):\n    ‸", (Extent.BODY, 4, 0)),
    ("python", "def f(a):‸", (Extent.BODY, 1, 0)),
    ("python", "class A:\n    def f(‸)\n", (Extent.BODY, 5, 4)),
    ("python", "def f(a):‸\n    return a\n", (Extent.LINE, 0, -1)),
    ("python", "if a:\n    ‸\nb()\n", (Extent.BLOCK, 4, 0)),
    ("python", "def f(\n    a,\n):\n    ‸\n", (Extent.BODY, 4, 0)),
    ("python", "def f(a,\n      b):‸\n", (Extent.BODY, 1, 0)),
    ("python", "def f(a,\n      b):\n    ‸\n", (Extent.BODY, 4, 0)),
    ("python", "if (a and\n        b):\n    ‸\n", (Extent.BLOCK, 4, 0)),
    ("python", "x = f(a,\n      b)‸\n", (Extent.LINE, 6, -1)),
    ("python", '"""A.\n\n‸\nB.\n"""\n', (Extent.LINE, 0, -1)),
    ("typescript", "  async f(\n    a: A,\n  ): Promise<void> {‸\n", (Extent.BODY, 3, 2)),
    ("python", "def f():\n    a = 1\n    ‸\n    return a\n", (Extent.BLOCK, 4, 0)),
    ("python", "import a\n\n\n‸\n", (Extent.BLOCK, 0, -1)),
    ("python", "x = f(a‸ + b)\n", (Extent.LINE, 0, -1)),
    ("python", "    # say ‸\n", (Extent.LINE, 4, -1)),
    ("typescript", "function f() {‸}\n", (Extent.BODY, 1, 0)),
    ("typescript", "  get‸\n}\n", (Extent.BODY, 3, 2)),
    ("typescript", "a.on('x', (data) => {\n  ‸\n})\n", (Extent.BODY, 2, 0)),
    ("typescript", "  update(value): Foo {\n    ‸\n  }\n", (Extent.BODY, 4, 2)),
    ("typescript", "  for (const a of b) {\n    ‸\n  }\n", (Extent.BLOCK, 4, 2)),
    ("typescript", "const a = {\n  ‸\n}\n", (Extent.BLOCK, 2, 0)),
    ("go", "func f() {\n\t‸\n}\n", (Extent.BODY, 4, 0)),
    ("ruby", "def f\n  ‸\nend\n", (Extent.BODY, 2, 0)),
    ("c", "int main(void) {\r\n    ‸\r\n}\r\n", (Extent.BODY, 4, 0)),
    ("yaml", "jobs:\n  ‸\n", (Extent.BLOCK, 2, 0)),
]


@pytest.mark.parametrize(("language", "drawing", "extent"), EXTENTS)
def test_how_much_is_to_be_written(language: str, drawing: str, extent: tuple[Extent, int, int]) -> None:
    found = looked(drawing, language)
    assert (found.extent, found.floor, found.parent) == extent


@pytest.mark.parametrize(
    ("drawing", "finished"),
    [("return x;‸", True), ("    pass‸", True), ("x = 1‸", False), ("f(‸);", False), ("'a;‸'", False), ("}‸", True)],
)
def test_a_finished_statement_is_known(drawing: str, finished: bool) -> None:
    assert looked(drawing).finished is finished


def test_facts_tell_the_cursor() -> None:
    found = looked("def f('‸'")
    assert cursor.of_facts(found.facts) == found
    assert cursor.of_facts({}) is None


def test_every_key_of_a_typed_line_gives_what_a_fresh_look_gives() -> None:
    """The tree that follows the keys never differs from one parsed at once."""
    line = "    total = sum(x['é😀'] for x in \"ab\")  # done"
    head, tail = "def f(xs):\n", "\n    return total\n\ndef g():\n    pass\n"
    for stop in range(len(line) + 1):
        drawing = head + line[:stop] + "‸" + tail
        followed = looked(drawing)
        fresh = at_cursor(drawing, "python")
        assert fresh.document is not None
        assert fresh.span is not None
        from dataclasses import replace

        elsewhere = replace(fresh.document, uri=f"file:///fresh/{stop}.py")
        assert cursor.look(elsewhere, fresh.span.start) == followed, line[:stop]
