"""Tierwise gives every request an editor makes to the cheapest model that does it well."""

__version__ = "0.1.0"
