"""The catalogue knows models by many names, says when it does not know a price, and the user has the last word."""

from datetime import date

import pytest

from tierwise.core.model import Model, Price, Skills
from tierwise.core.reply import Usage
from tierwise.providers.catalogue import Catalogue

CATALOGUE = Catalogue.load()


@pytest.mark.parametrize(
    ("vendor", "said", "meant"),
    [
        ("anthropic", "haiku", "claude-haiku-5-5"),
        ("anthropic", "Sonnet", "claude-sonnet-5-5"),
        ("anthropic", "opus", "claude-opus-5-5"),
        ("openai", "GPT-4o mini", "gpt-4o-mini"),
        ("openai", "gpt-4o", "gpt-4o"),
        ("openai", "o3", "o3"),
        ("gemini", "Flash", "gemini-3.8-flash"),
        ("gemini", "pro", "gemini-3.1-pro-preview"),
        ("gemini", "gemini ultra", "gemini-4-argon"),
        ("mistral", "codestral", "codestral-latest"),
    ],
)
def test_a_classic_name_means_a_current_model(vendor: str, said: str, meant: str) -> None:
    assert CATALOGUE.find(vendor, "openai" if vendor == "mistral" else vendor, said).name == meant


@pytest.mark.parametrize(
    ("vendor", "dated", "listed"),
    [
        ("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("anthropic", "claude-haiku-4-5@20251001", "claude-haiku-4-5"),
        ("openai", "gpt-4o-2024-11-20", "gpt-4o"),
        ("openai", "gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("gemini", "models/gemini-2.5-flash", "gemini-2.5-flash"),
        ("gemini", "gemini-2.5-flash-preview-05-2025", "gemini-2.5-flash"),
    ],
)
def test_a_dated_issue_keeps_its_name_and_has_the_facts_of_its_model(vendor: str, dated: str, listed: str) -> None:
    issue, model = (CATALOGUE.find(vendor, vendor, name) for name in (dated, listed))
    assert issue.name == dated
    assert (issue.price, issue.window, issue.skills) == (model.price, model.window, model.skills)
    assert issue.price is not None


def test_an_unknown_model_works_and_its_price_is_unknown() -> None:
    model = CATALOGUE.find("anthropic", "anthropic", "claude-nonesuch-9")
    assert (model.name, model.price) == ("claude-nonesuch-9", None)
    assert not model.skills.temperature, "what the interface takes nowhere, it does not take here"


def test_a_gateway_may_ask_another_price_for_the_same_model() -> None:
    model = CATALOGUE.find("openrouter", "openai", "anthropic/claude-haiku-5-5")
    assert (model.name, model.price) == ("anthropic/claude-haiku-5-5", None)
    assert model.window == 1_000_000


def test_openais_own_models_keep_their_price_behind_another_name() -> None:
    assert (
        CATALOGUE.find("work", "openai", "gpt-4o-mini").price == CATALOGUE.find("openai", "openai", "gpt-4o-mini").price
    )


@pytest.mark.parametrize("name", ["qwen2.5-coder:1.5b", "llama3.2:latest", "deepseek-coder:latest", "codestral:latest"])
def test_a_model_on_ones_own_machine_costs_nothing(name: str) -> None:
    price = CATALOGUE.find("ollama", "openai", name).price
    assert price is not None
    assert price.of(Usage(input=10**6, output=10**6)) == 0.0


def test_ollama_fills_holes_by_suffix_because_it_applies_the_template_itself() -> None:
    assert CATALOGUE.find("ollama", "openai", "qwen2.5-coder:1.5b").skills.fim == "suffix"
    assert CATALOGUE.find("ollama", "openai", "llama3.2").skills.fim is None


@pytest.mark.parametrize("vendor", ["anthropic", "openai", "gemini"])
def test_each_vendor_has_a_priced_model_for_each_tier_from_cheap_to_dear(vendor: str) -> None:
    defaults = CATALOGUE.defaults(vendor)
    models = [CATALOGUE.find(vendor, vendor, defaults[tier]) for tier in ("fast", "mid", "frontier")]
    prices = [model.price.output for model in models if model.price]
    assert len(prices) == 3
    assert prices == sorted(prices)


def test_a_vendor_that_is_not_listed_has_no_defaults() -> None:
    assert CATALOGUE.defaults("nonesuch") == {}


def test_the_users_models_win() -> None:
    price = Price(input=1, output=2, cache_read=3, cache_write=4, as_of="2026-01-01")
    mine = Model(name="gpt-4o", provider="openai", price=price, window=5, skills=Skills(temperature=False))
    catalogue = Catalogue.load([mine])
    assert catalogue.find("openai", "openai", "gpt-4o") == mine
    assert catalogue.find("openai", "openai", "gpt-4o-2024-11-20").price == price
    assert catalogue.find("openai", "openai", "gpt-4o-mini").price != price
    assert Catalogue.load().find("openai", "openai", "gpt-4o").price != price, "the shipped one is untouched"


def test_a_long_prompt_costs_what_the_vendor_asks_for_long_ones() -> None:
    price = CATALOGUE.find("anthropic", "anthropic", "haiku").price
    assert price is not None
    assert price.of(Usage(input=100_000, output=1000)) == pytest.approx(0.1 * 0.1 + 0.5 / 1000)
    assert price.of(Usage(input=50_000, cache_read=50_001, output=1000)) == pytest.approx(
        (50_000 * 0.5 + 50_001 * 0.05 + 1000 * 2.5) / 10**6
    )


def test_every_entry_is_whole() -> None:
    date.fromisoformat(CATALOGUE.as_of)
    assert CATALOGUE.source
    for vendor in CATALOGUE.vendors.values():
        for name in vendor.models:
            model = CATALOGUE.find(vendor.name, "openai", name)
            assert model.price is not None
            assert model.price.as_of == CATALOGUE.as_of
            assert 0 < model.max_output <= model.window
            assert model.price.cache_read <= model.price.input <= model.price.output
        for target in (*vendor.aliases.values(), *vendor.defaults.values()):
            assert target in vendor.models, f"{vendor.name} has no {target}"


def test_the_file_is_read_once() -> None:
    assert Catalogue.load().vendors is Catalogue.load().vendors
