"""The workspace as a model needs it to work on several files: the map, and the files that matter most."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tierwise.core.document import Document
from tierwise.core.task import Task
from tierwise.core.uri import path_in
from tierwise.workspace import repo_map

from . import Ground, NotHereError
from .material import characters, documents_at, path_of, shown

MAP_SHARE = 0.2
"""Part of the budget that the map takes; the rest is for whole files, which say more."""

MOST_FILES = 30
"""Files shown whole; beyond, the budget is spent anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The files to show whole, the most important first, and the map of all the others."""

    files: tuple[Document, ...]
    listing: str
    map: str


async def survey(task: Task, ground: Ground, tokens: int, wanted: Iterable[str] = ()) -> Survey:
    """Rank the workspace's files for the task's instruction and show what fits into so many tokens.

    ``wanted`` are paths that the model asked for; they come first, after the task's own document.
    """
    if ground.root is None:
        raise NotHereError("This needs a workspace folder.")
    texts = await asyncio.to_thread(repo_map.read, ground.gate, ground.root)
    for uri, document in ground.opened.items():
        path = _inside(uri, ground)
        if path in texts:
            texts[path] = str(document.text)
    own = [path_of(task.document, ground)] if task.document else []
    chosen = [path for path in (*own, *wanted) if path in texts]
    ranked = await asyncio.to_thread(repo_map.ranked, texts, task.instruction, chosen)
    best = list(dict.fromkeys([*chosen, *(file.path for file in ranked[:MOST_FILES])]))
    room = characters(tokens)
    documents = await documents_at([ground.root / path for path in best], ground)
    files = _fitting(documents, set(chosen), ground, int(room * (1 - MAP_SHARE)))
    whole = {path_of(document, ground) for document in files}
    others = [file for file in ranked if file.path not in whole]
    return Survey(files=tuple(files), listing=shown(files, ground), map=repo_map.drawn(others, int(room * MAP_SHARE)))


def _fitting(documents: list[Document], chosen: set[str], ground: Ground, room: int) -> list[Document]:
    """Return the documents that fit; one that was chosen and does not fit alone is an error, not a silent gap."""
    kept: list[Document] = []
    for document in documents:
        size = len(str(document.text)) + 100
        if size <= room:
            kept.append(document)
            room -= size
        elif path_of(document, ground) in chosen and not kept:
            raise NotHereError(f"{path_of(document, ground)} is too long to be worked on as a whole.")
    return kept


def _inside(uri: str, ground: Ground) -> str:
    path = Path(path_in(uri))
    return path.relative_to(ground.root).as_posix() if ground.root and path.is_relative_to(ground.root) else ""


async def explored(task: Task, ground: Ground, tokens: int) -> Task:
    """Return the task with the files that matter, which it may then change, and the map of all others."""
    wanted = [path for path in ground.arguments.get("needed", "").split("\n") if path]
    found = await survey(task, ground, tokens, wanted)
    documents = {document.uri: document for document in (*task.files, *found.files)}
    if task.document is not None:
        documents.pop(task.document.uri, None)
    material = {"files": found.listing, "map": found.map or "(none)", **task.material}
    return replace(task, files=tuple(documents.values()), material=material)
