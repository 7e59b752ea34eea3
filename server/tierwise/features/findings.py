"""What reviews and audits found: shown as diagnostics, each with its fix where there is one."""

from dataclasses import dataclass
from typing import Any

from tierwise.core.task import Task
from tierwise.edits.found import SEVERITIES, Finding, findings_of, summary_of
from tierwise.lsp import Session
from tierwise.lsp.positions import write_span
from tierwise.lsp.rpc import as_object

from . import landing

SOURCE = "tierwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A finding that is shown, and the task that it came of."""

    kind: str
    finding: Finding
    task: Task

    @property
    def message(self) -> str:
        """What the diagnostic says."""
        return f"{self.finding.title}\n{self.finding.detail}".strip()


class Findings:
    """Those of the last run of each kind, for one client."""

    def __init__(self) -> None:
        self._kept: list[Kept] = []

    def show(self, session: Session, task: Task, text: str) -> tuple[int, str]:
        """Show the findings in place of those that the same kind found before; return how many and the summary."""
        before = {kept.finding.document.uri for kept in self._kept if kept.kind == task.kind}
        self._kept = [kept for kept in self._kept if kept.kind != task.kind]
        found = [Kept(kind=task.kind, finding=finding, task=task) for finding in findings_of(text, task)]
        self._kept += found
        self._publish(session, before | {kept.finding.document.uri for kept in found})
        return len(found), summary_of(text)

    def clear(self, session: Session) -> None:
        """Take all findings away."""
        uris = {kept.finding.document.uri for kept in self._kept}
        self._kept = []
        self._publish(session, uris)

    def fixes(self, session: Session, uri: str, diagnostics: list[Any]) -> list[dict[str, Any]]:
        """Return the actions that fix these diagnostics, where they are ours and their code is as it was."""
        actions: list[dict[str, Any]] = []
        for diagnostic in diagnostics:
            said = as_object(diagnostic)
            if said.get("source") != SOURCE:
                continue
            for kept in self._kept:
                if kept.finding.document.uri != uri or kept.message != said.get("message") or not kept.finding.fix:
                    continue
                try:
                    landed = landing.prepare(session, kept.finding.fix, kept.task, kept.finding.title)
                except landing.UnlandableError:
                    continue  # the code has changed: there is nothing to offer any more
                title = f"Fix: {kept.finding.title}"
                actions.append(
                    {"title": title, "kind": "quickfix", "diagnostics": [diagnostic], "edit": landed.written}
                )
        return actions

    def _publish(self, session: Session, uris: set[str]) -> None:
        for uri in sorted(uris):
            own = [kept for kept in self._kept if kept.finding.document.uri == uri]
            diagnostics = [_diagnostic(kept, session) for kept in own]
            session.notify("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": diagnostics})


def _diagnostic(kept: Kept, session: Session) -> dict[str, Any]:
    finding = kept.finding
    return {
        "range": write_span(finding.span, finding.document.text, session.encoding),
        "severity": SEVERITIES.index(finding.severity) + 1,
        "source": SOURCE,
        "code": kept.kind,
        "message": kept.message,
    }
