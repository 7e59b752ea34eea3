"""The reply is a JSON object that answers a question."""

import json
import re
from typing import Any, cast

from tierwise.core.edit import Candidate
from tierwise.core.task import Task

from . import MalformedError

_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)\n?\s*```", re.DOTALL)


class JsonReply:
    """Reads one object, out of a fence or the prose around it where there is any; the candidate is the bare object."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return a candidate without edits; raises ``MalformedError``."""
        return Candidate(text=json.dumps(parsed(text), ensure_ascii=False, indent=2))


def parsed(text: str) -> dict[str, Any]:
    """Return the object that the text holds; raises ``MalformedError``."""
    fenced = _FENCED.search(text)
    body = (fenced[1] if fenced else text).strip()
    start = body.find("{")
    if start < 0:
        raise MalformedError("the reply must be one JSON object")
    try:
        value, end = json.JSONDecoder().raw_decode(body, start)
    except json.JSONDecodeError as error:
        raise MalformedError(
            f"the JSON ends or breaks at line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except RecursionError:
        raise MalformedError("the JSON is nested too deeply") from None
    if "{" in body[end:]:
        raise MalformedError("the reply must be one JSON object, not several")
    return cast("dict[str, Any]", value)


FORM = JsonReply()
