"""Without any settings: what is found fills the tiers, and sentences say what, why, and what is missing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import pytest

from tierwise.providers import Endpoint, discovery
from tierwise.providers.catalogue import Catalogue
from tierwise.providers.discovery import Discovery, Local, discover
from tierwise.rehearsal import Rehearsal

CATALOGUE = Catalogue.load()


@pytest.fixture(autouse=True)
def nothing_local(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for llama.cpp where nothing listens: this machine may really run one."""
    monkeypatch.setattr(discovery, "LLAMA_CPP", _nobody("llamacpp", "/v1/models"))
    monkeypatch.setattr(discovery, "OLLAMA", _nobody("ollama", "/api/tags"))
    monkeypatch.setattr(discovery, "PATIENCE", 5.0)  # a busy test machine is no reason to find nothing


def _nobody(name: str, listing: str) -> Local:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return Local(name=name, title=name, address=f"http://127.0.0.1:{port}", listing=listing)


def refs(found: Discovery, tier: str) -> list[str]:
    """Return the tier's models as users write them."""
    return [model.ref for model in found.tiers[tier]]


async def test_a_key_fills_every_tier_with_its_vendors_models() -> None:
    found = await discover({"ANTHROPIC_API_KEY": "sk-a"}, CATALOGUE)
    assert [(endpoint.name, endpoint.key) for endpoint in found.endpoints] == [("anthropic", "sk-a")]
    assert refs(found, "fast") == ["anthropic/claude-haiku-5-5"]
    assert refs(found, "mid") == ["anthropic/claude-sonnet-5-5"]
    assert refs(found, "frontier") == ["anthropic/claude-opus-5-5"]
    assert "anthropic: a key in ANTHROPIC_API_KEY." in found.found
    assert "fast: anthropic/claude-haiku-5-5, because it is anthropic's default for this tier." in found.found


async def test_several_vendors_stand_behind_each_other() -> None:
    found = await discover({"GEMINI_API_KEY": "g", "OPENAI_API_KEY": "o", "ANTHROPIC_API_KEY": "a"}, CATALOGUE)
    assert refs(found, "mid") == ["anthropic/claude-sonnet-5-5", "openai/gpt-6.1-sol", "gemini/gemini-3.8-flash"]
    assert any(sentence.endswith("then openai/gpt-6.1-sol, gemini/gemini-3.8-flash.") for sentence in found.found)


@pytest.mark.parametrize("variable", ["GEMINI_API_KEY", "GOOGLE_API_KEY"])
async def test_geminis_key_goes_by_two_names(variable: str) -> None:
    found = await discover({variable: "g"}, CATALOGUE)
    assert found.endpoints[0].name == "gemini"
    assert any(variable in sentence for sentence in found.found)


@pytest.mark.parametrize("vendor", ["ANTHROPIC", "OPENAI"])
async def test_an_address_in_the_environment_is_honoured_with_and_without_a_key(vendor: str) -> None:
    url = "http://127.0.0.1:9/v1"
    for keys in ({}, {f"{vendor}_API_KEY": "k"}):
        found = await discover({f"{vendor}_BASE_URL": url, **keys}, CATALOGUE)
        assert found.endpoints[0].base_url == url
        assert any("127.0.0.1:9" in sentence for sentence in found.found)
        assert found.tiers["frontier"]


async def test_an_endpoint_from_the_settings_is_taken_as_it_is() -> None:
    own = Endpoint(name="openai", type="openai", base_url="http://127.0.0.1:9/v1", key="from-the-editor")
    found = await discover({}, CATALOGUE, configured={"openai": own})
    assert found.endpoints == (own,)
    assert refs(found, "fast") == ["openai/gpt-6-luna"]
    assert "openai: as configured in your settings." in found.found


async def test_nothing_at_all_says_what_to_do() -> None:
    found = await discover({}, CATALOGUE)
    assert found.endpoints == ()
    assert found.found == ()
    assert all(models == () for models in found.tiers.values())
    advice = " ".join(found.missing)
    for words in (
        "ANTHROPIC_API_KEY",
        "OPENAI_API_KEY",
        "GEMINI_API_KEY",
        "ollama pull",
        "[tiers.fast]",
    ):
        assert words in advice


async def test_blank_keys_are_no_keys() -> None:
    assert (await discover({"OPENAI_API_KEY": "  "}, CATALOGUE)).endpoints == ()


async def test_no_sentence_shows_a_key() -> None:
    found = await discover({"OPENAI_API_KEY": "sk-secret", "ANTHROPIC_API_KEY": "sk-secret"}, CATALOGUE)
    assert "sk-secret" not in repr(found)


async def test_a_local_server_gives_the_fast_tier_its_best_model_for_holes() -> None:
    async with Rehearsal(models=("llama3.2:3b", "nomic-embed-text", "qwen2.5-coder:1.5b", "phi4")) as vendors:
        found = await discover({"OLLAMA_HOST": f"127.0.0.1:{vendors.port}"}, CATALOGUE)
    assert refs(found, "fast") == ["ollama/qwen2.5-coder:1.5b", "ollama/llama3.2:3b", "ollama/phi4"]
    assert found.endpoints[0].base_url == f"{vendors.root}/v1"
    assert found.tiers["fast"][0].skills.fim == "suffix"
    assert refs(found, "mid") == []
    assert any("mid: no model" in sentence for sentence in found.missing)
    assert any("runs on this machine and costs nothing" in sentence for sentence in found.found)


async def test_a_vendors_model_stands_behind_the_local_one() -> None:
    async with Rehearsal(models=("qwen2.5-coder:1.5b", "llama3.2")) as vendors:
        found = await discover({"OLLAMA_HOST": vendors.root, "OPENAI_API_KEY": "o"}, CATALOGUE)
    assert refs(found, "fast") == ["ollama/qwen2.5-coder:1.5b", "openai/gpt-6-luna"]


async def test_a_local_model_that_fills_no_holes_does_not_displace_a_vendors() -> None:
    async with Rehearsal(models=("llama3.2",)) as vendors:
        found = await discover({"OLLAMA_HOST": vendors.root, "OPENAI_API_KEY": "o"}, CATALOGUE)
    assert refs(found, "fast") == ["openai/gpt-6-luna"]
    assert any("none is known to fill holes" in sentence for sentence in found.found)


async def test_llama_cpp_is_asked_for_its_list(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Rehearsal(models=("/models/qwen2.5-coder-1.5b-q8_0.gguf",)) as vendors:
        here = Local(name="llamacpp", title="llama.cpp", address=vendors.root, listing="/v1/models")
        monkeypatch.setattr(discovery, "LLAMA_CPP", here)
        found = await discover({}, CATALOGUE)
    assert refs(found, "fast") == ["llamacpp//models/qwen2.5-coder-1.5b-q8_0.gguf"]
    assert found.tiers["fast"][0].skills.fim == "qwen2.5-coder"


@pytest.mark.parametrize("host", ["192.0.2.7", "192.0.2.7:11434", "https://ollama.example.org", "example.org:80"])
async def test_ollama_elsewhere_is_never_asked(host: str) -> None:
    """The guard of the test session would fail this test if it were."""
    assert (await discover({"OLLAMA_HOST": host}, CATALOGUE)).endpoints == ()


@pytest.mark.parametrize("form", ["0.0.0.0:{port}", "localhost:{port}", "http://127.0.0.1:{port}/", ":{port}"])
async def test_ollamas_host_comes_in_many_forms(form: str) -> None:
    async with Rehearsal(models=("qwen2.5-coder",)) as vendors:
        found = await discover({"OLLAMA_HOST": form.format(port=vendors.port)}, CATALOGUE)
    assert [endpoint.name for endpoint in found.endpoints] == ["ollama"]


STRANGERS = {
    "not http": b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
    "another server": b"HTTP/1.1 404 Not Found\r\n\r\n<html>",
    "a page": b"HTTP/1.1 200 OK\r\n\r\n<!doctype html>",
    "another list": b'HTTP/1.1 200 OK\r\n\r\n["a", "b"]',
    "strange entries": b'HTTP/1.1 200 OK\r\n\r\n{"models": [1, null, {"name": 5}]}',
    "nothing": b"",
}


@pytest.mark.parametrize("answer", STRANGERS.values(), ids=STRANGERS.keys())
async def test_a_stranger_on_the_port_is_left_alone(answer: bytes) -> None:
    async with _answering(answer) as port:
        found = await discover({"OLLAMA_HOST": f"127.0.0.1:{port}"}, CATALOGUE)
    assert found.endpoints == ()


async def test_a_server_that_does_not_answer_does_not_hold_up_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "PATIENCE", 0.1)
    async with _answering(None) as port:
        started = perf_counter()
        found = await discover({"OLLAMA_HOST": f"127.0.0.1:{port}"}, CATALOGUE)
        assert perf_counter() - started < 3.0
    assert found.endpoints == ()


async def test_nothing_is_probed_where_probing_is_switched_off() -> None:
    async with Rehearsal(models=("qwen2.5-coder",)) as vendors:
        found = await discover({"OLLAMA_HOST": vendors.root}, CATALOGUE, probe=False)
        assert vendors.connections == 0
    assert found.endpoints == ()


@asynccontextmanager
async def _answering(answer: bytes | None) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
