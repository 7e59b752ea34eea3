"""Rest for all that the user did not ask for himself."""

from collections.abc import Callable


class Pause:
    """Whether automatic work rests; one per server. Listeners are told whenever it begins, to end what is under way."""

    def __init__(self) -> None:
        self.on = False
        self._listeners: list[Callable[[], None]] = []

    def listen(self, begun: Callable[[], None]) -> None:
        """Call ``begun`` whenever a pause begins."""
        self._listeners.append(begun)

    def set(self, on: bool) -> None:
        """Begin or end the pause."""
        begins = on and not self.on
        self.on = on
        if begins:
            for begun in self._listeners:
                begun()
