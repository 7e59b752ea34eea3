"""What has changed since the last commit: the rest of what the user is at."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from tierwise.core.task import Task
from tierwise.core.text import Span
from tierwise.workspace.git import Hunk, changes

from .scene import Excerpt, Scene
from .words import likeness, near, plain, words

MOST = 6
"""Hunks."""

LONGEST = 30
"""Lines of one; a longer one is a new file, of which the beginning says most."""


class GitDiff:
    """The changed places of tracked files, the ones likest to the code at the cursor first."""

    def excerpts(self, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
        """Return hunks as the files are now, of the root that holds the document."""
        if task.document is None or task.span is None:
            return ()
        root = next((root for root in scene.roots if task.document.uri.startswith(root.as_uri() + "/")), None)
        if root is None:
            return ()
        wanted = frozenset(near(task))
        found: list[Excerpt] = []
        for hunk in _changes(root, scene.saved, _stamp(root)):
            if not scene.reader.admits(hunk.path):
                continue
            text = plain(hunk.lines[:LONGEST])
            score = min(0.7, 0.4 + likeness(wanted, words(text)))
            uri = hunk.path.as_uri()
            if uri in {document.uri for document in scene.open}:
                continue  # the editor has it newer than the disk, and its edits are among the recent ones
            found.append(Excerpt(uri=uri, first=hunk.first, text=text, score=score, source="git_diff"))
        found.sort(key=lambda excerpt: (-excerpt.score, excerpt.uri, excerpt.first))
        return found[:MOST]


@lru_cache(maxsize=8)
def _changes(root: Path, saved: int, stamp: tuple[int, ...]) -> tuple[Hunk, ...]:
    """Ask git again only when something was saved, staged, committed or checked out."""
    return changes(root)


def _stamp(root: Path) -> tuple[int, ...]:
    found: list[int] = []
    for name in ("HEAD", "index"):
        try:
            found.append((root / ".git" / name).stat().st_mtime_ns)
        except OSError:
            found.append(0)  # no repository, or one whose folder is elsewhere: saving alone tells then
    return tuple(found)


SOURCE = GitDiff()
