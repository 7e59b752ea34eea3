"""Saying what a search will cost before it begins, and asking at a terminal where that is above the limit."""

import asyncio
import sys
from typing import TYPE_CHECKING

from tierwise.core.money import dollars

if TYPE_CHECKING:
    from tierwise.findings.plan import Estimate


def cost_of(told: "Estimate") -> str:
    """Return what an estimate says, as the end of a sentence."""
    cost = "an unknown amount" if told.dollars is None else f"about {dollars(told.dollars)}"
    return f"about {told.calls} calls, {told.tokens} tokens and {cost}"


async def given(told: "Estimate", limit: float | None) -> bool:
    """Whether the user is fine with it: asked where it is above the limit (dollars, None is none) or unknown.

    Nobody is there to be asked where the input is no terminal; the budget then ends the search.
    """
    is_cheap = limit is None or (told.dollars is not None and told.dollars <= limit)
    if is_cheap or not told.calls or not sys.stdin.isatty():
        return True
    print(f"This takes {cost_of(told)}. Go on? [y/N] ", end="", file=sys.stderr, flush=True)
    answer = await asyncio.to_thread(sys.stdin.readline)
    return answer.strip().lower() in {"y", "yes"}
