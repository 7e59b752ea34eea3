"""The last edits of several files, so that they can be taken back even after everything was saved.

One JSON file an edit, readable by its owner only: ``label``, ``at`` (seconds since the epoch) and ``files``, each with
its ``uri`` and its text ``before`` and ``after`` the edit, null where it did not exist.
"""

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tierwise.core.edit import CreateFile, DeleteFile, Edit, RenameFile, TextEdit
from tierwise.core.text import Text

KEPT = 20
"""Edits that can be taken back, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One file's text before and after; None where it did not exist."""

    uri: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One edit of several files."""

    path: Path
    label: str
    leaves: tuple[Leaf, ...]


class Journal:
    """Pages in a folder of their own; a folder that cannot be written keeps nothing, and ``write`` says so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, label: str, leaves: Sequence[Leaf]) -> Page:
        """Keep an edit and forget the oldest ones; raises ``OSError``."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{time.time_ns()}.json"
        files = [{"uri": leaf.uri, "before": leaf.before, "after": leaf.after} for leaf in leaves]
        written = json.dumps({"label": label, "at": time.time(), "files": files})
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(written)
        for old in self._pages()[:-KEPT]:
            old.unlink(missing_ok=True)
        return Page(path=path, label=label, leaves=tuple(leaves))

    def last(self) -> Page | None:
        """Return the newest edit that was not taken back; one that cannot be read is passed over."""
        for path in reversed(self._pages()):
            try:
                said = json.loads(path.read_text("utf-8"))
                leaves = [Leaf(uri=file["uri"], before=file["before"], after=file["after"]) for file in said["files"]]
                return Page(path=path, label=str(said["label"]), leaves=tuple(leaves))
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return None

    def strike(self, page: Page) -> None:
        """Forget an edit: it was taken back, or never made."""
        page.path.unlink(missing_ok=True)

    def _pages(self) -> list[Path]:
        return sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []


def leaves_of(edits: Sequence[Edit], before: Mapping[str, Text]) -> list[Leaf]:
    """Return what each file is before and after the edits; ``before`` holds the texts of the files they touch."""
    after: dict[str, Text | None] = {}
    by_file: dict[str, list[TextEdit]] = {}
    for edit in edits:
        if isinstance(edit, TextEdit):
            by_file.setdefault(edit.uri, []).append(edit)
        elif isinstance(edit, CreateFile):
            after[edit.uri] = Text.of(edit.text)
    for uri, wanted in by_file.items():
        text = before[uri]
        for edit in sorted(wanted, key=lambda edit: edit.span.start, reverse=True):
            text = text.replace(edit.span, edit.new_text)
        after[uri] = text
    for edit in edits:
        if isinstance(edit, RenameFile):
            after[edit.new_uri] = after.get(edit.old_uri) or before.get(edit.old_uri)
            after[edit.old_uri] = None
        elif isinstance(edit, DeleteFile):
            after[edit.uri] = None
    return [Leaf(uri=uri, before=_plain(before.get(uri)), after=_plain(text)) for uri, text in after.items()]


def _plain(text: Text | None) -> str | None:
    return None if text is None else str(text)
