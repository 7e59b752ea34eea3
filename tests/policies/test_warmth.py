"""What vendors' caches change about ladders that were laid without them."""

from dataclasses import replace

import pytest

from policies.test_caches import Clock
from policies.test_learned import KIND, task
from tierwise.core.decision import Decision, Role, Rung
from tierwise.core.model import Model, Price, Skills, Tier
from tierwise.core.reply import Usage
from tierwise.policies.caches import Caches
from tierwise.policies.warmth import Bar, weighed

CHEAP = Price(input=1.0, output=5.0, cache_read=0.1, cache_write=1.25, as_of="2026-11-23")
DEAR = Price(input=3.0, output=15.0, cache_read=0.3, cache_write=3.75, as_of="2026-11-23")
SMALL, FIRST, SECOND = (
    Model(name=name, provider="p", price=price, skills=Skills(cache=True))
    for name, price in (("small", CHEAP), ("first", DEAR), ("second", DEAR))
)
TIERS = {"fast": Tier(name="fast", models=(SMALL,)), "mid": Tier(name="mid", models=(FIRST, SECOND))}
ASKED = replace(task(), expected_output=200)


def free(_model: Model, _tier: str) -> str:
    return ""


def warm(model: Model, tokens: int, clock: Clock | None = None) -> Caches:
    caches = Caches(clock or Clock())
    caches.note(model, ASKED, KIND, Usage(input=100, cache_write=tokens))
    return caches


def after(caches: Caches, *names: str, bar: Bar | None = free, models: tuple[Model, ...] = ()) -> Decision:
    ladder = tuple(Rung(tier=name, accept_at=0.8, models=models) for name in names)
    decision = Decision(policy="rules", ladder=ladder, reason="A rule.")
    return weighed(decision, ASKED, KIND, TIERS, caches, bar)


def tiers(decision: Decision) -> list[str]:
    return [rung.tier for rung in decision.ladder]


def test_with_cold_caches_nothing_changes() -> None:
    assert tiers(after(Caches(Clock()), "fast", "mid")) == ["fast", "mid"]
    clock = Clock()
    caches = warm(SECOND, 20_000, clock)
    clock.now += SECOND.skills.cache_for
    decision = after(caches, "fast", "mid")
    assert (tiers(decision), decision.ladder[1].models, decision.reason) == (["fast", "mid"], (), "A rule.")


def test_the_model_that_holds_the_prompt_goes_before_the_tier_s_first() -> None:
    decision = after(warm(SECOND, 20_000), "mid")
    assert decision.ladder[0].models == (SECOND, FIRST)
    assert decision.ladder[0].accept_at == 0.8
    spared = "p/second has 20,000 tokens of this in its cache, so it goes before p/first: $0.0090 instead of $0.0630."
    assert decision.reason == f"A rule. {spared}"


def test_models_are_not_switched_for_little() -> None:
    assert after(warm(SECOND, 300), "mid").ladder[0].models == (), "less than a tenth of a cent"
    little = warm(SECOND, 20_000)
    little.note(FIRST, ASKED, KIND, Usage(cache_read=19_800))
    assert after(little, "mid").ladder[0].models == ()


def test_a_rung_that_costs_more_than_the_warm_one_above_it_is_left_out() -> None:
    decision = after(warm(FIRST, 20_000), "fast", "mid")
    assert tiers(decision) == ["mid"]
    assert decision.reason.endswith("so fast is left out: $0.0090 instead of $0.0210.")
    assert tiers(after(warm(FIRST, 300), "fast", "mid")) == ["fast", "mid"], "it is still the dearer call"
    assert tiers(after(warm(FIRST, 3_000), "fast", "mid")) == ["fast", "mid"], "a tenth of a cent is not reached"
    both = warm(FIRST, 20_000)
    both.note(SMALL, ASKED, KIND, Usage(cache_read=20_000))
    assert tiers(after(both, "fast", "mid")) == ["fast", "mid"]


def test_what_a_vendor_does_not_hold_counts_at_its_own_price() -> None:
    """The cache spares little of a prompt that is mostly new, and that part is dear at the better model."""
    caches, new = warm(FIRST, 20_000), replace(ASKED, material={"map": "x" * 36_000})
    decision = Decision(policy="rules", ladder=(Rung(tier="fast"), Rung(tier="mid")), reason="A rule.")
    assert weighed(decision, new, KIND, TIERS, caches, free) is decision


def test_no_rung_is_left_out_for_a_model_that_cannot_be_asked_or_by_a_policy_that_plans_with_caches() -> None:
    caches = warm(FIRST, 20_000)
    assert tiers(after(caches, "fast", "mid", bar=lambda model, tier: f"{model.name} of {tier} is down")) == [
        "fast",
        "mid",
    ]
    assert tiers(after(caches, "fast", "mid", bar=None)) == ["fast", "mid"]


def test_the_two_work_together_and_the_rung_that_asks_how_hard_it_is_stays() -> None:
    rungs = (Rung(tier="fast", role=Role.TRIAGE), Rung(tier="fast"), Rung(tier="mid"))
    laid = Decision(policy="cascade", ladder=rungs, reason=".")
    decision = weighed(laid, ASKED, KIND, TIERS, warm(SECOND, 20_000), free)
    assert [(rung.tier, rung.role) for rung in decision.ladder] == [("fast", Role.TRIAGE), ("mid", Role.ANSWER)]
    assert decision.ladder[1].models == (SECOND, FIRST)


def test_a_pinned_model_stays_pinned() -> None:
    assert after(warm(SECOND, 20_000), "mid", models=(FIRST,)).ladder[0].models == (FIRST,)


def test_what_is_written_at_the_cursor_keeps_its_order() -> None:
    decision = Decision(policy="rules", ladder=(Rung(tier="mid"),), reason="A rule.")
    assert weighed(decision, ASKED, replace(KIND, form="insertion"), TIERS, warm(SECOND, 20_000), free) is decision


@pytest.mark.parametrize("unpriced", [FIRST, SECOND])
def test_a_model_without_a_price_is_never_called_cheaper_or_dearer(unpriced: Model) -> None:
    models = tuple(replace(each, price=None) if each is unpriced else each for each in (FIRST, SECOND))
    assert after(warm(SECOND, 20_000), "mid", models=models).ladder[0].models == models
