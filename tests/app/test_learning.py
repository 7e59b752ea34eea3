"""What the learned policy knows survives the process, and editors add to one file."""

from pathlib import Path

from tierwise.app.learning import Learning
from tierwise.settings.model import Settings

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
    learning.share()
    learning.share()
    assert Learning(path, SETTINGS).policy.memory.density[3] == 2


async def test_a_damaged_file_is_kept_and_routing_starts_from_the_rules(tmp_path: Path) -> None:
    path = tmp_path / "learned.json"
    path.write_text("no json")
    learning = Learning(path, SETTINGS)
    assert learning.policy.memory.tasks == 0
    learning.policy.memory.density[3] += 1
    await learning.close()
    assert path.read_text() == "no json"
