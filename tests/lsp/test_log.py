"""The log says where something failed and never what was handled."""

import asyncio
import logging
from collections.abc import Generator
from pathlib import Path

import pytest

from tierwise.lsp.log import guard_loop, start_log


@pytest.fixture(autouse=True)
def _restored() -> Generator[None]:
    """Give logging back as it was."""
    names = ("", "tierwise", "pygls")
    levels = {name: logging.getLogger(name).level for name in names}
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def fail() -> None:
    """Fail with the user's code in the exception, and in the exception behind it."""
    try:
        raise KeyError("secret inside")
    except KeyError as error:
        raise ValueError("secret outside") from error


def test_an_exception_is_logged_as_its_type_and_places(tmp_path: Path) -> None:
    file = tmp_path / "log" / "tierwise.log"
    listener = start_log(logging.INFO, file)
    try:
        fail()
    except ValueError:
        logging.getLogger("tierwise.test").exception("it failed")
        logging.getLogger("library").exception("it failed there")
    listener.stop()
    logged = file.read_text()
    assert "tierwise.test: it failed" in logged
    assert "library: it failed there" in logged
    assert "test_log.py" in logged
    assert "in fail" in logged
    assert "ValueError" in logged
    assert "secret" not in logged


def test_libraries_are_heard_from_warnings_on_and_pygls_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "tierwise.log"
    listener = start_log(logging.DEBUG, file)
    for name in ("tierwise.x", "library", "pygls.protocol"):
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.CRITICAL):
            logging.getLogger(name).log(level, "%s at %s", name, level)
    listener.stop()
    said = [line.split(": ", 1)[1] for line in file.read_text().splitlines()]
    assert said == [*(f"tierwise.x at {level}" for level in (10, 20, 30, 50)), "library at 30", "library at 50"]


def test_where_no_file_can_be_written_the_log_goes_on_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    listener = start_log(logging.INFO, tmp_path / "taken" / "tierwise.log")
    logging.getLogger("tierwise.test").info("still here")
    listener.stop()
    said = capsys.readouterr().err
    assert "there will be no log file" in said
    assert "still here" in said


async def test_a_task_that_nobody_waited_for_is_logged_by_its_type(tmp_path: Path) -> None:
    file = tmp_path / "tierwise.log"
    listener = start_log(logging.INFO, file)
    loop = asyncio.get_running_loop()
    guard_loop(loop)
    loop.call_exception_handler({"message": "secret", "exception": ValueError("secret")})
    loop.call_exception_handler({"message": "secret"})
    listener.stop()
    assert "ValueError" in file.read_text()
    assert "secret" not in file.read_text()
