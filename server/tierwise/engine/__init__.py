"""The one door to every model: Task in, Outcome out."""

from .engine import Engine, EngineParts
from .observer import Observer, Silent
from .pool import Pool

__all__ = ["Engine", "EngineParts", "Observer", "Pool", "Silent"]
