"""The way of a keystroke: from memory, from what is on its way, or from a model after a wait that pays."""

import asyncio

import pytest

from features.suggestions.stage import BEGAN, FREE, URI, Stage
from tierwise.core.document import Document
from tierwise.core.model import Price
from tierwise.core.reply import FailureKind
from tierwise.core.text import Position, Span, Text
from tierwise.features.suggestions import suggester
from tierwise.features.suggestions.memory import Memory
from tierwise.features.suggestions.patience import worth
from tierwise.features.suggestions.suggester import Ask
from tierwise.rehearsal import Cue, Line
from tierwise.settings.suggestions import SuggestionSettings


@pytest.fixture
def stage() -> Stage:
    return Stage()


class TestTypingThrough:
    async def test_what_is_suggested_costs_one_call_however_it_is_typed(self, stage: Stage) -> None:
        whole = "one(two)\n    three = four"
        stage.open("def f():\n    ‸\n")
        stage.says(whole)
        assert await stage.texts() == [whole]
        for count, character in enumerate(whole[:-1], 1):
            stage.insert(character)
            assert await stage.texts() == [whole[count:]]
        assert stage.calls == 1

    async def test_also_by_words_and_lines_and_after_undo(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("alpha + beta + gamma")
        await stage.texts()
        stage.insert("alpha +")
        assert await stage.texts() == [" beta + gamma"]
        stage.insert(" zzz")
        stage.erase(4)
        assert await stage.texts() == [" beta + gamma"]
        stage.erase(7)
        assert await stage.texts() == ["alpha + beta + gamma"]
        assert stage.calls == 1

    async def test_it_is_not_served_after_another_document_has_changed(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("alpha")
        await stage.texts()
        stage.documents.open(Document(uri="file:///other.py", version=1, language="python", text=Text.of("")))
        stage.says("beta")
        assert await stage.texts() == ["beta"]

    async def test_it_is_not_served_after_settings_have_changed(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("alpha")
        await stage.texts()
        stage.rebuild()
        stage.says("beta")
        assert await stage.texts() == ["beta"]

    async def test_a_model_that_had_nothing_to_say_is_not_asked_again_there(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("")
        assert await stage.texts() == []
        assert await stage.texts() == []
        assert stage.calls == 1

    async def test_a_closed_document_is_forgotten(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("alpha")
        await stage.texts()
        stage.documents.close(URI)
        stage.open("x = ‸\n")
        await stage.texts()
        assert stage.calls == 2


class TestInFlight:
    async def test_a_request_that_says_what_is_typed_goes_on(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("alpha + beta", delay=0.2, pause=0.2)
        first = last = stage.start()
        await stage.asked(1)
        for character in "alp":
            await stage.passes(0.05)
            stage.insert(character)
            last = stage.start()
        assert await first == []
        assert await last == ["ha + beta"]
        assert stage.calls == 1
        assert [attempt.failure for attempt in stage.book.attempts] == [None]

    async def test_it_goes_on_too_where_the_editor_closes_a_bracket(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("f(alpha)", delay=0.2)
        stage.start()
        await stage.asked(1)
        stage.insert("f")
        stage.start()
        await asyncio.sleep(0)
        stage.insert("()")
        stage.cursor = Position(0, 6)
        assert await stage.texts() == ["alpha)"]
        assert stage.calls == 1

    async def test_and_where_it_puts_a_line_between_two_brackets(self, stage: Stage) -> None:
        stage.open("f = () => {‸}\n", "typescript")
        stage.says("\n  alpha();\n}", delay=0.2)
        stage.start()
        await stage.asked(1)
        stage.insert("\n  \n")
        stage.cursor = Position(1, 2)
        assert await stage.texts() == ["alpha();"]
        assert stage.calls == 1

    async def test_one_that_says_something_else_is_ended_and_booked(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("alpha + beta + gamma", delay=0.0, pause=0.5)
        first = stage.start()
        await stage.asked(1)
        await stage.passes(0.2)
        stage.insert("z")
        assert await first == []
        stage.says("eta")
        assert await stage.texts() == ["eta"]
        assert stage.calls == 2
        kinds = [attempt.failure.kind if attempt.failure else None for attempt in stage.book.attempts]
        assert sorted(kinds, key=str) == [None, FailureKind.CANCELLED] or kinds == [FailureKind.CANCELLED, None]
        cancelled = next(attempt for attempt in stage.book.attempts if attempt.failure)
        assert cancelled.usage.total > 0

    async def test_one_that_turns_out_to_say_something_else_is_replaced_at_once(self, stage: Stage) -> None:
        """It has not begun to stream when the user types on, so it may yet agree, and then does not."""
        stage.open("x = ‸\n")
        stage.says("alpha + beta", delay=1.0, pause=5.0)
        stage.start()
        await stage.asked(1)
        stage.insert("z")
        later = stage.start()
        await stage.passes(0.1)
        stage.says("eta")
        assert await later == ["eta"]
        assert stage.calls == 2
        await (await stage.engine()).settle()
        failures = [attempt.failure.kind for attempt in stage.book.attempts if attempt.failure]
        assert failures == [FailureKind.CANCELLED], "as soon as it says so its connection is closed"

    async def test_the_newest_wins_and_the_older_is_answered_empty(self, stage: Stage) -> None:
        stage.open("x = ‸\ny = 1\n")
        stage.says("alpha", delay=1.0)
        first = stage.start()
        await stage.asked(1)
        stage.cursor = Position(2, 0)
        stage.says("beta")
        assert await stage.texts() == ["beta"]
        assert await first == []

    async def test_one_nobody_wants_any_more_is_closed_at_once(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("alpha", delay=20.0)
        request = stage.start()
        await stage.asked(1)
        request.cancel()
        await asyncio.wait([request])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await (await stage.engine()).settle()
        assert [attempt.failure.kind for attempt in stage.book.attempts if attempt.failure] == [FailureKind.CANCELLED]

    async def test_one_cancelled_by_a_key_that_agrees_is_picked_up_by_the_next_request(self) -> None:
        """As editors do: the change, the cancellation, then the next request."""
        stage = Stage(hand=True)
        stage.open("x = ‸\n")
        stage.says("alpha", delay=0.3)
        request = stage.start()
        await stage.asked(1)
        stage.insert("a")
        request.cancel()
        await stage.passes(0.1)
        assert await stage.texts() == ["lpha"]
        assert stage.calls == 1

    async def test_and_is_closed_where_no_next_request_comes(self) -> None:
        stage = Stage(hand=True)
        stage.open("x = ‸\n")
        stage.says("alpha", delay=200.0)
        request = stage.start()
        await stage.asked(1)
        stage.insert("a")
        request.cancel()
        await stage.passes(0.0)
        await stage.passes(0.2)
        assert stage.book.attempts == []
        await stage.passes(0.2)
        await (await stage.engine()).settle()
        assert [attempt.failure.kind for attempt in stage.book.attempts if attempt.failure] == [FailureKind.CANCELLED]

    async def test_what_was_typed_while_the_user_asked_nothing_is_no_reason_to_show_stale_text(
        self, stage: Stage
    ) -> None:
        stage.open("x = ‸\n")
        stage.says("alpha", delay=0.3)
        request = stage.start()
        await stage.asked(1)
        stage.insert("a")
        assert await request == []
        assert await stage.texts() == ["lpha"]
        assert stage.calls == 1


class TestWhenToAsk:
    @pytest.mark.parametrize(
        "drawing",
        ["some_‸name = 1\n", "x = ‸ + y\n", "f(‸a)\n", "return‸ x\n", "pass‸\n", "x = 1;‸\n"],
    )
    async def test_never_where_the_syntax_says_no(self, stage: Stage, drawing: str) -> None:
        stage.open(drawing)
        stage.says("text")
        assert await stage.texts() == []
        assert stage.calls == 0

    @pytest.mark.parametrize("drawing", ["x = f(‸)\n", "x = [‸]\n", "‸\n", "x = 1  # why ‸\n", 'x = "a ‸"\n'])
    async def test_where_something_may_be_missing(self, stage: Stage, drawing: str) -> None:
        stage.open(drawing)
        stage.says("text")
        assert await stage.texts() == ["text"]

    async def test_comments_and_strings_by_setting(self) -> None:
        stage = Stage(wishes=SuggestionSettings(in_comments=False, in_strings=False))
        for drawing in ("x = 1  # why ‸\n", 'x = "a ‸"\n'):
            stage.open(drawing)
            stage.says("text")
            assert await stage.texts() == []
        assert stage.calls == 0
        assert await stage.texts(invoked=True) != []

    async def test_inside_a_word_the_next_key_may_come_first(self) -> None:
        stage = Stage(hand=True)
        stage.open("‸\n")
        stage.says("_name")
        requests: list[asyncio.Task[list[str]]] = []
        for character in "some":
            stage.insert(character)
            requests.append(stage.start())
            await stage.passes(0.1)
        assert stage.calls == 0
        await stage.passes(1.0)
        assert [await request for request in requests] == [[], [], [], ["_name"]]
        assert stage.calls == 1

    async def test_by_hand_nobody_waits(self) -> None:
        stage = Stage(hand=True)
        stage.open("‸\n")
        stage.says("_name")
        stage.insert("some")
        stage.insert("s")
        assert await stage.texts(invoked=True) == ["_name"]
        assert stage.clock.now() == BEGAN

    @pytest.mark.parametrize("key", ["(", ":", ".", "\n", "\r\n    "])
    async def test_where_a_thought_begins_nobody_waits(self, key: str) -> None:
        stage = Stage(hand=True)
        stage.open("x‸\r\n" if "\r" in key else "x‸\n")
        stage.says("name")
        stage.insert(key)
        assert await stage.texts() == ["name"]
        assert stage.clock.now() == BEGAN

    async def test_what_was_held_back_and_overtaken_leaves_no_trace(self, stage: Stage) -> None:
        stage.open("‸\n")
        stage.says("_name")
        stage.insert("s")
        request = stage.start()
        await asyncio.sleep(0)
        stage.insert("o")
        assert await request == []
        assert (stage.calls, stage.book.outcomes) == (0, [])

    async def test_a_model_that_fails_is_asked_again_with_the_next_request(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.script.say = Line(fault="reset")
        assert await stage.texts() == []
        stage.says("alpha")
        assert await stage.texts() == ["alpha"]

    async def test_what_looks_like_a_file_of_secrets_goes_nowhere(self, stage: Stage) -> None:
        text = Text.of("KEY=\n")
        document = Document(uri="file:///project/.env", version=1, language="", text=text)
        ask = Ask(
            feature="inline_completion",
            document=document,
            place=Position(0, 4),
            held=document,
            cursor=Position(0, 4),
            invoked=True,
        )
        stage.documents.open(document)
        assert await stage.suggester.suggest(stage.documents, ask) == []
        assert stage.calls == 0


class TestWaste:
    """What was paid for in vain makes a call dearer in the seconds that the next one is held back for."""

    @pytest.fixture
    def prices(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """The price in seconds of each call that was held back, as the wait was chosen by it."""
        found: list[float] = []

        def noted(*known: float | None) -> float:
            found.append(worth(*known))  # type: ignore[arg-type]
            return found[-1]

        monkeypatch.setattr(suggester, "worth", noted)
        return found

    async def test_what_superseded_calls_were_billed(self, prices: list[float]) -> None:
        stage = Stage(price=Price(input=0.0, output=60.0, cache_read=0.0, cache_write=0.0, as_of=""))
        text = "".join(f"name_{number}_" for number in range(200))
        stage.script.say = Line(text=text, fault="stall", after=100)
        stage.open("‸\n")
        for call in range(1, 7):
            stage.insert("x = foo(")
            request = stage.start()
            await stage.asked(call)
            await stage.passes(2.0)
            stage.insert("zz)\n")
            assert await request == []
            await stage.passes(0.2)
        assert len(prices) == 6
        assert prices[-1] > 1.5 * prices[0]
        assert {attempt.failure.kind for attempt in stage.book.attempts if attempt.failure} == {FailureKind.CANCELLED}

    async def test_answers_that_nobody_took(self, stage: Stage, prices: list[float]) -> None:
        for call in range(40):
            stage.open("x = foo(‸\n")
            stage.says(f"alpha{call}")
            stage.suggester.memory = Memory()
            await stage.texts()
        assert prices[-1] > 1.4 * prices[0]


class TestSeveral:
    async def test_by_hand_there_are_three_asked_for_in_parallel(self, stage: Stage) -> None:
        said, answered = iter(("one", "two", "three")), list[int]()

        def say(_cue: Cue) -> Line:
            answered.append(len(stage.book.outcomes))
            return Line(text=next(said), delay=0.02)

        stage.script.say = say
        stage.open("x = ‸\n")
        assert await stage.texts(invoked=True) == ["one", "two", "three"]
        assert answered == [0, 0, 0], "no answer was waited for before the next question"
        assert await stage.texts() == ["one", "two", "three"], "they stay, in their order"
        assert stage.calls == 3

    async def test_the_same_text_is_shown_once(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("one")
        assert await stage.texts(invoked=True) == ["one"]

    async def test_what_is_in_memory_counts(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("one")
        assert await stage.texts() == ["one"]
        said = iter(("two", "three"))
        stage.script.say = lambda _cue: Line(text=next(said))
        assert sorted(await stage.texts(invoked=True)) == ["one", "three", "two"]
        assert stage.calls == 3

    async def test_of_its_own_accord_there_is_one(self, stage: Stage) -> None:
        stage.open("x = ‸\n")
        stage.says("one")
        await stage.texts()
        assert stage.calls == 1


class TestAhead:
    @pytest.mark.parametrize(("ahead", "calls"), [("never", 1), ("free", 1), ("always", 2)])
    async def test_a_metered_model_is_asked_ahead_only_where_the_user_says_so(self, ahead: str, calls: int) -> None:
        stage = Stage(wishes=SuggestionSettings.model_validate({"ahead": ahead}))
        assert await _asked_ahead(stage) == calls

    async def test_a_free_one_is_asked_by_default(self) -> None:
        assert await _asked_ahead(Stage(price=FREE, wishes=SuggestionSettings())) == 2

    async def test_not_even_a_free_one_where_the_user_says_never(self) -> None:
        assert await _asked_ahead(Stage(price=FREE, wishes=SuggestionSettings(ahead="never"))) == 1

    async def test_an_unknown_price_is_not_free(self) -> None:
        assert await _asked_ahead(Stage(price=None, wishes=SuggestionSettings())) == 1

    async def test_what_was_asked_ahead_is_there_when_the_suggestion_is_taken(self) -> None:
        stage = Stage(price=FREE, wishes=SuggestionSettings())
        stage.open("if x:\n    ‸\n")
        stage.says("alpha(", delay=0.1)
        assert await stage.texts() == ["alpha("]
        stage.says("beta")
        await stage.asked(2)
        stage.insert("al")
        assert await stage.texts() == ["pha("]
        stage.insert("pha(")
        assert await stage.texts() == ["beta"]
        assert stage.calls == 2
        assert [bool(outcome.task.facts.get("ahead")) for outcome in stage.book.outcomes] == [False, True]

    async def test_it_is_given_up_when_the_user_goes_another_way(self) -> None:
        stage = Stage(price=FREE, wishes=SuggestionSettings())
        stage.open("if x:\n    ‸\n")
        stage.says("alpha(")
        await stage.texts()
        stage.says("beta", delay=20.0)
        await stage.asked(2)
        stage.insert("z")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await (await stage.engine()).settle()
        assert [attempt.failure.kind for attempt in stage.book.attempts if attempt.failure] == [FailureKind.CANCELLED]


async def _asked_ahead(stage: Stage) -> int:
    stage.open("if x:\n    ‸\n")
    stage.says("alpha(")
    await stage.texts()
    await stage.passes(0.2)
    return stage.calls


async def test_a_long_document_is_never_joined(stage: Stage) -> None:
    """A joined text of 50,000 lines with every key would be the dearest thing there."""
    stage.open("‸\n")
    text = Text.of("x = 1\n" * 50_000)
    big = text.replace(Span.at(25_000, 0), "\n")
    stage.documents.open(Document(uri=URI, version=2, language="python", text=big))
    stage.cursor = Position(25_000, 0)
    stage.says("alpha = beta")
    for character in "alp":
        await stage.texts()
        stage.insert(character)
    assert await stage.texts() == ["ha = beta"]
    assert stage.document.text._joined is None  # pyright: ignore[reportPrivateUsage]  # nothing else shows it
