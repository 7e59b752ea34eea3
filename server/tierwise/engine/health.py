"""Who can be asked right now, learned from the calls that are made anyway: nobody is pinged, nothing is locked."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from math import inf

from tierwise.core.model import Model
from tierwise.core.reply import Failure, FailureKind, Reach
from tierwise.providers import Endpoint
from tierwise.providers.wire.client import is_loopback

from .pulse import LASTING, Bar, Pulse

UNKNOWN_PATIENCE = 15.0
"""Seconds that a model whose first tokens are not known yet may be silent: reasoning models think that long."""
LEAST_PATIENCE = 3.0
"""Seconds that every model may be silent."""
PATIENCE = 4.0
"""Times its own p95 that a model may be silent before nobody else is sent there."""

_REQUESTS_OWN = {400, 413, 422}
"""Statuses that may be the request's own fault."""
_LASTING = {401, 402, 403, 404}

_WORDS = {
    FailureKind.TIMEOUT: "it did not answer in time",
    FailureKind.UNREACHABLE: "it cannot be reached",
    FailureKind.OFFLINE: "this machine has no network",
    FailureKind.REFUSED: "it refuses requests",
    FailureKind.RATE_LIMITED: "it has had too many requests",
    FailureKind.OVERLOADED: "it is overloaded",
    FailureKind.MALFORMED: "it answers nonsense",
}


_AT_HOME = {"local", "fake"}
"""Types of endpoints that need no network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a model fares: seconds to its first token (running mean, p95), failures (running mean), what bars it."""

    model: str
    first_token: float | None
    p95: float | None
    errors: float
    bar: Bar | None


@dataclass(slots=True, eq=False)
class Watch:
    """One call under way."""

    number: int
    started: float
    pulses: tuple[Pulse, ...]
    model: Model
    spoke: bool = False


@dataclass(slots=True)
class Health:
    """All models' health. ``endpoints`` are the configured ones; ``clock`` is monotonic, in seconds."""

    endpoints: Mapping[str, Endpoint]
    clock: Callable[[], float] = time.monotonic
    _models: dict[str, Pulse] = field(default_factory=dict[str, Pulse])
    _endpoints: dict[str, Pulse] = field(default_factory=dict[str, Pulse])
    _network: Pulse = field(default_factory=Pulse)
    _remote: frozenset[str] = field(init=False)
    _calls: "count[int]" = field(default_factory=count)
    _waiting: set[asyncio.Future[None]] = field(default_factory=set["asyncio.Future[None]"])

    def __post_init__(self) -> None:
        self._remote = frozenset(name for name, endpoint in self.endpoints.items() if _is_remote(endpoint))

    def bar(self, model: Model) -> Bar | None:
        """Return why the model is not to be asked now, or None where it may be."""
        now = self.clock()
        *wide, own = self._pulses(model)
        for pulse in wide:
            found = pulse.bar(now, inf)
            if found is not None:
                return found
        return own.bar(now, _patience(own))

    def is_at_home(self, model: Model) -> bool:
        """Whether the model runs on this machine, so that nothing leaves it."""
        return model.provider in self.endpoints and model.provider not in self._remote

    def begin(self, model: Model) -> Watch:
        """Take note that the model is asked."""
        now = self.clock()
        pulses = self._pulses(model)
        watch = Watch(next(self._calls), now, pulses, model)
        for pulse in pulses:
            pulse.begin(watch.number, now)
        return watch

    def speak(self, watch: Watch) -> None:
        """Take note of a first token."""
        if not watch.spoke:
            watch.spoke = True
            now = self.clock()
            for pulse in watch.pulses:
                pulse.speak(watch.number, now)

    def end(self, watch: Watch, failure: Failure | None, rest: float | None = None) -> None:
        """Take note of how the call ended; ``rest`` is how long the vendor said that it would take no further one."""
        now = self.clock()
        for pulse in watch.pulses:
            pulse.end(watch.number)
        if failure is None:
            for pulse in watch.pulses:
                pulse.succeed(watch.started)
        else:
            self._fail(watch, failure, now)
        if rest:
            watch.pulses[-1].rest(now, rest, "its rate limit is used up")
        self._wake()

    def p95(self, model: Model) -> float | None:
        """Return the seconds in which 95 of 100 of the model's first tokens came, once that is known."""
        own = self._models.get(model.ref)
        return own.p95 if own is not None else None

    async def opening(self, models: Sequence[Model], until: float) -> bool:
        """Wait until one of the models may be asked, at most up to a moment on the clock; say whether one may be."""
        while True:
            bars = [self.bar(model) for model in models]
            if not all(bars):
                return True
            left = until - self.clock()
            soonest = min((bar.seconds for bar in bars if bar and bar.seconds is not None), default=left)
            unknown = any(bar and bar.seconds is None for bar in bars)
            if left <= 0 or (soonest > left and not unknown):
                return False
            await self._news(min(soonest, left))

    def conditions(self) -> tuple[Condition, ...]:
        """Return how every model that was asked fares."""
        now = self.clock()
        return tuple(
            Condition(model=ref, first_token=own.latency, p95=own.p95, errors=own.errors, bar=own.bar(now, 1e9))
            for ref, own in self._models.items()
        )

    def succeeded_by(self, endpoints: Mapping[str, Endpoint]) -> "Health":
        """Return the health under other settings: what is known of an endpoint that changed is forgotten."""
        same = {name for name, endpoint in endpoints.items() if self.endpoints.get(name) == endpoint}
        heir = Health(endpoints, self.clock)
        heir._endpoints = {name: pulse for name, pulse in self._endpoints.items() if name in same}
        heir._models = {ref: pulse for ref, pulse in self._models.items() if ref.partition("/")[0] in same}
        heir._network, heir._calls = self._network, self._calls
        return heir

    def _fail(self, watch: Watch, failure: Failure, now: float) -> None:
        *wide, own = watch.pulses
        reach = failure.reach
        for pulse in wide if reach is Reach.MODEL else wide[:-1] if reach is Reach.ENDPOINT else ():
            if failure.status is not None:
                pulse.succeed(watch.started)  # whoever answers, even with an error, is there
        kind = failure.kind
        if kind is FailureKind.CANCELLED:
            silent = not watch.spoke and now - watch.started > _patience(own)
            if silent:
                own.fail(now, _WORDS[FailureKind.TIMEOUT], None)
            return
        if kind in (FailureKind.DECLINED, FailureKind.SILENT) or failure.status == 413:
            return
        pulse = wide[0] if reach is Reach.NETWORK else own if reach is Reach.MODEL else wide[-1]
        if failure.status in _REQUESTS_OWN or (kind is FailureKind.TIMEOUT and watch.spoke):
            pulse.suspect(now, _WORDS[kind])
            return
        lasting = kind is FailureKind.REFUSED and (failure.status in _LASTING or failure.status is None)
        pulse.fail(now, _WORDS[kind], LASTING if lasting else failure.retry_after)

    def _pulses(self, model: Model) -> tuple[Pulse, ...]:
        """Return the network's pulse where it is needed, the endpoint's, the model's."""
        own = self._models.get(model.ref)
        if own is None:
            own = self._models[model.ref] = Pulse()
        endpoint = self._endpoints.get(model.provider)
        if endpoint is None:
            known = self.endpoints.get(model.provider)
            endpoint = self._endpoints[model.provider] = Pulse(most=known.concurrency if known else 0)
        return (self._network, endpoint, own) if model.provider in self._remote else (endpoint, own)

    async def _news(self, seconds: float) -> None:
        """Wait until some call ends, or so many seconds."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(max(seconds, 0.001)):
                    await future
        finally:
            self._waiting.discard(future)

    def _wake(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)


def _patience(pulse: Pulse) -> float:
    return max(PATIENCE * pulse.p95, LEAST_PATIENCE) if pulse.p95 is not None else UNKNOWN_PATIENCE


def _is_remote(endpoint: Endpoint) -> bool:
    return endpoint.type not in _AT_HOME and not is_loopback(endpoint.base_url or "")
