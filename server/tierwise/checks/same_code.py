"""The code is what it was: only its comments differ."""

import ast
import warnings
from collections.abc import Iterator

from tierwise.core.outcome import Place, Verdict
from tierwise.core.text import Text
from tierwise.workspace import grammars, syntax

from . import Trial, passed, skipped

NAME = "same_code"


class SameCode:
    """Vetoes an answer that was to write comments and touched the code, in languages that have a grammar."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a hard verdict on the first token that differs."""
        unknown = ""
        for uri, after in trial.after.items():
            language, before = trial.language(uri), trial.before.get(uri)
            if before is None or not grammars.has_grammar(language):
                unknown = unknown or language or "this file"
                continue
            line = _difference(before, after, language)
            if line is not None:
                reason, places = (
                    f"line {line + 1}: the code has changed, not only comments",
                    (Place(uri=uri, line=line),),
                )
                return Verdict(check=NAME, passed=False, score=0.0, reason=reason, places=places)
        return skipped(NAME, f"no grammar for {unknown}") if unknown else passed(NAME)


def _difference(before: Text, after: Text, language: str) -> int | None:
    """Return the line of the first token that is not as it was; where only Python's indentation differs, the first."""
    old, new = _tokens(before, language), _tokens(after, language)
    line = 0
    for token, line in new:
        if next(old, ("", 0))[0] != token:
            return line
    if next(old, None) is not None:
        return line
    return 0 if language == "python" and _meaning(before) != _meaning(after) else None


def _tokens(text: Text, language: str) -> Iterator[tuple[str, int]]:
    """Yield the text and the line of every token but comments, in order."""
    source = syntax.Source(str(text), language)
    waiting = [source.root]
    while waiting:
        node = waiting.pop()
        if "comment" in node.type:
            continue
        if node.child_count:
            waiting.extend(reversed(node.children))
        elif token := source.text_of(node).strip():
            yield token, node.start_point.row


def _meaning(text: Text) -> str | None:
    """Return what Python reads in the text, or None where it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return ast.dump(ast.parse(str(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


CHECK = SameCode()
