"""How thoroughly a scan looks: who looks first, who confirms, and what for."""

from collections.abc import Collection
from dataclasses import dataclass

from .finding import CONCERNS, Concern


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """``first`` and ``second`` are kinds of task; without a second one the first look's word is final.

    Profiles that look for the same in the same way share their ``mark``, by which the store tells apart what was found.
    """

    name: str
    first: str
    second: str
    concerns: tuple[Concern, ...] = CONCERNS
    mark: str = ""

    def of(self, concerns: Collection[Concern]) -> tuple[Concern, ...]:
        """Return which of these concerns it looks for."""
        return tuple(concern for concern in self.concerns if concern in concerns)


STANDARD = Profile(name="standard", first="triage_unit", second="confirm_finding")
"""A cheap first look at everything; a stronger model confirms."""

SINGLE = Profile(name="single", first="triage_unit", second="")
"""One look that nobody confirms: what evaluations compare with."""
