"""Which holes are real: the second stage of a scan by the profile `audit`, asked of the strongest tier."""

from dataclasses import replace

from . import confirm_finding, template

KIND = replace(
    confirm_finding.KIND,
    name="confirm_audit",
    title="Confirm a hole",
    belongs="frontier",
    template=template("confirm_audit"),
    deadline=300.0,
)
