"""Errands in the cart, which is written in TypeScript."""

import json

from features.errands.errand import PLANNING, Errand
from features.errands.everywhere import reading
from projects import TYPESCRIPT
from workbench import block

CART, TILL, TESTS, ROUTES = "src/cart.ts", "src/till.ts", "src/till.test.ts", "src/routes.ts"

TOTAL = (
    "export function total(lines: Line[]): number {\n"
    "  let sum = 0;\n  for (const line of lines) {\n    sum += line.price * line.count;\n  }\n  return sum;\n}\n"
)
SHORT = (
    "export function total(lines: Line[]): number {\n"
    "  return lines.reduce((sum, line) => sum + line.price * line.count, 0);\n}\n"
)
GREET = "export function greet(name: string): string {\n  return 'Hello ' + name + '!';\n}\n"
LITERAL = GREET.replace("'Hello ' + name + '!'", "`Hello ${name}!`")
PAY = "export function pay(lines: Line[]): string {\n  return total(lines).toFixed(2);\n}\n"
TEST = "test('nothing costs nothing', () => {\n  expect(pay([])).toBe('0.00');\n});\n"

BARE = "function shout(text) {\n  return text.toUpperCase();\n}\n"
OPEN = "export function count(lines: string[]): number {\n  throw new Error('not implemented');\n}\n"
ROUTE = "router.get('/carts/:id', (request, response) => {\n  response.json(find(request.params.id));\n});\n"
HELPER = "function find(id: string): string {\n  return id;\n}\n"

OURS, THEIRS = "function vat(n: number) {\n  return n / 5;\n}\n", "function vat(n: number) {\n  return n * 0.2;\n}\n"
CONFLICT = f"<<<<<<< ours\n{OURS}=======\n{THEIRS}>>>>>>> theirs\n"

PLAN = json.dumps(
    {
        "need": [],
        "plan": "Rename total to sumOf.",
        "changes": [{"path": CART, "what": "Rename the function."}, {"path": TILL, "what": "Call it by its name."}],
        "rename": [],
        "delete": [],
    }
)
RENAMED = block(
    "export function total(lines: Line[]): number {\n", "export function sumOf(lines: Line[]): number {\n", CART
)
USED = TYPESCRIPT[TILL].replace("total", "sumOf")

ERRANDS = (
    *reading(CART, "Line", "export interface Line {"),
    Errand(
        kind="annotate",
        file="src/shout.ts",
        laid={"src/shout.ts": BARE},
        at="shout(",
        old=BARE,
        new=BARE.replace("(text)", "(text: string): string"),
    ),
    Errand(kind="comment", file=CART, chosen=TOTAL, old=TOTAL, new=f"// Before any discount.\n{TOTAL}"),
    Errand(kind="debug", file=TILL, said="Totals are slow.", into=CART, old=TOTAL, new=SHORT, victim=GREET),
    Errand(
        kind="docstring",
        file=CART,
        at="total(",
        says="Return what all lines cost.",
        vary="    sum += line.price * line.count;",
        lands={CART: TYPESCRIPT[CART].replace(TOTAL, f"/** Return what all lines cost. */\n{TOTAL}")},
    ),
    Errand(kind="edit", file=CART, said="Use a template literal.", old=GREET, new=LITERAL, victim=TOTAL),
    Errand(
        kind="endpoint",
        file=ROUTES,
        laid={ROUTES: HELPER + ROUTE},
        at="router.get",
        said="List all carts.",
        old=ROUTE,
        new=f"{ROUTE}router.get('/carts', (_request, response) => {{\n  response.json([]);\n}});\n",
        victim=HELPER,
    ),
    Errand(kind="fix", file=CART, at="let sum", said="It is slow.", old=TOTAL, new=SHORT),
    Errand(
        kind="implement",
        file="src/count.ts",
        laid={"src/count.ts": OPEN},
        at="count(",
        old=OPEN,
        new=OPEN.replace("throw new Error('not implemented')", "return lines.length"),
    ),
    Errand(
        kind="merge",
        file="src/vat.ts",
        laid={"src/vat.ts": f"const RATE = 20;\n{CONFLICT}"},
        at=OURS,
        old=CONFLICT,
        new=THEIRS,
    ),
    Errand(kind="migrate", file=CART, said="To ES2015.", old=GREET, new=LITERAL, victim=TOTAL),
    Errand(
        kind="name",
        file=CART,
        at="total(",
        says='{"names": ["new", "sumOf"]}',
        lands={
            CART: TYPESCRIPT[CART].replace("total", "sumOf"),
            TILL: TYPESCRIPT[TILL].replace("total", "sumOf"),
        },
    ),
    Errand(kind="optimise", file=CART, at="total(", said="Make it faster.", old=TOTAL, new=SHORT, victim=GREET),
    Errand(
        kind="query",
        file=CART,
        chosen="  let sum = 0;\n",
        said="Lines of a cart.",
        old="  let sum = 0;\n",
        new="  const rows = db.query('SELECT price FROM lines WHERE cart = ?', [1]);\n  let sum = 0;\n",
    ),
    Errand(kind="refactor", file=CART, chosen=TOTAL, said="Simplify.", old=TOTAL, new=SHORT, victim=GREET),
    Errand(
        kind="refactor_files",
        file=CART,
        said="Rename total to sumOf.",
        first={PLANNING: PLAN, f"Your file: {CART}": RENAMED},
        into=TILL,
        old=TYPESCRIPT[TILL],
        new=USED,
        lands={CART: TYPESCRIPT[CART].replace("total", "sumOf"), TILL: USED},
        victim=PAY,
    ),
    Errand(
        kind="tests",
        file=TILL,
        at="pay(",
        into=TESTS,
        old=TEST,
        new=f"{TEST}\ntest('a line is paid', () => {{\n  expect(pay([{{ price: 1, count: 2 }}])).toBe('2.00');\n}});\n",
        victim=TEST,
    ),
    Errand(kind="transform", file=CART, at="greet(", said="Use a template literal.", old=GREET, new=LITERAL),
    Errand(
        kind="translate",
        file=TILL,
        said="Into Python.",
        says="```python\ndef pay(lines):\n    return f'{total(lines):.2f}'\n```",
        lands={"src/till.py": "def pay(lines):\n    return f'{total(lines):.2f}'\n"},
    ),
)
