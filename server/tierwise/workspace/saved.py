"""The index on disk: one file, written whole or not at all, mapped into memory when it is read.

``MAGIC``, the length of the header and the header in JSON; then the arrays and the words, each at a multiple of 64.
A file whose version, sizes or checksum are not as they should be is as good as none: the index is built anew.
"""

import json
import mmap
import os
import struct
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .index import Sorted

MAGIC = b"tierwise-index\x00\x04"
"""The last byte is the layout's version; it changes whenever tokens are cut or sorted differently."""

_LENGTH = struct.Struct("<II")
_ALIGN = 64
_ARRAYS = ("tokens", "order", "firsts", "starts")


class UnusableError(Exception):
    """The saved index cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was read: size and time as the file system tells them, and a digest of its content, which
    is empty for a file that was passed by.
    """

    size: int
    mtime_ns: int
    digest: str


def save(path: Path, content: Sorted, stamps: Mapping[str, Stamp]) -> None:
    """Write the index and the stamps of its files and of those passed by.

    Raises ``OSError`` where the disk is full or forbids it, and then leaves no trace.
    """
    words = "\n".join(content.words).encode("utf-8", "surrogatepass")
    parts = [*(getattr(content, name).data for name in _ARRAYS), memoryview(words)]
    layout: dict[str, tuple[int, int, int]] = {}
    at = 0
    for name, part in zip((*_ARRAYS, "words"), parts, strict=True):
        layout[name] = (at, part.nbytes, zlib.crc32(part))
        at += -(-part.nbytes // _ALIGN) * _ALIGN
    files = [(name, stamp.size, stamp.mtime_ns, stamp.digest) for name, stamp in stamps.items()]
    header = json.dumps({"layout": layout, "paths": content.paths, "files": files}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".index-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(MAGIC + _LENGTH.pack(len(header), zlib.crc32(header)) + header)
            file.write(bytes(-file.tell() % _ALIGN))
            for part in parts:
                file.write(part)
                file.write(bytes(-part.nbytes % _ALIGN))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load(path: Path) -> tuple[Sorted, dict[str, Stamp]]:
    """Return the saved index with its arrays mapped; raises ``UnusableError``, also where there is none."""
    import numpy as np

    try:
        with path.open("rb") as file:
            head = file.read(len(MAGIC) + _LENGTH.size)
            if not head.startswith(MAGIC):
                raise UnusableError("it is of another version" if head.startswith(MAGIC[:-1]) else "it is no index")
            length, checksum = _LENGTH.unpack(head[len(MAGIC) :])
            header = file.read(length)
            if zlib.crc32(header) != checksum:
                raise UnusableError("its header is damaged")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError as error:
        raise UnusableError("there is none yet") from error
    except (OSError, ValueError, struct.error) as error:
        raise UnusableError(str(error)) from error
    start = -(-(len(head) + length) // _ALIGN) * _ALIGN
    described = json.loads(header)
    parts: dict[str, memoryview] = {}
    for name, (at, size, checksum) in described["layout"].items():
        part = memoryview(mapped)[start + at : start + at + size]
        if len(part) != size or zlib.crc32(part) != checksum:
            raise UnusableError("it is damaged or cut short")
        parts[name] = part
    arrays = {name: np.frombuffer(parts[name], np.int32) for name in _ARRAYS}
    text = str(parts["words"], "utf-8", "surrogatepass")
    stamps = {name: Stamp(size, mtime, digest) for name, size, mtime, digest in described["files"]}
    words = text.split("\n") if text else []
    return Sorted(words=words, paths=tuple(described["paths"]), **arrays), stamps
