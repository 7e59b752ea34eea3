"""The ways of installing the plugin that its help names, in real Neovims."""

import os
import re
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from desk import TIERS, environment
from tierwise.rehearsal import Rehearsal

from .nvim import PLUGIN, ROOT, Neovim, started
from .seat import VERSIONS, script

pytestmark = pytest.mark.editor

HELP = (PLUGIN / "doc" / "tierwise.txt").read_text("utf-8")
SETUP = f"require('tierwise').setup({{ cmd = {{ '{sys.executable}', '-m', 'tierwise', 'lsp' }} }})"


@asynccontextmanager
async def installed(version: str, home: Path, linked: dict[str, Path], init: str) -> AsyncGenerator[Neovim]:
    """Start a Neovim whose user has linked folders below his ``site`` and written an ``init.lua``."""
    project = home / "project"
    (project / ".git").mkdir(parents=True)
    for name, target in linked.items():
        place = home / "share/nvim/site" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
    (home / "init.lua").write_text(init)
    (home / "config.toml").write_text(TIERS)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    places = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "STATE", "CACHE")}
    async with Rehearsal(script) as vendors:
        env = {**environment(vendors, home, TIERS), **places, "XDG_DATA_HOME": str(home / "share"), "PATH": path}
        async with started(version, env, project, home / "init.lua") as nvim:
            yield nvim


async def typed(nvim: Neovim, home: Path) -> None:
    """See ghost text in a new file."""
    await nvim.open(home / "project/sum.py")
    await nvim.type("idef add(a, b):<CR>")
    await nvim.ghost("return a + b")


@pytest.mark.parametrize("version", VERSIONS)
async def test_as_a_native_package(version: str, tmp_path: Path) -> None:
    """The folder may not be written to: help tags are made of a copy of the help."""
    copy = tmp_path / "plugin"
    copy.mkdir()
    for part in PLUGIN.iterdir():
        (copy / part.name).symlink_to(part)
    (copy / "doc").unlink()
    (copy / "doc").mkdir()
    (copy / "doc/tierwise.txt").write_text(HELP)
    async with installed(version, tmp_path, {"pack/tierwise/start/tierwise": copy}, SETUP) as nvim:
        await nvim.command("helptags ALL")
        await nvim.command("help :Tierwise")
        assert await nvim.lua("return vim.fn.expand('%:t')") == "tierwise.txt"
        await nvim.command("helpclose")
        await typed(nvim, tmp_path)


async def test_by_the_configuration_alone(tmp_path: Path) -> None:
    """From 0.11 on ``vim.lsp.enable`` is all it takes, and from 0.12 on Neovim itself draws ghost text."""
    init = "vim.lsp.enable('tierwise') vim.lsp.inline_completion.enable(true)"
    async with installed("neovim-0.12", tmp_path, {"pack/tierwise/start/tierwise": PLUGIN}, init) as nvim:
        await typed(nvim, tmp_path)


async def test_by_mini_deps(tmp_path: Path) -> None:
    """What it does is played: it puts the repository below ``pack/deps/opt``."""
    found = re.search(r"mini\.deps .*?>lua\n(.*?)\n<", HELP, re.DOTALL)
    assert found
    init = f"MiniDeps = {{ add = function() end }}\n{found[1]}\n{SETUP}"
    async with installed("neovim-0.12", tmp_path, {"pack/deps/opt/tierwise": ROOT}, init) as nvim:
        assert await nvim.lua("return vim.fn.exists(':Tierwise')") == 2
        await typed(nvim, tmp_path)
