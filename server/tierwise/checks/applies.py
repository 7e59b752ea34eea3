"""The edits fit the files they are for, and touch nothing that was not asked about."""

from itertools import pairwise

from tierwise.core.edit import CreateFile, DeleteFile, RenameFile, TextEdit
from tierwise.core.outcome import Place, Verdict

from . import Trial, passed


class Applies:
    """Fails where an edit speaks of a version, a file or a place that there is not, or two edits overlap."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a hard verdict."""
        versions = {document.uri: document.version for document in trial.task.files}
        if trial.task.document is not None:
            versions[trial.task.document.uri] = trial.task.document.version
        by_file: dict[str, list[TextEdit]] = {}
        for edit in trial.candidate.edits:
            match edit:
                case TextEdit():
                    if edit.uri not in trial.before:
                        return _fails(edit.uri, "the edit is for a file that was not part of the request")
                    if edit.version != versions.get(edit.uri):
                        return _fails(edit.uri, "the edit is for another version of the file")
                    by_file.setdefault(edit.uri, []).append(edit)
                case CreateFile():
                    if edit.uri in trial.before:
                        return _fails(edit.uri, "the file to create is there already")
                case RenameFile():
                    if edit.old_uri not in trial.before:
                        return _fails(edit.old_uri, "the file to rename was not part of the request")
                case DeleteFile():
                    if edit.uri not in trial.before:
                        return _fails(edit.uri, "the file to delete was not part of the request")
        overlapping = next((uri for uri, edits in by_file.items() if _overlap(edits)), None)
        return _fails(overlapping, "two edits overlap") if overlapping else passed("applies")


def _overlap(edits: list[TextEdit]) -> bool:
    ordered = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
    return any(first.span.end > second.span.start for first, second in pairwise(ordered))


def _fails(uri: str, reason: str) -> Verdict:
    name = uri.rpartition("/")[2]
    return Verdict(check="applies", passed=False, score=0.0, reason=f"{name}: {reason}", places=(Place(uri=uri),))


CHECK = Applies()
