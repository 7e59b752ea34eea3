"""What the menu of code actions takes, beside its floor: looking at the line and at nothing else."""

from time import perf_counter

import pytest

from bench.stopwatch import row
from tierwise import tasks
from tierwise.core.document import Document
from tierwise.core.task import Diagnostic
from tierwise.core.text import Position, Span, Text
from tierwise.features import menu

LINES = 50_000
TIMES = 300


@pytest.mark.bench
def test_the_menu_in_a_long_file() -> None:
    body = "class Thing:\n" + "".join(
        f"    def method_{number}(self, first, second):\n        if first:\n            return second\n\n"
        for number in range(LINES // 4)
    )
    document = Document(uri="file:///a.py", version=1, language="python", text=Text.of(body))
    kinds = tasks.offered()
    problems = [Diagnostic(uri=document.uri, span=Span.at(1, 0), message="wrong") for _ in range(20)]
    whole, floor = list[float](), list[float]()
    for turn in range(TIMES):
        line = 1 + turn * 4 * (LINES // 4 // TIMES) + turn % 3
        span = Span(Position(line, 8), Position(line + turn % 2 * 10, 12))
        start = perf_counter()
        document.text.line(span.start.line)
        document.text.slice(span)
        floor.append(perf_counter() - start)
        start = perf_counter()
        found = list(menu.entries(menu.look(document, span), problems, kinds))
        whole.append(perf_counter() - start)
        assert len(found) >= len(problems)
    print(f"\n{LINES} lines, {len(kinds)} kinds, 20 problems")
    print(row("the floor: the line and the selection", floor))
    print(row("the menu", whole))
