"""The code bases that the local tier is fitted on and measured with, fetched by name with pip and npm.

``PYTHONPATH=tests python -m bench.local_corpora`` fetches those that are measured; tests themselves fetch nothing. They
are unpacked to ``.cache/bench`` (or ``$BENCH_DATA``), which git ignores, and nothing of them is run. Fitting
and measuring share no code base.
"""

import hashlib
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tierwise.workspace.ignore import Gate

STDLIB = "stdlib"

MEASURED = {STDLIB: "", "pretix": "pip", "puppeteer-core": "npm"}
"""CPython's standard library; a web application with much repetition; a TypeScript project that ships its sources."""

FITTED = {
    "weblate": "pip",
    "sqlalchemy": "pip",
    "ansible-core": "pip",
    "matplotlib": "pip",
    "django-oscar": "pip",
    "wagtail": "pip",
    "celery": "pip",
    "sympy": "pip",
    "rxjs": "npm",
    "viem": "npm",
    "effect": "npm",
    "eslint": "npm",
    "mobx": "npm",
    "@tanstack/query-core": "npm",
    "@trpc/server": "npm",
}

_CACHE = Path(os.environ.get("BENCH_DATA", Path(__file__).parents[2] / ".cache/bench"))
_COMPLETE = ".complete"

_SUFFIXES = (".py", ".ts", ".tsx")
_TESTS = {"test", "tests", "idle_test"}
_LEFT_OUT = _TESTS | {
    "encodings",
    "site-packages",
    "ensurepip",
    "dist",
    "_esm",
    "_cjs",
    "_types",
    "migrations",
}
"""``encodings`` is tables; tests would flatter, they repeat; the others are vendored, built or generated."""

_VENDORED = 0.5
"""A file that shares more of its long lines than this with one other file is a copy and is not measured on."""

_LONG = 20


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a code base."""

    path: str
    text: str


def folder_of(name: str) -> Path:
    """Return the folder of a code base; raises ``FileNotFoundError`` with the way to get it."""
    if name == STDLIB:
        return Path(sysconfig.get_path("stdlib"))
    folder = _CACHE / name.replace("/", "-").lstrip("@")
    if not (folder / _COMPLETE).exists():
        raise FileNotFoundError(f"{name} is not fetched: run PYTHONPATH=tests python -m bench.local_corpora")
    return folder


def fetch(names: Iterable[str]) -> None:
    """Download and unpack the code bases that are not there yet, and say what cannot be."""
    for name in names:
        folder = _CACHE / name.replace("/", "-").lstrip("@")
        if name == STDLIB or (folder / _COMPLETE).exists():
            continue
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _download(name, {**MEASURED, **FITTED}[name], folder)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{name} cannot be fetched: {error}")
            continue
        (folder / _COMPLETE).touch()


def _download(name: str, kind: str, folder: Path) -> None:
    if kind == "npm":
        made = subprocess.run(["npm", "pack", "--silent", name], cwd=folder, check=True, capture_output=True, text=True)
        with tarfile.open(folder / made.stdout.split()[-1]) as archive:
            archive.extractall(folder, filter="data")
        return
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*command, "--python-version=3.13", name, "--dest", str(folder)], check=True, capture_output=True)
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)


def read(name: str, *, tests: bool = False) -> list[Source]:
    """Return a code base's source files, as the product's own rules admit them, each content once.

    With ``tests``, its tests as well: for measurements of size, not of quality.
    """
    left_out = _LEFT_OUT - _TESTS if tests else _LEFT_OUT
    root = folder_of(name)
    suffixes = (".js",) if name == "eslint" else _SUFFIXES
    gate = Gate([root], obey_ignore_files=False)
    found: list[Source] = []
    seen: set[bytes] = set()
    for path in sorted(gate.walk()):
        relative = path.relative_to(root)
        if not path.name.endswith(suffixes) or path.name.endswith(".d.ts") or left_out.intersection(relative.parts):
            continue
        text = gate.read(path)
        digest = hashlib.sha256((text or "").encode(errors="replace")).digest()
        if text and text.strip() and digest not in seen:
            seen.add(digest)
            found.append(Source(str(path), text))
    return found


def without_copies(sources: Sequence[Source], held: Iterable[int]) -> list[int]:
    """Return those of the ``held`` files of which no other file holds most of the long lines."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, source in enumerate(sources):
        for line in _long_lines(source):
            holders[line].append(number)
    kept: list[int] = []
    for number in held:
        lines = _long_lines(sources[number])
        shared = Counter(other for line in lines for other in holders[line] if other != number)
        if len(lines) >= 5 and (not shared or shared.most_common(1)[0][1] <= _VENDORED * len(lines)):
            kept.append(number)
    return kept


def _long_lines(source: Source) -> set[str]:
    return {line for raw in source.text.split("\n") if len(line := raw.strip()) >= _LONG}


if __name__ == "__main__":
    fetch(MEASURED)
