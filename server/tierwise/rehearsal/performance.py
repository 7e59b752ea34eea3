"""How a line is spoken: token by token, with its delays and its fault."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

from tierwise.core.reply import Usage

from . import faults
from .connection import Connection
from .request import Request
from .script import Line
from .voices import Asked, Body, Voice, compact

CHARACTERS_PER_TOKEN = 4
"""Of the prompt; a count that costs nothing, however long the prompt."""

LEAST_CACHED = 512
"""Tokens, the shortest prefix that today's models cache."""

DRIP = 0.002
"""Seconds between two lines of the fault ``drip``; its bytes come one by one, as fast as they can be written."""

Cache = set[tuple[str, str]]


async def perform(
    connection: Connection, voice: Voice, asked: Asked, line: Line, request: Request, cache: Cache
) -> None:
    """Speak the line to the client and note in the request what was said."""
    request.status = line.status if line.fault == "status" else 200
    if _fails_at_once(connection, voice, line):
        request.end("fault")
        return
    if line.fault == "silence":
        await asyncio.Event().wait()
    tokens, finish = _cut(line, asked)
    request.usage = _input(asked, line, cache)
    if not asked.stream:
        await _whole(connection, voice, asked, line, request, tokens, finish)
        return
    model = line.resolved or asked.cue.model
    connection.stream(line.headers)
    connection.say(_opening(voice, asked, model, request.usage, line))
    if line.delay:
        await asyncio.sleep(line.delay)
    strike = _strike(line, len(tokens))
    for number, token in enumerate(tokens):
        if number == strike:
            await _fail(connection, voice, asked, line, request)
            return
        if number and line.pause:
            await asyncio.sleep(line.pause)
        await _say(connection, voice.piece(asked, model, token), line)
        request.usage = replace(request.usage, output=number + 1)
    if strike is not None:
        await _fail(connection, voice, asked, line, request)
        return
    request.usage = line.usage or request.usage
    await _say(connection, voice.closing(asked, model, "".join(tokens), request.usage, finish), line)
    request.reported = True
    request.end("finished")
    connection.finish()


def spoken(voice: Voice, asked: Asked, line: Line, cache: Cache) -> tuple[Body, Usage]:
    """Return the whole answer at once, and what it is billed at."""
    tokens, finish = _cut(line, asked)
    usage = line.usage or replace(_input(asked, line, cache), output=len(tokens))
    return voice.whole(asked, line.resolved or asked.cue.model, "".join(tokens), usage, finish), usage


def _fails_at_once(connection: Connection, voice: Voice, line: Line) -> bool:
    match line.fault:
        case "status":
            connection.respond(line.status, compact(voice.error(line.status, line.message)), line.headers)
        case "error_200":
            connection.respond(200, compact(voice.error(line.status, line.message)))
        case "html":
            connection.respond(200, faults.PAGE, {"content-type": "text/html; charset=utf-8"})
        case "redirect":
            connection.respond(307, b"", {"location": "http://127.0.0.1:9/v1/elsewhere"})
        case "reset":
            connection.reset()
        case "empty":
            connection.stream()
            connection.finish()
        case "garbage":
            connection.stream()
            connection.say(faults.garbage(0))
            connection.finish()
        case _:
            return False
    return True


async def _fail(connection: Connection, voice: Voice, asked: Asked, line: Line, request: Request) -> None:
    await asyncio.sleep(0)  # what was said before must reach the client before the fault does
    match line.fault:
        case "error_event":
            connection.say(voice.error_event(asked, line.message))
            connection.finish()
        case "reset_midway":
            connection.reset()
        case "hangup":
            connection.hang_up()
        case "cut":
            connection.finish()
        case "broken_json":
            connection.say(b'data: {"type": "content_block_delta", "delta": {"te\n\n')
            connection.finish()
        case "strange_json":
            connection.say(b'data: {"hello": "world"}\n\n')
            connection.finish()
        case "invalid_utf8":
            connection.say(b'data: {"type": "content_block_delta", "text": "\xff\xfe\xc3"}\n\n')
            connection.finish()
        case _:
            await asyncio.Event().wait()  # a stall: only the client's leaving ends it
    request.end("fault")


async def _whole(
    connection: Connection,
    voice: Voice,
    asked: Asked,
    line: Line,
    request: Request,
    tokens: tuple[str, ...],
    finish: str,
) -> None:
    await asyncio.sleep(line.delay + line.pause * len(tokens))
    request.usage = line.usage or replace(request.usage, output=len(tokens))
    model = line.resolved or asked.cue.model
    connection.respond(200, compact(voice.whole(asked, model, "".join(tokens), request.usage, finish)))
    request.reported = True
    request.end("finished")


async def _say(connection: Connection, data: bytes, line: Line) -> None:
    if line.fault != "drip":
        connection.say(data)
        return
    for byte in data:
        connection.say(bytes((byte,)))
        await asyncio.sleep(DRIP if byte == ord("\n") else 0)


def _opening(voice: Voice, asked: Asked, model: str, usage: Usage, line: Line) -> bytes:
    told = usage if line.usage is None else replace(line.usage, output=0, reasoning=0)
    return voice.opening(asked, model, told)


def _strike(line: Line, count: int) -> int | None:
    if line.fault not in faults.MIDWAY:
        return None
    return line.after if line.after is not None else count // 2


def _cut(line: Line, asked: Asked) -> tuple[tuple[str, ...], str]:
    """Return the tokens that are said before a stop sequence or the limit, and why they end."""
    tokens, finish = line.tokens(), line.finish
    text = "".join(tokens)
    found = [at for stop in asked.stops if (at := text.find(stop)) >= 0]
    if found:
        tokens, finish = tuple(_until(tokens, min(found))), "stop"
    if asked.limit is not None and len(tokens) > asked.limit:
        return tokens[: asked.limit], "length"
    return tokens, finish


def _until(tokens: tuple[str, ...], end: int) -> Iterator[str]:
    at = 0
    for token in tokens:
        if at >= end:
            return
        yield token[: end - at]
        at += len(token)


def _input(asked: Asked, line: Line, cache: Cache) -> Usage:
    """Return the prompt's tokens, those of a prefix that is marked for the cache apart."""
    whole = len(asked.cue.prompt) // CHARACTERS_PER_TOKEN + 1
    prefix = len(asked.cached) // CHARACTERS_PER_TOKEN
    if prefix < LEAST_CACHED:
        return Usage(input=whole)
    key = (asked.cue.model, asked.cached)
    known = key in cache
    cache.add(key)
    return Usage(input=whole - prefix, cache_read=prefix if known else 0, cache_write=0 if known else prefix)
