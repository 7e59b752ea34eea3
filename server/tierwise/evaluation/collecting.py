"""Choose the puzzles of a project: spread over what can be taken out, drawn by a seed, and each known to be sound."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

from tierwise.checks.ground.duplicate import duplicate
from tierwise.checks.ground.suite import touching

from .grading import Grader
from .past import fixes
from .puzzles import Puzzle, Sort, of_file


async def collect(
    root: Path,
    sorts: Iterable[Sort],
    wanted: int,
    grader: Grader,
    seed: int = 0,
    tell: Callable[[int], None] | None = None,
) -> list[Puzzle]:
    """Return up to ``wanted`` sound puzzles; the same seed and code give the same ones.

    ``tell`` hears how many were found so far. Raises what ``Grader`` does.
    """
    sorts = list(sorts)
    there = [puzzle for puzzle in await _of_code(root) if puzzle.sort in sorts]
    if Sort.FIX in sorts:
        there += await fixes(root, wanted)
    found: list[Puzzle] = []
    for puzzle in _dealt(there, sorts, Random(seed)):
        if len(found) >= wanted:
            break
        if await grader.is_sound(puzzle):
            found.append(puzzle)
            if tell is not None:
                tell(len(found))
    return found


async def _of_code(root: Path) -> list[Puzzle]:
    async with duplicate(root) as copy:
        return await asyncio.to_thread(_read, copy.tree)


def _read(tree: Path) -> list[Puzzle]:
    found: list[Puzzle] = []
    for file in sorted(tree.rglob("*.py")):
        path = file.relative_to(tree)
        if path.name.startswith("test_") or path.name in {"conftest.py", "setup.py"}:
            continue
        tests = tuple(touching([path], tree))
        if tests:
            found += of_file(path, file.read_text("utf-8", errors="replace"), tests)
    return found


def _dealt(puzzles: Sequence[Puzzle], sorts: Sequence[Sort], random: Random) -> list[Puzzle]:
    """Return all puzzles, shuffled within each sort and dealt one sort after the other."""
    hands = [[puzzle for puzzle in puzzles if puzzle.sort is sort] for sort in sorts]
    for hand in hands:
        random.shuffle(hand)
    longest = max(map(len, hands), default=0)
    return [hand[at] for at in range(longest) for hand in hands if at < len(hand)]
