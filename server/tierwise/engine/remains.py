"""Answers of batches that nobody asks about any more: the code has changed meanwhile, but they were paid for."""

import time
from collections.abc import Mapping
from uuid import uuid4

from tierwise.core.decision import Decision, Role
from tierwise.core.model import Model, Tier
from tierwise.core.outcome import Attempt, Outcome
from tierwise.core.reply import Failure, FailureKind
from tierwise.core.task import Task
from tierwise.ledger.sent import Posted
from tierwise.providers.wire.batch import Answer

WHY = "What was asked in a batch had changed when its answer came."


def outcome_of(posted: Posted, answer: Answer, tiers: Mapping[str, Tier]) -> Outcome:
    """Return what the ledger is told of such an answer."""
    known = (model for tier in tiers.values() for model in tier.models if model.ref == posted.model)
    model = next(known, Model(name=posted.model.partition("/")[2], provider=posted.provider, price=None))
    attempt = Attempt(
        role=Role.ANSWER,
        tier=posted.tier,
        model=model.batched,
        started=time.time(),
        first_token=None,
        seconds=0.0,
        usage=answer.usage,
        failure=Failure(kind=FailureKind.CANCELLED, message=WHY),
    )
    task = Task(id=uuid4().hex, kind=posted.kind, feature=posted.feature, facts={"workspace": posted.workspace})
    return Outcome(task=task, decision=Decision(policy="batch", ladder=(), reason=WHY), attempts=(attempt,))
