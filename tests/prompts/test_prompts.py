"""Task and model in, prompt out."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from drawing import at_cursor
from tierwise import prompts, tasks
from tierwise.core.model import Model, Price, Skills
from tierwise.core.prompt import Chat, Fim, Limits, Prompt
from tierwise.core.task import Snippet
from tierwise.prompts.budget import BUDGETS, budget, characters
from tierwise.prompts.chat import TemplateError, fill
from tierwise.prompts.window import STEPS
from tierwise.workspace import cursor

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


def fim(drawing: str, neighbours: tuple[Snippet, ...] = ()) -> Fim:
    prompt = prompts.build(at_cursor(drawing, neighbours=neighbours), tasks.load("autocomplete"), FIM, LIMITS)
    assert isinstance(prompt, Fim)
    return prompt


def lines(count: int, first: int = 0) -> str:
    return "".join(f"line_{number} = {number}\n" for number in range(first, first + count))


def test_a_long_document_is_cut_at_whole_lines_within_the_tier_s_budget() -> None:
    prompt = fim(lines(2_000) + "x‸\n" + lines(2_000))
    room = BUDGETS["fast"]
    assert characters(room.before) * 0.8 < len(prompt.prefix) <= characters(room.before)
    assert characters(room.after) * 0.9 < len(prompt.suffix) <= characters(room.after)
    assert prompt.prefix.startswith("line_")
    assert prompt.suffix.endswith("\n")


def test_typing_on_leaves_the_window_s_start_where_it_was() -> None:
    """Over 320 typed lines the start moves ten times, not 320 times: so often a vendor's prompt cache misses."""
    starts = [fim(lines(2_000 + typed) + "x‸\n" + lines(50)).prefix[:20] for typed in range(320)]
    moved = sum(one != two for one, two in pairwise(starts))
    assert moved == 320 // STEPS[0]


def test_typing_on_the_line_only_adds_to_the_prompt() -> None:
    one, two = fim(lines(2_000) + "x‸\n" + lines(2_000)), fim(lines(2_000) + "xy‸\n" + lines(2_000))
    assert (two.prefix, two.suffix) == (one.prefix + "y", one.suffix)


def test_a_line_too_long_to_show_is_cut_in_steps_too() -> None:
    one, two = fim("a" * 100_000 + "‸" + "b" * 100_000), fim("a" * 100_001 + "‸" + "b" * 100_000)
    assert len(one.prefix) <= characters(BUDGETS["fast"].before)
    assert len(two.prefix) == len(one.prefix) + 1
    assert len(one.suffix) == characters(BUDGETS["fast"].after)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_a_model_never_sees_carriage_returns(end: str) -> None:
    prompt = fim((lines(20) + "x‸\n" + lines(20)).replace("\n", end))
    assert (prompt.prefix, prompt.suffix) == (lines(20) + "x", "\n" + lines(20))
    prompt = fim((lines(2_000) + "x‸\n" + lines(2_000)).replace("\n", end))
    assert "\r" not in prompt.prefix + prompt.suffix
    assert prompt.prefix.startswith("line_")


@pytest.mark.parametrize("text", ["שלום עולם", "😀🎉", "é\u0301"])
def test_text_beyond_ascii_is_shown_as_it_is(text: str) -> None:
    prompt = fim(f"a = '{text}'\nb = '{text}‸{text}'\n")
    assert prompt.prefix == f"a = '{text}'\nb = '{text}"
    assert prompt.suffix == f"{text}'\n"


def test_a_small_window_gets_a_smaller_prompt() -> None:
    small = Model(name="small", provider="p", price=None, window=2_048)
    whole, cut = budget("fast", FIM, LIMITS), budget("fast", small, LIMITS)
    assert whole == BUDGETS["fast"]
    assert cut.total < (2_048 - LIMITS.max_tokens) * 0.9
    assert cut.before / cut.after == pytest.approx(whole.before / whole.after, rel=0.01)
    assert budget("fast", Model(name="tiny", provider="p", price=None, window=128), LIMITS).total == 0


def test_a_model_on_the_user_s_own_machine_gets_less_to_read() -> None:
    free = Price(input=0, output=0, cache_read=0, cache_write=0, as_of="2026-11-01")
    assert budget("fast", Model(name="own", provider="p", price=free), LIMITS) == BUDGETS["fast"].scaled(0.5)


def test_a_dearer_tier_is_shown_more() -> None:
    task = at_cursor(lines(2_000) + "x‸\n" + lines(2_000), kind="fix")
    sizes = [
        len(prompt.messages[0].text)
        for tier in ("fast", "mid", "frontier")
        if isinstance(prompt := prompts.build(task, tasks.load("fix"), CHAT, LIMITS, (), tier), Chat)
    ]
    assert sizes == sorted(set(sizes))


def looked(drawing: str, model: Model) -> Prompt:
    """Return the prompt for a task that carries what stands at its cursor."""
    task = at_cursor(drawing)
    assert task.document is not None
    assert task.span is not None
    task = replace(task, facts=cursor.look(task.document, task.span.start).facts)
    return prompts.build(task, tasks.load("autocomplete"), model, Limits(max_tokens=512))


def test_the_answer_s_limit_follows_what_stands_at_the_cursor() -> None:
    line, body = looked("x = ‸\n", FIM), looked("def f():\n    ‸\n", FIM)
    assert line.limits.max_tokens < body.limits.max_tokens
    assert looked("x = ‸\n", CHAT).limits.max_tokens > line.limits.max_tokens


def test_a_model_is_told_to_stop_at_the_line_s_end_only_where_that_is_surely_the_end() -> None:
    assert looked("f(‸, 1)\n", FIM).limits.stop == ("\n",)
    assert looked("x = 'a‸'\n", FIM).limits.stop == ("\n",)
    assert looked("x = ‸\n", FIM).limits.stop == ()
    assert looked("f(‸, 1)\n", CHAT).limits.stop == ()


def test_a_conversation_says_how_much_to_write() -> None:
    texts = []
    for drawing in ("x = ‸\n", "def f():\n    ‸\n", "a = 1\n‸\n", "f(‸ + 1)\n", "# a‸\n", "x = 'a‸'\n"):
        prompt = looked(drawing, CHAT)
        assert isinstance(prompt, Chat)
        texts.append(prompt.messages[0].text.rpartition("</file>")[2])
    assert len({text.strip().partition("\n")[0] for text in texts}) == len(texts)


def test_a_mark_in_the_user_s_own_text_does_not_open_a_second_hole() -> None:
    prompt = prompts.build(at_cursor("a = '<CURSOR>' + ‸\n"), tasks.load("autocomplete"), CHAT, LIMITS)
    assert isinstance(prompt, Chat)
    assert prompt.messages[0].text.count("<CURSOR>") == 2  # the hole, and the line that names it


def test_rejections_are_told_to_the_next_model() -> None:
    task = at_cursor("def f():‸ pass", kind="docstring", facts={"convention": "PEP 257", "indent": ""})
    prompt = prompts.build(task, tasks.load("docstring"), CHAT, LIMITS, ("parses: line 2: invalid syntax",))
    assert isinstance(prompt, Chat)
    assert "- parses: line 2: invalid syntax" in prompt.system + prompt.messages[0].text


def test_the_best_context_is_kept_in_the_order_it_came_in() -> None:
    scores = {"c": 1.0, "a": 3.0, "b": 2.0}
    size = characters(BUDGETS["fast"].context) // 2 - 100
    snippets = tuple(Snippet(path=f"{name}.py", text=name * size, source="test", score=scores[name]) for name in "cab")
    prompt = fim("‸", neighbours=snippets)
    assert [line for line in prompt.context.splitlines() if line.startswith("#")] == ["# a.py", "# b.py"]


def test_what_is_shown_is_told_to_those_who_look_for_more() -> None:
    task, kind = at_cursor(lines(2_000) + "x‸\n" + lines(2_000)), tasks.load("autocomplete")
    span, room = prompts.beside(task, kind)
    prompt = prompts.build(task, kind, FIM, LIMITS)
    assert isinstance(prompt, Fim)
    assert task.document is not None
    assert task.document.text.slice(span) == prompt.prefix + prompt.suffix
    assert room == characters(BUDGETS["fast"].context)


def test_braces_in_code_are_not_taken_for_slots() -> None:
    assert fill("{{code}}", {"code": "{{x}} {y}"}) == "{{x}} {y}"


def test_a_line_with_nothing_but_an_empty_value_disappears() -> None:
    assert fill("a\n{{none}}\nb\n", {"none": ""}) == "a\nb\n"


def test_a_template_that_names_an_unknown_value_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(TemplateError, match="there are: code"):
        fill("{{nope}}", {"code": ""})


@pytest.mark.parametrize("name", tasks.names())
def test_every_kind_s_template_can_be_filled(name: str) -> None:
    """Each names values of every task, and facts and material that whoever asks for the kind must give."""
    kind = tasks.load(name)
    assert kind.name == name
    facts = {fact: f"the {fact}" for fact in re.findall(r"\{\{fact_(\w+)\}\}", kind.template)}
    usual = {"language", "path", "instruction", "before", "selection", "after", "diagnostics", "rejections"}
    slots = {slot for slot in re.findall(r"\{\{(\w+)\}\}", kind.template) if not slot.startswith("fact_")} - usual
    material = {slot: f"the {slot}" for slot in slots}
    prompt = prompts.build(at_cursor("def f(‸): pass", kind=name, facts=facts, material=material), kind, CHAT, LIMITS)
    assert isinstance(prompt, Chat)
    assert all(value in prompt.system + prompt.messages[0].text for value in (facts | material).values())
