"""Tierwise as a library: open an engine from settings, run tasks, read decisions and the ledger.

::

    async with tierwise.open("~/project") as router:
        outcome = await router.run("docstring", "src/shapes.py", line=12)

Everything here and the values it returns (``core``, ``engine.explanation``, ``ledger.history``) is meant for use from
outside; the rest of the package may change without notice.
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from tierwise import tasks
from tierwise.app.building import Building, Plan, build
from tierwise.core.decision import Decision
from tierwise.core.document import Document
from tierwise.core.edit import Candidate
from tierwise.core.outcome import Attempt, Feedback, Outcome, Signal, Verdict
from tierwise.core.task import Task
from tierwise.core.text import Position, Span, Text
from tierwise.engine import Observer
from tierwise.engine.explanation import Explanation
from tierwise.engine.shape import applied, texts
from tierwise.ledger.history import Entry, history
from tierwise.workspace import grammars

__all__ = [
    "Attempt",
    "Candidate",
    "Decision",
    "Entry",
    "Explanation",
    "Observer",
    "Outcome",
    "Request",
    "Router",
    "Signal",
    "Task",
    "UndoableError",
    "Verdict",
    "new_texts",
    "open",
]


class UndoableError(Exception):
    """A task that cannot be asked: an unknown kind, a place that does not exist; the message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The details of a task beside its kind and file, all of which may be left out.

    ``line`` to ``last`` are the lines it is about, from 1, both included; ``text`` stands for what the file holds on
    disk; ``deadline`` is in seconds. ``feature`` is the name under which the ledger has it.
    """

    line: int = 1
    last: int | None = None
    instruction: str = ""
    text: str | None = None
    language: str = ""
    feature: str = "library"
    deadline: float | None = None


class Router:
    """An open engine; made by ``open``."""

    def __init__(self, building: Building, plan: Plan, root: Path) -> None:
        self.engine = building.engine
        """The engine itself, for tasks that are built by hand."""
        self.root = root
        self.problems: tuple[str, ...] = tuple(map(str, plan.problems))
        """What was wrong in the settings; those parts are not in force."""
        self._building = building

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of task that can be asked for."""
        return tuple(name for name in tasks.names() if not tasks.load(name).inward)

    async def task(self, kind: str, path: str | Path, request: Request | None = None) -> Task:
        """Build a task about a file, given below the root or absolutely; raises ``UndoableError``."""
        wanted = request or Request()
        document = await asyncio.to_thread(self._document, Path(path), wanted)
        last = document.text.line_count - 1
        first = wanted.line - 1
        if not 0 <= first <= last:
            raise UndoableError(f"{path} has {last + 1} lines: there is no line {wanted.line}.")
        end = min(last, (wanted.last or wanted.line) - 1)
        span = Span.at(first, 0)
        if wanted.last is not None:
            span = Span(Position(first, 0), Position(end, len(document.text.line(end))))
        task = Task(
            id=uuid4().hex,
            kind=kind,
            feature=wanted.feature,
            document=document,
            span=span,
            instruction=wanted.instruction,
            facts={"root": str(self.root)},
        )
        try:
            self.engine.parts.kinds(kind)
            return await tasks.prepared(task, tasks.Ground(root=self.root, gate=self.engine.reader(self.root)))
        except (tasks.UnknownKindError, tasks.NotHereError) as error:
            raise UndoableError(str(error)) from None

    async def run(
        self, kind: str, path: str | Path, request: Request | None = None, observer: Observer | None = None
    ) -> Outcome:
        """Answer a task about a file; an outcome without an answer is a normal value. Nothing is written to the file.

        ``observer`` hears each step. Raises ``UndoableError``.
        """
        task = await self.task(kind, path, request)
        asked = request.deadline if request else None
        moment = asyncio.get_running_loop().time() + asked if asked else self.engine.deadline(task)
        return await self.engine.run(replace(task, deadline=moment), observer)

    async def explain(self, kind: str, path: str | Path, request: Request | None = None) -> Explanation:
        """Return who would answer, for how much, and what would change it, asking nobody; raises ``UndoableError``."""
        return self.engine.explain(await self.task(kind, path, request))

    def note(self, outcome: Outcome, signal: Signal, value: float = 1.0) -> None:
        """Tell what became of an answer (``value``: the share kept), for the ledger and for policies that learn."""
        self.engine.note(Feedback(task_id=outcome.task.id, signal=signal, value=value, at=time.time()))

    async def ledger(self, last: int = 10, feature: str | None = None) -> tuple[Entry, ...]:
        """Return the last decisions in the ledger, the newest first; none where it is switched off or still empty."""
        path = self._building.ledger_path
        if path is None or not await asyncio.to_thread(path.exists):
            return ()
        return await asyncio.to_thread(history, path, last=last, feature=feature)

    def _document(self, path: Path, wanted: Request) -> Document:
        path = path.expanduser()
        path = path if path.is_absolute() else self.root / path
        text = wanted.text
        if text is None:
            try:
                text = path.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise UndoableError(f"{path} cannot be read: {error}") from None
        language = wanted.language or grammars.language_of(path.name)
        return Document(uri=path.as_uri(), version=None, language=language, text=Text.of(text))


def new_texts(outcome: Outcome) -> dict[str, str]:
    """Return the new text of every file, by URI, that the answer changes; empty where there is no answer."""
    candidate = outcome.candidate
    if candidate is None:
        return {}
    return {uri: str(text) for uri, text in applied(candidate.edits, texts(outcome.task)).items()}


@asynccontextmanager
async def open(  # noqa: A001 - reads as tierwise.open
    root: str | Path = ".",
    *,
    settings: Mapping[str, object] | None = None,
    env: Mapping[str, str] = os.environ,
) -> AsyncGenerator[Router]:
    """Open an engine for a workspace, from the settings files, the environment and ``settings``.

    These win over the files as an editor's would, and may not hold keys.
    """
    place = await asyncio.to_thread(lambda: Path(root).expanduser().resolve())
    plan = await asyncio.to_thread(lambda: Plan.load(env=env, editor=settings, roots=(place,)))
    building = await build(plan)
    try:
        yield Router(building, plan, place)
    finally:
        await building.close()
