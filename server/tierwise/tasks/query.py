"""A database query from words and the schema that stands in the workspace.

Example: below `-- total of each customer, largest first`, *Write the query that this comment describes* uses the
tables of `schema.sql`.
"""

import asyncio
import re
from dataclasses import replace

from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind
from tierwise.workspace import repo_map, targets

from . import BUDGET, Ground, NotHereError, template
from .material import characters, within

KIND = TaskKind(
    name="query",
    title="Write a database query",
    belongs="mid",
    form="span",
    template=template("query"),
    output=150,
    max_output=2_000,
    deadline=60.0,
    trims=("fences",),
    checks=("not_empty", "changes_something", "parses", "complete"),
    wants_instruction=True,
    offers=(
        Offer(
            title="Write the query that this comment describes",
            action="refactor.rewrite",
            on=On.LINE,
            pattern=r"^\s*(?:--|#|//).*\b(?:select|query|find|fetch|count|sum|all|list|join|rows?|table|average)\b",
            instruction="Below the comment `{line}`, write the query that it describes.",
        ),
    ),
)

_TABLE = re.compile(r"create\s+table\b[^;]*;?", re.IGNORECASE)
_MODEL = re.compile(
    r"^class \w+\([^)\n]*(?:models\.Model|Base|DeclarativeBase|SQLModel)\b[^)\n]*\):\n(?:[ \t]+.*\n|\n)+"
    r"|^model \w+ \{\n(?:.*\n)*?\}|^export const \w+ = (?:pg|mysql|sqlite)Table\((?:.*\n)*?\}\);?",
    re.MULTILINE,
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Collect the tables: from SQL, and from the models of the usual mappers."""
    if task.document is None or task.span is None:
        raise NotHereError("Open the file that the query goes into.")
    tables = await asyncio.to_thread(_tables, ground) if ground.root else []
    own = [match[0] for match in _TABLE.finditer(str(task.document.text))]
    schema = within([*own, *(table for table in tables if table not in own)], characters(BUDGET["mid"] // 2))
    material = {"schema": schema or "(none is found in the workspace)"}
    return replace(task, span=targets.whole_lines(task.document, task.span), material=material)


def _tables(ground: Ground) -> list[str]:
    """Return the definitions of tables in the workspace, those in SQL first; waits for the disk."""
    assert ground.root is not None
    paths = [path for path in ground.gate.walk() if path.suffix in (".sql", ".prisma")]
    declared = [text for path in paths if (text := ground.gate.read(path)) is not None]
    code = repo_map.read(ground.gate, ground.root).values()
    found = [match[0] for text in declared for match in _TABLE.finditer(text)]
    return [*found, *(match[0] for text in (*declared, *code) for match in _MODEL.finditer(text))]
