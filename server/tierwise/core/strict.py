"""Read a reply that must be JSON and nothing else."""

import json
import re
from typing import Any, cast

_FENCED = re.compile(r"\A\s*```(?:json)?[ \t]*\n(?P<inside>.*?)\n?```\s*\Z", re.DOTALL)

LONGEST = 10_000
"""Characters; the answers asked for in JSON have a few dozen."""


def json_object(text: str) -> dict[str, Any] | None:
    """Return the one object that the reply is, bare or in one code fence; None for anything else, prose included."""
    fenced = _FENCED.match(text)
    inside = fenced["inside"] if fenced else text
    if len(inside) > LONGEST:
        return None
    try:
        value: object = json.loads(inside)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def number_in(value: object, low: float, high: float) -> float | None:
    """Return the value where it is a number within the bounds; a bool is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if low <= value <= high else None
