"""The evidence for each next token as numbers, in the order the calibration was fitted with."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

from tierwise.workspace.index import Index

from .evidence import LINE_END, Level, blend, look_around, look_up
from .place import Place
from .words import Kind, kind_of

CANDIDATES = 4
"""Tokens weighed at each step; the right one is hardly ever further down."""

_TOP = 2
"""Tokens that each length of context may bring in."""

_FAR = 20.0
"""The logarithm of a distance where there is none."""

_NOWHERE = -9
"""Words of match beyond the line's beginning where nothing matches."""

SHARED = (
    "typed", "before", "before2", "step", "on_line", "words_run", "ws_words", "ws_found", "ws_kinds", "own_words",
    "own_total", "own_kinds", "open", "in_quote", "ws_beyond", "own_beyond", "file",
)  # fmt: skip
"""Numbers that are the same for all candidates of a place."""

SINGLE = (
    "rest", "kind", "length", "ws_seen", "ws_count", "ws_share", "ws_blend", "ws_rival", "own_seen", "own_count",
    "own_share", "own_blend", "own_rival", "own_last", "own_distance", "word_count", "word_distance", "closes", "below",
    "above", "score", "lead", "rank",
)  # fmt: skip
"""Numbers of one candidate."""

NAMES = SHARED + SINGLE


@dataclass(frozen=True, slots=True)
class Candidate:
    """A token that may come next, with its share in the workspace and in the open file, and both mixed."""

    score: float
    token: int
    share: float
    own_share: float


_NOBODY = Candidate(0.0, -1, 0.0, 0.0)


def weigh(place: Place, index: Index | None, most: int = CANDIDATES) -> tuple[list[int], list[list[float]]]:
    """Return the ``most`` likeliest next tokens, best first, and for each the numbers that ``NAMES`` lists."""
    theirs = look_up(index, place.context, place.typed) if index else []
    own = look_around(place.row, place.words, place.here, place.context, place.typed)
    candidates = _rank(theirs, own, max(_TOP, most // 2))[:most]
    if not candidates:
        return [], []
    shared = _shared(place, theirs, own)
    rows = [shared + _single(place, theirs, own, candidates, rank) for rank in range(len(candidates))]
    return [candidate.token for candidate in candidates], rows


def _rank(theirs: Sequence[Level], own: Sequence[Level], top: int) -> list[Candidate]:
    tokens: set[int] = set()
    for level in (*theirs, *own):
        counts = level.counts
        tokens.update(counts if len(counts) <= top else sorted(counts, key=counts.__getitem__, reverse=True)[:top])
    # The source whose match is longer knows better; at equal lengths the open file does.
    reach, own_reach = (theirs[0].words + 1 if theirs else 0), (own[0].words + 2 if own else 0)
    weight = reach / (reach + own_reach) if tokens else 0.0
    candidates: list[Candidate] = []
    for token in tokens:
        share, own_share = blend(theirs, token), blend(own, token)
        candidates.append(Candidate(weight * share + (1 - weight) * own_share, token, share, own_share))
    candidates.sort(key=lambda candidate: (candidate.score, candidate.token), reverse=True)
    return candidates


def _shared(place: Place, theirs: Sequence[Level], own: Sequence[Level]) -> list[float]:
    line = place.line
    run = 0
    while run < min(len(line), 8) and line[-1 - run].strip().isidentifier():
        run += 1
    first, mine = theirs[0] if theirs else None, own[0] if own else None
    return [
        len(place.typed.text) if place.typed else 0,
        kind_of(line[-1].strip()) if line else -1,
        kind_of(line[-2].strip()) if len(line) > 1 else -1,
        place.step,
        len(line),
        run,
        first.words if first else 0,
        log1p(first.found) if first else 0,
        len(first.counts) if first else 0,
        mine.words if mine else -1,
        log1p(mine.total) if mine else 0,
        len(mine.counts) if mine else 0,
        len(place.brackets),
        bool(place.quote),
        first.words - len(line) if first else _NOWHERE,
        mine.words - len(line) if mine else _NOWHERE,
        log1p(len(place.row)),
    ]


def _single(
    place: Place, theirs: Sequence[Level], own: Sequence[Level], candidates: Sequence[Candidate], rank: int
) -> list[float]:
    this = candidates[rank]
    token = this.token
    text = place.vocabulary.text(token)
    word = place.vocabulary.word(token >> 1)
    rival = candidates[0 if rank else 1] if len(candidates) > 1 else _NOBODY
    seen = next((level for level in theirs if token in level.counts), None)
    mine = next((level for level in own if token in level.counts), None)
    is_last = bool(own) and own[0].last == token
    kind = kind_of(word)
    written = place.written + text
    return [
        len(text) - (len(place.typed.text) if place.typed else 0),
        kind,
        len(word),
        seen.words if seen else -1,
        log1p(seen.counts[token]) if seen else 0,
        seen.counts[token] / seen.total if seen else 0,
        this.share,
        rival.share,
        mine.words if mine else -1,
        log1p(mine.counts[token]) if mine else 0,
        mine.counts[token] / mine.total if mine else 0,
        this.own_share,
        rival.own_share,
        is_last,
        log1p(abs(place.here - own[0].place)) if is_last else _FAR,
        *_nearness(place, token),
        _closing(place, word, kind),
        _repeats(place.below, written, kind),
        _repeats(place.above, written, kind),
        this.score,
        this.score - rival.score,
        rank,
    ]


def _nearness(place: Place, token: int) -> tuple[float, float]:
    """Return how often the word stands in the open file and how far away the nearest one is, both as logarithms."""
    if token == LINE_END:
        return 0.0, 0.0
    import numpy as np

    places = np.flatnonzero(place.words == token >> 1)
    if not len(places):
        return 0.0, _FAR
    nearest = max(int(places.searchsorted(place.here)) - 1, 0)
    return log1p(len(places)), log1p(abs(place.here - int(places[nearest])))


def _closing(place: Place, word: str, kind: Kind) -> float:
    """Return 1 where the word closes what is open on the line, -1 where it closes something else or leaves it open."""
    if place.quote:
        return word == place.quote
    if kind is Kind.CLOSE:
        return 1 if place.brackets and place.brackets[-1] == word else -1
    if kind is Kind.END:
        return -1 if place.brackets else 0.5
    return 0


def _repeats(line: str, written: str, kind: Kind) -> float:
    """Return 1 where the line so far begins like that line, 2 where it would become that line."""
    if not written or not line.startswith(written):
        return 0
    return 2 if kind is Kind.END and line == written else 1
