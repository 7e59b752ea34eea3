"""What all tables of settings have in common: how they are read and how a wrong name is refused."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo
from pydantic.alias_generators import to_camel, to_snake
from pydantic_core import PydanticCustomError

TIERS = ("local", "fast", "mid", "frontier")
"""The tiers that exist without being written anywhere, from cheap to dear; discovery fills them."""

WRONG = "tierwise"
"""The error type of our own complaints, which carry ``message`` and ``fix`` in their context."""


class Section(BaseModel):
    """A table of settings: strict types, no unknown keys, snake_case or camelCase."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        allow_inf_nan=False,
        protected_namespaces=(),
        hide_input_in_errors=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names that exist while one source is read; ``kinds`` empty means that any task kind passes.

    ``may_hold_secrets`` is true only for what an editor hands over from its secret store. ``root`` is the project whose
    own file is read, None for every other source.
    """

    providers: tuple[str, ...]
    tiers: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    may_hold_secrets: bool = False
    root: Path | None = None


class _Check(Protocol):
    def __call__(self, value: str, known: Known) -> str: ...


def wrong(message: str, fix: str) -> PydanticCustomError:
    """Build the error that reaches the user as this message and this fix."""
    return PydanticCustomError(WRONG, "{message}", {"message": message, "fix": fix})


def closest(written: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name that was probably meant."""
    near = get_close_matches(to_snake(written), list(allowed), n=1, cutoff=0.6)
    return near[0] if near else None


def suggestion(written: str, allowed: Iterable[str]) -> str:
    """Say what may stand in place of a name that does not exist."""
    names = list(allowed)
    meant = closest(written, names)
    listed = ", ".join(f'"{name}"' for name in names) or "nothing"
    return f'Did you mean "{meant}"? Known here: {listed}.' if meant else f"Known here: {listed}."


def one_of(value: str, allowed: tuple[str, ...], noun: str) -> str:
    """Return the allowed name that ``value`` spells, in snake_case or camelCase."""
    if value in allowed:
        return value
    if to_snake(value) in allowed:
        return to_snake(value)
    raise wrong(f'there is no {noun} "{value}"', suggestion(value, allowed))


def _with_known(check: _Check) -> Callable[[str, ValidationInfo], str]:
    """Run a check where the known names were given; settings built in code are taken as they are."""

    def validate(value: str, info: ValidationInfo) -> str:
        return check(value, info.context) if isinstance(info.context, Known) else value

    return validate


def _tier(value: str, known: Known) -> str:
    return one_of(value, known.tiers, "tier")


def _own_tier(value: str, known: Known) -> str:
    if value in known.tiers:
        return value
    fix = f'Give it models = ["provider/model"], or use one of the built-in tiers: {", ".join(TIERS)}.'
    raise wrong(f'the tier "{value}" has no models', fix)


def _kind(value: str, known: Known) -> str:
    return one_of(value, known.kinds, "task kind") if known.kinds else value


def _ref(value: str, known: Known) -> str:
    provider, slash, model = value.partition("/")
    if not slash or not model:
        listed = ", ".join(known.providers)
        raise wrong(f'"{value}" is not a model reference', f'Write "provider/model"; the providers are: {listed}.')
    if provider not in known.providers:
        fix = suggestion(provider, known.providers) + f" To add it, write a table [providers.{provider}]."
        raise wrong(f'there is no provider "{provider}"', fix)
    return value


TierName = Annotated[str, AfterValidator(_with_known(_tier))]
"""A tier that has models or is built in."""

OwnTierName = Annotated[str, AfterValidator(_with_known(_own_tier))]
"""A tier as the key of its own table."""

KindName = Annotated[str, AfterValidator(_with_known(_kind))]
"""A task kind."""

ModelRef = Annotated[str, AfterValidator(_with_known(_ref))]
"""A model as ``provider/model``; the model's part may hold further slashes."""
