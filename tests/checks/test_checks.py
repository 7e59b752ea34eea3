"""Verdicts on candidates applied to an in-memory copy."""

from drawing import over
from tierwise import checks, edits
from tierwise.core.edit import Candidate
from tierwise.core.outcome import Verdict
from tierwise.core.task import Task
from tierwise.engine.shape import applied, texts


async def verdict(check: str, reply: str, task: Task) -> Verdict:
    candidate = edits.load("span").read(reply, task)
    before = texts(task)
    trial = checks.Trial(task=task, candidate=candidate, before=before, after=applied(candidate.edits, before))
    return await checks.load(check).check(trial)


async def test_code_that_parses_passes() -> None:
    assert (await verdict("parses", "x = 2", over("├x = 1┤\n"))).passed


async def test_new_syntax_errors_are_vetoed_with_their_line() -> None:
    said = await verdict("parses", "x = (", over("a = 0\n├x = 1┤\n"))
    assert not said.passed
    assert said.hard
    assert said.reason.startswith("line 2:")


async def test_a_file_that_was_broken_before_may_stay_broken() -> None:
    assert (await verdict("parses", "y = 2", over("x = (\n├y = 1┤\n"))).passed


async def test_a_fix_of_a_broken_file_must_not_be_broken_itself() -> None:
    assert not (await verdict("parses", "return (((", over("def f():\n    ├retrun 1┤\n"))).passed
    assert (await verdict("parses", "return 1", over("def f():\n    ├retrun 1┤\n"))).passed


async def test_a_language_without_parser_passes_and_says_so() -> None:
    said = await verdict("parses", "y = (", over("├x┤\n", language="cobol"))
    assert said.passed
    assert "no parser" in said.reason


async def test_typescript_is_parsed_too() -> None:
    task = over("├const a = 1;┤\n", language="typescript")
    assert (await verdict("parses", "const a: number = 2;", task)).passed
    assert not (await verdict("parses", "const a: = 2;", task)).passed


async def test_an_answer_that_changes_nothing_is_no_fix() -> None:
    assert not (await verdict("changes_something", "x = 1", over("├x = 1┤\n"))).passed
    assert (await verdict("changes_something", "x = 2", over("├x = 1┤\n"))).passed


async def test_comments_may_come_and_go_but_code_stays() -> None:
    code = "├def f(a):\n    if a:\n        g(a)\n        h(a)  # why┤\n"
    commented = "def f(a):\n    # Only what is there.\n    if a:\n        g(a)\n        h(a)"
    assert (await verdict("same_code", commented, over(code))).passed
    said = await verdict("same_code", commented.replace("h(a)", "h(b)"), over(code))
    assert (said.passed, said.hard, said.reason) == (False, True, "line 5: the code has changed, not only comments")
    assert not (await verdict("same_code", commented.replace("        h(a)", ""), over(code))).passed


async def test_in_python_indentation_is_code() -> None:
    said = await verdict("same_code", "if a:\n    g()\nh()", over("├if a:\n    g()\n    h()┤\n"))
    assert not said.passed


async def test_the_code_of_a_language_without_grammar_is_not_compared() -> None:
    said = await verdict("same_code", "y", over("├x┤\n", language="cobol"))
    assert (said.passed, said.skipped) == (True, True)


async def test_of_a_conflict_only_what_both_sides_define_must_stay() -> None:
    conflict = "<<<<<<< a\ndef f():\n    g()\n=======\ndef f():\n    h()\ndef more():\n    g()\n>>>>>>> b"
    assert (await verdict("complete", "def f():\n    g()", over(f"├{conflict}┤\n"))).passed
    said = await verdict("complete", "def more():\n    g()", over(f"├{conflict}┤\nx = 1\n"))
    assert said.reason == "lost: f"


async def test_white_space_is_no_answer() -> None:
    task = over("├x = 1┤\n")
    for text, passed in (("x", True), ("", False), (" \n\t\n", False)):
        trial = checks.Trial(task=task, candidate=Candidate(text=text), before=texts(task), after=texts(task))
        said = await checks.load("not_empty").check(trial)
        assert (said.passed, said.hard) == (passed, True)
