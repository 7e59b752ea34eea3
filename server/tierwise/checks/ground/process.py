"""Run a program to its end, or to the end of our patience, and leave nothing of it behind."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MOST_OUTPUT = 4 << 20
"""Bytes of output that are kept; whoever says more has nothing more to say."""

GRACE = 2.0
"""Seconds a program gets to clean up after itself before it is killed."""

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "SYSTEMROOT", "XDG_CACHE_HOME")
"""The only variables a program inherits: no key that stands in our environment reaches it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run; ``stdin`` is given to it, ``env`` comes on top of the few variables that all get."""

    words: Sequence[str]
    cwd: Path
    seconds: float
    stdin: str | None = None
    env: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How it ended; ``late`` says that it was stopped because its time was up."""

    code: int
    out: str
    err: str
    late: bool = False


class CannotStartError(Exception):
    """The program could not be started; the message says why."""


async def run(command: Command) -> Ended:
    """Run it in a process group of its own, which is killed whatever happens; raises ``CannotStartError``."""
    process = await _start(command)
    reading = asyncio.gather(_read(process.stdout), _read(process.stderr), _write(process.stdin, command.stdin))
    late = False
    try:
        async with asyncio.timeout(command.seconds):
            await asyncio.shield(reading)
            await process.wait()
    except TimeoutError:
        late = True
    finally:
        await _stop(process, reading)
    out, err, _ = reading.result() if reading.done() and not reading.cancelled() else ("", "", None)
    return Ended(code=process.returncode or 0, out=out, err=err, late=late)


async def _start(command: Command) -> asyncio.subprocess.Process:
    """Start it. Whoever is cancelled meanwhile has it killed with its children, which asyncio itself would leave."""
    env = {name: os.environ[name] for name in _KEPT if name in os.environ} | dict(command.env or {})
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *command.words,
            cwd=command.cwd,
            env=env,
            stdin=asyncio.subprocess.PIPE if command.stdin is not None else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        starting.add_done_callback(_kill_started)
        raise
    except OSError as error:
        raise CannotStartError(f"{Path(command.words[0]).name} does not start ({error.strerror})") from error


def _kill_started(starting: "asyncio.Future[asyncio.subprocess.Process]") -> None:
    if not starting.cancelled() and starting.exception() is None:
        _signal(starting.result().pid, signal.SIGKILL)


async def _stop(process: asyncio.subprocess.Process, reading: "asyncio.Future[tuple[str, str, None]]") -> None:
    """End the whole group: asked first, killed after the grace or when we are cancelled again; let go of its pipes."""
    try:
        if process.returncode is None:
            _signal(process.pid, signal.SIGTERM)
            with suppress(TimeoutError):
                async with asyncio.timeout(GRACE):
                    await process.wait()
    finally:
        _signal(process.pid, signal.SIGKILL)
        await process.wait()
    with suppress(TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(GRACE):
            await reading


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


async def _read(stream: asyncio.StreamReader | None) -> str:
    assert stream is not None
    parts: list[bytes] = []
    size = 0
    while piece := await stream.read(1 << 16):
        if size < MOST_OUTPUT:
            parts.append(piece)
            size += len(piece)
    return b"".join(parts)[:MOST_OUTPUT].decode(errors="replace")


async def _write(stream: asyncio.StreamWriter | None, text: str | None) -> None:
    if stream is None or text is None:
        return
    with suppress(BrokenPipeError, ConnectionResetError):
        stream.write(text.encode())
        await stream.drain()
        stream.close()
        await stream.wait_closed()
