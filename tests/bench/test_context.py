"""What gathering costs: the first time, at each further key of the line, and the event loop meanwhile."""

import asyncio
import gc
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from tierwise.context.gathering import Gathered, Gatherer
from tierwise.context.scene import Scene
from tierwise.core.document import Document
from tierwise.core.task import Task
from tierwise.core.text import Position, Span, Text
from tierwise.lsp.server import SWITCH_INTERVAL
from tierwise.workspace.ignore import Gate

OPEN, LINES = 20, 3_000


def code(number: int) -> str:
    return "".join(
        f"def function_{number}_{line}(left, right):\n    return compute(left, right, {line})\n\n"
        for line in range(LINES // 3)
    )


def scene_of(root: Path) -> tuple[Scene, Task]:
    root = root.resolve()
    documents: list[Document] = []
    for number in range(OPEN):
        path = root / f"module_{number}.py"
        path.write_text(code(number), "utf-8")
        documents.append(Document(uri=path.as_uri(), version=1, language="python", text=Text.of(code(number))))
    head = "".join(f"from module_{number} import function_{number}_7\n" for number in range(OPEN))
    text = Text.of(f"{head}\n{code(99)}\nresult = \n")
    document = Document(uri=(root / "here.py").as_uri(), version=1, language="python", text=text)
    place = Position(text.line_count - 2, 9)
    task = Task(id="t", kind="autocomplete", feature="f", document=document, span=Span(place, place))
    gate = Gate([root])
    return Scene(reader=gate, open=(document, *documents), roots=gate.roots), task


async def longest_gap(stop: asyncio.Event) -> float:
    """Return the longest time in which the loop did not come round, in seconds."""
    worst, last = 0.0, time.perf_counter()
    while not stop.is_set():
        await asyncio.sleep(0.0005)
        now = time.perf_counter()
        worst, last = max(worst, now - last), now
    return worst


async def measured(gatherer: Gatherer, scene: Scene, task: Task, seconds: float) -> tuple[Gathered, float]:
    assert task.span is not None
    shown = Span(Position(max(0, task.span.start.line - 100), 0), task.span.end)
    start = time.perf_counter()
    found = await gatherer.gather(scene, task, shown, 4_000, seconds)
    return found, (time.perf_counter() - start) * 1e3


@pytest.fixture
def served() -> Iterator[None]:
    """The interpreter as the server sets it up: quick to let another thread run, nothing old to look through."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.freeze()
    yield
    gc.unfreeze()
    sys.setswitchinterval(interval)


@pytest.mark.bench
async def test_gathering_beside_twenty_open_files(tmp_path: Path, served: None) -> None:
    scene, task = scene_of(tmp_path)
    assert task.document is not None
    gatherer, stop = Gatherer(), asyncio.Event()
    idle = asyncio.ensure_future(longest_gap(stop))
    await asyncio.sleep(0.5)
    stop.set()
    floor = await idle

    stop = asyncio.Event()
    watch = asyncio.ensure_future(longest_gap(stop))
    first, cold = await measured(gatherer, scene, task, 0.1)
    _, whole = await measured(gatherer, scene, task, 30)
    keys: list[float] = []
    text, place = task.document.text, Position(task.document.text.line_count - 2, 9)
    for version, key in enumerate("compute(left, right, 12)" * 4, 2):
        text = text.replace(Span(place, place), key)
        place = Position(place.line, place.column + 1)
        typed = replace(task, document=replace(task.document, version=version, text=text), span=Span(place, place))
        keys.append((await measured(gatherer, scene, typed, 0.1))[1])
    stop.set()
    gap = await watch
    gatherer.close()
    late = ", ".join(first.late) or "none"
    print(f"\n{OPEN} open files of {LINES:,} lines, each imported:")
    print(f"  first {cold:.0f} ms (late: {late}), until all were in time {cold + whole:.0f} ms")
    print(f"  each further key of the line p50 {median(keys):.2f} ms, worst {max(keys):.2f} ms")
    print(f"  the event loop's longest gap {gap * 1e3:.1f} ms (idle floor {floor * 1e3:.1f} ms)")
