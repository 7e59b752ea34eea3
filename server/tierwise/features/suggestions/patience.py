"""How long to wait before a model is asked: as long as the next key is likely to make the answer worthless.

Every wait has an expected price, and the cheapest one is taken::

    price(wait) = worth · P(wait < gap, and the user types on)     the call is wasted
                + wait · P(the user stops here)                    the user waits for us

with the gap until the next key as this user has it after this kind of key (``rhythm``), and ``worth``, the price of a
wasted call in seconds of the user's time. So what was wasted until now sets the wait: calls that were cancelled or
superseded by what they were billed, answers that nobody took or saw by their share in all.

This is the ski-rental problem with a known distribution, whose best strategy is one fixed moment (Karlin, Manasse,
McGeoch and Owicki, "Competitive randomized algorithms for nonuniform problems", Algorithmica 1994); only that the
moment differs from key to key and from user to user.
"""

from collections import deque
from dataclasses import dataclass, field

from .experience import USUALLY_TAKEN
from .rhythm import PAUSE, Key, Rhythm

WAGE = 64.0 / 3600.0
"""Dollars a second of a developer's time is worth: the median wage in the United States was 133,080 dollars a year in
May 2024 (Bureau of Labor Statistics, Occupational Outlook Handbook, software developers)."""
LEAST_WORTH = 0.08
"""Seconds that a call is worth at least, also where it is free: a server has one queue, a vendor its rate limits."""
MOST_WORTH = 0.5
"""Seconds that it is worth at most, however dear the model: past it nothing would ever be suggested in time."""
AT_ONCE = frozenset({Key.CALL, Key.COLON, Key.DOT, Key.LINE})
"""After these a new thought begins: the first of them in a burst is not made to wait."""
WINDOW = 60
"""Keys over which calls are counted."""
DEARER = 8.0
"""How much dearer each call beyond the allowed ones is: it is then made where the user has all but surely stopped."""
LEAST_WASTE, MOST_WASTE = 0.5, 4.0
"""Bounds of what the share of answers taken may do: a bad quarter of an hour does not silence the server."""
SLOW = 1.0
"""Seconds of latency from which on a call's worth grows with it: the longer it runs, the likelier it is overtaken."""


def worth(dollars: float | None, latency: float = 0.0, taken: float = USUALLY_TAKEN) -> float:
    """Return the seconds of waiting that are as dear as a wasted call of this price and latency (in seconds); None is
    an unknown price.

    Where fewer answers than usual are ``taken`` (a share in [0, 1]), waiting for one loses the user less, so a call is
    worth more of it; where more are, less.
    """
    price = max((dollars or 0.0) / WAGE, LEAST_WORTH) * max(1.0, latency / SLOW)
    waste = USUALLY_TAKEN / max(taken, 1e-3)
    return min(price * min(max(waste, LEAST_WASTE), MOST_WASTE), MOST_WORTH)


@dataclass(slots=True)
class Patience:
    """Decides how long to wait; ``most`` calls are made in any run of ``WINDOW`` keys without a pause, and more only
    at ever higher prices.
    """

    rhythm: Rhythm
    most: int = 6
    _keys: int = 0
    _calls: deque[int] = field(default_factory=deque[int])

    def press(self, key: Key | None, now: float) -> None:
        """Take a key at a moment in seconds."""
        if self.rhythm.press(key, now) >= PAUSE:
            self._calls.clear()
        self._keys += 1
        while self._calls and self._calls[0] <= self._keys - WINDOW:
            self._calls.popleft()

    def called(self) -> None:
        """Count a call."""
        self._calls.append(self._keys)

    def wait(self, price: float) -> float:
        """Return the seconds to wait after the last key; ``price`` as ``worth`` returns it."""
        key = self.rhythm.last
        if key is None or (key in AT_ONCE and not self._calls):
            return 0.0
        excess = len(self._calls) + 1 - self.most
        if excess > 0:
            price *= DEARER**excess
        return min(cheapest(self.rhythm, key, price), PAUSE)


def cheapest(rhythm: Rhythm, key: Key, price: float) -> float:
    """Return the wait of the lowest expected price, in seconds."""
    gaps = rhythm.gaps[key]
    stops = gaps.stops
    waits = ((ratio * rhythm.tempo, chance) for ratio, chance in gaps.beyond())
    return min(waits, key=lambda wait: price * wait[1] + stops * wait[0])[0]
