"""A docstring for a definition.

Example: the cursor on a `def`, *Generate docstring* writes it in the convention of the file, or of the files around it.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tierwise.core.document import Document
from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind
from tierwise.core.uri import path_in
from tierwise.workspace import targets

from . import Ground, NotHereError, template
from .material import document_at

KINDRED = 20
"""Other files of the language that are read to see how the project writes documentation."""
REACH = 300
"""Files of the workspace among which they are looked for, after those beside the document."""

KIND = TaskKind(
    name="docstring",
    title="Generate docstring",
    belongs="fast",
    form="docstring",
    template=template("docstring"),
    output=120,
    max_output=600,
    deadline=20.0,
    trims=("fences",),
    checks=("not_empty", "parses"),
    offers=(Offer(title="Generate docstring", action="refactor.rewrite", on=On.DEFINITION),),
    offline=True,
)


async def prepare(task: Task, ground: Ground) -> Task:
    """Find the definition, where its documentation goes and how this file writes it, or else the project."""
    target = targets.documentation(task.document, task.span.start) if task.document and task.span else None
    if target is None:
        raise NotHereError("There is no definition to document here.")
    convention = target.convention
    if task.document is not None and not targets.convention(str(task.document.text)):
        convention = await asyncio.to_thread(_around, task.document, ground) or convention
    facts = {**task.facts, "indent": target.indent, "convention": convention}
    return replace(task, span=target.span, instruction=target.code, facts=facts)


def _around(document: Document, ground: Ground) -> str:
    """Return the style of the nearest file that has one, or an empty string; waits for the disk."""
    others = (document_at(path, ground) for path in islice(_kindred(document, ground), KINDRED))
    styles = (targets.convention(str(other.text)) for other in others if other is not None)
    return next((style for style in styles if style), "")


def _kindred(document: Document, ground: Ground) -> Iterator[Path]:
    """Yield files of the same ending, those beside the document first."""
    path = Path(path_in(document.uri))
    if ground.root is None or not document.uri.startswith("file:") or not path.suffix:
        return
    beside = sorted(path.parent.glob(f"*{path.suffix}"))
    yield from (other for other in beside if other != path)
    for other in islice(ground.gate.walk(), REACH):
        if other.suffix == path.suffix and other not in beside:
            yield other
