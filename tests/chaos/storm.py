"""Vendors that fail by a schedule, and an editor that goes on asking."""

import asyncio
import os
import random
import ssl
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from features.soak.raw_client import RawClient
from providers.test_surroundings import certificate
from tierwise.rehearsal import Cue, Line

STATUSES = (400, 408, 409, 413, 429, 500, 502, 503, 529)
LASTING = (401, 403, 404)
"""After one of these a vendor is spared for minutes, so they are drawn seldom: one status in twenty."""
FAULTS = (
    *("status", "error_200", "error_event", "html", "redirect", "reset", "reset_midway", "hangup", "cut", "empty"),
    *("garbage", "broken_json", "strange_json", "invalid_utf8", "drip", "stall", "silence", "late", "huge"),
)
NAMES = {"unknown": "dns", "silent": "dns_silent"}
"""How a name can fail to be looked up, with the fault's name: no such host, or no name server that answers."""
RESOLVER = Path(__file__).with_name("resolver")
PHASE = int(os.environ.get("CHAOS_PHASE", "25"))
"""Calls during which a vendor stays as it is."""
LATE = 2.0
WORDS = 1_000
"""Lines of a huge answer."""
END = "  # and done"
"""What every line of an answer ends with: one that was cut off does not."""


VENDORS = int(os.environ.get("CHAOS_VENDORS", "16"))
AT_ONCE = 6
"""Requests that the editor has under way."""
MODELS = tuple(f"model-{number}" for number in range(VENDORS))


def host(model: str) -> str:
    """Return the name under which a model's vendor is looked up; every other one is."""
    number = int(model.removeprefix("model-"))
    return f"v{number}.vendors.test" if number % 2 == 0 else ""


def config(url: str, untrusted: str) -> str:
    """Return settings with many vendors, each of whom can be ill without the others, for one tier.

    The first four cannot even be reached: nobody listens there, or not in the language that was agreed, or with a
    certificate that nobody trusts, or the name does not exist.
    """
    places = {"refused": "http://127.0.0.1:9/v1", "tls": url.replace("http:", "https:")}
    places |= {"untrusted": untrusted, "nameless": "https://vendor.invalid/v1"}
    dead = tuple(f"model-{name}" for name in places)
    places |= {f"v{at}": url.replace("127.0.0.1", host(model) or "127.0.0.1") for at, model in enumerate(MODELS)}
    refs = ", ".join(f'"{name}/{model}"' for name, model in zip(places, (*dead, *MODELS), strict=True))
    tables = "".join(f'[providers.{name}]\nbase_url = "{at}"\nkey_env = "STORM_KEY"\n' for name, at in places.items())
    return f'[tiers.fast]\nmodels = [{refs}]\n[features.inline_completion]\ntier = "fast"\n{tables}'


@asynccontextmanager
async def untrusted(directory: Path) -> AsyncGenerator[str]:
    """Listen with a certificate that nobody has signed, and return the address."""
    cert, key = certificate(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


@dataclass(slots=True)
class Weather:
    """What each vendor does at present; changed every ``PHASE`` calls, drawn from a seed.

    ``names`` is the file that the server's resolver reads.
    """

    draw: random.Random
    names: Path
    now: dict[str, str] = field(default_factory=dict[str, str])
    calls: int = 0
    faults: Counter[str] = field(default_factory=Counter[str])

    def __call__(self, cue: Cue) -> Line:
        """Answer one request."""
        if self.calls % PHASE == 0:
            self.turn()
        self.calls += 1
        fault = self.now[cue.model]
        if fault:
            self.faults[fault] += 1
        text = f"whole_{self.calls} = a + {self.calls}{END}"
        match fault:
            case "":
                return Line(text=text)
            case "late":
                return Line(text=text, delay=self.draw.uniform(0.2, LATE))
            case "huge":
                return Line(text=f"{text}\n" + f"    {text}\n" * WORDS)
            case "status":
                after = self.draw.choice(({}, {"retry-after": "1"}, {"retry-after": "30"}))
                statuses = STATUSES if self.draw.random() < 0.95 else LASTING
                return Line(fault="status", status=self.draw.choice(statuses), headers=after)
            case "dns" | "dns_silent":  # over a connection from before: without it, the name is needed
                return Line(fault="reset")
            case _:
                return Line(text=text, fault=fault)

    def turn(self) -> None:
        """Let the weather change: half of the time a vendor is well."""
        for model in MODELS:
            faults = (*FAULTS, *NAMES.values()) if host(model) else FAULTS
            self.now[model] = self.draw.choice(faults) if self.draw.random() < 0.5 else ""
        down = [
            f"{host(model)} {how}\n" for model in MODELS for how, fault in NAMES.items() if self.now[model] == fault
        ]
        written = self.names.with_suffix(".new")
        written.write_text("".join(down))
        written.replace(self.names)


@dataclass(slots=True)
class Editor:
    """Asks for hovers, ghost text and docstrings, several at a time, and keeps what came and when."""

    client: RawClient
    draw: random.Random
    number: int = 0
    waited: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    shown: list[str] = field(default_factory=list[str])
    empty: int = 0
    broken: list[str] = field(default_factory=list[str])
    """Ghost text that is not what a model wrote to the end of a line."""

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
        uri = f"file:///storm/f{self.number}.py"
        text = f"def f{self.number}(a):\n    \n"
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.client.tell("textDocument/didOpen", {"textDocument": item})
        place: dict[str, Any] = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 4}}
        started = monotonic()
        feature = self.draw.choice(("hover", "inline"))
        if feature == "hover":
            answer = await self.client.ask("textDocument/hover", place)[1]
            self._note(answer and answer["contents"]["value"])
        else:
            place |= {"position": {"line": 1, "character": 4}, "context": {"triggerKind": 1}}
            answer = await self.client.ask("textDocument/inlineCompletion", place)[1]
            items = answer["items"] if isinstance(answer, dict) else answer or []
            self._note(items[0]["insertText"] if items else None)
            self.broken += [item["insertText"] for item in items if not item["insertText"].endswith(END)]
        self.waited.append((monotonic() - started, feature))
        self.client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    def _note(self, text: str | None) -> None:
        if text:
            self.shown.append(text)
        else:
            self.empty += 1


async def start(env: Mapping[str, str], errors: Path) -> tuple[asyncio.subprocess.Process, RawClient]:
    """Start the real server with its standard error in a file."""
    pipe = asyncio.subprocess.PIPE
    if "STORM_NAMES" in env:
        env = {**env, "PYTHONPATH": os.pathsep.join((str(RESOLVER), env.get("PYTHONPATH", "")))}
    with errors.open("ab") as stderr:
        command = (sys.executable, "-m", "tierwise", "lsp")
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=stderr, env=dict(env))
    client = RawClient(process)
    await client.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})[1]
    client.tell("initialized", {})
    return process, client


def footprint(pid: int) -> tuple[float, int]:
    """Return a process's resident memory in MB and how many files and sockets it has open (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    memory = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))
    return memory, len(list(Path(f"/proc/{pid}/fd").iterdir()))
