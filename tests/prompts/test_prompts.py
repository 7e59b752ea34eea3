"""Task and model in, prompt out."""

import pytest

from drawing import at_cursor
from tierwise import prompts, tasks
from tierwise.core.model import Model, Skills
from tierwise.core.prompt import Chat, Fim, Limits
from tierwise.core.task import Snippet
from tierwise.prompts.chat import TemplateError, fill
from tierwise.prompts.window import AFTER, BEFORE

LIMITS = Limits(max_tokens=100)
CHAT = Model(name="chat", provider="p", price=None)
FIM = Model(name="fim", provider="p", price=None, skills=Skills(fim="qwen"))


def test_a_model_that_fills_holes_gets_prefix_and_suffix() -> None:
    prompt = prompts.build(at_cursor("a = ‸\nb = 2\n"), tasks.load("autocomplete"), FIM, LIMITS)
    assert isinstance(prompt, Fim)
    assert (prompt.prefix, prompt.suffix, prompt.language) == ("a = ", "\nb = 2\n", "python")


def test_another_model_gets_the_hole_in_a_conversation() -> None:
    prompt = prompts.build(at_cursor("a = ‸\nb = 2\n"), tasks.load("autocomplete"), CHAT, LIMITS)
    assert isinstance(prompt, Chat)
    assert "a = <CURSOR>\nb = 2" in prompt.messages[0].text


def test_the_system_prompt_is_the_same_for_every_place() -> None:
    kind = tasks.load("autocomplete")
    one, two = (prompts.build(at_cursor(text), kind, CHAT, LIMITS) for text in ("a‸", "b‸"))
    assert isinstance(one, Chat)
    assert isinstance(two, Chat)
    assert one.system == two.system


def test_a_long_document_is_cut_at_whole_lines_so_that_typing_on_keeps_the_start() -> None:
    long = "".join(f"line_{number} = {number}\n" for number in range(2_000))
    kind = tasks.load("autocomplete")
    one = prompts.build(at_cursor(long + "x‸\n" + long), kind, FIM, LIMITS)
    two = prompts.build(at_cursor(long + "xy‸\n" + long), kind, FIM, LIMITS)
    assert isinstance(one, Fim)
    assert isinstance(two, Fim)
    assert len(one.prefix) <= BEFORE
    assert len(one.suffix) <= AFTER
    assert one.prefix.startswith("line_")
    assert one.suffix.endswith("\n")
    assert two.prefix == one.prefix + "y"


def test_rejections_are_told_to_the_next_model() -> None:
    task = at_cursor("def f():‸ pass", kind="docstring", facts={"convention": "PEP 257", "indent": ""})
    prompt = prompts.build(task, tasks.load("docstring"), CHAT, LIMITS, ("parses: line 2: invalid syntax",))
    assert isinstance(prompt, Chat)
    assert "- parses: line 2: invalid syntax" in prompt.system + prompt.messages[0].text


def test_context_is_ordered_by_path_and_kept_within_its_budget() -> None:
    snippets = tuple(Snippet(path=f"{name}.py", text=name * 3_000, source="test", score=1) for name in "cab")
    prompt = prompts.build(at_cursor("‸", neighbours=snippets), tasks.load("autocomplete"), FIM, LIMITS)
    assert isinstance(prompt, Fim)
    assert [line for line in prompt.context.splitlines() if line.startswith("#")] == ["# a.py", "# b.py"]


def test_braces_in_code_are_not_taken_for_slots() -> None:
    assert fill("{{code}}", {"code": "{{x}} {y}"}) == "{{x}} {y}"


def test_a_line_with_nothing_but_an_empty_value_disappears() -> None:
    assert fill("a\n{{none}}\nb\n", {"none": ""}) == "a\nb\n"


def test_a_template_that_names_an_unknown_value_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(TemplateError, match="there are: code"):
        fill("{{nope}}", {"code": ""})


@pytest.mark.parametrize("name", tasks.names())
def test_every_kind_s_template_can_be_filled(name: str) -> None:
    facts = {"convention": "PEP 257", "indent": ""}
    kind = tasks.load(name)
    assert kind.name == name
    assert isinstance(prompts.build(at_cursor("def f(‸): pass", kind=name, facts=facts), kind, CHAT, LIMITS), Chat)
