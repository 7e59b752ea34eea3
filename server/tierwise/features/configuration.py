"""Settings from the editor and from files: taken in at the start and whenever they change."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from tierwise.core.text import Text
from tierwise.lsp import Feature, Session
from tierwise.lsp.positions import write_span
from tierwise.lsp.rpc import as_list, as_object
from tierwise.lsp.session import Level

from .house import Complaint, House
from .status import SETTINGS_CHANGED

PROJECT_FILE = ".tierwise.toml"


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    configuration = Configuration(house)
    return Feature(
        name="configuration",
        notifications={
            "initialized": configuration.begin,
            "workspace/didChangeConfiguration": configuration.changed,
            "workspace/didChangeWatchedFiles": configuration.files_changed,
            "textDocument/didSave": configuration.saved,
        },
    )


class Configuration:
    """Keeps the house in step with what the user writes; wrong settings are shown where they were written."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._editor: dict[str, Any] = {}
        self._in_force: dict[str, Any] | None = None
        """The editor's settings as they were last applied."""
        self._told: set[str] = set()
        self._marked: set[Path] = set()
        self._lock = asyncio.Lock()

    def begin(self, session: Session, params: dict[str, Any]) -> None:
        """Take the first settings and ask to hear of later ones."""
        session.spawn(self._begin(session))

    def changed(self, session: Session, params: dict[str, Any]) -> None:
        """Take what the client pushed, or where it pushed nothing, ask it."""
        session.spawn(self._pushed(session, params.get("settings")))

    def files_changed(self, session: Session, params: dict[str, Any]) -> None:
        """Read the settings again when a settings file changed."""
        changes = [as_object(change) for change in as_list(params.get("changes"))]
        if any(str(change.get("uri")).endswith(PROJECT_FILE) for change in changes):
            session.spawn(self._apply(session))

    def saved(self, session: Session, params: dict[str, Any]) -> None:
        """Read the settings again when a settings file was saved."""
        uri = str(as_object(params.get("textDocument")).get("uri"))
        if uri.endswith((PROJECT_FILE, "/tierwise/config.toml")):
            session.spawn(self._apply(session))

    async def _begin(self, session: Session) -> None:
        self._editor = await self._asked(session)
        await self._apply_new(session)
        await session.register("workspace/didChangeConfiguration", {"section": "tierwise"})

    async def _pushed(self, session: Session, settings: object) -> None:
        pushed = _section(settings)
        self._editor = pushed if pushed is not None else await self._asked(session)
        await self._apply_new(session)

    async def _asked(self, session: Session) -> dict[str, Any]:
        return await session.configuration() or {}

    async def _apply_new(self, session: Session) -> None:
        """Apply the editor's settings, unless they are in force: some editors tell them twice as they start, and what
        was suggested before would have to be asked for again.
        """
        async with self._lock:
            same = self._editor == self._in_force
        if not same:
            await self._apply(session)

    async def _apply(self, session: Session) -> None:
        async with self._lock:  # two changes at once must end with the settings of the later one
            self._in_force = self._editor
            complaints = await self._house.configure(session, self._in_force)
        session.relay.tell(session, SETTINGS_CHANGED, {})
        self._show_in_files(session, complaints)
        self._show_once(session, complaints)

    def _show_once(self, session: Session, complaints: tuple[Complaint, ...]) -> None:
        messages = [complaint.message for complaint in complaints if complaint.path is None]
        for message in messages:
            if message not in self._told:
                session.show_message(f"Tierwise settings: {message}", Level.WARNING)
        self._told = set(messages)

    def _show_in_files(self, session: Session, complaints: tuple[Complaint, ...]) -> None:
        by_file: dict[Path, list[Complaint]] = {path: [] for path in self._marked}
        for complaint in complaints:
            if complaint.path is not None:
                by_file.setdefault(complaint.path, []).append(complaint)
        for path, wrong in by_file.items():
            diagnostics = [_diagnostic(session, path, complaint) for complaint in wrong]
            session.notify("textDocument/publishDiagnostics", {"uri": path.as_uri(), "diagnostics": diagnostics})
        self._marked = {path for path, wrong in by_file.items() if wrong}


def _section(settings: object) -> dict[str, Any] | None:
    """Return our part of pushed settings; None where the client sent none and wants to be asked."""
    if not isinstance(settings, Mapping):
        return None
    ours = cast("Mapping[str, Any]", settings).get("tierwise")
    return dict(cast("Mapping[str, Any]", ours)) if isinstance(ours, Mapping) else None


def _diagnostic(session: Session, path: Path, complaint: Complaint) -> dict[str, Any]:
    zero = {"line": 0, "character": 0}
    place: dict[str, Any] = {"start": zero, "end": zero}
    if complaint.span is not None:
        open_document = session.documents.get(path.as_uri())
        text = open_document.text if open_document else _read(path)
        place = write_span(complaint.span, text, session.encoding)
    return {"range": place, "severity": 1, "source": "tierwise", "message": complaint.message}


def _read(path: Path) -> Text:
    try:
        return Text.of(path.read_text("utf-8", errors="replace"))
    except OSError:
        return Text.of("")
