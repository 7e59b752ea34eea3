"""The units of the extension, run by the extension host of a real VS Code with two folders open."""

import asyncio
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from vscode import ROOT, STARTING, VSIX, vscode

pytestmark = pytest.mark.editor

EXTENSION = ROOT / "vscode-extension"
FILES = {"one/a.py": "", "two/b.py": ""}


async def test_every_unit_does_as_its_test_says(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    workspace = tmp_path / "two.code-workspace"
    workspace.write_text(json.dumps({"folders": [{"path": f"project/{name}"} for name in ("one", "two")]}), "utf-8")
    variables = {
        "TIERWISE_UNITS": str(told),
        "TIERWISE_WHEELS": str(EXTENSION / "dist" / "server"),
        "TIERWISE_UV": str(ROOT / ".venv" / "bin"),
    }
    units = {"extension": str(EXTENSION), "module": str(EXTENSION / "dist" / "units.js")}
    machine = {"tierwise.server.path": str(ROOT / ".venv/bin/tierwise")}
    beside = {"workspace": str(workspace), "units": units}
    async with vscode(tmp_path, FILES, machine=machine, keys=variables, beside=beside) as code:
        async with asyncio.timeout(STARTING):
            while not told.exists() or not told.read_text("utf-8"):  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.2)
        await code.do("picture", "units")
    results: dict[str, str] = json.loads(told.read_text("utf-8"))
    assert len(results) > 10
    assert {name: result for name, result in results.items() if result != "passed"} == {}


def test_the_package_is_small_and_holds_nothing_but_what_a_user_needs() -> None:
    assert VSIX.stat().st_size < 3_000_000
    with ZipFile(VSIX) as package:
        names = {name.removeprefix("extension/") for name in package.namelist() if name.startswith("extension/")}
    kinds = {name.partition("/")[0].lower() for name in names}
    assert kinds == {"package.json", "readme.md", "changelog.md", "license.txt", "dist", "media"}
    assert {name for name in names if name.startswith("dist/") and not name.endswith(".whl")} == {
        "dist/extension.js",
        "dist/icon.png",
    }
