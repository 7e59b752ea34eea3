"""Does an answer solve a puzzle: the project's tests say so, on a copy that is shut in, and its type checker."""

import ast
import asyncio
import os
import shutil
import tarfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from tierwise.checks import Trial, types
from tierwise.checks.ground.confined import Job, perform
from tierwise.checks.ground.duplicate import Duplicate, duplicate
from tierwise.checks.ground.site import Site
from tierwise.checks.ground.suite import pytest_words
from tierwise.checks.ground.tools import python
from tierwise.core.document import Document
from tierwise.core.edit import Candidate
from tierwise.core.task import Task
from tierwise.core.text import Text
from tierwise.workspace.restraint import restrained

from .puzzles import KINDS, Puzzle, Sort

SHORTEST_DOCUMENTATION = 10
"""Characters below which a docstring says nothing."""


@dataclass(frozen=True, slots=True)
class Grader:
    """Grades for one project; raises what ``confined.perform`` and ``duplicate`` raise."""

    site: Site

    async def fault(self, puzzle: Puzzle, text: str) -> str:
        """Return why the file with this text does not solve the puzzle, an empty string where it does: it passes the
        tests and has no type error that the original has not; a docstring must leave the code as it was.
        """
        if puzzle.sort is Sort.DOCSTRING:
            return "" if _documents(text, puzzle.truth) else "it changes the code, or documents nothing"
        if self.site.root is None:
            return "there is no project"
        async with self._copy(puzzle) as copy:
            if not await self._passes(puzzle, text, copy):
                return "the tests fail"
            return await self._type_errors(puzzle, text, copy)

    async def is_sound(self, puzzle: Puzzle) -> bool:
        """Say whether the tests tell: they pass with the truth and fail with what is shown."""
        if puzzle.sort is Sort.DOCSTRING:
            return True
        async with self._copy(puzzle) as copy:
            if not await self._passes(puzzle, puzzle.truth, copy):
                return False
        async with self._copy(puzzle) as copy:
            return not await self._passes(puzzle, puzzle.shown, copy)

    async def _passes(self, puzzle: Puzzle, text: str, copy: Duplicate) -> bool:
        interpreter, allowed = python(self.site), self.site.allowed
        words = pytest_words(interpreter, puzzle.tests) if interpreter else ["false"]
        await asyncio.to_thread(copy.write, {puzzle.path: text})
        ended = await perform(Job(words=words, seconds=allowed.tests_seconds, allowed=allowed), copy)
        return ended.code == 0 and not ended.late

    async def _type_errors(self, puzzle: Puzzle, text: str, copy: Duplicate) -> str:
        """Return the new ones in words; where the project has no type checker there are none."""
        site = replace(self.site, root=copy.tree) if puzzle.commit else self.site
        assert site.root is not None
        uri = (site.root / puzzle.path).as_uri()
        document = Document(uri=uri, version=None, language="python", text=Text.of(puzzle.truth))
        trial = Trial(
            task=Task(id=puzzle.id, kind=KINDS[puzzle.sort], feature="eval", document=document),
            candidate=Candidate(text=text),
            before={uri: document.text},
            after={uri: Text.of(text)},
            site=site,
        )
        verdict = await types.CHECK.check(trial)
        return "" if verdict.passed else verdict.reason

    @asynccontextmanager
    async def _copy(self, puzzle: Puzzle) -> AsyncGenerator[Duplicate]:
        assert self.site.root is not None
        async with duplicate(self.site.root) as copy:
            if puzzle.commit:
                await asyncio.to_thread(_empty, copy.tree)
                await _check_out(copy, puzzle.commit)
            yield copy


async def _check_out(copy: Duplicate, commit: str) -> None:
    env = {**os.environ, **await asyncio.to_thread(restrained, copy.root)}
    pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        "git", "archive", commit, cwd=copy.root, env=env, stdout=pipe, stderr=nowhere
    )
    packed, _ = await process.communicate()

    def unpack() -> None:
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(copy.tree, filter="data")

    await asyncio.to_thread(unpack)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def _documents(text: str, truth: str) -> bool:
    """Say whether the text is the truth with documentation of its own in the same places."""
    try:
        got, wanted = ast.parse(text), ast.parse(truth)
    except (SyntaxError, ValueError):
        return False
    found = _docstrings(got)
    if len(found) != len(_docstrings(wanted)) or min(map(len, found), default=0) < SHORTEST_DOCUMENTATION:
        return False
    return _bare(got) == _bare(wanted)


def _docstrings(tree: ast.AST) -> list[str]:
    found = (ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, _DOCUMENTED))
    return [text for text in found if text is not None]


def _bare(tree: ast.AST) -> str:
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node):
            node.body = node.body[1:]
    return ast.dump(tree)
