"""Single values that are checked beyond their type; messages never repeat what might be a secret."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo

from .section import Known, wrong

_KEY_PREFIXES = ("sk-", "sk_", "AIza", "gsk_", "hf_", "xai-", "Bearer ")
_SECRET_HEADERS = ("authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie")
_KEY_FIX = (
    'Put the key into an environment variable and name that here: key_env = "NAME". '
    "An editor may hand over a key of its secret store in the initialization options."
)


def _as_text(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise wrong(f'"{value}" is not a date', "Write year, month and day: 2026-11-23.") from None


def _absolute(value: str) -> str:
    """Return the path with ``~`` expanded; refuses a relative one, which would mean another file in each directory."""
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        raise wrong("there is no such user's home directory", "Write the whole path.") from None
    if not path.is_absolute() or "\0" in value:
        raise wrong(f"{value!r} is not an absolute path", "Write the whole path, or one that begins with ~/.")
    return str(path)


def _in_project(value: str, info: ValidationInfo) -> str:
    """Return an absolute path; a project's own file names one from its root on, and none outside."""
    root = info.context.root if isinstance(info.context, Known) else None
    if root is None:
        return _absolute(value)
    path = Path(value)
    if path.is_absolute() or value.startswith("~") or "\0" in value or not _lies_in(root / path, root):
        raise wrong("a project may only name a file of its own", "Write its path from the project's root on.")
    return str(root / path)


def _lies_in(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a loop of links
        return False


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", value):
        raise wrong("this is not a URL", 'Write it with its scheme and host: "https://api.example.com/v1".')
    if parts.username is not None or parts.password is not None:
        raise wrong("a URL must not hold a user name or password", "Name the key's environment variable in key_env.")
    return value.rstrip("/")


def _variable(value: str) -> str:
    if value.startswith(_KEY_PREFIXES) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise wrong(
            "this is not the name of an environment variable (is it the key itself?)",
            'Write the name of the variable that holds the key: key_env = "ANTHROPIC_API_KEY".',
        )
    return value


def _from_secret_store(value: SecretStr, info: ValidationInfo) -> SecretStr:
    if isinstance(info.context, Known) and not info.context.may_hold_secrets:
        raise wrong("a key must not stand in a file or in the editor's settings", _KEY_FIX)
    return value


def _header(value: str) -> str:
    if re.search(r"[\r\n\0]", value):
        raise wrong("a header's value is one line", "Remove the line breaks.")
    return value


def _header_name(value: str, info: ValidationInfo) -> str:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", value):
        raise wrong("this is not the name of a header", 'Write a name such as "X-Team".')
    if isinstance(info.context, Known) and not info.context.may_hold_secrets and value.lower() in _SECRET_HEADERS:
        raise wrong("a header that holds a key must not stand in a file or in the editor's settings", _KEY_FIX)
    return value


def _provider_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", value):
        raise wrong("this is not a provider's name", "Use letters, digits, dots, dashes and underscores, 64 at most.")
    return value


AbsolutePath = Annotated[str, AfterValidator(_absolute)]
"""A path with its ``~`` expanded."""

PathInProject = Annotated[str, AfterValidator(_in_project)]
"""The same, which in a project's own file is relative to its root and stays inside."""

Day = Annotated[str, AfterValidator(_day), BeforeValidator(_as_text)]
"""A date, written as one or as a string, kept as ISO 8601."""

Dollars = Annotated[float, Field(ge=0)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
HeaderValue = Annotated[str, AfterValidator(_header)]
ProviderName = Annotated[str, AfterValidator(_provider_name)]
Secret = Annotated[SecretStr, AfterValidator(_from_secret_store)]
Url = Annotated[str, AfterValidator(_url)]
VariableName = Annotated[str, AfterValidator(_variable)]
