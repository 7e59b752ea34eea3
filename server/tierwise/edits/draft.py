"""The files of a task while an answer changes them, one change after the other."""

from collections.abc import Sequence

from tierwise.core.edit import Candidate, CreateFile, DeleteFile, Edit, RenameFile, TextEdit
from tierwise.core.task import Task
from tierwise.core.text import Span, Text
from tierwise.workspace.difference import differences

from . import MalformedError
from .fit import Fit, find, indented
from .reach import Reach


class Draft:
    """Takes changes as models write them; later ones may build on earlier ones. All raise ``MalformedError``."""

    def __init__(self, task: Task) -> None:
        self._reach = Reach(task)
        self._texts: dict[str, Text] = {}
        self._created: dict[str, str] = {}
        self._renamed: dict[str, str] = {}
        self._deleted: list[str] = []
        main = task.document
        self._ends = _line_end(main.text) if main else "\n"

    def replace(self, path: str, search: Sequence[str], new: Sequence[str], hint: int | None = None) -> None:
        """Replace the lines quoted in ``search``; an empty quotation makes a new file or fills an empty one."""
        if not any(line.strip() for line in search) and not self._is_known(path):
            self.create(path, new)
            return
        uri = self._uri(path)
        text = self._text(uri)
        if not any(line.strip() for line in search) and not str(text).strip():
            self._texts[uri] = Text.of(_written(new, _line_end(text)))
            return
        fit = find(text, search, hint)
        self._texts[uri] = text.replace(fit.span, _for(text, fit, search, new))

    def insert(self, path: str, line: int, new: Sequence[str]) -> None:
        """Put lines before the line of that number, from 0."""
        uri = self._uri(path)
        text = self._text(uri)
        self._texts[uri] = text.replace(Span.at(min(line, text.line_count), 0), _written(new, _line_end(text)))

    def create(self, path: str, lines: Sequence[str]) -> None:
        """Make a new file."""
        if not path:
            raise MalformedError("a new file needs its path before the block")
        uri = self._reach.place(path)
        if uri in self._created:
            raise MalformedError(f"{path} is made twice")
        self._created[uri] = _written(_without_blank_edges(lines), self._ends)

    def rename(self, old: str, new: str) -> None:
        """Give a file another path."""
        self._renamed[self._uri(old)] = self._reach.place(new)

    def delete(self, path: str) -> None:
        """Take a file away."""
        self._deleted.append(self._uri(path))

    def candidate(self, said: str) -> Candidate:
        """Return all changes, each against the text before any of them; ``said`` is the reply."""
        edits: list[Edit] = [CreateFile(uri=uri, text=text) for uri, text in self._created.items()]
        for uri, after in self._texts.items():
            before = self._reach.documents[uri]
            edits += [
                TextEdit(uri=uri, version=before.version, span=found.span, new_text=found.new_text)
                for found in differences(before.text, after)
            ]
        edits += [RenameFile(old_uri=old, new_uri=new) for old, new in self._renamed.items()]
        edits += [DeleteFile(uri=uri) for uri in self._deleted]
        return Candidate(text=said, edits=tuple(edits))

    def _is_known(self, path: str) -> bool:
        try:
            self._reach.find(path)
        except MalformedError:
            return False
        return True

    def _uri(self, path: str) -> str:
        uri = self._reach.find(path).uri
        if uri in self._deleted or uri in self._renamed:
            raise MalformedError(f"{path} is changed after it was renamed or deleted")
        return uri

    def _text(self, uri: str) -> Text:
        return self._texts.get(uri, self._reach.documents[uri].text)


def _for(text: Text, fit: Fit, search: Sequence[str], new: Sequence[str]) -> str:
    """Return the new text for a place, in the line ends found there."""
    if fit.part:
        return _line_end(text).join(new)
    lines = indented(_like_quoted(search, new), fit)
    ends = "\r\n" if text.raw_line(fit.span.start.line).endswith("\r\n") else _line_end(text)
    written = _written(lines, ends)
    return written if text.slice(fit.span).endswith(("\n", "\r")) else written.removesuffix(ends)


def _like_quoted(search: Sequence[str], new: Sequence[str]) -> Sequence[str]:
    """Drop the blank lines around the new lines that the quotation has too: neither belongs to what is replaced."""
    lines = list(new)
    for blank in search:
        if blank.strip() or not lines or lines[0].strip():
            break
        lines.pop(0)
    for blank in reversed(search):
        if blank.strip() or not lines or lines[-1].strip():
            break
        lines.pop()
    return lines


def _without_blank_edges(lines: Sequence[str]) -> Sequence[str]:
    kept = list(lines)
    while kept and not kept[0].strip():
        kept.pop(0)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _written(lines: Sequence[str], ends: str) -> str:
    return "".join(line + ends for line in lines)


def _line_end(text: Text) -> str:
    return "\r\n" if text.line_count > 1 and text.raw_line(0).endswith("\r\n") else "\n"
