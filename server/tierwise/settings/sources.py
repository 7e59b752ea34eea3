"""All the places where settings are written, laid over one another.

From the weakest to the strongest, each overruling those before it:

1. defaults: what this package says, and where the vendors' own variables send their SDKs;
2. user: the user's settings file;
3. project: ``.tierwise.toml`` in each workspace root, the first root strongest; untrusted;
4. editor: the initialization options, then what the editor's settings say;
5. environment: variables that begin with ``TIERWISE_``.

Tables are merged, other values replaced; a rule takes the place of the one with its name or stands before all others.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .draft import as_table
from .environment import VENDORS, environment_layer, misspelled
from .files import toml_layer
from .merge import merged
from .model import Settings
from .paths import CONFIG, PROJECT_FILE, config_file
from .pool import PROVIDERS
from .problems import Problem, Source
from .section import TIERS, Known
from .validation import Layer, valid

_SECTION = "tierwise"
"""The name under which editors keep our settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What is in force, what is wrong with what was written, and the files that were looked for."""

    settings: Settings
    problems: tuple[Problem, ...]
    files: tuple[Path, ...]


def load(
    editor: Mapping[str, object] | None = None,
    roots: Sequence[Path] = (),
    env: Mapping[str, str] = os.environ,
    known_kinds: Sequence[str] = (),
    initialization: Mapping[str, object] | None = None,
) -> Loaded:
    """Read every source anew and return what follows; whatever is written there, this never fails.

    ``editor`` is what ``workspace/configuration`` or ``workspace/didChangeConfiguration`` last said, ``initialization``
    the initialization options, the one place where an editor may hand over keys from its secret store. Both may hold
    our settings themselves or the table ``tierwise`` with them. ``known_kinds`` empty means that any task kind passes.
    """
    layers, problems = _layers(editor, roots, env, initialization)
    known = _known(layers, known_kinds)
    content: Mapping[str, Any] = Settings().model_dump()
    for layer in layers:
        written, wrong = valid(layer, known)
        content = merged(content, written)
        problems += wrong
    files = (config_file(env), *(root / PROJECT_FILE for root in roots))
    return Loaded(settings=Settings.model_validate(content), problems=(*problems, *misspelled(env)), files=files)


def _layers(
    editor: Mapping[str, object] | None,
    roots: Sequence[Path],
    env: Mapping[str, str],
    initialization: Mapping[str, object] | None,
) -> tuple[list[Layer], list[Problem]]:
    user = config_file(env)
    from_user = toml_layer(user, Source.USER)
    if from_user is None and env.get(CONFIG):
        from_user = _absent(user)
    found = [
        environment_layer(env, VENDORS),
        from_user,
        *(toml_layer(root / PROJECT_FILE, Source.PROJECT) for root in reversed(roots)),
        _editor_layer(initialization, may_hold_secrets=True),
        _editor_layer(editor),
        environment_layer(env),
    ]
    layers = [item for item in found if isinstance(item, Layer)]
    return layers, [item for item in found if isinstance(item, Problem)]


def _editor_layer(written: object, *, may_hold_secrets: bool = False) -> Layer | Problem | None:
    outer = as_table(written)
    inner = outer.get(_SECTION, outer) if outer is not None else written
    if inner is None:
        return None
    table = as_table(inner)
    if table is None:
        return Problem(source=Source.EDITOR, message="the settings must be a table", fix="Write an object.")
    return Layer(source=Source.EDITOR, written=table, may_hold_secrets=may_hold_secrets)


def _absent(path: Path) -> Problem:
    message = f"{path} does not exist"
    return Problem(source=Source.ENVIRONMENT, key=CONFIG, message=message, fix="Create it, or unset the variable.")


def _known(layers: Iterable[Layer], kinds: Sequence[str]) -> Known:
    """Collect the names that any source brings into being, since one may speak of what another defines."""
    providers, tiers = dict.fromkeys(PROVIDERS), dict.fromkeys(TIERS)
    for layer in layers:
        if layer.source is not Source.PROJECT:
            providers |= dict.fromkeys(as_table(layer.written.get("providers")) or {})
        written = as_table(layer.written.get("tiers")) or {}
        tiers |= dict.fromkeys(name for name, tier in written.items() if _has_models(tier))
    return Known(providers=tuple(providers), tiers=tuple(tiers), kinds=tuple(kinds))


def _has_models(tier: object) -> bool:
    table = as_table(tier)
    return table is not None and bool(table.get("models"))
