"""The guard that keeps tests off the network works, here and in the processes that tests start."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from guard.loopback import is_loopback

OUTSIDE = "192.0.2.1"  # TEST-NET-1 of RFC 5737: never anybody's machine


def test_a_connection_beyond_loopback_fails_and_is_noted(no_network: list[str]) -> None:
    no_network.append(f"socket.connect {OUTSIDE!r}")
    with socket.socket() as sock, pytest.raises(OSError, match="stay on the loopback address"):
        sock.connect((OUTSIDE, 443))


def test_a_name_is_not_even_looked_up(no_network: list[str]) -> None:
    no_network.append("socket.getaddrinfo 'api.openai.com'")
    with pytest.raises(OSError, match="stay on the loopback address"):
        socket.getaddrinfo("api.openai.com", 443)


def test_a_process_that_a_test_starts_is_guarded_too(no_network: list[str]) -> None:
    no_network.append(f"socket.connect {OUTSIDE!r}")
    program = f"import socket; socket.socket().connect(({OUTSIDE!r}, 443))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert ran.returncode == 1
    assert "stay on the loopback address" in ran.stderr


def test_an_attempt_that_nobody_expected_fails_its_test(tmp_path: Path) -> None:
    """The code under test may swallow the error; the test fails all the same."""
    test = tmp_path / "test_swallows.py"
    test.write_text(f"""
import socket

def test_swallows():
    with socket.socket() as sock:
        try:
            sock.connect(({OUTSIDE!r}, 443))
        except OSError:
            pass
""")
    tests = Path(__file__).parents[1]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-p", "no:cacheprovider", str(test)],
        env={**os.environ, "PYTHONPATH": str(tests)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "1 passed, 1 error" in ran.stdout
    assert "left the loopback address" in ran.stdout


def test_loopback_itself_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "", None, b"localhost"])
def test_these_hosts_are_this_machine(host: object) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "0.0.0.1", "example.org", "::ffff:8.8.8.8", "localhost.example.org"])
def test_these_hosts_are_not(host: object) -> None:
    assert not is_loopback(host)
