"""How git is asked so that nothing happens that a repository wants: its own programs do not run, no host is asked.

A repository's configuration names programs for many occasions, and whoever sends an archive sends that, too: a monitor
of files, hooks, drivers and filters for contents, a pager, what checks signatures, what opens a connection where an
object is missing. It can also name another folder as the one that it is about. What the user wrote into his own
configuration, his filters for large files for instance, stays in force.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

PATIENCE = 2.0
"""Seconds for reading a configuration."""

_NOTHING = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.quotePath": "false",
    "log.showSignature": "false",
    "safe.bareRepository": "explicit",
}
"""What holds for every call. External drivers and text conversions are refused by options of the commands that know
them.
"""
_OFFLINE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
_FILTERS = ("clean", "smudge", "process")
_OWN = ("local", "worktree")
"""Scopes of configuration that come with the repository."""


def restrained(root: Path) -> dict[str, str]:
    """Return what is added to the environment of git in a folder. Asks git for its filters: for threads only."""
    settings = [*_NOTHING.items(), *_without_filters(root)]
    inherited = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    env = {**_OFFLINE, "GIT_OPTIONAL_LOCKS": "0", "GIT_CONFIG_COUNT": str(inherited + len(settings))}
    for number, (name, value) in enumerate(settings, inherited):
        env |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    work_tree = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    if work_tree is not None and "GIT_DIR" not in os.environ:
        env["GIT_WORK_TREE"] = str(work_tree)
    return env


def _without_filters(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the settings by which the repository's own filters do nothing."""
    command = ("git", "config", "--null", "--show-scope", "--name-only", "--get-regexp", r"^filter\.")
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return  # then git will not answer what comes next either
    words = done.stdout.decode("utf-8", errors="surrogateescape").split("\0")
    drivers = {name.rpartition(".")[0] for scope, name in zip(words[::2], words[1::2], strict=False) if scope in _OWN}
    for driver in sorted(drivers):
        yield from ((f"{driver}.{kind}", "") for kind in _FILTERS)
        yield f"{driver}.required", "false"
