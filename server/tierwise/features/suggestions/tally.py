"""Counts of a server's suggestions, for measurements."""

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """How requests were served."""

    requests: int = 0
    remembered: int = 0
    silent: int = 0
    joined: int = 0
    asked: int = 0
