"""The path inside a document's URI."""

from urllib.parse import unquote, urlsplit


def path_in(uri: str) -> str:
    """Return the path that the URI holds, its escapes undone; what it names may be in no file system."""
    return unquote(urlsplit(uri).path)
