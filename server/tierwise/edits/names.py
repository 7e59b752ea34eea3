"""The reply is JSON with better names; the first one that can be used renames every occurrence."""

import re
from typing import cast

from tierwise.core.document import Document
from tierwise.core.edit import Candidate, TextEdit
from tierwise.core.task import Task
from tierwise.core.text import Position, Span
from tierwise.workspace import grammars
from tierwise.workspace.occurrences import occurrences

from . import MalformedError
from .json_reply import parsed

LITERALS = frozenset({"true", "false", "null", "nil", "undefined", "True", "False", "None", "this", "self", "super"})
"""Words that grammars know as values, not as keywords."""

_NAME = re.compile(r"^[^\W\d]\w*$")


class Names:
    """Renames in the task's document, between the lines of its facts ``first`` and ``last``, and in all its files."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate; raises ``MalformedError`` where no name can be used."""
        if task.document is None:
            raise MalformedError("there is nothing to rename")
        names: object = parsed(text).get("names")
        old = str(task.facts.get("old", ""))
        taken = "\n".join(str(document.text) for document in (task.document, *task.files))
        for name in cast("list[object]", names) if isinstance(names, list) else ():
            if isinstance(name, str) and _is_free(name, old, taken) and not _is_reserved(name, task.language):
                edits = [edit for document in (task.document, *task.files) for edit in _renamed(document, name, task)]
                return Candidate(text=name, edits=tuple(edits))
        raise MalformedError("none of the names can be used: each must be an identifier that occurs nowhere yet")


def _is_free(name: str, old: str, taken: str) -> bool:
    return bool(_NAME.match(name)) and name != old and not re.search(rf"\b{name}\b", taken)


def _is_reserved(name: str, language: str) -> bool:
    return name in LITERALS or (grammars.has_grammar(language) and name in grammars.keywords(language))


def _renamed(document: Document, name: str, task: Task) -> list[TextEdit]:
    within: Span | None = None
    if "first" in task.facts and document is task.document:
        first, last = int(task.facts["first"]), int(task.facts["last"])
        within = Span(Position(first, 0), Position(last, len(document.text.line(last))))
    places = occurrences(str(document.text), document.language, str(task.facts.get("old", "")), within)
    return [TextEdit(uri=document.uri, version=document.version, span=span, new_text=name) for span in places]


FORM = Names()
