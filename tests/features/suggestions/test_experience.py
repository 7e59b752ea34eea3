"""What the server has seen of its models and of what the user does with their answers."""

from dataclasses import replace

import pytest

from tierwise.core.decision import Role
from tierwise.core.model import Model, Price
from tierwise.core.outcome import Attempt, Feedback, Signal
from tierwise.core.reply import Failure, FailureKind, Finish, Reply, Usage
from tierwise.features.suggestions.experience import USUALLY_TAKEN, Experience


def answer(provider: str = "vendor", seconds: float = 1.0) -> Attempt:
    return Attempt(
        role=Role.ANSWER,
        tier="fast",
        model=Model(name="m", provider=provider, price=None),
        started=0.0,
        first_token=0.1,
        seconds=seconds,
        usage=Usage(),
        reply=Reply(text="x", usage=Usage(), finish=Finish.STOP, resolved="m"),
    )


def taken(number: int, signal: Signal = Signal.ACCEPTED, value: float = 1.0) -> Feedback:
    return Feedback(task_id=str(number), signal=signal, value=value, at=0.0)


def test_the_share_taken_begins_as_usual_and_follows_the_user() -> None:
    eager, weary = Experience(), Experience()
    assert eager.taken == pytest.approx(USUALLY_TAKEN)
    for number in range(100):
        for experience in (eager, weary):
            experience.learn([answer()])
        eager.judge(taken(number))
    assert eager.taken > 0.8
    assert weary.taken < 0.1


def test_one_answer_counts_once_and_a_little_of_it_not_at_all() -> None:
    experience = Experience()
    experience.learn([answer()])
    before = experience.taken
    experience.judge(taken(1, Signal.PARTIAL, 0.3))
    experience.judge(taken(1, Signal.REJECTED, 0.3))
    assert experience.taken == before
    experience.judge(taken(2, Signal.PARTIAL, 0.7))
    once = experience.taken
    experience.judge(taken(2, Signal.ACCEPTED))
    assert before < once == experience.taken


def test_what_the_workspace_answers_is_no_call() -> None:
    experience = Experience()
    experience.learn([answer("local")])
    assert experience.taken == pytest.approx(USUALLY_TAKEN)


def given_up(tokens: int, kind: FailureKind = FailureKind.CANCELLED) -> Attempt:
    price = Price(input=0.0, output=10.0, cache_read=0.0, cache_write=0.0, as_of="")
    model, usage = Model(name="m", provider="vendor", price=price), Usage(output=tokens)
    failure = Failure(kind=kind, message="")
    return replace(answer(), model=model, usage=usage, reply=None, failure=failure)


def test_a_call_made_in_vain_costs_what_those_were_billed_that_were_given_up() -> None:
    experience, model = Experience(), given_up(0).model
    usual = experience.of(model)
    assert usual.wasted == usual.cost == pytest.approx(40 * 10e-6)
    experience.learn([given_up(5_000, FailureKind.OVERLOADED)])
    assert experience.of(model) == usual, "a failure is nobody's impatience"
    for _ in range(50):
        experience.learn([given_up(5_000)])
    seen = experience.of(model)
    assert seen.wasted == pytest.approx(5_000 * 10e-6, rel=0.01)
    assert seen.cost == usual.cost
