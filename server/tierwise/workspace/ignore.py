"""Which files may be read at all: the one door for everything that looks into the workspace.

A file passes when it lies in a workspace root, no ignore file names it, it does not look like a secret, and what it
holds is source text: not binary, not enormous, not minified, not generated.
"""

import logging
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

log = logging.getLogger(__name__)

IGNORE_FILES = (".gitignore", ".aiignore", ".tierwiseignore")

SECRETS = (
    ".env", ".env.*", "*.env", ".envrc", "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.kdbx",
    "*.ppk", "*.asc", "*.gpg", "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "credentials", "credentials.*",
    "*credentials*.json", "secrets", "secrets.*", "*.secret", "*.secrets", "service-account*.json",
    "client_secret*.json", ".npmrc", ".pypirc", ".netrc", "_netrc", ".pgpass", ".my.cnf", ".htpasswd",
    ".git-credentials", ".dockercfg", "kubeconfig", "*.kubeconfig", "terraform.tfvars", "*.tfvars", "*.tfstate",
    "*.tfstate.*", ".vault_pass*", ".s3cfg", ".boto", "known_hosts", "authorized_keys",
)  # fmt: skip
"""Names, in lower case, of files that hold keys and passwords; never read, whatever an ignore file says."""

_HARMLESS = (
    "*.example", "*.sample", "*.template", "*.dist", "secrets.py", "credentials.py", "secrets.ts",
    "credentials.ts", "secrets.js", "credentials.js", "secrets.go", "credentials.go", "secrets.rs",
    "credentials.rs",
)  # fmt: skip
"""Names that look like secrets and are templates or code about them."""

_PLAIN = re.compile(r"\*?[^*?\[]+|[^*?\[]+\*")
_NAMES = frozenset(pattern for pattern in SECRETS if "*" not in pattern)
_ENDS = tuple(pattern[1:] for pattern in SECRETS if pattern.startswith("*") and "*" not in pattern[1:])
_BEGINNINGS = tuple(pattern[:-1] for pattern in SECRETS if pattern.endswith("*") and "*" not in pattern[:-1])
_OTHERS = re.compile("|".join(translate(pattern) for pattern in SECRETS if not _PLAIN.fullmatch(pattern)))
_HARMLESS_NAME = re.compile("|".join(map(translate, _HARMLESS)))

_FOLDERS = {
    ".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "venv", ".tox", ".nox", ".mypy_cache",
    ".ruff_cache", ".pytest_cache", ".idea", ".ssh", ".aws", ".gnupg", ".kube", ".docker",
}  # fmt: skip
"""Folders never entered: version control, installed packages, caches, keys."""

LARGEST = 1_000_000
"""Bytes; hand-written files larger than this hardly exist (the largest module of CPython's library has 0.3 MB)."""

LONGEST_LINE = 2_000
"""Characters; minified code and data tables have longer lines, hand-written code does not."""

MEAN_LINE = 200
"""Characters a line has on average at most in code that somebody wrote."""

MOST_FILES = 100_000
"""Files looked at; who opens more has opened a home folder or a disk, not a workspace."""

DEEPEST = 64
"""Folders below a root; deeper trees are loops made of mounts or accidents."""

_GENERATED = re.compile(
    r"@generated\b|\b(?:auto-?|automatically )generated\b|\bgenerated (?:by|from|code|file)\b"
    r"|\bdo not (?:edit|modify)\b",
    re.IGNORECASE,
)
_HEAD = 400
"""Characters in which a generated file says so."""


@dataclass(frozen=True, slots=True)
class _Rules:
    folder: Path
    spec: "GitIgnoreSpec"


class Gate:
    """Says which files of some roots may be read, and reads them. Links count as what they lead to.

    ``withheld`` are patterns, below a root, of files that are left out besides.
    """

    def __init__(
        self, roots: Sequence[Path], *, obey_ignore_files: bool = True, withheld: "Sequence[GitIgnoreSpec]" = ()
    ) -> None:
        self.roots = tuple(Path(os.path.realpath(root)) for root in roots)
        self._obey = obey_ignore_files
        self._withheld = withheld
        self._rules: dict[Path, tuple[_Rules, ...]] = {}

    def forget(self) -> None:
        """Read the ignore files anew: one of them changed."""
        self._rules.clear()

    def admits(self, path: Path) -> bool:
        """Return whether the file may be read by its name and place; its content is judged by ``read``."""
        real = Path(os.path.realpath(path))
        root = next((root for root in self.roots if real.is_relative_to(root)), None)
        if root is None or is_secret(real.name) or is_secret(path.name):
            return False
        folder = root
        for part in real.relative_to(root).parts[:-1]:
            folder = folder / part
            if part in _FOLDERS or self._ignores(root, folder, is_folder=True):
                return False
        return not (self._ignores(root, real, is_folder=False) or self._withholds(root, real))

    def walk(self) -> Iterator[Path]:
        """Yield every file that ``admits`` would, each real file once, and no link that leaves the roots or loops."""
        return (path for path, _ in self.files())

    def files(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Yield what ``walk`` does, with what the file system says of each file."""
        seen: set[tuple[int, int]] = set()
        for number, found in enumerate(found for root in self.roots for found in self._walk(root, root, seen, 0)):
            if number == MOST_FILES:
                log.warning("%s has more than %d files: the others are left out", self.roots[0], MOST_FILES)
                return
            sleep(0)  # lets a thread that waits for the interpreter's lock have it
            yield found

    def _walk(
        self, root: Path, folder: Path, seen: set[tuple[int, int]], depth: int, *, linked: bool = False
    ) -> Iterator[tuple[Path, os.stat_result]]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            log.info("folder %s left out of the index: %s", folder, error.strerror)
            return
        rules = self._rules_for(root, folder)
        for entry in entries:
            try:
                leads = linked or entry.is_symlink()
                if leads and not self._stays_inside(entry.path):
                    continue
                is_folder = entry.is_dir()
                facts = entry.stat()
            except OSError:
                continue  # a link to nothing, or a file that vanished meanwhile
            identity = (facts.st_dev, facts.st_ino)
            if identity in seen or _decide(rules, entry.path, is_folder=is_folder):
                continue
            if is_folder:
                if entry.name not in _FOLDERS and depth < DEEPEST:
                    seen.add(identity)
                    yield from self._walk(root, folder / entry.name, seen, depth + 1, linked=leads)
            elif stat.S_ISREG(facts.st_mode) and not is_secret(entry.name):
                path = folder / entry.name
                if self.admits(path) if leads else not self._withholds(root, path):
                    seen.add(identity)
                    yield path, facts

    def _stays_inside(self, path: str) -> bool:
        real = Path(os.path.realpath(path))
        return any(real.is_relative_to(root) for root in self.roots) and not is_secret(real.name)

    def read(self, path: Path) -> str | None:
        """Return the file's text, or None where it is not source text or cannot be read."""
        data = self.read_bytes(path)
        return None if data is None else source_text(data)

    def read_bytes(self, path: Path) -> bytes | None:
        """Return what the file holds, or None where it cannot be read or is too large; one log line says so."""
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            log.info("file %s left out of the index: %s", path, error.strerror)
            return None
        if len(data) > LARGEST:
            log.info("file %s left out of the index: larger than %d bytes", path, LARGEST)
            return None
        return data

    def _withholds(self, root: Path, path: Path) -> bool:
        if not self._withheld:
            return False
        name = path.relative_to(root).as_posix()
        return any(spec.match_file(name) for spec in self._withheld)

    def _ignores(self, root: Path, path: Path, *, is_folder: bool) -> bool:
        return _decide(self._rules_for(root, path.parent), str(path), is_folder=is_folder)

    def _rules_for(self, root: Path, folder: Path) -> tuple[_Rules, ...]:
        if not self._obey:
            return ()
        known = self._rules.get(folder)
        if known is None:
            below = folder != root and folder.is_relative_to(root)  # a root may turn out to be a file
            above = self._rules_for(root, folder.parent) if below else ()
            known = self._rules[folder] = (*above, *_read_rules(folder))
        return known


def _decide(rules: Sequence[_Rules], path: str, *, is_folder: bool) -> bool:
    """Return whether the rules leave the path out: the nearest ignore file that says anything decides, as in git."""
    for one in reversed(rules):
        name = path[len(str(one.folder)) :].replace(os.sep, "/").lstrip("/") + ("/" if is_folder else "")
        decided = one.spec.check_file(name).include
        if decided is not None:
            return decided
    return False


def _read_rules(folder: Path) -> Iterator[_Rules]:
    for name in IGNORE_FILES:
        try:
            lines = (folder / name).read_text("utf-8", errors="replace").splitlines()
        except OSError:
            continue
        from pathspec import GitIgnoreSpec

        yield _Rules(folder, GitIgnoreSpec.from_lines(lines))


def is_secret(name: str) -> bool:
    """Return whether a file of this name is taken to hold a key or password."""
    name = name.lower()
    sounds = name in _NAMES or name.endswith(_ENDS) or name.startswith(_BEGINNINGS) or _OTHERS.match(name)
    return bool(sounds) and not _HARMLESS_NAME.match(name)


def source_text(data: bytes) -> str | None:
    """Return the bytes as text, or None where they are binary, minified or generated."""
    if b"\0" in data:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    lines = text.split("\n")
    if max(map(len, lines)) > LONGEST_LINE or len(text) > MEAN_LINE * len(lines) + LONGEST_LINE:
        return None
    return None if _GENERATED.search(text[:_HEAD]) else text
