"""What the learned policy knows survives the process, and editors add to one file."""

import asyncio
from pathlib import Path

import pytest

from policies.test_learned import KIND, TIERS, attempt, learned_world, task
from tierwise.app.learning import Learning
from tierwise.core.decision import Decision
from tierwise.core.outcome import Outcome
from tierwise.policies.learning.file import save
from tierwise.settings.model import Settings

PATIENCE = 15.0
SETTINGS = Settings.model_validate({"routing": {"mode": "learned"}})


async def test_what_one_process_learned_the_next_one_knows(tmp_path: Path) -> None:
    path = tmp_path / "learned.json"
    first = Learning(path, SETTINGS)
    first.policy.memory.density[3] += 2
    await first.close()
    assert Learning(path, SETTINGS).policy.memory.density[3] == 2


async def test_two_editors_add_to_one_file(tmp_path: Path) -> None:
    path = tmp_path / "learned.json"
    one, two = Learning(path, SETTINGS), Learning(path, SETTINGS)
    one.policy.memory.density[3] += 2
    two.policy.memory.density[3] += 5
    await one.close()
    await two.close()
    assert Learning(path, SETTINGS).policy.memory.density[3] == 7


async def test_sharing_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "learned.json"
    learning = Learning(path, SETTINGS)
    learning.policy.memory.density[3] += 2
    for _ in range(2):
        await learning.exchange()
    assert Learning(path, SETTINGS).policy.memory.density[3] == 2


async def test_editors_that_go_on_working_learn_from_each_other(tmp_path: Path) -> None:
    """Nothing counts twice, however often they exchange."""
    one, two = (Learning(tmp_path / "learned.json", SETTINGS) for _ in range(2))
    for gained in (2, 1):
        one.policy.memory.density[3] += gained
        two.policy.memory.density[4] += 5 * gained
        for editor in (one, two, one, two):
            await editor.exchange()
        assert one.policy.memory.density[3:5] == pytest.approx(two.policy.memory.density[3:5])
    assert one.policy.memory.density[3:5] == pytest.approx([3, 15])
    await one.close()
    await two.close()
    assert Learning(tmp_path / "learned.json", SETTINGS).policy.memory.density[3:5] == pytest.approx([3, 15])


@pytest.mark.parametrize(
    ("budget", "hourly"), [({"day": 8.0}, 1.0), ({"day": 8.0, "pace": 4.0}, 2.0), ({"day": 80.0, "month": 88.0}, 0.5)]
)
def test_a_limit_paces_what_is_spent(budget: dict[str, float], hourly: float) -> None:
    found = Learning(None, Settings.model_validate({"budget": budget})).policy.pace
    assert found is not None
    assert found.rate * 3600 == pytest.approx(hourly)
    assert Learning(None, SETTINGS).policy.pace is None


@pytest.mark.parametrize("content", ["no json", '{"format": "tierwise-policy", "version": 99}'])
async def test_a_file_that_cannot_be_read_is_kept_and_told_and_routing_starts_from_the_rules(
    tmp_path: Path, content: str
) -> None:
    path, told = tmp_path / "learned.json", list[str]()
    path.write_text(content)
    learning = Learning(path, SETTINGS, told.append)
    assert learning.policy.memory.tasks == 0
    learning.policy.memory.density[3] += 1
    await learning.close()
    assert path.read_text() == content
    (line,) = told
    assert line.startswith(f"Tierwise routes without what was learned: {path} is ")
    assert "`tierwise tune --ledger --apply` learns it anew" in line


def with_team(path: Path) -> Settings:
    return Settings.model_validate({"routing": {"team_policy": str(path)}})


def test_a_new_user_starts_from_the_team_s_record(tmp_path: Path) -> None:
    save(tmp_path / "team.json", learned_world())
    policy = Learning(None, with_team(tmp_path / "team.json")).policy
    decision = policy.decide(task(), KIND, TIERS)
    assert decision is not None
    assert "(the team's record)" in decision.reason
    assert Learning(None, SETTINGS).policy.decide(task(), KIND, TIERS) is None


async def test_the_team_s_record_does_not_get_into_the_user_s_file(tmp_path: Path) -> None:
    save(tmp_path / "team.json", learned_world())
    learning = Learning(tmp_path / "learned.json", with_team(tmp_path / "team.json"))
    learning.policy.decide(task(), KIND, TIERS)
    learning.policy.memory.density[3] += 2
    await learning.close()
    assert Learning(tmp_path / "learned.json", SETTINGS).policy.memory.tasks == pytest.approx(2)


@pytest.mark.parametrize("content", [None, "no json", '{"format": "tierwise-policy", "version": 99}'])
def test_a_team_s_file_that_cannot_be_used_is_told_and_left(tmp_path: Path, content: str | None) -> None:
    told: list[str] = []
    if content is not None:
        (tmp_path / "team.json").write_text(content)
    learning = Learning(None, with_team(tmp_path / "team.json"), told.append)
    assert [level.name for level in learning.policy.levels.behind] == ["bundled"]
    (line,) = told
    assert line.startswith("Tierwise routes without the team's policy: ")
    assert str(tmp_path / "team.json") in line


async def test_who_only_looks_on_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "learned.json"
    save(path, learned_world())
    before = path.read_bytes()
    learning = Learning(path, SETTINGS, shared=False)
    learning.policy.memory.density[3] += 2
    await learning.close()
    assert path.read_bytes() == before


async def test_what_is_learned_is_shared_without_being_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "learned.json"
    learning = Learning(path, SETTINGS)
    learning.policy.decide(task(), KIND, TIERS)
    decision = Decision(policy="cascade", ladder=(), reason="")
    attempts = (attempt("fast", passed=True, accepted=True),)
    learning.policy.learn(Outcome(task=task(), decision=decision, attempts=attempts))
    async with asyncio.timeout(PATIENCE):
        while not path.exists():  # noqa: ASYNC110 - a thread writes it
            await asyncio.sleep(0.01)
    await learning.close()
    assert Learning(path, SETTINGS).policy.memory.tasks > 0
