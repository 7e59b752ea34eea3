"""What a workspace defines and which of its files matter for some words: the map a model plans by.

Files are ranked by a walk over who uses whose definitions (personalised PageRank, Page et al. 1999), which starts at
the files that the words name: in their path, in what they define, in their text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from . import grammars
from .ignore import Gate
from .symbols import Symbol, symbols_in

MOST_FILES = 2_000
"""Source files that are read; parsing one takes some milliseconds."""

DAMPING = 0.5
"""How far a walk goes on: a file that is used by one that matters counts at most half as much, one further a quarter.
The web's 0.85 is for long walks; here it would put whoever uses most before what was asked for."""

STEPS = 12
"""Enough to leave an error below 0.5**12, a quarter of a thousandth."""

COMMON = 6
"""Files that may define a name before a use of it says nothing about any of them."""

_WORD = re.compile(r"[^\W\d]\w*")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")

_IN_PATH, _IN_NAME, _IN_TEXT = 8.0, 5.0, 1.0
"""What a word counts where it is found: a file is about what its name says, mentions are cheap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedFile:
    """A file of the map: ``path`` from the root, the symbols it defines, its rank in [0, 1]."""

    path: str
    symbols: tuple[Symbol, ...]
    rank: float


def read(gate: Gate, root: Path) -> dict[str, str]:
    """Return the texts of the source files below a root by their path from it; waits for the disk."""
    texts: dict[str, str] = {}
    for path in gate.walk():
        if len(texts) >= MOST_FILES:
            break
        if grammars.language_of(path.name) and path.is_relative_to(gate.roots[0] if gate.roots else root):
            text = gate.read(path)
            if text is not None:
                texts[path.relative_to(gate.roots[0] if gate.roots else root).as_posix()] = text
    return texts


def ranked(texts: Mapping[str, str], words: str, chosen: Iterable[str] = ()) -> list[MappedFile]:
    """Return the files, the ones that matter most first; ``chosen`` are those the user is at."""
    symbols = {path: symbols_in(text, grammars.language_of(path)) for path, text in texts.items()}
    uses = {path: Counter(_WORD.findall(text)) for path, text in texts.items()}
    start = _start(symbols, uses, words, set(chosen))
    ranks = _walk(_links(symbols, uses), start)
    order = sorted(texts, key=lambda path: (-ranks[path], path))
    return [MappedFile(path=path, symbols=symbols[path], rank=ranks[path]) for path in order]


def drawn(files: Sequence[MappedFile], limit: int) -> str:
    """Return the map as text of at most ``limit`` characters: every file that fits with its signatures, then names."""
    lines: list[str] = []
    for file in files:
        part = "\n".join([file.path, *(f"  {symbol.signature}" for symbol in file.symbols)])
        if len(part) + 1 > limit:
            part = file.path
        limit -= len(part) + 1
        if limit < 0:
            break
        lines.append(part)
    return "\n".join(lines)


def parts_of(words: str) -> set[str]:
    """Return the words in lower case, and the parts of those written in camelCase or snake_case."""
    found = {word.lower() for word in _WORD.findall(words)}
    return {part for part in found | {part.lower() for part in _PART.findall(words)} if len(part) > 2}


def _start(
    symbols: Mapping[str, Sequence[Symbol]], uses: Mapping[str, Counter[str]], words: str, chosen: set[str]
) -> dict[str, float]:
    wanted, exact = parts_of(words), set(_WORD.findall(words))
    weights: dict[str, float] = {}
    for path in uses:
        weight = _IN_PATH * len(wanted & parts_of(path)) + 4 * _IN_PATH * (path in words or path in chosen)
        for symbol in symbols[path]:
            weight += _IN_NAME * (2 * (symbol.name in exact) + len(wanted & parts_of(symbol.name)))
        weight += _IN_TEXT * sum(1 for word in exact if len(word) > 2 and word in uses[path])
        weights[path] = weight
    total = sum(weights.values())
    even = 1 / len(weights) if weights else 0.0
    return {path: weight / total if total else even for path, weight in weights.items()}


def _links(symbols: Mapping[str, Sequence[Symbol]], uses: Mapping[str, Counter[str]]) -> dict[str, dict[str, float]]:
    """Return how strongly each file leans on each other one, and half as strongly back: users matter too."""
    makers: dict[str, set[str]] = defaultdict(set)
    for path, defined in symbols.items():
        for symbol in defined:
            makers[symbol.name].add(path)
    links: dict[str, dict[str, float]] = {path: defaultdict(float) for path in uses}
    for path, words in uses.items():
        for word in words.keys() & makers.keys():
            if len(makers[word]) > COMMON:
                continue
            for maker in makers[word] - {path}:
                strength = sqrt(words[word]) / len(makers[word])
                links[path][maker] += strength
                links[maker][path] += strength / 2
    return links


def _walk(links: Mapping[str, Mapping[str, float]], start: Mapping[str, float]) -> dict[str, float]:
    ranks = dict(start)
    for _ in range(STEPS):
        following = {path: (1 - DAMPING) * weight for path, weight in start.items()}
        for path, rank in ranks.items():
            total = sum(links[path].values())
            if not total:
                for other, weight in start.items():
                    following[other] += DAMPING * rank * weight
                continue
            for other, strength in links[path].items():
                following[other] += DAMPING * rank * strength / total
        ranks = following
    return ranks
