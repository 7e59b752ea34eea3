"""Defects for real open source files, found where this runs: Python's library and packages that come with Tierwise."""

import sysconfig
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from tierwise.findings.finding import Concern

from .cases import Case, CaseError, swapped

SEEDS = Path(__file__).parent / "real.toml"


@cache
def real() -> tuple[Case, ...]:
    """Return the cases whose files are here, in the version that their seeds were written for.

    Raises ``CaseError`` where the seeds cannot be read.
    """
    try:
        seeds = cast("list[dict[str, Any]]", tomllib.loads(SEEDS.read_text("utf-8"))["seed"])
        return tuple(case for seed in seeds if (case := _case(seed)) is not None)
    except (KeyError, ValueError) as error:
        raise CaseError(f"{SEEDS.name}: {error}") from error


def _case(seed: Mapping[str, Any]) -> Case | None:
    found = _found(seed["file"])
    if found is None:
        return None
    name, clean = found
    swaps = [(seed["right"], seed["wrong"]), *((right, wrong) for right, wrong in seed.get("also", ()))]
    try:
        flawed, lines = swapped(clean, swaps)
    except ValueError:
        return None
    return Case(
        name=name.removesuffix(".py").removesuffix("/__init__").replace("/", "."),
        says=seed["says"],
        concern=Concern(seed["concern"]),
        cwe=seed.get("cwe"),
        path=name,
        clean=clean,
        flawed=flawed,
        lines=lines,
    )


def _found(names: list[str]) -> tuple[str, str] | None:
    """Return the name and the text of the first of these files that is here."""
    paths = sysconfig.get_paths()
    for name in names:
        for folder in ("stdlib", "purelib", "platlib"):
            try:
                return name, (Path(paths[folder]) / name).read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                continue
    return None
