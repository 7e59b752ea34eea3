"""OpenAI's Chat Completions interface, which most servers speak."""

from typing import Any, cast

from tierwise.core.model import Model
from tierwise.core.prompt import Chat, Prompt
from tierwise.core.reply import Finish, Usage

from . import Body, Told, granted
from .failures import refused

MOST_STOPS = 4
"""As many stop sequences as the interface takes; the caller looks out for the rest."""

FINISHES = {"length": Finish.LENGTH}


class ChatCompletions:
    """``POST /chat/completions``, streamed."""

    path = "/chat/completions"

    def stops(self, model: Model, prompt: Prompt) -> tuple[str, ...]:
        """Return the first few; models that reason take none."""
        return prompt.limits.stop[:MOST_STOPS] if model.skills.stop else ()

    def write(self, model: Model, prompt: Prompt) -> Body:
        """Return the request's body, most stable parts first, as the vendors' prompt caches go by prefix."""
        if not isinstance(prompt, Chat):
            raise refused(f"{model.ref} has no fill-in-the-middle template; name one under its skills in settings.")
        system = "\n\n".join(text for text in (prompt.system, prompt.stable) if text)
        turns = [{"role": turn.role, "content": turn.text} for turn in prompt.messages]
        body: Body = {
            "model": model.name,
            "messages": [{"role": "system", "content": system}, *turns] if system else turns,
            "stream": True,
            "stream_options": {"include_usage": True},
            model.skills.limit: granted(model, prompt),
        }
        if stops := self.stops(model, prompt):
            body["stop"] = list(stops)
        if model.skills.temperature and prompt.limits.temperature is not None:
            body["temperature"] = prompt.limits.temperature
        if model.skills.effort:
            body["reasoning_effort"] = model.skills.effort
        if prompt.schema is not None and model.skills.json:
            body["response_format"] = {"type": "json_schema", "json_schema": json_format(prompt.schema)}
        return body

    def read(self, event: Body, told: Told) -> str:
        """Take one chunk; the last one has no choices and brings the usage."""
        note_common(event, told)
        if not event["choices"]:
            return ""
        choice = event["choices"][0]
        delta = cast("dict[str, Any]", choice.get("delta") or {})
        if delta.get("refusal"):
            told.declined = "its own judgement"
        note_finish(choice.get("finish_reason"), told)
        return str(delta.get("content") or "")

    def whole(self, body: Body, told: Told) -> str:
        """Take an answer that was not streamed, as batches bring it."""
        note_common(body, told)
        choice = body["choices"][0]
        message = choice["message"]
        if message.get("refusal"):
            told.declined = "its own judgement"
        note_finish(choice.get("finish_reason"), told)
        return str(message.get("content") or "")


def note_common(event: Body, told: Told) -> None:
    """Note the model and the usage that any chunk of OpenAI's older interfaces may carry."""
    if event.get("model"):
        told.resolved = str(event["model"])
    if event.get("usage"):
        told.usage, told.final = usage_of(event["usage"]), True


def note_finish(reason: str | None, told: Told) -> None:
    """Note why the model ended."""
    if reason is None:
        return
    told.finish = FINISHES.get(reason, Finish.STOP)
    if reason == "content_filter":
        told.declined = "its vendor's content filter"


def usage_of(counts: Body) -> Usage:
    """Return the counts in our semantics: cached tokens are inside the vendor's prompt tokens.

    Google's compatible endpoint leaves thinking out of the completion tokens but not out of the total, so what the
    total has beyond the two is output as well. DeepSeek names what it read from its cache beside the details.
    """
    prompt = int(counts.get("prompt_tokens") or 0)
    completion = int(counts.get("completion_tokens") or 0)
    inside = cast("dict[str, Any]", counts.get("prompt_tokens_details") or {})
    made = cast("dict[str, Any]", counts.get("completion_tokens_details") or {})
    read = int(inside.get("cached_tokens") or counts.get("prompt_cache_hit_tokens") or 0)
    written = int(inside.get("cache_write_tokens") or 0)
    output = max(completion, int(counts.get("total_tokens") or 0) - prompt)
    return Usage(
        input=max(0, prompt - read - written),
        output=output,
        cache_read=read,
        cache_write=written,
        reasoning=max(int(made.get("reasoning_tokens") or 0), output - completion),
    )


def json_format(schema: dict[str, object]) -> Body:
    """Return the schema as both interfaces want it; strict where the schema meets what strictness asks of it."""
    return {"name": "answer", "schema": schema, "strict": _is_closed(schema)}


def _is_closed(schema: object) -> bool:
    """Say whether every object in it names all its properties as required and allows no others."""
    if isinstance(schema, list):
        return all(_is_closed(part) for part in cast("list[object]", schema))
    if not isinstance(schema, dict):
        return True
    parts = cast("dict[str, Any]", schema)
    if parts.get("type") == "object":
        named = cast("dict[str, object]", parts.get("properties") or {})
        if parts.get("additionalProperties") is not False or set(parts.get("required") or ()) != set(named):
            return False
    return all(_is_closed(part) for part in parts.values())
