"""Notices when a model silently gets worse: Page's cumulative sum test on its verdicts."""

from math import log

ALARM = 4.0
"""Evidence (in nats) at which old experience is let go: about 15 tries after a model stops working, and less than one
false alarm in some hundred tries, which costs little: the record is relearned."""

KEPT = 0.1
"""What a record counts for after an alarm."""

FRESH = 25.0
"""Tries up to which a record is kept whole: it is then what came after the last alarm, and the evidence of the change.
"""

WORSE = 0.5
"""The change looked for: half as many answers pass as should."""


class Drift:
    """The evidence against each model since it last did as expected."""

    def __init__(self) -> None:
        self._evidence: dict[str, float] = {}

    def see(self, model: str, expected: float, passed: bool) -> bool:
        """Take in a verdict where one passes with the ``expected`` chance; say whether the model has changed."""
        expected = min(0.98, max(0.02, expected))
        worse = expected * WORSE
        step = log(worse / expected) if passed else log((1 - worse) / (1 - expected))
        evidence = max(0.0, self._evidence.get(model, 0.0) + step)
        alarm = evidence > ALARM
        self._evidence[model] = 0.0 if alarm else evidence
        return alarm
