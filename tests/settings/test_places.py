"""Where keys and values stand: checked against ``tomllib`` on texts written in every way TOML allows."""

import tomllib
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierwise.core.text import Span, Text
from tierwise.settings.places import places
from tierwise.settings.problems import Route


def cut(text: str, span: Span) -> str:
    """Return what the span holds; TOML and our own texts agree on lines wherever TOML allows an end."""
    return Text.of(text).slice(span)


def leaves(value: Any, route: Route = ()) -> dict[Route, Any]:
    """Return everything that is not a table, lists and their items included."""
    found: dict[Route, Any] = {} if isinstance(value, dict) else {route: value}
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inner:
        found |= leaves(item, (*route, step))
    return found


def check(text: str) -> None:
    """Every value that ``tomllib`` finds must be found, and its text must mean the same on its own."""
    found = places(text)
    for route, value in leaves(tomllib.loads(text)).items():
        place = found[route]
        if place.value is None:
            assert isinstance(value, list), "only a list of tables has no text of its own"
            assert all(isinstance(item, dict) for item in value)
            continue
        alone = tomllib.loads(f"value = {cut(text, place.value)}")["value"]
        assert repr(alone) == repr(value)
        if isinstance(route[-1], str):
            assert tomllib.loads(f"{cut(text, place.key)} = 0") == {route[-1]: 0}


CASES = [
    'a.b."c.d" = 1\n\'e\'.f = "x"',
    '[a]\nb = 1\n[a.c]\nd = 2\n[ a . "e f" ]\ng = 3',
    "[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3\n[[a.e]]\nf = 4\n[[a.e]]\nf = 5\n[[a]]\n[[a.e]]\nf = 6",
    "a = [ 1, 2, # [3]\n  \"]\", '#', [ ], [[4], { b = [5,] }],\n]\nc = 6",
    'a = { b = { c = "}" }, d.e = [1, {f = 2}] } # }',
    'a = """\n[b]\nc = 1 # ""\\""" "" """\nd = \'\'\'\n\'\' [e]\'\'\'\nf = 2',
    'a = """x""""\nb = """x"""""\nc = \'\'\'y\'\'\'\'\nd = \'\'\'y\'\'\'\'\'\ne = ""\nf = \'\'\ng = """"""',
    'a = "\\\\"\nb = "\\""\nc = """\\""" """\nd = 1',
    "a = 1979-05-27 07:32:00\nb = 1979-05-27T07:32:00.5Z\nc = 1979-05-27\nd = 07:32:00",
    "a = [1979-05-27 07:32:00+01:00, 1979-05-27 07:32:00Z,1979-05-27 , 07:32:00]",
    "a = -inf\nb = +1_000.5e-3\nc = 0xdead_beef\nd = true\ne = [nan]",
    "\t a\t=\t1\t# x\r\n\r\n[ b ]\r\nc = [1,\r\n2]\r\nd = '''\r\n'''\r\n",
    '"🦀" = "🦀" # 🦀\n["é"."ü"] # 🦀\nx = \'🦀\'\n',
    "a = '\u2028'\nb = 1",
    "[a.b]\n[a]\nc = 1\n[a.b.d]\ne = 2",
    "",
    "# nothing",
]


@pytest.mark.parametrize("text", CASES)
def test_values_are_found_where_they_stand(text: str):
    check(text)


BROKEN = ["a = [", "a", "= 1", "[", "a = 1\n]", "a = '", "[a]\nb = {c = ", "a" * 9, '"\\u00" = 1']


@pytest.mark.parametrize("text", BROKEN)
def test_of_a_text_that_is_not_toml_the_beginning_is_found_and_nothing_fails(text: str):
    places(text)


def test_text_nested_without_end_does_not_fail():
    assert places("a = " + "[" * 50_000) is not None


def test_keys_and_headers_are_marked_on_their_own():
    text = '[a."b c"]\nd.e = 1\n[[f]]\ng = 2\n'
    found = places(text)
    keys = {route: cut(text, place.key) for route, place in found.items()}
    assert keys == {
        ("a",): "a",
        ("a", "b c"): '"b c"',
        ("a", "b c", "d"): "d",
        ("a", "b c", "d", "e"): "e",
        ("f",): "f",
        ("f", 0): "f",
        ("f", 0, "g"): "g",
    }


# --- texts by chance -------------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    WORDS,
    st.dates(),
    st.datetimes().map(lambda moment: moment.replace(fold=0)),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
TABLES = st.recursive(
    st.dictionaries(WORDS, VALUES, max_size=3),
    lambda inner: st.dictionaries(WORDS, VALUES | inner | st.lists(inner, min_size=1, max_size=3), max_size=3),
    max_leaves=4,
)


class Writer:
    """Writes a table as TOML, each time in one of the ways there are."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def choose(self, *ways: str) -> str:
        return self._draw(st.sampled_from(ways))

    def space(self) -> str:
        return self.choose("", " ", "\t ")

    def blank(self) -> str:
        """Return what may stand between a list's items."""
        return self.choose("", " ", "\n", '\n# ]}"\n ', "\r\n\t")

    def escaped(self, text: str, *, plain: str) -> str:
        """Escape what must be escaped, and now and then what need not be."""

        def one(letter: str) -> str:
            allowed = letter in plain or (letter.isprintable() and letter not in '"\\')
            return letter if allowed and self.choose("plain", "escaped") == "plain" else f"\\U{ord(letter):08x}"

        return "".join(map(one, text))

    def string(self, text: str, *, one_line: bool = False) -> str:
        ways = ["basic"]
        if all(letter.isprintable() and letter != "'" for letter in text):
            ways += ["literal"] if one_line else ["literal", "long literal"]
        first = "\n" if text.startswith("\n") else self.choose("", "\n")  # TOML drops a line end at the very beginning
        match self.choose(*ways, *([] if one_line else ["long"])):
            case "literal":
                return f"'{text}'"
            case "long literal":
                return f"'''{first}{text}'''"
            case "long":
                escaped = self.escaped(text, plain=" \t\n")
                return f'"""{first}{escaped}"""'
            case _:
                escaped = self.escaped(text, plain=" \t")
                return f'"{escaped}"'

    def key(self, name: str) -> str:
        bare = name.isascii() and name.replace("-", "a").replace("_", "a").isalnum()
        return name if bare and self.choose("bare", "quoted") == "bare" else self.string(name, one_line=True)

    def value(self, value: Any) -> str:
        match value:
            case bool():
                return str(value).lower()
            case str():
                return self.string(value)
            case datetime():
                return value.isoformat(sep=self.choose("T", " "))
            case date() | int():
                return str(value)
            case float():
                return repr(value)
            case list():
                items = ",".join(self.blank() + self.value(item) + self.blank() for item in value)
                return f"[{items}{self.choose('', ',') if value else ''}{self.blank()}]"
            case _:
                pairs = (self.pair(self.key(name), item) for name, item in value.items())
                return "{" + ",".join(pairs) + self.space() + "}"

    def pair(self, key: str, value: Any) -> str:
        return f"{self.space()}{key}{self.space()}={self.space()}{self.value(value)}{self.space()}"

    def table(self, table: dict[str, Any], path: tuple[str, ...]) -> str:
        """Write the entries first and the tables in them after that, as TOML wants it."""
        here: list[str] = []
        below: list[str] = []
        for name, value in table.items():
            if isinstance(value, dict) and self.choose("inline", "own") == "own":
                below.append(self.header("[", "]", (*path, name)) + self.table(value, (*path, name)))
            elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
                below += [self.header("[[", "]]", (*path, name)) + self.table(item, (*path, name)) for item in value]
            elif isinstance(value, dict) and len(value) == 1 and self.choose("inline", "dotted") == "dotted":
                ((inner, item),) = value.items()
                here.append(self.pair(f"{self.key(name)}{self.space()}.{self.space()}{self.key(inner)}", item))
            else:
                here.append(self.pair(self.key(name), value))
        comment = self.choose("", "# [x]\n", " # a = 'b\n", "\r\n")
        return "".join(line + self.choose("\n", "# = [\n", "\r\n") for line in here) + comment + "".join(below)

    def header(self, opener: str, closer: str, path: tuple[str, ...]) -> str:
        dotted = f"{self.space()}.{self.space()}".join(map(self.key, path))
        return f"{opener}{self.space()}{dotted}{self.space()}{closer}{self.choose('', ' # ]')}\n"


@given(table=TABLES, data=st.data())
def test_values_are_found_whatever_the_text_looks_like(table: dict[str, Any], data: st.DataObject):
    text = Writer(data.draw).table(table, ())
    assert _without_order(tomllib.loads(text)) == _without_order(table), "the writer writes what it was given"
    check(text)


def _without_order(table: dict[str, Any]) -> dict[Route, str]:
    return {route: repr(value) for route, value in leaves(table).items() if not isinstance(value, list)}
