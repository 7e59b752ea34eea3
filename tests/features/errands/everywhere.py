"""Errands that are the same in every language: reports, findings, short texts."""

import json

from features.errands.errand import Errand

REPORT = "# The code\n\nIt is small."
MORE = "Say more\n\nAll of it."
TRUTH = "It is what its name says."


def reading(file: str, symbol: str, line: str) -> tuple[Errand, ...]:
    """Return the errands that change nothing, about a file, a symbol in it and one of its lines."""
    finding = {
        "path": file,
        "code": line,
        "severity": "warning",
        "title": "Never checked",
        "detail": "CWE-20: any value is taken.",
        "replacement": None,
    }
    lost = {**finding, "code": "not there at all"}
    findings = json.dumps({"summary": "One flaw.", "findings": [finding, lost]})
    wanted = json.dumps({"identifiers": [symbol, "nowhere"], "globs": [f"**/{file}", "lib/*"]})
    kept = {"identifiers": [symbol], "globs": [f"**/{file}"]}
    sorted_as = {"class": "bug report", "confidence": 0.9, "reason": "It crashes."}
    return (
        *(
            Errand(kind=kind, file=file, said="How is it built?", says=REPORT, report=REPORT)
            for kind in ("architecture", "ask", "design", "summarise")
        ),
        Errand(kind="audit", file=file, said="Audit it.", says=findings, found=((0, "Never checked"),)),
        Errand(kind="review", file=file, history="changed", says=findings, found=((0, "Never checked"),)),
        Errand(kind="explain", file=file, at=symbol, says=TRUTH, value=TRUTH),
        Errand(kind="commit_message", file=file, history="changed", says="begin: say more", value="begin: say more"),
        Errand(kind="pr_description", file=file, history="branched", says=MORE, value=MORE),
        Errand(kind="search", said="Where is it?", says=wanted, value=json.dumps(kept)),
        Errand(kind="classify", said="It crashes.", says=f"Sure: {json.dumps(sorted_as)}", value=json.dumps(sorted_as)),
    )
