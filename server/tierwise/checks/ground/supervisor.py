"""Runs a command shut in: started as a program of its own by ``confined.py``, with nothing but the standard library.

The argument is JSON: ``command``, ``root`` and ``tree`` (the copy that takes the root's place), ``place`` (the only
folder that may be written to), ``cwd``, ``dependencies``, ``seconds``, ``memory`` (bytes), ``confine``. Exit codes: the
command's own, 128 plus the signal that killed it, ``LATE`` when its time was up, ``UNCONFINED`` where it could not be
shut in and was not started.
"""

import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TypedDict

LATE, UNCONFINED = 124, 125

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    1,
    2,
    4,
    8,
    32,
    4096,
    16384,
    1 << 18,
)
MS_NOATIME, MS_NODIRATIME, MS_RELATIME = 1024, 2048, 1 << 21
_FLAGS = {
    "nosuid": MS_NOSUID,
    "nodev": MS_NODEV,
    "noexec": MS_NOEXEC,
    "noatime": MS_NOATIME,
    "nodiratime": MS_NODIRATIME,
    "relatime": MS_RELATIME,
}
"""Flags of linux/mount.h; the kernel refuses a remount that would drop one of those a mount has."""

PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 24, 36, 38
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1

PROCESSES = 1024
FILE_SIZE = 1 << 30

_libc = ctypes.CDLL(None, use_errno=True)


class Spec(TypedDict):
    """What the argument holds."""

    command: list[str]
    cwd: str
    root: str
    tree: str
    place: str
    dependencies: list[str]
    seconds: float
    memory: int
    confine: bool


def main() -> int:
    """Shut in, run, and leave no process behind."""
    spec: Spec = json.loads(sys.argv[1])
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if spec["confine"]:
        try:
            _shut_in(spec)
        except OSError as error:
            sys.stderr.write(f"cannot confine: {error}\n")
            return UNCONFINED
    child = os.fork()
    if child == 0:
        _become(spec)
    signal.signal(signal.SIGTERM, _stop)
    try:
        return _wait(child, time.monotonic() + spec["seconds"])
    finally:
        _end_all()


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(LATE)


def _shut_in(spec: Spec) -> None:
    """Make everything read-only but the one folder, put the copy in the root's place, keep only loopback."""
    root, tree, place = spec["root"], spec["tree"], spec["place"]
    _mount("none", "/", MS_REC | MS_PRIVATE)
    for name in spec["dependencies"]:
        folder = Path(root, name)
        if folder.is_dir() and not Path(tree, name).exists():
            Path(tree, name).mkdir()
            _mount(str(folder), f"{tree}/{name}", MS_BIND | MS_REC)
    _mount(place, place, MS_BIND | MS_REC)
    _mount(tree, root, MS_BIND | MS_REC)
    for point, options in _mounts():
        if point in (place, tree, root) or point.startswith(("/proc", "/sys", "/dev")):
            continue
        flags = sum(_FLAGS.get(option, 0) for option in options.split(","))
        try:
            _mount("none", point, MS_REMOUNT | MS_BIND | MS_RDONLY | flags)
        except OSError:
            if os.access(point, os.W_OK):
                raise
    try:
        _mount("tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, kind="tmpfs")  # noqa: S108 - the mount point itself
    except OSError:
        pass  # not every system has shared memory there
    _loopback_up()


def _mounts() -> list[tuple[str, str]]:
    """Return the mount points and their options, those reached last first."""
    lines = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
    found = [(parts[4].encode().decode("unicode_escape"), parts[5]) for parts in map(str.split, lines)]
    return list(dict(found).items())


def _mount(source: str, target: str, flags: int, kind: str = "none") -> None:
    if _libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), None) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"mount of {target}: {os.strerror(code)}")


def _loopback_up() -> None:
    """Switch on the one network interface that the new network has: many tests talk to themselves."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(handle, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def _become(spec: Spec) -> None:
    """Turn into the command, with its limits and without the rights that the shutting in took."""
    os.setsid()
    if spec["confine"]:
        for capability in range(64):
            _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _limit(resource.RLIMIT_AS, spec["memory"])
    _limit(resource.RLIMIT_FSIZE, FILE_SIZE)
    _limit(resource.RLIMIT_CORE, 0)
    if spec["confine"]:  # elsewhere the limit would count all that the user runs
        _limit(resource.RLIMIT_NPROC, PROCESSES)
    try:
        os.chdir(spec["cwd"])
        os.execvp(spec["command"][0], spec["command"])  # noqa: S606 - the command is the user's own, no shell reads it
    except OSError as error:
        sys.stderr.write(f"{spec['command'][0]}: {error.strerror}\n")
        os._exit(127)


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _wait(child: int, deadline: float) -> int:
    """Wait for the command, and for the orphans that come to us meanwhile; no longer than it may take."""
    while time.monotonic() < deadline:
        try:
            ended, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return LATE
        if ended == child:
            return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        if ended == 0:
            time.sleep(0.01)
    return LATE


def _end_all() -> None:
    """Kill every process that descends from us: orphans come to us, so sooner or later all are our children."""
    for _ in range(1000):
        for child in _children():
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)


def _children() -> list[int]:
    """Return all that descends from this process, by ``/proc``; in a process namespace of our own, all but us."""
    if os.getpid() == 1:
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
        return []
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {os.getpid()})


if __name__ == "__main__":
    sys.exit(main())
