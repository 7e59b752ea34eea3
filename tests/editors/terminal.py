"""A terminal that a program of any kind draws into, and its screen as text."""

import asyncio
import fcntl
import os
import pty
import struct
import termios
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pyte

COLUMNS, ROWS = 100, 30
PATIENCE = 60.0
"""Seconds until a test gives up waiting for something to be seen."""


class Screen(pyte.Screen):
    """A screen that answers no question of the program: none of those driven here waits for an answer."""

    def report_device_status(self, mode: int, **kwargs: bool) -> None:
        """Say nothing."""

    def select_graphic_rendition(self, *attributes: int, private: bool = False) -> None:
        """Take no question of Vim's for a colour."""
        if not private:
            super().select_graphic_rendition(*attributes)


class Terminal:
    """The screen, and keys for the program."""

    def __init__(self, process: asyncio.subprocess.Process, terminal: int) -> None:
        self.process = process
        self._terminal = terminal
        self.screen = Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        asyncio.get_running_loop().add_reader(terminal, self._read)

    def text(self) -> str:
        """Return what is seen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    async def type(self, keys: str) -> None:
        """Press keys, one after another as a fast typist does."""
        for key in keys:
            os.write(self._terminal, key.encode())
            await asyncio.sleep(0.02)

    async def until(self, seen: str | Callable[[str], object]) -> str:
        """Wait until something is seen and return the screen."""
        holds = seen if callable(seen) else lambda text: seen in text
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds(self.text()):  # noqa: ASYNC110 - it happens in another process
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"never seen: {seen}\n{self.text()}") from None
        return self.text()

    async def soon(self, seen: str, seconds: float = 2.0) -> bool:
        """Whether something is seen before so many seconds are over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while seen not in self.text():  # noqa: ASYNC110 - it happens in another process
                    await asyncio.sleep(0.05)
        return seen in self.text()

    def servers(self) -> list[int]:
        """Return the ids of the processes with our name that the program has started and that still run."""
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        started = [int(word) for thread in threads for word in (thread / "children").read_text().split()]
        return [child for child in started if b"tierwise" in Path(f"/proc/{child}/cmdline").read_bytes()]

    def _read(self) -> None:
        try:
            self._stream.feed(os.read(self._terminal, 65536))
        except OSError:
            asyncio.get_running_loop().remove_reader(self._terminal)


def _take_terminal() -> None:
    """Make standard input the terminal of the new session."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@asynccontextmanager
async def opened(command: list[str], env: Mapping[str, str], folder: Path) -> AsyncGenerator[Terminal]:
    """Start a program in a terminal, and end it in the end."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**env, "TERM": "xterm-256color"},
        cwd=folder,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(slave)
    terminal = Terminal(process, master)
    try:
        yield terminal
    finally:
        asyncio.get_running_loop().remove_reader(master)
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(PATIENCE):
            await process.wait()
        os.close(master)
