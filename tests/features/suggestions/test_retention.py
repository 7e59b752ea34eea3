"""Where an accepted text has come to, how much of it is left, and that a commit is seen."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierwise.core.document import Document
from tierwise.core.outcome import Feedback
from tierwise.core.text import Position, Span, Text
from tierwise.features.suggestions import retention
from tierwise.features.suggestions.answer import Answer
from tierwise.features.suggestions.clock import Clock
from tierwise.features.suggestions.commits import head_of
from tierwise.features.suggestions.retention import MARKS, Retention, moved, share_kept

PATIENCE = 15.0

pieces = st.text(alphabet="ab\n", max_size=6)


@given(pieces, pieces.filter(bool), pieces, st.integers(0, 18), st.integers(0, 18), pieces)
def test_a_change_outside_leaves_the_text_inside_the_span(
    before: str, inside: str, behind: str, one: int, other: int, inserted: str
) -> None:
    text = Text.of(before + inside + behind)
    length = len(before + inside + behind)
    first, last = sorted((min(one, length), min(other, length)))
    if not (last <= len(before) or first >= len(before + inside)):
        return
    span = Span(text.position(len(before)), text.position(len(before + inside)))
    change = Span(text.position(first), text.position(last))
    after = text.replace(change, inserted)
    assert after.slice(moved(span, change, inserted)) == inside


@pytest.mark.parametrize(
    ("now", "share"),
    [("alpha + beta", 1.0), ("  alpha + beta  # why", 1.0), ("alpha + gamma", 2 / 3), ("beta", 1 / 3), ("", 0.0)],
)
def test_how_much_is_left(now: str, share: float) -> None:
    assert share_kept("alpha + beta", now) == pytest.approx(share)


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_commit_moves_the_head_and_nothing_else_does(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "file.py"
    file.parent.mkdir()
    assert head_of(file) is None or tmp_path not in file.parents
    git(tmp_path, "init", "-q")
    file.write_text("x = 1\n")
    git(tmp_path, "add", ".")
    empty = head_of(file)
    git(tmp_path, "commit", "-qm", "one")
    first = head_of(file)
    file.write_text("x = 2\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "pack-refs", "--all")
    assert head_of(file) == first
    git(tmp_path, "commit", "-qm", "two")
    assert len({empty, first, head_of(file)}) == 3


def test_a_work_tree_of_its_own_has_a_head_of_its_own(tmp_path: Path) -> None:
    main, tree = tmp_path / "main", tmp_path / "tree"
    main.mkdir()
    git(main, "init", "-q")
    git(main, "commit", "-q", "--allow-empty", "-m", "one")
    git(main, "worktree", "add", "-q", str(tree))
    before = head_of(tree / "file.py"), head_of(main / "file.py")
    git(tree, "commit", "-q", "--allow-empty", "-m", "two")
    assert head_of(tree / "file.py") != before[0]
    assert head_of(main / "file.py") == before[1]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - what is waited for is a timer of its own
            await asyncio.sleep(0.01)


async def test_a_commit_is_seen_with_the_next_thing_that_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing happens, nobody looks for one."""
    heads, noted = ["before"], list[Feedback]()
    looked: list[str] = []

    def look(_path: Path) -> str:
        looked.append(heads[-1])
        return heads[-1]

    monkeypatch.setattr(retention, "head_of", look)
    document = Document(uri="file:///project/a.py", version=1, language="python", text=Text.of("alpha\n"))
    at = Position(0, 0)
    answer = Answer(task_id="t", model="m", uri=document.uri, frame=Text.of("\n"), start=at, held="", text="alpha")
    kept = Retention(noted.append, Clock(2000.0))
    kept.keep(answer, document)
    await until(lambda: len(noted) == len(MARKS) and bool(looked))
    heads.append("after")
    await asyncio.sleep(0.05)
    assert looked == ["before"]
    kept.stirred()
    await until(lambda: len(noted) == len(MARKS) + 1)
    kept.stirred()
    await asyncio.sleep(0.05)
    assert looked == heads
    assert {one.value for one in noted} == {1.0}
