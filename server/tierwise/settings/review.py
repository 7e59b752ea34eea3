"""Settings of the search for defects that linters do not see."""

from typing import Literal

from pydantic import Field

from .section import Section
from .values import Dollars

Concern = Literal[
    "bug",
    "security",
    "performance",
    "api_misuse",
    "concurrency",
    "error_handling",
    "test_gap",
    "documentation",
]
Shown = Literal["off", "judged", "error", "warning", "information", "hint"]

USUAL: dict[Concern, Shown] = {
    "bug": "judged",
    "security": "judged",
    "performance": "judged",
    "api_misuse": "judged",
    "concurrency": "judged",
    "error_handling": "judged",
    "test_gap": "hint",
    "documentation": "hint",
}


class ReviewSettings(Section):
    """The search for defects in files and whole workspaces. Nothing is asked of a model unless you say so."""

    when: Literal["command", "save", "idle"] = Field(
        default="command",
        description="When code that has changed is looked at: only by the commands `tierwise.scan` and "
        "`tierwise review`, or also whenever you `save` a file, or while you are `idle`. What was found before is "
        "shown in any case, which costs nothing.",
    )
    idle_seconds: int = Field(
        default=60,
        ge=1,
        le=3600,
        description="Seconds without a change, from which on you count as idle. What is not committed and what is open "
        "is then looked at, up to `budget`; the next change ends it.",
    )
    profile: Literal["standard", "audit"] = Field(
        default="standard",
        description="How thoroughly commands look: `standard` for everything, a fast model first; or `audit` for "
        "security holes only, by the strongest tier, with more of the program before it. On save and while you are "
        "idle it is always `standard`.",
    )
    concerns: dict[Concern, Shown] = Field(
        default_factory=dict[Concern, Shown],
        description="What is looked for, and how grave it is shown: as the model judges it (`judged`), always the "
        "same, or `off`. Without it, gaps in tests and wrong documentation are hints, all else is as judged.",
        examples=[{"documentation": "off", "security": "error"}],
    )
    budget: Dollars | None = Field(
        default=0.5,
        description="Dollars that one search may cost; it stops there and says what it did not look at. Limits by day "
        "are `budget.features.diagnostics` and `budget.workspace`.",
    )
    tokens: int | None = Field(default=None, gt=0, description="The same in tokens, for models of unknown price.")
    tokens_day: int | None = Field(
        default=None, gt=0, description="Tokens that all searches of a day may take together, in every workspace."
    )
    tokens_workspace: int | None = Field(
        default=None, gt=0, description="Tokens that the searches of a day may take in one workspace."
    )
    batch: bool = Field(
        default=False,
        description="Whether what `tierwise review` and `tierwise.scan` look at may take a day: it is then asked "
        "through the batch interfaces of Anthropic and OpenAI, at half the price, as far as the models are theirs. On "
        "save and while you are idle it never is.",
    )
    parallel: int = Field(
        default=4, ge=1, le=32, description="Questions under way at once. Requests at the keyboard always go first."
    )

    def shown(self) -> dict[Concern, Shown]:
        """Return how each concern is shown, those that are switched off left out."""
        shown: dict[Concern, Shown] = {**USUAL, **self.concerns}
        return {concern: how for concern, how in shown.items() if how != "off"}
