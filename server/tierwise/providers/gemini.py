"""Google's models, through its OpenAI-compatible endpoint and the openai SDK."""

from . import Endpoint
from .openai import OpenAI, connect

ADDRESS = "https://generativelanguage.googleapis.com/v1beta/openai/"


def open(endpoint: Endpoint) -> OpenAI:  # noqa: A001 - the room's word
    """Import the SDK and build its client; raises ``ProviderError``."""
    return connect(endpoint, ADDRESS)
