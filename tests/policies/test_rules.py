"""The mission's rules, as data."""

from typing import Any

import pytest

from drawing import at_cursor
from tierwise import tasks
from tierwise.core.model import Model, Tier
from tierwise.policies.rules import Rule, Rules


def model(name: str) -> Model:
    return Model(name=name, provider="test", price=None)


TIERS = {name: Tier(name=name, models=(model(name),)) for name in ("fast", "mid", "frontier")}
MISSION = Rules(
    [
        Rule(
            name="frontier kinds",
            ladder=("frontier",),
            reason="{kind} is frontier work.",
            any_of={"belongs": ("frontier",)},
            over={},
            under={},
        ),
        Rule(name="many files", ladder=("frontier",), reason="{files} files.", any_of={}, over={"files": 5}, under={}),
        Rule(
            name="fast kinds",
            ladder=("fast",),
            reason="{kind} is fast work.",
            any_of={"belongs": ("fast",)},
            over={},
            under={},
        ),
        Rule(
            name="short", ladder=("fast",), reason="About {output} tokens.", any_of={}, over={}, under={"output": 200}
        ),
        Rule(name="rest", ladder=("mid",), reason="Everything else.", any_of={}, over={}, under={}),
    ]
)


def decide(kind: str, **fields: Any):
    return MISSION.decide(at_cursor("x‸", kind=kind, **fields), tasks.load(kind), TIERS)


@pytest.mark.parametrize(
    ("kind", "fields", "tier", "rule"),
    [
        ("autocomplete", {}, "fast", "fast kinds"),
        ("fix", {}, "mid", "rest"),
        ("fix", {"expected_output": 50}, "fast", "short"),
        ("fix", {"facts": {"files": 6}}, "frontier", "many files"),
        ("autocomplete", {"facts": {"files": 6}}, "frontier", "many files"),
    ],
)
def test_the_first_rule_that_holds_decides(kind: str, fields: dict[str, object], tier: str, rule: str) -> None:
    decision = decide(kind, **fields)
    assert decision is not None
    assert [rung.tier for rung in decision.ladder] == [tier]
    assert decision.signals["rule"] == rule


def test_exactly_five_files_are_not_more_than_five() -> None:
    decision = decide("fix", facts={"files": 5})
    assert decision is not None
    assert decision.ladder[0].tier == "mid"


def test_the_reason_is_a_sentence_with_the_facts_in_it() -> None:
    decision = decide("fix", expected_output=50)
    assert decision is not None
    assert decision.reason == "About 50 tokens."


def test_a_tier_without_models_is_replaced_by_the_next_dearer_one_and_the_reason_says_so() -> None:
    tiers = {**TIERS, "mid": Tier(name="mid", models=())}
    decision = MISSION.decide(at_cursor("x‸", kind="fix"), tasks.load("fix"), tiers)
    assert decision is not None
    assert decision.ladder[0].tier == "frontier"
    assert "mid has no models, so frontier answers" in decision.reason


def test_with_only_a_cheap_tier_the_cheap_tier_answers() -> None:
    decision = MISSION.decide(at_cursor("x‸", kind="fix"), tasks.load("fix"), {"fast": TIERS["fast"]})
    assert decision is not None
    assert decision.ladder[0].tier == "fast"


def test_the_workspace_s_own_predictions_never_stand_in_for_a_model() -> None:
    tiers = {"local": Tier(name="local", models=(model("local"),)), "mid": Tier(name="mid", models=())}
    assert MISSION.decide(at_cursor("x‸", kind="fix"), tasks.load("fix"), tiers) is None


def test_without_any_rule_that_holds_the_next_policy_is_asked() -> None:
    assert Rules([]).decide(at_cursor("x‸"), tasks.load("autocomplete"), TIERS) is None


def test_after_a_rejection_the_ladder_goes_on_as_it_was() -> None:
    from tierwise.core.decision import Role
    from tierwise.core.outcome import Attempt
    from tierwise.core.reply import Usage

    attempt = Attempt(
        role=Role.ANSWER, tier="fast", model=model("fast"), started=0, first_token=None, seconds=0, usage=Usage()
    )
    assert MISSION.decide(at_cursor("x‸"), tasks.load("autocomplete"), TIERS, (attempt,)) is None
