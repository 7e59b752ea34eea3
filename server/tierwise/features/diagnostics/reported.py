"""What the commands for reviews and audits found: shown as diagnostics, each with its fix where there is one."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tierwise.core.outcome import Feedback
from tierwise.core.task import Task
from tierwise.edits.found import SEVERITIES, Finding, findings_of, summary_of
from tierwise.features import landing
from tierwise.lsp import Code, RpcError, Session
from tierwise.lsp.positions import write_span
from tierwise.lsp.rpc import as_object

from .opinions import feedback_of
from .shelf import SOURCE, open_store

if TYPE_CHECKING:
    from tierwise.findings.finding import Concern
    from tierwise.findings.store import Store


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

    @property
    def quote(self) -> str:
        """The code that it is about."""
        return self.finding.document.text.slice(self.finding.span)

    @property
    def concern(self) -> "Concern":
        """What it is about, as far as the kind of task tells."""
        from tierwise.findings.finding import Concern

        return Concern.SECURITY if self.kind == "audit" else Concern.BUG

    @property
    def ident(self) -> str:
        """What it is known by when it is dismissed."""
        from tierwise.findings.finding import ident_of

        return ident_of(self.concern, self.quote)


class Reported:
    """Those of the last run of each kind, for one client."""

    def __init__(self) -> None:
        self._kept: list[Kept] = []
        self._store: Store | None = None
        self._gone = Counter[str]()
        """How many findings of a task were dismissed."""

    async def show(self, session: Session, task: Task, text: str) -> tuple[int, str]:
        """Show the findings in place of those that the same kind found before; return how many and the summary.

        Those that were dismissed once stay away.
        """
        found = [Kept(kind=task.kind, finding=finding, task=task) for finding in findings_of(text, task)]
        gone = await asyncio.to_thread(self._noted, found)
        found = [kept for kept in found if kept.ident not in gone]
        before = {kept.finding.document.uri for kept in self._kept if kept.kind == task.kind}
        self._kept = [kept for kept in self._kept if kept.kind != task.kind]
        self._kept += found
        self._publish(session, before | {kept.finding.document.uri for kept in found})
        return len(found), summary_of(text)

    def clear(self, session: Session) -> None:
        """Take all findings away."""
        uris = {kept.finding.document.uri for kept in self._kept}
        self._kept = []
        self._publish(session, uris)

    async def dismiss(self, session: Session, data: dict[str, Any]) -> Feedback:
        """Take a finding away for good, named by the ``data`` of its diagnostic; return what that says of its task."""
        out = [kept for kept in self._kept if kept.ident == data.get("ident")]
        if not out:
            raise RpcError(Code.INVALID_PARAMS, "there is no such finding: give the data of its diagnostic")
        await asyncio.to_thread(self._opened().dismiss, out[0].ident, out[0].concern)
        self._kept = [kept for kept in self._kept if kept not in out]
        self._publish(session, {kept.finding.document.uri for kept in out})
        task = out[0].task.id
        self._gone[task] += 1
        left = len({kept.ident for kept in self._kept if kept.task.id == task})
        return feedback_of(task, left / (left + self._gone[task]))

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

    def _opened(self) -> "Store":
        if self._store is None:
            self._store = open_store()
        return self._store

    def _noted(self, found: list[Kept]) -> frozenset[str]:
        """Count the findings for the report; return what was dismissed before."""
        from tierwise.findings.finding import CONCERNS
        from tierwise.findings.finding import Finding as Plain

        store = self._opened()
        for kept in found:
            said = kept.finding
            plain = Plain(
                concern=kept.concern,
                severity=said.severity,
                title=said.title,
                detail=said.detail,
                span=said.span,
                quote=kept.quote,
            )
            store.keep({kept.ident: [plain]}, CONCERNS, "reported")
        return store.dismissed()

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
        "data": {"ident": kept.ident, "concern": str(kept.concern), "reported": True},
    }
