"""The text that most likely comes next, as far as it is sure enough."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tierwise.core.document import Document
from tierwise.core.text import Position
from tierwise.workspace.corpus import Corpus
from tierwise.workspace.tokens import in_word, split

from .calibration import Calibration, bundled
from .conformal import Conformal
from .evidence import LINE_END
from .features import weigh
from .place import Place, find_place

if TYPE_CHECKING:
    from tierwise.workspace.index import Index

PRECISION = 0.9
"""The share of served texts that are meant to be exactly what follows, where nobody sets another."""

WORTH_SHOWING = 2
"""Characters other than spaces that a text must have: less is typed sooner than read."""

MOST_TOKENS = 16
"""Tokens of one prediction; hardly any line has more left, and it bounds the time."""

MOST_WORDS = 8
"""Words in a list: what is further down is typed sooner than found."""

WORTH_LISTING = 0.02
"""The least probability of a word in a list: on three code bases this leaves two or three words, and the wanted one is
among them as often, to a point in a hundred, as among the eight likeliest (`make bench` prints it).
"""

TELLING = 2
"""Typed letters from which on any word of the file that begins so may be meant."""

_CLOSERS = frozenset(")]}\"'`;:,> ")
"""What editors put behind the cursor by themselves: a prediction may end before it without reaching it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A text to insert at the cursor and the probability that it is what the user would have typed.

    ``whole_line`` says that the line ends behind it.
    """

    text: str
    confidence: float
    whole_line: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One further token: ``text`` is all of the prediction up to it, ``confidence`` the product so far."""

    text: str
    confidence: float
    ends_line: bool


@dataclass(frozen=True, slots=True)
class Word:
    """An identifier for a list of completions: ``begun`` is how much of it stands before the cursor; ``confidence`` 0
    where it only stands in the file.
    """

    text: str
    begun: str
    confidence: float


class Predictor:
    """Predicts from what the workspace and the open file already say; synchronous, a millisecond or so."""

    def __init__(
        self, corpus: Corpus, calibration: Calibration | None = None, conformal: Conformal | None = None
    ) -> None:
        self.corpus = corpus
        self.conformal = conformal or Conformal()
        self._given = calibration

    def warm(self) -> Calibration:
        """Load what the first prediction needs, and return it."""
        return self._given or bundled()

    def predict(self, document: Document, position: Position, precision: float | None = None) -> Prediction | None:
        """Return the longest text that reaches the wanted precision, or None where nothing worth showing does.

        ``precision`` is the share of served texts that shall be exactly what follows, ``PRECISION`` by default.
        """
        position = document.text.clamp(position)
        line = document.text.line(position.line)
        before, rest = line[: position.column], line[position.column :]
        if before and rest and in_word(before[-1]) and in_word(rest[0]):
            return None
        file, recent = self.corpus.open(document.uri)
        place = find_place(file, document.text, position, recent)
        wanted = PRECISION if precision is None else precision
        floor = self.conformal.move(self.warm().floor(wanted, place.situation))
        with self.corpus.without(document.uri) as index:
            prediction = _serve(list(self.steps(place, index, floor)), rest)
        if prediction:
            self.conformal.claim(document, position, prediction.text, wanted)
        return prediction

    def words(self, document: Document, position: Position, most: int = MOST_WORDS) -> list[Word]:
        """Return the identifiers that may come next or that complete the one begun, the likeliest first.

        Where none is likely, those of the open file that begin as typed, the most frequent first.
        """
        file, recent = self.corpus.open(document.uri)
        place = find_place(file, document.text, document.text.clamp(position), recent)
        with self.corpus.without(document.uri) as index:
            tokens, rows = weigh(place, index, most * 2)
        begun = place.typed.text.strip() if place.typed else ""
        found: dict[str, Word] = {}
        shares: list[float] = self.warm().forest.score(rows).tolist() if tokens else []
        for token, share in sorted(zip(tokens, shares, strict=True), key=_by_share):
            word = place.vocabulary.word(token >> 1)
            if share >= WORTH_LISTING and len(word) > max(len(begun), 1) and word.isidentifier():
                found.setdefault(word, Word(word, begun, share))
        if not found and len(begun) >= TELLING:
            for word in place.beginning_with(begun):
                found.setdefault(word, Word(word, begun, 0.0))
        return list(found.values())[:most]

    def steps(self, place: Place, index: "Index | None", floor: float) -> Iterator[Step]:
        """Yield the prediction token by token while the product of probabilities reaches ``floor``.

        The line's end is always told, with its confidence: nothing is served for it.
        """
        forest = self.warm().forest
        typed = len(place.typed.text) if place.typed else 0
        made, confidence = "", 1.0
        for _ in range(MOST_TOKENS):
            tokens, rows = weigh(place, index)
            if not tokens:
                return
            scores = forest.score(rows)
            best = int(scores.argmax())
            confidence *= float(scores[best])
            ends_line = tokens[best] == LINE_END
            if confidence < floor and not ends_line:
                return
            if not ends_line:
                made += place.take(tokens[best])
            yield Step(made[typed:], confidence, ends_line)
            if ends_line:
                return


def _by_share(pair: tuple[int, float]) -> float:
    return -pair[1]


def _serve(steps: list[Step], rest: str) -> Prediction | None:
    """Return what of the steps can stand before ``rest``, the text behind the cursor on its line."""
    whole_line = bool(steps) and steps[-1].ends_line
    steps = [step for step in steps if not step.ends_line]
    if rest.strip():
        steps, whole_line = _meet(steps, rest), False
    if not steps or len(steps[-1].text.replace(" ", "")) < WORTH_SHOWING:
        return None
    return Prediction(text=steps[-1].text, confidence=steps[-1].confidence, whole_line=whole_line)


def _meet(steps: list[Step], rest: str) -> list[Step]:
    """Return the steps before the one that begins to say ``rest`` again; where none does, all before closers only."""
    first = split(rest.lstrip())[0]
    text = ""
    for number, step in enumerate(steps):
        if step.text[len(text) :].strip() == first:
            return steps[:number]
        text = step.text
    return steps if _CLOSERS.issuperset(rest) else []
