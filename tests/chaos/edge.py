"""An editor gone wild: well-framed messages of every method, right, slightly wrong and plain wrong, in any order."""

import asyncio
import json
import os
import random
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from copy import deepcopy
from typing import Any

from rawclient import framed
from tierwise.lsp import Code

PATIENCE = float(os.environ.get("FUZZ_PATIENCE", "120"))
"""Seconds until a request counts as lost: the longest deadline of a feature that is asked here, and a busy machine."""
URIS = (
    "file:///wild/a.py",
    "file:///wild/b.ts",
    "file:///wild/sub/c.go",
    "untitled:1",
    "file:///wild/%ff.py",
    "",
    "x:",
)
TEXTS = (
    "",
    "def f(a):\n    return a\n\n\nf(1)\n",
    "\r\n\r",
    "é\U0001f600 = 1\n" * 50,
    "(" * 3000,
    "\ud800x",
    "x" * 20_000,
)
LEAVES: tuple[Any, ...] = (None, True, False, 0, -1, 7, 2**31, 2**63, -(2**70), 1.5, 1e308, "", "a", "\ud800", [], {})

KINDS = ("fix", "edit", "explain", "docstring", "no_such_kind", "")


class Wild:
    """Draws messages from a seed."""

    def __init__(self, seed: int, commands: list[str]) -> None:
        self.draw = random.Random(seed)
        self.commands = [*commands, "tierwise.no_such_command", ""]
        self.asked = 0

    def message(self) -> dict[str, Any]:
        """Return a request or a notification."""
        request, method, params = self.draw.choice(_METHODS)
        said = params(self)
        for _ in range(self.draw.choice((0, 0, 1, 1, 2, 4))):
            said = self.spoiled(said)
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": said}
        if request != (self.draw.random() < 0.02):
            self.asked += 1
            message["id"] = self.asked if self.draw.random() < 0.9 else f"r{self.asked}"
        if self.draw.random() < 0.02:
            del message["params"]
        return message

    def spoiled(self, value: Any) -> Any:
        """Return the value with something in it replaced, taken out or put in."""
        if not isinstance(value, (dict, list)) or not value or self.draw.random() < 0.15:
            return deepcopy(self.draw.choice(LEAVES))
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = self.draw.choice(keys)
        copy: Any = value.copy()
        match self.draw.randrange(6):
            case 0:
                del copy[key]
            case 1 if isinstance(copy, dict):
                copy[self.draw.choice(("uri", "range", "\ud800", "kind"))] = deepcopy(self.draw.choice(LEAVES))
            case 1:
                copy.append(deepcopy(self.draw.choice(LEAVES)))
            case 2:
                copy[key] = [copy[key]] * 3
            case _:
                copy[key] = self.spoiled(copy[key])
        return copy

    def uri(self) -> dict[str, Any]:
        return {"uri": self.draw.choice(URIS)}

    def versioned(self) -> dict[str, Any]:
        return {**self.uri(), "version": self.draw.randrange(-1, 40)}

    def place(self) -> dict[str, Any]:
        return {"line": self.draw.choice((0, 1, 3, 99, 2**31)), "character": self.draw.choice((0, 4, 500, -1, 2**40))}

    def span(self) -> dict[str, Any]:
        return {"start": self.place(), "end": self.place()}

    def at(self, **more: Any) -> dict[str, Any]:
        return {"textDocument": self.uri(), "position": self.place(), **more}

    def opened(self) -> dict[str, Any]:
        item = {**self.versioned(), "languageId": self.draw.choice(("python", "typescript", "go", "", "nonsense"))}
        return {"textDocument": {**item, "text": self.draw.choice(TEXTS)}}

    def changes(self) -> dict[str, Any]:
        changes = [
            {"text": self.draw.choice(TEXTS), **({"range": self.span()} if self.draw.random() < 0.7 else {})}
            for _ in range(self.draw.randrange(4))
        ]
        return {"textDocument": self.versioned(), "contentChanges": changes}

    def action(self) -> dict[str, Any]:
        problem = {"range": self.span(), "message": "undefined name", "severity": 1, "code": 7}
        context = {
            "diagnostics": [problem] * self.draw.randrange(3),
            "only": self.draw.choice((["quickfix"], [], None)),
        }
        return {"textDocument": self.uri(), "range": self.span(), "context": context}

    def chosen(self) -> dict[str, Any]:
        data = {"kind": self.draw.choice(KINDS), "uri": self.draw.choice(URIS), "range": self.span(), "version": 1}
        return {"title": "Fix", "kind": "quickfix", "data": data}

    def command(self) -> dict[str, Any]:
        arguments: list[Any] = [{**self.uri(), "range": self.span(), "kind": self.draw.choice(KINDS)}, "name", 1]
        return {"command": self.draw.choice(self.commands), "arguments": arguments[: self.draw.randrange(4)]}

    def notebook(self) -> dict[str, Any]:
        cell = {"kind": 2, "document": "untitled:1"}
        document = {"uri": "file:///wild/n.ipynb", "notebookType": "jupyter-notebook", "version": 1, "cells": [cell]}
        text = {"uri": "untitled:1", "languageId": "python", "version": 1, "text": "x = 1\n"}
        structure = {"array": {"start": 0, "deleteCount": self.draw.randrange(3), "cells": [cell]}, "didOpen": [text]}
        return {
            "notebookDocument": document,
            "cellTextDocuments": [text],
            "change": {"cells": {"structure": structure}},
        }


Params = Callable[[Wild], Any]

_METHODS: tuple[tuple[bool, str, Params], ...] = (
    *([(False, "textDocument/didOpen", Wild.opened)] * 4),
    *([(False, "textDocument/didChange", Wild.changes)] * 4),
    (False, "textDocument/didClose", lambda wild: {"textDocument": wild.uri()}),
    (False, "textDocument/didSave", lambda wild: {"textDocument": wild.uri()}),
    (False, "textDocument/didFocus", lambda wild: {"textDocument": wild.uri()}),
    *([(True, "textDocument/hover", Wild.at)] * 3),
    *([(True, "textDocument/inlineCompletion", lambda wild: wild.at(context={"triggerKind": 1}))] * 3),
    (True, "textDocument/completion", lambda wild: wild.at(context={"triggerKind": 1})),
    *([(True, "textDocument/codeAction", Wild.action)] * 3),
    *([(True, "codeAction/resolve", Wild.chosen)] * 2),
    *([(True, "workspace/executeCommand", Wild.command)] * 3),
    (True, "textDocument/diagnostic", lambda wild: {"textDocument": wild.uri(), "previousResultId": "x"}),
    (True, "workspace/diagnostic", lambda _: {"previousResultIds": [{"uri": URIS[0], "value": "x"}]}),
    (True, "tierwise/status", lambda _: {}),
    (True, "tierwise/pause", lambda wild: {"paused": wild.draw.random() < 0.2}),
    (True, "tierwise/explain", lambda wild: wild.at(kind=wild.draw.choice(KINDS))),
    (True, "tierwise/report", lambda _: {"days": 7}),
    (True, "tierwise/decisions", lambda _: {"last": 5}),
    (True, "tierwise/dashboard", lambda _: {}),
    (True, "tierwise/models", lambda _: {}),
    (True, "textDocument/copilotInlineEdit", Wild.at),
    (True, "textDocument/noSuchMethod", Wild.at),
    (True, "initialize", lambda _: {"capabilities": {}}),
    (False, "initialized", lambda _: {}),
    (False, "no/such/notification", Wild.at),
    (False, "notebookDocument/didOpen", Wild.notebook),
    (False, "notebookDocument/didChange", Wild.notebook),
    (False, "notebookDocument/didClose", Wild.notebook),
    (False, "workspace/didChangeConfiguration", lambda _: {"settings": {"tierwise": {}}}),
    (False, "workspace/didChangeWatchedFiles", lambda wild: {"changes": [{**wild.uri(), "type": 2}]}),
    (False, "workspace/didChangeWorkspaceFolders", lambda wild: {"event": {"added": [wild.uri()], "removed": []}}),
    (
        False,
        "textDocument/didShowCompletion",
        lambda wild: {"item": {"command": {"arguments": [wild.draw.choice(LEAVES)]}}},
    ),
    (False, "$/cancelRequest", lambda wild: {"id": wild.draw.randrange(max(1, wild.asked), wild.asked + 2)}),
    (False, "$/setTrace", lambda _: {"value": "off"}),
    (False, "window/workDoneProgress/cancel", lambda _: {"token": "t"}),
)


class Line:
    """The client's end: sends anything, counts the answers to each request, and answers what the server asks wildly."""

    def __init__(self, process: Process, draw: random.Random) -> None:
        self.process, self.draw = process, draw
        self.answers: Counter[object] = Counter()
        self.errors: Counter[int] = Counter()
        self.internal: list[str] = []
        self.open: set[object] = set()
        self.lost: list[str] = []
        self.said: dict[object, str] = {}
        self.results: dict[object, Any] = {}
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    def say(self, message: dict[str, Any]) -> None:
        """Send a message."""
        if "id" in message and "method" in message:
            self.open.add(message["id"])
            self.said[message["id"]] = f"{message['id']}: {message['method']} {json.dumps(message.get('params'))[:300]}"
        assert self.process.stdin is not None
        self.process.stdin.write(framed(json.dumps(message).encode()))

    async def settle(self) -> None:
        """Wait until every request is answered, or too long: what is open then was lost.

        A workspace's diagnostics stay open until there is news, as the protocol wants it, or until they are given up.
        """
        for request in [one for one in self.open if ": workspace/diagnostic " in self.said[one]]:
            self.say({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": request}})
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self.open:
                    self._news.clear()
                    await self._news.wait()
        self.lost += [self.said[request] for request in self.open]
        self.open.clear()

    async def ask(self, method: str, params: object) -> Any:
        """Ask and return the result."""
        request = f"ask-{len(self.answers)}-{method}"
        self.say({"jsonrpc": "2.0", "id": request, "method": method, "params": params})
        async with asyncio.timeout(PATIENCE):
            while request in self.open:
                self._news.clear()
                await self._news.wait()
        return self.results[request]

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while header := await self.process.stdout.readline():
            await self.process.stdout.readline()
            self._hear(json.loads(await self.process.stdout.readexactly(int(header.split(b":")[1]))))
        self.open.clear()
        self._news.set()

    def _hear(self, message: dict[str, Any]) -> None:
        request = message.get("id")
        if "method" in message:
            if request is not None:
                answer = {"result": deepcopy(self.draw.choice(LEAVES))}
                if self.draw.random() < 0.3:
                    answer = {"error": {"code": -1, "message": "no"}}
                self.say({"jsonrpc": "2.0", "id": request, **answer})
            return
        self.answers[request] += 1
        self.open.discard(request)
        if isinstance(request, str) and request.startswith("ask-"):
            self.results[request] = message.get("result")
        if "error" in message:
            self.errors[message["error"]["code"]] += 1
            if message["error"]["code"] == Code.INTERNAL_ERROR:
                self.internal.append(message["error"]["message"])
        self._news.set()


@asynccontextmanager
async def line(env: Mapping[str, str], seed: int) -> AsyncGenerator[Line]:
    """Start the real server, with its standard error in a pipe that is read by nobody but the caller."""
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "tierwise", "lsp")
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env=dict(env), limit=1 << 26
    )
    try:
        yield Line(process, random.Random(seed))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
