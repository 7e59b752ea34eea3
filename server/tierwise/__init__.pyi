from .api import Explanation as Explanation
from .api import Observer as Observer
from .api import Outcome as Outcome
from .api import Request as Request
from .api import Router as Router
from .api import Signal as Signal
from .api import UndoableError as UndoableError
from .api import new_texts as new_texts
from .api import open as open  # noqa: A004 - reads as tierwise.open

__version__: str
