"""Each trim on drawn cases: what the model wrote between ``├`` and ``┤``, and what of it is left."""

import pytest

from drawing import inserted
from tierwise import trims

CASES = {
    "fences": [
        ("x = ├```python\n1\n```┤", "1"),
        ("x = ├Here is the code:\n```\n1\n```\nHope this helps!┤", "1"),
        ("x = ├1┤", "1"),
        ("├```python\nif a:\n    b\n┤", "if a:\n    b"),
        ("x = ├`a`┤", "`a`"),
    ],
    "prefix_echo": [
        ("def total(├def total(xs):┤", "xs):"),
        ("    return ├return a┤", "a"),
        ("    return a├    return a + b┤", " + b"),
        ("x├x = 1┤", "x = 1"),
    ],
    "suffix_overlap": [
        ("print(├'a')┤)", "'a'"),
        ("f(├a, b┤)", "a, b"),
        ("x = [├1, 2]┤]\n", "1, 2"),
        ("if a:\n    ├b()\nreturn c┤\nreturn c\n", "b()"),
        ("a = ├1┤\n", "1"),
    ],
    "trailing_space": [("x = ├1  \n\n┤", "1")],
}


@pytest.mark.parametrize(
    ("name", "drawing", "left"), [(name, *case) for name, cases in CASES.items() for case in cases]
)
def test_a_trim_leaves_what_belongs_at_the_cursor(name: str, drawing: str, left: str) -> None:
    task, text = inserted(drawing)
    assert trims.load(name)(text, task) == left
