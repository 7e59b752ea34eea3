"""Find the programs that checks run."""

import os
import shutil
import sys
from pathlib import Path

from .site import Site

_OWN = (".venv/bin", "venv/bin", "node_modules/.bin")
"""Where a project keeps its tools; running one is running the project's code."""


def find(name: str, site: Site) -> Path | None:
    """Return the program: the project's own in a trusted workspace, else the user's, else the one beside our Python.

    In a workspace that is not trusted, a program that lies inside it is never taken, also where PATH leads there.
    """
    if site.trusted and site.root is not None:
        for folder in _OWN:
            own = site.root / folder / name
            if own.is_file() and os.access(own, os.X_OK):
                return own
    found = shutil.which(name)
    if found is not None and Path(found).is_absolute() and not _inside(Path(found), site):
        return Path(found)
    beside = Path(sys.executable).parent / name
    return beside if beside.is_file() and not _inside(beside, site) else None


def python(site: Site) -> Path | None:
    """Return the interpreter that has the project's packages: its own environment's, else the user's."""
    return find("python", site) or find("python3", site)


def _inside(path: Path, site: Site) -> bool:
    return site.root is not None and path.absolute().is_relative_to(site.root.absolute())
