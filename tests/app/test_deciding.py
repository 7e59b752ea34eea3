"""From settings to policies and to what checks may do."""

from collections.abc import Sequence
from pathlib import Path

from checks.projects import document
from tierwise import tasks
from tierwise.app.deciding import Proof, policies, sites
from tierwise.app.stock import Stock
from tierwise.core.decision import Decision
from tierwise.core.model import Model, Tier
from tierwise.core.task import Task
from tierwise.providers.catalogue import Catalogue
from tierwise.settings.model import Settings

TIERS = {
    name: Tier(name=name, models=(Model(name=name, provider="p", price=None),)) for name in ("fast", "mid", "frontier")
}
STOCK = Stock(tiers=TIERS, endpoints={}, catalogue=Catalogue.load())


def decided(settings: Settings, task: Task, proof: Proof | None = None, problems: Sequence[str] = ()) -> Decision:
    """Return what the first policy that has a word says."""
    kind = tasks.load(task.kind)
    found = (policy.decide(task, kind, TIERS) for policy in policies(settings, STOCK, proof, None, problems))
    return next(decision for decision in found if decision is not None)


def task(root: Path, kind: str = "implement") -> Task:
    (root / "a.py").write_text("def f(): ...\n")
    return Task(id="t", kind=kind, feature="code_action", document=document(root, "a.py"), facts={"root": str(root)})


def ladder(decision: Decision) -> list[str]:
    return [rung.tier for rung in decision.ladder]


def settings(**tables: object) -> Settings:
    return Settings.model_validate(tables)


def test_in_rules_mode_nobody_climbs(tmp_path: Path) -> None:
    assert ladder(decided(settings(routing={"mode": "rules"}), task(tmp_path))) == ["mid"]


def test_by_default_what_can_be_checked_climbs(tmp_path: Path) -> None:
    decision = decided(Settings(), task(tmp_path))
    assert (decision.policy, ladder(decision)) == ("cascade", ["mid", "frontier"])
    assert decided(Settings(), task(tmp_path, "commit_message")).policy == "rules"


def test_who_decides_in_place_of_a_policy_file_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    problem = "what was learned: learned.json is of version 99, this is version 1."
    for kind in ("implement", "commit_message"):
        plain = decided(Settings(), task(tmp_path, kind))
        told = decided(Settings(), task(tmp_path, kind), problems=[problem])
        assert ladder(told) == ladder(plain)
        assert told.reason == f"{plain.reason} This is without {problem}"


def test_a_rule_of_the_user_s_own_wins_over_the_cascade(tmp_path: Path) -> None:
    own = settings(rules=[{"name": "mine", "tier": "fast", "when": {"kinds": ["implement"]}}])
    assert (decided(own, task(tmp_path)).policy, ladder(decided(own, task(tmp_path)))) == ("rules", ["fast"])


def test_a_pin_wins_over_everything(tmp_path: Path) -> None:
    pinned = settings(tasks={"implement": {"tier": "frontier"}})
    assert decided(pinned, task(tmp_path)).policy == "override"


def test_where_the_project_s_type_checker_is_there_cheaper_tiers_go_first(tmp_path: Path) -> None:
    proof = Proof.look(Settings(), [tmp_path])
    assert ladder(decided(Settings(), task(tmp_path), proof)) == ["mid", "frontier"]
    (tmp_path / "pyrightconfig.json").write_text("{}")
    proof = Proof.look(Settings(), [tmp_path])
    assert ladder(decided(Settings(), task(tmp_path), proof)) == ["fast", "mid", "frontier"]
    off = settings(checks={"types": False})
    assert ladder(decided(off, task(tmp_path), Proof.look(off, [tmp_path]))) == ["mid", "frontier"]


def test_tests_prove_only_where_they_are_switched_on_and_trusted(tmp_path: Path) -> None:
    for checks, proven in (
        ({"run_tests": True}, False),
        ({"trusted_workspaces": [str(tmp_path)]}, False),
        ({"run_tests": True, "trusted_workspaces": [str(tmp_path)]}, True),
    ):
        chosen = settings(checks=checks)
        assert Proof.look(chosen, [tmp_path]).possible(task(tmp_path), tasks.load("implement")) == proven


def test_the_thresholds_of_the_settings_reach_the_rungs(tmp_path: Path) -> None:
    routing = {"accept_at": 0.7, "thresholds": {"implement": {"frontier": 0.9}}}
    decision = decided(settings(routing=routing), task(tmp_path))
    assert [rung.accept_at for rung in decision.ladder] == [0.7, 0.9]


def test_what_checks_may_do_comes_from_the_settings(tmp_path: Path) -> None:
    site = sites(settings(checks={"trusted_workspaces": [str(tmp_path)], "memory_mb": 128}))(task(tmp_path))
    assert (site.trusted, site.allowed.tests, site.allowed.memory) == (True, False, 128 << 20)
