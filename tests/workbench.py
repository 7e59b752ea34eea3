"""A desk with a project on it, and an editor that applies to the files what the server sends."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lsprotocol import types

from desk import Desk
from projects import write
from tierwise.workspace import grammars


class Workbench:
    """A desk with a project on it, and an editor that applies edits to the files."""

    def __init__(self, desk: Desk, project: Mapping[str, str]) -> None:
        self.desk = desk
        self.texts = dict(project)
        self.opened: dict[str, int] = {}
        self.applied: list[types.ApplyWorkspaceEditParams] = []
        self.refuses = False
        write(project, desk.root)

    @property
    def shown(self) -> list[Path]:
        """The documents that the editor was asked to show."""
        return [Path(params.uri.removeprefix("file://")) for params in self.desk.client.shown_documents]

    def apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        if self.refuses:
            return types.ApplyWorkspaceEditResult(applied=False, failure_reason="not now")
        self.applied.append(params)
        self.take(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    def leave(self) -> None:
        """Close all documents and forget what was asked and shown."""
        for name in self.opened:
            document = types.TextDocumentIdentifier(uri=(self.desk.root / name).as_uri())
            self.desk.client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=document))
        self.desk.client.shown_documents.clear()
        self.desk.vendors.requests.clear()

    def name(self, uri: str) -> str:
        return uri.removeprefix(self.desk.root.as_uri() + "/")

    def open(self, name: str) -> types.TextDocumentIdentifier:
        self.opened[name] = 1
        return self.desk.open(name, self.texts[name], grammars.language_of(name))

    def take(self, edit: types.WorkspaceEdit) -> None:
        """Apply an edit to the files as an editor that saves at once."""
        for change in edit.document_changes or ():
            match change:
                case types.CreateFile():
                    assert self.name(change.uri) not in self.texts
                    self.texts[self.name(change.uri)] = ""
                case types.DeleteFile():
                    del self.texts[self.name(change.uri)]
                    (self.desk.root / self.name(change.uri)).unlink()
                case types.RenameFile():
                    old, new = self.name(change.old_uri), self.name(change.new_uri)
                    self.texts[new] = self.texts.pop(old)
                    (self.desk.root / old).rename(self.desk.root / new)
                case types.TextDocumentEdit():
                    self._change(change)
        write(self.texts, self.desk.root)

    def _change(self, change: types.TextDocumentEdit) -> None:
        name = self.name(change.text_document.uri)
        assert change.text_document.version == self.opened.get(name)
        lines = self.texts[name].split("\n")
        for part in sorted(change.edits, key=lambda part: (part.range.start.line, part.range.start.character))[::-1]:
            assert isinstance(part, types.TextEdit | types.AnnotatedTextEdit)
            start, end = part.range.start, part.range.end
            head = "\n".join([*lines[: start.line], lines[start.line][: start.character]])
            tail = "\n".join([lines[end.line][end.character :], *lines[end.line + 1 :]])
            lines = (head + part.new_text + tail).split("\n")
        self.texts[name] = "\n".join(lines)
        if name in self.opened:
            self.opened[name] += 1
            uri = change.text_document.uri
            self.desk.change(types.TextDocumentIdentifier(uri=uri), self.opened[name], self.texts[name])

    async def run(self, kind: str, name: str = "", at: tuple[int, int, int, int] | None = None, **said: str) -> Any:
        """Run a command on a file and return its result."""
        order: dict[str, Any] = dict(said)
        if name:
            order["uri"] = self.open(name).uri if name not in self.opened else (self.desk.root / name).as_uri()
        if at is not None:
            order["range"] = {
                "start": {"line": at[0], "character": at[1]},
                "end": {"line": at[2], "character": at[3]},
            }
        return plain(
            await self.desk.client.workspace_execute_command_async(
                types.ExecuteCommandParams(f"tierwise.{kind}", [order])
            )
        )


def plain(value: Any) -> Any:
    """Return what the client's library made named tuples of as plain values."""
    if hasattr(value, "_asdict"):
        return {name: plain(inner) for name, inner in value._asdict().items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def block(search: str, new: str, path: str = "") -> str:
    return f"{path}\n<<<<<<< SEARCH\n{search}=======\n{new}>>>>>>> REPLACE\n"


def listen(desk: Desk, project: Mapping[str, str]) -> Workbench:
    """Put a project on the desk, and let the editor apply edits to it."""
    bench = Workbench(desk, project)
    take_edits(desk, lambda: bench)
    return bench


def take_edits(desk: Desk, bench: Callable[[], Workbench]) -> None:
    """Let the editor do with edits what the workbench of that moment says."""

    @desk.client.feature(types.WORKSPACE_APPLY_EDIT)
    def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        return bench().apply(params)


class Seat:
    """One server for all tests of this file: each puts its own project into the folder."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.bench = Workbench(desk, {})
        take_edits(desk, lambda: self.bench)

    def lay(self, project: Mapping[str, str]) -> Iterator[Workbench]:
        shutil.rmtree(self.desk.root)
        shutil.rmtree(self.desk.data / "journal", ignore_errors=True)
        self.desk.root.mkdir()
        self.bench = Workbench(self.desk, project)
        yield self.bench
        self.bench.leave()
