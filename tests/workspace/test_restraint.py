"""Whatever a repository's configuration names: git runs none of it, asks no host, and stays in the folder."""

import subprocess
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from projects import commit, write
from tierwise.checks.ground.duplicate import duplicate
from tierwise.demo import stage
from tierwise.evaluation.past import fixes
from tierwise.workspace import git, repository
from tierwise.workspace.ignore import Gate

SIGNED = """\
tree {tree}
parent {parent}
author T <t@example.com> 1700000000 +0000
committer T <t@example.com> 1700000000 +0000
gpgsig -----BEGIN PGP SIGNATURE-----
 
 abc
 -----END PGP SIGNATURE-----

Sign
"""  # noqa: W293 - a signature's empty line is a space


def tell(root: Path, *words: str, said: str | None = None) -> str:
    done = subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True, input=said)
    return done.stdout.strip()


def filters(root: Path, trap: str) -> None:
    tell(root, "config", "filter.trap=a.clean", trap)
    tell(root, "config", "filter.trap=a.smudge", trap)
    tell(root, "config", "filter.trap=a.required", "true")
    (root / ".git/info/attributes").write_text("*.py filter=trap=a\n")


def long_filters(root: Path, trap: str) -> None:
    """A filter that stays for many files, named in a file that the configuration includes."""
    (root / "more").write_text(f'[filter "trap"]\n\tprocess = {trap}\n\trequired = true\n')
    tell(root, "config", "include.path", "../more")
    (root / ".gitattributes").write_text("*.py filter=trap\n")


def signatures(root: Path, trap: str) -> None:
    tell(root, "config", "log.showSignature", "true")
    tell(root, "config", "gpg.program", trap)
    said = SIGNED.format(tree=tell(root, "write-tree"), parent=tell(root, "rev-parse", "HEAD"))
    tell(root, "update-ref", "HEAD", tell(root, "hash-object", "-t", "commit", "-w", "--stdin", said=said))


def drivers(root: Path, trap: str) -> None:
    for key in ("diff.external", "core.pager", "core.editor", "diff.trap.command", "diff.trap.textconv"):
        tell(root, "config", key, trap)
    (root / ".gitattributes").write_text("*.py diff=trap\n")


def hooks(root: Path, trap: str) -> None:
    tell(root, "config", "core.fsmonitor", trap)
    tell(root, "config", "core.hooksPath", "hooks")
    (root / "hooks").mkdir()
    for name in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        (root / "hooks" / name).write_text(f"#!/bin/sh\n{trap}\n")
        (root / "hooks" / name).chmod(0o755)


def missing_objects(root: Path, trap: str) -> None:
    """What is missing would be fetched, by a program that the repository names."""
    known = tell(root, "rev-parse", "HEAD:a.py")
    tell(root, "config", "core.repositoryFormatVersion", "1")
    tell(root, "config", "extensions.partialClone", "origin")
    tell(root, "config", "remote.origin.url", f"ext::{trap} %S")
    tell(root, "config", "remote.origin.promisor", "true")
    tell(root, "config", "protocol.ext.allow", "always")
    (root / ".git/objects" / known[:2] / known[2:]).unlink()


def missing_objects_over_ssh(root: Path, trap: str) -> None:
    missing_objects(root, trap)
    tell(root, "config", "remote.origin.url", "ssh://vendor.invalid/x")
    tell(root, "config", "core.sshCommand", trap)


async def everything(root: Path) -> None:
    """Ask git all that anybody asks it."""
    gate = Gate((root,))
    git.changes(root)
    for asked in (
        repository.staged(root, gate),
        repository.unstaged(root, gate),
        repository.since(root, "HEAD~1", gate),
    ):
        try:
            await asked
        except repository.RepositoryError:
            pass  # it may well say that it cannot
    await repository.subjects(root)
    await fixes(root, 3)
    async with duplicate(root):
        pass
    list(stage._files(root))  # pyright: ignore[reportPrivateUsage] - what the demo would open


@asynccontextmanager
async def trapped(root: Path) -> AsyncGenerator[str]:
    """Give a program that must not be run, and look whether it was."""
    sprung, trap = root.with_name("sprung"), root.with_name("trap.sh")
    trap.write_text(f"#!/bin/sh\necho sprung > {sprung}\nexec cat\n")
    trap.chmod(0o755)
    yield str(trap)
    assert not sprung.exists()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    write({"a.py": "a = 1\n"}, root)
    commit(root)
    write({"a.py": "a = 2\n", "test_a.py": "import a\n"}, root)
    commit(root, "Raise a")
    write({"a.py": "a = 3\n"}, root)
    return root


@pytest.mark.parametrize(
    "lay",
    [filters, long_filters, signatures, drivers, hooks, missing_objects, missing_objects_over_ssh],
    ids=lambda lay: lay.__name__,
)
async def test_programs_that_a_repository_names_are_not_run(root: Path, lay: Callable[[Path, str], None]) -> None:
    async with trapped(root) as trap:
        lay(root, trap)
        (root / "a.py").touch()
        await everything(root)


async def test_a_filter_that_is_not_run_changes_nothing_in_a_diff(root: Path) -> None:
    async with trapped(root) as trap:
        filters(root, trap)
        assert "+a = 3" in await repository.unstaged(root, Gate((root,)))


async def test_a_folder_elsewhere_that_a_repository_names_as_its_own_is_not_looked_at(root: Path) -> None:
    elsewhere = root.with_name("elsewhere")
    write({"a.py": "whose = 'somebody else'\n"}, elsewhere)
    tell(root, "config", "core.worktree", str(elsewhere))
    assert "somebody else" not in await repository.unstaged(root, Gate((root,)))
    assert "somebody else" not in str(git.changes(root))


async def test_a_folder_that_only_looks_like_a_repository_is_none(tmp_path: Path) -> None:
    """Its files, a configuration among them, may have come with somebody's archive."""
    tell(tmp_path, "init", "-q", "--bare", "inside")
    async with trapped(tmp_path / "inside") as trap:
        tell(tmp_path / "inside", "config", "core.fsmonitor", trap)
        with pytest.raises(repository.RepositoryError):
            await repository.staged(tmp_path / "inside", Gate((tmp_path / "inside",)))


async def test_a_filter_of_the_users_own_is_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = root.with_name("config")
    config.write_text('[filter "own"]\n\tclean = tr 3 4\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    (root / ".gitattributes").write_text("*.py filter=own\n")
    assert "+a = 4" in await repository.unstaged(root, Gate((root,)))
