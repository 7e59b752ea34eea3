"""The acts of the session: what an editor does in its first minute."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from tierwise.core.text import Position, Span

from .editor import Editor, problem
from .stage import Scene, whole_lines
from .vendors import Cast

FAST_ONE, FAST_TWO, MID = "gpt-6-luna", "claude-haiku", "claude-sonnet"


READING = 6
"""Times to ask the workspace, half a second apart: a large one is still being read when the session is this far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What was done, and what was seen in the editor."""

    title: str
    seen: str


async def play(editor: Editor, scenes: list[Scene], cast: Cast, line: str) -> AsyncIterator[Act]:
    """Perform all acts; each is shown when it is over. Needs three scenes; ``line`` is one that the project repeats."""
    first, second, third = scenes[:3]
    for act in (_complete, _overtake, _hover, _hover_again):
        yield await act(editor, first, cast)
    yield await _document(editor, second, cast)
    yield await _fail_over(editor, second, cast)
    yield await _repair(editor, third, cast)
    if line:
        yield await _predict(editor, third, cast, line)


async def _complete(editor: Editor, scene: Scene, cast: Cast) -> Act:
    """The last line of a function is gone; the ghost text brings it back."""
    uri, place, gone = _open_without_last_line(editor, scene)
    cast.say(FAST_ONE, gone)
    items = await editor.complete(uri, place)
    for item in items[:1]:
        await editor.accept(uri, item)
    seen = str(items[0].insert_text).strip() if items else ""
    return Act(title=f"complete {scene.definition.name}() in {scene.path.name}", seen=seen or "(no suggestion)")


async def _overtake(editor: Editor, scene: Scene, cast: Cast) -> Act:
    """Typing on while a request runs: only the newest is answered."""
    uri = scene.path.as_uri()
    line = scene.body_lines[-1]
    text = editor.text(uri).line(line)
    indent = len(text) - len(text.lstrip())
    editor.replace(uri, Span(Position(line, indent), Position(line, len(text))), "")
    cast.say(FAST_ONE, text.strip())
    asked: list[asyncio.Task[list[object]]] = []
    for column, key in enumerate(text.strip()[:6], indent):
        editor.replace(uri, Span.at(line, column), key)
        asked.append(asyncio.create_task(editor.complete(uri, Position(line, column + 1))))  # type: ignore[arg-type]
        await asyncio.sleep(0.09)  # a quick typist
    answers = await asyncio.gather(*asked)
    shown = sum(bool(answer) for answer in answers)
    editor.replace(uri, Span(Position(line, 0), Position(line, len(editor.text(uri).line(line)))), text)
    return Act(
        title=f"type {len(asked)} keys in a row", seen=f"{len(asked)} requests answered, {shown} with a suggestion"
    )


async def _hover(editor: Editor, scene: Scene, cast: Cast) -> Act:
    name = scene.definition.name
    cast.say(FAST_ONE, f"(Rehearsed.) `{name}` is a function of this project; a live model would explain it here.")
    seen = await editor.hover(scene.path.as_uri(), _name_place(scene))
    return Act(title=f"hover over {name}", seen=_last_paragraph(seen))


async def _hover_again(editor: Editor, scene: Scene, cast: Cast) -> Act:
    seen = await editor.hover(scene.path.as_uri(), _name_place(scene))
    return Act(title="hover there again", seen=_last_paragraph(seen) + " (remembered, no call)")


async def _document(editor: Editor, scene: Scene, cast: Cast) -> Act:
    """The docstring is gone; the action writes one."""
    doc = scene.definition.doc
    assert doc is not None
    uri = editor.open(scene.path, scene.language, scene.text)
    editor.replace(uri, whole_lines(doc.start.line, doc.end.line + 1), "")
    place = editor.text(uri).position(_offset_of_name(editor, uri, scene))
    cast.say(FAST_ONE, "Return what a live model would describe in one sentence.")
    await editor.act(uri, Span(place, place), "Generate docstring")
    return Act(title=f"generate a docstring for {scene.definition.name}()", seen="Return what a live model would …")


async def _fail_over(editor: Editor, scene: Scene, cast: Cast) -> Act:
    """The first vendor is overloaded; the next model of the tier answers."""
    uri = scene.path.as_uri()
    last = editor.text(uri).line_count - 1
    cast.fail(FAST_ONE, "x")
    cast.say(FAST_TWO, "# written by the other vendor")
    items = await editor.complete(uri, Position(last, 0))
    seen = str(items[0].insert_text) if items else "(no suggestion)"
    return Act(title="complete while the first vendor is overloaded", seen=seen)


async def _repair(editor: Editor, scene: Scene, cast: Cast) -> Act:
    """A typo breaks the file; the cheap answer does not parse, so the next tier is asked."""
    uri = editor.open(scene.path, scene.language, scene.text)
    span = Span(Position(scene.definition.span.start.line, 0), scene.definition.span.end)
    good = scene.text.slice(span)
    line = scene.body_lines[-1]
    text = scene.text.line(line)
    at = text.index("return")
    typo = Span(Position(line, at), Position(line, at + len("return")))
    editor.replace(uri, typo, "retrun")
    cast.say(FAST_ONE, f"```\n{good}\n(((\n```")
    cast.say(FAST_TWO, f"```\n{good}\n(((\n```")
    cast.say(MID, f"```\n{good}\n```")
    title = await editor.act(uri, typo, "Fix", [problem(typo, "invalid syntax: retrun")])
    fixed = editor.text(uri).line(line).strip()
    return Act(title=title[:46], seen=fixed)


async def _predict(editor: Editor, scene: Scene, cast: Cast, line: str) -> Act:
    """The beginning of a line that the project repeats: the workspace itself knows the rest, and no model is asked."""
    uri = scene.path.as_uri()
    cast.say(FAST_ONE, "")
    cast.say(FAST_TWO, "")
    begun = line[: line.rindex(" ") + 1]
    last = editor.text(uri).line_count - 1
    editor.replace(uri, Span.at(last, len(editor.text(uri).line(last))), f"\n{begun}")
    for _ in range(READING):
        items = await editor.complete(uri, Position(last + 1, len(begun)))
        if items:
            seen = f"{items[0].insert_text}   (not rehearsed: read off this project, no model, no cost)"
            return Act(title=f"type: {begun}", seen=seen)
        await asyncio.sleep(0.5)
    return Act(title=f"type: {begun}", seen="(the workspace is not sure, so it says nothing)")


def _open_without_last_line(editor: Editor, scene: Scene) -> tuple[str, Position, str]:
    uri = editor.open(scene.path, scene.language, scene.text)
    line = scene.body_lines[-1]
    text = scene.text.line(line)
    indent = len(text) - len(text.lstrip())
    editor.replace(uri, Span(Position(line, indent), Position(line, len(text))), "")
    return uri, Position(line, indent), text.strip()


def _name_place(scene: Scene) -> Position:
    line = scene.definition.span.start.line
    while scene.definition.name not in scene.text.line(line):
        line += 1
    return Position(line, scene.text.line(line).index(scene.definition.name))


def _offset_of_name(editor: Editor, uri: str, scene: Scene) -> int:
    place = _name_place(scene)
    removed = 0
    doc = scene.definition.doc
    if doc is not None and doc.start.line < place.line:
        removed = doc.end.line + 1 - doc.start.line
    return editor.text(uri).offset(Position(place.line - removed, place.column))


def _last_paragraph(markdown: str) -> str:
    parts = [part for part in markdown.split("\n\n") if part and not part.startswith(("<sub>", "---"))]
    return parts[-1].replace("\n", " ") if parts else "(nothing)"
