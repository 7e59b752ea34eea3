"""A new endpoint of an API that follows the pattern of those that exist.

Example: `tierwise.endpoint` with `"list all orders"` adds the route with the handler, validation and registration
that its neighbours have.
"""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind
from tierwise.workspace import repo_map, targets

from . import BUDGET, Ground, NotHereError, template
from .material import characters, cut, documents_at, shown

_ROUTE = (
    r"@\w+(?:\.\w+)*\.(?:get|post|put|patch|delete|route|api_route|websocket)\("
    r"|\b(?:app|router|server|api|r|mux|e|g)\.(?:get|post|put|patch|delete|all|GET|POST|PUT|PATCH|DELETE|Handle|HandleFunc)\("
    r"|\b(?:path|re_path)\(\s*['\"]|@(?:Get|Post|Put|Patch|Delete|Request)Mapping"
)

KIND = TaskKind(
    name="endpoint",
    title="Add an endpoint",
    belongs="mid",
    form="blocks",
    template=template("endpoint", "blocks"),
    output=450,
    max_output=6_000,
    deadline=120.0,
    checks=("changes_something", "parses", "lint_fatal", "complete", "types", "tests"),
    wants_instruction=True,
    offers=(
        Offer(
            title="Add an endpoint like this",
            action="refactor.rewrite",
            on=On.LINE,
            pattern=_ROUTE,
            instruction="Add the endpoint that is missing most next to the one at the cursor, for the same resource.",
        ),
    ),
)

_FILES = 4
"""Files with endpoints that are shown: they repeat each other."""


async def prepare(task: Task, ground: Ground) -> Task:
    """Show files that hold endpoints already, the document first."""
    document = task.document
    if document is None or task.span is None:
        raise NotHereError("Open the file that the endpoint goes into.")
    others = await asyncio.to_thread(_with_routes, task, ground) if ground.root else []
    files = [found for found in await documents_at(others, ground) if found.uri != document.uri][: _FILES - 1]
    listed = cut(shown([document, *files], ground), characters(BUDGET["mid"] - 2_000))
    near = document.text.line(task.span.start.line).strip()
    return replace(
        task, span=targets.whole_file(document), files=(*task.files, *files), material={"files": listed, "near": near}
    )


def _with_routes(task: Task, ground: Ground) -> list[Path]:
    assert ground.root is not None
    texts = repo_map.read(ground.gate, ground.root)
    counts = {path: len(re.findall(_ROUTE, text)) for path, text in texts.items()}
    best = sorted((path for path, count in counts.items() if count), key=lambda path: (-counts[path], path))
    return [ground.root / path for path in best[:_FILES]]
