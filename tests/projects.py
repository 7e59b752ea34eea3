"""Three small projects, written for the tests: a shop in Python, a cart in TypeScript, a store in Go."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

PYTHON: Mapping[str, str] = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
    ".gitignore": "build/\n",
    "schema.sql": "CREATE TABLE orders (\n  id INTEGER PRIMARY KEY,\n  customer TEXT NOT NULL,\n  total INTEGER\n);\n",
    "shop/__init__.py": "",
    "shop/prices.py": (
        '"""Prices in cents."""\n\n\n'
        "def net(gross, rate):\n    return gross - gross * rate // 100\n\n\n"
        "def discount(total: int, percent: int) -> int:\n"
        '    """Return the total less a percentage, never below zero."""\n    raise NotImplementedError\n\n\n'
        'def label(name, price):\n    return "%s: %d" % (name, price)\n'
    ),
    "shop/orders.py": (
        "from shop.prices import net\n\n\n"
        "class Order:\n    def __init__(self, lines):\n        self.lines = lines\n\n"
        "    def total(self):\n        x = 0\n        for line in self.lines:\n"
        "            x += net(line, 20)\n        return x\n"
    ),
    "shop/api.py": (
        "from shop.orders import Order\n\napp = make_app()\n\n\n"
        '@app.get("/orders/{id}")\ndef read_order(id: int):\n    return find(id)\n'
    ),
    "tests/test_orders.py": (
        "from shop.orders import Order\n\n\n"
        "def test_an_empty_order_costs_nothing():\n    assert Order([]).total() == 0\n"
    ),
}

TYPESCRIPT: Mapping[str, str] = {
    "package.json": '{"name": "cart", "type": "module", "devDependencies": {"vitest": "3"}}\n',
    "src/cart.ts": (
        "export interface Line {\n  price: number;\n  count: number;\n}\n\n"
        "export function total(lines: Line[]): number {\n"
        "  let sum = 0;\n  for (const line of lines) {\n    sum += line.price * line.count;\n  }\n  return sum;\n}\n\n"
        "export function greet(name: string): string {\n  return 'Hello ' + name + '!';\n}\n"
    ),
    "src/till.ts": (
        "import { total, type Line } from './cart';\n\n"
        "export function pay(lines: Line[]): string {\n  return total(lines).toFixed(2);\n}\n"
    ),
    "src/till.test.ts": (
        "import { expect, test } from 'vitest';\nimport { pay } from './till';\n\n"
        "test('nothing costs nothing', () => {\n  expect(pay([])).toBe('0.00');\n});\n"
    ),
}

GO: Mapping[str, str] = {
    "go.mod": "module example.com/store\n\ngo 1.22\n",
    "store.go": (
        'package store\n\nimport "errors"\n\n'
        '// ErrMissing is returned for an unknown key.\nvar ErrMissing = errors.New("missing")\n\n'
        "type Store struct {\n\titems map[string]string\n}\n\n"
        "func New() *Store {\n\treturn &Store{items: map[string]string{}}\n}\n\n"
        "func (s *Store) Get(key string) (string, error) {\n"
        '\tvalue, ok := s.items[key]\n\tif !ok {\n\t\treturn "", ErrMissing\n\t}\n\treturn value, nil\n}\n\n'
        'func (s *Store) Put(key, value string) {\n\tpanic("not implemented")\n}\n'
    ),
    "store_test.go": (
        'package store\n\nimport "testing"\n\n'
        'func TestGetMissing(t *testing.T) {\n\tif _, err := New().Get("a"); err != ErrMissing {\n'
        "\t\tt.Fatal(err)\n\t}\n}\n"
    ),
}

PROJECTS: Mapping[str, Mapping[str, str]] = {"python": PYTHON, "typescript": TYPESCRIPT, "go": GO}


def write(project: Mapping[str, str], root: Path) -> None:
    """Write the project's files."""
    for name, text in project.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def commit(root: Path, message: str = "Begin") -> None:
    """Commit everything, in a repository that is made where there is none."""
    who = ("-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main")
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", message)):
        subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


def branch(root: Path, name: str) -> None:
    """Leave for a new branch."""
    subprocess.run(["git", "checkout", "-q", "-b", name], cwd=root, check=True)
