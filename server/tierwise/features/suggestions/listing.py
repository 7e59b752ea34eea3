"""``textDocument/completion``: the same suggestions as items of the completion list, for editors without ghost text."""

import re
from typing import Any

from tierwise.core.text import Position, Span
from tierwise.features import request
from tierwise.features.house import House
from tierwise.lsp import Session
from tierwise.lsp.positions import read_position, write_span

from .answer import Rest
from .dressing import dressed
from .fate import Fates, Offer
from .suggester import Ask, Suggester
from .words import Words, likely

LABEL = 60
"""Characters of a suggestion that its label shows."""
LAST = "~"
"""Sorts behind every name: what the language's own server knows comes first."""
PLAIN_TEXT, AS_IT_IS, TEXT = 1, 1, 1
"""``InsertTextFormat.PlainText``, ``InsertTextMode.asIs``, ``CompletionItemKind.Text``."""

_WORD = re.compile(r"\w*\Z")

NOTHING: dict[str, Any] = {"isIncomplete": True, "items": []}
"""Every list of ours is incomplete, also this one: with the next key we may have something, or something else, to say;
an editor that kept the list would go on filtering what is no longer true."""


class Listing:
    """Answers with what ghost text would show; the newest request wins."""

    def __init__(self, house: House, suggester: Suggester, fates: Fates) -> None:
        self._house = house
        self._suggester = suggester
        self._fates = fates

    async def answer(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return a completion list."""
        document = request.document(session, params)
        place = read_position(params.get("position"), document.text, session.encoding)
        ask = Ask(
            feature="completion",
            document=document,
            place=place,
            held=document,
            cursor=place,
            root=request.root_of(session, document.uri),
        )
        return await session.newest.run(("listing", document.uri), NOTHING, self._answer(session, ask))

    async def _answer(self, session: Session, ask: Ask) -> dict[str, Any]:
        found = await self._suggester.suggest(session.documents, ask)
        words = await likely(self._house, ask)
        if found:
            self._fates.offered(Offer(document=ask.held, cursor=ask.cursor, rests=tuple(found), ghost=False))
        items = [_item(session, ask, rest) for rest in found]
        items += _words(session, ask, words, {item["label"] for item in items})
        return {"isIncomplete": True, "items": items} if items else NOTHING


def _begun(ask: Ask) -> str:
    """Return what is typed of a word: an item replaces it as well, because editors filter by it."""
    found = _WORD.search(ask.held.text.line(ask.cursor.line)[: ask.cursor.column])
    return found[0] if found else ""


def _words(session: Session, ask: Ask, words: Words, taken: set[str]) -> list[dict[str, Any]]:
    """Return plain items for single words, behind the suggestions, without those that are among them already."""
    span = Span(Position(ask.cursor.line, ask.cursor.column - len(_begun(ask))), ask.cursor)
    place = write_span(span, ask.held.text, session.encoding)
    items: list[dict[str, Any]] = [
        {
            "label": word,
            "kind": TEXT,
            "detail": f"Tierwise · {words.model}",
            "sortText": f"{LAST}{LAST}{number:02}",
            "insertTextFormat": PLAIN_TEXT,
            "textEdit": {"range": place, "newText": word},
        }
        for number, word in enumerate(words.words)
        if word not in taken
    ]
    return [dressed(item, words.task_id, session.dialect) for item in items]


def _item(session: Session, ask: Ask, rest: Rest) -> dict[str, Any]:
    """Return an item for a suggestion."""
    word = _begun(ask)
    span = Span(Position(ask.cursor.line, ask.cursor.column - len(word)), rest.span.end)
    text = word + rest.text
    item: dict[str, Any] = {
        "label": label(text),
        "kind": TEXT,
        "detail": f"Tierwise · {rest.answer.model}",
        "documentation": {"kind": "markdown", "value": _fenced(text.strip(), ask.held.language)},
        "filterText": text.strip().partition("\n")[0].rstrip("\r"),
        "sortText": f"{LAST}{rest.answer.rank}",
        "insertTextFormat": PLAIN_TEXT,
        "insertTextMode": AS_IT_IS,
        "textEdit": {"range": write_span(span, ask.held.text, session.encoding), "newText": text},
    }
    return dressed(item, rest.answer.task_id, session.dialect)


def _fenced(text: str, language: str) -> str:
    fence = "````" if "```" in text else "```"
    return f"{fence}{language}\n{text}\n{fence}"


def label(text: str) -> str:
    """Return the first line that says something, cut to a readable length; an ellipsis stands for what is left out."""
    lines = text.strip().splitlines()
    first = " ".join(lines[0].split()) if lines else ""
    cut = first if len(first) <= LABEL else first[: LABEL - 1].rstrip()
    return cut if cut == first and len(lines) <= 1 else f"{cut}…"
