"""TypeScript and Go projects, checked by their own compilers where these are installed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

import compilers
from checks.projects import project, trial, verdict
from compilers import STRICT
from projects import GO, TYPESCRIPT
from tierwise.checks import Allowed

CART = {name: text for name, text in TYPESCRIPT.items() if not name.endswith(".test.ts")} | {"tsconfig.json": STRICT}


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", compilers.path())


def text_of(root: Path, name: str, old: str, new: str) -> Mapping[str, str]:
    text = (root / name).read_text()
    assert old in text
    return {name: text.replace(old, new)}


@compilers.TSC
async def test_tsc_finds_a_new_type_error_and_its_place(tmp_path: Path) -> None:
    root = project(tmp_path, CART)
    said = await verdict("types", trial(root, text_of(root, "src/cart.ts", "return sum;", "return `${sum}`;")))
    assert (said.passed, said.hard) == (False, True)
    assert said.reason.startswith("1 new type error: cart.ts:11: Type 'string' is not assignable to type 'number'")
    assert [(place.uri, place.line) for place in said.places] == [((root / "src/cart.ts").as_uri(), 10)]


@compilers.TSC
async def test_tsc_finds_what_a_change_breaks_in_another_file(tmp_path: Path) -> None:
    root = project(tmp_path, CART)
    said = await verdict("types", trial(root, text_of(root, "src/cart.ts", "function total", "function sumOf")))
    assert not said.passed
    assert "till.ts:1:" in said.reason
    assert "no exported member" in said.reason


@compilers.TSC
async def test_tsc_passes_what_is_right_and_leaves_nothing_behind(tmp_path: Path) -> None:
    root = project(tmp_path, {**CART, "tsconfig.json": STRICT.replace('"strict"', '"incremental": true, "strict"')})
    before = sorted(path for path in root.rglob("*") if ".git" not in path.parts)
    changes = text_of(root, "src/cart.ts", "'Hello ' + name + '!'", "`Hello ${name}!`")
    said = await verdict("types", trial(root, {**changes, "src/new.ts": "export const rate: number = 20;\n"}))
    assert (said.passed, said.skipped, said.reason) == (True, False, "")
    assert sorted(path for path in root.rglob("*") if ".git" not in path.parts) == before


@compilers.TSC
async def test_type_errors_of_typescript_that_were_there_before_do_not_count(tmp_path: Path) -> None:
    root = project(tmp_path, {**CART, "src/old.ts": "export const wrong: number = 'a';\n"})
    said = await verdict("types", trial(root, text_of(root, "src/cart.ts", "let sum = 0", "let sum: number = 0")))
    assert (said.passed, said.skipped) == (True, False)


@compilers.GO
async def test_go_finds_a_new_type_error_and_its_place(tmp_path: Path) -> None:
    root = project(tmp_path, GO)
    said = await verdict("types", trial(root, text_of(root, "store.go", "return value, nil", "return ok, nil")))
    assert (said.passed, said.hard) == (False, True)
    assert said.reason.startswith("1 new type error: store.go:21: cannot use ok")
    assert [(place.uri, place.line) for place in said.places] == [((root / "store.go").as_uri(), 20)]


@compilers.GO
async def test_go_checks_the_tests_of_the_package_too(tmp_path: Path) -> None:
    root = project(tmp_path, GO)
    said = await verdict("types", trial(root, text_of(root, "store.go", "func New()", "func Open()")))
    assert not said.passed
    assert "store_test.go:6: undefined: New" in said.reason.replace("undeclared name", "undefined")


@compilers.GO
async def test_go_passes_what_is_right_also_in_a_new_package(tmp_path: Path) -> None:
    """The package of another folder is a link in the copy that is checked."""
    root = project(tmp_path, {**GO, "inner/inner.go": "package inner\n\nfunc Size() int { return 8 }\n"})
    new = 'package outer\n\nimport "example.com/store/inner"\n\nfunc Twice() int { return 2 * inner.Size() }\n'
    said = await verdict("types", trial(root, {"outer/outer.go": new}))
    assert (said.passed, said.skipped, said.reason) == (True, False, "")
    said = await verdict("types", trial(root, {"outer/outer.go": new.replace("2 *", '"2" +')}))
    assert "outer.go:5:" in said.reason
    assert not (root / "outer").exists()


@compilers.GO
async def test_a_go_project_that_needs_what_is_not_there_is_not_held_against_the_answer(tmp_path: Path) -> None:
    lacking = GO["store.go"].replace('import "errors"', 'import (\n\t"errors"\n\t_ "example.org/absent"\n)')
    root = project(tmp_path, {**GO, "store.go": lacking})
    changes = text_of(root, "store.go", 'panic("not implemented")', "s.items[key] = value")
    assert (await verdict("types", trial(root, changes))).passed
    assert (root / "go.mod").read_text() == GO["go.mod"]


async def test_a_go_file_outside_of_a_module_is_not_checked(tmp_path: Path) -> None:
    root = project(tmp_path, {"a.go": "package a\n"})
    said = await verdict("types", trial(root, {"a.go": "package a\n\nvar x int = 1\n"}))
    assert (said.skipped, said.reason) == (True, "the project has no go.mod")


@compilers.GO
async def test_a_build_that_breaks_is_told_in_the_compiler_s_words(tmp_path: Path) -> None:
    root = project(tmp_path / "store", GO)
    command = ("go", "build", "./...")
    allowed = Allowed(trusted=(root,), tests=True, unconfined=True, build_command=command)
    right = text_of(root, "store.go", 'panic("not implemented")', "s.items[key] = value")
    assert (await verdict("builds", trial(root, right, allowed))).passed
    wrong = text_of(root, "store.go", 'panic("not implemented")', "s.items[key] = absent")
    said = await verdict("builds", trial(root, wrong, allowed))
    assert not said.passed
    assert "absent" in said.reason


@compilers.GOFMT
async def test_a_command_of_the_user_s_may_hold_answers_to_a_format(tmp_path: Path) -> None:
    root = project(tmp_path / "store", GO)
    command = ("sh", "-c", 'test -z "$(gofmt -l .)" || { gofmt -d . >&2; exit 1; }')
    allowed = Allowed(trusted=(root,), tests=True, unconfined=True, build_command=command)
    right = text_of(root, "store.go", 'panic("not implemented")', "s.items[key] = value")
    assert (await verdict("builds", trial(root, right, allowed))).passed
    wrong = text_of(root, "store.go", '\tpanic("not implemented")', "  s.items[key]=value")
    assert not (await verdict("builds", trial(root, wrong, allowed))).passed
