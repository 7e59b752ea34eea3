"""How thoroughly a scan looks: who looks first, who confirms, and what for."""

from collections.abc import Collection
from dataclasses import dataclass

from .finding import CONCERNS, Concern


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """``first`` and ``second`` are kinds of task; without a second one the first look's word is final. A ``deep`` one
    shows already the first of them the whole file and the definitions it uses.

    By ``mark`` the store tells apart what was looked at how: code that one profile knows is new to another.
    """

    name: str
    first: str
    second: str
    concerns: tuple[Concern, ...] = CONCERNS
    mark: str = ""
    deep: bool = False

    def of(self, concerns: Collection[Concern]) -> tuple[Concern, ...]:
        """Return which of these concerns it looks for, in its order."""
        return tuple(concern for concern in self.concerns if concern in concerns)


STANDARD = Profile(name="standard", first="triage_unit", second="confirm_finding")
"""A cheap first look at everything; a stronger model confirms."""

SINGLE = Profile(name="single", first="triage_unit", second="")
"""One look that nobody confirms: what evaluations compare with."""

AUDIT = Profile(
    name="audit",
    first="audit_unit",
    second="confirm_audit",
    concerns=(Concern.SECURITY,),
    mark="audit",
    deep=True,
)
"""Holes only, looked for and confirmed by the strongest tier."""

PROFILES = {profile.name: profile for profile in (STANDARD, AUDIT)}
"""What users can choose, by name."""

MARKS = tuple(dict.fromkeys(profile.mark for profile in PROFILES.values()))
