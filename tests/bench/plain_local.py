"""What the local tier has to beat: a plain suffix array with the open file's n-grams, and nothing fitted.

At each token the follower of the longest match is taken, the open file's before the workspace's at equal length; its
confidence is its share among the followers, smoothed by one.
"""

from collections.abc import Iterator

from tierwise.providers.local.evidence import LINE_END, look_around, look_up
from tierwise.providers.local.place import Place
from tierwise.providers.local.predictor import MOST_TOKENS, Predictor, Step
from tierwise.workspace.index import Index

LEAST_WORDS = 3
"""Words of context that must match: shorter matches are never sure enough."""


class Plain(Predictor):
    """The baseline, in the predictor's place."""

    def steps(self, place: Place, index: Index | None, floor: float) -> Iterator[Step]:
        """See ``Predictor.steps``."""
        typed = len(place.typed.text) if place.typed else 0
        made, confidence = "", 1.0
        for _ in range(MOST_TOKENS):
            own = look_around(place.row, place.words, place.here, place.context, place.typed)
            levels = [*own, *(look_up(index, place.context, place.typed) if index else ())]
            longest = max(levels, key=lambda level: level.words, default=None)
            if longest is None or longest.words < LEAST_WORDS:
                return
            token = max(longest.counts, key=longest.counts.__getitem__)
            confidence *= longest.counts[token] / (longest.total + 1)
            ends_line = token == LINE_END
            if confidence < floor and not ends_line:
                return
            if not ends_line:
                made += place.take(token)
            yield Step(made[typed:], confidence, ends_line)
            if ends_line:
                return
