"""Anthropic's Messages interface."""

from typing import Any, cast

from tierwise.core.model import Model
from tierwise.core.prompt import Chat, Prompt, estimate_tokens
from tierwise.core.reply import Finish, Usage

from . import Body, Told, granted
from .failures import refused

FINISHES = {"max_tokens": Finish.LENGTH, "model_context_window_exceeded": Finish.LENGTH}


class Messages:
    """``POST /v1/messages``, streamed."""

    path = "/v1/messages"

    def stops(self, model: Model, prompt: Prompt) -> tuple[str, ...]:
        """Return the sequences with something visible in them; the interface refuses blank ones."""
        return tuple(stop for stop in prompt.limits.stop if stop.strip()) if model.skills.stop else ()

    def write(self, model: Model, prompt: Prompt) -> Body:
        """Return the request's body, with a cache mark on the stable prefix where it is long enough to be cached."""
        if not isinstance(prompt, Chat):
            raise refused(f"{model.ref} has no fill-in-the-middle interface; remove `fim` from its skills in settings.")
        body: Body = {
            "model": model.name,
            "max_tokens": granted(model, prompt),
            "messages": [{"role": turn.role, "content": turn.text} for turn in prompt.messages],
            "stream": True,
        }
        if system := _system(model, prompt):
            body["system"] = system
        if stops := self.stops(model, prompt):
            body["stop_sequences"] = list(stops)
        if model.skills.temperature and prompt.limits.temperature is not None:
            body["temperature"] = prompt.limits.temperature
        config: Body = {}
        if model.skills.effort == "none":
            body["thinking"] = {"type": "disabled"}
        elif model.skills.effort:
            config["effort"] = model.skills.effort
        if prompt.schema is not None and model.skills.json:
            config["format"] = {"type": "json_schema", "schema": prompt.schema}
        if config:
            body["output_config"] = config
        return body

    def read(self, event: Body, told: Told) -> str:
        """Take one event; thinking and signatures bring no text."""
        match event["type"]:
            case "content_block_delta":
                delta = event["delta"]
                return str(delta["text"]) if delta["type"] == "text_delta" else ""
            case "message_start":
                told.resolved = str(event["message"]["model"])
                told.usage = _usage(event["message"]["usage"], Usage())
            case "message_delta":
                _close(event, told)
            case "message_stop":
                told.over = True
            case _:
                pass  # pings, block marks and whatever the interface learns next
        return ""

    def whole(self, body: Body, told: Told) -> str:
        """Take an answer that was not streamed, as batches bring it."""
        told.resolved = str(body["model"])
        told.usage = _usage(body["usage"], Usage())
        _close({"delta": body, "usage": body["usage"]}, told)
        return "".join(str(block["text"]) for block in body["content"] if block["type"] == "text")


def _system(model: Model, prompt: Chat) -> list[Body]:
    blocks: list[Body] = [{"type": "text", "text": text} for text in (prompt.system, prompt.stable) if text]
    if blocks and model.skills.cache and estimate_tokens(prompt.system + prompt.stable) >= model.skills.cache_from:
        blocks[-1]["cache_control"] = {"type": "ephemeral"}
    return blocks


def _close(event: Body, told: Told) -> None:
    reason = event["delta"].get("stop_reason")
    told.usage = _usage(event["usage"], told.usage or Usage())
    if reason is None:
        return
    told.final = True
    told.finish = FINISHES.get(reason, Finish.STOP)
    if reason == "refusal":
        details = cast("dict[str, Any]", event["delta"].get("stop_details") or {})
        told.declined = str(details.get("category") or "its vendor's policy")


def _usage(counts: Body, before: Usage) -> Usage:
    """Return the counts in our semantics: the vendor counts cached tokens beside the input, and all cumulatively."""
    details = cast("dict[str, Any]", counts.get("output_tokens_details") or {})

    def count(field: str, known: int) -> int:
        value = counts.get(field)
        return known if value is None else int(value)

    return Usage(
        input=count("input_tokens", before.input),
        output=count("output_tokens", before.output),
        cache_read=count("cache_read_input_tokens", before.cache_read),
        cache_write=count("cache_creation_input_tokens", before.cache_write),
        reasoning=int(details.get("thinking_tokens") or before.reasoning),
    )
