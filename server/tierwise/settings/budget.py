"""Settings of how much may be spent."""

from pydantic import Field

from .routing import FeatureName
from .section import Section
from .values import Dollars


class BudgetSettings(Section):
    """Limits in dollars. Near a limit dear tiers are left out; at the limit only what costs nothing answers."""

    request: Dollars | None = Field(
        default=None,
        description="For one request with all its calls: what each next one would add, by our estimate, must fit in.",
    )
    day: Dollars | None = Field(default=None, description="For a day, from midnight to midnight.", examples=[2.0])
    month: Dollars | None = Field(default=None, description="For a calendar month.", examples=[30.0])
    workspace: Dollars | None = Field(default=None, description="For one workspace on one day.")
    features: dict[FeatureName, Dollars] = Field(
        default_factory=dict, description="For one feature on one day.", examples=[{"inline_completion": 0.5}]
    )
    soft: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="Share of a limit from which on the dearest tier is left out; half-way from there to the limit, "
        "all but the cheapest one are.",
    )
    pace: float | None = Field(
        default=None,
        gt=0,
        le=24,
        description="Hours over which a day's limit is to last, from the day's first request. Whoever is ahead of that "
        "does without the dearest tier for a while.",
        examples=[8.0],
    )
    ask_above: Dollars | None = Field(
        default=0.5,
        description="Estimate above which a command or an action asks before it begins. `null` in an editor: never.",
    )
    hedging: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Share of the requests at the keyboard for which a second model may be asked, where the first one "
        "is slower than 95 of 100 of its own answers. 0 switches that off.",
    )
    keep_warm: bool = Field(
        default=True,
        description="Whether a vendor's prompt cache is kept warm over a pause by one small call, where your own "
        "pauses so far say that this saves more than it costs.",
    )
    shadow: float = Field(
        default=0.0,
        ge=0,
        le=0.02,
        description="Share of `day` or `month` that may go into shadow runs: after some tasks whose answers types, "
        "tests or a build have judged, a cheaper tier is asked the same in the background, and what the same checks "
        "say of it teaches the routing. Nobody sees its answer. 0, or no such limit, switches that off; 0.02 is the "
        "most.",
        examples=[0.02],
    )
