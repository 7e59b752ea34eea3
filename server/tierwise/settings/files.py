"""TOML files as layers of settings; whatever a file is or holds, reading it ends soon and never fails."""

import re
import stat
import tomllib
from pathlib import Path

from tierwise.core.text import Span

from .problems import Problem, Source
from .validation import Layer

_LARGEST = 256 * 1024
"""Bytes; the whole of our own settings written out has about 10,000."""

_DOTS = 200
"""Dots in one line. ``tomllib`` takes time in the square of a dotted key's length: 6 s for 20,000 parts, so that a
project's file of 40 KB could stop the server; for 200 it is under a millisecond."""

_TOP = Span.at(0, 0)
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def toml_layer(path: Path, source: Source) -> Layer | Problem | None:
    """Return what the file says, or why it cannot be read, or None where there is no file."""
    text = _text(path, source)
    if not isinstance(text, str):
        return text
    for number, line in enumerate(text.split("\n")):
        if line.count(".") > _DOTS:
            return _refused(path, source, "this line has too many dots", "Shorten the key.", Span.at(number, 0))
    try:
        return Layer(source=source, written=tomllib.loads(text), path=path, text=text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        span = Span.at(int(at[1]) - 1, int(at[2]) - 1) if at and at[1] else _end(text)
        message = f"this is not TOML: {_AT.sub('', str(error)).lower()}"
        return _refused(path, source, message, "Nothing in this file counts until that is corrected.", span)
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets nested by the thousand
        return _refused(path, source, "a value in this file is too long or too deep", "Remove it.")


def _text(path: Path, source: Source) -> str | Problem | None:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never end, nor would /dev/zero behind a link
            return _refused(path, source, "this is not a file", "Put a TOML file in its place, or remove it.")
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name is not valid"
        return _refused(path, source, f"this file cannot be read: {reason.lower()}", "Check its permissions.")
    if len(data) > _LARGEST:
        message = f"this file is larger than {_LARGEST // 1024} KiB"
        return _refused(path, source, message, "Remove what is not settings.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = data[: error.start].decode("utf-8-sig", "replace")
        return _refused(path, source, "this file is not UTF-8", "Save it as UTF-8.", _end(readable))


def _refused(path: Path, source: Source, message: str, fix: str, span: Span = _TOP) -> Problem:
    return Problem(source=source, path=path, span=span, message=message, fix=fix)


def _end(text: str) -> Span:
    lines = text.split("\n")
    return Span.at(len(lines) - 1, len(lines[-1]))
