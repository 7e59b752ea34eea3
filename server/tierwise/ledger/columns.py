"""What the columns of a row say: usages and prices as they were written."""

from sqlite3 import Row

from tierwise.core.model import Price
from tierwise.core.reply import Usage


def usage_of(row: Row, *, estimated: bool = False) -> Usage:
    """Return the tokens of an attempt, or of many added up."""
    return Usage(
        input=int(row["input"]),
        output=int(row["output"]),
        cache_read=int(row["cache_read"]),
        cache_write=int(row["cache_write"]),
        reasoning=int(row["reasoning"]),
        estimated=estimated,
    )


def price_of(row: Row) -> Price | None:
    """Return the price an attempt was booked at, None where it was not known."""
    if row["price_date"] is None:
        return None
    return Price(
        input=row["price_input"],
        output=row["price_output"],
        cache_read=row["price_cache_read"],
        cache_write=row["price_cache_write"],
        as_of=row["price_date"],
    )
