"""Build a workspace's index and save it: ``python -m tierwise.workspace.build TARGET MOST_TOKENS ROOT...``.

Run as a process of its own, at low priority, so that neither typing nor the server's memory notices. Prints one line
of JSON that says what was built.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from time import perf_counter

from .ignore import Gate, source_text
from .index import sort_texts
from .saved import Stamp, save

MOST_TOKENS = 8_000_000
"""What an index holds at most: 72 MB of mapped file. The files changed last come first."""

_BYTES_PER_TOKEN = 4
"""Of code, a little less than measured (4.0 to 4.6), to choose files before they are read."""


def build(gate: Gate, target: Path, most_tokens: int = MOST_TOKENS) -> dict[str, float]:
    """Read what the gate admits, sort it and save it; raises ``OSError`` where it cannot be saved."""
    started = perf_counter()
    stamps: dict[str, Stamp] = {}
    passed: dict[str, Stamp] = {}
    content = sort_texts((), _texts(gate, stamps, passed, most_tokens * _BYTES_PER_TOKEN))
    content = replace(content, paths=tuple(stamps))
    save(target, content, stamps | passed)
    return {"files": len(stamps), "tokens": len(content.tokens), "seconds": round(perf_counter() - started, 3)}


def _texts(gate: Gate, stamps: dict[str, Stamp], passed: dict[str, Stamp], most_bytes: int) -> Iterator[str]:
    """Yield the texts, and note what each file was when it was read, or when it was passed by."""
    left = most_bytes
    for mtime, path, size in _newest_first(gate):
        read = read_stamped(gate, path) if size <= left else None
        if read is None:
            passed[str(path)] = Stamp(size, mtime, "")
            continue
        text, stamps[str(path)] = read
        left -= size
        yield text


def _newest_first(gate: Gate) -> list[tuple[int, Path, int]]:
    return sorted(((facts.st_mtime_ns, path, facts.st_size) for path, facts in gate.files()), reverse=True)


def read_stamped(gate: Gate, path: Path) -> tuple[str, Stamp] | None:
    """Return a file's text and stamp, or None where it is not to be read or changes while it is read."""
    try:
        before = path.stat()
        data = gate.read_bytes(path)
        after = path.stat()
    except OSError:
        return None
    if data is None or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return None
    text = source_text(data)
    if text is None:
        return None
    return text, Stamp(after.st_size, after.st_mtime_ns, blake2b(data, digest_size=16).hexdigest())


def main() -> None:
    """Run as a process."""
    target, most_tokens, *roots = sys.argv[1:]
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        print(json.dumps(build(Gate([Path(root) for root in roots]), Path(target), int(most_tokens))))  # noqa: T201
    except OSError as error:
        print(json.dumps({"error": error.strerror or str(error)}))  # noqa: T201


if __name__ == "__main__":
    main()
