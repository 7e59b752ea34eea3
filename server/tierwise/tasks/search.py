"""Words in, a search out: identifiers and file patterns that occur in this workspace.

Example: `tierwise run search -i "where are rebates computed"` prints identifiers and globs that occur here:
`discount`, `shop/*.py`.
"""

import asyncio
import re
from collections import Counter
from dataclasses import replace

from tierwise.core.task import Task, TaskKind
from tierwise.workspace import repo_map

from . import Ground, NotHereError, template
from .material import within

KIND = TaskKind(
    name="search",
    title="Turn words into a search",
    belongs="fast",
    form="query",
    template=template("search"),
    output=80,
    max_output=300,
    deadline=15.0,
    schema={
        "type": "object",
        "properties": {
            "identifiers": {"type": "array", "items": {"type": "string"}},
            "globs": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["identifiers", "globs"],
        "additionalProperties": False,
    },
    gives="text",
    wants_instruction=True,
)

_WORDS, _PATHS = 9_000, 5_000
"""Characters of identifiers and of paths that are shown to choose from."""

_IDENTIFIER = re.compile(r"[^\W\d]\w{2,}")


async def prepare(task: Task, ground: Ground) -> Task:
    """Show what there is to choose from: the identifiers and paths, those that resemble the words first."""
    if ground.root is None:
        raise NotHereError("There is no workspace folder to search.")
    texts = await asyncio.to_thread(repo_map.read, ground.gate, ground.root)
    counts: Counter[str] = Counter()
    for text in texts.values():
        counts.update(_IDENTIFIER.findall(text))
    wanted = repo_map.parts_of(task.instruction)
    words = sorted(counts, key=lambda word: (-_likeness(word, wanted), -counts[word], word))
    paths = sorted(texts, key=lambda path: (-_likeness(path, wanted), path))
    return replace(task, material={"words": within(words, _WORDS), "paths": within(paths, _PATHS)})


def _likeness(word: str, wanted: set[str]) -> int:
    """Return how many of the wanted words the parts of this one resemble by their first four letters."""
    parts = {part[:4] for part in repo_map.parts_of(word)}
    return len(parts & {part[:4] for part in wanted})
