"""The fake provider plays script files, so that a set-up can be rehearsed without keys and without a server."""

import asyncio
from pathlib import Path
from time import perf_counter

import pytest

from tierwise import providers
from tierwise.core.exchange import Exchange
from tierwise.core.model import Model
from tierwise.core.prompt import Chat, Fim, Limits, Message
from tierwise.core.reply import FailureKind, Finish, ProviderError
from tierwise.providers import Endpoint, Provider

MODEL = Model(name="actor", provider="fake", price=None)


def fake(tmp_path: Path, script: str, timeout: float = 1.0) -> Provider:
    """Open the provider with this script."""
    path = tmp_path / "script.toml"
    path.write_text(script, encoding="utf-8")
    return providers.load(Endpoint(name="fake", type="fake", script=str(path), timeout=timeout))


def asked(text: str = "hello", max_tokens: int = 100) -> Exchange:
    """Return an exchange that says this."""
    limits = Limits(max_tokens=max_tokens)
    return Exchange(model=MODEL, prompt=Chat(system="", messages=(Message(role="user", text=text),), limits=limits))


async def test_the_rule_that_fits_speaks(tmp_path: Path) -> None:
    provider = fake(
        tmp_path,
        """
        [[rule]]
        prompt = "goodbye"
        text = "see you"

        [[rule]]
        text = "hi"
        resolved = "actor-2"
        usage = { input = 3, output = 1 }
        """,
    )
    first, second = asked("and goodbye"), asked()
    await provider.ask(first)
    await provider.ask(second)
    assert (first.text, second.text) == ("see you", "hi")
    assert second.reply().resolved == "actor-2"
    assert (second.paid().input, second.paid().output) == (3, 1)


async def test_a_rule_may_speak_only_some_times(tmp_path: Path) -> None:
    provider = fake(tmp_path, '[[rule]]\ntext = "first"\ntimes = 1\n[[rule]]\ntext = "then"')
    texts = []
    for _ in range(3):
        exchange = asked()
        await provider.ask(exchange)
        texts.append(exchange.text)
    assert texts == ["first", "then", "then"]


async def test_it_fills_holes_too(tmp_path: Path) -> None:
    provider = fake(tmp_path, '[[rule]]\nprompt = "def f("\napi = "completions"\ntext = "x"')
    hole = Fim(prefix="def f(", suffix=")", language="python", path="a.py", limits=Limits(max_tokens=5))
    exchange = Exchange(model=MODEL, prompt=hole)
    await provider.ask(exchange)
    assert exchange.text == "x"


async def test_delays_are_kept(tmp_path: Path) -> None:
    exchange = asked()
    await fake(tmp_path, '[[rule]]\npieces = ["a", "b", "c"]\ndelay = 0.05\npause = 0.02').ask(exchange)
    assert exchange.first_token is not None
    assert exchange.first_token >= 0.05
    assert perf_counter() - exchange.started >= 0.09


async def test_it_stops_when_enough_was_said(tmp_path: Path) -> None:
    exchange = asked()
    exchange.enough = lambda text: text.count("word") == 2
    await fake(tmp_path, '[[rule]]\ntext = "word word word word"').ask(exchange)
    assert (exchange.text, exchange.finish) == ("word word", Finish.ENOUGH)
    assert exchange.paid().estimated


async def test_the_limit_cuts_the_answer(tmp_path: Path) -> None:
    exchange = asked(max_tokens=2)
    await fake(tmp_path, '[[rule]]\npieces = ["a", "b", "c"]').ask(exchange)
    assert (exchange.text, exchange.finish) == ("ab", Finish.LENGTH)
    assert exchange.paid().output == 2


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ('fault = "status"\nstatus = 429', FailureKind.RATE_LIMITED),
        ('fault = "status"\nstatus = 401', FailureKind.REFUSED),
        ('fault = "error_200"', FailureKind.OVERLOADED),
        ('fault = "error_event"', FailureKind.OVERLOADED),
        ('fault = "html"', FailureKind.MALFORMED),
        ('fault = "cut"', FailureKind.MALFORMED),
        ('fault = "silence"', FailureKind.TIMEOUT),
        ('fault = "stall"', FailureKind.TIMEOUT),
        ('finish = "refusal"', FailureKind.DECLINED),
    ],
)
async def test_faults_become_the_failures_that_real_ones_become(tmp_path: Path, rule: str, kind: FailureKind) -> None:
    provider = fake(tmp_path, f'[[rule]]\ntext = "some words here"\n{rule}', timeout=0.05)
    with pytest.raises(ProviderError) as caught:
        await provider.ask(asked())
    assert caught.value.failure.kind is kind


async def test_it_can_be_cancelled(tmp_path: Path) -> None:
    asking = asyncio.create_task(fake(tmp_path, '[[rule]]\ntext = "late"\ndelay = 30.0').ask(asked()))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("[[rule]]\ntxet = 'a'", "rule 1: there is no 'txet'"),
        ("[[rule]]\ntext = 'a'\n[[rule]]\nfault = 'earthquake'", "rule 2: there is no fault 'earthquake'"),
        ("[[rule", "is not TOML"),
    ],
)
def test_a_script_that_cannot_be_played_says_where(tmp_path: Path, script: str, words: str) -> None:
    with pytest.raises(ProviderError, match=words):
        fake(tmp_path, script)


def test_a_script_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match=r"providers\.fake\.script.*cannot be read"):
        providers.load(Endpoint(name="fake", type="fake", script=str(tmp_path / "none.toml")))


async def test_without_a_script_it_says_something_all_the_same() -> None:
    exchange = asked()
    await providers.load(Endpoint(name="fake", type="fake")).ask(exchange)
    assert exchange.text
