"""How right findings were, by what they are about, as far as users have dismissed those that were wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tierwise.settings.paths import data_dir

from .review import FILE
from .store import Store, Tally


def tallies(ledger: Path | None = None) -> Mapping[str, Tally]:
    """Return how much was ever found and dismissed by concern; of the store beside that ledger, else of one's own."""
    path = ledger.with_name(FILE) if ledger else data_dir() / FILE
    if not path.exists():
        return {}
    store = Store(path)
    try:
        return {str(concern): tally for concern, tally in store.tallies().items()}
    finally:
        store.close()


def plain(found: Mapping[str, Tally]) -> dict[str, Any]:
    """Return the tallies as JSON values; ``precision`` is the share not dismissed, None where none was found."""
    return {
        name: {"found": tally.found, "dismissed": tally.dismissed, "precision": tally.precision}
        for name, tally in found.items()
    }
