"""What settings say to the rest of the house."""

import pytest

from tierwise.core.model import Price, Skills
from tierwise.core.options import Options
from tierwise.settings.model import Settings
from tierwise.settings.pool import PriceSettings, SkillSettings
from tierwise.settings.routing import FACTS, RULES, RuleSettings

CATALOGUE = Price(
    input=2.0,
    output=10.0,
    cache_read=0.2,
    cache_write=2.5,
    as_of="2026-11-23",
    up_to=1000,
    beyond=Price(input=4.0, output=20.0, cache_read=0.4, cache_write=5.0, as_of="2026-11-23"),
)


def test_a_price_that_says_nothing_leaves_the_catalogues_as_it_is():
    assert PriceSettings().over(CATALOGUE) == CATALOGUE
    assert PriceSettings().over(None) is None


def test_half_a_price_is_no_price():
    assert PriceSettings(input=1.0).over(None) is None
    assert PriceSettings(output=1.0, cache_read=0.0).over(None) is None


def test_a_price_of_ones_own_needs_no_catalogue_and_caches_cost_what_input_costs():
    assert PriceSettings(input=0.0, output=0.5, as_of="2026-01-02").over(None) == Price(
        input=0.0, output=0.5, cache_read=0.0, cache_write=0.0, as_of="2026-01-02"
    )


def test_a_new_input_price_does_not_keep_the_old_ones_caches_steps_or_date():
    assert PriceSettings(input=3.0).over(CATALOGUE) == Price(
        input=3.0, output=10.0, cache_read=3.0, cache_write=3.0, as_of=""
    )


def test_a_new_output_price_keeps_what_caches_cost():
    assert PriceSettings(output=9.0).over(CATALOGUE) == Price(
        input=2.0, output=9.0, cache_read=0.2, cache_write=2.5, as_of=""
    )


def test_a_new_cache_price_keeps_everything_else():
    corrected = PriceSettings(cache_read=0.1).over(CATALOGUE)
    assert corrected is not None
    assert (corrected.cache_read, corrected.input, corrected.beyond) == (0.1, 2.0, CATALOGUE.beyond)


def test_skills_correct_the_catalogues_one_by_one():
    known = Skills(fim="starcoder", temperature=True, json=True, effort="low")
    assert SkillSettings().over(known) == known
    corrected = SkillSettings(fim="", structured=False, api="responses", reserve=10).over(known)
    assert corrected == Skills(fim=None, temperature=True, json=False, effort="low", api="responses", reserve=10)


def test_every_skill_of_a_model_can_be_set():
    renamed = {"structured": "json"}
    names = {renamed.get(name, name) for name in SkillSettings.model_fields}
    assert names == set(Skills.__dataclass_fields__)


def test_switched_off_anywhere_is_off_and_nothing_else_is_decided():
    settings = Settings.model_validate(
        {"features": {"hover": {"enabled": False}}, "tasks": {"fix": {"tier": "mid", "maxOutputTokens": 9}}}
    )
    overrides = settings.overrides()
    assert overrides.features["hover"] == Options(enabled=False)
    assert overrides.features["completion"] == Options()
    assert overrides.tasks == {"fix": Options(tier="mid", max_output=9)}


def test_the_built_in_rules_are_the_missions_in_its_order_with_the_free_tier_before_the_fast_one():
    read = [(dict(rule.when.any_of()), dict(rule.when.over()), dict(rule.when.under()), rule.rungs()) for rule in RULES]
    assert read == [
        ({"belongs": ("frontier",)}, {}, {}, ("frontier",)),
        ({}, {"files": 5}, {}, ("frontier",)),
        ({"kind": ("autocomplete",)}, {}, {}, ("local", "fast")),
        ({"belongs": ("local",)}, {}, {}, ("local",)),
        ({"belongs": ("fast",)}, {}, {}, ("fast",)),
        ({}, {}, {"output": 200}, ("fast",)),
        ({}, {}, {}, ("mid",)),
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_built_in_reason_can_be_said(rule: RuleSettings):
    said = rule.sentence().format(**dict.fromkeys(FACTS, "7"))
    assert "{" not in said
    assert said.endswith(".")


def test_a_rule_without_a_reason_says_its_name_whatever_that_holds():
    rule = RuleSettings(name="a {kind} of {", tier="fast")
    assert rule.sentence().format() == 'Your rule "a {kind} of {" says so.'
