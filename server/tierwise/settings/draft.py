"""A copy of what one source wrote, from which wrong pieces are cut out."""

from collections.abc import Iterable, Mapping
from typing import cast

from .problems import Route

_DEPTH = 12
"""Settings nest 7 deep; what lies deeper than this is not looked at."""

_WIDEST = 2**63
"""Integers as JSON and TOML have them."""


class _Row(list[object]):
    """A list that remembers how many items it had when it was written, and which number each of them was."""

    def __init__(self, items: Iterable[object]) -> None:
        super().__init__(items)
        self.numbers = list(range(len(self)))
        self.written = len(self)


class Draft:
    """What was written, less what was cut."""

    def __init__(self, written: Mapping[str, object]) -> None:
        self.content = _table(written, 0)

    def value(self, route: Route) -> object:
        """Return what stands there now, or None."""
        found, rest = self._walk(route)
        return None if rest else found

    def had_items(self, route: Route) -> bool:
        """Say whether a list stands there that was not empty when it was written."""
        found = self.value(route)
        return isinstance(found, _Row) and found.written > 0

    def as_written(self, route: Route) -> Route:
        """Return the route with list items counted as the user counts them."""
        result: list[str | int] = []
        here: object = self.content
        for step in route:
            result.append(here.numbers[step] if isinstance(here, _Row) and isinstance(step, int) else step)
            here = _step(here, step)
        return tuple(result)

    def cut(self, routes: Iterable[Route]) -> bool:
        """Take out what stands there, or the innermost thing around it; say whether that changed anything."""
        targets = {route[: len(route) - len(self._walk(route)[1])] for route in routes}
        done = False
        for target in sorted(targets - {()}, key=_last_first, reverse=True):
            parent, rest = self._walk(target[:-1])
            if not rest:
                done |= _remove(parent, target[-1])
        return done

    def _walk(self, route: Route) -> tuple[object, Route]:
        """Return the innermost thing on the route that exists, and the steps that lead further."""
        here: object = self.content
        for number, step in enumerate(route):
            there = _step(here, step)
            if there is _NOTHING:
                return here, route[number:]
            here = there
        return here, ()


_NOTHING = object()


def _step(here: object, step: str | int) -> object:
    if isinstance(here, dict):
        return cast("dict[object, object]", here).get(step, _NOTHING)
    if isinstance(here, _Row) and isinstance(step, int) and step < len(here):
        return here[step]
    return _NOTHING


def _remove(parent: object, step: str | int) -> bool:
    if isinstance(parent, _Row) and isinstance(step, int) and step < len(parent):
        del parent[step], parent.numbers[step]
        return True
    if isinstance(parent, dict) and step in parent:
        del parent[step]
        return True
    return False


def _last_first(route: Route) -> tuple[tuple[bool, int, str], ...]:
    """Order routes so that of one list's items the last is cut first and the others keep their numbers."""
    return tuple((isinstance(step, int), step if isinstance(step, int) else 0, str(step)) for step in route)


def as_table(value: object) -> Mapping[str, object] | None:
    """Return the value if it is a table."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else None


def _table(written: Mapping[str, object], depth: int) -> dict[str, object]:
    """Copy a table; JSON's null means that an editor's user left the setting alone."""
    return {_name(key): _copy(value, depth + 1) for key, value in written.items() if value is not None}


def _name(key: object) -> str:
    return str(key).encode("utf-8", "replace").decode()  # half a surrogate pair, which JSON can write, is no text


def _copy(value: object, depth: int) -> object:
    if depth > _DEPTH:
        return ...
    match value:
        case Mapping():
            return _table(cast("Mapping[str, object]", value), depth)
        case list() | tuple():
            return _Row(_copy(item, depth + 1) for item in cast("list[object]", value))
        case bool():
            return value
        case int() if abs(value) >= _WIDEST:
            return float("inf")
        case str():
            return _name(value)
        case _:
            return value
