"""Which models serve which tier, and why: the settings completed by what is found on this machine."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tierwise.core.model import Model, Price, Skills, Tier
from tierwise.providers import Endpoint
from tierwise.providers.catalogue import Catalogue
from tierwise.providers.discovery import Discovery, discover
from tierwise.settings.logins import with_keys
from tierwise.settings.model import Settings
from tierwise.settings.pool import ModelSettings, ProviderSettings

_ASKED_WHEN_FOUND = frozenset({"ollama", "llamacpp"})
"""Built-in providers for servers that may not run: asked where one answers, or where a setting names them."""

ORDER = ("local", "fast", "mid", "frontier")
"""The tiers from cheap to dear; those that a user names come after them, in the order in which they are written."""


WORKSPACE = Tier(
    name="local",
    models=(
        Model(
            name="workspace",
            provider="local",
            price=Price(input=0.0, output=0.0, cache_read=0.0, cache_write=0.0, as_of=""),
            skills=Skills(fim="workspace"),
        ),
    ),
)
"""The tier that predicts from the workspace's own tokens: it fills holes, costs nothing and does nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Tiers from cheap to dear with their models, the endpoints that serve them, and how it came to that.

    ``found`` says why each tier has its models, ``missing`` what is not there and how to get it: sentences.
    """

    tiers: Mapping[str, Tier]
    endpoints: Mapping[str, Endpoint]
    catalogue: Catalogue
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def has_models(self) -> bool:
        """Whether there is anybody to ask beside the workspace itself."""
        return any(tier.models for name, tier in self.tiers.items() if name != WORKSPACE.name)

    def find(self, ref: str) -> Model | None:
        """Return the model that ``provider/name`` means, or None where its provider cannot be asked."""
        provider, _, name = ref.partition("/")
        endpoint = self.endpoints.get(provider)
        return self.catalogue.find(provider, endpoint.type, name) if endpoint else None


async def take_stock(settings: Settings, env: Mapping[str, str]) -> Stock:
    """Return what there is to answer with; asks the model servers that may run on this machine, nobody else."""
    env = await asyncio.to_thread(with_keys, env, settings.providers)
    configured = _configured(settings, env)
    catalogue = Catalogue.load(await asyncio.to_thread(_known_models, settings, configured))
    everything_said = all(name in settings.tiers for name in ORDER[1:])
    discovery = await discover(env, catalogue, probe=not everything_said, configured=configured)
    endpoints = {**{endpoint.name: endpoint for endpoint in discovery.endpoints}, **configured}
    stock = Stock(tiers={}, endpoints=endpoints, catalogue=catalogue)
    tiers = {name: _tier(name, settings, discovery, stock) for name in _names(settings)}
    written = tuple(
        f"{name}: {', '.join(settings.tiers[name].models)}, because your settings say so."
        for name in tiers
        if name in settings.tiers
    )
    found = tuple(sentence for sentence in discovery.found if sentence.partition(":")[0] not in settings.tiers)
    missing = tuple(sentence for sentence in discovery.missing if sentence.partition(":")[0] not in settings.tiers)
    return replace(stock, tiers=tiers, found=(*found, *written), missing=missing)


def _names(settings: Settings) -> list[str]:
    return [*ORDER, *(name for name in settings.tiers if name not in ORDER)]


def _tier(name: str, settings: Settings, discovery: Discovery, stock: Stock) -> Tier:
    written = settings.tiers.get(name)
    if written is None and name == "local":
        return WORKSPACE
    if written is None:
        return Tier(name=name, models=discovery.tiers.get(name, ()))
    models = (stock.find(ref) for ref in written.models)
    return Tier(name=name, models=tuple(model for model in models if model is not None))


def _configured(settings: Settings, env: Mapping[str, str]) -> dict[str, Endpoint]:
    """Return the endpoints that the settings make ready to be asked."""
    named = {ref.partition("/")[0] for ref in _refs(settings)}
    return {
        name: _endpoint(name, provider, env)
        for name, provider in settings.providers.items()
        if _is_ready(provider, env) and (name not in _ASKED_WHEN_FOUND or name in named)
    }


def _is_ready(provider: ProviderSettings, env: Mapping[str, str]) -> bool:
    return bool(provider.secret(env) or provider.base_url or (provider.type == "fake" and provider.script))


def _endpoint(name: str, provider: ProviderSettings, env: Mapping[str, str]) -> Endpoint:
    return Endpoint(
        name=name,
        type=provider.type,
        base_url=provider.base_url,
        key=provider.secret(env),
        headers=provider.headers,
        timeout=provider.timeout,
        concurrency=provider.concurrency,
        script=provider.script,
    )


def _refs(settings: Settings) -> Iterable[str]:
    for tier in settings.tiers.values():
        yield from tier.models
    for options in settings.overrides().every():
        yield options.model or ""


def _known_models(settings: Settings, configured: Mapping[str, Endpoint]) -> list[Model]:
    """Return the user's own models: what the catalogue knows, corrected by what the settings say."""
    shipped = Catalogue.load()
    known: list[Model] = []
    for ref, own in settings.models.items():
        provider, _, name = ref.partition("/")
        endpoint = configured.get(provider)
        type_ = endpoint.type if endpoint else settings.providers[provider].type
        known.append(_corrected(shipped.find(provider, type_, name), own))
    return known


def _corrected(model: Model, own: ModelSettings) -> Model:
    price: Price | None = own.price.over(model.price)
    return replace(
        model,
        price=price,
        window=own.window or model.window,
        max_output=own.max_output or model.max_output,
        skills=own.skills.over(model.skills),
    )
