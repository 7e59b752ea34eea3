"""The one door to every model: Task in, Outcome out."""

from .companion import Companion
from .engine import Engine, EngineParts
from .observer import Observer, Silent
from .pool import Pool

__all__ = ["Companion", "Engine", "EngineParts", "Observer", "Pool", "Silent"]
