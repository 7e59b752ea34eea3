"""The file still parses."""

from tierwise.core.outcome import Place, Verdict
from tierwise.core.text import Text
from tierwise.workspace import syntax

from . import Trial, passed, skipped


class Parses:
    """Fails where the edits bring syntax errors that were not there before; a file that was broken may stay so."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a hard verdict, or a pass that says that there is no parser for the language."""
        unknown = {language for uri in trial.after if not syntax.known(language := trial.language(uri))}
        for uri, after in trial.after.items():
            language = trial.language(uri)
            if language in unknown:
                continue
            fresh = _fresh_errors(trial.before.get(uri), after, language)
            if fresh:
                line = fresh[0].span.start.line
                reason, places = f"line {line + 1}: {fresh[0].message}", (Place(uri=uri, line=line),)
                return Verdict(check="parses", passed=False, score=0.0, reason=reason, places=places)
        if unknown:
            return skipped("parses", f"no parser for {', '.join(sorted(unknown)).strip() or 'this file'}")
        return passed("parses")


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


CHECK = Parses()
