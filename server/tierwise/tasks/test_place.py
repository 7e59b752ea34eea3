"""Where a project keeps the tests of a file, and with what it runs them."""

from pathlib import Path

from tierwise.core.document import Document
from tierwise.core.uri import path_in

from . import Ground

_CONFIGURED = (
    (
        "pytest",
        ("pytest.ini", "conftest.py", "tests/conftest.py"),
        ("pyproject.toml", "setup.cfg"),
        "pytest",
    ),
    ("vitest", ("vitest.config.ts", "vitest.config.js", "vitest.config.mts"), ("package.json",), '"vitest"'),
    ("jest", ("jest.config.js", "jest.config.ts", "jest.config.json"), ("package.json",), '"jest"'),
    ("mocha", (".mocharc.json", ".mocharc.yml"), ("package.json",), '"mocha"'),
    ("node:test", (), ("package.json",), "node --test"),
)
"""A framework, files that only it has, files that may name it, and how they name it."""

_USUAL = {
    "python": "pytest", "go": "the package testing of the standard library", "rust": "#[test] of the standard library",
    "typescript": "vitest", "typescriptreact": "vitest", "javascript": "node:test", "javascriptreact": "vitest",
}  # fmt: skip

_PYTHON = ("pytest",)


def framework(document: Document, ground: Ground) -> str:
    """Return the test framework that the workspace is set up for, else the language's usual one."""
    usual = _USUAL.get(document.language, "the language's usual test framework")
    if ground.root is None or document.language in ("go", "rust"):
        return usual
    for name, own, shared, mark in _CONFIGURED:
        if (name in _PYTHON) != (document.language == "python"):
            continue
        if any((ground.root / file).is_file() for file in own):
            return name
        if any(mark in (ground.gate.read(path) or "") for file in shared if (path := ground.root / file).is_file()):
            return name
    if document.language == "python" and _uses_unittest(ground):
        return "unittest"
    return usual


def counterpart(document: Document, ground: Ground) -> Path | None:
    """Return the existing file that tests the document; None where there is none or the document is a test itself."""
    path = Path(path_in(document.uri))
    if ground.root is None or not path.is_relative_to(ground.root) or is_test(path):
        return None
    return next((place for place in _places(path, ground.root, document.language) if place.is_file()), None)


def new_place(document: Document, ground: Ground) -> Path | None:
    """Return where a new file with tests of the document goes, as the folders that exist suggest."""
    path = Path(path_in(document.uri))
    if ground.root is None or not path.is_relative_to(ground.root):
        return None
    places = _places(path, ground.root, document.language)
    return next((place for place in places if place.parent.is_dir()), places[-1])


def is_test(path: Path) -> bool:
    """Whether the file's name says that it holds tests."""
    stem = path.name.removesuffix(path.suffix)
    return stem.startswith("test_") or stem.endswith(("_test", ".test", ".spec"))


def _places(path: Path, root: Path, language: str) -> list[Path]:
    """Return where the tests of a file may be, the likeliest first."""
    inside = path.relative_to(root)
    below = Path(*inside.parts[1:]) if len(inside.parts) > 1 else inside
    if language == "go":
        return [path.with_name(f"{path.stem}_test.go")]
    if language == "python":
        name = f"test_{path.name}"
        deeper = Path(*below.parts[1:] or (below.name,))
        mirrored = [root / "tests" / part.parent / name for part in (inside, below, deeper)]
        return [*mirrored, root / "tests" / name, root / "test" / name, path.with_name(name)]
    names = [f"{path.stem}.test{path.suffix}", f"{path.stem}.spec{path.suffix}"]
    folders = [path.parent / "__tests__", root / "tests" / below.parent, root / "tests", root / "test", path.parent]
    return [folder / name for folder in folders for name in names]


def _uses_unittest(ground: Ground) -> bool:
    assert ground.root is not None
    tests = sorted((ground.root / "tests").glob("test_*.py"))[:5] if (ground.root / "tests").is_dir() else []
    return any("unittest" in (ground.gate.read(path) or "") for path in tests)
