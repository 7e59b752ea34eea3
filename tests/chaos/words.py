"""What vendors say in a storm: whatever is asked, the answer tells which document in which version it is about."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tierwise.rehearsal import Cue
from workbench import block

END = "  # and done"
"""What every line of an answer ends with: one that was cut off does not."""
BODY = "    return a\n"
"""What an edit replaces."""

_FILE = re.compile(r'(?:File:? |<file path="|file at hand: )f(\d+)\.py')
_MARK = re.compile(r"\bf(\d+)x(\d+)\b")
_LINE = re.compile(rf"whole_(\d+x\d+) = a \+ \d+{END}")


def mark(number: int, version: int) -> str:
    """Return the name that stands in one version of one document, and nowhere else."""
    return f"f{number}x{version}"


def about(prompt: str) -> str:
    """Return which document in which version a prompt is about: the one at hand, else the first that it names."""
    found = _FILE.search(prompt)
    marks = [match for match in _MARK.finditer(prompt) if found is None or match[1] == found[1]]
    return f"{marks[0][1]}x{marks[0][2]}" if marks else "0x0"


def line_for(cue: Cue, call: int) -> str:
    """Return the line of the answer to a request that is the so-manieth."""
    return f"whole_{about(cue.prompt)} = a + {call}{END}"


def said(cue: Cue, line: str) -> str:
    """Return the whole answer with this line in it, in the form that is asked for."""
    prompt = cue.prompt
    if "You judge the answer" in prompt:
        return json.dumps({"score": 1.0, "reason": line})
    if "You sort texts" in prompt:
        return json.dumps({"class": "bug report", "confidence": 0.9, "reason": line})
    if "You edit a file" in prompt:
        return block(BODY, f"    {line}\n{BODY}", f"f{about(prompt).partition('x')[0]}.py")
    if "You review changes" in prompt:
        return json.dumps({"summary": line, "findings": []})
    if "The parts to look at" in prompt:
        suspect = {"line": 2, "quote": BODY.strip(), "concern": "bug", "severity": "warning"}
        return json.dumps({"suspects": [{**suspect, "title": line, "why": "It is."}]})
    if "The suspects:" in prompt:
        verdict = {"suspect": 1, "real": True, "line": 2, "quote": BODY.strip(), "concern": "bug", "severity": "error"}
        rest = {"detail": "Because.", "cwe": None, "tag": "none", "related": []}
        return json.dumps({"verdicts": [{**verdict, **rest, "title": line}]})
    return line


def flaw(text: str, wanted: str) -> str:
    """Return the text where any of its lines is not a whole line about what was asked, else an empty string."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    whole = (match[1] == wanted if (match := _LINE.fullmatch(line)) else False for line in lines)
    return "" if lines and all(whole) else f"asked {wanted}: {text[:300]}"


def new_texts(edit: Mapping[str, Any]) -> str:
    """Return what a workspace edit writes, without the code that it leaves."""
    changes = [change for document in edit.get("documentChanges", ()) for change in document.get("edits", ())]
    changes += [change for listed in edit.get("changes", {}).values() for change in listed]
    return "\n".join(change["newText"] for change in changes).replace(BODY.strip(), "").replace('"""', "")
