"""What stands beside the cursor, gathered while the wait before a request passes anyway."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tierwise import prompts, tasks
from tierwise.context.gathering import Gatherer
from tierwise.context.watch import Watch
from tierwise.core.task import Task
from tierwise.core.uri import path_in
from tierwise.lsp import Session
from tierwise.workspace.ignore import Gate, is_secret

if TYPE_CHECKING:
    from tierwise.workspace.usage import Found


class Surroundings:
    """Completes tasks with excerpts of one client's workspace; ``definitions`` looks a name up in its index."""

    def __init__(self, session: Session, definitions: "Callable[[str], Sequence[Found]]") -> None:
        paths = [path_of(root) for root in session.roots if root.startswith("file:")]
        self._watch = Watch(session.documents, Gate(paths), paths, problems=session.problems, definitions=definitions)
        self._gatherer = Gatherer()

    async def prepare(self, task: Task) -> Task:
        """Return the task with what was found in time: a tenth of a second at most, away from the event loop."""
        shown, room = prompts.beside(task, tasks.load(task.kind))
        gathered = await self._gatherer.gather(self._watch.scene(), task, shown, room)
        return replace(task, neighbours=gathered.snippets) if gathered.snippets else task

    def saved(self) -> None:
        """Note that a file on the disk has changed."""
        self._watch.saved()


def path_of(uri: str) -> Path:
    """Return the path that a file's URI names."""
    return Path(path_in(uri))


def may_leave(uri: str) -> bool:
    """Whether a document's text may be sent anywhere: what looks like a file of keys and passwords may not."""
    return not is_secret(path_of(uri).name)
