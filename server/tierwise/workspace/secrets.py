"""Secrets that stand in text: found by the shapes their issuers document, so that prose and code are left alone.

Detectors made for whole repositories (detect-secrets, gitleaks, truffleHog) take milliseconds a file, bring a network
client along, and report every string of high entropy; here a prompt is looked through before each call, and a false
alarm spoils an answer. So: formats with a prefix or a frame of their own, and literals that are assigned to a name
which says that it is a secret.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import log2

_FORMATS = {
    "anthropic key": r"sk-ant-[\w-]{24,}",
    "openai key": r"sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,}",
    "google key": r"AIza[\w-]{35}",
    "aws key id": r"(?:AKIA|ASIA)[A-Z2-7]{16}",
    "github token": r"gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,}",
    "gitlab token": r"glpat-[\w-]{20,}",
    "slack token": r"xox[abeoprs]-[A-Za-z0-9-]{10,}",
    "stripe key": r"[rs]k_(?:live|test)_[A-Za-z0-9]{16,}",
    "npm token": r"npm_[A-Za-z0-9]{36}",
    "pypi token": r"pypi-[\w-]{50,}",
    "hugging face token": r"hf_[A-Za-z0-9]{30,}",
    "sendgrid key": r"SG\.[\w-]{20,}\.[\w-]{40,}",
    "json web token": r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}",
}
"""By what they are; each is how the issuer's own documentation describes it."""

_PREFIXES = (
    "sk-", "AIza", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "_live_",
    "_test_", "npm_", "pypi-", "hf_", "SG.", "eyJ",
)  # fmt: skip
"""What every such text holds: looking for plain strings costs a hundredth of matching."""

_FORMAT = re.compile(rf"(?<![\w-])(?:{'|'.join(_FORMATS.values())})(?![\w-])")
_KEY_BLOCK = re.compile(r"PRIVATE KEY(?: BLOCK)?-----([^-]{32,20000})-----END ")
_IN_URL = re.compile(r"://[^\s:/@\"']{1,64}:([^\s:/@\"'${}<]{3,128})@")
_LITERAL = re.compile(r"[=:>]\s{0,4}[\"']([^\s\"']{8,200})[\"']")
_NAMED = re.compile(
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|api_?key|auth_?token|access_?key|client_?secret|private_?key|token)"
    r"[\"']?\s{0,4}[:=]?\Z",
    re.IGNORECASE,
)
_NAME_LENGTH = 32
"""Characters before an assignment in which its name ends."""

_PLACEHOLDER = re.compile(
    r"(?i:example|sample|dummy|placeholder|changeme|change_me|your[-_]|xxxx|\*\*\*|<|>|\$\{|\{\{|%\(|\.\.\.|test|fake|"
    r"process\.env|os\.environ|getenv|password|secret)"
)
"""In values that only stand for a secret."""

LEAST_ENTROPY = 3.0
"""Bits per character of an assigned literal: words have about 2.5, random letters and digits over 3.3."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret's place in a text."""

    start: int
    end: int


def find(text: str) -> tuple[Secret, ...]:
    """Return the secrets in the text, in order and without overlap."""
    found = sorted(_found(text), key=lambda secret: (secret.start, -secret.end))
    apart: list[Secret] = []
    for secret in found:
        if not apart or secret.start >= apart[-1].end:
            apart.append(secret)
    return tuple(apart)


def _found(text: str) -> Iterator[Secret]:
    if any(prefix in text for prefix in _PREFIXES):
        yield from (Secret(*match.span()) for match in _FORMAT.finditer(text))
    if "PRIVATE KEY" in text:
        yield from (Secret(*match.span(1)) for match in _KEY_BLOCK.finditer(text))
    if "://" in text:
        yield from (Secret(*match.span(1)) for match in _IN_URL.finditer(text) if not _PLACEHOLDER.search(match[1]))
    for match in _LITERAL.finditer(text):
        if _NAMED.search(text, max(0, match.start() - _NAME_LENGTH), match.start()) and _is_random(match[1]):
            yield Secret(*match.span(1))


def _is_random(value: str) -> bool:
    """Whether a literal looks made by a machine: letters and digits without order, and no word that excuses it."""
    if _PLACEHOLDER.search(value) or not (re.search(r"\d", value) and re.search(r"[A-Za-z]", value)):
        return False
    counts = Counter(value)
    return -sum(n / len(value) * log2(n / len(value)) for n in counts.values()) >= LEAST_ENTROPY
