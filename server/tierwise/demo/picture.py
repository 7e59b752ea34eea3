"""The session as a picture: SVG made from what was really printed."""

from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

THEME = TerminalTheme(
    (24, 26, 31),
    (212, 215, 222),
    [
        (60, 64, 72),
        (239, 107, 115),
        (127, 199, 132),
        (229, 192, 99),
        (97, 163, 246),
        (198, 132, 232),
        (86, 192, 204),
        (212, 215, 222),
    ],
)

FORMAT = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>A session of tierwise demo</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Rich's frame without its web fonts: a picture must not make its viewers' machines ask anyone for files."""


def save(console: Console, path: Path) -> None:
    """Write what the console has recorded; raises ``OSError``."""
    path.write_text(
        console.export_svg(title="tierwise demo", theme=THEME, code_format=FORMAT, unique_id="tierwise"), "utf-8"
    )
