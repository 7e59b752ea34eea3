"""The rehearsal records what it was asked and what became of it, and follows its script."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tierwise.core.reply import Usage
from tierwise.rehearsal import Cue, Line, Rehearsal, Rule, ScriptError, load
from tierwise.rehearsal.script import TOKEN, by_rules
from vendors import CHAT, MESSAGES, WAYS, Way, exchange_for, opened


def cue(prompt: str = "", model: str = "m", api: str = "chat") -> Cue:
    """Return a request as a script sees it."""
    return Cue(api=api, model=model, prompt=prompt)


def test_the_first_rule_that_fits_speaks() -> None:
    script = by_rules(
        [
            Rule(line=Line(text="1"), prompt="fix", model="opus"),
            Rule(line=Line(text="2"), prompt="fix"),
            Rule(line=Line(text="3"), api="completions"),
        ],
        Line(text="else"),
    )
    assert script(cue("please fix", "claude-opus")).text == "1"
    assert script(cue("please fix")).text == "2"
    assert script(cue(api="completions")).text == "3"
    assert script(cue()).text == "else"


def test_a_rule_with_a_number_of_times_falls_silent_after_them() -> None:
    script = by_rules([Rule(line=Line(text="once"), times=1)], Line(text="else"))
    assert [script(cue()).text for _ in range(3)] == ["once", "else", "else"]


@pytest.mark.parametrize("text", ["def f(a, b):\n\treturn a  # naïve 🦀\n", "   ", "", "internationalisation"])
def test_cutting_a_text_into_tokens_loses_nothing(text: str) -> None:
    assert "".join(Line(text=text).tokens()) == text
    assert all(len(token.strip()) <= 8 for token in TOKEN.findall(text))


def test_a_script_file_says_everything_a_line_can(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(
        """
        [[rule]]
        model = "opus"
        pieces = ["a", "b"]
        delay = 0.5
        pause = 0.1
        fault = "status"
        status = 429
        headers = { retry-after = "3" }
        message = "slow down"
        [rule.usage]
        input = 5
        output = 2
        """
    )
    line = load(path)(cue(model="claude-opus-5-5"))
    assert line == Line(
        pieces=("a", "b"),
        delay=0.5,
        pause=0.1,
        fault="status",
        status=429,
        headers={"retry-after": "3"},
        message="slow down",
        usage=Usage(input=5, output=2),
    )


def test_a_script_file_with_a_mistake_says_where(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text("[[rule]]\n[rule.usage]\ninputs = 1\n")
    with pytest.raises(ScriptError, match=r"s\.toml, rule 1:.*inputs"):
        load(path)


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_what_was_asked_is_recorded(way: Way) -> None:
    async with opened(way, Line(text="one two three")) as (provider, vendors):
        exchange = exchange_for(way)
        await provider.ask(exchange)
        request = vendors.requests[0]
    assert request.method == "POST"
    assert request.model == way.model == request.body["model"]
    assert (request.ended, request.reported, request.status) == ("finished", True, 200)
    assert request.usage == exchange.paid()
    assert request.usage.output == 3


async def test_tokens_that_were_sent_are_counted_when_the_client_leaves() -> None:
    async with opened(CHAT, Line(text="word " * 50, pause=0.005)) as (provider, vendors):
        exchange = exchange_for(CHAT, enough=lambda text: text.count("word") >= 10)
        await provider.ask(exchange)
        request = await vendors.requests[0].over()
    assert request.ended == "closed"
    assert not request.reported
    assert 10 <= request.usage.output < 20


async def test_the_script_may_be_a_function_of_the_request() -> None:
    def script(heard: Cue) -> Line:
        return Line(text=f"{heard.api} {heard.model} {len(heard.prompt)}")

    async with Rehearsal(script) as vendors:
        body = {"model": "m", "messages": [{"role": "user", "content": "12345"}]}
        answer = await asyncio.to_thread(_post, f"{vendors.url_openai}/chat/completions", body)
    assert answer["choices"][0]["message"]["content"] == "chat m 5"


async def test_the_recorded_requests_can_be_read_over_http() -> None:
    """For tests whose rehearsal runs in a process of its own; keys are left out."""
    async with opened(MESSAGES) as (provider, vendors):
        await provider.ask(exchange_for(MESSAGES))
        text = await asyncio.to_thread(_get, f"{vendors.root}/rehearsal/requests")
    (request,) = json.loads(text)
    assert request["model"] == MESSAGES.model
    assert request["usage"]["output"] == vendors.requests[0].usage.output
    assert "sk-secret" not in text


async def test_what_is_not_served_is_said() -> None:
    async with Rehearsal() as vendors:
        for path in ("/v2/nothing", "/v1/messages"):
            with pytest.raises(OSError, match="404"):
                await asyncio.to_thread(_get, vendors.root + path)
        with pytest.raises(OSError, match="400"):
            await asyncio.to_thread(_post, f"{vendors.root}/v1/messages", {"model": "m"})


async def test_it_runs_in_a_process_of_its_own_and_ends_when_told(tmp_path: Path) -> None:
    script = tmp_path / "script.toml"
    script.write_text('[[rule]]\ntext = "from a file"')
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tierwise.rehearsal", "--script", str(script)), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    urls = json.loads(await process.stdout.readline())
    assert set(urls) == {"anthropic", "openai", "gemini", "ollama"}
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
    answer = await asyncio.to_thread(_post, f"{urls['openai']}/chat/completions", body)
    assert answer["choices"][0]["message"]["content"] == "from a file"
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_a_script_that_cannot_be_played_ends_it_with_the_reason(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tierwise.rehearsal", "--script", str(tmp_path / "none.toml")),
        stderr=asyncio.subprocess.PIPE,
    )
    _, stderr = await process.communicate()
    assert process.returncode == 2
    assert b"cannot be read" in stderr


def _get(url: str) -> str:
    with urlopen(url, timeout=5) as response:
        return response.read().decode()


def _post(url: str, body: object) -> dict[str, list[dict[str, dict[str, str]]]]:
    request = Request(url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    with urlopen(request, timeout=5) as response:
        return json.load(response)
