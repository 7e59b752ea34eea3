"""A workspace, rehearsed vendors and an engine between them, for tests and benchmarks of scans."""

import json
import os
import re
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tierwise.app.building import Building, Plan, build
from tierwise.findings.asking import Asker
from tierwise.findings.finding import CONCERNS, Concern
from tierwise.findings.plan import Interest, plan
from tierwise.findings.plan import Plan as ScanPlan
from tierwise.findings.scan import Purse, Report, Scan
from tierwise.findings.store import Store
from tierwise.findings.survey import Survey, path_of
from tierwise.rehearsal import Cue, Line, Rehearsal
from tierwise.workspace.ignore import Gate

TIERS = """\
[tiers.fast]
models = ["anthropic/claude-haiku-5-5"]
[tiers.mid]
models = ["anthropic/claude-sonnet-5-5"]
[tiers.frontier]
models = ["anthropic/claude-opus-5-5"]
"""

_NUMBERED = re.compile(r"^(\d+)\| (.*)$", re.MULTILINE)
_SUSPECT = re.compile(r"^(\d+)\. line (\d+), (\w+), (\w+): (.*)$", re.MULTILINE)


def is_first(cue: Cue) -> bool:
    """Whether this is the first stage's question."""
    return "The parts to look at" in cue.prompt


def suspects(*found: Mapping[str, Any]) -> Line:
    """Return the first stage's reply with these suspects; what they leave out is filled in."""
    usual = {"line": 1, "concern": "bug", "severity": "warning", "title": "Wrong", "why": "It is."}
    return Line(text=json.dumps({"suspects": [{**usual, **each} for each in found]}))


def verdicts(*found: Mapping[str, Any]) -> Line:
    """Return the second stage's reply."""
    usual = {"suspect": 1, "real": True, "line": 1, "concern": "bug", "severity": "error", "title": "Truly wrong"}
    rest = {"detail": "Because.", "cwe": None, "tag": "none", "related": [], "quote": ""}
    return Line(text=json.dumps({"verdicts": [{**usual, **rest, **each} for each in found]}))


def marking(mark: str, real: Callable[[str], bool] = lambda _line: True, concern: str = "bug") -> Callable[[Cue], Line]:
    """Return a script that suspects every shown line with the mark and confirms those that are ``real``."""

    def script(cue: Cue) -> Line:
        if is_first(cue):
            parts = cue.prompt.split("The parts to look at", 1)[1]
            return suspects(
                *(
                    {
                        "line": int(number),
                        "quote": line.strip(),
                        "title": f"Suspicious: {line.strip()}",
                        "concern": concern,
                    }
                    for number, line in _NUMBERED.findall(parts)
                    if mark in line
                )
            )
        listed = cue.prompt.rsplit("The suspects:", 1)[1]
        found: list[Mapping[str, Any]] = []
        for number, line, said_concern, _severity, title in _SUSPECT.findall(listed):
            quote = title.removeprefix("Suspicious: ")
            said = {"suspect": int(number), "line": int(line), "quote": quote, "concern": said_concern, "title": title}
            found.append({**said, "real": real(quote)})
        return verdicts(*found)

    return script


@dataclass(slots=True)
class Bench:
    """A folder with code and what is needed to scan it."""

    root: Path
    building: Building
    vendors: Rehearsal
    store: Store
    env: dict[str, str]

    async def restart(self) -> None:
        """Close everything but the vendors and open it again, as another process would."""
        await self.building.close()
        self.building = await build(Plan.load(env=self.env, roots=(self.root,)))

    def write(self, name: str, text: str) -> Path:
        """Write a file of the workspace."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def plan(
        self, concerns: Iterable[Concern] = CONCERNS, interest: Interest | None = None, paths: list[Path] | None = None
    ) -> ScanPlan:
        """Return what a scan would ask."""
        return plan(Survey(Gate((self.root,))), self.store, tuple(concerns), interest or Interest(), paths)

    def asker(self, concerns: Iterable[Concern] = CONCERNS) -> Asker:
        """Return who asks."""
        return Asker(
            engine=self.building.engine, concerns=tuple(concerns), root=str(self.root), outcomes=lambda _outcome: None
        )

    def scan(self, planned: ScanPlan | None = None, concerns: Iterable[Concern] = CONCERNS, **rest: Any) -> Scan:
        """Return a scan that was not begun."""
        survey = Survey(Gate((self.root,)))
        return Scan(
            plan=planned or self.plan(concerns),
            store=self.store,
            asker=self.asker(concerns),
            read=lambda uri: survey.document(path_of(uri)),
            **{"purse": Purse(), **rest},
        )

    async def run(self, **rest: Any) -> Report:
        """Scan the workspace."""
        return await self.scan(**rest).run()


@asynccontextmanager
async def bench(home: Path, script: Callable[[Cue], Line], config: str = TIERS) -> AsyncGenerator[Bench]:
    """Open a folder beside rehearsed vendors that speak by the script."""
    root = home / "project"
    root.mkdir(parents=True)
    (home / "config.toml").write_text(config, "utf-8")
    async with Rehearsal(script) as vendors:
        env = {
            **os.environ,
            "TIERWISE_DATA_DIR": str(home / "data"),
            "TIERWISE_CONFIG": str(home / "config.toml"),
            "ANTHROPIC_API_KEY": "sk-test",
            "ANTHROPIC_BASE_URL": vendors.url_anthropic,
        }
        building = await build(Plan.load(env=env, roots=(root,)))
        here = Bench(root, building, vendors, Store(home / "data" / "findings.sqlite3"), env)
        try:
            yield here
        finally:
            await here.building.close()
            here.store.close()
