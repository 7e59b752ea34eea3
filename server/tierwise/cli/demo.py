"""Show a real editing session through the real server, without any key.

Opens files of a project as an editor would, types, asks for completions, hovers, takes code actions, and shows each
request's tier, model, reason, time and cost. Nothing in the project is changed. With ``--live`` your own models answer.
"""

import argparse
import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from tierwise.core.model import Model
    from tierwise.demo.stage import Scene

SCENES = 3
PIPED_WIDTH = 112
"""Columns of output that goes to a file or a picture."""


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the project and who answers."""
    parser.add_argument("path", nargs="?", type=Path, help="a project's folder (this one by default)")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="also save what is shown, as an SVG picture")
    parser.add_argument("--live", action="store_true", help="let your own models answer: costs a fraction of a cent")


def run(args: argparse.Namespace) -> int:
    """Play the session; 1 where there is nothing to play it on or with."""
    from rich.console import Console

    from tierwise.demo.stage import NoStageError, default_root, find

    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH, record=bool(args.picture))
    root = (args.path or default_root()).resolve()
    try:
        scenes = find(root, SCENES)
    except NoStageError as error:
        print(f"tierwise demo: {error}", file=sys.stderr)
        return 1
    code = asyncio.run(_live(console, root, scenes) if args.live else _rehearsed(console, root, scenes))
    if args.picture:
        from tierwise.demo.picture import save

        save(console, args.picture)
    return code


async def _rehearsed(console: "Console", root: Path, scenes: "list[Scene]") -> int:
    from tierwise.demo.vendors import CONFIG, Cast, billed, environment
    from tierwise.providers.catalogue import Catalogue
    from tierwise.rehearsal import Rehearsal
    from tierwise.settings.paths import CONFIG as CONFIG_VARIABLE
    from tierwise.settings.paths import DATA_DIR, demo_dir

    home = demo_dir()
    shutil.rmtree(home, ignore_errors=True)  # each demo starts with an empty ledger of its own
    home.mkdir(parents=True, mode=0o700)
    (home / "config.toml").write_text(CONFIG, "utf-8")
    console.print(
        "[bold]Tierwise[/bold], a session without keys. The models' [bold]texts are rehearsed[/bold]; everything else "
        "is real: the server process, the protocol, the vendors' own SDKs over HTTP, routing, checks, prices, ledger."
    )
    _offer_live(console)
    cast = Cast()
    async with Rehearsal(cast) as vendors:
        env = {**_without_keys(), **environment(vendors)}
        env |= {DATA_DIR: str(home), CONFIG_VARIABLE: str(home / "config.toml")}
        await _perform(console, root, scenes, env, cast)
        catalogue = Catalogue.load()
        names = {request.model for request in vendors.requests}
        models = {name: catalogue.find("anthropic" if "claude" in name else "openai", "", name) for name in names}
        bill, calls = billed(vendors.requests, models), len(vendors.requests)
    ledger = home / "ledger.sqlite3"
    _report(console, ledger, catalogue.find("anthropic", "anthropic", "claude-opus-5-5"))
    _reconcile(console, ledger, bill, calls)
    return 0


async def _live(console: "Console", root: Path, scenes: "list[Scene]") -> int:
    from tierwise.app.building import Plan
    from tierwise.app.stock import take_stock
    from tierwise.demo.vendors import Cast
    from tierwise.settings.paths import ledger_file

    plan = Plan.load(env=os.environ, roots=(root,))
    stock = await take_stock(plan.settings, os.environ)
    if not stock.has_models:
        print("tierwise demo: no model is configured; `tierwise doctor` says how to get one.", file=sys.stderr)
        return 1
    console.print("[bold]Tierwise[/bold], a session with your own models; what they cost goes to your ledger.")
    await _perform(console, root, scenes, dict(os.environ), Cast())
    dearest = [tier.models[0] for tier in stock.tiers.values() if tier.models][-1]
    _report(console, ledger_file(plan.settings.ledger.path), dearest)
    return 0


async def _perform(console: "Console", root: Path, scenes: "list[Scene]", env: dict[str, str], cast: object) -> None:
    from tierwise.demo.editor import Editor
    from tierwise.demo.play import play
    from tierwise.demo.show import Screen
    from tierwise.demo.stage import refrain

    editor = Editor(root)
    answered = await editor.start(env)
    screen = Screen(console, env)
    console.print(f"Project {root.name}. The server answered [bold]initialize[/bold] after {answered * 1000:.0f} ms.\n")
    async for act in play(editor, scenes, cast, refrain(root)):  # type: ignore[arg-type]  # without a rehearsal the cast says nothing
        screen.show(act)
    await editor.stop()
    for message in editor.messages:
        console.print(f"[yellow]The user was told once:[/yellow] {message}", markup=True)


def _report(console: "Console", ledger: Path, frontier: "Model | None") -> None:
    from tierwise.cli import _report_tables
    from tierwise.ledger.report import report

    console.rule("tierwise report", style="dim")
    _report_tables.show(report(ledger, frontier=frontier), ("tier",), ledger, console)


def _reconcile(console: "Console", ledger: Path, bill: float, calls: int) -> None:
    from tierwise.ledger.report import report

    booked = report(ledger).total
    guessed = f" ({booked.estimated} of them broken off, so their tokens are our estimate)" if booked.estimated else ""
    console.print(
        f"The rehearsed vendors counted {calls} calls and ${bill:.6f}; the ledger {booked.calls} calls{guessed} and "
        f"${booked.cost:.6f}."
    )
    console.print(
        "[dim]Ask again: tierwise why --last 5, tierwise report --json. With a key: tierwise demo --live[/dim]"
    )


def _without_keys() -> dict[str, str]:
    """Return the environment without what could reach a real vendor."""
    from tierwise.providers.discovery import ADDRESSES, KEYS

    hidden = {*ADDRESSES.values(), *(name for names in KEYS.values() for name in names), "OLLAMA_HOST"}
    return {name: value for name, value in os.environ.items() if name not in hidden}


def _offer_live(console: "Console") -> None:
    from tierwise.providers.discovery import KEYS

    there = [name for names in KEYS.values() for name in names if os.environ.get(name)]
    if there:
        console.print(f"[green]{', '.join(there)} is set:[/green] `tierwise demo --live` lets your own models answer.")
