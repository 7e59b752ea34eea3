"""Settings of what is suggested at the cursor, as ghost text and in the completion list."""

from typing import Literal

from pydantic import Field

from .section import Section


class SuggestionSettings(Section):
    """Code suggested at the cursor while you type. What you ask for by hand is not held back by any of these."""

    in_comments: bool = Field(default=True, description="Whether something is suggested inside comments.")
    in_strings: bool = Field(default=True, description="Whether something is suggested inside strings.")
    calls_per_burst: int = Field(
        default=6,
        ge=1,
        le=60,
        description="Calls to a model that are made in 60 keys typed without a pause; further ones only where you have "
        "all but surely stopped.",
    )
    candidates: int = Field(
        default=3, ge=1, le=5, description="Suggestions to choose from where you ask for them by hand."
    )
    ahead: Literal["never", "free", "always"] = Field(
        default="free",
        description="Whether the suggestion after the one that is shown is asked for beforehand: only from models that "
        "cost nothing (`free`), or from all, which about doubles the cost of suggestions (`always`).",
    )
