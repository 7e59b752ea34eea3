"""Outcomes as the engine makes them, for the ledger's tests."""

import itertools
import time

from hypothesis import strategies as st

from tierwise.core.decision import Decision, Role, Rung
from tierwise.core.document import Document
from tierwise.core.edit import Candidate
from tierwise.core.model import Model, Price
from tierwise.core.outcome import Attempt, Outcome, Verdict
from tierwise.core.reply import Failure, FailureKind, Finish, Reply, Usage
from tierwise.core.task import Task
from tierwise.core.text import Text

HAIKU = Model(
    name="haiku",
    provider="anthropic",
    price=Price(input=1.0, output=5.0, cache_read=0.1, cache_write=1.25, as_of="2026-11-01"),
)
OPUS = Model(
    name="opus",
    provider="anthropic",
    price=Price(
        input=5.0,
        output=25.0,
        cache_read=0.5,
        cache_write=6.25,
        as_of="2026-11-02",
        up_to=2_000,
        beyond=Price(input=10.0, output=37.5, cache_read=1.0, cache_write=12.5, as_of="2026-11-02"),
    ),
)
UNPRICED = Model(name="mystery", provider="somewhere", price=None)
LOCAL = Model(name="index", provider="local", price=None)

CODE = "def unmistakable_prefix(): return unmistakable_body"
REPLY = "unmistakable_reply_text"

_numbers = itertools.count()


def task(feature="inline_completion", kind="autocomplete", **fields) -> Task:
    document = Document(uri="file:///home/ada/secret_place.py", version=1, language="python", text=Text.of(CODE))
    defaults = {
        "id": f"task-{next(_numbers)}-{time.time_ns()}",
        "document": document,
        "instruction": "unmistakable_instruction",
    }
    return Task(feature=feature, kind=kind, **{**defaults, **fields})


def attempt(**fields) -> Attempt:
    """A rejected reply of Haiku, unless the fields say otherwise."""
    usage = fields.setdefault("usage", Usage(input=100, output=20))
    defaults = {
        "role": Role.ANSWER,
        "tier": "fast",
        "model": HAIKU,
        "started": time.time(),
        "first_token": 0.1,
        "seconds": 0.25,
        "reply": Reply(text=REPLY, usage=usage, finish=Finish.STOP, resolved="haiku-20261001"),
        "candidate": Candidate(text=REPLY),
        "verdicts": (Verdict(check="parses", passed=False, score=0.0, reason="unmistakable_evidence"),),
    }
    return Attempt(**{**defaults, **fields})


def accepted(**fields) -> Attempt:
    return attempt(**{"accepted": True, "verdicts": (Verdict(check="parses", passed=True, score=1.0),), **fields})


def failed(kind=FailureKind.OVERLOADED, **fields) -> Attempt:
    failure = Failure(kind=kind, message="anthropic is overloaded: another model is asked.", status=529)
    defaults = {"failure": failure, "reply": None, "candidate": None, "verdicts": (), "first_token": None}
    return attempt(**{"usage": Usage(), **defaults, **fields})


def cancelled(**fields) -> Attempt:
    return failed(FailureKind.CANCELLED, **{"usage": Usage(input=90, output=5, estimated=True), **fields})


def outcome(*attempts: Attempt, signals=None, reason="Completions are at home in the fast tier.", **fields) -> Outcome:
    decision = Decision(
        policy="rules",
        ladder=(Rung(tier="fast", accept_at=0.5), Rung(tier="frontier", models=(OPUS,))),
        reason=reason,
        signals={"files": 1, "share": 0.5, "interactive": True, "language": "python"} if signals is None else signals,
    )
    return Outcome(task=task(**fields), decision=decision, attempts=attempts)


_tokens = st.integers(0, 3_000)
_usages = st.builds(
    Usage,
    input=_tokens,
    output=_tokens,
    cache_read=_tokens,
    cache_write=_tokens,
    reasoning=_tokens,
    estimated=st.booleans(),
)
_verdicts = st.lists(
    st.builds(
        Verdict,
        check=st.sampled_from(["parses", "judge"]),
        passed=st.booleans(),
        score=st.floats(0, 1),
        cost=st.floats(0, 0.01),
        seconds=st.floats(0, 2),
    ),
    max_size=2,
).map(tuple)


@st.composite
def _attempts(draw) -> tuple[Attempt, ...]:
    ends = st.sampled_from([attempt, failed, cancelled, accepted])
    tried = [
        end(
            role=Role.ANSWER if end is accepted else draw(st.sampled_from((Role.ANSWER, Role.TRIAGE, Role.JUDGE))),
            tier=draw(st.sampled_from(["fast", "mid", "frontier"])),
            model=draw(st.sampled_from([HAIKU, OPUS, UNPRICED, LOCAL])),
            started=1_790_000_000 + draw(st.floats(0, 86_400 * 3)),
            seconds=draw(st.floats(0, 30)),
            usage=draw(_usages),
            verdicts=draw(_verdicts),
        )
        for end in draw(st.lists(ends, max_size=4))
    ]
    # The user is given one answer at most.
    first = next((index for index, each in enumerate(tried) if each.accepted), None)
    return tuple(each for index, each in enumerate(tried) if index == first or not each.accepted)


@st.composite
def drawn_outcomes(draw) -> Outcome:
    return outcome(*draw(_attempts()), feature=draw(st.sampled_from(["inline_completion", "hover", "code_action"])))
