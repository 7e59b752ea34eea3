"""Answers that were paid for, kept to be served again as the user types into them."""

from collections import OrderedDict, deque

from tierwise.core.document import Document
from tierwise.core.text import Position

from .answer import Answer, Rest

PER_DOCUMENT = 64
"""Answers kept for one document: a few minutes of work, and looked through in well under a millisecond."""
DOCUMENTS = 32
"""Documents whose answers are kept."""


class Memory:
    """The newest answers by document. Nothing in here ages by the clock: an answer whose place is there again is as
    good as on the first day.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, deque[Answer]] = OrderedDict()

    def keep(self, answer: Answer) -> None:
        """Remember an answer; the oldest ones make room."""
        answers = self._kept.setdefault(answer.uri, deque(maxlen=PER_DOCUMENT))
        self._kept.move_to_end(answer.uri)
        answers.appendleft(answer)
        while len(self._kept) > DOCUMENTS:
            self._kept.popitem(last=False)

    def find(self, document: Document, place: Position, made_by: object = None) -> list[Rest]:
        """Return what is left of every answer that belongs to the place, each text once: first candidates before
        second ones, and among them the newest first.

        Only answers that were made by the same are served. One that is typed to its last visible character has
        nothing left.
        """
        found: dict[str, Rest] = {}
        for answer in self._kept.get(document.uri, ()):
            if answer.made_by != made_by or not answer.text:
                continue
            rest = answer.rest(document, place)
            if rest is not None and rest.text.strip() and rest.text not in found:
                found[rest.text] = rest
        return sorted(found.values(), key=lambda rest: rest.answer.rank)

    def is_empty_at(self, document: Document, place: Position, made_by: object = None) -> bool:
        """Whether a model was asked at exactly this place already and had nothing to say."""
        return any(
            not answer.text and answer.made_by == made_by and answer.start == place and answer.frame == document.text
            for answer in self._kept.get(document.uri, ())
        )

    def forget(self, uri: str) -> None:
        """Forget a document's answers."""
        self._kept.pop(uri, None)
