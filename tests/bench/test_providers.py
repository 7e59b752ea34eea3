"""What the providers add to a vendor's own time, beside a bare asyncio client on the same rehearsal in the same run."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter, process_time
from urllib.parse import urlsplit

import pytest

from bench.stopwatch import percentile, row
from tierwise import providers
from tierwise.core.prompt import Chat, Limits, Message
from tierwise.providers import Endpoint, Provider
from tierwise.rehearsal import Line, Rehearsal
from vendors import CHAT, GEMINI, KEY, MESSAGES, RESPONSES, SUFFIX, WAYS, Way, exchange_for, opened, type_of

pytestmark = pytest.mark.bench

ROUNDS = 150

STREAMS = 16

SCRIPT = """
[[rule]]
prompt = "many"
text = "{many}"
delay = 0.02
pause = 0.005

[[rule]]
text = "{few}"
delay = 0.02
pause = 0.001
"""


@asynccontextmanager
async def rehearsal(tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """Serve in a process of its own, so that only the client's time is measured."""
    script = tmp_path / "script.toml"
    script.write_text(SCRIPT.format(many="word " * 400, few="word " * 20))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tierwise.rehearsal", "--script", str(script)), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


class Floor:
    """A client that does nothing but what must be done: one connection, one write, lines until the last word."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname, parts.port
        self._connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, text: str, max_tokens: int) -> tuple[float, float]:
        """Return the seconds to the first token and to the end."""
        body = json.dumps(
            {
                "model": "gpt-4o-mini",
                "messages": [{"role": "user", "content": text}],
                "max_tokens": max_tokens,
                "stream": True,
            }
        ).encode()
        started = perf_counter()
        if self._connection is None:
            self._connection = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._connection
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        first = 0.0
        while True:
            line = await reader.readline()
            if not line.startswith(b"data: "):
                continue
            if line == b"data: [DONE]\n":
                break
            piece = json.loads(line[6:])["choices"][0]["delta"].get("content")
            if piece:
                first = first or perf_counter() - started
        while await reader.readline() != b"0\r\n":
            pass
        await reader.readline()
        return first, perf_counter() - started

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection[1].close()


def provider_at(way: Way, urls: dict[str, str]) -> Provider:
    """Open the way's provider at the rehearsal."""
    kind = way.provider if way.provider in urls and way.provider != "ollama" else "openai"
    return providers.load(Endpoint(name=way.provider, type=type_of(way), base_url=urls[kind], key=KEY))


async def ask(provider: Provider, way: Way) -> tuple[float, float]:
    """Return the seconds to the first token and to the end."""
    exchange = exchange_for(way)
    await provider.ask(exchange)
    assert exchange.first_token is not None
    assert exchange.text
    return exchange.first_token, perf_counter() - exchange.started


async def test_overhead_above_the_first_token(tmp_path: Path) -> None:
    """Budget: p50 under 6 ms, p99 under 12 ms above the backend's own first token."""
    ways = (MESSAGES, CHAT, RESPONSES, GEMINI, SUFFIX)
    async with rehearsal(tmp_path) as urls:
        floor = Floor(urls["ollama"])
        asked: dict[str, Callable[[], Awaitable[tuple[float, float]]]] = {"floor": lambda: floor.ask("hi", 100)}
        opened_ = {way: provider_at(way, urls) for way in ways}
        for way, provider in opened_.items():
            await provider.warm()
            asked[way.name] = lambda provider=provider, way=way: ask(provider, way)
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
        for _ in range(ROUNDS):
            for name, call in asked.items():  # in turns, so that the machine's moods strike all alike
                times[name].append(await call())
        floor.close()
        for provider in opened_.values():
            await provider.close()
    least = percentile([first for first, _ in times["floor"]], 0.5)
    ends = percentile([total for _, total in times["floor"]], 0.5)
    print(
        f"\nabove a bare client (its first token {least * 1000:.2f} ms, its end {ends * 1000:.2f} ms), {ROUNDS} rounds"
    )
    for name, samples in times.items():
        print(row(f"{name}: first token", [first - least for first, _ in samples]))
        print(row(f"{name}: end", [total - ends for _, total in samples]))
    assert all(len(samples) == ROUNDS for samples in times.values())


async def test_cancelling_to_the_connection_closed() -> None:
    """Budget: under 2 ms, seen from the server, which runs on the same loop here and so pays for both."""
    print()
    for way in WAYS:
        async with opened(way, Line(text="word " * 5000, pause=0.002)) as (provider, vendors):
            times = [await _cancelled(provider, way, vendors, number) for number in range(40)]
        print(row(f"{way.name}: cancelled to closed", times))
        assert len(times) == 40


async def _cancelled(provider: Provider, way: Way, vendors: Rehearsal, number: int) -> float:
    streaming = asyncio.Event()

    def note(text: str) -> bool:
        if len(text) > 20:
            streaming.set()
        return False

    asking = asyncio.create_task(provider.ask(exchange_for(way, max_tokens=5000, enough=note)))
    await streaming.wait()
    asking.cancel()
    started = perf_counter()
    with pytest.raises(asyncio.CancelledError):
        await asking
    request = await (await vendors.request(number)).over()
    assert request.ended_at is not None
    return request.ended_at - started


async def test_processor_time_of_many_streams(tmp_path: Path) -> None:
    """16 streams of 200 tokens a second each; the share of one core that their client takes."""
    print()
    async with rehearsal(tmp_path) as urls:
        floors = [Floor(urls["ollama"]) for _ in range(STREAMS)]
        await _measure("floor", [floor.ask("many", 1000) for floor in floors])
        for floor in floors:
            floor.close()
        for way in (MESSAGES, CHAT, RESPONSES):
            provider = provider_at(way, urls)
            await provider.warm()
            limits = Limits(max_tokens=1000)
            prompt = Chat(system="", messages=(Message(role="user", text="many"),), limits=limits)
            exchanges = [exchange_for(way, prompt=prompt) for _ in range(STREAMS)]
            await _measure(way.name, [provider.ask(exchange) for exchange in exchanges])
            assert all(exchange.text.count("word") == 400 for exchange in exchanges)
            await provider.close()


async def _measure(name: str, streams: Sequence[Awaitable[object]]) -> None:
    busy, started = process_time(), perf_counter()
    await asyncio.gather(*streams)
    busy, took = process_time() - busy, perf_counter() - started
    print(f"{name:<28} {busy / took * 100:6.1f} % of a core over {took:.1f} s")
