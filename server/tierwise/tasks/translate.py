"""The same code in another language, in a file beside it.

Example: `tierwise run translate shop/prices.py -i "into Go" --apply` writes `shop/prices.go`.
"""

from dataclasses import replace
from pathlib import Path

from tierwise.core.task import Task, TaskKind
from tierwise.core.uri import path_in
from tierwise.workspace import targets

from . import BUDGET, Ground, NotHereError, template
from .material import characters

KIND = TaskKind(
    name="translate",
    title="Translate to another language",
    belongs="mid",
    form="new_file",
    template=template("translate"),
    output=800,
    max_output=8_000,
    deadline=120.0,
    trims=("fences",),
    checks=("not_empty", "parses", "complete"),
    wants_instruction=True,
)

_ENDINGS = {
    "python": ".py", "typescript": ".ts", "javascript": ".js", "go": ".go", "rust": ".rs", "java": ".java",
    "c": ".c", "c++": ".cpp", "cpp": ".cpp", "c#": ".cs", "csharp": ".cs", "kotlin": ".kt", "swift": ".swift",
    "ruby": ".rb", "php": ".php", "lua": ".lua", "bash": ".sh", "shell": ".sh", "sql": ".sql",
}  # fmt: skip


async def prepare(task: Task, ground: Ground) -> Task:
    """Take the selection or the file; the instruction names the language, as a word of its own."""
    if task.document is None or task.span is None or ground.root is None:
        raise NotHereError("Open a file of a workspace folder to translate it.")
    words = task.instruction.lower().replace(",", " ").replace(".", " ").split()
    language = next((word for word in words if word in _ENDINGS), "")
    if not language:
        raise NotHereError(f"Say into which language: {', '.join(sorted(_ENDINGS))}.")
    span = targets.whole_file(task.document) if task.span.is_empty else targets.whole_lines(task.document, task.span)
    code = task.document.text.slice(span)
    if len(code) > characters(BUDGET["mid"] // 2):
        raise NotHereError("The file is too long to be translated at once: select a part of it.")
    target = _free(Path(path_in(task.document.uri)).with_suffix(_ENDINGS[language]))
    facts = {**task.facts, "target": language, "new_file": str(target)}
    return replace(task, span=span, facts=facts, material={"code": code})


def _free(path: Path) -> Path:
    """Return the path, with a number where it is taken."""
    number, wanted = 2, path
    while path.exists():
        path = wanted.with_stem(f"{wanted.stem}_{number}")
        number += 1
    return path
