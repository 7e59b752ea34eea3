"""A file's definitions in a few lines: not a source, but what sources show of other files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from tierwise.workspace.comments import marker
from tierwise.workspace.grammars import language_of
from tierwise.workspace.symbols import Symbol, symbols_in

from .scene import Excerpt, Scene

LARGEST = 120_000
"""Characters of a file that is parsed: at the end of it the interpreter's lock is held for about 5 ms, and the event
loop must not wait longer.
"""

MEMBERS = 12
"""Members shown of one type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    """A file's text, compared by what says that it is the same."""

    key: tuple[object, ...]
    language: str
    text: str = field(compare=False)


def symbols_of(scene: Scene, path: Path) -> Sequence[Symbol]:
    """Return what a file defines: as the editor has it, else as it is on disk; nothing where it may not be read."""
    if not scene.reader.admits(path):
        return ()
    uri = path.as_uri()
    document = scene.document(uri)
    if document is not None:
        if document.text.line_count * 200 > LARGEST and len(str(document.text)) > LARGEST:
            return ()
        key = (uri, document.version)
        return _symbols(_Version(key=key, language=document.language, text=str(document.text)))
    try:
        stat = path.stat()
    except OSError:
        return ()
    if stat.st_size > LARGEST:
        return ()
    text = scene.reader.read(path)
    if text is None:
        return ()
    return _symbols(_Version(key=(uri, stat.st_mtime_ns, stat.st_size), language=language_of(uri), text=text))


@lru_cache(maxsize=256)
def _symbols(version: _Version) -> tuple[Symbol, ...]:
    return symbols_in(version.text, version.language)


def outlined(symbol: Symbol, all_: Collection[Symbol], uri: str, score: float, source: str) -> Excerpt:
    """Return a symbol's signature with the first line of what is written about it, and of a type its members."""
    sign = marker(language_of(uri))
    path = f"{symbol.container}.{symbol.name}" if symbol.container else symbol.name
    rows = [symbol.signature]
    told = symbol.doc.strip().partition("\n")[0]
    if told:
        rows.append(f"    {sign} {told}")
    members = [member for member in all_ if member.container == path and not member.name.startswith("_")]
    rows += [f"    {member.signature}" for member in members[:MEMBERS]]
    text = "\n".join(rows) + "\n"
    anchor = symbol.position.line
    return Excerpt(uri=uri, first=-1, text=text, score=score, source=source, anchor=anchor)
