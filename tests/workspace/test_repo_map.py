"""Which files matter for some words, and what the map shows of them."""

from pathlib import Path

from projects import GO, PYTHON, TYPESCRIPT, write
from tierwise.workspace import repo_map
from tierwise.workspace.ignore import Gate


def order(texts: dict[str, str], words: str, chosen: tuple[str, ...] = ()) -> list[str]:
    return [file.path for file in repo_map.ranked(texts, words, chosen)]


def test_the_file_that_defines_what_is_spoken_of_comes_first() -> None:
    assert order(dict(PYTHON), "the discount is wrong")[0] == "shop/prices.py"
    assert order(dict(TYPESCRIPT), "pay shows too many digits")[0] == "src/till.ts"
    assert order(dict(GO), "Get returns ErrMissing")[0] == "store.go"


def test_who_uses_a_file_that_matters_comes_before_those_that_do_not() -> None:
    texts = dict(PYTHON) | {f"other/{name}.py": f"def {name}():\n    return 1\n" for name in ("one", "two", "six")}
    found = order(texts, "net", ())
    assert found.index("shop/orders.py") < found.index("other/one.py")


def test_a_file_named_by_its_path_or_chosen_comes_first() -> None:
    assert order(dict(PYTHON), "tidy shop/api.py")[0] == "shop/api.py"
    assert order(dict(PYTHON), "tidy it", ("shop/api.py",))[0] == "shop/api.py"


def test_ranks_are_shares_of_one() -> None:
    files = repo_map.ranked(dict(PYTHON), "net")
    assert abs(sum(file.rank for file in files) - 1) < 1e-6


def test_without_files_there_is_no_map() -> None:
    assert repo_map.ranked({}, "anything") == []


def test_the_map_shows_signatures_and_keeps_to_its_limit() -> None:
    files = repo_map.ranked(dict(PYTHON), "net")
    whole = repo_map.drawn(files, 100_000)
    assert "shop/prices.py\n  def net(gross, rate)" in whole
    for limit in (0, 10, 50, 120, 300):
        assert len(repo_map.drawn(files, limit)) <= limit


def test_what_is_ignored_or_secret_is_not_read(tmp_path: Path) -> None:
    write({**PYTHON, "build/made.py": "x = 1\n", "secrets.json": "{}", "a.bin": "x"}, tmp_path)
    texts = repo_map.read(Gate((tmp_path,)), tmp_path)
    assert "shop/prices.py" in texts
    assert not {"build/made.py", "secrets.json", "a.bin"} & texts.keys()
