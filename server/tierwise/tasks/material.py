"""Text that prompts show: files, and lists cut to a budget."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

from tierwise.core.document import Document
from tierwise.core.prompt import CHARACTERS_PER_TOKEN
from tierwise.core.text import Text
from tierwise.core.uri import path_in
from tierwise.workspace import grammars

from . import Ground


def characters(tokens: int) -> int:
    """Return how many characters so many tokens are."""
    return int(tokens * CHARACTERS_PER_TOKEN)


def shown(documents: Iterable[Document], ground: Ground) -> str:
    """Return the files as a prompt shows them: each in a fence under its path."""
    return "\n".join(f"{path_of(document, ground)}\n```\n{_ended(str(document.text))}```" for document in documents)


def path_of(document: Document, ground: Ground) -> str:
    """Return the document's path from the workspace's root, or its bare name."""
    path = Path(path_in(document.uri))
    if ground.root is not None and path.is_relative_to(ground.root):
        return path.relative_to(ground.root).as_posix()
    return path.name


def within(parts: Sequence[str], limit: int) -> str:
    """Return the first parts that fit into ``limit`` characters together, joined by line ends."""
    kept: list[str] = []
    for part in parts:
        limit -= len(part) + 1
        if limit < 0:
            break
        kept.append(part)
    return "\n".join(kept)


def cut(text: str, limit: int) -> str:
    """Return the text's first whole lines within the limit, and a note where some are missing."""
    if len(text) <= limit:
        return text
    return text[: text.rfind("\n", 0, limit) + 1] + "(cut off here: too long)\n"


def document_at(path: Path, ground: Ground) -> Document | None:
    """Return the file as it is in the editor, else on disk; None where it may not be read or is no text."""
    uri = path.as_uri()
    found = ground.opened.get(uri)
    if found is not None:
        return found if ground.gate.admits(path) else None
    text = ground.gate.read(path) if path.is_file() and ground.gate.admits(path) else None
    if text is None:
        return None
    return Document(uri=uri, version=None, language=grammars.language_of(uri), text=Text.of(text))


async def documents_at(paths: Iterable[Path], ground: Ground) -> list[Document]:
    """Return the files that can be read, in their order; the disk is read in a thread."""
    wanted = list(paths)
    found = await asyncio.to_thread(lambda: [document_at(path, ground) for path in wanted])
    return [document for document in found if document is not None]


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"
