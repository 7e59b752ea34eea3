"""The cheap facts of a task that policies decide by; never a scan of its text."""

from tierwise.core.task import Fact, Task, TaskKind


def facts(task: Task, kind: TaskKind) -> dict[str, Fact]:
    """Return the facts by name: what a decision records as its signals and what rules may speak of."""
    return {
        "kind": task.kind,
        "belongs": kind.belongs,
        "feature": task.feature,
        "language": task.language,
        "files": len(task.files) + (task.document is not None),
        "lines": task.document.text.line_count if task.document else 0,
        "diagnostics": len(task.diagnostics),
        "output": kind.output if task.expected_output is None else task.expected_output,
        **task.facts,
    }
