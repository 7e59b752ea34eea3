"""The reply is the text of a documentation comment; the language decides how it is written into the file."""

import re

from tierwise.core.edit import Candidate
from tierwise.core.task import Task

from . import MalformedError
from .insertion import replacing

_LINE_COMMENTS = {"go": "// ", "rust": "/// ", "csharp": "/// ", "ruby": "# ", "shellscript": "# ", "lua": "--- "}


_QUOTED = re.compile(r"^[ \t]*(?P<quotes>\"\"\"|''')(?P<text>.*?)(?P=quotes)[ \t]*$", re.MULTILINE | re.DOTALL)
"""A whole documentation as Python writes it; what a model says around it is said to the user."""

_MARKS = ("///", "//", "---", "#")
"""Comment marks that a whole documentation may come with, the longer before the shorter."""


class Docstring:
    """Writes the text at the task's span, which stands at the start of a line, with the indentation given as a fact."""

    def read(self, text: str, task: Task) -> Candidate:
        """Return the candidate; raises ``MalformedError`` where nothing but markers is left."""
        body = _bare(text)
        if not body:
            raise MalformedError("the reply holds no documentation")
        if task.document is None or task.span is None:
            raise MalformedError("there is no definition to document")
        indent = str(task.facts.get("indent", ""))
        written = "".join(f"{(indent + line).rstrip()}\n" for line in _marked(body, task.language))
        return Candidate(text=written, edits=(replacing(written, task),))


def _bare(text: str) -> list[str]:
    """Take away quotes and comment markers that the model wrote although it should not."""
    text = text.strip()
    if quoted := _QUOTED.search(text):
        text = quoted["text"]
    if text.startswith("/*") and text.endswith("*/"):
        text = "\n".join(
            line.strip().removeprefix("*").removeprefix(" ") for line in text[2:-2].strip("*").splitlines()
        )
    lines = [line.rstrip() for line in text.strip().splitlines()]
    mark = next((mark for mark in _MARKS if lines and all(line.lstrip().startswith(mark) for line in lines)), "")
    if mark:
        lines = [line.lstrip()[len(mark) :].removeprefix(" ") for line in lines]
    margin = min((len(line) - len(line.lstrip()) for line in lines[1:] if line), default=0)
    return [lines[0], *(line[margin:] for line in lines[1:])] if lines else []


def _marked(body: list[str], language: str) -> list[str]:
    if language == "python":
        escaped = [line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') for line in body]
        if len(escaped) == 1:
            return [f'"""{escaped[0]}"""']
        return [f'"""{escaped[0]}', *escaped[1:], '"""']
    if language in _LINE_COMMENTS:
        return [_LINE_COMMENTS[language] + line for line in body]
    if len(body) == 1:
        return [f"/** {body[0]} */"]
    return ["/**", *(f" * {line}" for line in body), " */"]


FORM = Docstring()
