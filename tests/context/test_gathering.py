"""Everything that stands beside the cursor, from real files, a real repository and real open documents."""

import asyncio
import logging
import subprocess
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tierwise import context
from tierwise.context.gathering import Gathered, Gatherer
from tierwise.context.packing import ORDER
from tierwise.context.scene import Excerpt, Scene
from tierwise.core.document import Document
from tierwise.core.task import Diagnostic, Snippet, Task
from tierwise.core.text import Position, Span, Text
from tierwise.workspace.grammars import language_of
from tierwise.workspace.ignore import Gate
from tierwise.workspace.places import Place

CURSOR = "‸"


class Project:
    """A workspace on disk, some of its files open; the last one opened holds the cursor."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.open: list[Document] = []
        self.task: Task | None = None

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def show(self, name: str, drawing: str, version: int = 1) -> Document:
        before, found, after = drawing.partition(CURSOR)
        path = self.write(name, before + after)
        text = Text.of(before + after)
        document = Document(uri=path.as_uri(), version=version, language=language_of(name), text=text)
        self.open = [document, *(other for other in self.open if other.uri != document.uri)]
        if found:
            span = Span(text.position(len(before)), text.position(len(before)))
            self.task = Task(id="t", kind="autocomplete", feature="inline_completion", document=document, span=span)
        return document

    def scene(self, **fields: object) -> Scene:
        gate = Gate([self.root])
        return Scene(reader=gate, open=tuple(self.open), roots=gate.roots, **fields)  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path.resolve())


@pytest.fixture
async def gatherer() -> AsyncIterator[Gatherer]:
    made = Gatherer()
    yield made
    made.close()


def around(task: Task, lines: int = 5) -> Span:
    """Return the part that a prompt with so many lines would show."""
    assert task.span is not None
    here = task.span.start.line
    return Span(Position(max(0, here - lines), 0), Position(here + lines, 0))


async def gathered(
    project: Project, gatherer: Gatherer, scene: Scene, budget: int = 6_000, shown: Span | None = None
) -> Gathered:
    assert project.task is not None
    return await gatherer.gather(scene, project.task, shown or around(project.task), budget, seconds=10)


def by_source(found: Gathered, source: str) -> list[Snippet]:
    return [snippet for snippet in found.snippets if snippet.source == source]


async def test_imports_bring_the_signatures_that_they_point_to(project: Project, gatherer: Gatherer) -> None:
    project.write(
        "shop/price.py", 'def gross(net: float, rate: float) -> float:\n    """Add the tax."""\n    return net\n'
    )
    project.write("shop/__init__.py", "")
    project.show("shop/cart.py", "from .price import gross\n\ntotal = gross(‸\n")
    (snippet,) = by_source(await gathered(project, gatherer, project.scene()), "imports")
    assert snippet.path == "shop/price.py"
    assert snippet.text == "def gross(net: float, rate: float) -> float\n    # Add the tax.\n"


@pytest.mark.parametrize(
    ("other", "text", "name", "drawing", "signature"),
    [
        ("a/b.py", "def f(x): pass\n", "a/c.py", "from a.b import f\n‸", "def f(x)"),
        ("src/a/b.py", "def f(x): pass\n", "src/a/c.py", "from a.b import (\n    f,\n)\n‸", "def f(x)"),
        ("a/b.py", "def far(x): pass\n", "a/c.py", "from . import b\nb.far(‸", "def far(x)"),
        (
            "b.ts",
            "export function f(x: number): string { return ''; }\n",
            "c.ts",
            "import { f } from './b';\n‸",
            "f(x: number): string",
        ),
        (
            "lib/index.ts",
            "export const g = (y: number) => y;\n",
            "c.ts",
            "import { g } from './lib';\n‸",
            "g = (y: number)",
        ),
        (
            "b.js",
            "function f(x) {}\nmodule.exports = { f };\n",
            "c.js",
            "const { f } = require('./b');\n‸",
            "function f(x)",
        ),
        ("src/b.rs", "pub fn f(x: u8) -> u8 { x }\n", "src/main.rs", "use crate::b::f;\n‸", "fn f(x: u8) -> u8"),
        (
            "b/b.go",
            "package b\n\nfunc Far(x int) int { return x }\n",
            "main.go",
            'package main\n\nimport (\n\t"m/b"\n)\n\nvar y = b.Far(‸',
            "func Far(x int) int",
        ),
    ],
)
async def test_imports_are_followed_in_every_language(
    project: Project, gatherer: Gatherer, other: str, text: str, name: str, drawing: str, signature: str
) -> None:
    project.write("go.mod", "module m\n")
    project.write(other, text)
    project.show(name, drawing)
    (snippet,) = by_source(await gathered(project, gatherer, project.scene()), "imports")
    assert snippet.path == other
    assert signature in snippet.text


async def test_an_imported_file_that_is_open_is_read_as_the_editor_has_it(project: Project, gatherer: Gatherer) -> None:
    project.show("b.py", "def f(new): pass\n")
    project.write("b.py", "def f(old): pass\n")
    project.show("c.py", "from b import f\nf(‸")
    (snippet,) = by_source(await gathered(project, gatherer, project.scene()), "imports")
    assert "f(new)" in snippet.text


async def test_what_encloses_the_cursor_is_shown_when_the_window_starts_below_it(
    project: Project, gatherer: Gatherer
) -> None:
    body = "".join(f"        step_{number}()\n" for number in range(100))
    project.show("long.py", f"import os\n\nclass Big:\n    def run(self):\n{body}        ‸\n")
    (snippet,) = by_source(await gathered(project, gatherer, project.scene()), "scope")
    assert snippet.text == "import os\nclass Big:\n    def run(self):\n"


async def test_the_likest_part_of_another_open_file_is_shown(project: Project, gatherer: Gatherer) -> None:
    filler = "".join(f"def other_{number}(zzz):\n    return zzz\n" for number in range(60))
    project.show("invoice.py", filler + "def invoice(customer, amount):\n    ledger.book(customer, amount)\n" + filler)
    project.show("unlike.py", "quite = different\n" * 5)
    project.show("pay.py", "def pay(customer, amount):\n    ledger.check(customer, amount)\n    ‸\n")
    (snippet,) = by_source(await gathered(project, gatherer, project.scene()), "open_files")
    assert snippet.path == "invoice.py"
    assert "ledger.book(customer, amount)" in snippet.text


@pytest.mark.parametrize("scheme", ["vscode-notebook-cell:", "file://"])
async def test_the_other_cells_of_a_notebook_are_shown(project: Project, gatherer: Gatherer, scheme: str) -> None:
    """Also where they have no name in common with the code at the cursor; those of an ignored notebook are not."""
    project.write(".gitignore", "mine.ipynb\n")
    book, mine = project.write("book.ipynb", "{}"), project.write("mine.ipynb", "{}")
    texts = {f"{book}#one": "import pandas\n", f"{mine}#three": "secret = 1\n", f"{book}#two": "table.\n"}
    project.open = [
        Document(uri=f"{scheme}{name}", version=1, language="python", text=Text.of(text))
        for name, text in texts.items()
    ]
    here = Span.at(0, 6)
    project.task = Task(id="t", kind="autocomplete", feature="inline_completion", document=project.open[-1], span=here)
    (snippet,) = (await gathered(project, gatherer, project.scene())).snippets
    assert (snippet.path, snippet.text) == ("book.ipynb", "import pandas\n")


async def test_recently_edited_places_are_shown_the_latest_ones_rather(project: Project, gatherer: Gatherer) -> None:
    old = project.show("old.py", "".join(f"old_{number} = {number}\n" for number in range(100)))
    new = project.show("new.py", "".join(f"new_{number} = {number}\n" for number in range(100)))
    project.show("c.py", "‸\n")
    recent = (Place(uri=new.uri, first=50, last=50), Place(uri=old.uri, first=20, last=20))
    scene = project.scene(recent=recent)
    both = by_source(await gathered(project, gatherer, scene), "recent_edits")
    assert {snippet.path for snippet in both} == {"old.py", "new.py"}
    (one,) = by_source(await gathered(project, gatherer, scene, budget=200), "recent_edits")
    assert one.text == "".join(f"new_{number} = {number}\n" for number in range(46, 55))


async def test_names_near_the_cursor_bring_their_definitions_from_other_files(
    project: Project, gatherer: Gatherer
) -> None:
    filler = "".join(f"nothing_{number} = alike_{number}\n" for number in range(60))
    project.show("b.py", filler + "class Cart:\n    def add(self, item): pass\n\ndef unrelated(): pass\n" + filler)
    project.show("c.py", "cart = Cart()\ncart.add(‸")
    (snippet,) = by_source(await gathered(project, gatherer, project.scene()), "symbols")
    assert "class Cart" in snippet.text
    assert "def add(self, item)" in snippet.text
    assert "unrelated" not in snippet.text


async def test_diagnostics_near_the_cursor_become_comments(project: Project, gatherer: Gatherer) -> None:
    document = project.show("c.ts", "const a = 1;\nconst b = c;\n‸\n" + "\n" * 50 + "x\n")
    diagnostics = tuple(
        Diagnostic(uri=document.uri, span=Span.at(line, 0), message=message)
        for line, message in ((1, "Cannot find\nname 'c'."), (53, "far away"), (2, "being typed"))
    )
    found = by_source(await gathered(project, gatherer, project.scene(diagnostics=diagnostics)), "diagnostics")
    assert [snippet.text for snippet in found] == ["// error on line 2: Cannot find name 'c'.\n"]


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


async def test_what_changed_since_the_last_commit_is_shown(project: Project, gatherer: Gatherer) -> None:
    lines = "".join(f"line_{number} = {number}\n" for number in range(30))
    changed, secret = project.write("changed.py", lines), project.write(".env", "KEY=1\n")
    project.write("same.py", lines)
    git(project.root, "init", "-q")
    git(project.root, "add", "-A", "-f")
    git(project.root, "commit", "-qm", "one")
    changed.write_text(lines.replace("line_20 = 20", "line_20 = twenty"), "utf-8")
    secret.write_text("KEY=2\n", "utf-8")
    project.show("c.py", "‸\n")
    (snippet,) = by_source(await gathered(project, gatherer, project.scene()), "git_diff")
    assert snippet.path == "changed.py"
    assert "line_20 = twenty" in snippet.text
    assert "line_20 = 20" not in snippet.text


async def test_the_diff_is_asked_for_again_when_something_was_saved(project: Project, gatherer: Gatherer) -> None:
    file = project.write("a.py", "one = 1\n")
    git(project.root, "init", "-q")
    git(project.root, "add", "-A")
    git(project.root, "commit", "-qm", "one")
    project.show("c.py", "‸\n")
    assert not by_source(await gathered(project, gatherer, project.scene()), "git_diff")
    file.write_text("two = 2\n", "utf-8")
    (snippet,) = by_source(await gathered(project, gatherer, project.scene(saved=1)), "git_diff")
    assert snippet.text == "two = 2\n"


@pytest.mark.parametrize("hidden", [".env", "ignored.py", "id_rsa"])
async def test_nothing_ignored_or_secret_is_in_any_source(project: Project, gatherer: Gatherer, hidden: str) -> None:
    project.write(".gitignore", "ignored.py\n")
    secret = project.show(hidden, "def token(): pass\n# customer amount ledger token\n" * 10)
    project.show("c.py", "from ignored import token\ncustomer = amount(ledger, token)\ntoken(‸")
    scene = project.scene(recent=(Place(uri=secret.uri, first=1, last=1),))
    assert (await gathered(project, gatherer, scene)).snippets == ()


async def test_a_file_outside_the_roots_is_not_read(project: Project, gatherer: Gatherer, tmp_path: Path) -> None:
    inner = Project(project.root / "inner")
    inner.root.mkdir()
    project.write("outside.py", "def f(x): pass\n")
    inner.show("c.py", "from ..outside import f\nf(‸")
    assert (await gathered(inner, gatherer, inner.scene())).snippets == ()


async def test_no_line_is_told_twice(project: Project, gatherer: Gatherer) -> None:
    """The window, a recent edit and a likely part overlap; each line comes once, those of the window never."""
    text = "".join(f"value_{number} = compute(value_{number - 1})\n" for number in range(100))
    other = project.show("b.py", text)
    own = project.show("c.py", text.replace("value_50 =", "value_50‸ ="))
    recent = (Place(uri=other.uri, first=14, last=14), Place(uri=own.uri, first=43, last=43))
    found = await gathered(project, gatherer, project.scene(recent=recent))
    assert project.task is not None
    for path in ("b.py", "c.py"):
        lines = [line for item in found.snippets if item.path == path for line in item.text.splitlines()]
        assert lines
        assert len(lines) == len(set(lines))
    window = set(project.task.document.text.slice(around(project.task)).splitlines())  # type: ignore[union-attr]
    assert not any(window & set(item.text.splitlines()) for item in found.snippets if item.path == "c.py")


async def test_the_most_stable_sources_come_first(project: Project, gatherer: Gatherer) -> None:
    filler = "".join(f"nothing_{number} = alike_{number}\n" for number in range(60))
    other = project.show("b.py", "def helper(customer): pass\n" + filler + "customer = ledger\n" * 40 + filler)
    document = project.show("c.py", "from b import helper\ncustomer = helper(ledger)\n‸\n")
    scene = project.scene(
        recent=(Place(uri=other.uri, first=135, last=135),),
        diagnostics=(Diagnostic(uri=document.uri, span=Span.at(0, 0), message="wrong"),),
    )
    sources = [snippet.source for snippet in (await gathered(project, gatherer, scene)).snippets]
    assert set(sources) >= {"imports", "open_files", "recent_edits", "diagnostics"}
    assert sources == sorted(sources, key=ORDER.index)


async def test_typing_on_a_line_asks_nobody_again_and_leaves_the_prompt_as_it_was(
    project: Project, gatherer: Gatherer, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.show("b.py", "def helper(customer): pass\n" + "customer = ledger\n" * 40)
    project.show("c.py", "from b import helper\ncustomer = helper(ledger)\n‸\n")
    first = await gathered(project, gatherer, project.scene())
    asked: list[str] = []

    class Spy:
        def excerpts(self, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
            asked.append("asked")
            return ()

    monkeypatch.setattr(context, "load", lambda name: Spy())
    monkeypatch.setattr("tierwise.context.gathering.load", lambda name: Spy())
    for version, typed in enumerate(("x", "x ", "x =", "x = y"), 2):
        project.show("c.py", f"from b import helper\ncustomer = helper(ledger)\n{typed}‸\n", version)
        again = await gathered(project, gatherer, project.scene())
        assert again.snippets == first.snippets
    assert not asked
    project.show("c.py", "from b import helper\ncustomer = helper(ledger)\nx = y\n‸\n", 9)
    await gathered(project, gatherer, project.scene())
    assert asked


async def test_what_changed_in_another_file_is_shown_as_it_is_now(project: Project, gatherer: Gatherer) -> None:
    project.show("b.py", "def f(x): pass\n")
    project.show("c.py", "from b import f\n‸\n")
    one = await gathered(project, gatherer, project.scene())
    project.show("b.py", "def f(x, y): pass\n", 2)
    two = await gathered(project, gatherer, project.scene())
    assert one.snippets != two.snippets


class Slow:
    def excerpts(self, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
        time.sleep(0.3)
        assert task.document is not None
        return (Excerpt(uri=task.document.uri, first=-1, text="# late\n", score=1.0, source="symbols"),)


class Broken:
    def excerpts(self, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
        raise RuntimeError("broken")


async def test_a_late_source_is_left_out_and_in_time_for_the_next_key(
    project: Project, gatherer: Gatherer, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = context.load
    monkeypatch.setattr("tierwise.context.gathering.load", lambda name: Slow() if name == "symbols" else load(name))
    project.write("b.py", "def f(x): pass\n")
    project.show("c.py", "from b import f\n‸\n")
    assert project.task is not None
    start = time.perf_counter()
    first = await gatherer.gather(project.scene(), project.task, around(project.task), 6_000, seconds=0.1)
    assert time.perf_counter() - start < 0.25
    assert "symbols" in first.late
    await asyncio.sleep(0.4)
    second = await gatherer.gather(project.scene(), project.task, around(project.task), 6_000, seconds=0.1)
    assert not second.late
    assert [snippet.text for snippet in by_source(second, "symbols")] == ["# late\n"]


async def test_a_source_that_fails_is_logged_and_left_out(
    project: Project, gatherer: Gatherer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    load = context.load
    monkeypatch.setattr("tierwise.context.gathering.load", lambda name: Broken() if name == "symbols" else load(name))
    project.write("b.py", "def f(x): pass\n")
    project.show("c.py", "from b import f\n‸\n")
    with caplog.at_level(logging.WARNING):
        found = await gathered(project, gatherer, project.scene())
    assert [snippet.source for snippet in found.snippets] == ["imports"]
    assert "symbols" in caplog.text


async def test_a_cancelled_request_leaves_the_sources_to_the_next_one(
    project: Project, gatherer: Gatherer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tierwise.context.gathering.load", lambda name: Slow())
    project.show("c.py", "‸\n")
    assert project.task is not None
    one = asyncio.ensure_future(gatherer.gather(project.scene(), project.task, around(project.task), 6_000, 10))
    await asyncio.sleep(0.05)
    one.cancel()
    with pytest.raises(asyncio.CancelledError):
        await one
    found = await gathered(project, gatherer, project.scene())
    assert found.snippets


@pytest.mark.parametrize("text", ["", "\n", "\r\n\r\n", "😀 = 'שלום'\n", "\x00\n", "\ud800\n"])
async def test_any_document_can_be_asked_for(project: Project, gatherer: Gatherer, text: str) -> None:
    document = Document(uri=(project.root / "c.py").as_uri(), version=1, language="python", text=Text.of(text))
    task = Task(id="t", kind="autocomplete", feature="f", document=document, span=Span.at(0, 0))
    project.open = [document]
    project.task = task
    assert (await gathered(project, gatherer, project.scene())).snippets == ()
