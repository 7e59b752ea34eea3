"""What the file imports from the workspace: the signatures of the names that it takes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tierwise.core.task import Task
from tierwise.core.text import Span

from .outline import outlined, symbols_of
from .scene import Excerpt, Scene, path_of
from .words import near

LINES = 200
"""Lines at the top of the file that are read for imports."""

MOST = 24
"""Signatures."""

_PYTHON = re.compile(r"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)", re.MULTILINE)
_SCRIPT = re.compile(r"""import\s+(?:type\s+)?([^'";]*?)\s*from\s*['"]([^'"]+)['"]""")
_REQUIRE = re.compile(r"""(?:const|let|var)\s+([\w{}\s,:]+?)\s*=\s*require\(\s*['"]([^'"]+)['"]\s*\)""")
_RUST = re.compile(r"^\s*(?:pub\s+)?use\s+(?:crate|super|self)::([\w:]+?)(?:::(\{[^}]*\}|\w+|\*))?;", re.MULTILINE)
_GO = re.compile(r'^\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\s]+)"', re.MULTILINE)
_MODULE = re.compile(r"^module\s+(\S+)", re.MULTILINE)
_NAME = re.compile(r"[^\W\d]\w*")

_ENDINGS = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", "/index.ts", "/index.tsx", "/index.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file of the workspace and the names taken from it; no names means all that are used."""

    path: Path
    names: frozenset[str]


class Imports:
    """Follows imports to the workspace's own files; what comes from packages, models know."""

    def excerpts(self, scene: Scene, task: Task, shown: Span) -> Sequence[Excerpt]:
        """Return the signatures, those of names in use near the cursor with the higher score."""
        if task.document is None or task.span is None:
            return ()
        path = path_of(task.document.uri)
        if path is None:
            return ()
        head = "".join(task.document.text.raw_lines(0, LINES)).replace("\r\n", "\n")
        used = set(near(task))
        found: list[Excerpt] = []
        for import_ in _resolved(head, task.document.language, path, scene.roots):
            symbols = symbols_of(scene, import_.path)
            uri = import_.path.as_uri()
            for symbol in symbols:
                wanted = symbol.name in (import_.names or used)
                if wanted and (not symbol.container or symbol.name in used):
                    score = 0.85 if symbol.name in used else 0.5
                    found.append(outlined(symbol, symbols, uri, score, "imports"))
        found.sort(key=lambda excerpt: -excerpt.score)
        return found[:MOST]


@lru_cache(maxsize=64)
def _resolved(head: str, language: str, path: Path, roots: tuple[Path, ...]) -> tuple[Import, ...]:
    """Return the imports that name files of the workspace; remembered, because a file's head changes seldom."""
    if language == "python":
        found = _python(head, path, roots)
    elif language in ("javascript", "javascriptreact", "typescript", "typescriptreact"):
        found = _script(head, path)
    elif language == "rust":
        found = _rust(head, path)
    elif language == "go":
        found = _go(head, roots)
    else:
        found = iter(())
    return tuple({(import_.path, import_.names): import_ for import_ in found if import_.path != path}.values())


def _python(head: str, path: Path, roots: tuple[Path, ...]) -> Iterator[Import]:
    for module, names in _PYTHON.findall(head):
        dots = len(module) - len(module.lstrip("."))
        parts = [part for part in module.lstrip(".").split(".") if part]
        # `src` and the like: a package's folder need not be the root itself, so the file's own parents count too.
        places = [path.parents[dots - 1]] if 0 < dots <= len(path.parents) else [*_within(path, roots), *roots]
        taken = frozenset(_NAME.findall(re.sub(r"\bas\s+\w+", "", names)))
        for place in places:
            folder = place.joinpath(*parts)
            if parts and (file := _existing(folder.with_suffix(".py"), folder / "__init__.py")):
                yield Import(path=file, names=taken)
            # `from . import name` and `from package import module` take whole files.
            files = [(name, _existing(folder / f"{name}.py")) for name in sorted(taken)]
            yield from (Import(path=file, names=frozenset()) for _, file in files if file)
            if _exists(folder):
                break


def _exists(folder: Path) -> bool:
    """Whether a module of that path exists."""
    return folder.is_dir() or folder.with_suffix(".py").is_file()


def _within(path: Path, roots: tuple[Path, ...]) -> Iterator[Path]:
    """Yield the folders from the file's own up to its root."""
    for parent in path.parents:
        yield parent
        if parent in roots:
            return


def _script(head: str, path: Path) -> Iterator[Import]:
    for names, module in (*_SCRIPT.findall(head), *_REQUIRE.findall(head)):
        if not module.startswith("."):
            continue
        base = path.parent / module
        bare = base.with_suffix("") if base.suffix in (".js", ".jsx", ".mjs") else base
        file = _existing(base, *(Path(f"{bare}{ending}") for ending in _ENDINGS))
        if file is not None:
            whole = "*" in names or "{" not in names
            taken = frozenset[str]() if whole else frozenset[str](_NAME.findall(re.sub(r"\bas\s+\w+", "", names)))
            yield Import(path=file.resolve(), names=taken)


def _rust(head: str, path: Path) -> Iterator[Import]:
    source = next((parent for parent in path.parents if parent.name == "src"), None)
    if source is None:
        return
    for module, names in _RUST.findall(head):
        parts = module.split("::")
        taken = frozenset(_NAME.findall(names))
        file = _existing(source.joinpath(*parts).with_suffix(".rs"), source.joinpath(*parts, "mod.rs"))
        if file is None and len(parts) > 1:
            taken, parts = taken | {parts[-1]}, parts[:-1]
            file = _existing(source.joinpath(*parts).with_suffix(".rs"), source.joinpath(*parts, "mod.rs"))
        if file is not None:
            yield Import(path=file, names=taken)


def _go(head: str, roots: tuple[Path, ...]) -> Iterator[Import]:
    for root in roots:
        try:
            module = _MODULE.search((root / "go.mod").read_text("utf-8", errors="replace"))
        except OSError:
            continue
        if module is None:
            continue
        for imported in _GO.findall(head):
            if imported.startswith(module[1] + "/"):
                folder = root / imported[len(module[1]) + 1 :]
                files = sorted(folder.glob("*.go"))[:8]
                yield from (Import(path=file, names=frozenset()) for file in files if "_test" not in file.stem)


def _existing(*paths: Path) -> Path | None:
    return next((path for path in paths if path.is_file()), None)


SOURCE = Imports()
