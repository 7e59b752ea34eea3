"""A better name for a variable, function or type.

Example: the cursor on `x`, *Suggest a better name* renames it to `total_cents` in its function; a function or type in
all files that use it.
"""

import asyncio
from dataclasses import replace

from tierwise.core.document import Document
from tierwise.core.offer import Offer, On
from tierwise.core.task import Task, TaskKind
from tierwise.workspace import grammars, repo_map, targets
from tierwise.workspace.occurrences import occurrences, scope_of

from . import Ground, NotHereError, template
from .material import cut, document_at

KIND = TaskKind(
    name="name",
    title="Suggest a better name",
    belongs="fast",
    form="names",
    template=template("name"),
    output=40,
    max_output=200,
    deadline=15.0,
    checks=("changes_something", "parses"),
    schema={
        "type": "object",
        "properties": {"names": {"type": "array", "items": {"type": "string"}}},
        "required": ["names"],
        "additionalProperties": False,
    },
    offers=(Offer(title="Suggest a better name", action="refactor.rewrite", on=On.WORD),),
)

_SHOWN = 20
"""Uses that the prompt shows: enough to see what a thing is for."""


async def prepare(task: Task, ground: Ground) -> Task:
    """Find where the name is used: in its function where it is a variable of one, else in the whole workspace."""
    document = task.document
    span = targets.word_at(document, task.span.start) if document and task.span else None
    if document is None or span is None or not grammars.has_grammar(document.language):
        raise NotHereError("There is no name to improve here.")
    name = document.text.slice(span)
    text = str(document.text)
    if not occurrences(text, document.language, name):
        raise NotHereError("There is no name to improve here.")
    scope = scope_of(text, document.language, span.start)
    lines = {place.start.line for place in occurrences(text, document.language, name, scope)}
    uses = "\n".join(document.text.line(number) for number in sorted(lines)[:_SHOWN])
    files = [] if scope else await asyncio.to_thread(_users, name, document, ground)
    facts = {**task.facts, "old": name, "files": 1}  # the model sees one, however many the name stands in
    if scope is not None:
        facts |= {"first": scope.start.line, "last": scope.end.line}
    material = {"uses": cut(uses, 6_000)}
    return replace(task, span=span, facts=facts, files=(*task.files, *files), material=material)


def _users(name: str, document: Document, ground: Ground) -> list[Document]:
    """Return the other files of the language's family in which the name is used."""
    if ground.root is None:
        return []
    found: list[Document] = []
    for path, text in repo_map.read(ground.gate, ground.root).items():
        uri = (ground.root / path).as_uri()
        language = grammars.language_of(path)
        if uri == document.uri or name not in text or _family(language) != _family(document.language):
            continue
        other = document_at(ground.root / path, ground)
        if other is not None and occurrences(str(other.text), other.language, name):
            found.append(other)
    return found


def _family(language: str) -> str:
    return "javascript" if language.startswith(("javascript", "typescript")) else language
