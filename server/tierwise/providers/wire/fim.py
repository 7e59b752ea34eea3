"""Fill-in-the-middle templates: how each family of models was trained to see a hole. The data is in ``fim.toml``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tierwise.core.prompt import Fim

from .failures import refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """``form`` has holes ``{prefix}``, ``{suffix}`` and ``{path}``; ``with_context`` also ``{context}``.

    ``markers`` are the family's special tokens: in the user's text they would open or close holes of their own.
    """

    form: str
    with_context: str
    markers: tuple[str, ...]
    stop: tuple[str, ...]

    def render(self, prompt: Fim) -> str:
        """Return the prompt's text; a marker in the user's own text is broken up by a space after its first sign."""
        parts = {
            "prefix": prompt.prefix,
            "suffix": prompt.suffix,
            "path": prompt.path,
            "context": prompt.context.rstrip(),
        }
        safe = {name: self._defused(text) for name, text in parts.items()}
        form = self.with_context if prompt.context else self.form
        return re.sub(r"\{(\w+)\}", lambda hole: safe[hole[1]], form)

    def _defused(self, text: str) -> str:
        for marker in self.markers:
            if marker in text:
                text = text.replace(marker, f"{marker[0]} {marker[1:]}")
        return text


def template(name: str) -> Template:
    """Return the family's template; raises ``ProviderError`` where there is none of that name."""
    found = templates().get(name)
    if found is None:
        raise refused(f"There is no fill-in-the-middle template {name!r}; there are: {', '.join(sorted(templates()))}.")
    return found


@cache
def templates() -> Mapping[str, Template]:
    """Return all templates by family."""
    text = files(__name__.rpartition(".")[0]).joinpath("fim.toml").read_text("utf-8")
    return {
        name: Template(
            form=entry["form"],
            with_context=entry.get("with_context", entry["form"].replace("{prefix}", "{context}\n\n{prefix}", 1)),
            markers=tuple(entry["markers"]),
            stop=tuple(entry.get("stop", ())),
        )
        for name, entry in tomllib.loads(text).items()
    }
