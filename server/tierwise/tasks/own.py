"""The user's own actions, written as data: each becomes a kind like those in this room."""

from collections.abc import Callable, Mapping

from tierwise.core.offer import Offer, On
from tierwise.core.task import Gives, TaskKind
from tierwise.settings.actions import OwnActionSettings

from . import load, names, template

_FORMS: Mapping[str, tuple[str, Gives]] = {
    "selection": ("span", "edit"),
    "changes": ("blocks", "edit"),
    "text": ("text", "text"),
    "report": ("text", "report"),
}


def kind_of(name: str, action: OwnActionSettings) -> TaskKind:
    """Return the kind that the user described; what looks like a slot in their prompt is none."""
    form, gives = _FORMS[action.answer]
    shape = template(f"forms/own_{action.answer}", "blocks")
    offer = Offer(
        title=action.title,
        action="refactor.rewrite" if gives == "edit" else "source",
        on=On(action.on),
        languages=action.languages,
    )
    return TaskKind(
        name=name,
        title=action.title,
        belongs="mid",
        form=form,
        template=shape.replace("{{prompt}}", action.prompt.replace("{{", "{ {").strip()),
        output=300,
        max_output=6_000,
        deadline=120.0,
        trims=("fences",) if form == "span" else (),
        checks=tuple(check for check in action.checks if gives == "edit" or check in ("not_empty", "judge")),
        offers=(offer,),
        gives=gives,
    )


def lookup(actions: Mapping[str, OwnActionSettings]) -> Callable[[str], TaskKind]:
    """Return what finds a kind by name: ours first, so that no setting changes what a name of ours means."""
    own = {name: kind_of(name, action) for name, action in actions.items()}
    return lambda name: own[name] if name in own and name not in names() else load(name)
