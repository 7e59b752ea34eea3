"""Fill-in-the-middle over OpenAI's older Completions interface, and Mistral's own for the same."""

from tierwise.core.model import Model
from tierwise.core.prompt import Fim, Prompt

from . import Body, Told, granted
from .chat import MOST_STOPS, ChatCompletions, note_common, note_finish
from .failures import refused
from .fim import template


class Completions:
    """``POST /completions``, streamed: prefix and suffix apart, or both in the model's own template."""

    path = "/completions"

    def stops(self, model: Model, prompt: Prompt) -> tuple[str, ...]:
        """Return the caller's first, then the markers of the template, at which a well-behaved server stops anyway."""
        if not model.skills.stop:
            return ()
        fim = model.skills.fim
        markers = () if fim is None or fim == "suffix" else template(fim).stop
        return (*prompt.limits.stop, *markers)[:MOST_STOPS]

    def write(self, model: Model, prompt: Prompt) -> Body:
        """Return the request's body."""
        if not isinstance(prompt, Fim) or model.skills.fim is None:
            raise refused(f"{model.ref} is asked to fill a hole but has no template for it; set `fim` in its skills.")
        body = _common(model, prompt)
        if model.skills.fim == "suffix":
            body |= {"prompt": _joined(prompt), "suffix": prompt.suffix}
        else:
            body["prompt"] = template(model.skills.fim).render(prompt)
        if stops := self.stops(model, prompt):
            body["stop"] = list(stops)
        return body

    def read(self, event: Body, told: Told) -> str:
        """Take one chunk."""
        note_common(event, told)
        if not event["choices"]:
            return ""
        choice = event["choices"][0]
        note_finish(choice.get("finish_reason"), told)
        return str(choice.get("text") or "")


class MistralFim(ChatCompletions):
    """``POST /fim/completions``: asked like Completions, answered like Chat Completions."""

    path = "/fim/completions"

    def write(self, model: Model, prompt: Prompt) -> Body:
        """Return the request's body."""
        if not isinstance(prompt, Fim):
            raise refused(f"{model.ref} is asked a chat over its fill-in-the-middle interface.")
        body = _common(model, prompt) | {"prompt": _joined(prompt), "suffix": prompt.suffix}
        del body["stream_options"]  # the usage comes with the last chunk without asking
        if stops := self.stops(model, prompt):
            body["stop"] = list(stops)
        return body


def _common(model: Model, prompt: Fim) -> Body:
    body: Body = {
        "model": model.name,
        "max_tokens": granted(model, prompt),
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if model.skills.temperature and prompt.limits.temperature is not None:
        body["temperature"] = prompt.limits.temperature
    return body


def _joined(prompt: Fim) -> str:
    if not prompt.context:
        return prompt.prefix
    return f"{prompt.context.rstrip()}\n\n{prompt.prefix}"
