"""What pydantic found wrong, in a user's words."""

from dataclasses import dataclass
from typing import Any, get_args

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from .model import Settings
from .problems import Route
from .section import WRONG, Section, suggestion

_EXPECTED = {
    "bool_type": "true or false",
    "dict_type": "a table",
    "finite_number": "a finite number",
    "float_type": "a number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a table",
    "string_type": "a string",
    "tuple_type": "a list",
}
_SHOWN = 40
"""Characters of a wrong value that are repeated."""

_KEY = "[key]"
"""How pydantic ends the route of an error that is about the key itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One error: where it is, what is wrong, what to do; ``about_key`` where the name is wrong and not its value."""

    route: Route
    message: str
    fix: str
    about_key: bool = False


def complaint(error: ErrorDetails, value: object) -> Complaint:
    """Put one error into words; ``value`` is what stands at its route.

    What stands under ``providers`` is never repeated: it may be a key in the wrong place.
    """
    route, kind, context = error["loc"], error["type"], error.get("ctx", {})
    if kind == WRONG:
        about_key = route[-1:] == (_KEY,)
        message, fix = str(context["message"]), str(context["fix"])
        return Complaint(route=route[:-1] if about_key else route, message=message, fix=fix, about_key=about_key)
    if kind == "extra_forbidden":
        return _unknown(route)
    if kind == "literal_error":
        words = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        return Complaint(route=route, message="there is no such choice", fix=suggestion(str(value), words))
    return Complaint(route=route, message=_message(error, value), fix=_purpose(route))


def _unknown(route: Route) -> Complaint:
    written, section = str(route[-1]), _section(route[:-1])
    if section and _field(section, written):
        message, fix = f'"{written}" is written twice', "Keep one of the two spellings."
    else:
        names = [name for name, field in section.model_fields.items() if field.repr] if section else []
        message, fix = f'there is no setting "{written}"', suggestion(written, names)
    return Complaint(route=route, message=message, fix=fix, about_key=True)


def _message(error: ErrorDetails, value: object) -> str:
    kind = error["type"]
    if kind == "missing":
        return f'"{error["loc"][-1]}" is missing'
    if kind == "too_short":
        return "the list is empty"
    if kind in _EXPECTED:
        return f"this must be {_EXPECTED[kind]}, not {_described(value, secret=error['loc'][0] == 'providers')}"
    return error["msg"].replace("Input should", "this must").replace("String should", "this must")


def _described(value: object, *, secret: bool) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return "a number" if secret else f"the number {value}"
        case str():
            return "a string" if secret or len(value) > _SHOWN else f'the string "{value}"'
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time" if hasattr(value, "isoformat") else "this"


def _purpose(route: Route) -> str:
    """Say what the innermost setting on the route is for."""
    for length in range(len(route), 0, -1):
        section = _section(route[: length - 1])
        field = _field(section, str(route[length - 1])) if section else None
        if field and field.description:
            return field.description
    return "Correct it or remove it."


def _field(section: type[Section], written: str) -> FieldInfo | None:
    by_alias = {field.alias: field for field in section.model_fields.values()}
    return section.model_fields.get(written) or by_alias.get(written)


def _section(route: Route) -> type[Section] | None:
    """Follow the route through the model; a step into a table or list of sections leads to the section itself."""
    here: Any = Settings
    for step in route:
        if _is_section(here):
            field = _field(here, str(step))
            here = field.annotation if field else None
        else:
            here = next((part for part in reversed(get_args(here)) if _is_section(part)), None)
    return here if _is_section(here) else None


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)
