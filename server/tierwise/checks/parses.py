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
    errors = syntax.flaws(str(after), language)
    old = len(syntax.flaws(str(before), language)) if before is not None and errors else 0
    return errors if len(errors) > old else []


def _language(task: Task, uri: str) -> str:
    for document in (task.document, *task.files):
        if document is not None and document.uri == uri:
            return document.language
    return syntax.language_of(uri)


CHECK = Parses()
