"""What was paid for is served again, once per text, and only where the same made it."""

from dataclasses import replace

from drawing import at_cursor
from tierwise.core.document import Document
from tierwise.core.edit import TextEdit
from tierwise.core.text import Position, Span
from tierwise.features.suggestions.answer import Answer
from tierwise.features.suggestions.memory import DOCUMENTS, PER_DOCUMENT, Memory


def place_in(drawing: str) -> tuple[Document, Position]:
    task = at_cursor(drawing)
    assert task.document
    assert task.span
    return task.document, task.span.start


def made(drawing: str, text: str, made_by: str = "one") -> Answer:
    document, place = place_in(drawing)
    edit = TextEdit(uri=document.uri, version=1, span=Span(place, place), new_text=text)
    return Answer.of(document, edit, task_id=text, model="p/m", made_by=made_by)


def test_the_newest_comes_first_and_each_text_once() -> None:
    memory = Memory()
    for text in ("print(1)", "print(2)", "print(1)", "exit()"):
        memory.keep(made("‸\n", text))
    assert [rest.text for rest in memory.find(*place_in("p‸\n"), "one")] == ["rint(1)", "rint(2)"]


def test_of_two_answers_with_the_same_rest_the_newer_one_is_served() -> None:
    memory = Memory()
    memory.keep(replace(made("‸\n", "print(1)"), task_id="older"))
    memory.keep(replace(made("‸\n", "print(1)"), task_id="newer"))
    assert [rest.answer.task_id for rest in memory.find(*place_in("p‸\n"), "one")] == ["newer"]


def test_an_answer_that_others_made_is_not_served() -> None:
    memory = Memory()
    memory.keep(made("‸\n", "print(1)", made_by="older settings"))
    assert memory.find(*place_in("‸\n"), "one") == []


def test_nothing_is_left_of_an_answer_typed_to_its_last_visible_character() -> None:
    memory = Memory()
    memory.keep(made("‸\n", "a\n"))
    assert memory.find(*place_in("a‸\n"), "one") == []


def test_a_model_that_had_nothing_to_say_is_not_asked_again_at_the_same_place() -> None:
    memory = Memory()
    memory.keep(made("x‸\n", ""))
    assert memory.is_empty_at(*place_in("x‸\n"), "one")
    assert not memory.is_empty_at(*place_in("x ‸\n"), "one")
    assert not memory.is_empty_at(*place_in("x‸\n"), "other")


def test_what_it_holds_is_bounded() -> None:
    memory = Memory()
    for number in range(PER_DOCUMENT + 1):
        memory.keep(made("‸\n", f"a{number}"))
    document, place = place_in("‸\n")
    assert len(memory.find(document, place, "one")) == PER_DOCUMENT
    for number in range(DOCUMENTS):
        edit = TextEdit(uri=f"u{number}", version=1, span=Span(place, place), new_text="b")
        other = Document(uri=f"u{number}", version=1, language="python", text=document.text)
        memory.keep(Answer.of(other, edit, task_id="b", model="p/m", made_by="one"))
    assert memory.find(document, place, "one") == []
