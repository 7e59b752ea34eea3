"""Settings that stand in environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from .paths import CONFIG, DATA_DIR
from .problems import Problem, Route, Source
from .section import closest
from .validation import Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One environment variable and the setting it stands for; ``listed`` values are separated by commas."""

    name: str
    key: str
    listed: bool = False


VARIABLES = (
    Variable(name="TIERWISE_FAST", key="tiers.fast.models", listed=True),
    Variable(name="TIERWISE_MID", key="tiers.mid.models", listed=True),
    Variable(name="TIERWISE_FRONTIER", key="tiers.frontier.models", listed=True),
    Variable(name="TIERWISE_LEDGER", key="ledger.path"),
    Variable(name="TIERWISE_LOG_FILE", key="log.file"),
    Variable(name="TIERWISE_LOG_LEVEL", key="log.level"),
)
"""The strongest of all sources: for one run, a container, a test."""

VENDORS = (
    Variable(name="ANTHROPIC_BASE_URL", key="providers.anthropic.base_url"),
    Variable(name="OPENAI_BASE_URL", key="providers.openai.base_url"),
    Variable(name="GEMINI_BASE_URL", key="providers.gemini.base_url"),
)
"""The variables by which vendors' SDKs are sent elsewhere; weaker than anything written for Tierwise itself."""

_PREFIX = "TIERWISE_"
_ALSO_OURS = (CONFIG, DATA_DIR)


def environment_layer(env: Mapping[str, str], variables: tuple[Variable, ...] = VARIABLES) -> Layer:
    """Return what the variables set; an empty one counts as not set."""
    written: dict[str, object] = {}
    names: dict[Route, str] = {}
    for variable in variables:
        value = env.get(variable.name, "").strip()
        if value:
            route = variable.key.split(".")
            listed = [item.strip() for item in value.split(",") if item.strip()]
            _put(written, route, listed if variable.listed else value)
            names[tuple(route)] = variable.name
    return Layer(source=Source.ENVIRONMENT, written=written, names=names)


def misspelled(env: Mapping[str, str]) -> list[Problem]:
    """Report variables that look like ours and are not."""
    ours = {_word(name): name for name in (*(variable.name for variable in VARIABLES), *_ALSO_OURS)}
    found: list[Problem] = []
    for name in env:
        strange = name.startswith(_PREFIX) and name not in ours.values()
        meant = closest(_word(name), ours) if strange else None
        if meant:
            message, fix = "there is no such variable", f"Did you mean {ours[meant]}?"
            found.append(Problem(source=Source.ENVIRONMENT, key=name, message=message, fix=fix))
    return found


def _word(name: str) -> str:
    """Return what is peculiar to the variable: with the prefix all of them would look alike."""
    return name.removeprefix(_PREFIX).lower()


def _put(table: dict[str, object], route: list[str], value: object) -> None:
    for step in route[:-1]:
        table = cast("dict[str, object]", table.setdefault(step, {}))
    table[route[-1]] = value
