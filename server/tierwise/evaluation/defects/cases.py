"""The seeded defects: small files, each with and without one thing that is wrong, written for this."""

import tomllib
from collections.abc import Collection, Iterable, Sequence
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


def chosen(
    concerns: Collection[str] = (), languages: Collection[str] = (), among: Iterable[Case] | None = None
) -> tuple[Case, ...]:
    """Return the cases about these concerns in these languages, of our own without ``among``; no names mean all."""
    return tuple(
        case
        for case in (cases() if among is None else among)
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
        swaps = [(swap["right"], swap["wrong"]) for swap in cast("list[dict[str, str]]", said["swap"])]
        flawed, lines = swapped(said["clean"], swaps)
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


def swapped(clean: str, swaps: Sequence[tuple[str, str]]) -> tuple[str, frozenset[int]]:
    """Return the text with each right thing replaced by its wrong one, and the lines that the first swap changed in it.

    Raises ``ValueError`` where one does not stand there once.
    """
    text = clean
    (right, wrong), *others = swaps
    for each in swaps:
        if clean.count(each[0]) != 1:
            raise ValueError(f"this does not stand there once: {each[0]!r}")
    for old, new in others:
        text = text.replace(old, new)
    first = text.count("\n", 0, text.index(right))
    height = wrong.rstrip("\n").count("\n")
    return text.replace(right, wrong), frozenset(range(first, first + height + 1))
