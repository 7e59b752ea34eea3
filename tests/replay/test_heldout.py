"""What learning from earlier days would have changed on later ones."""

from dataclasses import replace
from pathlib import Path

from ledger.outcomes import HAIKU, OPUS, accepted, attempt, outcome
from tierwise.core.decision import Rung
from tierwise.core.model import Tier
from tierwise.core.outcome import Attempt
from tierwise.core.reply import Usage
from tierwise.ledger import sqlite
from tierwise.ledger.history import Entry, history
from tierwise.replay.heldout import held_out, page

USAGE = Usage(input=1_000, output=100)
TIERS = {"fast": Tier(name="fast", models=(HAIKU,)), "frontier": Tier(name="frontier", models=(OPUS,))}


async def recorded(path: Path, requests: list[tuple[Attempt, ...]]) -> tuple[Entry, ...]:
    ledger = sqlite.open(path)
    for number, attempts in enumerate(requests):
        made = outcome(*attempts, kind="fix", feature="code_action", id=f"{number:04}")
        rung = Rung(tier="frontier" if attempts[0].model == OPUS else "fast")
        await ledger.record(replace(made, decision=replace(made.decision, ladder=(rung,))))
    await ledger.close()
    return tuple(reversed(history(path, last=10_000)))


async def test_where_the_dear_model_did_what_the_cheap_one_does_as_well_it_would_have_been_cheaper(
    tmp_path: Path,
) -> None:
    """Haiku was always right and Opus was asked half of the time: what was learned asks Haiku first."""
    requests = [(accepted(model=HAIKU if number % 2 else OPUS, usage=USAGE),) for number in range(200)]
    found = held_out(await recorded(tmp_path / "l", requests), TIERS)
    assert found is not None
    assert (found.learned_from, found.requests) == (160, 40)
    assert found.moved > 0
    assert found.cost.high < 0
    assert found.cost.low <= found.cost.value <= found.cost.high
    told = "\n".join(page(found))
    assert "40 later ones" in told


async def test_what_was_taken_by_chance_counts_by_its_chance(tmp_path: Path) -> None:
    """One in ten requests explored Haiku first. Of late these fail, which its record does not say: each of them stands
    for the ten that would have gone that way.
    """

    def tried(number: int) -> tuple[Attempt, ...]:
        if number % 10:
            return (accepted(model=OPUS, usage=USAGE),)
        if number < 320:
            return (accepted(model=HAIKU, usage=USAGE),)
        return (attempt(model=HAIKU, usage=USAGE), attempt(model=OPUS, tier="frontier", usage=USAGE))

    entries = await recorded(tmp_path / "l", [tried(number) for number in range(400)])
    both = (entries[0].ladder[0], replace(entries[0].ladder[0], tier="frontier"))
    changes = {}
    for policy, chance in (("learned", 0.1), ("rules", 1.0)):
        signals = {"probability": chance}
        noted = [
            entry if number % 10 else replace(entry, policy=policy, ladder=both, signals=signals)
            for number, entry in enumerate(entries)
        ]
        found = held_out(noted, TIERS)
        assert found is not None
        changes[policy] = found.answered.value
    assert changes["learned"] < -0.8
    assert -0.1 < changes["rules"] < 0.1


async def test_too_few_requests_tell_nothing_and_it_says_so(tmp_path: Path) -> None:
    entries = await recorded(tmp_path / "l", [(accepted(usage=USAGE),)] * 20)
    assert held_out(entries, TIERS) is None
    assert "too little was recorded" in "\n".join(page(None))
    assert held_out((), TIERS) is None
