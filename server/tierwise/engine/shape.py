"""From a reply to a candidate on an in-memory copy of the files it touches."""

from collections.abc import Mapping
from dataclasses import replace

from tierwise import edits, trims
from tierwise.core.edit import Candidate, CreateFile, Edit, TextEdit
from tierwise.core.task import Task, TaskKind
from tierwise.core.text import Text


def shape(text: str, task: Task, kind: TaskKind, *, cut: bool = False) -> Candidate:
    """Trim the reply and read it in the kind's form; raises ``edits.MalformedError``.

    ``cut`` says that the token limit ended the reply; trims find it among the task's facts.
    """
    if cut:
        task = replace(task, facts={**task.facts, "cut": True})
    for name in kind.trims:
        text = trims.load(name)(text, task)
    return edits.load(kind.form).read(text, task)


def texts(task: Task) -> dict[str, Text]:
    """Return the texts that the task may change, by URI."""
    known = {document.uri: document.text for document in task.files}
    if task.document is not None:
        known[task.document.uri] = task.document.text
    return known


def applied(changes: tuple[Edit, ...], before: Mapping[str, Text]) -> dict[str, Text]:
    """Return the new text of every file that the edits change or create; raises ``edits.MalformedError``.

    Edits of one file all speak of its text before any of them, so they are applied from the last to the first.
    """
    after: dict[str, Text] = {}
    by_file: dict[str, list[TextEdit]] = {}
    for edit in changes:
        if isinstance(edit, CreateFile):
            after[edit.uri] = Text.of(edit.text)
        elif isinstance(edit, TextEdit):
            by_file.setdefault(edit.uri, []).append(edit)
    for uri, wanted in by_file.items():
        text = before.get(uri)
        if text is None:
            raise edits.MalformedError(f"the answer changes {uri}, which was not part of the request")
        for edit in sorted(wanted, key=lambda edit: edit.span.start, reverse=True):
            text = text.replace(edit.span, edit.new_text)
        after[uri] = text
    return after
