"""What two requests' prompts begin with alike, as far as a vendor's cache can tell them apart."""

from functools import lru_cache
from hashlib import blake2b

from .model import Model
from .task import Task


def beginning(kind: str, task: Task, model: Model) -> str:
    """Return a digest of what the beginning of the task's prompt depends on: its kind, the excerpts beside it and, for
    a vendor that caches without being asked, the document. It is the same in every process, and no text can be read
    from it.
    """
    uri = task.document.uri if task.document is not None and not model.skills.cache else ""
    if not task.neighbours:
        return _plain(kind, uri)
    return _digest(kind, uri, *[snippet.text for snippet in task.neighbours])


def _digest(*parts: str) -> str:
    """Return a digest of the parts, which no other division of the same text has."""
    digest = blake2b(digest_size=8)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(encoded))
        digest.update(encoded)
    return digest.hexdigest()


_plain = lru_cache(maxsize=1024)(_digest)
"""Deciding asks for the same few again and again, and has some microseconds for everything."""
