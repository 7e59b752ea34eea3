"""A refactoring over files whose parts are right one by one and wrong together."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from projects import PYTHON, write
from tierwise import checks, tasks
from tierwise.checks import Check, Trial, passed
from tierwise.core.document import Document
from tierwise.core.model import Model, Price, Tier
from tierwise.core.options import Overrides
from tierwise.core.outcome import Place, Verdict
from tierwise.core.text import Span, Text
from tierwise.engine import Engine, EngineParts, Pool
from tierwise.features import work
from tierwise.features.refactoring import refactor
from tierwise.features.steps import Steps
from tierwise.ledger.nothing import Nothing
from tierwise.lsp.progress import Progress
from tierwise.policies.rules import Rule, Rules
from tierwise.providers import Endpoint
from tierwise.providers.fake import Fake
from tierwise.rehearsal import Cue, Line

ENDPOINT = Endpoint(name="fake", type="fake")
PRICE = Price(input=1.0, output=5.0, cache_read=0.1, cache_write=1.25, as_of="2026-11-23")

PLAN = {
    "need": [],
    "plan": "Rename net to without_tax.",
    "changes": [{"path": f"shop/{name}.py", "what": "Rename."} for name in ("prices", "orders")],
    "rename": [],
    "delete": [],
}


def block(path: str, search: str, new: str) -> str:
    return f"{path}\n<<<<<<< SEARCH\n{search}\n=======\n{new}\n>>>>>>> REPLACE\n"


PRICES = block("shop/prices.py", "def net(gross, rate):", "def without_tax(gross, rate):")
HALF = block("shop/orders.py", "            x += net(line, 20)", "            x += net(line, 19)")
WHOLE = block("shop/orders.py", "from shop.prices import net", "from shop.prices import without_tax") + block(
    "shop/orders.py", "            x += net(line, 20)", "            x += without_tax(line, 20)"
)


class Agree:
    """Fails where one file still imports what another one no longer defines: what a type checker would say."""

    async def check(self, trial: Trial) -> Verdict:
        stale = [uri for uri, text in trial.after.items() if "import net" in str(text)]
        gone = any("def without_tax" in str(text) for text in trial.after.values())
        if not (stale and gone):
            return passed("types")
        return Verdict(
            check="types", passed=False, score=0.0, reason="net is not defined", places=(Place(uri=stale[0]),)
        )


def load(name: str) -> Check:
    return Agree() if name == "types" else checks.load(name)


class Shop:
    """The engine on scripted models, and what each was asked."""

    def __init__(self, root: Path, orders: Mapping[str, str]) -> None:
        self.asked: list[tuple[str, str]] = []
        self.root = root

        def script(cue: Cue) -> Line:
            self.asked.append((cue.model, cue.prompt))
            if "You plan refactorings" in cue.prompt:
                return Line(text=json.dumps(PLAN))
            return Line(text=PRICES if "Your file: shop/prices.py" in cue.prompt else orders[cue.model])

        names = ("fast", "mid", "frontier")
        tiers = {name: Tier(name=name, models=(Model(name=name, provider="fake", price=PRICE),)) for name in names}
        self.engine = Engine(
            EngineParts(
                kinds=tasks.load,
                policies=(Rules([_at_home(name) for name in names]),),
                tiers=tiers,
                pool=Pool({"fake": ENDPOINT}, {"fake": Fake(ENDPOINT, script)}),
                ledger=Nothing(),
                overrides=Overrides(),
                checks=load,
            )
        )

    async def refactor(self) -> dict[str, str]:
        """Return the new texts by name."""
        from tierwise.engine.shape import applied, texts

        path = self.root / "shop/prices.py"
        document = Document(uri=path.as_uri(), version=None, language="python", text=Text.of(path.read_text()))
        order = work.Order(
            kind="refactor_files",
            feature="command",
            document=document,
            span=Span.at(0, 0),
            instruction="Rename net to without_tax.",
        )
        steps = Steps(Progress(lambda _method, _params: None, None))
        done = await refactor(self.engine, order, work.ground(self.engine, self.root, {}, {}), steps)
        after = applied(done.edits, texts(done.task))
        return {uri.rpartition("/")[2]: str(text) for uri, text in after.items()}


def _at_home(tier: str) -> Rule:
    return Rule(name=tier, ladder=(tier,), reason="Home.", any_of={"belongs": (tier,)}, over={}, under={})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(PYTHON, tmp_path)
    return tmp_path


async def test_only_the_file_that_breaks_the_whole_climbs_and_is_told_why(root: Path) -> None:
    shop = Shop(root, {"mid": HALF, "frontier": WHOLE})
    after = await shop.refactor()
    assert "x += without_tax(line, 20)" in after["orders.py"]
    assert "def without_tax" in after["prices.py"]
    assert [model for model, _ in shop.asked] == ["frontier", "mid", "mid", "frontier"]
    last = shop.asked[-1][1]
    assert "Your file: shop/orders.py" in last
    assert "It failed the check types: net is not defined" in last


async def test_a_whole_that_fails_again_is_given_to_nobody(root: Path) -> None:
    shop = Shop(root, {"mid": HALF, "frontier": HALF})
    with pytest.raises(work.UndoableError, match="The whole did not pass its checks: types: net is not defined"):
        await shop.refactor()


async def test_a_whole_that_is_right_at_once_costs_no_second_round(root: Path) -> None:
    shop = Shop(root, {"mid": WHOLE})
    await shop.refactor()
    assert [model for model, _ in shop.asked] == ["frontier", "mid", "mid"]
