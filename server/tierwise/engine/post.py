"""Questions that may wait, sent together: half the price for an answer within a day.

Whoever asks in company ``join``s first. As long as one of them is still preparing its question nothing is sent; when
all wait, what they ask goes out as one batch for each model. What was sent is known beyond this process: the same
question, asked again after a restart, waits for the answer that is on its way.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import TypeVar

from tierwise.core.exchange import Exchange
from tierwise.core.outcome import Outcome
from tierwise.core.reply import Failure, FailureKind, ProviderError, Usage
from tierwise.core.task import Task
from tierwise.ledger.sent import Posted, Sent
from tierwise.providers.wire.batch import Answer, Batches, Batching

from .letter import Letter, Place, parts, pauses
from .observer import Silent
from .pool import Pool

log = logging.getLogger(__name__)

NOT_FOUND = 404

Got = TypeVar("Got")


@dataclass(slots=True)
class Post(Silent):
    """Sends, follows and distributes. It observes the engine: what is in the ledger is forgotten here."""

    pool: Pool
    sent: Sent
    pauses: Callable[[], Iterator[float]] = pauses
    told: Callable[[str], None] = log.info
    """Hears what is under way, in sentences for the user."""
    _preparing: int = 0
    _waiting: list[Letter] = field(default_factory=list[Letter])
    letters: dict[str, list[Letter]] = field(default_factory=dict[str, list[Letter]])
    """Who waits for which entry's answer."""
    _over: dict[Place, dict[str, Answer]] = field(default_factory=dict[Place, dict[str, Answer]])
    _names: dict[Place, set[str]] = field(default_factory=dict[Place, set[str]])
    """What is waited for of each batch that is followed."""
    _work: "set[asyncio.Task[None]]" = field(default_factory=set["asyncio.Task[None]"])
    _notes: "set[asyncio.Task[None]]" = field(default_factory=set["asyncio.Task[None]"])
    _taken: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Names of entries by the task that took their answers."""

    def join(self, count: int) -> None:
        """So many are preparing questions; each of them must ``leave``."""
        self._preparing += count

    def leave(self) -> None:
        """One of those who joined will ask no more."""
        self._preparing -= 1
        self._send_when_all_wait()

    async def ask(self, task: Task, tier: str, exchange: Exchange) -> None:
        """Put the exchange's prompt into a batch and wait for its answer; raises ``ProviderError``."""
        batches = await self._batches(exchange.model.provider)
        entry = batches.entry(exchange)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        letter = Letter(task=task, tier=tier, exchange=exchange, entry=entry, answer=answer)
        known = await self._kept(partial(self.sent.find, entry.name))
        self._preparing -= 1
        self.letters.setdefault(entry.name, []).append(letter)
        if known is not None:
            self._resume(batches, (known.provider, known.batch), (entry.name,))
        elif len(self.letters[entry.name]) == 1:
            self._waiting.append(letter)
        self._send_when_all_wait()
        try:
            found = await answer
        except asyncio.CancelledError:
            self._withdraw(letter)
            raise
        if found.usage.total:
            mine = await self._kept(partial(self.sent.claim, entry.name))
            self._taken.setdefault(task.id, []).append(entry.name)
            found = found if mine else replace(found, usage=Usage())
        found.fill(exchange)

    def finished(self, outcome: Outcome) -> None:
        """Forget what is in the ledger now."""
        names = self._taken.pop(outcome.task.id, None)
        if names:
            self._begin(self._kept(partial(self.sent.booked, names)), self._notes)

    async def rest(self, workspace: str) -> list[tuple[Posted, Answer]]:
        """Return what was answered of a workspace's batches that nobody asks about any more, for the ledger.

        Raises ``ProviderError`` where a vendor cannot be asked.
        """
        found: list[tuple[Posted, Answer]] = []
        for posted in await self._kept(partial(self.sent.of_workspace, workspace)):
            place = (posted.provider, posted.batch)
            if place not in self._over:
                batches = await self._batches(place[0])
                if not await batches.is_over(place[1]):
                    continue
                await self._fetch(batches, place)
            answer = self._over[place].get(posted.name)
            if answer is not None and answer.usage.total and await self._kept(partial(self.sent.claim, posted.name)):
                found.append((posted, answer))
        return found

    async def booked(self, entries: Sequence[Posted] = ()) -> None:
        """Forget entries that are in the ledger, and at the vendor the batches that there is no more to be had of."""
        await asyncio.gather(*self._notes, return_exceptions=True)
        await self._kept(partial(self.sent.booked, [entry.name for entry in entries]))
        for place in [*self._over]:
            is_open = await self._kept(partial(self.sent.is_open, *place))
            if not is_open and self._over.pop(place, None) is not None:
                try:
                    await (await self._batches(place[0])).forget(place[1])
                except ProviderError as error:
                    log.info("a batch that is over was not deleted: %s", error)

    async def cancel(self, workspace: str) -> int:
        """Have no more of a workspace's batches answered; return how many there are. Raises ``ProviderError``."""
        places = {
            (entry.provider, entry.batch) for entry in await self._kept(partial(self.sent.of_workspace, workspace))
        }
        for provider, batch in places:
            await (await self._batches(provider)).cancel(batch)
        return len(places)

    async def close(self) -> None:
        """Stop looking; what is under way at the vendors goes on there."""
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, *self._notes, return_exceptions=True)

    def _begin(self, work: Coroutine[object, object, None], among: "set[asyncio.Task[None]]") -> None:
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)

    def _send_when_all_wait(self) -> None:
        if self._preparing > 0 or not self._waiting:
            return
        letters, self._waiting = [letter for letter in self._waiting if not letter.answer.done()], []

        def address(letter: Letter) -> tuple[str, str]:
            return letter.exchange.model.ref, letter.entry.path

        for _, same in groupby(sorted(letters, key=address), key=address):
            for part in parts([*same]):
                self._begin(self._send(part), self._work)

    async def _send(self, letters: list[Letter]) -> None:
        provider, model = letters[0].exchange.model.provider, letters[0].exchange.model.ref
        try:
            batches = await self._batches(provider)
            batch = await batches.send([letter.entry for letter in letters])
        except ProviderError as error:
            self._fail(letters, error.failure)
            return
        try:
            await self._kept(partial(self.sent.add, [letter.posted(batch) for letter in letters]))
        except ProviderError as error:
            log.error("after a restart nobody will know of batch %s at %s: %s", batch, provider, error)
        count = "1 question" if len(letters) == 1 else f"{len(letters)} questions"
        self.told(f"A batch of {count} to {model} is under way; that may take a day.")
        self._resume(batches, (provider, batch), {letter.entry.name for letter in letters})

    def _resume(self, batches: Batches, place: Place, names: Iterable[str]) -> None:
        """Have those who ask these questions answered as soon as the batch is over."""
        answers = self._over.get(place)
        if answers is not None:
            for name in names:
                self._deliver(name, answers.get(name))
        elif place in self._names:
            self._names[place].update(names)
        else:
            self._names[place] = set(names)
            self._begin(self._watch(batches, place), self._work)

    async def _watch(self, batches: Batches, place: Place) -> None:
        """Look at the batch until it is over, then give everybody his answer."""
        for pause in self.pauses():
            try:
                if await batches.is_over(place[1]):
                    await self._fetch(batches, place)
                    break
            except ProviderError as error:
                log.warning("batch %s cannot be looked at: %s", place[1], error)
                if error.failure.kind is FailureKind.REFUSED:
                    await self._give_up(place, error.failure)
                    return
            await asyncio.sleep(pause)
        for name in self._names.pop(place):
            self._deliver(name, self._over[place].get(name))

    async def _fetch(self, batches: Batches, place: Place) -> None:
        """Take what a batch that is over has brought; entries that cost nothing need not be kept any longer."""
        answers = {answer.name: answer for answer in await batches.answers(place[1])}
        paid = [name for name, answer in answers.items() if answer.usage.total]
        await self._kept(partial(self.sent.keep_only, *place, paid))
        self._over[place] = answers

    async def _give_up(self, place: Place, failure: Failure) -> None:
        if failure.status == NOT_FOUND:
            log.warning("batch %s is gone at its vendor: what it has cost is not in the ledger", place[1])
            await self._kept(partial(self.sent.keep_only, *place, ()))
        for name in self._names.pop(place):
            self._deliver(name, Answer(name=name, failure=failure))

    def _deliver(self, name: str, answer: Answer | None) -> None:
        if answer is None:
            answer = Answer(name=name, failure=_lost("The vendor's batch brought no answer to an entry."))
        for letter in self.letters.pop(name, ()):
            if not letter.answer.done():
                self._preparing += 1
                letter.answer.set_result(answer)

    def _fail(self, letters: Sequence[Letter], failure: Failure) -> None:
        for letter in letters:
            self._deliver(letter.entry.name, Answer(name=letter.entry.name, failure=failure))

    def _withdraw(self, letter: Letter) -> None:
        self._preparing += 1
        if letter in self._waiting:
            self._waiting.remove(letter)
        others = [other for other in self.letters.pop(letter.entry.name, ()) if other is not letter]
        if others:
            self.letters[letter.entry.name] = others

    async def _batches(self, provider: str) -> Batches:
        found = await self.pool.provider(provider)
        if not isinstance(found, Batching):
            raise ProviderError(_lost(f"{provider} has no batch interface."))
        return found.batches

    async def _kept(self, work: Callable[[], Got]) -> Got:
        """Do something with the file; where it cannot be used nothing is sent, and all is asked one by one."""
        try:
            return await asyncio.to_thread(work)
        except (sqlite3.Error, OSError) as error:
            raise ProviderError(_lost(f"{self.sent.path} cannot be used ({error}).")) from error


def _lost(message: str) -> Failure:
    return Failure(kind=FailureKind.UNREACHABLE, message=message)
