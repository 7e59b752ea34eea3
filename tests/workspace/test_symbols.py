"""Symbols, hover and docstring skeletons: what is said without asking any model."""

from pathlib import Path

import pytest

from tierwise.core.text import Text
from tierwise.workspace.corpus import Corpus
from tierwise.workspace.docstring import skeleton, style_of
from tierwise.workspace.hover import describe
from tierwise.workspace.index import Index, sort_texts
from tierwise.workspace.symbols import LONGEST_SIGNATURE, symbols_in
from tierwise.workspace.usage import Usage

PYTHON = '''
LIMIT = 3

@deco
class Account(Base):
    """An account.

    With more to it.
    """

    def close(self, when,
              why=None) -> bool:
        "Close it."

    async def reopen(self): ...

if LIMIT:
    def helper(x: int, *rest) -> "Account": ...
'''

TYPESCRIPT = """
/** Adds.
 * @param a first
 */
export async function add(a: number, b = 2): Promise<number> { return a }
export const mul = (a: number) => { return a }
// A thing.
// Two lines.
export abstract class Thing<X> extends Other { private y = 1;
  /** does */
  run(): void {} }
interface Going { go(a: string): void }
namespace Inner { export function deep() {} }
"""

GO = """package p
// Foo does.
func Foo(a int) (int, error) { return 1, nil }
func (r *Recv) Bar() {}
// T is a type.
type T struct { a int }
"""

RUST = """
/// Makes it.
#[inline]
pub fn make<T>(a: T) -> Result<T, E> { Ok(a) }
impl Store { /// new
 pub fn new() -> Self { Store {} } }
pub trait Tr { fn req(&self) -> u8; }
"""

JAVA = """package a;
/** An account. */
public class Account extends Base {
  private int total;
  /** Opens it. */
  Account(int cents) {}
  int close(String why) throws Closed { throw new Closed("twice"); }
  enum State { OPEN; void turn() {} }
}
"""

C = """/* Adds. */
static int add(int a, char *b) { return a; }
int *made(void);
struct Point { int x; };
struct Point here;
typedef struct { int y; } Other;
#define MOST(a) a
#ifdef WIDE
// Goes.
int go(void) { return 1; }
#endif
"""

CPP = """namespace bank {
// An account.
template<class T> class Account : Base { public: int close(int x) const; std::string& name(); };
int Account::close(int x) const { return 1; }
}
"""

CSHARP = """namespace Bank;
/// An account.
public class Account : Base {
  public int Total { get; set; }
  public Account(int cents) {}
  public int Close(int a) => a;
}
"""

RUBY = """# An account.
class Account < Base
  # Closes it.
  def close(why, again = 1)
    raise Closed, "twice"
  end
  def self.open; end
  LIMIT = 1
end
"""

PHP = """<?php
/** Adds. */
function add(int $a): int { return $a; }
class Account extends Base { const LIMIT = 1; public function close($why) { return "x"; } }
"""

SHELL = """# Greets.
greet() {
  echo "hello $1"
}
"""


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            PYTHON,
            "python",
            [
                ("variable", "", "LIMIT", "LIMIT = 3", ""),
                ("class", "", "Account", "class Account(Base)", "An account.\n\nWith more to it."),
                ("method", "Account", "close", "def close(self, when, why=None) -> bool", "Close it."),
                ("method", "Account", "reopen", "async def reopen(self)", ""),
                ("function", "", "helper", 'def helper(x: int, *rest) -> "Account"', ""),
            ],
        ),
        (
            TYPESCRIPT,
            "typescript",
            [
                (
                    "function",
                    "",
                    "add",
                    "async function add(a: number, b = 2): Promise<number>",
                    "Adds.\n@param a first",
                ),
                ("function", "", "mul", "mul = (a: number)", ""),
                ("class", "", "Thing", "abstract class Thing<X> extends Other", "A thing.\nTwo lines."),
                ("method", "Thing", "run", "run(): void", "does"),
                ("interface", "", "Going", "interface Going", ""),
                ("method", "Going", "go", "go(a: string): void", ""),
                ("module", "", "Inner", "namespace Inner", ""),
                ("method", "Inner", "deep", "function deep()", ""),
            ],
        ),
        (
            GO,
            "go",
            [
                ("function", "", "Foo", "func Foo(a int) (int, error)", "Foo does."),
                ("method", "Recv", "Bar", "func (r *Recv) Bar()", ""),
                ("type", "", "T", "type T struct", "T is a type."),
            ],
        ),
        (
            RUST,
            "rust",
            [
                ("function", "", "make", "pub fn make<T>(a: T) -> Result<T, E>", "Makes it."),
                ("method", "Store", "new", "pub fn new() -> Self", "new"),
                ("trait", "", "Tr", "pub trait Tr", ""),
                ("method", "Tr", "req", "fn req(&self) -> u8", ""),
            ],
        ),
        (
            JAVA,
            "java",
            [
                ("class", "", "Account", "public class Account extends Base", "An account."),
                ("variable", "Account", "total", "total", ""),
                ("method", "Account", "Account", "Account(int cents)", "Opens it."),
                ("method", "Account", "close", "int close(String why) throws Closed", ""),
                ("enum", "Account", "State", "enum State", ""),
                ("constant", "Account.State", "OPEN", "OPEN", ""),
                ("method", "Account.State", "turn", "void turn()", ""),
            ],
        ),
        (
            C,
            "c",
            [
                ("function", "", "add", "static int add(int a, char *b)", "Adds."),
                ("function", "", "made", "int *made(void)", ""),
                ("struct", "", "Point", "struct Point", ""),
                ("type", "", "Other", "typedef struct { int y; } Other", ""),
                ("macro", "", "MOST", "#define MOST(a) a", ""),
                ("function", "", "go", "int go(void)", "Goes."),
            ],
        ),
        (
            CPP,
            "cpp",
            [
                ("module", "", "bank", "namespace bank", ""),
                ("class", "bank", "Account", "class Account : Base", "An account."),
                ("method", "bank.Account", "close", "int close(int x) const", ""),
                ("method", "bank.Account", "name", "std::string& name()", ""),
                ("method", "Account", "close", "int Account::close(int x) const", ""),
            ],
        ),
        (
            CSHARP,
            "csharp",
            [
                ("class", "", "Account", "public class Account : Base", "An account."),
                ("property", "Account", "Total", "public int Total { get; set; }", ""),
                ("method", "Account", "Account", "public Account(int cents)", ""),
                ("method", "Account", "Close", "public int Close(int a)", ""),
            ],
        ),
        (
            RUBY,
            "ruby",
            [
                ("class", "", "Account", "class Account < Base", "An account."),
                ("method", "Account", "close", "def close(why, again = 1)", "Closes it."),
                ("method", "Account", "open", "def self.open; end", ""),
                ("variable", "Account", "LIMIT", "LIMIT = 1", ""),
            ],
        ),
        (
            PHP,
            "php",
            [
                ("function", "", "add", "function add(int $a): int", "Adds."),
                ("class", "", "Account", "class Account extends Base", ""),
                ("constant", "Account", "LIMIT", "LIMIT = 1", ""),
                ("method", "Account", "close", "public function close($why)", ""),
            ],
        ),
        (SHELL, "shellscript", [("function", "", "greet", "greet()", "Greets.")]),
    ],
    ids=["python", "typescript", "go", "rust", "java", "c", "cpp", "csharp", "ruby", "php", "shell"],
)
def test_definitions_come_with_signature_and_documentation(
    text: str, language: str, expected: list[tuple[str, ...]]
) -> None:
    found = symbols_in(text, language)
    assert [(one.kind, one.container, one.name, one.signature, one.doc) for one in found] == expected


def test_a_name_stands_where_the_symbol_says() -> None:
    text = Text.of("x = '😀'; y = 2\nclass Ünïcode: pass\n")
    for symbol in symbols_in(str(text), "python"):
        assert text.line(symbol.position.line)[symbol.position.column :].startswith(symbol.name)


@pytest.mark.parametrize("language", ["python", "javascript", "typescript", "typescriptreact", "go", "rust", "cobol"])
@pytest.mark.parametrize("text", ["", "\0", "def f(", "}}}{{{", "class " * 500, "\ud800", "(" * 5000, "x: " * 300])
def test_broken_text_breaks_nothing(text: str, language: str) -> None:
    symbols_in(text, language)
    skeleton(text, Text.of(text).end, language)


def test_an_endless_signature_is_cut() -> None:
    symbol = symbols_in(f"def f(a={list(range(1000))}): ...\n", "python")[0]
    assert len(symbol.signature) == LONGEST_SIGNATURE + 1


def usage_of(files: dict[str, str]) -> Usage:
    return Usage(Corpus(Index(sort_texts(list(files), files.values()))), files.get)


FILES = {
    "/w/bank/account.py": PYTHON,
    "/w/bank/use.py": "from bank.account import Account\n\na = Account()\nAccount.close(a, 1)\n",
    "/w/bank/other.py": "import account\n",
}


def test_hover_says_signature_documentation_place_and_users() -> None:
    said = describe(usage_of(FILES), "Account", "/w/bank/use.py", root="/w")
    assert "```python\nclass Account(Base)\n```" in said
    assert "An account." in said
    assert "class, defined in `bank/account.py:5`" in said
    assert "Named 5 times: `bank/use.py` (3), `bank/account.py` (2)" in said


def test_a_definition_in_the_same_file_is_what_the_name_means_there() -> None:
    files = {**FILES, "/w/own.py": "class Account:\n    '''Mine.'''\n"}
    said = describe(usage_of(files), "Account", "/w/own.py")
    assert "Mine." in said
    assert "An account." not in said


def test_of_an_unknown_name_hover_says_nothing() -> None:
    assert describe(usage_of(FILES), "Nobody", "/w/bank/use.py") == ""
    assert describe(usage_of(FILES), "bank", "/w/bank/use.py") == ""


def test_symbols_of_a_changed_file_are_read_anew(tmp_path: Path) -> None:
    texts = {"/w/a.py": "def old(): ...\n"}
    usage = Usage(Corpus(Index(sort_texts(list(texts), texts.values()))), texts.get)
    assert [found.symbol.name for found in usage.definitions("old")] == ["old"]
    texts["/w/a.py"] = "def new(): ...\n"
    assert usage.definitions("old") == []
    del texts["/w/a.py"]
    assert usage.symbols("/w/a.py") == ()


def documented(drawn: str, language: str, style: str = "") -> str:
    """The text with the skeleton for the definition around ``│`` in it."""
    before, after = drawn.split("│")
    text = Text.of(before + after)
    made = skeleton(before + after, Text.of(before).end, language, style)
    if made is None:
        return ""
    lines = list(text.raw_lines())
    return "".join([*lines[: made.position.line], made.text, *lines[made.position.line :]])


def test_google_style() -> None:
    text = documented(
        "class A:\n"
        "    @deco\n"
        '    def load_customer(self, key: int, *args, name="x", **kw) -> "Customer | None":\n'
        "        │if not key:\n"
        "            raise errors.NotFoundError(key)\n",
        "python",
    )
    assert text == (
        "class A:\n"
        "    @deco\n"
        '    def load_customer(self, key: int, *args, name="x", **kw) -> "Customer | None":\n'
        '        """Load customer.\n'
        "\n"
        "        Args:\n"
        "            key: The key.\n"
        "            *args: The args.\n"
        "            name: The name.\n"
        "            **kw: The kw.\n"
        "\n"
        "        Returns:\n"
        "            `Customer | None`.\n"
        "\n"
        "        Raises:\n"
        "            errors.NotFoundError: On not found error.\n"
        '        """\n'
        "        if not key:\n"
        "            raise errors.NotFoundError(key)\n"
    )


def test_numpy_style() -> None:
    text = documented("def has_access(user: User):\n    │yield 1\n", "python", "numpy")
    assert text == (
        "def has_access(user: User):\n"
        '    """Return whether it has access.\n'
        "\n"
        "    Parameters\n"
        "    ----------\n"
        "    user : User\n"
        "        The user.\n"
        "\n"
        "    Yields\n"
        "    ------\n"
        "    object\n"
        "        The result.\n"
        '    """\n'
        "    yield 1\n"
    )


def test_sphinx_style() -> None:
    text = documented("def get_user(name):\n    │return 1\n", "python", "sphinx")
    assert ':param name: The name.\n    :returns: The result.\n    """\n' in text
    assert '"""Return the user.\n' in text


def test_jsdoc_above_the_exported_function() -> None:
    text = documented(
        "export async function getUser(id: string, opts?: O, ...rest: any[]): Promise<User> {│\n"
        "  throw new TypeError('x')\n}\n",
        "typescript",
    )
    assert text.startswith(
        "/**\n * Return the user.\n *\n * @param id - The id.\n * @param opts - The opts.\n * @param rest - The rest.\n"
        " * @returns `Promise<User>`.\n * @throws {TypeError} On type error.\n */\nexport async function"
    )


def test_go_and_rust_comments() -> None:
    assert "// LoadUser loads the user.\nfunc" in documented("package p\n\nfunc LoadUser(a, b int) int {│ }\n", "go")
    rust = documented("impl S {\n    pub fn parse(&self, x: &str) -> Result<A, E> {│ }\n}", "rust")
    assert "    /// Parse.\n    ///\n    /// # Errors\n" in rust


@pytest.mark.parametrize(
    "drawn",
    ['def f():\n    "Said."\n    │pass\n', "│\n", "def f(): return │1\n", "x = │1\n"],
    ids=["documented already", "empty", "one line", "no definition"],
)
def test_where_there_is_nothing_to_document_nothing_is_written(drawn: str) -> None:
    assert documented(drawn, "python") == ""


def test_line_ends_stay_as_they_are() -> None:
    assert "\r\n" in documented("def f(a):\r\n    │return a\r\n", "python")
    assert "\n" not in documented("def f(a):\r\n    │return a\r\n", "python").replace("\r\n", "")


@pytest.mark.parametrize(
    ("doc", "style"),
    [
        ("    Args:\n        a: b\n", "google"),
        ("    Parameters\n    ----------\n", "numpy"),
        ("    :param a: b\n", "sphinx"),
        ("", "google"),
    ],
)
def test_the_files_own_style_is_used(doc: str, style: str) -> None:
    assert style_of(f'def f(a):\n    """F.\n\n{doc}    """\n', "python") == style


@pytest.mark.parametrize("style", ["google", "numpy", "sphinx"])
def test_a_documented_function_still_parses_and_is_not_documented_twice(style: str) -> None:
    drawn = "class A:\n    def f(self, a, b: int = 1) -> int:\n        │if a:\n            raise E\n        return b\n"
    text = documented(drawn, "python", style)
    compile(text, "f", "exec")
    assert skeleton(text, Text.of(drawn.split("│", maxsplit=1)[0]).end, "python") is None


@pytest.mark.parametrize(
    ("drawn", "language", "made"),
    [
        (
            "class A {\n    int close(String │why) throws Closed { throw new Closed(why); }\n}\n",
            "java",
            "    /**\n     * Close.\n     *\n     * @param why The why.\n     * @return The result.\n"
            "     * @throws Closed On closed.\n     */\n",
        ),
        (
            "int add(int a, char *│b) {\n}\n",
            "c",
            "/**\n * Add.\n *\n * @param a The a.\n * @param b The b.\n * @return The result.\n */\n",
        ),
        (
            "template<class T>\nvoid put(const T& │item) {\n}\n",
            "cpp",
            "/**\n * Put.\n *\n * @param item The item.\n */\n",
        ),
        (
            "class A {\n    int Add(int │a) => a;\n}\n",
            "csharp",
            '    /// <summary>Add.</summary>\n    /// <param name="a">The a.</param>\n'
            "    /// <returns>The result.</returns>\n",
        ),
        ("def close(│why)\nend\n", "ruby", "# Close.\n#\n# @param why The why.\n"),
        (
            "<?php\nfunction add(int │$a): int {\n}\n",
            "php",
            "/**\n * Add.\n *\n * @param $a The a.\n * @return The result.\n */\n",
        ),
        ("greet() {\n  echo│\n}\n", "shellscript", "# Greet.\n"),
    ],
)
def test_each_language_has_a_style_of_its_own(drawn: str, language: str, made: str) -> None:
    before, _, after = drawn.partition("│")
    found = skeleton(before + after, Text.of(before).end, language)
    assert found is not None
    assert found.text == made
