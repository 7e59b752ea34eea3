"""What of an answer was found good: it stays when the rest is asked again, so only what failed climbs."""

from collections.abc import Iterable
from dataclasses import replace

from tierwise.core.edit import Candidate, CreateFile, DeleteFile, Edit, RenameFile, TextEdit
from tierwise.core.outcome import Attempt, Place


def kept(attempt: Attempt) -> tuple[Edit, ...]:
    """Return the edits that no failed check found fault with; none where a failure does not say where it is."""
    if attempt.candidate is None or len(attempt.candidate.edits) < 2:
        return ()
    failed = [verdict for verdict in attempt.verdicts if not verdict.passed and not verdict.skipped]
    if not failed or any(not verdict.places for verdict in failed):
        return ()
    places = [place for verdict in failed for place in verdict.places]
    faulty = {id(edit) for place in places for edit in _at(place, attempt.candidate.edits)}
    good = tuple(edit for edit in attempt.candidate.edits if id(edit) not in faulty)
    return good if len(good) < len(attempt.candidate.edits) else ()


def joined(good: tuple[Edit, ...], candidate: Candidate) -> Candidate:
    """Return the candidate with the edits that were kept; where both speak of the same text, the new one counts."""
    missing = tuple(edit for edit in good if not any(_same_place(edit, other) for other in candidate.edits))
    return replace(candidate, edits=(*missing, *candidate.edits)) if missing else candidate


def told(good: tuple[Edit, ...], attempt: Attempt) -> str:
    """Return what the next model must know of it, as a sentence."""
    if attempt.candidate is None:
        return ""
    names = sorted({_uri(edit).rpartition("/")[2] for edit in good})
    left = sorted({_uri(edit).rpartition("/")[2] for edit in attempt.candidate.edits if edit not in good})
    return f"the changes to {', '.join(names)} were accepted and are in place; answer only for {', '.join(left)}"


def _at(place: Place, edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits that made the place: those whose new lines hold it, else all of its file."""
    mine = [edit for edit in edits if _uri(edit) == place.uri]
    changes = sorted((edit for edit in mine if isinstance(edit, TextEdit)), key=lambda edit: edit.span.start)
    if place.line is None or len(changes) != len(mine):
        return mine
    shift = 0
    hit: list[Edit] = []
    for edit in changes:
        first = edit.span.start.line + shift
        added = edit.new_text.count("\n")
        if first <= place.line <= first + added:
            hit.append(edit)
        shift += added - (edit.span.end.line - edit.span.start.line)
    return hit or mine


def _same_place(one: Edit, other: Edit) -> bool:
    if _uri(one) != _uri(other):
        return False
    if isinstance(one, TextEdit) and isinstance(other, TextEdit):
        return one.span.start <= other.span.end and other.span.start <= one.span.end
    return True


def _uri(edit: Edit) -> str:
    match edit:
        case TextEdit() | CreateFile() | DeleteFile():
            return edit.uri
        case RenameFile():
            return edit.old_uri
