"""What is left of an answer that did not come to its end."""

from tierwise.core.exchange import Exchange
from tierwise.core.outcome import Attempt, Verdict
from tierwise.core.reply import Failure, FailureKind, Finish
from tierwise.core.task import TaskKind

_BROKEN_OFF = {
    FailureKind.TIMEOUT,
    FailureKind.UNREACHABLE,
    FailureKind.OVERLOADED,
    FailureKind.MALFORMED,
    FailureKind.RATE_LIMITED,
}
_CUTTABLE = {"insertion"}
"""Forms of reply of which whole rows are good by themselves: half a function in place of a whole one is not."""
_READABLE_CUT = {"insertion", "text"}
"""Forms that may be shown though the token limit ended them."""


def is_of_use(exchange: Exchange, failure: Failure, kind: TaskKind) -> bool:
    """Whether what came before a failure may be shown, cut back to whole rows."""
    return failure.kind in _BROKEN_OFF and kind.form in _CUTTABLE and "\n" in exchange.text.strip()


def incomplete(attempt: Attempt, kind: TaskKind) -> Verdict | None:
    """Return the verdict on an answer that the token limit cut where only a whole one is of use, else None."""
    reply = attempt.reply
    if reply is None or reply.finish is not Finish.LENGTH or kind.form in _READABLE_CUT:
        return None
    reason = f"the answer was cut off after {reply.usage.output} tokens: answer more briefly"
    return Verdict(check="complete", passed=False, score=0.0, reason=reason)
