"""The file still parses."""

from tierwise.core.outcome import Verdict
from tierwise.core.task import Task
from tierwise.core.text import Text
from tierwise.workspace import syntax

from . import Trial


class Parses:
    """Fails where the edits bring syntax errors that were not there before; a file that was broken may stay so."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a hard verdict, or a pass that says that there is no parser for the language."""
        for uri, after in trial.after.items():
            language = _language(trial.task, uri)
            if not syntax.known(language):
                return Verdict(
                    check="parses", passed=True, score=1.0, reason=f"no parser for {language or 'this file'}"
                )
            fresh = _fresh_errors(trial.before.get(uri), after, language)
            if fresh:
                line = fresh[0].span.start.line + 1
                return Verdict(check="parses", passed=False, score=0.0, reason=f"line {line}: {fresh[0].message}")
        return Verdict(check="parses", passed=True, score=1.0)


def _fresh_errors(before: Text | None, after: Text, language: str) -> list[syntax.SyntaxFlaw]:
    """Return the flaws that the edits brought: all where the file was sound, else those in the lines they changed.

    Where none of them starts there, but there are more than before, the edits broke something further on.
    """
    errors = syntax.flaws(str(after), language)
    old = syntax.flaws(str(before), language) if before is not None and errors else []
    if before is None or not old:
        return errors
    lines = _changed_lines(before, after)
    mine = [flaw for flaw in errors if flaw.span.start.line in lines]
    return mine or (errors if len(errors) > len(old) else [])


def _changed_lines(before: Text, after: Text) -> range:
    """Return the lines of ``after`` between the first and the last one that differ."""
    old, new = list(before.raw_lines()), list(after.raw_lines())
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    same = 0
    while same < min(len(old), len(new)) - first and old[-1 - same] == new[-1 - same]:
        same += 1
    return range(first, len(new) - same)


def _language(task: Task, uri: str) -> str:
    for document in (task.document, *task.files):
        if document is not None and document.uri == uri:
            return document.language
    return syntax.language_of(uri)


CHECK = Parses()
