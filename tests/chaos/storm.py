"""Vendors that fail by a schedule."""

import asyncio
import os
import random
import socket
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chaos.editor import CAPABILITIES
from chaos.words import line_for, said
from desk import named
from features.soak.raw_client import RawClient
from providers.test_surroundings import certificate
from tierwise.rehearsal import Cue, Line
from tierwise.rehearsal.request import Request

AFTER = tuple(
    {"retry-after": said} if said else {}
    for said in ("", "1", "30", "0", "-5", "soon", "1e99", "Fri, 31 Dec 1999 23:59:59 GMT", "nan")
)
"""What stands beside an error about when to ask again."""
STATUSES = (400, 408, 409, 413, 429, 500, 502, 503, 529)
LASTING = (401, 403, 404)
"""After one of these a vendor is spared for minutes, so they are drawn seldom: one status in twenty."""
FAULTS = (
    *("status", "error_200", "error_event", "html", "redirect", "reset", "reset_midway", "hangup", "cut", "empty"),
    *("garbage", "broken_json", "strange_json", "invalid_utf8", "drip", "stall", "silence", "late", "huge"),
)
MORTAL = "model-0"
"""The model whose vendor is behind a process that is killed now and then, and started again."""
KILLED = "killed"
NAMES = {"unknown": "dns", "silent": "dns_silent"}
"""How a name can fail to be looked up, with the fault's name: no such host, or no name server that answers."""
FORWARDER = Path(__file__).with_name("forwarder.py")
PHASE = int(os.environ.get("CHAOS_PHASE", "25"))
"""Calls during which a vendor stays as it is."""
LATE = 2.0
"""Seconds before the first word at the most, where it is late."""
WORDS = 1_000
"""Lines of a huge answer."""
AT_ONCE = frozenset(FAULTS) - {"drip", "stall", "silence", "late", "huge"}
"""Faults after which it is clear at once that there will be no answer."""

VENDORS = int(os.environ.get("CHAOS_VENDORS", "16"))
MODELS = tuple(f"model-{number}" for number in range(VENDORS))


def host(model: str) -> str:
    """Return the name under which a model's vendor is looked up; every other one is."""
    number = int(model.removeprefix("model-"))
    return f"v{number}.vendors.test" if number % 2 == 0 else ""


DEADLINE = 6.0
"""Seconds for an answer of any kind."""
DEAD = ("refused", "tls", "untrusted", "nameless")
"""Vendors that cannot even be reached: nobody listens there, or not in the language that was agreed, or with a
certificate that nobody trusts, or the name does not exist.
"""
KINDS = (
    *("autocomplete", "explain", "docstring", "ask", "edit", "classify", "commit_message", "review"),
    *("triage_unit", "confirm_finding"),
)


def config(url: str, untrusted: str, mortal: int) -> str:
    """Return settings with many vendors, each of whom can be ill without the others: half of them for the fast tier.

    ``mortal`` is the port of the one that is killed and started again.
    """
    places = {"refused": "http://127.0.0.1:9/v1", "tls": url.replace("http:", "https:")}
    places |= {"untrusted": untrusted, "nameless": "https://vendor.invalid/v1"}
    assert tuple(places) == DEAD
    dead = tuple(f"model-{name}" for name in places)
    places |= {f"v{at}": url.replace("127.0.0.1", host(model) or "127.0.0.1") for at, model in enumerate(MODELS)}
    places["v0"] = places["v0"].replace(url.split(":")[2].partition("/")[0], str(mortal))
    refs = [f'"{name}/{model}"' for name, model in zip(places, (*dead, *MODELS), strict=True)]
    half, quarter = len(dead) + VENDORS // 2, VENDORS // 4
    shares = {"fast": refs[:half], "mid": refs[half : half + quarter], "frontier": refs[half + quarter :]}
    tiers = "".join(f"[tiers.{tier}]\nmodels = [{', '.join(share)}]\n" for tier, share in shares.items())
    tables = "".join(f'[providers.{name}]\nbase_url = "{at}"\nkey_env = "STORM_KEY"\n' for name, at in places.items())
    limits = "".join(f"[tasks.{kind}]\ndeadline = {DEADLINE}\n" for kind in KINDS)
    pinned = "".join(f'[features.{name}]\ntier = "fast"\n' for name in ("inline_completion", "completion"))
    return f"[checks]\ntypes = false\n{tiers}{pinned}{limits}{tables}"


@asynccontextmanager
async def untrusted(directory: Path) -> AsyncGenerator[str]:
    """Listen with a certificate that nobody has signed, and return the address."""
    cert, key = certificate(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


class Mortal:
    """A process that passes everything on to the vendors, until it is killed."""

    def __init__(self, vendor: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._command = (sys.executable, "-I", str(FORWARDER), str(self.port), str(vendor))
        self._process: subprocess.Popen[bytes] | None = None
        self.kills = 0
        self.revive()

    def revive(self) -> None:
        """Start it where it does not run."""
        if self._process is None:
            self._process = subprocess.Popen(self._command)

    def kill(self) -> None:
        """Kill it where it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self.kills += 1


@contextmanager
def mortal(vendor: int) -> Iterator[Mortal]:
    """Start the process, and let it be gone at the end."""
    behind = Mortal(vendor)
    try:
        yield behind
    finally:
        behind.kill()


@dataclass(slots=True)
class Weather:
    """What each vendor does at present; changed every ``PHASE`` calls, drawn from a seed.

    ``names`` is the file that the server's resolver reads; ``asked`` holds for each call what it asked, to tell which
    belong together, and the fault that it met.
    """

    draw: random.Random
    names: Path
    mortal: Mortal
    now: dict[str, str] = field(default_factory=dict[str, str])
    asked: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    faults: Counter[str] = field(default_factory=Counter[str])

    def __call__(self, cue: Cue) -> Line:
        """Answer one request."""
        if len(self.asked) % PHASE == 0:
            self.turn()
        line = line_for(cue, len(self.asked) + 1)
        fault = self.now[cue.model]
        self.asked.append((hash((cue.prompt, str(cue.body.get("temperature")))), fault))
        if fault:
            self.faults[fault] += 1
        text = said(cue, line)
        match fault:
            case "":
                return Line(text=text)
            case "late":
                return Line(text=text, delay=self.draw.uniform(0.2, LATE))
            case "huge":
                return Line(text=f"{text}\n" + f"    {line}\n" * WORDS)
            case "status":
                after = self.draw.choice(AFTER)
                statuses = STATUSES if self.draw.random() < 0.95 else LASTING
                return Line(fault="status", status=self.draw.choice(statuses), headers=after)
            case "dns" | "dns_silent" | "killed":  # over a connection from before
                return Line(fault="reset")
            case _:
                return Line(text=text, fault=fault)

    def turn(self) -> None:
        """Let the weather change: half of the time a vendor is well."""
        for model in MODELS:
            faults = (*FAULTS, *NAMES.values()) if host(model) else FAULTS
            if model == MORTAL:
                faults = (*faults, *(KILLED,) * len(faults))
            self.now[model] = self.draw.choice(faults) if self.draw.random() < 0.5 else ""
        if self.now[MORTAL] == KILLED:
            self.mortal.kill()
        else:
            self.mortal.revive()
        down = [
            f"{host(model)} {how}\n" for model in MODELS for how, fault in NAMES.items() if self.now[model] == fault
        ]
        written = self.names.with_suffix(".new")
        written.write_text("".join(down))
        written.replace(self.names)


def fallbacks(weather: Weather, requests: Sequence[Request]) -> list[float]:
    """Return the seconds from each failure that was clear at once until the next vendor had read the request."""
    last: dict[int, Request] = {}
    found: list[float] = []
    for (question, fault), request in zip(weather.asked, requests, strict=True):
        before = last.pop(question, None)
        if before is not None and before.ended_at is not None and before.ended_at <= request.started:
            found.append(request.started - before.ended_at)
        if fault in AT_ONCE:
            last[question] = request
    return sorted(found)


async def start(
    env: Mapping[str, str], errors: Path, root: Path | None = None
) -> tuple[asyncio.subprocess.Process, RawClient]:
    """Start the real server with its standard error in a file, and open a folder."""
    pipe = asyncio.subprocess.PIPE
    if "STORM_NAMES" in env:
        env = {**env, **named(Path(env["STORM_NAMES"]))}
    with errors.open("ab") as stderr:
        command = (sys.executable, "-m", "tierwise", "lsp")
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=stderr, env=dict(env))
    client = RawClient(process)
    place = root.as_uri() if root else None
    await client.ask("initialize", {"processId": None, "rootUri": place, "capabilities": CAPABILITIES})[1]
    client.tell("initialized", {})
    return process, client


def footprint(pid: int) -> tuple[float, int]:
    """Return a process's resident memory in MB and how many files and sockets it has open (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    memory = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))
    return memory, len(list(Path(f"/proc/{pid}/fd").iterdir()))
