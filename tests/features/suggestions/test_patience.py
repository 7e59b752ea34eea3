"""Waiting: not at all where it would be in vain, as long as pays elsewhere, and in this user's rhythm."""

from statistics import mean

import pytest

from bench.typists import Frontier, bursts, with_patience
from tierwise.features.suggestions.patience import LEAST_WORTH, MOST_WORTH, Patience, worth
from tierwise.features.suggestions.rhythm import PAUSE, Key, Rhythm, key_of


def typed(text: str, gap: float = 0.12, times: int = 1, stop: float = 5.0) -> Patience:
    """Return what is learned from typing a text some times, with a stop after each."""
    patience, now = Patience(Rhythm()), 0.0
    for _ in range(times):
        now += stop
        for character in text:
            patience.press(key_of(character, ""), now)
            now += gap
    return patience


@pytest.mark.parametrize("text", ["print(", "if x:", "self.", "x = 1\n"])
def test_where_a_thought_begins_nobody_waits(text: str) -> None:
    assert typed(text).wait(LEAST_WORTH) == 0


def test_before_the_first_key_nobody_waits() -> None:
    assert Patience(Rhythm()).wait(LEAST_WORTH) == 0


def test_inside_a_word_the_next_key_is_given_time_to_come() -> None:
    assert 0.12 < typed("some_name").wait(LEAST_WORTH) < 0.6


def test_the_wait_follows_the_users_tempo() -> None:
    fast, slow = (typed("some_name_to_type", gap, times=20).wait(LEAST_WORTH) for gap in (0.07, 0.28))
    assert fast < slow / 2


def test_a_user_who_stops_after_a_key_is_answered_at_once_there() -> None:
    """He always stops after a comma here, and never after a dot."""
    patience, now = Patience(Rhythm()), 0.0
    for _ in range(60):
        for character, gap in (("a", 0.12), (".", 0.2), ("b", 0.12), (",", 3.0)):
            patience.press(key_of(character, ""), now)
            now += gap
    patience.press(Key.CLOSE, now)
    at_comma = patience.wait(LEAST_WORTH)
    patience.called()
    patience.press(Key.DOT, now + 0.1)
    assert at_comma == 0
    assert patience.wait(LEAST_WORTH) > 0.2


def test_a_dearer_call_waits_longer() -> None:
    patience = typed("some_name", times=5)
    waits = [patience.wait(worth(dollars)) for dollars in (0.0, 0.003, 0.02)]
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]


def test_the_worth_of_a_call_is_bounded() -> None:
    assert worth(None) == worth(0.0) == LEAST_WORTH
    assert worth(1000.0) == MOST_WORTH
    assert worth(0.002, latency=2.0) == pytest.approx(2 * worth(0.002))


def test_where_few_answers_are_taken_a_call_is_worth_a_longer_wait() -> None:
    usual, wasted, welcome = worth(0.002), worth(0.002, taken=0.1), worth(0.002, taken=0.6)
    assert wasted == pytest.approx(3 * usual)
    assert welcome == pytest.approx(usual / 2)
    assert worth(0.002, taken=0.0) == pytest.approx(4 * usual)


def test_each_call_beyond_the_allowed_ones_waits_longer() -> None:
    patience, now = typed("some name", times=3), 100.0
    waits: list[float] = []
    for _ in range(9):
        patience.press(Key.SPACE, now := now + 0.15)
        waits.append(patience.wait(LEAST_WORTH))
        patience.called()
    assert waits[:6] == pytest.approx([waits[0]] * 6, rel=0.5)
    assert waits[-1] > 1.5 * waits[0]
    assert max(waits) <= PAUSE


def test_a_pause_ends_the_burst_and_its_count() -> None:
    patience = typed("some_name")
    for _ in range(8):
        patience.called()
    patience.press(Key.CALL, 1000.0)
    assert patience.wait(LEAST_WORTH) == 0


@pytest.mark.parametrize(
    ("inserted", "removed", "key"),
    [
        ("a", "", Key.WORD),
        ("_", "", Key.WORD),
        ("é", "", Key.WORD),
        (" ", "", Key.SPACE),
        ("\n    ", "", Key.LINE),
        ("\r\n", "", Key.LINE),
        ("()", "", Key.CALL),
        ("(", "", Key.CALL),
        ("=", "", Key.OTHER),
        ('"', "", Key.CLOSE),
        ("", "x", Key.ERASE),
        ("pasted", "", None),
        ("\nx = 1", "", None),
        ("", "", None),
    ],
)
def test_what_one_key_does_to_a_document(inserted: str, removed: str, key: Key | None) -> None:
    assert key_of(inserted, removed) == key


def test_it_lies_far_below_every_fixed_debounce() -> None:
    """On many people's typing: at equal calls less waiting after the last key, at equal waiting fewer calls."""
    people = [list(bursts(seed, 10)) for seed in range(100, 120)]
    frontier = Frontier.of(people, [step / 50 for step in range(26)])
    found = [one for strokes in people for one in with_patience(strokes, LEAST_WORTH)]
    calls, wait = mean(one.calls for one in found), mean(one.wait for one in found)
    assert calls <= 6
    assert wait <= 0.7 * frontier.wait_at(calls)
    assert calls <= 0.7 * frontier.calls_at(wait)
