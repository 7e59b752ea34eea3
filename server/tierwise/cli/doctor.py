"""Check settings, keys, models, endpoints and the ledger, and say what to do about what is wrong.

Asks each configured endpoint one question of a few tokens only with ``--ask``; otherwise no model is called.
``--json`` prints ``[{"part", "ok", "said"}]``.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tierwise.app.building import Plan
    from tierwise.app.stock import Stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the doctor says of one part."""

    part: str
    ok: bool
    said: str


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the form of the output and whether to ask."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--ask", action="store_true", help="ask the first model of each tier for one word (costs a few tokens)"
    )


def run(args: argparse.Namespace) -> int:
    """Print the findings; 1 where something is wrong."""
    findings = asyncio.run(_examine(ask=args.ask))
    if args.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        _show(findings)
    return 0 if all(finding.ok for finding in findings) else 1


async def _examine(*, ask: bool) -> list[Finding]:
    from tierwise import __version__
    from tierwise.app.building import Plan
    from tierwise.app.stock import take_stock

    plan = Plan.load(env=os.environ, roots=(Path.cwd(),))
    stock = await take_stock(plan.settings, os.environ)
    python = ".".join(map(str, sys.version_info[:3]))
    findings = [Finding(part="tierwise", ok=True, said=f"{__version__} on Python {python}, {sys.executable}")]
    findings += _settings(plan)
    findings += [Finding(part="found", ok=True, said=sentence) for sentence in stock.found]
    findings += [Finding(part="missing", ok=stock.has_models, said=sentence) for sentence in stock.missing]
    findings.append(_ledger(plan))
    if ask:
        findings += [finding async for finding in _answers(stock)]
    return findings


def _settings(plan: "Plan") -> list[Finding]:
    from tierwise.settings.paths import config_file

    if plan.problems:
        return [Finding(part="settings", ok=False, said=str(problem)) for problem in plan.problems]
    path = config_file()
    there = "read without complaint" if path.exists() else "not there, and not needed"
    return [Finding(part="settings", ok=True, said=f"{path} is {there}.")]


def _ledger(plan: "Plan") -> Finding:
    from tierwise.ledger.file import reading
    from tierwise.settings.paths import ledger_file

    if not plan.settings.ledger.enabled:
        return Finding(part="ledger", ok=True, said="switched off: there are no reports.")
    path = ledger_file(plan.settings.ledger.path)
    if not path.exists():
        return Finding(part="ledger", ok=True, said=f"{path} will be made with the first request.")
    try:
        with reading(path) as connection:
            requests = connection.execute("SELECT count(*) FROM requests").fetchone()[0]
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the file is what the doctor is asked to tell
        return Finding(part="ledger", ok=False, said=f"{path}: {error}")
    return Finding(part="ledger", ok=True, said=f"{path} holds {requests:,} requests.")


async def _answers(stock: "Stock") -> AsyncIterator[Finding]:
    from tierwise.core.exchange import Exchange
    from tierwise.core.prompt import Chat, Limits, Message
    from tierwise.core.reply import ProviderError
    from tierwise.engine import Pool

    pool = Pool(stock.endpoints)
    prompt = Chat(
        system="", messages=(Message(role="user", text="Reply with the word yes."),), limits=Limits(max_tokens=8)
    )
    for name, tier in stock.tiers.items():
        for model in tier.models[:1]:
            exchange = Exchange(model=model, prompt=prompt)
            try:
                await (await pool.provider(model.provider)).ask(exchange)
            except ProviderError as error:
                yield Finding(part=name, ok=False, said=f"{model.ref}: {error.failure.message}")
                continue
            first = (exchange.first_token or 0) * 1000
            yield Finding(part=name, ok=True, said=f"{model.ref} answered; first token after {first:.0f} ms.")
    await pool.close()


def _show(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in findings:
        mark = "[green]ok[/green]" if finding.ok else "[red]!![/red]"
        table.add_row(mark, finding.part, finding.said.replace("[", "\\["))
    Console().print(table)
