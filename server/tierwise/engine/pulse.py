"""What is known of one place that answers: how it fared, whether it may be asked, and how long it takes.

A circuit breaker in terms of what it must hold: of the calls that come to nothing, at most ``MOST_WASTED`` fall into
any ``WINDOW`` seconds. It opens for a moment after one failure and for the rest of the window after the second; then
one call at a time finds out whether the place is well again (Nygard, "Release It!", 2007, calls that half-open).
"""

from collections import deque
from dataclasses import dataclass, field

WINDOW = 60.0
"""Seconds."""
MOST_WASTED = 2
"""Calls wasted on one dead model in any window."""
FIRST_PAUSE = 1.0
"""Seconds after a first failure: what is overloaded for a moment is not worth a call before."""
LASTING = 300.0
"""Seconds after a failure that does not mend by itself: a key that is not valid, a model that does not exist."""
LONGEST_REST = 3600.0
"""Seconds; who asks for more is asked again all the same, because a clock may be wrong."""

SAMPLES = 64
"""First-token times that are kept: the latest minutes of a busy model."""
ENOUGH_SAMPLES = 8
"""From which on a percentile means anything."""
WEIGHT = 0.2
"""Of the newest call in the running means: half of the weight lies on the latest three calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Why somebody is not asked now, as the end of a sentence, and how many seconds that will last (None: until one of
    the calls under way ends).
    """

    reason: str
    seconds: float | None


@dataclass(slots=True, kw_only=True)
class Pulse:
    """One model, one endpoint, or this machine's network. Moments are seconds on one monotonic clock."""

    most: int = 0
    """Calls that may be under way at once; 0 is any number."""
    busy: int = 0
    latency: float | None = None
    """Running mean of the seconds to the first token."""
    errors: float = 0.0
    """Running mean of failures, in [0, 1]."""
    _wasted: deque[float] = field(default_factory=lambda: deque[float](maxlen=MOST_WASTED))
    _until: float = 0.0
    _told: float = 0.0
    _reason: str = ""
    _silent: dict[int, float] = field(default_factory=dict[int, float])
    _firsts: deque[float] = field(default_factory=lambda: deque[float](maxlen=SAMPLES))
    _p95: float | None = None

    @property
    def p95(self) -> float | None:
        """Seconds in which 95 of 100 first tokens came, once there were enough to say so."""
        return self._p95

    def bar(self, now: float, patience: float) -> Bar | None:
        """Return why it is not to be asked now; ``patience`` is how long a call may be silent before it counts."""
        if now < self._until:
            return Bar(reason=self._reason, seconds=self._until - now)
        if self._wasted and self.busy:
            return Bar(reason=f"{self._reason} (it is being tried again)", seconds=None)
        if self.most and self.busy >= self.most:
            return Bar(reason=f"{self.busy} requests are under way there, as many as are allowed", seconds=None)
        if self._silent and now - next(iter(self._silent.values())) > patience:
            return Bar(reason=f"it has been silent for {patience:.0f} s", seconds=None)
        return None

    def begin(self, call: int, now: float) -> None:
        """A call starts."""
        self.busy += 1
        self._silent[call] = now

    def speak(self, call: int, now: float) -> None:
        """The call's first token came."""
        started = self._silent.pop(call, None)
        if started is None:
            return
        seconds = now - started
        self.latency = seconds if self.latency is None else self.latency + WEIGHT * (seconds - self.latency)
        self._firsts.append(seconds)
        if len(self._firsts) >= ENOUGH_SAMPLES:
            self._p95 = sorted(self._firsts)[int(0.95 * len(self._firsts))]

    def end(self, call: int) -> None:
        """The call is over, whatever came of it."""
        self.busy -= 1
        self._silent.pop(call, None)

    def succeed(self, started: float) -> None:
        """A call that began at ``started`` was answered."""
        self.errors -= WEIGHT * self.errors
        if self._wasted and started >= self._told:  # one from before the trouble says nothing of what comes after it
            self._wasted.clear()
            self._until = 0.0

    def fail(self, now: float, reason: str, rest: float | None) -> None:
        """A call came to nothing; ``rest`` is how long to stay away, where that is known."""
        self.errors += WEIGHT * (1.0 - self.errors)
        self._wasted.append(now)
        self._told, self._reason = now, reason
        full = len(self._wasted) == MOST_WASTED and now - self._wasted[0] < WINDOW
        least = self._wasted[0] + WINDOW if full else now + FIRST_PAUSE
        self._until = max(self._until, least, now + min(rest or 0.0, LONGEST_REST))

    def suspect(self, now: float, reason: str) -> None:
        """A call was refused in a way that may be the request's own fault: only the second in a row counts."""
        self._wasted.append(now)
        self._told, self._reason = now, reason
        if len(self._wasted) == MOST_WASTED and now - self._wasted[0] < WINDOW:
            self._until = max(self._until, self._wasted[0] + WINDOW)

    def rest(self, now: float, seconds: float, reason: str) -> None:
        """Leave it alone for a while though nothing is wrong: it said that it would take no more."""
        self._told, self._reason = now, reason
        self._until = max(self._until, now + min(seconds, LONGEST_REST))
