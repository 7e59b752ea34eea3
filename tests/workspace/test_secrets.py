"""Secrets in text are found by their issuers' shapes; code and prose about secrets are left alone."""

import random
import string
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from tierwise.workspace.secrets import find

LETTERS = string.ascii_letters + string.digits


def noise(length: int, alphabet: str = LETTERS, seed: int = 7) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=length))


PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{noise(64)}\n{noise(64)}\n-----END RSA PRIVATE KEY-----"

SECRETS = {
    "anthropic": f"sk-ant-api03-{noise(80)}",
    "openai": f"sk-proj-{noise(60)}",
    "openai, old": f"sk-{noise(48)}",
    "google": f"AIza{noise(35)}",
    "aws": f"AKIA{noise(16, string.ascii_uppercase + '234567')}",
    "github": f"ghp_{noise(36)}",
    "github, fine": f"github_pat_{noise(82)}",
    "gitlab": f"glpat-{noise(20)}",
    "slack": f"xoxb-{noise(12, string.digits)}-{noise(24)}",
    "stripe": f"sk_live_{noise(24)}",
    "npm": f"npm_{noise(36)}",
    "pypi": f"pypi-{noise(90)}",
    "hugging face": f"hf_{noise(34)}",
    "sendgrid": f"SG.{noise(22)}.{noise(43)}",
    "jwt": f"eyJ{noise(30)}.eyJ{noise(40)}.{noise(43)}",
}


@pytest.mark.parametrize("frame", ['key = "{}"\n', "curl -H 'x: {}'", "{}", "  - {}  # prod\n"])
@pytest.mark.parametrize("name", SECRETS)
def test_a_key_is_found_whole_wherever_it_stands(name: str, frame: str) -> None:
    text = frame.format(SECRETS[name])
    (secret,) = find(text)
    assert text[secret.start : secret.end] == SECRETS[name]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (PEM, PEM.split("-----")[2]),
        ("DATABASE = 'postgres://app:h7Gq2Lm9@db.internal:5432/app'", "h7Gq2Lm9"),
        ('password = "x9Kq2mZ7pL4w"', "x9Kq2mZ7pL4w"),
        ('"client_secret": "9f8a7b6c5d4e3f2a1b0c"', "9f8a7b6c5d4e3f2a1b0c"),
        ("API_KEY: 'q8Wn3Zx5Lk2Vb7'", "q8Wn3Zx5Lk2Vb7"),
    ],
)
def test_passwords_and_private_keys_are_found_by_what_stands_around_them(text: str, secret: str) -> None:
    (found,) = find(text)
    assert text[found.start : found.end] == secret


@pytest.mark.parametrize(
    "text",
    [
        'password = "changeme"',
        'password = input("Password: ")',
        'token = "your-token-here-1234"',
        'api_key = os.environ["OPENAI_API_KEY"]',
        'secret = "${VAULT_SECRET_1}"',
        "https://user:password@example.com/",
        "https://example.com:8080/path@2x.png",
        'tokens = "abcdefghijkl"',
        'key = "some_dictionary_key"',
        "sk-learn and ask-me-anything-about-it-please-now",
        'class Token:\n    kind: str = "identifier"\n',
        "commit 3f2a1b0c9f8a7b6c5d4e3f2a1b0c9f8a7b6c5d4e",
        "hash = 'd41d8cd98f00b204e9800998ecf8427e'",
    ],
)
def test_what_only_looks_like_a_secret_is_left_alone(text: str) -> None:
    assert find(text) == ()


def test_on_the_standard_library_there_is_hardly_a_false_alarm_and_no_time_is_lost() -> None:
    """Its sources hold no secrets; the few finds allowed are literals in documentation."""
    files = [path for path in Path(sysconfig.get_path("stdlib")).glob("*.py") if path.stat().st_size < 400_000]
    texts = [path.read_text("utf-8", errors="replace") for path in files]
    started = time.process_time()
    alarms = [text[each.start : each.end] for text in texts for each in find(text)]
    seconds = time.process_time() - started
    megabytes = sum(map(len, texts)) / 1e6
    print(f"{len(alarms)} alarms in {megabytes:.1f} MB, {seconds / megabytes * 1e3:.1f} ms a MB", file=sys.stderr)
    assert len(alarms) <= 1, alarms


def test_hostile_text_takes_no_longer() -> None:
    for text in ("password = '" * 5_000, "a://" * 20_000, "-----BEGIN PRIVATE KEY-----" * 3_000, "eyJ" + "a" * 100_000):
        started = time.process_time()
        find(text)
        assert time.process_time() - started < 2.0
