"""The workspace with other texts in some of its files, without touching it: a folder of links around the new files."""

import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def overlay(root: Path, texts: Mapping[Path, str]) -> Generator[Path]:
    """Lay files (paths below the root) over the workspace; yields the folder and removes it afterwards.

    Only the folders on the way to a changed file are made; everything beside them is a link to the original.
    """
    place = Path(tempfile.mkdtemp(prefix="tierwise-overlay-"))
    try:
        made: set[Path] = set()
        for path, text in texts.items():
            for folder in reversed(path.parents):
                if folder not in made:
                    made.add(folder)
                    _mirror(root / folder, place / folder)
            target = place / path
            target.unlink(missing_ok=True)
            target.write_text(text, "utf-8", newline="")
        if not made:
            _mirror(root, place)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _mirror(original: Path, mirror: Path) -> None:
    """Make ``mirror`` a real folder that links to all that is in the original."""
    if mirror.is_symlink():
        mirror.unlink()
    mirror.mkdir(exist_ok=True)
    if not original.is_dir():
        return
    for item in original.iterdir():
        link = mirror / item.name
        if not link.is_symlink() and not link.exists():
            link.symlink_to(item.absolute())
