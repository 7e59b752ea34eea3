"""``textDocument/inlineCompletion``: ghost text."""

import time
from dataclasses import replace
from typing import Any

from tierwise.core.document import Document
from tierwise.core.edit import TextEdit
from tierwise.core.outcome import Feedback, Outcome, Signal
from tierwise.core.task import Task
from tierwise.core.text import Span
from tierwise.lsp import Feature, Session
from tierwise.lsp.positions import read_position, write_span

from . import request
from .house import House

ACCEPTED = "tierwise.accepted"
"""The command every item carries: the editor runs it when the user takes the suggestion."""

NOTHING: dict[str, Any] = {"items": []}


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    completion = InlineCompletion(house)
    return Feature(
        name="inline_completion",
        capabilities=lambda _client: {"inlineCompletionProvider": True},
        requests={"textDocument/inlineCompletion": completion.answer},
        commands={ACCEPTED: completion.accepted},
    )


class InlineCompletion:
    """Answers with at most one item; a newer request for the document makes the older one answer empty."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def answer(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return an inline completion list."""
        document = request.document(session, params)
        place = read_position(params.get("position"), document.text, session.encoding)
        task = Task(
            id=request.new_id(),
            kind="autocomplete",
            feature="inline_completion",
            document=document,
            span=Span(place, place),
            facts={"root": request.root_of(session, document.uri)},
        )
        key = ("inline_completion", document.uri)
        return await session.newest.run(key, NOTHING, self._complete(session, task, document))

    async def accepted(self, session: Session, arguments: list[Any]) -> None:
        """Note that the user took a suggestion; its task id is the argument."""
        if arguments and isinstance(arguments[0], str):
            (await self._house.engine()).note(
                Feedback(task_id=arguments[0], signal=Signal.ACCEPTED, value=1.0, at=time.time())
            )

    async def _complete(self, session: Session, task: Task, document: Document) -> dict[str, Any]:
        engine = await self._house.engine()
        if not request.enabled(engine, task):
            return NOTHING
        outcome = await engine.run(replace(task, deadline=request.deadline(engine, task)))
        return {"items": [_item(session, outcome, edit, document) for edit in _edits(outcome)]}


def _edits(outcome: Outcome) -> list[TextEdit]:
    candidate = outcome.candidate
    return [edit for edit in candidate.edits if isinstance(edit, TextEdit)] if candidate else []


def _item(session: Session, outcome: Outcome, edit: TextEdit, document: Document) -> dict[str, Any]:
    return {
        "insertText": edit.new_text,
        "range": write_span(edit.span, document.text, session.encoding),
        "command": {"title": "Suggestion accepted", "command": ACCEPTED, "arguments": [outcome.task.id]},
    }
