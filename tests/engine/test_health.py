"""Who may be asked: what failures teach, for how long, and that what is dead costs next to nothing."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierwise.core.model import Model
from tierwise.core.reply import Failure, FailureKind
from tierwise.engine.health import Health
from tierwise.engine.pulse import LASTING, MOST_WASTED, WINDOW
from tierwise.providers import Endpoint

REMOTE = {name: Endpoint(name=name, type="openai", key="k") for name in ("one", "two")}
HOME = Endpoint(name="home", type="openai", base_url="http://127.0.0.1:1/v1")


def failure(
    kind: FailureKind = FailureKind.OVERLOADED, status: int | None = 503, after: float | None = None
) -> Failure:
    return Failure(kind=kind, message="It failed.", status=status, retry_after=after)


class Time:
    """A clock that goes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Ward:
    """Health on a clock of its own, with calls made in one line."""

    def __init__(self, most: int = 0) -> None:
        self.time = Time()
        endpoints = {**REMOTE, "home": HOME, "narrow": Endpoint(name="narrow", type="fake", concurrency=most)}
        self.health = Health(endpoints, self.time)

    def call(self, model: Model, end: Failure | None = None, *, first: float | None = 0.1, rest: float | None = None):
        watch = self.health.begin(model)
        if first is not None:
            self.time.now += first
            self.health.speak(watch)
        self.health.end(watch, end, rest)

    def why(self, model: Model) -> str | None:
        bar = self.health.bar(model)
        return bar.reason if bar else None

    def seconds(self, model: Model) -> float | None:
        bar = self.health.bar(model)
        assert bar is not None
        return bar.seconds


def named(ref: str) -> Model:
    provider, _, name = ref.partition("/")
    return Model(name=name, provider=provider, price=None)


A, B, OTHER, NEAR = named("one/a"), named("one/b"), named("two/c"), named("home/d")


@pytest.fixture
def ward() -> Ward:
    return Ward()


def test_what_was_never_asked_may_be_asked(ward: Ward) -> None:
    assert ward.why(A) is None


def test_a_failure_spares_the_model_for_a_moment_and_the_second_for_the_rest_of_the_minute(ward: Ward) -> None:
    ward.call(A, failure())
    assert ward.why(A) == "it is overloaded"
    assert ward.why(B) is None
    ward.time.now += 1.1
    assert ward.why(A) is None
    ward.call(A, failure())
    ward.time.now += 30
    assert ward.why(A) == "it is overloaded"
    ward.time.now += 30
    assert ward.why(A) is None


def test_after_its_pause_one_call_at_a_time_finds_out_whether_it_is_well(ward: Ward) -> None:
    ward.call(A, failure())
    ward.time.now += 2
    probe = ward.health.begin(A)
    assert "being tried again" in str(ward.why(A))
    ward.health.end(probe, None)
    assert ward.why(A) is None
    several = [ward.health.begin(A), ward.health.begin(A)]
    assert len(several) == 2
    assert ward.why(A) is None


def test_an_answer_to_a_call_from_before_the_trouble_does_not_end_it(ward: Ward) -> None:
    early = ward.health.begin(A)
    ward.time.now += 1
    ward.call(A, failure(FailureKind.RATE_LIMITED, 429, after=30))
    ward.health.end(early, None)
    assert ward.seconds(A) == pytest.approx(30)


@pytest.mark.parametrize("after", [0.2, 7.0, 90.0])
def test_the_wait_that_a_vendor_asks_for_is_kept_to(ward: Ward, after: float) -> None:
    ward.call(A, failure(FailureKind.RATE_LIMITED, 429, after))
    assert ward.seconds(A) == pytest.approx(max(after, 1.0))


def test_a_vendor_that_says_it_will_take_no_more_is_left_alone_without_being_blamed(ward: Ward) -> None:
    ward.call(A, rest=12.0)
    assert ward.why(A) == "its rate limit is used up"
    ward.time.now += 12.1
    several = [ward.health.begin(A), ward.health.begin(A)]
    assert len(several) == 2
    assert ward.why(A) is None


def test_an_endpoint_that_cannot_be_reached_bars_all_its_models_and_no_other_endpoint(ward: Ward) -> None:
    ward.call(A, failure(FailureKind.UNREACHABLE, None), first=None)
    assert ward.why(B) == "it cannot be reached"
    assert ward.why(OTHER) is None


def test_without_a_network_every_vendor_is_barred_at_once_and_what_runs_here_is_not(ward: Ward) -> None:
    ward.call(A, failure(FailureKind.OFFLINE, None), first=None)
    assert ward.why(OTHER) == "this machine has no network"
    assert ward.why(NEAR) is None
    ward.time.now += 2
    ward.call(OTHER)
    assert ward.why(A) is None


def test_an_error_status_shows_that_the_endpoint_is_there(ward: Ward) -> None:
    ward.call(A, failure(FailureKind.UNREACHABLE, None), first=None)
    ward.time.now += 2
    ward.call(A, failure())
    assert ward.why(B) is None


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_does_not_mend_by_itself_is_left_alone_for_minutes(ward: Ward, status: int) -> None:
    ward.call(A, failure(FailureKind.REFUSED, status))
    assert ward.seconds(A) == pytest.approx(LASTING)
    assert (ward.why(B) is None) == (status != 401)


def test_one_refused_request_may_be_its_own_fault_and_two_in_a_row_are_not(ward: Ward) -> None:
    ward.call(A, failure(FailureKind.REFUSED, 400))
    assert ward.why(A) is None
    ward.call(A, failure(FailureKind.REFUSED, 400))
    assert ward.why(A) == "it refuses requests"


@pytest.mark.parametrize(
    "end",
    [
        failure(FailureKind.DECLINED, None),
        failure(FailureKind.SILENT, None),
        failure(FailureKind.REFUSED, 413),
        failure(FailureKind.CANCELLED, None),
    ],
    ids=lambda end: end.kind,
)
def test_what_is_nobodys_fault_is_not_held_against_a_model(ward: Ward, end: Failure) -> None:
    for _ in range(5):
        ward.call(A, end)
    assert ward.why(A) is None


def test_a_model_that_stays_silent_far_beyond_its_habit_is_given_no_further_calls(ward: Ward) -> None:
    for _ in range(10):
        ward.call(A, first=0.2)
    watch = ward.health.begin(A)
    ward.time.now += 2.9
    assert ward.why(A) is None
    ward.time.now += 0.2
    assert "silent" in str(ward.why(A))
    ward.health.speak(watch)
    assert ward.why(A) is None


def test_a_call_given_up_after_such_a_silence_counts_as_a_failure(ward: Ward) -> None:
    for _ in range(10):
        ward.call(A, first=0.2)
    watch = ward.health.begin(A)
    ward.time.now += 5
    ward.health.end(watch, failure(FailureKind.CANCELLED, None))
    assert ward.why(A) == "it did not answer in time"


@given(st.lists(st.tuples(st.floats(0.0, 20.0), st.floats(0.0, 0.5)), min_size=50, max_size=300))
def test_of_a_dead_model_at_most_two_calls_a_minute_are_wasted(pattern: list[tuple[float, float]]) -> None:
    """Whatever the rhythm of requests, and however long each takes to fail."""
    ward = Ward()
    wasted: list[float] = []
    for pause, takes in pattern:
        ward.time.now += pause
        if ward.why(A) is None:
            watch = ward.health.begin(A)
            wasted.append(ward.time.now)
            ward.time.now += takes
            ward.health.end(watch, failure(FailureKind.UNREACHABLE, None))
    for first, third in zip(wasted, wasted[MOST_WASTED:], strict=False):
        assert third - first >= WINDOW - 0.5  # counted from a failure's end, which a call's own time precedes


def test_no_more_requests_are_under_way_than_an_endpoint_allows() -> None:
    ward, narrow = Ward(most=2), named("narrow/x")
    under_way = [ward.health.begin(narrow) for _ in range(2)]
    assert "as many as are allowed" in str(ward.why(narrow))
    ward.health.end(under_way[0], None)
    assert ward.why(narrow) is None


async def test_a_place_among_them_is_waited_for_and_taken_as_soon_as_one_is_free() -> None:
    health = Health({"narrow": Endpoint(name="narrow", type="fake", concurrency=1)})
    narrow = named("narrow/x")
    watch = health.begin(narrow)
    waiting = asyncio.create_task(health.opening([narrow], health.clock() + 5))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    health.end(watch, None)
    async with asyncio.timeout(0.5):
        assert await waiting
    health.begin(narrow)
    assert not await health.opening([narrow], health.clock() + 0.02)


async def test_a_pause_that_is_longer_than_anybody_waits_is_not_waited_for() -> None:
    health = Health(REMOTE)
    watch = health.begin(A)
    health.end(watch, failure(FailureKind.RATE_LIMITED, 429, after=60))
    async with asyncio.timeout(0.5):
        assert not await health.opening([A], health.clock() + 30)


def test_new_settings_forget_only_what_they_change(ward: Ward) -> None:
    for model in (A, OTHER):
        ward.call(model, failure(FailureKind.REFUSED, 401))
    changed = {**REMOTE, "one": Endpoint(name="one", type="openai", key="another")}
    heir = ward.health.succeeded_by(changed)
    assert heir.bar(A) is None
    assert heir.bar(OTHER) is not None


def test_a_model_s_latency_follows_its_latest_calls(ward: Ward) -> None:
    for first in (*[1.0] * 20, *[3.0] * 3):
        ward.call(A, first=first)
    (condition,) = ward.health.conditions()
    assert condition.first_token == pytest.approx(3.0 - 2.0 * 0.8**3), "half of the weight lies on the latest three"


def test_how_a_model_fares_can_be_told(ward: Ward) -> None:
    for _ in range(20):
        ward.call(A, first=0.3)
    ward.call(A, failure(), first=0.3)
    (condition,) = ward.health.conditions()
    assert condition.model == "one/a"
    assert condition.first_token == pytest.approx(0.3)
    assert condition.p95 == pytest.approx(0.3)
    assert condition.errors == pytest.approx(0.2)
    assert condition.bar is not None
