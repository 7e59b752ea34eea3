"""The reply is JSON with identifiers and globs; what does not occur in the workspace is dropped."""

import json
from typing import cast

from tierwise.core.edit import Candidate
from tierwise.core.task import Task

from . import MalformedError
from .json_reply import parsed


class Query:
    """Keeps to the words and paths that the task brought as its material."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the search as JSON; raises ``MalformedError`` where nothing of it occurs."""
        from pathspec import GitIgnoreSpec

        said = parsed(text)
        words = set(task.material.get("words", "").splitlines())
        paths = task.material.get("paths", "").splitlines()
        identifiers = [word for word in _texts(said.get("identifiers")) if word in words]
        globs = [glob for glob in _texts(said.get("globs")) if any(GitIgnoreSpec.from_lines([glob]).match_files(paths))]
        if not identifiers and not globs:
            raise MalformedError("none of it occurs in the workspace: choose from the given identifiers and paths")
        return Candidate(text=json.dumps({"identifiers": identifiers, "globs": globs}, ensure_ascii=False))


def _texts(value: object) -> list[str]:
    return [item for item in cast("list[object]", value) if isinstance(item, str)] if isinstance(value, list) else []


FORM = Query()
