"""What the user pinned wins."""

from drawing import at_cursor
from tierwise import tasks
from tierwise.core.model import Model, Tier
from tierwise.core.options import Options, Overrides
from tierwise.policies.override import Override

FAST = Model(name="small", provider="a", price=None)
MID = Model(name="large", provider="a", price=None)
TIERS = {"fast": Tier(name="fast", models=(FAST,)), "mid": Tier(name="mid", models=(MID,))}


def decide(overrides: Overrides):
    models = {FAST.ref: FAST, MID.ref: MID}
    return Override(overrides, models.get).decide(at_cursor("x‸"), tasks.load("autocomplete"), TIERS)


def test_a_feature_s_tier_is_used() -> None:
    decision = decide(Overrides(features={"inline_completion": Options(tier="mid")}))
    assert decision is not None
    assert decision.ladder[0].tier == "mid"
    assert decision.reason == "You set features.inline_completion to the mid tier."


def test_a_kind_s_model_beats_a_feature_s_tier() -> None:
    decision = decide(
        Overrides(features={"inline_completion": Options(tier="mid")}, tasks={"autocomplete": Options(model="a/small")})
    )
    assert decision is not None
    assert decision.ladder[0].models == (FAST,)
    assert "tasks.autocomplete to a/small" in decision.reason


def test_a_kind_s_tier_beats_a_feature_s_model() -> None:
    decision = decide(
        Overrides(features={"inline_completion": Options(model="a/small")}, tasks={"autocomplete": Options(tier="mid")})
    )
    assert decision is not None
    assert decision.ladder[0].tier == "mid"
    assert decision.ladder[0].models == ()


def test_nothing_pinned_leaves_it_to_the_next_policy() -> None:
    assert decide(Overrides()) is None
    assert decide(Overrides(features={"hover": Options(tier="mid")})) is None


def test_a_model_whose_provider_is_not_configured_leaves_it_to_the_next_policy() -> None:
    assert decide(Overrides(features={"inline_completion": Options(model="nowhere/x")})) is None
