"""A kind's form of reply, exchanged for the one that a model writes best."""

from dataclasses import replace

from tierwise.core.model import Model
from tierwise.core.task import TaskKind
from tierwise.tasks import explained

USUAL = "blocks"
"""The form that kinds with changes of several places ask for, and that another one can stand in for."""


def fitted(kind: TaskKind, model: Model) -> TaskKind:
    """Return the kind as this model is asked for it; only its form, the words that explain it and its schema differ."""
    form = model.skills.edit
    if kind.form != USUAL or form == USUAL:
        return kind
    template = kind.template.replace(explained(USUAL), explained(form))
    if form != "json_edits":
        return replace(kind, form=form, template=template)
    from tierwise.edits.json_edits import SCHEMA

    return replace(kind, form=form, template=template, schema=SCHEMA)
