"""Draws ``docs/neovim.svg``: a real Neovim with ghost text, from a real run.

In a checkout, after `make editors`: ``PYTHONPATH=tests python -m editors.neovim_picture``.
"""

import asyncio
import io
import sys
import tempfile
from itertools import groupby
from pathlib import Path

from pyte.screens import Char
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

from desk import TIERS, environment
from tierwise.demo.picture import FORMAT
from tierwise.rehearsal import Cue, Line, Rehearsal

from .nvim import PLUGIN, ROOT, binary
from .terminal import COLUMNS, Terminal, opened

SHOP = '''"""Prices in cents."""


def net(gross: int, rate: int) -> int:
    """Return the price without tax."""
    return gross - gross * rate // 100


def total(prices: list[int], rate: int, rebate: int = 0) -> int:
    """Return the sum of the prices without tax, less the rebate."""
'''
ANSWER = "subtotal = sum(net(price, rate) for price in prices)\n    return max(0, subtotal - rebate)"
SETTINGS = f"""
vim.opt.runtimepath:prepend('{PLUGIN}')
vim.cmd.runtime('plugin/tierwise.lua')
vim.o.swapfile, vim.o.ruler, vim.o.number, vim.o.termguicolors = false, false, true, true
vim.o.background = 'dark'
vim.o.statusline = " %f %m %= %{{v:lua.require'tierwise'.statusline()}} "
require('tierwise').setup({{ cmd = {{ '{sys.executable}', '-m', 'tierwise', 'lsp' }} }})
"""


def script(cue: Cue) -> Line:
    """Suggest the body, in the end."""
    return Line(text=ANSWER)


def _color(name: str) -> Color | None:
    if name == "default":
        return None
    return Color.parse(f"#{name}" if len(name) == 6 and all(c in "0123456789abcdef" for c in name) else "white")


def _style(char: Char) -> Style:
    return Style(
        color=_color(char.fg), bgcolor=_color(char.bg), bold=char.bold, italic=char.italics, reverse=char.reverse
    )


def svg(terminal: Terminal) -> str:
    """Return the screen as a picture, without most of the rows that hold nothing."""
    console = Console(record=True, width=COLUMNS, force_terminal=True, color_system="truecolor", file=io.StringIO())
    frame = FORMAT.replace("A session of tierwise demo", "Ghost text in Neovim")
    lines = terminal.screen.display
    for row in [number for number, line in enumerate(lines) if line.strip() != "~" or lines[number - 1].strip() != "~"]:
        line = Text()
        chars = [terminal.screen.buffer[row][column] for column in range(COLUMNS)]
        for style, run in groupby(chars, _style):
            line.append("".join(char.data for char in run), style)
        console.print(line, no_wrap=True)
    return console.export_svg(title="Neovim with Tierwise", code_format=frame, unique_id="neovim")


async def main() -> None:
    """Type until ghost text is seen, and draw it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "shop/.git").mkdir(parents=True)
        (home / "shop/prices.py").write_text(SHOP)
        (home / "init.lua").write_text(SETTINGS)
        (home / "config.toml").write_text(TIERS)
        async with Rehearsal(script) as vendors:
            env = environment(vendors, home, TIERS)
            command = [str(binary("neovim-0.12")), "--clean", "-u", str(home / "init.lua"), "prices.py"]
            async with opened(command, env, home / "shop") as terminal:
                await terminal.until("Prices")
                await asyncio.sleep(3)
                await terminal.type("Go")
                await terminal.until("return max(0, subtotal - rebate)")
                await terminal.until("tierwise fast ")
                (ROOT / "docs/neovim.svg").write_text(svg(terminal))
                await terminal.type("\x1b:qa!\r")


if __name__ == "__main__":
    asyncio.run(main())
