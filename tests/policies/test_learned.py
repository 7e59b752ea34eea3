"""The learned policy: what it decides, what it learns, what it says."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tierwise.core.decision import Decision, Role, Rung
from tierwise.core.edit import Candidate
from tierwise.core.model import Model, Price, Tier
from tierwise.core.outcome import Attempt, Feedback, Outcome, Signal, Verdict
from tierwise.core.reply import Failure, FailureKind, Finish, Reply, Usage
from tierwise.core.task import Task, TaskKind
from tierwise.policies.learned import CURIOSITY, Learned
from tierwise.policies.learning.file import PolicyFileError, load, save, share
from tierwise.policies.learning.gate import BINS
from tierwise.policies.learning.grid import GRID
from tierwise.policies.learning.memory import Memory
from tierwise.policies.learning.pace import Pace
from tierwise.policies.learning.stance import Stance
from tierwise.policies.learning.study import Case, Trial, study

PRICE = Price(input=0.0, output=1.0, cache_read=0.0, cache_write=0.0, as_of="2026-11-23")
"""A million tokens is a dollar."""

KIND = TaskKind(
    name="fix",
    title="Fix",
    belongs="mid",
    form="text",
    template="",
    output=100,
    max_output=100,
    deadline=60.0,
    checks=("not_empty", "types"),
)
UNVERIFIED = replace(KIND, name="name", checks=("not_empty",))

TIERS = {
    name: Tier(name=name, models=(Model(name=f"{name}-model", provider="p", price=PRICE),))
    for name in ("fast", "mid", "frontier")
}
COSTS = {"fast": 0.01, "mid": 0.2, "frontier": 0.5}
RIGHT = {"fast": 0.6, "mid": 0.75, "frontier": 0.85}


def task(number: int = 0, **facts: str) -> Task:
    return Task(id=f"t{number}", kind="fix", feature="code_action", facts=facts)


def attempt(tier: str, *, passed: bool, cost: float | None = None, accepted: bool = False) -> Attempt:
    usage = Usage(output=round((COSTS[tier] if cost is None else cost) * 1e6))
    return Attempt(
        role=Role.ANSWER,
        tier=tier,
        model=TIERS[tier].models[0],
        started=0.0,
        first_token=None,
        seconds=1.0,
        usage=usage,
        reply=Reply(text="", usage=usage, finish=Finish.STOP, resolved=""),
        candidate=Candidate(text=""),
        verdicts=(Verdict(check="types", passed=passed, score=1.0 if passed else 0.4, hard=False),),
        accepted=accepted,
    )


def learned_world(tasks: int = 200, seed: int = 3) -> Memory:
    """A memory of tasks on which the three tiers did as well as ``RIGHT`` says, harder ones costing more."""
    luck = Random(seed)
    cases: list[Case] = []
    for _ in range(tasks):
        hard = luck.random()
        trials = tuple(
            Trial(model=f"{tier}-model", solved=float(hard < RIGHT[tier]), cost=COSTS[tier] * (0.5 + hard))
            for tier in TIERS
        )
        cases.append(Case(traits=("repo=slow" if hard > 0.5 else "repo=plain",), trials=trials))
    return study(cases)


@pytest.fixture(scope="module")
def world() -> Memory:
    return learned_world()


def policy(memory: Memory, **stance: object) -> Learned:
    wanted = {"verifier": (0.1, 0.1), "eager": True} | stance
    return Learned(memory.copy(), Stance(**wanted))  # type: ignore[arg-type]


def ladder(decision: Decision | None) -> list[str]:
    assert decision is not None
    return [rung.tier for rung in decision.ladder]


def run_one(learner: Learned, number: int, results: dict[str, bool]) -> str:
    """Let one task climb as the engine would; return the tier whose answer was given."""
    attempts: list[Attempt] = []
    decision = learner.decide(task(number), KIND, TIERS)
    assert decision is not None
    rungs = list(decision.ladder)
    while rungs:
        tier = rungs.pop(0).tier
        attempts.append(attempt(tier, passed=results[tier]))
        if results[tier]:
            break
        again = learner.decide(task(number), KIND, TIERS, tuple(attempts))
        if again is not None:
            rungs, decision = list(again.ladder), again
    given = attempts[-1]
    learner.learn(
        Outcome(task=task(number), decision=decision, attempts=(*attempts[:-1], replace(given, accepted=True)))
    )
    return given.tier


def test_what_a_solved_task_is_worth_decides_how_high_the_ladder_begins_and_ends(world: Memory) -> None:
    assert ladder(policy(world, worth=0.02).decide(task(), KIND, TIERS)) == ["fast"]
    assert ladder(policy(world, worth=50.0).decide(task(), KIND, TIERS))[-1] == "frontier"


def test_the_dial_goes_from_cheap_to_good(world: Memory) -> None:
    cheap, good = (policy(world, dial=dial).decide(task(), KIND, TIERS) for dial in (0.0, 1.0))
    assert cheap is not None
    assert good is not None
    assert cheap.confidence < good.confidence


def test_an_answer_is_given_even_where_none_is_worth_its_price(world: Memory) -> None:
    assert ladder(policy(world, worth=1e-6).decide(task(), KIND, TIERS)) == ["fast"]


def test_the_reason_is_a_sentence_with_chance_saving_and_outcomes(world: Memory) -> None:
    decision = policy(world, worth=2.0).decide(task(), KIND, TIERS)
    assert decision is not None
    assert decision.reason.startswith("fast 0.")
    assert "saves $0." in decision.reason
    assert "200 outcomes" in decision.reason


def test_everything_the_decision_saw_is_in_its_signals(world: Memory) -> None:
    decision = policy(world).decide(task(repo="slow"), KIND, TIERS)
    assert decision is not None
    assert decision.signals["repo"] == "slow"
    assert decision.signals["probability"] == 1.0


def test_facts_move_the_chances_as_far_as_outcomes_support_it(world: Memory) -> None:
    """The slow repository's tasks are the harder half."""
    learner = policy(world)
    plain, slow, unknown = (
        learner.prospects(task(repo=repo), KIND, TIERS)[0].chance for repo in ("plain", "slow", "never seen")
    )
    assert slow < unknown < plain


def test_a_dear_rejected_attempt_lowers_the_chances_more_than_a_cheap_one(world: Memory) -> None:
    learner = policy(world, worth=5.0)
    cheap, dear = (
        learner.decide(task(), KIND, TIERS, (attempt("fast", passed=False, cost=cost),)) for cost in (0.005, 0.02)
    )
    assert cheap is not None
    assert dear is not None
    assert cheap.confidence > dear.confidence


def test_costs_that_are_no_evidence_change_nothing(world: Memory) -> None:
    learner = policy(world, worth=5.0, heed_cost=False)
    tried = [learner.decide(task(), KIND, TIERS, (attempt("fast", passed=False, cost=cost),)) for cost in (0.005, 0.02)]
    assert tried[0] == tried[1]


def test_after_a_rejection_only_dearer_tiers_are_asked(world: Memory) -> None:
    decision = policy(world, worth=20.0).decide(task(), KIND, TIERS, (attempt("mid", passed=False),))
    assert ladder(decision) == ["frontier"]


def test_the_climb_ends_where_going_on_is_not_worth_it_and_the_likeliest_answer_is_kept(world: Memory) -> None:
    decision = policy(world, worth=0.05).decide(task(), KIND, TIERS, (attempt("fast", passed=False),))
    assert ladder(decision) == []
    assert decision is not None
    assert decision.keep == "fast"
    attempts = (attempt("fast", passed=False), attempt("frontier", passed=False))
    last = policy(world, worth=5.0).decide(task(), KIND, TIERS, attempts)
    assert last is not None
    assert last.keep == "frontier"


def test_a_model_it_knows_nothing_of_in_play_lets_the_ladder_go_on(world: Memory) -> None:
    stranger = replace(attempt("fast", passed=False), model=Model(name="stranger", provider="p", price=PRICE))
    assert policy(world).decide(task(), KIND, TIERS, (stranger,)) is None


def test_a_failed_call_says_nothing_of_the_task(world: Memory) -> None:
    failed = replace(
        attempt("fast", passed=False), reply=None, failure=Failure(kind=FailureKind.TIMEOUT, message="too late")
    )
    assert policy(world).decide(task(), KIND, TIERS, (failed,)) is None


def test_whoever_waits_for_it_may_weigh_seconds_like_dollars() -> None:
    """The frontier takes a minute, mid a second. Where nobody waits, seconds count for nothing."""
    trials = [
        Trial(model=f"{tier}-model", solved=solved, cost=COSTS[tier], seconds=seconds)
        for tier, solved, seconds in (("fast", 0.0, 60.0), ("mid", 0.8, 1.0), ("frontier", 0.95, 60.0))
    ]
    memory = study([Case(traits=(), trials=tuple(trials)) for _ in range(100)])
    hurried, scan = policy(memory, worth=20.0, patience=0.2), replace(KIND, interactive=False)
    assert ladder(policy(memory, worth=20.0).decide(task(), KIND, TIERS)) == ["mid", "frontier"]
    for _ in range(2):
        assert ladder(hurried.decide(task(), KIND, TIERS)) == ["mid"]
        assert ladder(hurried.decide(task(), scan, TIERS)) == ["mid", "frontier"]


def test_without_tiers_there_is_no_decision(world: Memory) -> None:
    assert policy(world).decide(task(), KIND, {}) is None
    assert policy(world).decide(task(), KIND, {"fast": Tier(name="fast", models=())}) is None


def test_until_enough_outcomes_are_known_the_rules_decide() -> None:
    learner = Learned(stance=Stance(least=10))
    assert learner.decide(task(), KIND, TIERS) is None
    for number in range(20):
        decision = Decision(policy="rules", ladder=(Rung(tier="fast"),), reason="")
        learner.learn(
            Outcome(task=task(number), decision=decision, attempts=(attempt("fast", passed=True, accepted=True),))
        )
    assert learner.decide(task(), KIND, TIERS) is not None


def test_from_cold_every_tier_is_tried_under_the_verifier_before_plans_are_made() -> None:
    learner = Learned(stance=Stance(eager=True, calls=5.0))
    first = [run_one(learner, number, dict.fromkeys(TIERS, True)) for number in range(24)]
    assert {"fast", "mid", "frontier"} <= set(first)


def test_a_model_that_silently_stops_working_is_left_within_sixty_tasks(world: Memory) -> None:
    """The middle tier solved 75 % of tasks; now none of its answers passes."""
    learner, rejected = policy(world, worth=2.0), (attempt("fast", passed=False),)
    assert ladder(learner.decide(task(), KIND, TIERS, rejected))[0] == "mid"
    for number in range(60):
        run_one(learner, number, {"fast": number % 2 == 0, "mid": False, "frontier": True})
    assert "mid" not in ladder(learner.decide(task(), KIND, TIERS, rejected))


def test_even_a_cheap_model_that_stops_working_is_left(world: Memory) -> None:
    """Asking it costs a twentieth of the next, so it takes a little longer to be worth nothing."""
    learner = policy(world, worth=2.0)
    before = learner.prospects(task(), KIND, TIERS)[0].chance
    for number in range(60):
        run_one(learner, number, {"fast": False, "mid": True, "frontier": True})
    assert ladder(learner.decide(task(), KIND, TIERS))[0] == "mid"
    assert learner.prospects(task(), KIND, TIERS)[0].chance < before - 0.15


def test_feedback_corrects_what_a_passed_check_taught(world: Memory) -> None:
    """The checks pass every answer of fast, and the user reverts every one."""
    believed, corrected = policy(world, verifier=None), policy(world, verifier=None)
    for number in range(150):
        for learner in (believed, corrected):
            run_one(learner, number, dict.fromkeys(TIERS, True))
        corrected.note(Feedback(task_id=f"t{number}", signal=Signal.REVERTED, value=0.0, at=0.0))
    believed.refit()
    corrected.refit()
    assert corrected.prospects(task(), KIND, TIERS)[0].chance < believed.prospects(task(), KIND, TIERS)[0].chance - 0.1


@pytest.mark.parametrize(
    ("signal", "value", "right"),
    [
        (Signal.ACCEPTED, 1.0, True),
        (Signal.RETAINED, 0.9, True),
        (Signal.RETAINED, 0.2, False),
        (Signal.REVERTED, 1.0, False),
        (Signal.REJECTED, 1.0, False),
        (Signal.TESTS, 1.0, True),
        (Signal.TESTS, 0.0, False),
        (Signal.SHOWN, 1.0, None),
        (Signal.PARTIAL, 0.5, None),
    ],
)
def test_what_the_user_does_with_an_answer_says_whether_it_was_right(
    world: Memory, signal: Signal, value: float, right: bool | None
) -> None:
    learner = policy(world)
    before = sum(learner.memory.tracks["fast-model"].right)
    run_one(learner, 1, dict.fromkeys(TIERS, True))
    learner.note(Feedback(task_id="t1", signal=signal, value=value, at=0.0))
    learner.refit()
    gained = sum(learner.memory.tracks["fast-model"].right) - before
    assert gained == pytest.approx({True: 0.5, False: 0.0}[right], abs=1e-6) if right is not None else 0 < gained < 0.5


def test_old_outcomes_fade_so_that_a_record_never_outgrows_what_comes(world: Memory) -> None:
    """Half of what an outcome counts is gone after 300 more of its model."""
    learner = policy(world)
    for number in range(900):
        run_one(learner, number, dict.fromkeys(TIERS, True))
    learner.refit()
    assert 180 < learner.memory.tracks["fast-model"].count < 260


def test_feedback_that_comes_after_the_fit_still_corrects(world: Memory) -> None:
    learner = policy(world)
    before = learner.memory.copy()
    run_one(learner, 1, dict.fromkeys(TIERS, True))
    learner.refit()
    learner.note(Feedback(task_id="t1", signal=Signal.REVERTED, value=0.0, at=0.0))
    right = sum(learner.memory.tracks["fast-model"].right) - sum(before.tracks["fast-model"].right)
    assert right == pytest.approx(0.0, abs=1e-6)


def test_what_nothing_verifies_is_left_to_the_rules_until_its_gate_opens(world: Memory) -> None:
    learner = policy(world)
    assert learner.decide(task(), UNVERIFIED, TIERS) is None
    tries = [0.0] * BINS
    tries[BINS // 2 :] = [59.0] * (BINS - BINS // 2)
    learner.memory.gates["name|fast-model"] = [*tries, *[0.0] * BINS]
    opened = learner.decide(task(), UNVERIFIED, TIERS)
    assert ladder(opened) == ["fast"]
    learner.memory.gates["name|fast-model"][BINS:] = [20.0] * BINS
    assert learner.decide(task(), UNVERIFIED, TIERS) is None


def strange_world() -> tuple[Memory, dict[str, Tier]]:
    """A memory with a fourth tier between the others that was tried five times."""
    memory = learned_world()
    track = memory.track("new-model")
    for _ in range(5):
        track.add([1 / len(GRID)] * len(GRID), [0.7] * len(GRID), 0.1, 1.0)
    return memory, {**TIERS, "new": Tier(name="new", models=(Model(name="new-model", provider="p", price=PRICE),))}


def test_a_stranger_is_asked_out_of_turn_now_and_then_and_the_chance_of_each_choice_is_logged() -> None:
    memory, tiers = strange_world()
    learner = policy(memory, worth=2.0)
    found = [learner.decide(task(), KIND, tiers) for _ in range(400)]
    firsts = [(ladder(decision)[0], decision.signals["probability"]) for decision in found if decision]
    assert set(firsts) == {("fast", 1 - CURIOSITY), ("new", CURIOSITY)}
    assert firsts.count(("new", CURIOSITY)) == pytest.approx(400 * CURIOSITY, abs=25)


def test_what_is_familiar_is_not_explored_unless_that_is_wanted(world: Memory) -> None:
    learner = policy(world, worth=2.0)
    found = [learner.decide(task(), KIND, TIERS) for _ in range(100)]
    assert {decision.signals["probability"] for decision in found if decision} == {1.0}
    wanted = policy(world, worth=2.0, explore=0.5)
    after = [wanted.decide(task(), KIND, TIERS, (attempt("fast", passed=False),)) for _ in range(100)]
    assert {(ladder(decision)[0], decision.signals["probability"]) for decision in after if decision} <= {
        ("mid", 1.0),
        ("mid", 0.5),
        ("frontier", 0.5),
    }


def test_what_nothing_verifies_is_never_explored() -> None:
    memory, tiers = strange_world()
    memory.gates["name|mid-model"] = [0.0] * 5 + [100.0] * 5 + [0.0] * BINS
    learner = policy(memory, worth=2.0, explore=0.5)
    assert {tuple(ladder(learner.decide(task(), UNVERIFIED, tiers))) for _ in range(100)} == {("mid",)}


def test_a_memory_survives_its_file(world: Memory, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    save(path, world)
    again, before = policy(load(path)), policy(world)
    assert again.prospects(task(), KIND, TIERS)[0].chance == pytest.approx(
        before.prospects(task(), KIND, TIERS)[0].chance, abs=1e-3
    )


def test_two_editors_that_share_a_file_know_what_both_have_learned(world: Memory, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    save(path, world)
    start = load(path)
    one, two = policy(start), policy(start)
    for number in range(8):
        run_one(one, number, dict.fromkeys(TIERS, True))
        run_one(two, number + 100, dict.fromkeys(TIERS, True))
    one.refit()
    two.refit()
    share(path, one.memory, start)
    together = share(path, two.memory, start)
    gained = sum(one.memory.density) + sum(two.memory.density) - 2 * sum(start.density)
    assert gained > 0
    assert sum(together.density) - sum(start.density) == pytest.approx(gained, rel=1e-3)


def test_a_lock_left_by_a_dead_process_does_not_hold_forever(
    world: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tierwise.policies.learning.file.PATIENCE", 0.05)
    (tmp_path / "p.json.lock").touch()
    assert share(tmp_path / "p.json", world, Memory()).tasks == pytest.approx(200, rel=1e-3)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("no json", "no JSON"),
        ("[]", "no policy file"),
        ('{"format": "other"}', "no policy file"),
        ('{"format": "tierwise-policy", "version": 99}', "version 99"),
        ('{"format": "tierwise-policy", "version": 1, "memory": {}}', "damaged"),
        ('{"format": "tierwise-policy", "version": 1, "memory": {"tracks": {"m": [1]}}}', "damaged"),
    ],
)
def test_a_policy_file_that_cannot_be_used_says_why_and_what_to_do(tmp_path: Path, content: str, word: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(content)
    with pytest.raises(PolicyFileError, match=word) as told:
        load(path)
    assert str(path) in str(told.value)


def test_a_policy_file_that_is_not_there_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match="cannot be read"):
        load(tmp_path / "none.json")


def test_spending_ahead_of_the_budget_makes_money_dearer_and_thrift_cheaper_again() -> None:
    pace = Pace(rate=0.01)
    pace.spent(0.6, 0.0)
    for minute in range(1, 61):
        pace.spent(1.2, 60.0 * minute)  # an hour at twice the rate
    assert pace.eased(7.0) == pytest.approx(1.0, rel=0.02)
    for minute in range(61, 130):
        pace.spent(0.0, 60.0 * minute)
    assert pace.eased(7.0) == 7.0


def test_many_small_answers_press_no_more_than_their_sum() -> None:
    once, often = Pace(rate=0.01, at=0.0), Pace(rate=0.01, at=0.0)
    once.spent(3.0, 60.0)
    for second in range(1, 61):
        often.spent(0.05, float(second))
    assert often.pressure == pytest.approx(once.pressure)


def test_one_dear_answer_does_not_end_all_spending() -> None:
    pace = Pace(rate=0.01, at=0.0)
    pace.spent(1000.0, 1.0)
    assert pace.eased(2.0) == pytest.approx(1.0, rel=0.01)


def test_a_policy_under_pressure_chooses_cheaper_ladders(world: Memory) -> None:
    pace = Pace(rate=0.001, at=0.0)
    learner = Learned(world.copy(), Stance(eager=True, verifier=(0.1, 0.1), worth=5.0), pace)
    rich = learner.decide(task(), KIND, TIERS)
    pace.pressure = 200.0
    poor = learner.decide(task(), KIND, TIERS)
    assert len(ladder(rich)) > len(ladder(poor))
    assert rich is not None
    assert poor is not None
    assert "Money counts 201.0 times: spending runs ahead of the budget." in poor.reason
    assert "Money" not in rich.reason


def test_abilities_are_learned_in_the_right_order_from_outcomes_alone(world: Memory) -> None:
    chances = [prospect.chance for prospect in policy(world).prospects(task(), KIND, TIERS)]
    assert chances == sorted(chances)
    assert chances == pytest.approx(list(RIGHT.values()), abs=0.08)


def test_a_model_never_tried_is_priced_by_its_list_price(world: Memory) -> None:
    new = Tier(name="new", models=(Model(name="new-model", provider="p", price=PRICE),))
    prospects = policy(world).prospects(task(), KIND, {**TIERS, "new": new})
    found = next(prospect for prospect in prospects if prospect.tier == "new")
    assert found.tries == 0
    assert found.cost == pytest.approx(400e-6, rel=0.05)


class TestTheWorkspaceItself:
    """It speaks only where it is sure, so that its record must not make anybody ask it alone."""

    LOCAL = Tier(name="local", models=(Model(name="workspace", provider="local", price=None),))

    def test_it_is_no_rung_however_often_it_was_right(self) -> None:
        tiers = {"local": self.LOCAL, **TIERS}
        memory = learned_world()
        memory.gates["name|workspace"] = [0.0] * (BINS - 1) + [500.0] + [0.0] * BINS
        memory.tracks["workspace"] = memory.track("fast-model")
        policy = Learned(memory, Stance(eager=True))
        for kind in (KIND, UNVERIFIED):
            decision = policy.decide(task(), kind, tiers)
            assert decision is None or "local" not in [rung.tier for rung in decision.ladder]

    def test_what_is_written_at_the_cursor_is_left_to_the_rules(self) -> None:
        """Their ladder begins with the workspace, and what is learned of other models must not shorten it."""
        policy = Learned(learned_world(), Stance(eager=True))
        assert policy.decide(task(), KIND, {"local": self.LOCAL, **TIERS}) is not None
        assert policy.decide(task(), replace(KIND, form="insertion"), {"local": self.LOCAL, **TIERS}) is None
