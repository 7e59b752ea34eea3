"""Small real projects on disk, and trials of candidates in them."""

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tierwise import checks
from tierwise.checks import Allowed, Ask, Site, Trial
from tierwise.core.document import Document
from tierwise.core.edit import Candidate, CreateFile, TextEdit
from tierwise.core.outcome import Verdict
from tierwise.core.task import Task
from tierwise.core.text import Position, Span, Text
from tierwise.engine.shape import applied
from tierwise.workspace import grammars

LEAN = "[pytest]\naddopts = -p no:asyncio -p no:pytest-lsp -p no:hypothesispytest -p no:xdist -p no:anyio\n"
"""A project's pytest.ini without the plugins of our own environment: it needs none of them, and they take a second."""


def project(root: Path, files: Mapping[str, str]) -> Path:
    """Write files and make the folder a repository that knows them."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    git = ("git", "-C", str(root), "-c", "user.name=t", "-c", "user.email=t@example.com")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "Begin")):
        subprocess.run([*git, *words], check=True)
    return root


def document(root: Path, name: str) -> Document:
    """Return a file of the project as the editor has it."""
    uri = (root / name).as_uri()
    text = Text.of((root / name).read_text("utf-8"))
    return Document(uri=uri, version=1, language=grammars.language_of(uri), text=text)


def trial(root: Path, changes: Mapping[str, str], allowed: Allowed | None = None, instruction: str = "") -> Trial:
    """Return a trial in which files of the project get new texts; one that is not there yet is created."""
    documents = [document(root, name) for name in changes if (root / name).exists()]
    edits = [_edit(root, name, text) for name, text in changes.items()]
    task = Task(
        id="t",
        kind="fix",
        feature="code_action",
        document=documents[0] if documents else None,
        files=tuple(documents[1:]),
        instruction=instruction,
    )
    before = {document.uri: document.text for document in documents}
    candidate = Candidate(text="\n".join(changes.values()), edits=tuple(edits))
    after = applied(candidate.edits, before)
    return Trial(
        task=task,
        candidate=candidate,
        before=before,
        after=after,
        site=Site(root=root, allowed=allowed or Allowed()),
    )


def _edit(root: Path, name: str, text: str) -> TextEdit | CreateFile:
    uri = (root / name).as_uri()
    if not (root / name).exists():
        return CreateFile(uri=uri, text=text)
    whole = Span(Position(0, 0), document(root, name).text.end)
    return TextEdit(uri=uri, version=1, span=whole, new_text=text)


async def verdict(check: str, trial: Trial, ask: Ask | None = None) -> Verdict:
    """Return what a check says."""
    return await checks.load(check).check(replace(trial, ask=ask) if ask else trial)
