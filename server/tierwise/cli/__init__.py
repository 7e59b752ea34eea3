"""The terminal's way in: each file is one command, its docstring's first line is its help."""

import argparse
import atexit
import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol

from tierwise import __version__


class Command(Protocol):
    """What a command's module holds."""

    __doc__: str | None

    def options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's options."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Do it and return the exit code: 0 done, 1 not done, 2 wrong usage."""
        ...


def names() -> list[str]:
    """Return the names of all commands."""
    return sorted(item.stem for item in Path(__file__).parent.glob("*.py") if not item.name.startswith("_"))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; only its own module is imported, so that ``tierwise lsp`` starts at once."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    wanted = [arguments[0]] if arguments and arguments[0] in names() else names()
    parser = argparse.ArgumentParser(
        prog="tierwise",
        description="The AI language server that gives every request an editor makes to the cheapest model that does "
        "it well.",
    )
    parser.add_argument("--version", action="version", version=f"tierwise {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in wanted:
        command = _load(name)
        summary = (command.__doc__ or "").partition("\n")[0]
        child = commands.add_parser(name, help=summary, description=summary)
        command.options(child)
        child.set_defaults(run=command.run)
    args = parser.parse_args(arguments)
    atexit.register(gc.freeze)  # else the interpreter's last collection looks at both SDKs: half a second
    try:
        code: int = args.run(args)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        sys.stderr.close()
        return 0
    return code


def _load(name: str) -> Command:
    module: Command = import_module(f".{name}", __name__)  # type: ignore[assignment]  # a module fulfils the protocol
    return module
