"""Models, their prices and the tiers that order them."""

from dataclasses import dataclass, replace

from .reply import Usage

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Dollars per million tokens of each kind, with the date they were read (ISO 8601).

    Where a vendor asks more for long prompts, ``beyond`` is the price of a call whose prompt has more than ``up_to``
    tokens, cached ones included.
    """

    input: float
    output: float
    cache_read: float
    cache_write: float
    as_of: str
    up_to: int | None = None
    beyond: "Price | None" = None

    def times(self, share: float) -> "Price":
        """Return the price of who asks that share of it, for tokens of every kind."""
        return replace(
            self,
            input=self.input * share,
            output=self.output * share,
            cache_read=self.cache_read * share,
            cache_write=self.cache_write * share,
            beyond=self.beyond.times(share) if self.beyond else None,
        )

    def of(self, usage: Usage) -> float:
        """Return the dollars that this usage costs.

        A float holds fifteen digits: the sum of a million answers errs by less than a millionth of a cent.
        """
        rate = self.at(usage.input + usage.cache_read + usage.cache_write)
        return (
            usage.input * rate.input
            + usage.output * rate.output
            + usage.cache_read * rate.cache_read
            + usage.cache_write * rate.cache_write
        ) / MILLION

    def uncached(self, usage: Usage) -> float:
        """Return the dollars that this usage would cost if no token of it had been in a cache or written to one."""
        prompt = usage.input + usage.cache_read + usage.cache_write
        return self.of(Usage(input=prompt, output=usage.output))

    def at(self, prompt: int) -> "Price":
        """Return the price of a call whose prompt has so many tokens, cached ones included."""
        if self.beyond is not None and self.up_to is not None and prompt > self.up_to:
            return self.beyond.at(prompt)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Skills:
    """What a model can be asked: facts from the catalogue, never guessed from its name in code.

    ``fim`` names a fill-in-the-middle template; ``"suffix"`` means that the endpoint takes prefix and suffix itself,
    ``"workspace"`` that who answers works in this process and needs no more than the place;
    ``api`` is the vendor's interface that serves it. ``limit`` is the parameter that bounds the answer in it;
    ``effort`` is how hard a reasoning model shall think (``"none"``: not at all, None: as the vendor sees fit), and
    ``reserve`` the tokens granted for that on top of the answer's, because vendors count both against the limit.
    ``cache`` says that the vendor caches what it is asked to, ``cache_from`` is the shortest prompt prefix, in tokens,
    that it caches, ``cache_for`` for how many seconds from its last use. ``edit`` is the form in which it
    writes changes best: ``blocks``, ``diff`` or ``json_edits``.
    """

    api: str = "chat"
    fim: str | None = None
    json: bool = True
    reasoning: bool = False
    temperature: bool = True
    stop: bool = True
    prefill: bool = False
    cache: bool = False
    cache_from: int = 1024
    cache_for: float = 300.0
    limit: str = "max_tokens"
    effort: str | None = None
    reserve: int = 0
    edit: str = "blocks"


IN_PROCESS = "local"
"""The provider that answers inside the server, from the workspace itself: it costs neither money nor time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model of one provider; ``price`` None means unknown, and everything that shows a cost says so.

    ``provider`` is the name of a configured endpoint, ``window`` and ``max_output`` are in tokens. ``batch`` is the
    share of the price that its vendor's batch interface asks, None where there is no such interface.
    """

    name: str
    provider: str
    price: Price | None
    window: int = 128_000
    max_output: int = 8_192
    skills: Skills = Skills()
    batch: float | None = None

    @property
    def batched(self) -> "Model":
        """The model at the price of its vendor's batch interface."""
        if self.price is None or self.batch is None:
            return self
        return replace(self, price=self.price.times(self.batch))

    @property
    def ref(self) -> str:
        """The name users write: ``provider/name``."""
        return f"{self.provider}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A class of models in the order to try them."""

    name: str
    models: tuple[Model, ...]
