"""An editor that goes on asking, whatever becomes of it: every feature, several requests at a time."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit

from chaos.words import BODY, flaw, mark, new_texts
from features.soak.raw_client import RawClient

AT_ONCE = 6
"""Requests that the editor has under way."""

CAPABILITIES: dict[str, Any] = {
    "textDocument": {
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
            "resolveSupport": {"properties": ["edit"]},
            "dataSupport": True,
        },
    },
    "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}},
    "window": {"showDocument": {"support": True}},
}


@dataclass(frozen=True, slots=True)
class Page:
    """A document of the editor's, in its first version."""

    number: int
    uri: str

    @property
    def names(self) -> dict[str, str]:
        """As the protocol names it."""
        return {"uri": self.uri}

    def at(self, line: int, character: int) -> dict[str, Any]:
        """Return the params of a request about a place in it."""
        return {"textDocument": self.names, "position": {"line": line, "character": character}}

    def wanted(self, version: int = 0) -> str:
        """Return how an answer names it."""
        return mark(self.number, version).removeprefix("f")


def text_of(number: int, version: int, body: str = BODY) -> str:
    """Return a document's text."""
    return f"def {mark(number, version)}(a):\n{body}"


@dataclass(slots=True)
class Editor:
    """Asks one thing about one document after the other, and keeps what came and when.

    ``root`` is the workspace: a git repository in which something has changed.
    """

    client: RawClient
    draw: random.Random
    root: Path = Path("/storm")
    only: tuple[str, ...] = ()
    """The features asked for; all where there are none."""
    number: int = 0
    waited: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    shown: Counter[str] = field(default_factory=Counter[str])
    empty: Counter[str] = field(default_factory=Counter[str])
    broken: list[str] = field(default_factory=list[str])
    """What is not what a model wrote about this document in this version, to the end of a line."""
    pings: list[float] = field(default_factory=list[float])
    """Seconds that a question takes which the server answers by itself: what this machine adds at present."""
    _edits: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.client.takes["workspace/applyEdit"] = self._apply
        self.client.takes["window/showDocument"] = lambda _params: {"success": True}
        self.client.takes["window/showMessageRequest"] = lambda params: params["actions"][0]

    async def work(self, requests: int, at_once: int = AT_ONCE) -> None:
        """Make so many requests."""
        todo = iter(range(requests))

        async def hand() -> None:
            for _ in todo:
                await self.one()

        await asyncio.gather(*(hand() for _ in range(at_once)))

    async def one(self) -> None:
        """Open a file of its own, ask one thing about it, and close it."""
        self.number += 1
        feature = self.draw.choice(self.only or _DRAWN)
        page = Page(self.number, f"{self.root.as_uri()}/f{self.number}.py")
        body = "    \n" if feature in ("inline", "completion", "overtyped") else BODY
        item = {"uri": page.uri, "languageId": "python", "version": 1, "text": text_of(self.number, 0, body)}
        self.client.tell("textDocument/didOpen", {"textDocument": item})
        started = monotonic()
        text = await FEATURES[feature](self, page)
        self.waited.append((monotonic() - started, feature))
        if text:
            self.shown[feature] += 1
            self.broken += [f"{feature}: {found}" for found in (flaw(text, page.wanted()),) if found]
        else:
            self.empty[feature] += 1
        self.client.tell("textDocument/didClose", {"textDocument": page.names})

    async def ask(self, method: str, params: object) -> Any:
        """Ask and return the result, None for an error."""
        return await self.client.ask(method, params)[1]

    async def run(self, kind: str, page: Page, instruction: str = "") -> Any:
        """Run a command about a document."""
        said = {"uri": page.uri, "instruction": instruction or f"About {mark(page.number, 0)}."}
        return await self.ask("workspace/executeCommand", {"command": f"tierwise.{kind}", "arguments": [said]})

    async def hover(self, page: Page) -> str:
        answer = await self.ask("textDocument/hover", page.at(0, 5))
        parts = answer["contents"]["value"].split("\n\n---\n\n") if answer else []
        return parts[1].rpartition("\n\n<sub>")[0] if len(parts) == 2 else ""

    async def inline(self, page: Page) -> str:
        return _ghost(await self.ask("textDocument/inlineCompletion", _typing(page)))

    async def overtyped(self, page: Page) -> str:
        """Change the document while ghost text is on its way: what comes for the second is about the second."""
        came: list[str] = []

        def ask() -> asyncio.Future[Any]:
            future = self.client.ask("textDocument/inlineCompletion", _typing(page))[1]
            number = len(order)
            order.append(number)
            future.add_done_callback(lambda _: came.append(str(number)))
            return future

        order: list[int] = []
        first = ask()
        await asyncio.sleep(self.draw.uniform(0.0, 0.2))
        change = {"textDocument": {"uri": page.uri, "version": 2}}
        text = text_of(page.number, 1, "    \n")
        self.client.tell("textDocument/didChange", {**change, "contentChanges": [{"text": text}]})
        second = ask()
        old, new = _ghost(await first), _ghost(await second)
        if new and (found := flaw(new, page.wanted(1))):
            self.broken.append(f"stale: {found}")
        if old and came == ["1", "0"]:
            self.broken.append(f"too late: {old}")
        return old

    async def given_up(self, page: Page) -> str:
        request, answer = self.client.ask("textDocument/hover", page.at(0, 5))
        await asyncio.sleep(self.draw.uniform(0.0, 0.1))
        self.client.cancel(request)
        await answer
        return ""

    async def completion(self, page: Page) -> str:
        answer = await self.ask("textDocument/completion", page.at(1, 4))
        items = [item for item in answer["items"] if "local" not in item["detail"]] if answer else []
        return "\n".join(item["textEdit"]["newText"] for item in items)

    async def action(self, page: Page) -> str:
        place = {"line": 0, "character": 5}
        params = {"textDocument": page.names, "range": {"start": place, "end": place}, "context": {"diagnostics": []}}
        menu = await self.ask("textDocument/codeAction", params) or []
        chosen = next((one for one in menu if one.get("data", {}).get("kind") == "docstring"), None)
        if chosen is None:
            self.broken.append(f"no menu: {menu}")
            return ""
        resolved = await self.ask("codeAction/resolve", chosen)
        return new_texts(resolved["edit"]) if resolved and resolved.get("edit") else ""

    async def explain(self, page: Page) -> str:
        place = {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 5}}
        said = {"uri": page.uri, "range": place}
        answer = await self.ask("workspace/executeCommand", {"command": "tierwise.explain", "arguments": [said]})
        return answer or ""

    async def report(self, page: Page) -> str:
        answer = await self.run("ask", page)
        if not answer:
            return ""
        text = _read(answer["uri"])
        return text.rpartition("\n\n---\n")[0] or "a report without an end"

    async def edit(self, page: Page) -> str:
        answer = await self.run("edit", page)
        return self._edits.pop(page.uri, "an edit that never came") if answer else ""

    async def classify(self, page: Page) -> str:
        answer = await self.run("classify", page)
        return json.loads(answer)["reason"] if answer else ""

    async def commit_message(self, page: Page) -> str:
        return await self.run("commit_message", page) or ""

    async def review(self, page: Page) -> str:
        answer = await self.run("review", page)
        return answer["summary"] if answer else ""

    async def scan(self, page: Page) -> str:
        """Have a file of the disk looked at: what is found becomes diagnostics."""
        path = self.root / f"f{page.number}.py"
        path.write_text(text_of(page.number, 0), "utf-8")
        arguments = [{"scope": "file", "uri": page.uri}]
        await self.ask("workspace/executeCommand", {"command": "tierwise.scan", "arguments": arguments})
        told = await self.ask("textDocument/diagnostic", {"textDocument": page.names})
        path.unlink()
        return "\n".join(str(item["message"]).partition("\n")[0] for item in told["items"]) if told else ""

    async def money(self, page: Page) -> str:
        """Ask what no model answers."""
        for method in ("tierwise/status", "tierwise/report", "tierwise/decisions", "tierwise/models"):
            started = monotonic()
            if not await self.ask(method, {}):
                self.broken.append(f"no answer to {method}")
            if method == "tierwise/status":
                self.pings.append(monotonic() - started)
        return ""

    def _apply(self, params: dict[str, Any]) -> dict[str, bool]:
        edit = params["edit"]
        uris = [change["textDocument"]["uri"] for change in edit.get("documentChanges", ())]
        for uri in (*uris, *edit.get("changes", ())):
            self._edits[uri] = new_texts(edit)
        return {"applied": True}


def _typing(page: Page) -> dict[str, Any]:
    return {**page.at(1, 4), "context": {"triggerKind": 1}}


def _ghost(answer: Any) -> str:
    items = answer["items"] if isinstance(answer, dict) else answer or []
    return "\n".join(item["insertText"] for item in items)


def _read(uri: str) -> str:
    return Path(unquote(urlsplit(uri).path)).read_text("utf-8")


FEATURES: dict[str, Callable[[Editor, Page], Awaitable[str]]] = {
    "hover": Editor.hover,
    "inline": Editor.inline,
    "overtyped": Editor.overtyped,
    "given_up": Editor.given_up,
    "completion": Editor.completion,
    "action": Editor.action,
    "explain": Editor.explain,
    "report": Editor.report,
    "edit": Editor.edit,
    "classify": Editor.classify,
    "commit_message": Editor.commit_message,
    "review": Editor.review,
    "scan": Editor.scan,
    "money": Editor.money,
}
TYPING = ("hover", "inline")
"""What an editor asks for by itself."""
_DRAWN = (*FEATURES, *(TYPING * 4))
