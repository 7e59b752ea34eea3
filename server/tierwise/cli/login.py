"""Put a provider's key into the platform's keyring, or take it out again with --remove.

The key is asked for without being shown, or read from standard input where that is no terminal.
"""

import argparse
import os
import sys
from getpass import getpass
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    """Declare whose key it is."""
    parser.add_argument("vendor", metavar="VENDOR", help="the provider's name in the settings: anthropic, openai, ...")
    parser.add_argument("--remove", action="store_true", help="take the key out of the keyring")


def run(args: argparse.Namespace) -> int:
    """Do it; 1 where the keyring would not, 2 where there is no such provider."""
    from tierwise.settings import sources
    from tierwise.settings.logins import KeyringError, log_in, log_out

    providers = sources.load(roots=(Path.cwd(),)).settings.providers
    if args.vendor not in providers:
        print(f"tierwise login: there is no provider {args.vendor!r}: {', '.join(providers)}", file=sys.stderr)
        return 2
    try:
        if args.remove:
            log_out(args.vendor, os.environ)
            print(f"The key of {args.vendor} is out of the keyring.")
            return 0
        key = (getpass(f"Key of {args.vendor}: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
        if not key:
            print("tierwise login: no key was given", file=sys.stderr)
            return 2
        log_in(args.vendor, key, os.environ)
    except KeyringError as error:
        print(f"tierwise login: {error}", file=sys.stderr)
        return 1
    print(f"The key of {args.vendor} is in the keyring; `tierwise doctor` says whether it works.")
    return 0
