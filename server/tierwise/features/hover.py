"""``textDocument/hover``: what is this symbol."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from cachetools import LRUCache

from tierwise.core.decision import Rung
from tierwise.core.document import Document
from tierwise.core.task import Task
from tierwise.core.text import Span
from tierwise.lsp import Feature, Session
from tierwise.lsp.positions import read_position, write_span
from tierwise.workspace import syntax, targets

from . import request
from .house import House

REMEMBERED = 512
"""Explanations kept; each is a few hundred bytes."""


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    return Feature(
        name="hover",
        capabilities=lambda _client: {"hoverProvider": True},
        requests={"textDocument/hover": Hover(house).answer},
    )


class Hover:
    """First what the workspace says of the symbol, then what a fast model says; the latter is kept by content."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._kept: LRUCache[str, str] = LRUCache(REMEMBERED)

    async def answer(self, session: Session, params: dict[str, Any]) -> dict[str, Any] | None:
        """Return a hover, or None where there is no symbol."""
        document = request.document(session, params)
        place = read_position(params.get("position"), document.text, session.encoding)
        span = targets.word_at(document, place)
        if span is None:
            return None
        root = request.root_of(session, document.uri)
        facts = await self._house.describe(document.text.slice(span), document.uri, root) or header(document, span)
        explained = await self._explained(document, span, await self._tellable(document, span, facts, root), root)
        parts = [part for part in (facts, explained) if part]
        if not parts:
            return None
        return {
            "contents": {"kind": "markdown", "value": "\n\n---\n\n".join(parts)},
            "range": write_span(span, document.text, session.encoding),
        }

    async def _tellable(self, document: Document, span: Span, facts: str, root: str) -> str:
        """Return those of the facts that every model may know."""
        engine = await self._house.engine()
        if not engine.parts.withheld:
            return facts
        gate = engine.reader(Path(root) if root else None)
        told = await self._house.describe(document.text.slice(span), document.uri, root, gate)
        return told or header(document, span)

    async def _explained(self, document: Document, span: Span, facts: str, root: str) -> str:
        """Return what a model adds to the facts; nothing where the workspace itself would answer, which it has."""
        engine = await self._house.engine()
        task = Task(
            id=request.new_id(),
            kind="explain",
            feature="hover",
            document=document,
            span=span,
            instruction=facts,
            facts={"root": root},
        )
        if not request.enabled(engine, task):
            return ""
        key = _key(document, span, facts, engine.decide(task).ladder)
        if key in self._kept:
            return self._kept[key]
        outcome = await engine.run(replace(task, deadline=engine.deadline(task)))
        if outcome.answer is None or outcome.candidate is None or outcome.answer.tier == "local":
            return ""
        who = f"<sub>{outcome.answer.model.ref} · {outcome.answer.tier}</sub>"
        self._kept[key] = text = f"{outcome.candidate.text}\n\n{who}"
        return text


def header(document: Document, span: Span) -> str:
    """Return the signature of the definition whose name the symbol is, as Markdown: for files of no workspace."""
    name = document.text.slice(span)
    found = syntax.definition_at(str(document.text), span.start, document.language)
    if found is None or found.name != name:
        return ""
    return f"```{document.language}\n{found.header}\n```"


def _key(document: Document, span: Span, facts: str, ladder: tuple[Rung, ...]) -> str:
    """Who would be asked, the symbol, and the text that could change what it means: the definition around it."""
    around = syntax.definition_at(str(document.text), span.start, document.language)
    text = document.text.slice(around.span) if around else document.text.line(span.start.line)
    told = "\0".join((repr(ladder), document.language, document.text.slice(span), facts, text))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
