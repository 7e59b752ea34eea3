"""The mission's arithmetic."""

import pytest

from tierwise.core.model import Price
from tierwise.replay.example import article, at_list_prices, page


def prices(*outputs: float) -> dict[str, Price]:
    tiers = ("fast", "mid", "frontier")
    return {
        tier: Price(input=output / 5, output=output, cache_read=0, cache_write=0, as_of="2026-11-23")
        for tier, output in zip(tiers, outputs, strict=True)
    }


def test_the_article_s_mix_costs_50_dollars_alone_8_60_routed_and_saves_83_percent() -> None:
    found = article()
    assert found.alone == pytest.approx(50.00)
    assert found.routed == pytest.approx(8.60)
    assert f"{found.share:.0%}" == "83%"


@pytest.mark.parametrize(
    ("outputs", "share"), [((1.25, 15.0, 75.0), "83.0%"), ((5.0, 15.0, 25.0), "60.0%"), ((0.5, 10.0, 20.0), "73.5%")]
)
def test_the_same_mix_at_list_prices_depends_on_their_ratio(outputs: tuple[float, ...], share: str) -> None:
    """Claude 3, Claude 4.5 and Claude 5.5."""
    assert f"{at_list_prices('x', prices(*outputs)).share:.1%}" == share


def test_local_answers_cost_nothing() -> None:
    plain, local = at_list_prices("x", prices(1, 10, 50)), at_list_prices("x", prices(1, 10, 50), local=True)
    assert local.alone == plain.alone
    assert local.routed < plain.routed


def test_the_page_names_its_prices_and_their_date() -> None:
    text = "\n".join(page({"vendor": prices(1, 10, 50)}, "2026-11-23"))
    assert "$50.00 ->  $8.60   saves 83 %" in text
    assert "2026-11-23" in text
    assert "local" in text
