"""Where an attacker could do harm in some units: the first stage of a scan by the profile `audit`."""

from dataclasses import replace

from . import template, triage_unit

KIND = replace(
    triage_unit.KIND,
    name="audit_unit",
    title="Look for holes",
    belongs="frontier",
    template=template("audit_unit"),
    output=400,
    max_output=6_000,
    deadline=300.0,
)
