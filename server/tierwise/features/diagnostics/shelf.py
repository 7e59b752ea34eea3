"""What is known, in the protocol's words: of one document or of the whole workspace, made anew only when needed."""

import asyncio
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tierwise.core.text import Span, Text
from tierwise.core.uri import path_in
from tierwise.features.house import House
from tierwise.lsp import Session
from tierwise.lsp.positions import Encoding, write_span

if TYPE_CHECKING:
    from tierwise.core.document import Document
    from tierwise.findings.known import Placed
    from tierwise.findings.review import Review
    from tierwise.findings.store import Store
    from tierwise.settings.review import ReviewSettings

SOURCE = "tierwise"
SEVERITIES = ("error", "warning", "information", "hint")
TAGS = {"unnecessary": 1, "deprecated": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The diagnostics of one document; ``id`` is made of them alone, so that equal ones have it in every process."""

    id: str
    diagnostics: list[dict[str, Any]]
    standing: "Mapping[str, Standing]" = field(default_factory=dict[str, "Standing"])
    """The findings in it by their ``ident``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A finding that is shown: its code, with single blanks, and the task that had the last word on it."""

    quote: str
    task: str


class Shelf:
    """Looks findings up for one client; everything slow happens in threads."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._store: Store | None = None
        self._opening = asyncio.Lock()
        self._sheets: dict[str, tuple[object, Sheet]] = {}
        self.seen: dict[str, dict[str, Standing]] = {}
        """By URI the findings that were shown in an open document, as long as their code stands there."""

    async def store(self) -> "Store":
        """Return the store, opened when first wanted."""
        async with self._opening:
            if self._store is None:
                self._store = await asyncio.to_thread(open_store)
            return self._store

    async def review(self, session: Session, root: Path | None = None) -> "Review | None":
        """Return what scans the workspace; None where no folder is open."""
        from tierwise.findings.review import Review

        place = root or next(iter(roots(session)), None)
        if place is None:
            return None
        return Review(
            engine=await self._house.engine(),
            store=await self.store(),
            settings=(await self._house.settings()).review,
            root=place,
            opened={document.uri: document for document in session.documents},
        )

    async def sheet(self, session: Session, document: "Document") -> Sheet:
        """Return the diagnostics of a document; the same one is not parsed twice."""
        store, settings = await self.store(), (await self._house.settings()).review
        key = (document.text, document.version, store.stamp(), settings)
        kept = self._sheets.get(document.uri)
        if kept is not None and kept[0] == key:
            return kept[1]
        sheet = await asyncio.to_thread(self._made, session, document, store, settings)
        if session.documents.get(document.uri) is not None:
            self._sheets[document.uri] = (key, sheet)
            self.seen.setdefault(document.uri, {}).update(sheet.standing)
        return sheet

    async def workspace(self, session: Session) -> "asyncio.Queue[tuple[str, Sheet] | None]":
        """Return a queue that the sheets of all documents with findings go into as they are found, and None last."""
        store, settings = await self.store(), (await self._house.settings()).review
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[tuple[str, Sheet] | None]()
        opened = {document.uri: document for document in session.documents}

        def work() -> None:
            try:
                for document in _documents(roots(session), opened) if not store.is_empty() else ():
                    sheet = self._made(session, document, store, settings)
                    if sheet.diagnostics:
                        loop.call_soon_threadsafe(queue.put_nowait, (document.uri, sheet))
            finally:
                loop.call_soon_threadsafe(queue.put_nowait, None)

        session.spawn(asyncio.to_thread(work))
        return queue

    async def of_uri(self, session: Session, uri: str) -> Sheet:
        """Return the diagnostics of any file; none where it is gone or not to be looked at."""
        document = session.documents.get(uri)
        if document is None:
            document = await asyncio.to_thread(_read, uri, roots(session))
        return await self.sheet(session, document) if document is not None else _sheet([])

    def forget(self, uri: str) -> None:
        """Let go of a document that was closed."""
        self._sheets.pop(uri, None)
        self.seen.pop(uri, None)

    def _made(self, session: Session, document: "Document", store: "Store", settings: "ReviewSettings") -> Sheet:
        from tierwise.findings.known import known
        from tierwise.findings.review import concerns_of

        opened = session.documents

        def read(uri: str) -> "Document | None":
            return opened.get(uri) or _read(uri, roots(session))

        shown: dict[str, str] = {concern: str(how) for concern, how in settings.shown().items()}
        placed = known(document, store, concerns_of(settings), read)
        return _sheet([_diagnostic(each, document.text, shown, session.encoding, read) for each in placed], placed)


def roots(session: Session) -> tuple[Path, ...]:
    """Return the workspace's folders."""
    return tuple(Path(path_in(root)).resolve() for root in session.roots if root.startswith("file:"))


def open_store() -> "Store":
    """Return the store of findings beside the ledger; opens a file, so it is for threads."""
    from tierwise.findings.review import FILE
    from tierwise.findings.store import Store
    from tierwise.settings.paths import data_dir

    return Store(data_dir() / FILE)


def _documents(places: tuple[Path, ...], opened: "dict[str, Document]") -> "Iterator[Document]":
    from tierwise.findings.survey import Survey
    from tierwise.workspace.ignore import Gate

    return Survey(Gate(places), opened).documents()


def _read(uri: str, places: tuple[Path, ...]) -> "Document | None":
    from tierwise.findings.survey import Survey, path_of
    from tierwise.workspace.ignore import Gate

    if not uri.startswith("file:"):
        return None
    gate = Gate(places)
    path = path_of(uri)
    return Survey(gate).document(path) if gate.admits(path) else None


def _sheet(diagnostics: list[dict[str, Any]], placed: "Sequence[Placed]" = ()) -> Sheet:
    said = json.dumps(diagnostics, sort_keys=True, ensure_ascii=True)
    findings = (each.finding for each in placed)
    standing = {each.ident: Standing(quote=" ".join(each.quote.split()), task=each.task) for each in findings}
    return Sheet(id=hashlib.sha256(said.encode()).hexdigest()[:16], diagnostics=diagnostics, standing=standing)


def _diagnostic(placed: "Placed", text: Text, shown: dict[str, str], encoding: Encoding, read: Any) -> dict[str, Any]:
    finding = placed.finding
    how = shown.get(finding.concern, "judged")
    severity = finding.severity if how == "judged" else how
    diagnostic: dict[str, Any] = {
        "range": write_span(placed.span, text, encoding),
        "severity": SEVERITIES.index(severity) + 1,
        "source": SOURCE,
        "code": f"CWE-{finding.cwe}" if finding.cwe else str(finding.concern),
        "message": f"{finding.title}\n{finding.detail}".strip(),
        "data": {"ident": finding.ident, "concern": str(finding.concern), "task": finding.task},
    }
    if finding.cwe:
        diagnostic["codeDescription"] = {"href": f"https://cwe.mitre.org/data/definitions/{finding.cwe}.html"}
    if finding.tag in TAGS:
        diagnostic["tags"] = [TAGS[finding.tag]]
    related = [
        {"location": {"uri": place.uri, "range": _line(other.text, place.line, encoding)}, "message": place.message}
        for place in finding.related
        if (other := read(place.uri)) is not None and place.line < other.text.line_count
    ]
    return {**diagnostic, "relatedInformation": related} if related else diagnostic


def _line(text: Text, line: int, encoding: Encoding) -> dict[str, Any]:
    from tierwise.core.text import Position

    said = text.line(line)
    start = len(said) - len(said.lstrip())
    return write_span(Span(Position(line, start), Position(line, len(said))), text, encoding)
