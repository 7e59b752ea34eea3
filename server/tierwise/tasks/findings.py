"""What kinds that look for problems answer: a list of findings with places and fixes."""

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}

SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "summary": _TEXT,
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "path": _TEXT,
                    "code": _TEXT,
                    "severity": {"type": "string", "enum": ["error", "warning", "information", "hint"]},
                    "title": _TEXT,
                    "detail": _TEXT,
                    "replacement": {"type": ["string", "null"]},
                },
                "required": ["path", "code", "severity", "title", "detail", "replacement"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["summary", "findings"],
    "additionalProperties": False,
}
"""``code`` quotes the lines it is about, which places the finding; ``replacement`` is what should stand there."""
