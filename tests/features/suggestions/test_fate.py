"""What became of a suggestion: told, or inferred from what the document becomes."""

import pytest

from features.suggestions.stage import Stage
from tierwise.core.outcome import Signal
from tierwise.core.text import Position, Span
from tierwise.features.suggestions.fate import Fates, Offer

TEXT = "alpha + beta"
LONG = 0.6
"""Seconds within which ghost text is seen."""


class Watched(Stage):
    """A stage whose suggestions are watched; the clock of signals is the stage's."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.fates = Fates(self.suggester.note, self.clock)
        self.documents.listen(self.fates.changed)

    async def offer(self, text: str = TEXT, *, ghost: bool = True, invoked: bool = False) -> str:
        """Show what the model says, and return its task's id."""
        self.says(text)
        rests = await self.ask(invoked=invoked)
        self.fates.offered(Offer(document=self.document, cursor=self.cursor, rests=tuple(rests), ghost=ghost))
        return rests[0].answer.task_id

    @property
    def signals(self) -> list[tuple[str, float]]:
        return [(str(one.signal), round(one.value, 2)) for one in self.book.feedback]


@pytest.fixture
def stage() -> Watched:
    watched = Watched(hand=True)
    watched.open("x = ‸\ny = 1\n")
    return watched


async def test_taken_at_once(stage: Watched) -> None:
    await stage.offer()
    await stage.passes(LONG)
    stage.insert(TEXT)
    assert stage.signals == [("shown", 1.0), ("accepted", 1.0)]


async def test_the_items_command_after_it_says_nothing_new(stage: Watched) -> None:
    task = await stage.offer()
    stage.insert(TEXT)
    stage.fates.accepted(task, stage.documents)
    assert stage.signals == [("shown", 1.0), ("accepted", 1.0)]
    assert {one.task_id for one in stage.book.feedback} == {task}


async def test_taken_where_only_the_command_tells(stage: Watched) -> None:
    """As when another version of the text was inserted than the one we can see."""
    task = await stage.offer()
    stage.fates.accepted(task, stage.documents)
    assert stage.signals == [("shown", 1.0), ("accepted", 1.0)]


async def test_typed_by_hand_to_its_end(stage: Watched) -> None:
    await stage.offer()
    await stage.passes(LONG)
    for character in TEXT:
        stage.insert(character)
    assert stage.signals == [("shown", 1.0), ("partial", 1.0)]


async def test_begun_by_hand_and_then_taken(stage: Watched) -> None:
    await stage.offer()
    stage.insert("a")
    stage.insert("l")
    stage.insert(TEXT[2:])
    assert stage.signals == [("shown", 1.0), ("accepted", 1.0)]


async def test_a_bracket_that_the_editor_closes_is_typed_by_hand(stage: Watched) -> None:
    await stage.offer("f(alpha)")
    await stage.passes(LONG)
    stage.insert("f")
    stage.insert("()")
    stage.cursor = Position(0, 6)
    stage.replace(Span(Position(0, 6), Position(0, 7)), "alpha)")
    assert stage.signals == [("shown", 1.0), ("accepted", 1.0)]


async def test_taken_word_by_word(stage: Watched) -> None:
    await stage.offer()
    stage.insert("alpha")
    stage.insert(" +")
    assert stage.signals == [("shown", 1.0), ("partial", 0.42), ("partial", 0.58)]
    stage.insert(" beta")
    assert stage.signals[-1] == ("accepted", 1.0)


async def test_seen_and_typed_over(stage: Watched) -> None:
    await stage.offer()
    await stage.passes(LONG)
    stage.insert("z")
    assert stage.signals == [("shown", 1.0), ("rejected", 0.0)]


async def test_followed_for_a_while_and_then_left(stage: Watched) -> None:
    await stage.offer()
    stage.insert("a")
    await stage.passes(LONG)
    stage.insert("z")
    assert stage.signals == [("shown", 1.0), ("rejected", 0.08)]


async def test_what_stood_too_short_to_be_seen_says_nothing(stage: Watched) -> None:
    await stage.offer()
    stage.insert("z")
    assert stage.signals == []


async def test_what_was_taken_in_part_is_not_rejected(stage: Watched) -> None:
    await stage.offer()
    await stage.passes(LONG)
    stage.insert("alpha")
    stage.insert("z")
    assert [name for name, _ in stage.signals] == ["shown", "partial"]


async def test_an_item_of_a_list_is_not_rejected_by_typing_on(stage: Watched) -> None:
    await stage.offer(ghost=False)
    await stage.passes(LONG)
    stage.insert("z")
    assert stage.signals == []


async def test_an_editor_that_tells_what_it_shows_is_believed(stage: Watched) -> None:
    """It shows nothing while its own list is open, however long our answer stands."""
    stage.fates.shown("some other")
    task = await stage.offer()
    await stage.passes(LONG)
    stage.insert("z")
    assert [one for one in stage.book.feedback if one.task_id == task] == []


async def test_partly_taken_as_an_editor_tells_it(stage: Watched) -> None:
    task = await stage.offer()
    stage.fates.partly_accepted(task, "alpha", TEXT)
    stage.fates.partly_accepted(task, "alpha", TEXT)
    stage.fates.partly_accepted(task, " +", " + beta")
    assert stage.signals == [("shown", 1.0), ("partial", 0.42), ("partial", 0.58)]


async def test_what_is_left_of_it_after_a_while() -> None:
    fast = Watched(hand=True)
    fast.open("x = ‸\ny = 1\n")
    await fast.offer()
    fast.insert(TEXT)
    fast.cursor = Position(0, 0)
    fast.insert("# above\n")
    await fast.passes(40)
    fast.replace(Span(Position(1, 12), Position(1, 16)), "gamma")
    await fast.passes(100)
    fast.replace(Span(Position(1, 4), Position(1, 17)), "")
    await fast.passes(600)
    kept = [round(one.value, 2) for one in fast.book.feedback if one.signal is Signal.RETAINED]
    assert kept == [1.0, 0.67, 0.0]
