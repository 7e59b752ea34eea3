"""A memory on disk: what ``tierwise tune`` writes, and what editors that share a ledger add to."""

import json
import os
import stat
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from .memory import Memory
from .plausible import implausible

FORMAT, VERSION = "tierwise-policy", 1
"""The version is raised when a sum changes its meaning."""

PATIENCE = 5.0
"""Seconds to wait for another editor's writing; a lock older than this was left by one that died."""

LARGEST = 4 << 20
"""Bytes that a file of others may have; a thousand models and as many traits take a tenth of it."""


class PolicyFileError(ValueError):
    """The file holds no policy of this version; the message says what to do."""


def load(path: Path) -> Memory:
    """Read a memory; raises ``PolicyFileError``."""
    try:
        found: object = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise PolicyFileError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise PolicyFileError(f"{path} is no JSON file: {error}") from error
    if not isinstance(found, dict):
        raise PolicyFileError(f"{path} is no policy file; make one with `tierwise tune --out {path}`")
    table = cast("Mapping[str, object]", found)
    if table.get("format") != FORMAT:
        raise PolicyFileError(f"{path} is no policy file; make one with `tierwise tune --out {path}`")
    if table.get("version") != VERSION:
        version = table.get("version")
        raise PolicyFileError(
            f"{path} is of version {version}, this is version {VERSION}: make it anew with `tierwise tune --out {path}`"
        )
    try:
        return Memory.from_json(cast("Mapping[str, object]", table["memory"]))
    except (KeyError, TypeError, ValueError) as error:
        raise PolicyFileError(f"{path} is damaged ({error}); make it anew with `tierwise tune --out {path}`") from error


def load_others(path: Path) -> Memory:
    """Read a memory that somebody else wrote, which may come with a project; raises ``PolicyFileError``."""
    try:
        found = path.stat()
    except OSError as error:
        raise PolicyFileError(f"{path} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(found.st_mode):  # a pipe would never end
        raise PolicyFileError(f"{path} is no file")
    if found.st_size > LARGEST:
        raise PolicyFileError(f"{path} is larger than {LARGEST >> 20} MB; make it anew with `tierwise tune`")
    memory = load(path)
    wrong = implausible(memory)
    if wrong:
        raise PolicyFileError(f"{path} is damaged ({wrong}); make it anew with `tierwise tune --out {path}`")
    return memory


def save(path: Path, memory: Memory) -> None:
    """Write a memory; whoever reads meanwhile sees the old file or the new one."""
    content = {"format": FORMAT, "version": VERSION, "memory": memory.to_json()}
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    beside.replace(path)


def share(path: Path, memory: Memory, known: Memory) -> Memory:
    """Add what ``memory`` has learned since it was ``known`` to the file, and return what all have learned together.

    Raises ``PolicyFileError`` where the file is damaged, and ``TimeoutError`` where another process keeps it.
    """
    with _locked(path):
        together = load(path) if path.exists() else Memory()
        together.merge(memory)
        together.merge(known, -1.0)
        save(path, together)
    return together


def replace(path: Path, memory: Memory) -> None:
    """Put the memory in the file's place, and what it held beside it; raises ``TimeoutError``, ``OSError``."""
    with _locked(path):
        if path.exists():
            path.replace(path.with_name(f"{path.name}.before"))
        save(path, memory)


@contextmanager
def _locked(path: Path) -> Generator[None]:
    lock = path.with_name(f"{path.name}.lock")
    end = time.monotonic() + PATIENCE
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if _stale(lock):
                lock.unlink(missing_ok=True)
            elif time.monotonic() > end:
                raise TimeoutError(f"another process holds {lock}") from None
            else:
                time.sleep(0.01)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _stale(lock: Path) -> bool:
    try:
        return time.time() - lock.stat().st_mtime > PATIENCE
    except FileNotFoundError:
        return False
