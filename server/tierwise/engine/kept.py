"""What of an answer was found good: it stays when the rest is asked again, so only what failed climbs."""

from dataclasses import replace

from tierwise.core.edit import Candidate, CreateFile, DeleteFile, Edit, RenameFile, TextEdit
from tierwise.core.outcome import Attempt


def kept(attempt: Attempt) -> tuple[Edit, ...]:
    """Return the edits of files that no failed check found fault with; none where a failure does not say where it is.

    The edits of one file stand and fall together: the next answer is made for the file as it was before any of them.
    """
    if attempt.candidate is None or len(attempt.candidate.edits) < 2:
        return ()
    failed = [verdict for verdict in attempt.verdicts if not verdict.passed and not verdict.skipped]
    if not failed or any(not verdict.places for verdict in failed):
        return ()
    faulty = {place.uri for verdict in failed for place in verdict.places}
    good = tuple(edit for edit in attempt.candidate.edits if _uri(edit) not in faulty)
    return good if len(good) < len(attempt.candidate.edits) else ()


def joined(good: tuple[Edit, ...], candidate: Candidate) -> Candidate:
    """Return the candidate with the edits that were kept; where both speak of the same file, the new one counts."""
    spoken = {_uri(edit) for edit in candidate.edits}
    missing = tuple(edit for edit in good if _uri(edit) not in spoken)
    return replace(candidate, edits=(*missing, *candidate.edits)) if missing else candidate


def told(good: tuple[Edit, ...], attempt: Attempt) -> str:
    """Return what the next model must know of it, as a sentence."""
    if attempt.candidate is None:
        return ""
    names = sorted({_uri(edit).rpartition("/")[2] for edit in good})
    left = sorted({_uri(edit).rpartition("/")[2] for edit in attempt.candidate.edits if edit not in good})
    return f"the changes to {', '.join(names)} were accepted and are in place; answer only for {', '.join(left)}"


def _uri(edit: Edit) -> str:
    match edit:
        case TextEdit() | CreateFile() | DeleteFile():
            return edit.uri
        case RenameFile():
            return edit.old_uri
