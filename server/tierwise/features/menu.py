"""What can be done at a place: from syntax, problems and the selection alone, without parsing the file."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from tierwise.core.document import Document
from tierwise.core.offer import Offer, On
from tierwise.core.task import Diagnostic, TaskKind
from tierwise.core.text import Span

REACH = 400
"""Lines looked at above the cursor for the definition it is in, and below for a conflict's end."""

BODY = 40
"""Lines of a body that may still be a stub: longer ones do something."""

_HEADER = re.compile(
    r"^\s*(?:export\s+|default\s+|public\s+|private\s+|protected\s+|static\s+|abstract\s+|pub(?:\([^)]*\))?\s+|async\s+)*"
    r"(?:def|class|function\*?|func|fn|interface|struct|enum|trait|type|impl)\b"
    r"|^\s*(?:export\s+)?(?:const|let)\s+\w+\s*=\s*(?:async\s*)?\([^)]*\)\s*(?::[^=]+)?=>"
    r"|^\s+(?:async\s+|static\s+|get\s+|set\s+)*(?!if|for|while|switch|catch|return)\w+\([^)]*\)\s*(?::[^={]+)?\{\s*$"
)
"""A line that looks like the start of a definition."""

_HOLLOW = re.compile(
    r"^(?:pass|\.\.\.|return|return nil|[{}()\];,]*|raise NotImplementedError.*|throw new Error\(.*not.implemented.*|"
    r"(?:todo|unimplemented)!\(.*|panic\(.*(?:todo|not.implemented).*|(?:#|//|/\*|\*).*)$",
    re.IGNORECASE,
)
"""A line that does nothing: placeholders, brackets, comments."""

_QUOTED = re.compile(r'^\s*[rRbBuU]?("""|\'\'\')(?:.*?)\1', re.DOTALL | re.MULTILINE)
_CONFLICT, _CONFLICT_END = re.compile(r"^<{7}(?: |$)"), re.compile(r"^>{7}(?: |$)")
_WORD = re.compile(r"[^\W\d]\w*")
_NO_NAMES = frozenset((
    "if", "else", "elif", "for", "while", "return", "import", "from", "in", "is", "not", "and", "or", "def", "class",
    "func", "function", "fn", "let", "const", "var", "pub", "async", "await", "new", "try", "except", "catch",
    "finally", "with", "as", "None", "True", "False", "null", "true", "false", "self", "this", "package", "type",
    "struct",
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is seen at a place, each fact looked for once."""

    document: Document
    span: Span
    line: str
    selected: str

    def holds(self, on: On) -> bool:
        """Whether that is at the cursor; a diagnostic never is, because the offer is made for each by itself."""
        return _HOLDS[on](self)

    @property
    def header(self) -> str:
        """The first line of the definition around the place, by indentation; empty where there is none."""
        text, number = self.document.text, self.span.start.line
        depth = _depth(self.line) if self.line.strip() else REACH
        if _HEADER.match(self.line):
            return self.line
        for above in range(number - 1, max(-1, number - REACH), -1):
            line = text.line(above)
            if line.strip() and _depth(line) < depth:
                depth = _depth(line)
                if _HEADER.match(line):
                    return line
        return ""

    @property
    def word(self) -> str:
        """The identifier at the place that somebody may have named."""
        at = self.span.start.column
        words = (word[0] for word in _WORD.finditer(self.line) if word.start() <= at <= word.end())
        return next((word for word in words if word not in _NO_NAMES), "")


_HOLDS: dict[On, Callable[[Sight], bool]] = {
    On.SELECTION: lambda sight: bool(sight.selected.strip()),
    On.LINES: lambda sight: "\n" in sight.selected.strip(),
    On.DEFINITION: lambda sight: bool(_HEADER.match(sight.line)),
    On.STUB: lambda sight: bool(_HEADER.match(sight.line)) and is_stub(sight.document, sight.span.start.line),
    On.INSIDE: lambda sight: bool(sight.header),
    On.WORD: lambda sight: bool(sight.word) and not sight.selected.strip(),
    On.LINE: lambda sight: bool(sight.line.strip()),
    On.CONFLICT: lambda sight: in_conflict(sight.document, sight.span.start.line),
    On.FILE: lambda _sight: True,
    On.DIAGNOSTIC: lambda _sight: False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the menu. ``disabled`` is why it cannot be chosen here, empty where it can."""

    kind: TaskKind
    offer: Offer
    title: str
    instruction: str
    diagnostic: int | None = None
    disabled: str = ""


def look(document: Document, span: Span) -> Sight:
    """Return what is seen at a place."""
    line = document.text.line(min(span.start.line, document.text.line_count - 1))
    return Sight(document=document, span=span, line=line, selected=document.text.slice(span))


def entries(
    sight: Sight, problems: Iterable[Diagnostic | None], kinds: Iterable[TaskKind], wanted: list[str] | None = None
) -> Iterator[Entry]:
    """Yield what can be done, fixes first; ``wanted`` are the protocol's kinds of action that were asked for."""
    offers = [(kind, offer) for kind in kinds for offer in kind.offers if fits(offer.action, wanted)]
    for number, problem in enumerate(problems):
        for kind, offer in offers:
            if problem is not None and offer.on is On.DIAGNOSTIC and _speaks(offer, sight):
                title = f"{offer.title}: {_short(problem.message)}"
                yield Entry(kind=kind, offer=offer, title=title, instruction=offer.instruction, diagnostic=number)
    seen: dict[On, bool] = {}
    for kind, offer in offers:
        if offer.on is On.DIAGNOSTIC or not _speaks(offer, sight):
            continue
        if offer.on not in seen:
            seen[offer.on] = sight.holds(offer.on)
        if seen[offer.on] and _found(offer, sight):
            yield Entry(kind=kind, offer=offer, title=offer.title, instruction=_told(offer.instruction, sight))
        elif offer.otherwise and wanted is not None and offer.action in wanted:
            yield Entry(kind=kind, offer=offer, title=offer.title, instruction="", disabled=offer.otherwise)


def fits(action: str, wanted: list[str] | None) -> bool:
    """Whether a kind of action is one of those wanted, or lies below one."""
    return wanted is None or any(action == wish or action.startswith(f"{wish}.") or wish == "" for wish in wanted)


def is_stub(document: Document, number: int) -> bool:
    """Whether the definition that begins in this line has a body that does nothing."""
    text = document.text
    depth = _depth(text.line(number))
    begin = number
    while begin < min(number + 15, text.line_count - 1) and not text.line(begin).rstrip().endswith((":", "{", "}")):
        begin += 1
    rest = text.line(begin).rstrip()
    if rest.endswith("}") or text.line(number).rstrip().endswith(("...", ": pass")):
        return rest.replace(" ", "").endswith("{}") or rest.endswith(("...", "pass"))
    body: list[str] = []
    for line in (raw.rstrip() for raw in text.raw_lines(begin + 1, begin + BODY)):
        if line.strip() and _depth(line) <= depth:
            break
        body.append(line)
    else:
        if begin + BODY < text.line_count:
            return False
    bare = _QUOTED.sub("", "\n".join(body))
    return all(_HOLLOW.match(line.strip()) for line in bare.split("\n"))


def in_conflict(document: Document, number: int) -> bool:
    """Whether the line stands between the markers of a merge conflict, these included."""
    text = document.text
    for above in range(number, max(-1, number - REACH), -1):
        line = text.raw_line(above)
        if _CONFLICT.match(line):
            return any(_CONFLICT_END.match(below) for below in text.raw_lines(number, number + REACH))
        if _CONFLICT_END.match(line) and above != number:
            return False
    return False


def _speaks(offer: Offer, sight: Sight) -> bool:
    return not offer.languages or sight.document.language in offer.languages


def _found(offer: Offer, sight: Sight) -> bool:
    if not offer.pattern:
        return True
    line = sight.header if offer.on is On.INSIDE else sight.line
    return bool(_compiled(offer.pattern).search(sight.selected.strip() or line))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE | re.IGNORECASE)


def _told(instruction: str, sight: Sight) -> str:
    return instruction.replace("{line}", sight.line.strip()).replace("{selected}", sight.selected.strip("\n"))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _short(message: str, length: int = 60) -> str:
    line = message.partition("\n")[0]
    return line if len(line) <= length else line[: length - 1] + "…"
