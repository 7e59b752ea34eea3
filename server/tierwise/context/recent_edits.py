"""What the user edited a moment ago."""

from collections.abc import Sequence

from tierwise.core.task import Task
from tierwise.core.text import Span

from .scene import Excerpt, Scene
from .words import plain

AROUND = 4
"""Lines shown on both sides of an edit."""

LONGEST = 40
"""Lines shown of a place; a pasted file is no thought of the user's."""

MOST = 8
"""Places."""


class RecentEdits:
    """The last places edited in open documents, the latest with the highest score."""

    def excerpts(self, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
        """Return the lines around each place."""
        found: list[Excerpt] = []
        for age, place in enumerate(scene.recent[:MOST]):
            document = scene.document(place.uri)
            if document is None or not scene.admits(place.uri):
                continue
            first = max(0, place.first - AROUND)
            stop = min(place.last + AROUND + 1, first + LONGEST)
            text = plain(document.text.raw_lines(first, stop))
            if text.strip():
                score = 0.75 - 0.05 * age
                found.append(Excerpt(uri=place.uri, first=first, text=text, score=score, source="recent_edits"))
        return found


SOURCE = RecentEdits()
