"""Which part of the document around the span a prompt shows."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from tierwise.core.task import Snippet, Task

BEFORE = 6_000
"""Characters before the span: about 1,700 tokens, where most of what predicts the next lines stands."""
AFTER = 2_000
"""Characters after the span; peers give the suffix a quarter to a third of the prompt."""
CONTEXT = 6_000
"""Characters of context beside the document, all snippets together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The text around a task's span."""

    before: str
    selection: str
    after: str


def window(task: Task) -> Window:
    """Cut the window, at whole lines, so that typing on leaves its start as it was and prompt caches hit."""
    if task.document is None or task.span is None:
        return Window(before="", selection="", after="")
    text = task.document.text
    before = text.before(task.span.start, BEFORE)
    if len(before) == BEFORE:
        before = before[before.find("\n") + 1 :]
    after = text.after(task.span.end, AFTER)
    if len(after) == AFTER and "\n" in after:
        after = after[: after.rfind("\n") + 1]
    return Window(before=before, selection=text.slice(task.span), after=after)


def path(task: Task) -> str:
    """Return the document's path as a reader knows it, without the folders above the workspace where they are known."""
    if task.document is None:
        return ""
    full = unquote(urlsplit(task.document.uri).path)
    root = str(task.facts.get("root", ""))
    return full[len(root) :].lstrip("/") if root and full.startswith(root) else full.rsplit("/", 1)[-1]


def context(task: Task) -> str:
    """Return the snippets within their budget, each under its path; in a fixed order, so that prompt caches hit."""
    best: list[Snippet] = []
    left = CONTEXT
    for snippet in sorted(task.neighbours, key=lambda snippet: (-snippet.score, snippet.path)):
        if len(snippet.text) <= left:
            best.append(snippet)
            left -= len(snippet.text)
    best.sort(key=lambda snippet: (snippet.path, snippet.text))
    return "\n".join(f"# {snippet.path}\n{snippet.text}" for snippet in best)
