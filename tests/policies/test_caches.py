"""What vendors hold of earlier prompts, what that saves, and how it enters a decision."""

from dataclasses import dataclass, replace

import pytest

from policies.test_learned import KIND, TIERS, learned_world, task
from tierwise.core.document import Document
from tierwise.core.model import Model, Price, Skills, Tier
from tierwise.core.reply import Usage
from tierwise.core.task import Task
from tierwise.core.text import Text
from tierwise.policies.caches import REMEMBERED, Caches
from tierwise.policies.learned import Learned
from tierwise.policies.learning.stance import Stance

PRICE = Price(input=2.0, output=10.0, cache_read=0.2, cache_write=2.5, as_of="2026-11-23")
MARKED = Model(name="marked", provider="p", price=PRICE, skills=Skills(cache=True, cache_from=512))
AUTOMATIC = Model(name="automatic", provider="p", price=PRICE)


@dataclass(slots=True)
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def about(name: str) -> Task:
    return replace(task(), document=Document(uri=f"file:///{name}", version=1, language="python", text=Text.of("")))


def test_what_a_vendor_counted_is_held_for_its_time_and_saves_the_difference() -> None:
    clock = Clock()
    caches = Caches(clock)
    caches.note(MARKED, task(), KIND, Usage(input=100, output=10, cache_write=10_000))
    assert caches.held(MARKED, task(), KIND) == 10_000
    assert caches.savings([MARKED, AUTOMATIC], task(), KIND) == (pytest.approx(10_000 * 1.8e-6), 0.0)
    clock.now += MARKED.skills.cache_for
    assert caches.held(MARKED, task(), KIND) == 0
    assert caches.savings([MARKED], task(), KIND) == (pytest.approx(-10_000 * 0.5e-6),), "it must be written again"


def test_a_vendor_that_caches_unasked_asks_nothing_more_where_it_has_forgotten() -> None:
    clock = Clock()
    caches = Caches(clock)
    caches.note(AUTOMATIC, task(), KIND, Usage(input=100, cache_read=4_000))
    clock.now += 1_000
    assert caches.savings([AUTOMATIC], task(), KIND) == ()


def test_a_bill_without_cached_tokens_forgets_and_an_estimate_of_ours_does_not() -> None:
    caches = Caches(Clock())
    caches.note(AUTOMATIC, task(), KIND, Usage(input=100, cache_read=4_000))
    caches.note(AUTOMATIC, task(), KIND, Usage(input=4_100, estimated=True))
    assert caches.held(AUTOMATIC, task(), KIND) == 4_000
    caches.note(AUTOMATIC, task(), KIND, Usage(input=4_100))
    assert caches.held(AUTOMATIC, task(), KIND) == 0


def test_another_document_is_another_beginning_where_the_vendor_caches_unasked() -> None:
    caches = Caches(Clock())
    for model in (MARKED, AUTOMATIC):
        caches.note(model, about("a.py"), KIND, Usage(cache_read=4_000))
    assert caches.held(AUTOMATIC, about("b.py"), KIND) == 0
    assert caches.held(MARKED, about("b.py"), KIND) == 4_000
    assert caches.held(MARKED, about("b.py"), replace(KIND, name="other")) == 0


def test_a_call_is_expected_to_read_what_is_held_and_to_write_what_is_not() -> None:
    caches = Caches(Clock())
    plain = Usage(input=5_000, output=100)
    cold = caches.expected(MARKED, task(), KIND, plain, 3_000)
    assert (cold.input, cold.cache_read, cold.cache_write, cold.output) == (2_000, 0, 3_000, 100)
    assert caches.expected(MARKED, task(), KIND, plain, 511) == plain, "too short to be cached"
    assert caches.expected(AUTOMATIC, task(), KIND, plain, 3_000) == plain
    caches.note(MARKED, task(), KIND, Usage(cache_write=3_000))
    warm = caches.expected(MARKED, task(), KIND, plain, 3_000)
    assert (warm.input, warm.cache_read, warm.cache_write) == (2_000, 3_000, 0)
    assert PRICE.of(warm) == pytest.approx((2_000 * 2.0 + 3_000 * 0.2 + 100 * 10.0) / 1e6)


def test_a_warm_cache_changes_who_is_asked_and_the_reason_says_so() -> None:
    """The middle model, made far cheaper by its cache, begins where otherwise the fast one would."""
    price = Price(input=20.0, output=1.0, cache_read=0.0, cache_write=20.0, as_of="2026-11-23")
    tiers = {name: Tier(name=name, models=(replace(tier.models[0], price=price),)) for name, tier in TIERS.items()}
    caches = Caches(Clock())
    learner = Learned(learned_world(), Stance(verifier=(0.1, 0.1), eager=True, worth=2.0), caches=caches)
    cold = learner.decide(task(), KIND, tiers)
    assert cold is not None
    assert cold.ladder[0].tier == "fast"
    assert "Cache" not in cold.reason
    caches.note(tiers["mid"].models[0], task(), KIND, Usage(input=100, cache_read=9_500))
    warm = learner.decide(task(), KIND, tiers)
    assert warm is not None
    assert warm.ladder[0].tier == "mid"
    assert "Cache warm at mid: $0.0" in warm.reason
    assert " instead of $0.2" in warm.reason
    prospects = {each.tier: each.cost for each in learner.prospects(task(), KIND, tiers)}
    assert prospects["mid"] < 0.1


def test_of_more_beginnings_than_anyone_needs_the_last_are_remembered() -> None:
    caches = Caches(Clock())
    for number in range(REMEMBERED + 1):
        caches.note(AUTOMATIC, about(f"{number}.py"), KIND, Usage(cache_read=4_000))
        caches.note(AUTOMATIC, about("1.py"), KIND, Usage(cache_read=4_000))
    held = [caches.held(AUTOMATIC, about(f"{number}.py"), KIND) for number in (0, 1, 2, REMEMBERED)]
    assert held == [0, 4_000, 4_000, 4_000]
