"""Nothing was left out: no note that the rest stays as it is, no definition that is gone."""

import re
from collections import Counter

from tierwise.core.outcome import Place, Verdict
from tierwise.core.text import Text
from tierwise.workspace import grammars, syntax

from . import Trial, passed

NAME = "complete"

_WHAT = (
    r"\b(?:rest|remainder|remaining|existing|previous|original|other|same|code|implementation|body|methods?|functions?)"
    r"\b"
)
_GONE = (
    r"\b(?:unchanged|omitted|not shown|as (?:before|is|above)|(?:stays?|remains?)(?: the same)?|goes here|continues)\b"
)
_STUB = re.compile(
    r"^\s*(?:#|//|/\*+|--|<!--|;|\{/\*)\s*"
    rf"(?:(?:\.{{3}}|…)(?:[^\n]*(?:{_WHAT}|{_GONE})[^\n]*)?|[^\n]{{0,40}}{_WHAT}[^\n]{{0,40}}(?:{_GONE}[^\n]{{0,20}}|\.{{3}}|…))"
    r"\s*(?:\*/\}?|-->)?\s*$",
    re.IGNORECASE,
)
"""A comment that stands for code: models leave such notes where they tire of repeating what they were given."""

_CONFLICT = re.compile(
    r"^<{7}[^\n]*\n(?P<ours>.*?)(?:^\|{7}[^\n]*\n.*?)?^={7}\r?\n(?P<theirs>.*?)^>{7}[^\n]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)

_SCRIPTS = frozenset({"javascript", "javascriptreact", "typescript", "typescriptreact"})
_TEST = re.compile(r"""^\s*(?:test|it|describe)(?:\.\w+)*\(\s*(['"`])(?P<title>.+?)\1""", re.MULTILINE)
"""A test of JavaScript's frameworks: a call with a title, not a definition."""

LOST = 0.4
"""The mark of an answer that loses a definition: below every sensible threshold, but it may have been the point."""


class Complete:
    """Vetoes stubs that were not there before; marks down lost definitions that the request does not speak of."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a hard verdict on stubs, a soft one on lost definitions."""
        for uri, after in trial.after.items():
            before = trial.before.get(uri)
            line = _new_stub(before, after)
            if line is not None:
                reason = f"line {line + 1}: a note stands for code that was left out"
                places = (Place(uri=uri, line=line),)
                return Verdict(check=NAME, passed=False, score=0.0, reason=reason, places=places)
            lost = _lost(before, after, trial.language(uri), trial.task.instruction) if before is not None else []
            if lost:
                return Verdict(
                    check=NAME,
                    passed=False,
                    score=LOST,
                    reason=f"lost: {', '.join(lost[:5])}",
                    hard=False,
                    places=(Place(uri=uri),),
                )
        return passed(NAME)


def _new_stub(before: Text | None, after: Text) -> int | None:
    """Return the number of the first line that is a stub and was not there before."""
    old = before.raw_lines() if before is not None else ()
    known = Counter(line.strip() for line in old if _STUB.match(line))
    for number, line in enumerate(after.raw_lines()):
        if _STUB.match(line):
            if known[line.strip()] <= 0:
                return number
            known[line.strip()] -= 1
    return None


def _lost(before: Text, after: Text, language: str, instruction: str) -> list[str]:
    """Return names that are defined no more; where as many new ones came, they were renamed."""
    if not grammars.has_grammar(language):
        return []
    new, (ours, theirs) = _names(str(after), language), _sides(str(before), language)
    gone = list(((ours & theirs) - new).elements())  # what only one side of a conflict has may go
    if len(gone) <= sum((new - (ours | theirs)).values()):
        return []
    return [name for name in gone if name not in instruction]


def _sides(text: str, language: str) -> tuple[Counter[str], Counter[str]]:
    """Return what a text defines with the one side of its merge conflicts and with the other: mostly the same."""
    if not _CONFLICT.search(text):
        found = _names(text, language)
        return found, found
    ours, theirs = _CONFLICT.sub(r"\g<ours>", text), _CONFLICT.sub(r"\g<theirs>", text)
    return _names(ours, language), _names(theirs, language)


def _names(text: str, language: str) -> Counter[str]:
    """Return what a text defines, tests by their titles included."""
    titles = (found["title"] for found in _TEST.finditer(text)) if language in _SCRIPTS else ()
    return syntax.names(text, language) + Counter(titles)


CHECK = Complete()
