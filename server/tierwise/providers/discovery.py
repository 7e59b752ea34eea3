"""What this machine offers without any settings: keys in the environment, model servers on the loopback address."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from tierwise.core.model import Model

from . import Endpoint
from .catalogue import Catalogue
from .wire.client import is_loopback

PATIENCE = 0.3
"""Seconds in which a server on this machine must have answered; one that is up answers in milliseconds."""

MOST_BYTES = 2 * 2**20
"""Of a list of models; more is no such list."""

NAMED = 3
"""Local models that a sentence names before it only counts."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "anthropic": ("ANTHROPIC_API_KEY",),
    "openai": ("OPENAI_API_KEY",),
    "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
}

ADDRESSES: Mapping[str, str] = {
    "anthropic": "ANTHROPIC_BASE_URL",
    "openai": "OPENAI_BASE_URL",
    "gemini": "GEMINI_BASE_URL",
}

TIERS = ("fast", "mid", "frontier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """A model server of this machine: where it listens by default and where it lists its models."""

    name: str
    title: str
    address: str
    listing: str


OLLAMA = Local(name="ollama", title="Ollama", address="http://127.0.0.1:11434", listing="/api/tags")
LLAMA_CPP = Local(name="llamacpp", title="llama.cpp", address="http://127.0.0.1:8080", listing="/v1/models")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found: endpoints, each tier's models in the order to try them, and sentences that say so to the user."""

    endpoints: tuple[Endpoint, ...]
    tiers: Mapping[str, tuple[Model, ...]]
    found: tuple[str, ...]
    missing: tuple[str, ...]


async def discover(
    environment: Mapping[str, str],
    catalogue: Catalogue,
    *,
    probe: bool = True,
    configured: Mapping[str, Endpoint] | None = None,
) -> Discovery:
    """Look through the environment and, where ``probe`` allows it, ask the servers that may run on this machine.

    Nothing but the loopback address is asked, and no key is tried out. Endpoints that are ``configured`` already are
    taken as they are, so that a vendor whose key came another way fills the tiers as well.
    """
    endpoints: list[Endpoint] = []
    found: list[str] = []
    for vendor in KEYS:
        endpoint, sentence = _from_environment(vendor, environment)
        own = (configured or {}).get(vendor)
        if own is not None:
            sentence = sentence or f"{vendor}: as configured in your settings."
            endpoint = own
        if endpoint is not None:
            endpoints.append(endpoint)
            found.append(sentence)
    locals_ = (_ollama(environment), LLAMA_CPP) if probe else ()
    served = await asyncio.gather(*(_models(local) for local in locals_))
    local_models: list[Model] = []
    for local, names in zip(locals_, served, strict=True):
        if not names:
            continue
        ordered = _by_fitness(names, catalogue)
        endpoints.append(Endpoint(name=local.name, type="openai", base_url=f"{local.address}/v1"))
        local_models += (catalogue.find(local.name, "openai", name) for name in ordered)
        found.append(_local_sentence(local, ordered, catalogue))
    tiers = _tiers(endpoints, local_models, catalogue)
    found += (_tier_sentence(tier, models) for tier, models in tiers.items() if models)
    return Discovery(
        endpoints=tuple(endpoints), tiers=tiers, found=tuple(found), missing=tuple(_missing(endpoints, tiers))
    )


def _from_environment(vendor: str, environment: Mapping[str, str]) -> tuple[Endpoint | None, str]:
    variable = next((name for name in KEYS[vendor] if environment.get(name, "").strip()), None)
    address = environment.get(ADDRESSES[vendor], "").strip() or None
    if variable is None and address is None:
        return None, ""
    key = environment[variable].strip() if variable else None
    endpoint = Endpoint(name=vendor, type=vendor, base_url=address, key=key)
    what = f"a key in {variable}" if variable else f"no key but an address in {ADDRESSES[vendor]}"
    where = f", asked at {urlsplit(address).netloc} as {ADDRESSES[vendor]} says" if address else ""
    return endpoint, f"{vendor}: {what}{where}."


def _ollama(environment: Mapping[str, str]) -> Local:
    """Return Ollama where ``OLLAMA_HOST`` puts it, if that is this machine; its forms are host, host:port and a URL."""
    given = environment.get("OLLAMA_HOST", "").strip()
    if not given:
        return OLLAMA
    parts = urlsplit(given if "://" in given else f"http://{given}")
    try:
        host, port = parts.hostname or "127.0.0.1", parts.port or 11434
    except ValueError:
        return OLLAMA
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - where it listens; it is asked at loopback
        host = "127.0.0.1"
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if not is_loopback(address):
        return OLLAMA
    return Local(name=OLLAMA.name, title=OLLAMA.title, address=address, listing=OLLAMA.listing)


async def _models(local: Local) -> tuple[str, ...]:
    """Return the names of the models a local server lists; none where nothing answers in time or as such a server."""
    try:
        async with asyncio.timeout(PATIENCE):
            return _names(await _get(f"{local.address}{local.listing}"))
    except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
        return ()


async def _get(url: str) -> bytes:
    """Return the body of a plain HTTP answer; an SDK or even an HTTP library would cost more than the question."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        # HTTP/1.0, so that the body ends with the connection and never comes in chunks.
        writer.write(f"GET {parts.path} HTTP/1.0\r\nHost: {parts.netloc}\r\nAccept: application/json\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200" not in head.partition(b"\r\n")[0]:
            raise ValueError("not the server that was looked for")
        body = bytearray()
        while chunk := await reader.read(65_536):
            body += chunk
            if len(body) > MOST_BYTES:
                raise ValueError("no list of models is that long")
        return bytes(body)
    finally:
        writer.close()


def _names(body: bytes) -> tuple[str, ...]:
    """Return the names in Ollama's or OpenAI's list of models; raises ``ValueError`` where it is neither."""
    data = json.loads(body)
    if not isinstance(data, dict):
        raise ValueError("not a list of models")
    table = cast("dict[str, Any]", data)
    entries: object = table.get("models") or table.get("data")
    if not isinstance(entries, list):
        return ()
    listed = [cast("dict[str, Any]", entry) for entry in cast("list[object]", entries) if isinstance(entry, dict)]
    names = (entry.get("name") or entry.get("id") for entry in listed)
    return tuple(name for name in names if isinstance(name, str) and name and "embed" not in name.lower())


def _by_fitness(names: Iterable[str], catalogue: Catalogue) -> list[str]:
    """Return the models that can fill a hole first, then those made for code, otherwise as the server lists them."""
    return sorted(names, key=lambda name: (not catalogue.is_fim(name), not catalogue.is_code(name)))


def _tiers(
    endpoints: Iterable[Endpoint], local_models: list[Model], catalogue: Catalogue
) -> Mapping[str, tuple[Model, ...]]:
    """Return each tier's models: the vendors' defaults in the order of ``KEYS``; local models serve the fast tier.

    A local model that fills holes costs nothing and answers at once, so it goes first there.
    """
    tiers: dict[str, tuple[Model, ...]] = {}
    for tier in TIERS:
        vendors = [
            catalogue.find(endpoint.name, endpoint.type, name)
            for endpoint in endpoints
            if (name := catalogue.defaults(endpoint.name).get(tier)) is not None
        ]
        if tier == "fast":
            able = [model for model in local_models if model.skills.fim]
            rest = [model for model in local_models if not model.skills.fim]
            tiers[tier] = (*able[:1], *vendors, *(able[1:] if not vendors else ()), *(rest if not vendors else ()))
        else:
            tiers[tier] = tuple(vendors)
    return tiers


def _local_sentence(local: Local, names: list[str], catalogue: Catalogue) -> str:
    shown = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    holes = "" if any(catalogue.is_fim(name) for name in names) else "; none is known to fill holes in code"
    return f"{local.name}: {local.title} at {urlsplit(local.address).netloc} serves {shown}{holes}."


def _tier_sentence(tier: str, models: tuple[Model, ...]) -> str:
    first, rest = models[0], models[1:]
    why = (
        "it runs on this machine and costs nothing"
        if first.price and not first.price.output
        else (f"it is {first.provider}'s default for this tier")
    )
    then = f", then {', '.join(model.ref for model in rest)}" if rest else ""
    return f"{tier}: {first.ref}, because {why}{then}."


def _missing(endpoints: Iterable[Endpoint], tiers: Mapping[str, tuple[Model, ...]]) -> Iterable[str]:
    names = {endpoint.name for endpoint in endpoints}
    for vendor, variables in KEYS.items():
        if vendor not in names:
            yield f"{vendor}: no key; set {variables[0]}."
    if not names & {OLLAMA.name, LLAMA_CPP.name}:
        yield (
            "local models: neither Ollama (127.0.0.1:11434) nor llama.cpp (127.0.0.1:8080) answers; "
            "`ollama pull qwen2.5-coder:1.5b` would give the fast tier a free model."
        )
    for tier, models in tiers.items():
        if not models:
            yield f"{tier}: no model; give one of the vendors' keys or name models under [tiers.{tier}]."
