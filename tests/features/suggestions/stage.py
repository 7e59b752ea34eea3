"""The suggester with a real engine behind it, whose one model says what a test scripts; and somebody who types."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from tierwise import tasks
from tierwise.core.document import Document
from tierwise.core.model import Model, Price, Tier
from tierwise.core.options import Overrides
from tierwise.core.outcome import Attempt, Feedback, Outcome
from tierwise.core.task import Task
from tierwise.core.text import Position, Span, Text
from tierwise.engine import Engine, EngineParts, Observer, Pool
from tierwise.features.house import Books
from tierwise.features.pause import Pause
from tierwise.features.suggestions.answer import Rest
from tierwise.features.suggestions.clock import Clock
from tierwise.features.suggestions.suggester import Ask, Suggester
from tierwise.lsp.newest import Newest
from tierwise.policies.rules import Rule, Rules
from tierwise.providers import Endpoint
from tierwise.providers.fake import Fake
from tierwise.rehearsal import Cue, Line
from tierwise.settings.model import Settings
from tierwise.settings.suggestions import SuggestionSettings
from tierwise.workspace.documents import Change, Documents

URI = "file:///project/file.py"
CURSOR = "‸"
BEGAN = 60.0
"""Seconds that a clock set by hand begins at."""
TURNS = 20
"""Turns of the event loop in which everything that a moment has woken comes to its next wait."""
PAID = Price(input=1.0, output=5.0, cache_read=0.1, cache_write=1.25, as_of="2026-11-01")
FREE = Price(input=0.0, output=0.0, cache_read=0.0, cache_write=0.0, as_of="2026-11-01")


class Hand(Clock):
    """A clock that a test sets forward, so that nothing depends on how fast the machine is."""

    def __init__(self) -> None:
        super().__init__()
        self._at = BEGAN
        self._due: list[tuple[float, int, Callable[[], object]]] = []

    def now(self) -> float:
        """Return the seconds it was set forward."""
        return self._at

    async def sleep(self, seconds: float) -> None:
        """Return when it was set forward so far."""
        woken = asyncio.get_running_loop().create_future()
        self._when(seconds, lambda: woken.done() or woken.set_result(None))
        await woken

    def later(self, seconds: float, call: Callable[[], object]) -> asyncio.TimerHandle:
        """Call when it was set forward so far."""
        handle = asyncio.get_running_loop().call_later(1e9, call)
        self._when(seconds, lambda: handle.cancelled() or call())
        return handle

    async def set_forward(self, seconds: float) -> None:
        """Let the seconds pass, one event after the other."""
        end = self._at + seconds
        while self._due and min(self._due)[0] <= end:
            first = min(self._due)
            self._due.remove(first)
            self._at = first[0]
            first[2]()
            await _turns()
        self._at = end
        await _turns()

    def _when(self, seconds: float, call: Callable[[], object]) -> None:
        self._due.append((self._at + seconds, next(_NUMBERS), call))


_NUMBERS = itertools.count()


async def _turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


class Book:
    """A ledger that a test can read."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.feedback: list[Feedback] = []

    async def record(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def note(self, feedback: Feedback) -> None:
        self.feedback.append(feedback)

    async def close(self) -> None:
        return

    @property
    def attempts(self) -> list[Attempt]:
        return [attempt for outcome in self.outcomes for attempt in outcome.attempts]


class Script:
    """What the model says; ``cues`` are the prompts it was given."""

    def __init__(self) -> None:
        self.say: Line | Callable[[Cue], Line] = Line(text="")
        self.cues: list[Cue] = []

    def __call__(self, cue: Cue) -> Line:
        self.cues.append(cue)
        return self.say if isinstance(self.say, Line) else self.say(cue)


@dataclass
class Stage:
    """A house with one room; ``cursor`` is where the user is in the one file that is open. Its clock goes ``speed``
    times as fast as ours, or is set forward by ``hand``, or is ``timed`` by one that is given.
    """

    price: Price | None = PAID
    wishes: SuggestionSettings = field(default_factory=lambda: SuggestionSettings(ahead="never"))
    speed: float = 20.0
    hand: bool = False
    timed: Clock | None = None
    script: Script = field(default_factory=Script)
    book: Book = field(default_factory=Book)
    documents: Documents = field(default_factory=Documents)
    newest: Newest = field(default_factory=Newest)
    cursor: Position = field(default_factory=lambda: Position(0, 0))

    def __post_init__(self) -> None:
        self.clock = self.timed or (Hand() if self.hand else Clock(self.speed))
        self.pause = Pause()
        self.rebuild()
        self.suggester = Suggester(self, self.clock, _as_it_is)
        self.documents.listen(self.suggester.changed)

    def rebuild(self) -> None:
        """Build the engine anew, as when settings have changed."""
        model = Model(name="small", provider="fake", price=self.price)
        rule = Rule(name="all", ladder=("fast",), reason="It is the only one.", any_of={}, over={}, under={})
        self._engine = Engine(
            EngineParts(
                kinds=tasks.load,
                policies=(Rules((rule,)),),
                tiers={"fast": Tier(name="fast", models=(model,))},
                pool=Pool({}, {"fake": Fake(Endpoint(name="fake", type="fake"), self.script)}),
                ledger=self.book,
                overrides=Overrides(),
            )
        )

    async def engine(self) -> Engine:
        return self._engine

    async def settings(self) -> Settings:
        return Settings(suggestions=self.wishes)

    def watch(self, observer: Observer) -> None:
        raise NotImplementedError

    async def configure(self, session: object, editor: object) -> tuple[()]:
        return ()

    async def describe(self, name: str, uri: str, root: str, gate: object = None) -> str:
        """Say nothing of any name."""
        return ""

    def definitions(self, name: str) -> tuple[()]:
        """Know no name."""
        return ()

    def touched(self, uri: str) -> None:
        """Care for no file."""

    async def books(self) -> Books:
        raise NotImplementedError

    @property
    def calls(self) -> int:
        """How often the model was asked."""
        return len(self.script.cues)

    @property
    def document(self) -> Document:
        found = self.documents.get(URI)
        assert found is not None
        return found

    def says(self, text: str, delay: float = 0.0, pause: float = 0.0) -> None:
        """Let the model say so; times are the clock's seconds."""
        self.script.say = Line(text=text, delay=delay / self.speed, pause=pause / self.speed)

    def open(self, drawing: str, language: str = "python") -> None:
        """Open a file, drawn with its cursor."""
        before, _, rest = drawing.partition(CURSOR)
        text = Text.of(before + rest)
        self.cursor = text.position(len(before))
        self.documents.open(Document(uri=URI, version=1, language=language, text=text))

    def insert(self, text: str) -> None:
        """Insert a text at the cursor at once."""
        self.replace(Span(self.cursor, self.cursor), text)

    def replace(self, span: Span, text: str) -> None:
        """Replace a span and leave the cursor behind it."""
        old = self.document
        assert old.version is not None
        change = Change(span=span, new_text=text, text=old.text.replace(span, text))
        self.documents.replace(URI, old.version + 1, change)
        self.cursor = span.start.behind(text)

    def erase(self, count: int = 1) -> None:
        """Remove what stands before the cursor."""
        start = Position(self.cursor.line, self.cursor.column - count)
        self.replace(Span(start, self.cursor), "")

    async def ask(self, *, invoked: bool = False) -> list[Rest]:
        """Ask for a suggestion here and now."""
        ask = Ask(
            feature="inline_completion",
            document=self.document,
            place=self.cursor,
            held=self.document,
            cursor=self.cursor,
            invoked=invoked,
        )
        return await self.newest.run(URI, [], self.suggester.suggest(self.documents, ask))

    async def texts(self, *, invoked: bool = False) -> list[str]:
        """Return what is suggested here and now."""
        return [rest.text for rest in await self.ask(invoked=invoked)]

    def start(self, *, invoked: bool = False) -> "asyncio.Task[list[str]]":
        """Ask without waiting for the answer."""
        return asyncio.create_task(self.texts(invoked=invoked))

    async def passes(self, seconds: float) -> None:
        """Let so many of the clock's seconds pass."""
        if isinstance(self.clock, Hand):
            await self.clock.set_forward(seconds)
        else:
            await self.clock.sleep(seconds)

    async def asked(self, calls: int) -> None:
        """Wait until the model has been asked so often."""
        async with asyncio.timeout(5):
            while self.calls < calls:  # noqa: ASYNC110 - the script is no event
                await asyncio.sleep(0.001)


async def _as_it_is(task: Task) -> Task:
    return task
