"""Which ladders the cascade lays."""

from dataclasses import replace

import pytest

from drawing import over
from tierwise import tasks
from tierwise.core.decision import Decision, Role
from tierwise.core.model import Model, Tier
from tierwise.core.task import Task, TaskKind
from tierwise.policies.cascade import Cascade, Stance
from tierwise.policies.rules import Rule, Rules

FIX = tasks.load("fix")
TASK = over("├x┤\n")


def stock(*names: str) -> dict[str, Tier]:
    return {name: Tier(name=name, models=(Model(name=name, provider="p", price=None),)) for name in names}


TIERS = stock("local", "fast", "mid", "frontier")


def rules(*ladder: str) -> Rules:
    return Rules([Rule(name="r", ladder=ladder, reason="So it is.", any_of={}, over={}, under={})])


def ladder(decision: Decision | None) -> list[str]:
    assert decision is not None
    return [rung.tier for rung in decision.ladder]


def decide(
    home: str = "mid", stance: Stance | None = None, provable: bool = False, task: Task = TASK, kind: TaskKind = FIX
):
    return Cascade(rules(home), stance, lambda _task, _kind: provable).decide(task, kind, TIERS)


def test_it_climbs_from_the_tier_the_rules_name() -> None:
    assert ladder(decide("fast")) == ["fast", "mid", "frontier"]
    assert ladder(decide("mid")) == ["mid", "frontier"]


def test_where_something_hard_can_judge_cheaper_tiers_go_first() -> None:
    assert ladder(decide("mid", provable=True)) == ["fast", "mid", "frontier"]
    assert ladder(decide("frontier", provable=True)) == ["fast", "mid", "frontier"]


def test_the_dial_moves_where_it_begins_and_where_it_ends() -> None:
    assert ladder(decide("mid", Stance(dial=0.0))) == ["fast", "mid"]
    assert ladder(decide("mid", Stance(dial=1.0), provable=True)) == ["mid", "frontier"]


def test_thresholds_go_by_kind_and_tier() -> None:
    stance = Stance(accept_at=0.8, thresholds={"fix": {"mid": 0.9}, "docstring": {"*": 0.5}})
    decision = decide("mid", stance)
    assert decision is not None
    assert [rung.accept_at for rung in decision.ladder] == [0.9, 0.8]
    assert stance.threshold("docstring", "fast") == 0.5


def test_a_kind_that_only_weak_checks_look_at_is_not_its_business() -> None:
    weak = replace(FIX, checks=("not_empty", "changes_something"))
    assert decide(kind=weak) is None


def test_a_part_of_a_plan_climbs_like_what_the_user_asked_for() -> None:
    assert ladder(decide("mid", kind=replace(FIX, inward=True))) == ["mid", "frontier"]


def test_a_ladder_somebody_wrote_is_left_alone() -> None:
    assert Cascade(rules("fast", "frontier")).decide(TASK, FIX, TIERS) is None


def test_from_the_dearest_tier_there_is_nowhere_to_climb() -> None:
    assert decide("frontier") is None


@pytest.mark.parametrize(("seconds", "rungs"), [(100.0, 3), (25.0, 2), (12.0, None), (1.0, None)])
def test_an_interactive_task_has_no_more_rungs_than_its_time_allows(seconds: float, rungs: int | None) -> None:
    """A fix of 400 tokens takes about 2 + 400 / 50 = 10 seconds."""
    decision = decide("fast", Stance(deadline=lambda _task, _kind: seconds), task=replace(TASK, expected_output=400))
    assert (len(decision.ladder) if decision else None) == rungs


def test_triage_is_asked_only_about_the_user_s_own_words() -> None:
    free = replace(TASK, facts={"free_form": True})
    decision = decide("mid", task=free)
    assert decision is not None
    assert decision.ladder[0].role is Role.TRIAGE
    assert decision.ladder[0].tier == "fast"
    assert decide("frontier", task=free) is None
    quiet = decide("mid", Stance(triage=False), task=free)
    assert quiet is not None
    assert quiet.ladder[0].role is Role.ANSWER


def test_it_says_what_it_does_in_a_sentence() -> None:
    decision = decide("mid", provable=True)
    assert decision is not None
    assert decision.reason == (
        "So it is. The answer can be checked, so cheaper tiers try first: fast > mid > frontier."
    )
