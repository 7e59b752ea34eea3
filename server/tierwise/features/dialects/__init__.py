"""Compatibility with clients that were written for another completion server: their methods, answered by ours.

A file is one dialect. A handler translates, hands the work to the feature that does it through ``session.relay``, and
translates what comes back. What the edge must know of a dialect stands in ``lsp/dialect``; ``docs/compatibility.md``
lists the methods.
"""
