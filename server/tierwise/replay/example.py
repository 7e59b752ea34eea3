"""The well-known example: a thousand requests a day, routed by how hard they are, and what that saves at which prices.

600 simple requests, 300 of code generation and 100 complex ones cost $50.00 a day with the frontier model alone, and
$8.60 routed: 83 % less. The figure is arithmetic on prices (1 : 10 : 50 a request), so the same mix stands beside it at
each vendor's list prices.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tierwise.core.model import Price
from tierwise.core.reply import Usage

MIX: Mapping[str, int] = {"fast": 600, "mid": 300, "frontier": 100}
"""Requests a day by the tier that does them well."""

ARTICLE: Mapping[str, float] = {"fast": 0.001, "mid": 0.01, "frontier": 0.05}
"""Dollars a request in the example."""

REQUEST = Usage(input=1_000, output=400)
"""One request where list prices are compared; the example names none, and only the prices' ratio counts."""

LOCAL_SHARE = 0.3
"""Share of the simple requests that the workspace's own predictions are taken to answer for nothing; an assumption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """A day's dollars with the frontier alone and routed."""

    name: str
    alone: float
    routed: float

    @property
    def share(self) -> float:
        """What routing saves, as a share."""
        return 1.0 - self.routed / self.alone


def article() -> Saving:
    """Return the example at its own prices."""
    return _saving("the article's prices", ARTICLE)


def at_list_prices(name: str, prices: Mapping[str, Price], *, local: bool = False) -> Saving:
    """Return the same mix at a vendor's prices for the tiers fast, mid and frontier, all requests of the same length.

    ``local`` lets the workspace's own predictions answer a part of the simple requests.
    """
    return _saving(name, {tier: price.of(REQUEST) for tier, price in prices.items()}, local=local)


def _saving(name: str, costs: Mapping[str, float], *, local: bool = False) -> Saving:
    free = LOCAL_SHARE * MIX["fast"] * costs["fast"] if local else 0.0
    return Saving(
        name=name,
        alone=sum(MIX.values()) * costs["frontier"],
        routed=sum(count * costs[tier] for tier, count in MIX.items()) - free,
    )


def page(vendors: Mapping[str, Mapping[str, Price]], as_of: str) -> Iterator[str]:
    """Yield the example and the same mix at each vendor's list prices, line by line."""
    found = article()
    yield "600 simple, 300 code generation, 100 complex requests a day, no prompt cache:"
    yield _line(found)
    yield f"The same mix at list prices of {as_of}, {REQUEST.input:,} tokens in and {REQUEST.output:,} out each:"
    for name, prices in vendors.items():
        yield _line(at_list_prices(name, prices))
        yield _line(at_list_prices(f"{name}, {LOCAL_SHARE:.0%} of the simple ones local", prices, local=True))
    most = 1 - MIX["frontier"] / sum(MIX.values())
    yield f"With {MIX['frontier']} of {sum(MIX.values()):,} at the frontier, nothing saves more than {most:.0%}."


def _line(saving: Saving) -> str:
    alone, routed = f"${saving.alone:.2f}", f"${saving.routed:.2f}"
    return f"  {saving.name:<44} {alone:>7} -> {routed:>6}   saves {100 * saving.share:.0f} %"
