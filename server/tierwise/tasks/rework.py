"""One file's part of a plan, done again by the best models because the whole failed its checks there."""

from dataclasses import replace

from . import template
from .carry_out import KIND as CARRY_OUT

KIND = replace(
    CARRY_OUT,
    name="rework",
    title="Carry out a plan again in one file",
    belongs="frontier",
    template=template("rework", "blocks"),
)
