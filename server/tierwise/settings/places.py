"""Where each key and value of a TOML text stands: what ``tomllib`` knows and does not tell."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from tierwise.core.text import Position, Span

from .problems import Route

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*'""")
_STRING = re.compile(
    r'''
      """ (?:\\.|[^"\\]|"(?!""))* """ "{0,2}    # up to two quotes may stand right before the closing three
    | \'\'\' (?:[^']|'(?!\'\'))* \'\'\' '{0,2}
    | " (?:\\.|[^"\\\n])* "
    | ' [^'\n]* '
    ''',
    re.DOTALL | re.VERBOSE,
)
_SCALAR = re.compile(r"[^,\]}#\s]+(?: [0-9:.]+(?:Z|z|[+-][0-9:]+)?)?")  # a date and its time may have a space between


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an entry stands: its key, which for a list's item is the item, and its value if written in one piece."""

    key: Span
    value: Span | None


def places(text: str) -> Mapping[Route, Place]:
    """Return the place of every table, key and list item of a text that ``tomllib.loads`` accepts.

    Lines end at ``\\n`` or ``\\r\\n``, as TOML says; columns count code points. Of a text that it cannot follow it
    returns what it found so far.
    """
    scanner = _Scanner(text)
    try:
        scanner.document()
    except (_LostError, tomllib.TOMLDecodeError, RecursionError):
        pass  # a problem without its line is better than none
    return scanner.found


class _LostError(Exception):
    """The text is not the TOML that was promised."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.found: dict[Route, Place] = {}
        self._text = text
        self._at = 0
        self._firsts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
        self._rows: dict[Route, int] = {}

    def document(self) -> None:
        table: Route = ()
        while self._take(_BLANK) is not None and self._at < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._entry(table)

    def _header(self) -> Route:
        """Read ``[a.b]`` or ``[[a.b]]``; a step into a list of tables means its latest one."""
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        route: Route = ()
        steps = self._key()
        for name, span in steps:
            route = (*route, name)
            self.found.setdefault(route, Place(key=span, value=None))
            if brackets == 2 and span is steps[-1][1]:
                self._rows[route] = self._rows.get(route, -1) + 1
            if route in self._rows:
                route = (*route, self._rows[route])
                self.found.setdefault(route, Place(key=span, value=None))
        self._expect("]" * brackets)
        return route

    def _entry(self, table: Route) -> None:
        route, span = table, Span.at(0, 0)
        for name, span in self._key():
            route = (*route, name)
            self.found.setdefault(route, Place(key=span, value=None))
        self._expect("=")
        self._take(_SPACE)
        self._value(route, span)

    def _key(self) -> list[tuple[str, Span]]:
        steps: list[tuple[str, Span]] = []
        while True:
            self._take(_SPACE)
            start = self._at
            written = self._take(_KEY)
            if not written:
                raise _LostError
            name = written if written[0] not in "\"'" else next(iter(tomllib.loads(f"{written} = 0")))
            steps.append((name, self._span(start)))
            self._take(_SPACE)
            if not self._text.startswith(".", self._at):
                return steps
            self._at += 1

    def _value(self, route: Route, key: Span | None) -> None:
        start = self._at
        opener = self._text[start : start + 1]
        if opener == "[":
            self._list(route)
        elif opener == "{":
            self._inline_table(route)
        elif not self._take(_STRING if opener in ('"', "'") else _SCALAR):
            raise _LostError
        value = self._span(start)
        self.found[route] = Place(key=key or value, value=value)

    def _list(self, route: Route) -> None:
        self._expect("[")
        index = 0
        while self._more("]"):
            self._value((*route, index), None)
            index += 1

    def _inline_table(self, route: Route) -> None:
        self._expect("{")
        while self._more("}"):
            self._entry(route)

    def _more(self, closer: str) -> bool:
        """Step over blanks and a comma; at the closing bracket step over that and say no."""
        self._take(_BLANK)
        if self._text.startswith(",", self._at):
            self._at += 1
            self._take(_BLANK)
        if self._at >= len(self._text):
            raise _LostError
        if not self._text.startswith(closer, self._at):
            return True
        self._at += 1
        return False

    def _take(self, pattern: re.Pattern[str]) -> str | None:
        match = pattern.match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        return match[0]

    def _expect(self, token: str) -> None:
        if not self._text.startswith(token, self._at):
            raise _LostError
        self._at += len(token)

    def _span(self, start: int) -> Span:
        return Span(self._position(start), self._position(self._at))

    def _position(self, offset: int) -> Position:
        line = bisect_right(self._firsts, offset) - 1
        return Position(line, offset - self._firsts[line])
