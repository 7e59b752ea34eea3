"""Clients written for another completion server: how they are told, and what their protocol calls our things.

Their methods are translated by ``features/dialects``; here is what the edge itself needs to know of them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, cast

from .rpc import as_object


class Dialect(StrEnum):
    """What a client speaks beside the protocol itself."""

    PLAIN = "plain"
    COPILOT = "copilot"
    TABBY = "tabby"


def detect(params: Mapping[str, Any]) -> Dialect:
    """Return the dialect that the params of ``initialize`` speak."""
    options = as_object(params.get("initializationOptions"))
    if isinstance(options.get("editorPluginInfo"), dict):
        return Dialect.COPILOT
    info = as_object(options.get("clientInfo"))
    if "tabbyPlugin" in info or "tabby" in as_object(options.get("clientCapabilities")):
        return Dialect.TABBY
    return Dialect.PLAIN


def capabilities(params: Mapping[str, Any], dialect: Dialect) -> Mapping[str, Any]:
    """Return what the client can do, also what it says elsewhere than the protocol has it.

    Copilot's clients ask for ghost text without saying that they can show it; Tabby's say so in the options.
    """
    said = as_object(params.get("capabilities"))
    if dialect is Dialect.COPILOT:
        return _joined(said, {"textDocument": {"inlineCompletion": {}}})
    if dialect is Dialect.TABBY:
        return _joined(
            said, _declared(as_object(as_object(params.get("initializationOptions")).get("clientCapabilities")))
        )
    return said


def _declared(said: dict[str, Any]) -> dict[str, Any]:
    """Return Tabby's capabilities with ``true`` and ``false`` in the protocol's form: an object, or nothing."""
    documents: dict[str, Any] = {}
    for name, value in as_object(said.get("textDocument")).items():
        if value is not False:
            documents[name] = dict[str, Any]() if value is True else value
    return {**said, "textDocument": documents}


def _joined(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    joined = dict(first)
    for name, value in second.items():
        old: Any = joined.get(name)
        both = isinstance(old, dict) and isinstance(value, dict)
        joined[name] = _joined(as_object(cast("object", old)), as_object(cast("object", value))) if both else value
    return joined
