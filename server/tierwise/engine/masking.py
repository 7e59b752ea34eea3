"""Secrets in a prompt are replaced before it leaves this machine, and put back where the answer repeats them."""

from dataclasses import dataclass, field, replace

from tierwise.core.prompt import Chat, Prompt
from tierwise.workspace.secrets import find

_NAME = "MASKED_SECRET_{}"
"""What stands for a secret: a word that models copy as it is, and that is nobody's own."""


@dataclass(slots=True)
class Mask:
    """The secrets of one prompt; the same secret has the same name wherever it stands."""

    _names: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def count(self) -> int:
        """How many different secrets were hidden."""
        return len(self._names)

    def hide(self, prompt: Prompt) -> Prompt:
        """Return the prompt without its secrets."""
        if isinstance(prompt, Chat):
            messages = tuple(replace(message, text=self.text(message.text)) for message in prompt.messages)
            return replace(prompt, system=self.text(prompt.system), stable=self.text(prompt.stable), messages=messages)
        prefix, suffix, context = self.text(prompt.prefix), self.text(prompt.suffix), self.text(prompt.context)
        return replace(prompt, prefix=prefix, suffix=suffix, context=context)

    def text(self, text: str) -> str:
        """Return the text with a name in place of each secret."""
        parts: list[str] = []
        at = 0
        for secret in find(text):
            value = text[secret.start : secret.end]
            name = self._names.setdefault(value, _NAME.format(len(self._names) + 1))
            parts += (text[at : secret.start], name)
            at = secret.end
        return "".join((*parts, text[at:])) if parts else text

    def restore(self, text: str) -> str:
        """Return the answer with the secrets back in their places."""
        for value, name in reversed(self._names.items()):  # the longer names first: 12 before 1
            text = text.replace(name, value)
        return text
