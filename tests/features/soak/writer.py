"""Somebody who writes code with suggestions: types, thinks, takes them whole or in part, errs and undoes."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

from features.soak.raw_client import RawClient
from features.suggestions.stage import URI
from tierwise.core.text import Position, Span, Text


@dataclass
class Writer:
    """Types ``lines`` one after the other at the end of a document; times are seconds of the fast clock. Of some lines
    the editor closes the brackets as they are opened, and what is typed over them moves the cursor only.

    ``shown`` holds, for every suggestion that was on the screen, the document it would have made.
    """

    client: RawClient
    draw: random.Random
    speed: float
    lines: list[str]
    text: Text = field(default_factory=lambda: Text.of(""))
    version: int = 1
    cursor: Position = field(default_factory=lambda: Position(0, 0))
    shown: list[str] = field(default_factory=list[str])
    accepted: int = 0
    partly: int = 0
    typed: int = 0
    elapsed: float = 0.0
    _request: int | None = None
    _answer: "asyncio.Future[Any] | None" = None

    def open(self, text: str) -> None:
        """Open the document with the cursor at the end of its last empty line."""
        self.text = Text.of(text)
        self.cursor = Position(self.text.line_count - 3, 0)
        item = {"uri": URI, "languageId": "python", "version": self.version, "text": text}
        self.client.tell("textDocument/didOpen", {"textDocument": item})

    async def work(self, seconds: float) -> None:
        """Write for so long."""
        while self.elapsed < seconds:
            line = self.draw.choice(self.lines)
            await self._line(line)
        self._leave()

    async def _line(self, line: str) -> None:
        """Write one line; what was taken of a suggestion need not be typed."""
        done, closes = 0, self.draw.random() < 0.5
        while done < len(line):
            done += 1
            self._key(line[done - 1], closes)
            self.typed += 1
            await self._pause(0.12 if line[done - 1].isalnum() else 0.2)
            if self.draw.random() < 0.04:
                await self._err()
            if self.draw.random() < 0.08 and await self._look(invoked=self.draw.random() < 0.15):
                break
        self.cursor = Position(self.cursor.line, len(self.text.line(self.cursor.line)))
        indent = "    " if self.draw.random() < 0.3 else ""
        self._change(Span(self.cursor, self.cursor), "\n" + indent)
        await self._pause(0.4)
        if self.draw.random() < 0.3:
            await self._look()

    def _key(self, key: str, closes: bool) -> None:
        """Press a key as an editor takes it."""
        here = Span(self.cursor, self.cursor)
        if closes and key == ")" and self.text.line(self.cursor.line)[self.cursor.column :].startswith(")"):
            self.cursor = here.start.behind(key)
            self._leave()
            self._ask()
        elif closes and key == "(":
            self._change(here, "()", ask=False)
            self.cursor = here.start.behind(key)
            self._ask()
        else:
            self._change(here, key)

    async def _err(self) -> None:
        """Type something wrong and take it back."""
        before = self.cursor
        self._change(Span(self.cursor, self.cursor), self.draw.choice("zqxj"))
        await self._pause(0.25)
        self._change(Span(before, self.cursor), "")
        await self._pause(0.2)

    async def _look(self, *, invoked: bool = False) -> bool:
        """Stop and wait for a suggestion, now and then not to the end; say whether it was taken."""
        if invoked:
            self._ask(invoked=True)
        assert self._answer is not None
        try:
            async with asyncio.timeout(self.draw.uniform(0.8, 3.0) / self.speed if self.draw.random() < 0.3 else None):
                result = await asyncio.shield(self._answer)
        except TimeoutError:
            result = None
        self.elapsed += 1.5
        items = result["items"] if result else []
        if not items:
            return False
        for item in items:
            self.shown.append(str(self.text.replace(_span(item["range"]), item["insertText"])))
        return await self._decide(self.draw.choice(items))

    async def _decide(self, item: dict[str, Any]) -> bool:
        fate, text = self.draw.random(), item["insertText"]
        if fate < 0.35:
            self._change(_span(item["range"]), text, ask=False)
            command = item["command"]
            self.client.ask(
                "workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]}
            )
            self.accepted += 1
            return True
        if fate < 0.5:
            self._change(Span(self.cursor, self.cursor), text[: max(1, len(text) // 2)])
            self.partly += 1
            await self._pause(0.3)
            return await self._look()
        return False

    def _change(self, span: Span, new: str, *, ask: bool = True) -> None:
        """Change the document as an editor does: the change, the cancellation of what is stale, the next request."""
        where = {
            "start": {"line": span.start.line, "character": span.start.column},
            "end": {"line": span.end.line, "character": span.end.column},
        }
        self.version += 1
        self.text = self.text.replace(span, new)
        self.cursor = span.start.behind(new)
        item = {"uri": URI, "version": self.version}
        changes = [{"range": where, "text": new}]
        self.client.tell("textDocument/didChange", {"textDocument": item, "contentChanges": changes})
        self._leave()
        if ask:
            self._ask()

    def _leave(self) -> None:
        """Cancel what is stale, most of the time: some editors leave it to the server."""
        if self._answer is not None and not self._answer.done() and self.draw.random() < 0.7:
            assert self._request is not None
            self.client.cancel(self._request)
        self._answer = None

    def _ask(self, *, invoked: bool = False) -> None:
        params = {
            "textDocument": {"uri": URI},
            "position": {"line": self.cursor.line, "character": self.cursor.column},
            "context": {"triggerKind": 1 if invoked else 2},
        }
        self._request, self._answer = self.client.ask("textDocument/inlineCompletion", params)

    async def _pause(self, usual: float) -> None:
        seconds = usual * self.draw.lognormvariate(0.0, 0.3)
        self.elapsed += seconds
        await asyncio.sleep(seconds / self.speed)


def _span(where: dict[str, Any]) -> Span:
    start, end = (Position(where[name]["line"], where[name]["character"]) for name in ("start", "end"))
    return Span(start, end)
