"""What trimming costs: each trim on a reply of 2 kB, and the whole row of them at each streamed piece."""

import time
from collections.abc import Callable
from statistics import quantiles

import pytest

from drawing import inserted
from tierwise import tasks, trims
from tierwise.core.task import Task
from tierwise.workspace import cursor
from tierwise.workspace.brackets import brackets

KIND = tasks.load("autocomplete")
BODY = "".join(
    f'    value_{number} = compute(left[{number}], right=("text {number}", {{"key": number}}))  # step {number}\n'
    for number in range(24)
)
FILE = "".join(f"def function_{number}(a, b):\n    return a + b\n\n\n" for number in range(12_500))


def timed(work: Callable[[], object], rounds: int = 300) -> str:
    took = []
    for _ in range(rounds):
        brackets.cache_clear()  # each round as if the text had never been seen
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1e6)
    cuts = quantiles(took, n=100)
    return f"p50 {cuts[49]:7.1f} us   p99 {cuts[98]:7.1f} us"


@pytest.fixture
def reply() -> tuple[Task, str]:
    """A reply of 2 kB in the middle of a file of 50,000 lines."""
    half = len(FILE) // 2 // 50 * 50
    middle = FILE.index("def ", half)
    return inserted(f"{FILE[:middle]}def f(left, right):\n├{BODY}┤\n\n{FILE[middle:]}")


@pytest.mark.bench
def test_each_trim_and_the_whole_row(reply: tuple[Task, str]) -> None:
    task, text = reply
    trims.load("indentation")(text, task)  # looks at the hole once, as every reply does
    print(f"\nreply of {len(text)} characters; floor (copying it): {timed(lambda: ''.join(list(text)))}")
    for name in KIND.trims:
        print(f"  {name:16} {timed(lambda name=name: trims.load(name)(text, task))}")
    (enough,) = trims.stops(KIND.trims)
    print(f"  {'enough':16} {timed(lambda: enough(text, task))}")


@pytest.mark.bench
def test_looking_at_the_cursor_while_typing(reply: tuple[Task, str]) -> None:
    """Each key changes the document, so that each look parses what changed."""
    task, _ = reply
    assert task.document is not None
    assert task.span is not None
    document, place = task.document, task.span.start
    from dataclasses import replace

    from tierwise.core.text import Position, Span

    took = []
    for key in "    total = sum(value for value in left) + right.count" * 4:
        span = Span(place, place)
        document = replace(document, text=document.text.replace(span, key))
        place = Position(place.line, place.column + 1)
        start = time.perf_counter()
        cursor.look(document, place)
        took.append((time.perf_counter() - start) * 1e3)
    cuts = quantiles(took, n=100)
    print(f"\nlook at the cursor in {document.text.line_count:,} lines: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms")
