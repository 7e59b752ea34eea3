"""Print the JSON schema of the settings, for editors that check TOML or JSON."""

import argparse
import json


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--editor", action="store_true", help="with camelCase keys, as editors' settings have them")


def run(args: argparse.Namespace) -> int:
    """Print the schema."""
    from tierwise.settings.schema import schema

    print(json.dumps(schema(editor=args.editor), indent=2, ensure_ascii=False))
    return 0
