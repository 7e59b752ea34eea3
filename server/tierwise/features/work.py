"""An order of the user's, carried out: made ready, answered, with further files where the model asks for them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tierwise.core.document import Document
from tierwise.core.money import dollars
from tierwise.core.outcome import Outcome
from tierwise.core.task import Diagnostic, Task, TaskKind
from tierwise.core.text import Span
from tierwise.core.uri import path_in

from . import request

if TYPE_CHECKING:
    from tierwise.engine import Companion, Engine, Observer
    from tierwise.lsp import Session
    from tierwise.tasks import Ground

ROUNDS = 3
"""Times a model may ask for further files before it has to answer: after that it reads instead of working."""

LONGEST_REMARK = 1_500
"""Characters of what a model says of its changes that are shown: it is asked for a few sentences."""


class UndoableError(Exception):
    """An order that cannot be carried out; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the user asks for: a kind of work, at a place, in their own words where they used some."""

    kind: str
    feature: str
    document: Document | None = None
    span: Span | None = None
    instruction: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of an order: the task as it was asked in the end, and its outcome."""

    task: Task
    outcome: Outcome


class Agree(Protocol):
    """Asked before the tasks of a step are run; raises ``UndoableError`` where they shall not be."""

    async def __call__(self, engine: "Engine", *tasks: Task) -> None:
        """Return where they may be run."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """Who looks on while it is carried out."""

    observer: "Observer | None" = None
    companion: "Companion | None" = None
    agree: "Agree | None" = None


NOBODY = Witnesses()


def ground_of(engine: "Engine", session: "Session", order: Order) -> "Ground":
    """Return the workspace that the order is about: the root of its document, else the first one."""
    opened = {document.uri: document for document in session.documents}
    return ground(engine, _root(session, order), opened, order.arguments)


def ground(
    engine: "Engine", root: Path | None, opened: Mapping[str, Document], arguments: Mapping[str, str]
) -> "Ground":
    """Return the workspace below a root."""
    from tierwise.tasks import Ground

    return Ground(root=root, gate=engine.reader(root), opened=opened, arguments=arguments)


async def make_ready(engine: "Engine", order: Order, place: "Ground") -> Task:
    """Return the task that an order means; raises ``UndoableError``."""
    from tierwise import tasks
    from tierwise.workspace.ignore import is_secret

    kind = engine.parts.kinds(order.kind)
    document = order.document
    if document is not None and is_secret(Path(path_in(document.uri)).name):
        raise UndoableError("This file looks as if it held secrets: nothing of it is sent to a model.")
    if kind.wants_instruction and not order.instruction.strip():
        raise UndoableError(f"Say what to do: `{order.kind}` needs an instruction.")
    task = Task(
        id=request.new_id(),
        kind=order.kind,
        feature=order.feature,
        document=document,
        span=order.span or (Span.at(0, 0) if document else None),
        instruction=order.instruction,
        diagnostics=order.diagnostics,
        facts={"root": str(place.root)} if place.root else {},
    )
    if not request.enabled(engine, task):
        raise UndoableError(f"{task.feature} or {task.kind} is switched off in the settings.")
    try:
        return await tasks.prepared(task, place)
    except tasks.NotHereError as error:
        raise UndoableError(str(error)) from None


async def carry_out(engine: "Engine", order: Order, place: "Ground", witnesses: Witnesses = NOBODY) -> Done:
    """Make the task ready and run it; raises ``UndoableError``.

    Where the model wishes to see further files it is asked again with them, a bounded number of times.
    """
    from tierwise.edits.explored import needed

    wanted: tuple[str, ...] = ()
    for number in range(ROUNDS + 1):
        last = number == ROUNDS
        arguments = {**place.arguments, "needed": "\n".join(wanted), "round": str(number)}
        here = replace(place, arguments=arguments)
        told = replace(order, instruction=order.instruction + _LAST) if last and wanted else order
        task = await make_ready(engine, told, here)
        outcome = await run(engine, task, witnesses)
        candidate = outcome.candidate
        more = needed(candidate) if candidate is not None else ()
        if not more:
            return Done(task=task, outcome=outcome)
        if set(more) <= set(wanted):
            break
        wanted = tuple(dict.fromkeys((*wanted, *more)))
    raise UndoableError("The model asked for ever more files instead of answering: name those that matter.")


_LAST = "\n\nNo further files can be shown: answer with what you have."


async def run(engine: "Engine", task: Task, witnesses: Witnesses = NOBODY) -> Outcome:
    """Answer one task within the time its kind allows."""
    from tierwise.engine import Companion

    if witnesses.agree is not None:
        await witnesses.agree(engine, task)
    timed = replace(task, deadline=engine.deadline(task))
    return await engine.run(timed, witnesses.observer, witnesses.companion or Companion())


def nothing(outcome: Outcome) -> str:
    """Say why there is no answer."""
    if outcome.failure is not None:
        return outcome.failure.message
    rejected = [verdict.reason for attempt in outcome.attempts for verdict in attempt.verdicts if not verdict.passed]
    return f"No answer passed its checks: {'; '.join(rejected)}" if rejected else outcome.decision.reason


def remark(kind: TaskKind, outcome: Outcome) -> str:
    """Return what the model says of its changes, where the kind asks for that: the cause, the price, what is left."""
    from tierwise.edits.blocks import preface

    said = preface(outcome.candidate.text) if kind.form == "explored" and outcome.candidate else ""
    return said if len(said) <= LONGEST_REMARK else f"{said[:LONGEST_REMARK].rstrip()} …"


def price_of(outcome: Outcome) -> str:
    """Return what was paid, in words."""
    return "cost unknown" if outcome.cost is None else dollars(outcome.cost)


def _root(session: "Session", order: Order) -> Path | None:
    if order.document is not None:
        found = request.root_of(session, order.document.uri)
        if found:
            return Path(os.path.realpath(found))
    first = next((root for root in session.roots if root.startswith("file:")), None)
    return Path(os.path.realpath(path_in(first))) if first else None
