"""Builds everything from settings; the only room that knows every other."""

from .app import App

__all__ = ["App"]
