"""A real Neovim, driven over its own RPC as a user would drive it."""

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgpack

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "clients" / "neovim"
CACHE = Path(os.environ.get("EDITORS_CACHE", ROOT / ".cache" / "editors"))

PATIENCE = 20.0
"""Seconds until a test gives up waiting for something to be seen."""

REQUEST, RESPONSE = 0, 1

GHOST = """
  for name, ns in pairs(vim.api.nvim_get_namespaces()) do
    if name:find('inline_completion') or name == 'tierwise.ghost' then
      for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, ns, 0, -1, { details = true })) do
        local text = ''
        for _, chunk in ipairs(mark[4].virt_text or {}) do text = text .. chunk[1] end
        for _, line in ipairs(mark[4].virt_lines or {}) do
          text = text .. '\\n'
          for _, chunk in ipairs(line) do text = text .. chunk[1] end
        end
        return text
      end
    end
  end
  return ''
"""


class EditorError(Exception):
    """Neovim says that something went wrong."""


class Neovim:
    """One running Neovim; every method returns when Neovim has answered."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._reading = asyncio.create_task(self._read())

    async def ask(self, method: str, *arguments: Any) -> Any:
        """Call an API function; raises ``EditorError``."""
        number = len(self._waiting)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        assert self.process.stdin is not None
        self.process.stdin.write(_packed(number, method, arguments))
        async with asyncio.timeout(PATIENCE):
            return await self._waiting[number]

    async def lua(self, code: str, *arguments: Any) -> Any:
        """Run Lua there and return its result."""
        return await self.ask("nvim_exec_lua", code, arguments)

    async def type(self, keys: str) -> None:
        """Press keys, in Neovim's notation."""
        await self.ask("nvim_input", keys)

    async def command(self, text: str) -> None:
        """Run an ex command."""
        await self.ask("nvim_command", text)

    async def until(self, what: str, code: str, *arguments: Any) -> Any:
        """Wait until Lua returns something that is true, and return it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not (seen := await self.lua(code, *arguments)):  # noqa: ASYNC110 - it happens in another process
                    await asyncio.sleep(0.03)
                return seen
        except TimeoutError:
            messages = await self.lua("return vim.fn.execute('messages')")
            raise AssertionError(f"never seen: {what}\n{await self.text()}\n{messages}") from None

    async def soon(self, code: str, seconds: float = 1.0) -> bool:
        """Return whether Lua returns something that is true within some time."""
        for _ in range(int(seconds / 0.05)):
            if await self.lua(code):
                return True
            await asyncio.sleep(0.05)
        return False

    async def text(self) -> str:
        """Return the current buffer's text."""
        return "\n".join(await self.ask("nvim_buf_get_lines", 0, 0, -1, False))

    async def ghost(self, text: str = "") -> str:
        """Wait for ghost text, or for just this one, and return it."""
        code = f"""
          local wanted, seen = ..., (function() {GHOST} end)()
          return seen ~= '' and (wanted == '' or seen == wanted) and seen
        """
        return await self.until(f"ghost text {text!r}", code, text)

    async def no_ghost(self) -> None:
        """Wait until no ghost text is seen."""
        await self.until("no ghost text", f"return (function() {GHOST} end)() == ''")

    async def open(self, path: Path) -> None:
        """Edit a file and wait until the server has it."""
        await self.command(f"edit {path}")
        await self.until(
            "the server",
            "local c = vim.lsp.get_clients({ name = 'tierwise', bufnr = 0 })[1] return c and c.initialized and true",
        )

    async def close(self) -> None:
        """Leave Neovim without saving, and wait for its end."""
        if self.process.stdin is not None:
            self.process.stdin.write(_packed(len(self._waiting), "nvim_command", ("qa!",)))
        async with asyncio.timeout(PATIENCE):
            await self.process.wait()
        await self._reading

    async def _read(self) -> None:
        unpacker = msgpack.Unpacker(raw=False, unicode_errors="replace")
        assert self.process.stdout is not None
        while data := await self.process.stdout.read(65536):
            unpacker.feed(data)
            for message in unpacker:
                if message[0] == RESPONSE:
                    _, number, error, result = message
                    self._settle(self._waiting[number], error, result)

    def _settle(self, future: "asyncio.Future[Any]", error: Any, result: Any) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(EditorError(str(error)))
        else:
            future.set_result(result)


def _packed(number: int, method: str, arguments: tuple[Any, ...]) -> bytes:
    packed = msgpack.packb([REQUEST, number, method, arguments])
    assert packed is not None
    return packed


def binary(name: str) -> Path:
    """Return the program of ``neovim-0.12`` or ``neovim-0.10``; it must be there: `make editors` fetches it."""
    found = CACHE / name / "nvim"
    assert found.exists(), f"{found} is missing: run `make editors`"
    return found


@asynccontextmanager
async def started(name: str, env: Mapping[str, str], folder: Path, init: Path | None = None) -> AsyncGenerator[Neovim]:
    """Start a Neovim in a folder: with an ``init.lua``, or without anybody's settings and the plugin on its path."""
    pipe = asyncio.subprocess.PIPE
    words = ("--embed", "--headless", "-n", *(("-u", str(init)) if init else ("--clean",)))
    process = await asyncio.create_subprocess_exec(
        str(binary(name)), *words, env=dict(env), cwd=folder, stdin=pipe, stdout=pipe
    )
    editor = Neovim(process)
    try:
        if init is None:
            await editor.lua("vim.opt.runtimepath:prepend(...) vim.cmd.runtime('plugin/tierwise.lua')", str(PLUGIN))
        yield editor
    finally:
        await editor.close()
