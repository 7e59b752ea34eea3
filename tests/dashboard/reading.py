"""Reads a page as a browser does, and says what stands in it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "link", "input", "base", "col", "area", "source", "track", "wbr", "embed"}


@dataclass
class Grid:
    """A table: its caption, and the words of its cells by row."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)

    def row(self, name: str) -> list[str]:
        """Return the cells beside the row's name."""
        (found,) = (row[1:] for row in self.rows if row[0] == name)
        return found


class Page(HTMLParser):
    """What a page holds; every element must be closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[Grid] = []
        self.words = ""
        self._open: list[str] = []
        self._text = ""
        assert text.startswith("<!doctype html>")
        self.feed(text)
        self.close()
        assert self._open == []

    def table(self, caption: str) -> Grid:
        (found,) = (table for table in self.tables if table.caption == caption)
        return found

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def remote(self) -> list[str]:
        """Return whatever would have a browser fetch something or run something."""
        told = [f"{name}={value}" for _, given in self.elements for name, value in given.items()]
        fetching = [each for each in told if re.match(r"(src|href|xlink:href|action|data|poster|srcset|on\w+)=", each)]
        return fetching + re.findall(r"https?://|@import|url\(", self.words + " ".join(told))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in VOID:
            return
        self._open.append(tag)
        if tag == "table":
            self.tables.append(Grid())
        if tag == "tr":
            self.tables[-1].rows.append([])
        if tag in {"caption", "th", "td"}:
            self._text = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "caption":
            self.tables[-1].caption = self._text
        if tag in {"th", "td"}:
            self.tables[-1].rows[-1].append(self._text)

    def handle_data(self, data: str) -> None:
        self._text += data
        self.words += data
