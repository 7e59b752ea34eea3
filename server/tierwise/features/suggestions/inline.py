"""``textDocument/inlineCompletion``: ghost text."""

from dataclasses import replace
from typing import Any, cast

from tierwise.core.edit import TextEdit
from tierwise.core.task import Fact
from tierwise.core.text import Position, Span
from tierwise.features import request
from tierwise.lsp import Session
from tierwise.lsp.positions import read_position, read_span, write_span
from tierwise.lsp.rpc import as_object

from .answer import Answer, Rest
from .dressing import dressed
from .fate import Fates, Offer
from .suggester import Ask, Suggester

INVOKED = 1
"""``InlineCompletionTriggerKind.Invoked``: the user asked by hand."""

NOTHING: dict[str, Any] = {"items": []}


class Inline:
    """Answers with one item of its own accord, with several where the user asks; the newest request wins."""

    def __init__(self, suggester: Suggester, fates: Fates) -> None:
        self._suggester = suggester
        self._fates = fates

    async def answer(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return an inline completion list; nothing for a version of the document that is no more."""
        ask, selected = _read(session, params)
        version = as_object(params.get("textDocument")).get("version")
        if isinstance(version, int) and ask.held.version is not None and version != ask.held.version:
            return NOTHING
        return await session.newest.run(("inline", ask.held.uri), NOTHING, self._answer(session, ask, selected))

    async def _answer(self, session: Session, ask: Ask, selected: Span | None) -> dict[str, Any]:
        found = await self._suggester.suggest(session.documents, ask)
        if not found:
            return NOTHING
        self._fates.offered(Offer(document=ask.held, cursor=ask.cursor, rests=tuple(found)))
        return {"items": [_item(session, ask, selected, rest) for rest in found]}


def _read(session: Session, params: dict[str, Any]) -> tuple[Ask, Span | None]:
    """Return what is asked, and which part of the line an item selected in the editor's own list would replace."""
    document = request.document(session, params)
    context = as_object(params.get("context"))
    place = read_position(params.get("position"), document.text, session.encoding)
    ask = Ask(
        feature="inline_completion",
        document=document,
        place=place,
        held=document,
        cursor=place,
        invoked=context.get("triggerKind") == INVOKED,
        root=request.root_of(session, document.uri),
        facts=_style(as_object(params.get("formattingOptions"))),
    )
    match context.get("selectedCompletionInfo"):
        case {"text": str(text)} as selected:
            span = read_span(cast("dict[str, Any]", selected).get("range"), document.text, session.encoding)
        case _:
            return ask, None
    if not span.start <= place <= span.end:
        return ask, None
    edit = TextEdit(uri=document.uri, version=document.version, span=span, new_text=text)
    ask = replace(
        ask,
        document=replace(document, text=document.text.replace(span, text)),
        place=span.start.behind(text),
        approach=Answer.of(document, edit, task_id="", model=""),
    )
    return ask, span


def _style(said: dict[str, Any]) -> dict[str, Fact]:
    """Return how the editor indents, which some say with the request."""
    match said:
        case {"tabSize": int(size), "insertSpaces": bool(spaces)} if size > 0:
            return {"tab_size": size, "insert_spaces": spaces}
        case _:
            return {}


def _item(session: Session, ask: Ask, selected: Span | None, rest: Rest) -> dict[str, Any]:
    text, span = rest.text, rest.span
    if selected is not None and ask.approach is not None:
        replaced = span.end.column - span.start.column
        text = ask.approach.text + text
        span = Span(selected.start, Position(selected.end.line, selected.end.column + replaced))
    item = {"insertText": text, "range": write_span(span, ask.held.text, session.encoding)}
    return dressed(item, rest.answer.task_id, session.dialect)
