"""Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tierwise import __version__

from .finding import CONCERNS
from .known import Placed
from .survey import path_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "information": "note", "hint": "note"}


def log_of(placed: Iterable[Placed], root: Path) -> dict[str, Any]:
    """Return one run; paths are relative to the root, columns count code points from 1."""
    rules = [{"id": str(concern), "name": str(concern), "helpUri": _HELP} for concern in CONCERNS]
    driver = {"name": "Tierwise", "version": __version__, "informationUri": _HELP, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"uri": root.as_uri() + "/"}},
        "results": [_result(each, root) for each in placed],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


_HELP = "https://github.com/tierwise/tierwise#readme"


def _result(placed: Placed, root: Path) -> dict[str, Any]:
    finding, start, end = placed.finding, placed.span.start, placed.span.end
    region = {
        "startLine": start.line + 1,
        "startColumn": start.column + 1,
        "endLine": end.line + 1,
        "endColumn": end.column + 1,
    }
    location = _location(placed.uri, root)
    result: dict[str, Any] = {
        "ruleId": str(finding.concern),
        "ruleIndex": CONCERNS.index(finding.concern),
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding.title}\n{finding.detail}".strip()},
        "locations": [{"physicalLocation": {"artifactLocation": location, "region": region}}],
        "partialFingerprints": {"tierwise/v1": _fingerprint(placed, location)},
    }
    if finding.cwe:
        result["properties"] = {"tags": [f"external/cwe/cwe-{finding.cwe:03d}"]}
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": place.message},
                "physicalLocation": {
                    "artifactLocation": _location(place.uri, root),
                    "region": {"startLine": place.line + 1},
                },
            }
            for number, place in enumerate(finding.related)
        ]
    return result


def _location(uri: str, root: Path) -> dict[str, str]:
    path = path_of(uri)
    if not path.is_relative_to(root):
        return {"uri": uri}
    from urllib.parse import quote

    return {"uri": quote(path.relative_to(root).as_posix()), "uriBaseId": "ROOT"}


def _fingerprint(placed: Placed, location: dict[str, str]) -> str:
    """Return what stays the same when the code moves within its file."""
    return hashlib.sha256(f"{location['uri']}\0{placed.unit.name}\0{placed.finding.ident}".encode()).hexdigest()[:32]
