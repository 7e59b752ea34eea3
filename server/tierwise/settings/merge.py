"""Sources laid over one another."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

Table = Mapping[str, Any]

_PINS = ("tier", "model")


def merged(under: Table, over: Table) -> Table:
    """Return ``under`` with all that ``over`` sets: tables are merged, rules joined, everything else is replaced."""
    result = {**under, **_laid_over(under, over)}
    if "rules" in over:
        result["rules"] = _joined(under.get("rules", ()), over["rules"])
    return result


def _laid_over(under: Table, over: Table) -> Table:
    result = dict(under)
    if any(pin in over for pin in _PINS):
        # Whoever pins a tier does not want the model that someone else pinned before, and the other way round.
        result = {key: value for key, value in result.items() if key not in _PINS}
    for key, value in over.items():
        below = result.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            result[key] = _laid_over(cast("Table", below), cast("Table", value))
        else:
            result[key] = value
    return result


def _joined(under: Sequence[Table], over: Sequence[Table]) -> tuple[Table, ...]:
    """Put new rules before the old ones, and one that has an old one's name in its place."""
    latest = {rule["name"]: rule for rule in over}
    names = {rule["name"] for rule in under}
    new = [rule for name, rule in latest.items() if name not in names]
    return (*new, *(latest.get(rule["name"], rule) for rule in under))
