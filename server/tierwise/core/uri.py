"""The path inside a document's URI."""

from urllib.parse import unquote, urlsplit

ON_DISK = ("file:", "vscode-notebook-cell:")
"""Schemes of documents that are files, or as cells are parts of one: VS Code names a notebook's file in each cell."""


def path_in(uri: str) -> str:
    """Return the path that the URI holds, its escapes undone; what it names may be in no file system."""
    return unquote(urlsplit(uri).path)


def file_in(uri: str) -> str:
    """Return the path of the file that the document is or is a part of, or an empty string where there is none."""
    return path_in(uri) if uri.startswith(ON_DISK) else ""
