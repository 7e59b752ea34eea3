"""Where code may go, for every piece of a request; and what leaves is without its secrets."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from engine.house import PRICE, House, build, ladder, tiers
from tierwise.core.document import Document
from tierwise.core.model import Model, Tier
from tierwise.core.outcome import Outcome
from tierwise.core.prompt import Chat, Fim, Limits, Message
from tierwise.core.task import Snippet, Task
from tierwise.core.text import Span, Text
from tierwise.engine import Engine
from tierwise.engine.masking import Mask
from tierwise.engine.privacy import Privacy, Rule
from tierwise.ledger.history import history

AWAY = Model(name="away", provider="vendor", price=PRICE)
HOME = Model(name="home", provider="ollama", price=PRICE)
KEY = "sk-ant-api03-0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV"


def privacy(root: Path, rules: Sequence[Rule] = ()) -> Privacy:
    return Privacy((root,), lambda model: model.provider == "ollama", rules)


def rule(*paths: str, local_only: bool = False, never: tuple[str, ...] = ()) -> Rule:
    return Rule(
        paths=GitIgnoreSpec.from_lines(paths), local_only=local_only, never=frozenset(never), why="a rule of yours"
    )


def task(root: Path, name: str = "a.py", neighbours: tuple[Snippet, ...] = (), text: str = "x = 1\n") -> Task:
    document = Document(uri=(root / name).as_uri(), version=1, language="python", text=Text.of(text))
    return Task(
        id="t",
        kind="autocomplete",
        feature="inline_completion",
        document=document,
        span=Span.at(0, 4),
        neighbours=neighbours,
        facts={"root": str(root)},
    )


def snippet(path: str) -> Snippet:
    return Snippet(path=path, text="y = 2", source="open_files")


@pytest.mark.parametrize("ignore", [".gitignore", ".aiignore", ".tierwiseignore"])
def test_what_an_ignore_file_names_stays_here(tmp_path: Path, ignore: str) -> None:
    (tmp_path / ignore).write_text("internal/\n")
    gate = privacy(tmp_path)
    assert gate.bars(task(tmp_path), "fast", AWAY) is None
    assert "ignore file" in str(gate.bars(task(tmp_path, "internal/a.py"), "fast", AWAY))
    assert gate.bars(task(tmp_path, "internal/a.py"), "fast", HOME) is None


def test_a_cell_of_a_notebook_stays_where_the_notebook_stays(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("internal/\n")
    gate = privacy(tmp_path, [rule("secret.ipynb", local_only=True)])
    for name, reason in (("internal/a.ipynb", "ignore file"), ("secret.ipynb", "a rule of yours"), ("b.ipynb", "None")):
        about = task(tmp_path, name)
        assert about.document is not None
        cell = replace(about.document, uri=f"vscode-notebook-cell:{tmp_path}/{name}#W0sZmlsZQ%3D%3D")
        assert reason in str(gate.bars(replace(about, document=cell), "fast", AWAY))


@pytest.mark.parametrize("name", [".env", ".env.local", "id_rsa", "deploy.pem", "conf/credentials.json"])
def test_files_with_the_names_of_secrets_stay_here_wherever_they_are(tmp_path: Path, name: str) -> None:
    gate = privacy(tmp_path / "elsewhere")
    assert "secrets" in str(gate.bars(task(tmp_path, name), "fast", AWAY))


def test_a_file_outside_every_workspace_may_be_sent_by_whoever_opened_it(tmp_path: Path) -> None:
    assert privacy(tmp_path / "project").bars(task(tmp_path, "note.py"), "fast", AWAY) is None


def test_paths_can_be_kept_to_models_on_this_machine_or_from_a_vendor(tmp_path: Path) -> None:
    gate = privacy(tmp_path, [rule("src/crypto/**", local_only=True), rule("*.sql", never=("vendor",))])
    assert gate.bars(task(tmp_path, "src/crypto/aes.py"), "fast", AWAY) == "a rule of yours"
    assert gate.bars(task(tmp_path, "db/a.sql"), "fast", AWAY) == "a rule of yours"
    assert gate.bars(task(tmp_path, "db/a.sql"), "fast", replace(AWAY, provider="other")) is None
    assert gate.bars(task(tmp_path, "src/crypto/aes.py"), "fast", HOME) is None
    assert gate.bars(task(tmp_path, "src/cryptography.py"), "fast", AWAY) is None


def test_a_link_does_not_lead_around_a_rule(tmp_path: Path) -> None:
    (tmp_path / ".aiignore").write_text("internal/\n")
    (tmp_path / "internal").mkdir()
    (tmp_path / "internal/a.py").write_text("x\n")
    (tmp_path / "open.py").symlink_to(tmp_path / "internal/a.py")
    assert privacy(tmp_path).bars(task(tmp_path, "open.py"), "fast", AWAY) is not None


def test_neither_a_link_to_a_file_nor_one_to_the_workspace_leads_around_a_policy(tmp_path: Path) -> None:
    root, link = tmp_path / "real", tmp_path / "link"
    (root / "crypto").mkdir(parents=True)
    (root / "crypto/a.py").write_text("x\n")
    (root / "crypto/.aiignore").write_text("ignored.py\n")
    link.symlink_to(root)
    (root / "open.py").symlink_to(root / "crypto/a.py")
    (root / "drawer").symlink_to(root / "crypto")
    only = [rule("crypto/a.py", local_only=True)]
    for opened in (root, link):
        gate = privacy(opened, only)
        for seen in (root, link):
            for name in ("crypto/a.py", "open.py", "drawer/a.py", "crypto/ignored.py", "drawer/ignored.py"):
                assert gate.bars(task(seen, name), "fast", AWAY), (opened, seen, name)
            assert gate.bars(task(seen, "b.py"), "fast", AWAY) is None


def test_every_piece_of_context_is_looked_at_and_only_what_may_not_go_is_left_out(tmp_path: Path) -> None:
    (tmp_path / ".aiignore").write_text("internal/\n")
    pieces = (snippet("b.py"), snippet("internal/c.py"), snippet(".env"), snippet(str(tmp_path / "internal/d.py")))
    asked = task(tmp_path, neighbours=pieces)
    gate = privacy(tmp_path)
    assert [each.path for each in gate.cleared(asked, AWAY).neighbours] == ["b.py"]
    assert gate.cleared(asked, HOME) is asked


def test_an_ignore_file_that_is_written_later_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tierwise.engine.privacy.LASTS", -1.0)
    gate = privacy(tmp_path)
    assert gate.bars(task(tmp_path, "a.py"), "fast", AWAY) is None
    gate._known.clear()  # type: ignore[attr-defined]  # as after LASTS seconds
    (tmp_path / ".aiignore").write_text("a.py\n")
    assert gate.bars(task(tmp_path, "a.py"), "fast", AWAY) is not None


def made(directory: Path, says: str, parts: dict[str, object]) -> tuple[House, Engine]:
    stock = {"local": Tier(name="local", models=()), **tiers(fast="a")}
    house = build(directory, {"a": says}, (ladder("fast"),), stock)
    return house, Engine(replace(house.engine.parts, **parts))


def sent(house: House) -> str:
    return "".join(cue.prompt for cue in house.asked)


async def test_nothing_of_a_kept_file_is_sent_and_why_says_so(tmp_path: Path) -> None:
    (tmp_path / ".aiignore").write_text("internal/\n")
    gate = Privacy((tmp_path,), lambda model: False)
    house, engine = made(tmp_path / "l", "1", {"gates": (gate,)})
    outcome: Outcome = await engine.run(task(tmp_path, "internal/a.py"))
    assert outcome.attempts == ()
    assert house.asked == []
    assert "an ignore file keeps a.py on this machine" in outcome.decision.reason


async def test_secrets_are_masked_on_their_way_out_and_put_back_in_the_answer(tmp_path: Path) -> None:
    house, engine = made(tmp_path, 'connect("MASKED_SECRET_1")', {"masks": lambda model: True})
    outcome = await engine.run(task(tmp_path, text=f'x = \nkey = "{KEY}"\n'))
    assert KEY not in sent(house)
    assert "MASKED_SECRET_1" in sent(house)
    assert outcome.candidate is not None
    assert outcome.candidate.text == f'connect("{KEY}")'
    assert "1 secrets were masked" in outcome.decision.reason
    assert KEY not in str(history(house.ledger))


async def test_a_model_on_this_machine_sees_the_text_as_it_is(tmp_path: Path) -> None:
    house, engine = made(tmp_path, "1", {"masks": lambda model: False})
    await engine.run(task(tmp_path, text=f'x = \nkey = "{KEY}"\n'))
    assert KEY in sent(house)


def test_the_same_secret_has_the_same_name_in_every_part_of_a_prompt() -> None:
    mask, limits = Mask(), Limits(max_tokens=10)
    chat = Chat(system=KEY, stable=f"a {KEY}", messages=(Message(role="user", text=f"{KEY} b"),), limits=limits)
    hidden = mask.hide(chat)
    assert isinstance(hidden, Chat)
    assert (hidden.system, hidden.stable) == ("MASKED_SECRET_1", "a MASKED_SECRET_1")
    assert mask.restore(hidden.messages[0].text) == f"{KEY} b"
    fim = mask.hide(Fim(prefix=f"'{KEY}'", suffix=KEY[:-1] + "Z", language="", path="", limits=limits))
    assert isinstance(fim, Fim)
    assert (fim.prefix, fim.suffix) == ("'MASKED_SECRET_1'", "MASKED_SECRET_2")
    assert mask.count == 2


def test_twelve_secrets_do_not_get_into_each_others_way() -> None:
    mask = Mask()
    keys = [KEY[:-2] + f"{number:02d}" for number in range(12)]
    text = "\n".join(keys)
    assert mask.restore(mask.text(text)) == text
