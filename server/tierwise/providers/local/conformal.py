"""The promise of precision kept on this user's code: what was typed instead of a prediction moves the floors.

One calibration for all code bases is a few points too careful on repetitive code and too bold on other. Adaptive
conformal inference (Gibbs and Candes, "Adaptive conformal inference under distribution shift", 2021) corrects it
without a model of why: each prediction that came true lowers the floors a little, each that did not raises them more,
in the proportion that balances where the wanted share comes true.
"""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

from tierwise.core.document import Document
from tierwise.core.text import Position
from tierwise.workspace.tokens import in_word

log = logging.getLogger(__name__)

STEP = 0.02
"""How far one prediction moves the floors: half of a lasting error is made up for after some 300 predictions, while the
precision wanders by about a point (`make bench` prints what it comes to)."""

FARTHEST = 0.65
"""How far the floors may move: at the default precision by about 0.15."""

_MOST = 4
"""Predictions of one document that wait to be settled: each but the last was typed to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A prediction that waits for what is typed: ``text`` after ``before`` on its line."""

    line: int
    before: str
    text: str
    precision: float

    def settle(self, document: Document, cursor: Position) -> bool | None:
        """Return whether it came true; None while the text typed so far leaves it open.

        Raises ``LookupError`` where the line was changed before the place, so that nothing can be said.
        """
        line = document.text.line(self.line) if self.line < document.text.line_count else ""
        here = cursor.line == self.line
        if not line.startswith(self.before) or (here and cursor.column < len(self.before)):
            raise LookupError
        typed = line[len(self.before) : cursor.column if here else len(line)]
        if not typed.startswith(self.text):
            return None if here and self.text.startswith(typed) else False
        after = typed[len(self.text) :]
        if not after:
            return None if here else True
        return not (in_word(after[0]) and in_word(self.text[-1]))

    def is_open(self, document: Document, cursor: Position) -> bool:
        """Whether some of it is still to be typed."""
        return cursor.column < len(self.before) + len(self.text) or cursor.line != self.line


class Conformal:
    """``shift`` in [-1, 1] is the share of the way up to 1.0 by which the bundled floors are raised, or lowered where
    it is negative; it outlives the process where a ``kept`` file is given.
    """

    def __init__(self, kept: Path | None = None) -> None:
        self.shift = 0.0
        self._kept = kept
        self._was = 0.0
        self._claims: dict[str, list[Claim]] = {}

    def move(self, floor: float) -> float:
        """Return a bundled floor as it is for this workspace; what never serves, at 1.0, stays so."""
        return 1.0 - (1.0 - floor) * (1.0 - self.shift)

    def load(self) -> None:
        """Take up the shift of earlier sessions; an unreadable file is as good as none."""
        if self._kept is None:
            return
        try:
            said = json.loads(self._kept.read_text("utf-8"))
            self._was = self.shift = _within(float(said["shift"]))
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.info("%s is begun anew: %s", self._kept, error)

    def save(self) -> None:
        """Keep the shift for the next session; a disk that is full loses it, and says so in the log."""
        if self._kept is None or self.shift == self._was:
            return
        try:
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            self._kept.write_text(json.dumps({"shift": round(self.shift, 4)}) + "\n", "utf-8")
            self._was = self.shift
        except OSError as error:
            log.warning("what was learned of the workspace's precision is not kept: %s", error)

    def learn(self, came_true: bool, precision: float) -> None:
        """Move the floors by one prediction that was meant to come true with a probability of ``precision``."""
        self.shift = _within(self.shift + STEP * (precision - came_true))

    def forget(self, uri: str) -> None:
        """Let go of what waits in a document that is closed or was changed in a way that tells nothing."""
        self._claims.pop(uri, None)

    def look(self, document: Document, cursor: Position) -> None:
        """Settle what a document tells of the predictions made in it, now that the cursor is here."""
        waiting = self._claims.pop(document.uri, None)
        if waiting is None:
            return
        still: list[Claim] = []
        for claim in waiting:
            try:
                came_true = claim.settle(document, cursor)
            except LookupError:
                continue
            if came_true is None:
                still.append(claim)
            else:
                self.learn(came_true, claim.precision)
        if still:
            self._claims[document.uri] = still

    def claim(self, document: Document, cursor: Position, text: str, precision: float) -> None:
        """Note a prediction, to be settled by what is typed; not while an earlier one is still being typed."""
        waiting = self._claims.setdefault(document.uri, [])
        if len(waiting) < _MOST and not any(claim.is_open(document, cursor) for claim in waiting):
            before = document.text.line(cursor.line)[: cursor.column]
            waiting.append(Claim(line=cursor.line, before=before, text=text, precision=precision))


def _within(shift: float) -> float:
    return max(-FARTHEST, min(FARTHEST, shift))
