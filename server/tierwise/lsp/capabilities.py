"""What the server says of itself in answer to ``initialize``."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from tierwise import __version__

from .session import Session

if TYPE_CHECKING:
    from . import Feature

INCREMENTAL = 2


def initialize_result(features: Sequence["Feature"], session: Session) -> dict[str, Any]:
    """Return the answer: what the protocol's edge does itself, and what every feature adds."""
    capabilities: dict[str, Any] = {
        "positionEncoding": session.encoding.value,
        "textDocumentSync": {"openClose": True, "change": INCREMENTAL, "save": {"includeText": False}},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
    }
    for feature in features:
        merge(capabilities, feature.capabilities(session.client))
    commands = [command for feature in features for command in feature.commands]
    if commands:
        merge(capabilities, {"executeCommandProvider": {"commands": commands}})
    return {"capabilities": capabilities, "serverInfo": {"name": "tierwise", "version": __version__}}


def merge(into: dict[str, Any], new: Mapping[str, Any]) -> None:
    """Add ``new``: objects deeply, lists by what they lack; of a plain yes and an object with details, the object."""
    for name, value in new.items():
        old = into.get(name)
        if isinstance(old, dict) and isinstance(value, dict):
            merge(cast("dict[str, Any]", old), cast("dict[str, Any]", value))
        elif isinstance(old, list) and isinstance(value, list):
            known = cast("list[object]", old)
            into[name] = [*known, *(item for item in cast("list[object]", value) if item not in known)]
        elif not (isinstance(old, dict) and value is True):
            into[name] = value
