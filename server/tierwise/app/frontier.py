"""The model whose prices what was spent is compared with."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tierwise.core.model import Model, Tier
from tierwise.ledger.report import latest_model
from tierwise.providers.catalogue import Catalogue
from tierwise.settings.model import Settings

TIER = "frontier"


class UnknownPriceError(Exception):
    """The model to compare with has no price that we know; the message says where to write one."""


def choose(
    wanted: str | None, ledger: Path, settings: Settings, tiers: Mapping[str, Tier] | None = None
) -> Model | None:
    """Return the model to compare with, with a price: the wanted one, else the one that the frontier tier asked last.

    Where that tier was never asked, it is the tier's first model of ``tiers``, or of the settings, else the one that
    the catalogue names for the vendor that was asked last. Raises ``UnknownPriceError`` for a wanted one and
    ``LedgerError``.
    """
    if wanted:
        model = _known(wanted, settings)
        if model.price is None:
            raise UnknownPriceError(
                f'The price of {wanted} is not known. Write it under [models."{wanted}".price] in the settings.'
            )
        return model
    asked = latest_model(ledger, TIER)
    if asked is not None:
        listed = _known(asked.ref, settings)
        return listed if listed.price else asked
    served = (tiers or {}).get(TIER)
    if served is not None and served.models:
        return next((model for model in served.models if model.price), None)
    configured = settings.tiers.get(TIER)
    refs = configured.models if configured else _of_last_vendor(ledger)
    return next((model for ref in refs if (model := _known(ref, settings)).price), None)


def _of_last_vendor(ledger: Path) -> tuple[str, ...]:
    last = latest_model(ledger)
    name = Catalogue.load().defaults(last.provider).get(TIER) if last else None
    return (f"{last.provider}/{name}",) if last and name else ()


def _known(ref: str, settings: Settings) -> Model:
    """Return the model as catalogue and settings know it."""
    provider, _, name = ref.partition("/")
    configured = settings.providers.get(provider)
    model = Catalogue.load().find(provider, configured.type if configured else "openai", name)
    own = settings.models.get(ref)
    return replace(model, price=own.price.over(model.price)) if own else model
