"""``textDocument/codeAction`` and ``codeAction/resolve``: the menu costs nothing, the work is done when chosen."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from tierwise.core.document import Document
from tierwise.core.outcome import Outcome
from tierwise.core.task import Diagnostic, Task
from tierwise.core.text import Span
from tierwise.lsp import Code, Feature, RpcError, Session
from tierwise.lsp.positions import read_span
from tierwise.lsp.read import read_diagnostics
from tierwise.lsp.write import UnwritableError, workspace_edit
from tierwise.workspace import syntax

from tierwise.workspace import targets

from . import request
from .house import House

ACT = "tierwise.act"
"""The command that does a chosen action for clients that cannot resolve one; its argument is the action's ``data``."""

_HEADER = re.compile(
    r"^\s*(?:export\s+|default\s+|public\s+|private\s+|protected\s+|static\s+|abstract\s+|pub(?:\([^)]*\))?\s+|async\s+)*"
    r"(?:def|class|function\*?|func|fn|interface|struct|enum|trait|type|impl)\b"
)
"""A line that looks like the start of a definition: enough to offer the action without parsing the file."""


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    actions = Actions(house)
    return Feature(
        name="code_action",
        capabilities=lambda _client: {
            "codeActionProvider": {"codeActionKinds": ["quickfix", "refactor.rewrite"], "resolveProvider": True}
        },
        requests={"textDocument/codeAction": actions.offer, "codeAction/resolve": actions.resolve},
        commands={ACT: actions.act},
    )


class Actions:
    """Offers by syntax and diagnostics alone; resolves through the engine."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def offer(self, session: Session, params: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the menu: no model is asked."""
        document = request.document(session, params)
        span = read_span(params.get("range"), document.text, session.encoding)
        context = cast("dict[str, Any]", params.get("context") or {})
        wanted = cast("list[str] | None", context.get("only"))
        offered = [*_fixes(session, params, document, context), *_docstrings(params, document, span)]
        lazily = session.supports("textDocument", "codeAction", "resolveSupport")
        return [_presented(action, lazily) for action in offered if _wanted(action["kind"], wanted)]

    async def resolve(self, session: Session, action: dict[str, Any]) -> dict[str, Any]:
        """Return the action with its edit."""
        task = await self._task(session, action.get("data"))
        async with session.progress(str(action.get("title", "Tierwise"))):
            outcome = await self._run(task)
        return {**action, "edit": _edit(session, task, outcome)}

    async def act(self, session: Session, arguments: list[Any]) -> None:
        """Do what ``resolve`` would, and have the client apply it."""
        task = await self._task(session, arguments[0] if arguments else None)
        label = "Tierwise"
        async with session.progress(label):
            outcome = await self._run(task)
        candidate = outcome.candidate
        refused = await session.apply_edit(candidate.edits, {}, label) if candidate else _nothing(outcome)
        if refused:
            raise RpcError(Code.REQUEST_FAILED, refused)

    async def _run(self, task: Task) -> Outcome:
        engine = await self._house.engine()
        if not request.enabled(engine, task):
            raise RpcError(Code.REQUEST_FAILED, f"{task.feature} or {task.kind} is switched off in the settings.")
        return await engine.run(replace(task, deadline=request.deadline(engine, task)))

    async def _task(self, session: Session, data: object) -> Task:
        """Build the task again from an action's data and the document as it is now."""
        details = cast("Mapping[str, Any]", data)
        match details:
            case {"kind": "docstring" | "fix" as kind, "uri": str(uri), "range": place, "version": version}:
                pass
            case _:
                raise RpcError(Code.INVALID_PARAMS, "the action carries no data of ours: ask for the menu again")
        document = request.document(session, {"textDocument": {"uri": uri}})
        if document.version != version:
            raise RpcError(Code.CONTENT_MODIFIED, "The file has changed since the menu was opened: open it again.")
        span = read_span(place, document.text, session.encoding)
        task = Task(id=request.new_id(), kind=kind, feature="code_action", document=document, span=span)
        facts = {"root": request.root_of(session, uri)}
        if kind == "fix":
            diagnostics = read_diagnostics(details.get("diagnostics"), document, session.encoding)
            return replace(task, span=targets.around(document, span), diagnostics=diagnostics, facts=facts)
        target = targets.documentation(document, span.start)
        if target is None:
            raise RpcError(Code.REQUEST_FAILED, "There is no definition to document here.")
        facts |= {"indent": target.indent, "convention": target.convention}
        return replace(task, span=target.span, instruction=target.code, facts=facts)


def _fixes(
    session: Session, params: dict[str, Any], document: Document, context: dict[str, Any]
) -> Iterable[dict[str, Any]]:
    raw = cast("list[Any]", context.get("diagnostics") or [])
    for item, diagnostic in zip(raw, _each(raw, document, session), strict=True):
        if diagnostic is not None:
            title = f"Fix with Tierwise: {_short(diagnostic.message)}"
            yield {
                "title": title,
                "kind": "quickfix",
                "diagnostics": [item],
                "data": {**_data("fix", document, item["range"]), "diagnostics": [item]},
            }


def _each(raw: list[Any], document: Document, session: Session) -> list[Diagnostic | None]:
    return [next(iter(read_diagnostics([item], document, session.encoding)), None) for item in raw]


def _docstrings(params: dict[str, Any], document: Document, span: Span) -> Iterable[dict[str, Any]]:
    line = document.text.line(span.start.line)
    if not syntax.has_grammar(document.language) or not _HEADER.match(line):
        return
    yield {
        "title": "Generate docstring with Tierwise",
        "kind": "refactor.rewrite",
        "data": _data("docstring", document, params["range"]),
    }


def _data(kind: str, document: Document, place: object) -> dict[str, Any]:
    return {"kind": kind, "uri": document.uri, "version": document.version, "range": place}


def _presented(action: dict[str, Any], lazily: bool) -> dict[str, Any]:
    """Let a client that cannot resolve run the command instead."""
    if lazily:
        return action
    command = {"title": action["title"], "command": ACT, "arguments": [action["data"]]}
    return {**{name: value for name, value in action.items() if name != "data"}, "command": command}


def _wanted(kind: str, only: list[str] | None) -> bool:
    return only is None or any(kind == wish or kind.startswith(f"{wish}.") for wish in only)


def _edit(session: Session, task: Task, outcome: Outcome) -> dict[str, object]:
    candidate = outcome.candidate
    if candidate is None:
        raise RpcError(Code.REQUEST_FAILED, _nothing(outcome))
    try:
        return workspace_edit(candidate.edits, session.documents, {}, session.client, session.encoding)
    except UnwritableError as error:
        raise RpcError(Code.CONTENT_MODIFIED, str(error)) from None


def _nothing(outcome: Outcome) -> str:
    """Say why there is no answer."""
    if outcome.failure is not None:
        return outcome.failure.message
    rejected = [verdict.reason for attempt in outcome.attempts for verdict in attempt.verdicts if not verdict.passed]
    return f"No answer passed its checks: {'; '.join(rejected)}" if rejected else outcome.decision.reason


def _short(message: str, length: int = 60) -> str:
    line = message.partition("\n")[0]
    return line if len(line) <= length else line[: length - 1] + "…"
