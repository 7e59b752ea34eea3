"""Add up what was asked, what it cost, what was wasted, and what the frontier model alone would have cost.

``--json`` prints one object: ``schema`` (1), ``ledger``, ``since``, ``until`` (ISO 8601 or null), ``total`` (a line),
``by`` (``feature``, ``kind``, ``tier``, ``model``, ``day``: lists of lines that each add up to the total) and
``counterfactual`` (or null). A line has ``name``, ``requests``, ``answered``, ``free`` (answered without a call),
``calls``, ``unpriced`` (calls of unknown price, in no amount), ``estimated`` (calls whose tokens are our estimate),
``tokens`` by kind, ``cached`` (share of prompt tokens read from the vendors' caches, or null), ``cost``, ``wasted``
(``cancelled``, ``failed``, ``rejected``, ``total``), ``shown``, ``accepted``, ``acceptance``, ``first_token`` and
``waited`` (``p50``, ``p90``, ``p95`` or null) and ``frontier`` (an estimate, or null). Money is in dollars, durations
are in seconds. ``counterfactual`` has ``estimate`` (true), ``model``, ``price``, ``requests``, ``tokens``, ``cost``,
``actual``, ``saved``, ``free`` and ``unpriced`` requests. ``spared`` (an estimate) says what answers of the workspace
itself (``local``) and answers given again (``kept``) would have cost: ``answers``, ``cost``, and ``unknown`` answers
of whose kind none was paid for. ``single`` (or null) is the best one model: ``model``, ``price``, ``cost`` for
everything, ``accepted`` share of ``tries``. ``unwanted`` is what answers cost that were ``unseen`` or ``declined``.
``findings`` has, by what they are about and whatever the span, ``found``, ``dismissed`` and ``precision`` (the share
not dismissed).
"""

import argparse
import json
import sys
from pathlib import Path

from tierwise.core.model import Price
from tierwise.ledger.file import LedgerError
from tierwise.ledger.plain import SCHEMA, plain_report
from tierwise.ledger.report import report

from . import _findings_table, _ledger, _span

TABLES = ("feature", "kind", "tier", "model", "day")


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the span of time, the tables and the model to compare with."""
    _span.options(parser)
    parser.add_argument(
        "--by", action="append", choices=TABLES, help="show this table (may be repeated; all but `day` by default)"
    )
    parser.add_argument(
        "--frontier",
        metavar="PROVIDER/MODEL",
        help="model to compare with, instead of the one that the frontier tier asked last, or would ask first",
    )
    parser.add_argument(
        "--example", action="store_true", help="print what the well-known mix of requests costs at which prices instead"
    )
    _ledger.options(parser)


def run(args: argparse.Namespace) -> int:
    """Print the report."""
    if args.example:
        return _example()
    from tierwise.app import frontier
    from tierwise.settings import sources

    path = _ledger.ledger_path(args)
    settings = sources.load(roots=(Path.cwd(),)).settings
    try:
        since, until = _span.span(args)
        made = report(path, since=since, until=until, frontier=frontier.choose(args.frontier, path, settings))
    except (LedgerError, frontier.UnknownPriceError, _span.SpanError) as error:
        print(f"tierwise report: {error}", file=sys.stderr)
        return 1 if isinstance(error, LedgerError) else 2
    from tierwise.findings import precision

    if args.json:
        findings = precision.plain(precision.tallies(args.ledger))
        told = {"schema": SCHEMA, "ledger": str(path), **plain_report(made), "findings": findings}
        print(json.dumps(told, indent=2))
    elif made.total.requests == 0 and since is None:
        print(_ledger.empty_text(path))
    else:
        from . import _report_tables

        page = _ledger.console()
        _report_tables.show(made, args.by or TABLES[:-1], path, page)
        if since is None:
            _findings_table.show(precision.tallies(args.ledger), page)
    return 0


def _example() -> int:
    from tierwise.providers.catalogue import Catalogue
    from tierwise.replay.example import MIX, page

    catalogue = Catalogue.load()
    vendors: dict[str, dict[str, Price]] = {}
    for vendor in catalogue.vendors:
        models = catalogue.defaults(vendor)
        prices = {tier: catalogue.find(vendor, vendor, models[tier]).price for tier in MIX if tier in models}
        known = {tier: price for tier, price in prices.items() if price is not None}
        if len(known) == len(MIX):
            vendors[vendor] = known
    for line in page(vendors, catalogue.as_of):
        print(line)
    return 0
