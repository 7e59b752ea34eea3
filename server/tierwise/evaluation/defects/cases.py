"""The seeded defects: small files, each with and without one thing that is wrong, written for this."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from tierwise.findings.finding import Concern
from tierwise.workspace.grammars import language_of

FOLDER = Path(__file__).parent / "cases"

NEAR = 2
"""Lines beside a defect in which a finding still means it: a lock that is missing is reported at what it guards."""


class CaseError(ValueError):
    """A case cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A file of the given path: ``clean`` as it should be, ``flawed`` with the defect that ``says`` tells of.

    ``lines`` are those of the flawed text, from 0, that hold the defect.
    """

    name: str
    says: str
    concern: Concern
    cwe: int | None
    path: str
    clean: str
    flawed: str
    lines: frozenset[int]

    @property
    def language(self) -> str:
        """The language's identifier, by the path."""
        return language_of(self.path)

    @property
    def near(self) -> frozenset[int]:
        """The lines in which a finding counts as this defect."""
        return frozenset(range(min(self.lines) - NEAR, max(self.lines) + NEAR + 1))


@cache
def cases() -> tuple[Case, ...]:
    """Return all cases by name; raises ``CaseError``."""
    return tuple(read(path) for path in sorted(FOLDER.glob("*.toml")))


def chosen(concerns: Collection[str] = (), languages: Collection[str] = ()) -> tuple[Case, ...]:
    """Return the cases about these concerns in these languages; no names stand for all."""
    return tuple(
        case
        for case in cases()
        if (not concerns or case.concern in concerns) and (not languages or case.language in languages)
    )


def read(path: Path) -> Case:
    """Return the case in a file; raises ``CaseError``.

    It has ``says``, ``concern``, ``path``, ``cwe`` where the concern is security, ``clean``, and ``[[swap]]`` tables:
    each replaces ``right``, which stands in the clean text once, by ``wrong``. The first one is the defect; the others
    are what it takes to look like somebody's code, such as imports.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8"))
        flawed, lines = _swapped(said["clean"], cast("list[dict[str, str]]", said["swap"]))
        return _case(path.stem, said, flawed, lines)
    except (KeyError, ValueError) as error:
        raise CaseError(f"{path.name}: {error}") from error


def _case(name: str, said: dict[str, Any], flawed: str, lines: frozenset[int]) -> Case:
    return Case(
        name=name,
        says=said["says"],
        concern=Concern(said["concern"]),
        cwe=said.get("cwe"),
        path=said["path"],
        clean=said["clean"],
        flawed=flawed,
        lines=lines,
    )


def _swapped(clean: str, swaps: list[dict[str, str]]) -> tuple[str, frozenset[int]]:
    """Return the flawed text and the lines that the first swap changed in it."""
    text = clean
    for swap in reversed(swaps):
        if text.count(swap["right"]) != 1:
            raise ValueError(f"this does not stand there once: {swap['right']!r}")
        if swap is not swaps[0]:
            text = text.replace(swap["right"], swap["wrong"])
    seed = swaps[0]
    start = text.index(seed["right"])
    first = text.count("\n", 0, start)
    height = seed["wrong"].rstrip("\n").count("\n")
    return text.replace(seed["right"], seed["wrong"]), frozenset(range(first, first + height + 1))
