"""Errands in the shop, which is written in Python."""

import json

from features.errands.errand import PLANNING, Errand
from features.errands.everywhere import reading
from projects import PYTHON
from workbench import block

PRICES, ORDERS, API, TESTS = "shop/prices.py", "shop/orders.py", "shop/api.py", "tests/test_orders.py"

NET = "def net(gross, rate):\n    return gross - gross * rate // 100\n"
ROUNDED = "def net(gross, rate):\n    return gross - round(gross * rate / 100)\n"
DISCOUNT = (
    "def discount(total: int, percent: int) -> int:\n"
    '    """Return the total less a percentage, never below zero."""\n    raise NotImplementedError\n'
)
LABEL = 'def label(name, price):\n    return "%s: %d" % (name, price)\n'
TOTAL = (
    "    def total(self):\n        x = 0\n        for line in self.lines:\n"
    "            x += net(line, 20)\n        return x\n"
)
SHORT = "    def total(self):\n        return sum(net(line, 20) for line in self.lines)\n"
ROUTE = '@app.get("/orders/{id}")\ndef read_order(id: int):\n    return find(id)\n'
TEST = "def test_an_empty_order_costs_nothing():\n    assert Order([]).total() == 0\n"

OURS, THEIRS = "def vat(total):\n    return total // 5\n", "def vat(total, rate):\n    return total * rate // 100\n"
CONFLICT = f"<<<<<<< ours\n{OURS}=======\n{THEIRS}>>>>>>> theirs\n"

PLAN = json.dumps(
    {
        "need": [],
        "plan": "Rename net to without_tax.",
        "changes": [{"path": PRICES, "what": "Rename the function."}, {"path": ORDERS, "what": "Call it by its name."}],
        "rename": [{"old": TESTS, "new": "tests/test_order.py"}],
        "delete": [API],
    }
)
RENAMED = block("def net(gross, rate):\n", "def without_tax(gross, rate):\n", PRICES)
USED = PYTHON[ORDERS].replace("net", "without_tax")
REWRITTEN = block(PYTHON[ORDERS], USED, ORDERS)

ERRANDS = (
    *reading(PRICES, "net", '"""Prices in cents."""'),
    Errand(
        kind="annotate",
        file=PRICES,
        at="def net",
        old=NET,
        new=NET.replace("(gross, rate):", "(gross: int, rate: int) -> int:"),
    ),
    Errand(
        kind="comment",
        file=ORDERS,
        chosen=TOTAL,
        old=TOTAL,
        new=TOTAL.replace("        x = 0\n", "        # In cents, tax taken off.\n        x = 0\n"),
    ),
    Errand(
        kind="debug",
        file=ORDERS,
        said="Totals are off by one cent.",
        into=PRICES,
        old=NET,
        new=ROUNDED,
        victim=LABEL,
    ),
    Errand(
        kind="docstring",
        file=PRICES,
        at="net(gross",
        says="Return the price without tax.",
        vary="    return gross - gross * rate // 100",
        lands={
            PRICES: PYTHON[PRICES].replace(NET, NET.replace(":\n", ':\n    """Return the price without tax."""\n', 1))
        },
    ),
    Errand(kind="edit", file=PRICES, said="Round the tax.", old=NET, new=ROUNDED, victim=LABEL),
    Errand(
        kind="endpoint",
        file=API,
        at="@app.get",
        said="List all orders.",
        old=ROUTE,
        new=f'{ROUTE}\n\n@app.get("/orders")\ndef list_orders():\n    return [Order([])]\n',
        victim=ROUTE,
    ),
    Errand(kind="fix", file=PRICES, at="return gross", said="It rounds down.", old=NET, new=ROUNDED),
    Errand(
        kind="implement",
        file=PRICES,
        at="discount",
        old=DISCOUNT,
        new=DISCOUNT.replace("raise NotImplementedError", "return max(0, total - total * percent // 100)"),
    ),
    Errand(
        kind="merge",
        file="shop/tax.py",
        laid={"shop/tax.py": f"RATE = 20\n{CONFLICT}"},
        at=OURS,
        old=CONFLICT,
        new=THEIRS,
    ),
    Errand(
        kind="migrate",
        file=PRICES,
        said="From % to format strings.",
        old=LABEL,
        new=LABEL.replace('"%s: %d" % (name, price)', 'f"{name}: {price:d}"'),
        victim=NET,
    ),
    Errand(
        kind="name",
        file=ORDERS,
        at="x = 0",
        says='{"names": ["line", "cents"]}',
        lands={ORDERS: PYTHON[ORDERS].replace("x", "cents")},
    ),
    Errand(kind="optimise", file=ORDERS, at="total", said="Make it faster.", old=TOTAL, new=SHORT, victim=TOTAL),
    Errand(
        kind="query",
        file=ORDERS,
        chosen="        x = 0\n",
        said="Totals of a customer.",
        old="        x = 0\n",
        new="        x = 0\n        rows = db.execute('SELECT total FROM orders WHERE customer = ?', (self.who,))\n",
    ),
    Errand(kind="refactor", file=ORDERS, chosen=TOTAL, said="Simplify.", old=TOTAL, new=SHORT, victim=TOTAL),
    Errand(
        kind="refactor_files",
        file=PRICES,
        said="Rename net to without_tax.",
        first={PLANNING: PLAN, f"Your file: {PRICES}": RENAMED},
        into=ORDERS,
        old=PYTHON[ORDERS],
        new=USED,
        lands={
            PRICES: PYTHON[PRICES].replace("def net(", "def without_tax("),
            ORDERS: USED,
            TESTS: None,
            "tests/test_order.py": PYTHON[TESTS],
            API: None,
        },
        victim=TOTAL,
    ),
    Errand(
        kind="tests",
        file=ORDERS,
        at="Order:",
        into=TESTS,
        old=TEST,
        new=TEST + "\n\ndef test_a_line_is_paid_without_tax():\n    assert Order([100]).total() == 80\n",
        victim=TEST,
    ),
    Errand(
        kind="transform",
        file=PRICES,
        at="label(",
        said="Use an f-string.",
        old=LABEL,
        new=LABEL.replace('"%s: %d" % (name, price)', 'f"{name}: {price:d}"'),
    ),
    Errand(
        kind="translate",
        file=PRICES,
        said="Into Go.",
        says="```go\npackage shop\n\nconst Tax = 20\n```",
        lands={"shop/prices.go": "package shop\n\nconst Tax = 20\n"},
    ),
)
