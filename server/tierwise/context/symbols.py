"""The definitions of the names near the cursor, wherever the workspace has them."""

from collections.abc import Sequence
from pathlib import Path

from tierwise.core.task import Task
from tierwise.core.text import Span
from tierwise.workspace.symbols import Symbol

from .outline import outlined, symbols_of
from .scene import Excerpt, Scene, path_of
from .words import near

NAMES = 12
"""Names looked up, the nearest first."""

AMBIGUOUS = 3
"""Definitions of one name from which on it says nothing: `get` and `run` are defined everywhere."""


class Symbols:
    """Looks names up in the other open files and in the workspace's index."""

    def excerpts(self, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
        """Return signatures, those of the nearest names with the highest score."""
        if task.document is None or task.span is None:
            return ()
        opened = [found for other in scene.others(task.document.uri) for found in _in_file(scene, other.uri)]
        found: list[Excerpt] = []
        for distance, name in enumerate(near(task)[:NAMES]):
            defined = [(path, symbol) for path, symbol in opened if symbol.name == name]
            defined = defined or _indexed(scene, name, task.document.uri)
            if len(defined) < AMBIGUOUS:
                score = 0.7 - 0.02 * distance
                found += [outlined(symbol, (), path.as_uri(), score, "symbols") for path, symbol in defined]
        return found


def _in_file(scene: Scene, uri: str) -> list[tuple[Path, Symbol]]:
    path = path_of(uri)
    return [] if path is None else [(path, symbol) for symbol in symbols_of(scene, path)]


def _indexed(scene: Scene, name: str, own: str) -> list[tuple[Path, Symbol]]:
    if scene.definitions is None:
        return []
    found = [(Path(entry.path), entry.symbol) for entry in scene.definitions(name)]
    return [(path, symbol) for path, symbol in found if path != path_of(own) and scene.reader.admits(path)]


SOURCE = Symbols()
