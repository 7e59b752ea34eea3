"""From all that sources found to what a prompt has room for: not a source, but what comes behind them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tierwise.core.task import Snippet
from tierwise.core.text import Span

from .scene import Excerpt, Scene

ORDER = ("imports", "symbols", "open_files", "git_diff", "recent_edits", "scope", "diagnostics")
"""All sources, those first whose excerpts change least from one request to the next: vendors cache a prompt up to the
first difference.
"""

LEAST = 2
"""Lines of an excerpt worth keeping when the rest of it is shown already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Lines of a file that the prompt holds."""

    uri: str
    first: int
    stop: int


def packed(excerpts: Iterable[Excerpt], scene: Scene, shown: tuple[str, Span], budget: int) -> tuple[Snippet, ...]:
    """Return the best excerpts that fit into ``budget`` characters, no line twice, in the order of ``ORDER``.

    ``shown`` is the document and the part of it that the prompt holds already.
    """
    uri, span = shown
    name = cache(scene.name)
    taken = [Taken(uri=uri, first=span.start.line, stop=span.end.line + 1)]
    texts: set[str] = set()
    kept: list[Excerpt] = []
    for excerpt in sorted(excerpts, key=_rank):
        rest = _untaken(excerpt, taken)
        if rest is None or rest.text.strip() in texts:
            continue
        size = len(rest.text) + len(name(rest.uri)) + 4
        if size > budget:
            continue
        budget -= size
        texts.add(rest.text.strip())
        kept.append(rest)
        if rest.first >= 0:
            taken.append(Taken(uri=rest.uri, first=rest.first, stop=rest.stop))
    return _told([excerpt for excerpt in kept if not _is_shown(excerpt, taken)], name)


def _is_shown(excerpt: Excerpt, taken: Sequence[Taken]) -> bool:
    """Whether the line that an excerpt tells of is shown itself."""
    line = excerpt.anchor
    return line >= 0 and any(other.uri == excerpt.uri and other.first <= line < other.stop for other in taken)


def _rank(excerpt: Excerpt) -> tuple[float, int, str, int, str]:
    return (-excerpt.score, ORDER.index(excerpt.source), excerpt.uri, excerpt.first, excerpt.text)


def _untaken(excerpt: Excerpt, taken: Sequence[Taken]) -> Excerpt | None:
    """Return the longest run of the excerpt's lines that nothing taken holds, None where too little is left."""
    if excerpt.first < 0:
        return excerpt
    lines = excerpt.text.splitlines(keepends=True)
    free = [True] * len(lines)
    for other in taken:
        if other.uri == excerpt.uri:
            for number in range(max(other.first, excerpt.first), min(other.stop, excerpt.stop)):
                free[number - excerpt.first] = False
    if all(free):
        return excerpt
    start, size = _longest_run(free)
    text = "".join(lines[start : start + size])
    if size < LEAST or not text.strip():
        return None
    return replace(excerpt, first=excerpt.first + start, text=text)


def _longest_run(free: Sequence[bool]) -> tuple[int, int]:
    best = run = start = 0
    for number, is_free in enumerate(free):
        run = run + 1 if is_free else 0
        if run > best:
            best, start = run, number - run + 1
    return start, best


def _told(kept: Sequence[Excerpt], name: Callable[[str], str]) -> tuple[Snippet, ...]:
    """Put the excerpts in order; those of one file from one source become one snippet."""
    told: list[Snippet] = []
    before: Excerpt | None = None
    for excerpt in sorted(kept, key=lambda item: (ORDER.index(item.source), item.uri, item.first, item.text)):
        path = "" if excerpt.source == "diagnostics" else name(excerpt.uri)
        if before is not None and (before.source, before.uri) == (excerpt.source, excerpt.uri):
            last = told.pop()
            text, score = last.text + excerpt.text, max(last.score, excerpt.score)
        else:
            text, score = excerpt.text, excerpt.score
        told.append(Snippet(path=path, text=text, source=excerpt.source, score=score))
        before = excerpt
    return tuple(told)
