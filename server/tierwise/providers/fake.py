"""Scripted replies without any server or key: the same script files that the rehearsal server plays."""

import asyncio
from pathlib import Path

from tierwise.core.exchange import Exchange
from tierwise.core.prompt import Chat, Prompt, prompt_tokens
from tierwise.core.reply import Failure, FailureKind, Finish, ProviderError, Usage
from tierwise.rehearsal.script import Cue, Line, Script, ScriptError, by_rules, load

from . import Endpoint
from .wire.failures import malformed, of_event, of_status, refused

AT_ONCE = frozenset({"html", "redirect", "reset", "empty", "garbage"})
"""Faults without a text; what they do on the way is the rehearsal server's matter, here they fail plainly."""


class Fake:
    """Plays a script."""

    def __init__(self, endpoint: Endpoint, script: Script) -> None:
        self._endpoint = endpoint
        self._script = script

    async def ask(self, exchange: Exchange) -> None:
        """See ``Provider.ask``."""
        line = self._script(_cue(exchange))
        exchange.sent = True
        exchange.resolved = line.resolved or exchange.model.name
        tokens = line.tokens()
        self._fail_at_once(line, exchange)
        if line.fault == "silence":
            await self._stall()
        said = await self._speak(line, tokens, exchange)
        if said == len(tokens):
            output = min(said, exchange.prompt.limits.max_tokens)
            exchange.usage = line.usage or Usage(input=prompt_tokens(exchange.prompt), output=output)

    async def warm(self) -> None:
        """Need nothing."""

    async def close(self) -> None:
        """Hold nothing."""

    async def _speak(self, line: Line, tokens: tuple[str, ...], exchange: Exchange) -> int:
        """Say the tokens; return how many were said before the exchange wanted no more."""
        limit = exchange.prompt.limits.max_tokens
        strike = (line.after if line.after is not None else len(tokens) // 2) if line.fault else None
        await asyncio.sleep(line.delay)
        for number, token in enumerate(tokens[:limit]):
            if number == strike:
                await self._fail(line, exchange)
            if number and line.pause:
                await asyncio.sleep(line.pause)
            if not exchange.say(token):
                return number + 1
        if line.finish == "refusal":
            raise ProviderError(
                Failure(kind=FailureKind.DECLINED, message=f"{exchange.model.ref} declined to answer, as scripted.")
            )
        exchange.finish = Finish.LENGTH if line.finish == "length" or len(tokens) > limit else Finish.STOP
        return len(tokens)

    def _fail_at_once(self, line: Line, exchange: Exchange) -> None:
        name = self._endpoint.name
        if line.fault == "status":
            exchange.sent = False
            failure = of_status(self._endpoint, exchange.model, exchange.prompt, line.status, line.headers, "")
            raise ProviderError(failure)
        if line.fault == "error_200":
            exchange.sent = False
            raise ProviderError(of_event(self._endpoint, exchange.model, exchange.prompt, {"message": line.message}))
        if line.fault in AT_ONCE:
            exchange.sent = False
            raise malformed(f"{name} plays the fault {line.fault!r} of its script.")

    async def _fail(self, line: Line, exchange: Exchange) -> None:
        match line.fault:
            case "drip":
                return  # a trickle is no failure
            case "stall":
                await self._stall()
            case "error_event":
                error = {"type": "overloaded_error", "message": line.message}
                raise ProviderError(of_event(self._endpoint, exchange.model, exchange.prompt, error))
            case _:
                raise malformed(f"{self._endpoint.name} plays the fault {line.fault!r} of its script.")

    async def _stall(self) -> None:
        await asyncio.sleep(self._endpoint.timeout)
        raise ProviderError(
            Failure(
                kind=FailureKind.TIMEOUT,
                message=f"{self._endpoint.name} was silent for {self._endpoint.timeout:g} s, as scripted.",
            )
        )


def open(endpoint: Endpoint) -> Fake:  # noqa: A001 - the room's word
    """Read the endpoint's script; raises ``ProviderError`` where it cannot be played."""
    if endpoint.script is None:
        return Fake(endpoint, by_rules(()))
    try:
        return Fake(endpoint, load(Path(endpoint.script)))
    except ScriptError as error:
        raise refused(f"providers.{endpoint.name}.script: {error}") from error


def _cue(exchange: Exchange) -> Cue:
    prompt: Prompt = exchange.prompt
    if isinstance(prompt, Chat):
        text = "\n".join((prompt.system, prompt.stable, *(turn.text for turn in prompt.messages)))
        return Cue(api="chat", model=exchange.model.name, prompt=text)
    return Cue(api="completions", model=exchange.model.name, prompt=prompt.context + prompt.prefix + prompt.suffix)
