"""Which questions cost nothing, so that they may be asked before anybody wants the answer."""

from typing import TYPE_CHECKING

from tierwise.core.model import Model
from tierwise.core.task import Task

if TYPE_CHECKING:
    from tierwise.engine import Engine


def is_free(engine: "Engine", task: Task) -> bool:
    """Whether every model that may answer costs nothing; an unknown price is none."""
    rungs = engine.decide(task).ladder
    models = [model for rung in rungs for model in rung.models or _models(engine, rung.tier)]
    return bool(models) and all(model.price is not None and not _costs(model) for model in models)


def _models(engine: "Engine", tier: str) -> tuple[Model, ...]:
    found = engine.parts.tiers.get(tier)
    return found.models if found else ()


def _costs(model: Model) -> bool:
    price = model.price
    return price is None or bool(price.input or price.output)
