"""The local tier: right when it speaks, silent when it is not sure, never from text that is gone."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierwise.core.document import Document
from tierwise.core.exchange import Exchange
from tierwise.core.model import Model, Price
from tierwise.core.prompt import Chat, Fim, Limits
from tierwise.core.reply import FailureKind, ProviderError, Usage
from tierwise.core.text import Position, Text
from tierwise.providers import Endpoint, load
from tierwise.providers.local.calibration import Calibration, bundled
from tierwise.providers.local.features import NAMES
from tierwise.providers.local.forest import Forest, Trees
from tierwise.providers.local.predictor import Prediction, Predictor
from tierwise.workspace.corpus import Corpus
from tierwise.workspace.index import Index, sort_texts

FREE = Price(input=0, output=0, cache_read=0, cache_write=0, as_of="2026-11-01")
MODEL = Model(name="workspace", provider="local", price=FREE)

HANDLERS = "".join(
    f"""
def handle_{name}(request, session):
    customer = load_customer(request.customer_id, session)
    if customer is None:
        raise CustomerNotFoundError(request.customer_id)
    return render_{name}(customer)

"""
    for name in ("open", "close", "renew", "export", "archive", "delete")
)


def drawn(text: str, precision: float = 0.9, workspace: dict[str, str] | None = None) -> Prediction | None:
    """Predict at ``│``, in a file beside those of the workspace."""
    before, after = text.split("│")
    files = {"/w/handlers.py": HANDLERS} if workspace is None else workspace
    predictor = Predictor(Corpus(Index(sort_texts(list(files), files.values()))))
    return predictor.predict(document(before + after), end_of(before), precision)


def document(text: str) -> Document:
    return Document(uri="file:///w/open.py", version=1, language="python", text=Text.of(text))


def end_of(text: str) -> Position:
    return Text.of(text).end


@pytest.mark.parametrize(
    ("text", "served"),
    [
        ("def handle_pause(request, session):\n    customer = │\n", "load_customer(request.customer_id, session)"),
        ("def handle_pause(request, session):\n    customer = load_│\n", "customer(request.customer_id, session)"),
        ("def f(request, session):\n    customer = load_customer(request.customer_id, │\n", "session)"),
        ("    if customer is None:\n        raise Cust│\n", "omerNotFoundError(request.customer_id)"),
    ],
    ids=["a whole line", "the rest of a word and its line", "the rest of a call", "known words"],
)
def test_what_the_workspace_says_again_and_again_is_served(text: str, served: str) -> None:
    prediction = drawn(text, 0.7)
    assert prediction is not None
    assert served.startswith(prediction.text)
    assert len(prediction.text) >= len(served) // 2
    assert 0 < prediction.confidence <= 1


@pytest.mark.parametrize(
    "text",
    ["│", "\n\n│\n", "zebra = │", "# │", "qqqq │ wwww", "customer = load_cust│omer(request)", "\x00\ud800│"],
    ids=["empty", "blank", "never seen", "comment", "between strangers", "inside a word", "no text at all"],
)
def test_where_nothing_is_sure_nothing_is_served(text: str) -> None:
    assert drawn(text) is None


def test_a_higher_precision_never_serves_more() -> None:
    text = "def handle_pause(request, session):\n    customer = load_customer(│\n"
    served = [drawn(text, precision) for precision in (0.7, 0.8, 0.9, 0.95, 0.98, 0.999, 1.0)]
    lengths = [len(prediction.text) if prediction else 0 for prediction in served]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > 0
    assert lengths[-1] == 0


def test_the_open_file_alone_is_enough() -> None:
    """Without any workspace the file's own text predicts."""
    text = HANDLERS + "\ndef handle_pause(request, session):\n    customer = load_customer(│\n"
    prediction = drawn(text, 0.7, workspace={})
    assert prediction
    assert "request.customer_id, session)".startswith(prediction.text)


def test_what_stands_behind_the_cursor_is_not_said_again() -> None:
    """Editors close brackets by themselves; the prediction ends before them."""
    prediction = drawn("def handle_pause(request, session):\n    customer = load_customer(│)\n", 0.7)
    assert prediction
    assert prediction.text == "request.customer_id, session"
    assert not prediction.whole_line


def test_a_files_own_saved_text_is_left_out() -> None:
    """The line under the cursor is in the index as saved; what the user deleted must not come back from there."""
    saved = "unique_name = strange_call(with_some, odd_arguments)\n"
    assert drawn("unique_name = │", 0.7, workspace={"/w/open.py": saved}) is None


def test_text_that_is_gone_from_disk_is_not_served() -> None:
    predictor = Predictor(Corpus(Index(sort_texts(["/w/handlers.py"], [HANDLERS]))))
    text = "def handle_pause(request, session):\n    customer = load_"
    assert predictor.predict(document(text), end_of(text), 0.7)
    predictor.corpus.change("/w/handlers.py", None)
    assert predictor.predict(document(text), end_of(text), 0.7) is None


def test_a_file_changed_on_disk_speaks_at_once_as_it_is_now() -> None:
    predictor = Predictor(Corpus(Index(sort_texts(["/w/handlers.py"], [HANDLERS]))))
    predictor.corpus.change("/w/handlers.py", HANDLERS.replace("load_customer", "fetch_client"))
    text = "def handle_pause(request, session):\n    customer = "
    prediction = predictor.predict(document(text), end_of(text), 0.7)
    assert prediction
    assert prediction.text.startswith("fetch_client(")


def test_another_open_file_speaks_before_it_is_saved() -> None:
    predictor = Predictor(Corpus())
    other = Document(uri="file:///w/other.py", version=1, language="python", text=Text.of(HANDLERS))
    predictor.predict(other, Position(0, 0))
    text = "def handle_pause(request, session):\n    customer = load_"
    assert predictor.predict(document(text), end_of(text), 0.7)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind_predict_alike(ends: str) -> None:
    text = "def handle_pause(request, session):\n    customer = load_│\n".replace("\n", ends)
    prediction = drawn(text, 0.7, workspace={"/w/handlers.py": HANDLERS.replace("\n", ends)})
    assert prediction
    assert not set(prediction.text) & set("\r\n")


def test_emoji_and_right_to_left_text_before_the_cursor_shift_nothing() -> None:
    prediction = drawn("def handle_😀(request, session):  # שלום\n    customer = load_│\n", 0.7)
    assert prediction
    assert prediction.text.startswith("customer(")


def test_words_for_a_list_of_completions_come_likeliest_first() -> None:
    predictor = Predictor(Corpus(Index(sort_texts(["/w/handlers.py"], [HANDLERS]))))
    text = "def handle_pause(request, session):\n    customer = load_"
    words = predictor.words(document(text), end_of(text))
    assert words[0].text == "load_customer"
    assert words[0].begun == "load_"
    text = "def handle_pause(request, session):\n    return render_"
    words = predictor.words(document(text), end_of(text), most=4)
    assert all(word.text.startswith("render_") for word in words)
    assert len(words) == 4
    shares = [word.confidence for word in words]
    assert shares == sorted(shares, reverse=True)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*HANDLERS.split(" "), "\n", "\r\n", "😀", "\0", "\ud800", "  ", "\t", "é("]), max_size=40
    ),
    st.integers(0, 400),
    st.sampled_from([0.5, 0.9]),
)
def test_any_text_and_place_gives_one_line_or_silence(pieces: list[str], offset: int, precision: float) -> None:
    text = Text.of(" ".join(pieces))
    predictor = Predictor(Corpus(Index(sort_texts(["/w/handlers.py"], [HANDLERS]))))
    prediction = predictor.predict(document(str(text)), text.position(offset), precision)
    if prediction:
        assert not set(prediction.text) & set("\r\n")
        assert prediction.text.strip()
        assert 0 < prediction.confidence <= 1


def exchange(prompt: Fim | Chat) -> Exchange:
    return Exchange(model=MODEL, prompt=prompt)


async def test_as_a_provider_it_answers_at_no_cost() -> None:
    provider = load(Endpoint(name="local", type="local"))
    await provider.warm()
    text = HANDLERS + "\ndef handle_pause(request, session):\n    customer = load_customer("
    asked = exchange(Fim(prefix=text, suffix="\n", language="python", path="/w/a.py", limits=Limits(max_tokens=64)))
    await provider.ask(asked)
    await provider.close()
    assert asked.text.startswith("request.customer_id")
    assert asked.paid() == Usage()
    assert FREE.of(asked.paid()) == 0
    assert asked.reply().resolved == "workspace"


async def test_unsure_it_is_silent_and_says_so() -> None:
    asked = exchange(Fim(prefix="zebra = ", suffix="", language="python", path="a.py", limits=Limits(max_tokens=64)))
    with pytest.raises(ProviderError) as caught:
        await load(Endpoint(name="local", type="local")).ask(asked)
    assert caught.value.failure.kind is FailureKind.SILENT
    assert asked.text == ""
    assert asked.paid() == Usage()


async def test_it_declines_what_is_no_completion_and_says_so() -> None:
    asked = exchange(Chat(system="", messages=(), limits=Limits(max_tokens=64)))
    with pytest.raises(ProviderError) as caught:
        await load(Endpoint(name="local", type="local")).ask(asked)
    assert caught.value.failure.kind is FailureKind.DECLINED
    assert "another tier" in caught.value.failure.message


def test_a_forest_sums_the_leaves_its_answers_point_to() -> None:
    trees = Trees(start=0.0, features=[[0, 1]], cuts=[[0.5, 2.0]], leaves=[[0.0, 1.0, 2.0, 3.0]])
    scores = Forest(trees).score([[0, 0], [1, 0], [0, 3], [1, 3]])
    assert scores.tolist() == pytest.approx([1 / (1 + 2.718281828**-leaf) for leaf in (0, 1, 2, 3)], rel=1e-5)


def test_the_floor_rises_with_the_precision_and_never_serves_at_one() -> None:
    calibration = bundled()
    for situation in calibration.floors:
        floors = [calibration.floor(precision / 100, situation) for precision in range(60, 101)]
        assert all(low <= high for low, high in pairwise(floors))
        assert floors[-1] == 1.0
    between = Calibration(forest=calibration.forest, floors={"here": [(0.8, 0.5), (0.9, 0.7)]})
    assert between.floor(0.85, "here") == pytest.approx(0.6)
    assert between.floor(0.85, "elsewhere") == 1.0


def test_the_bundled_trees_ask_only_for_numbers_that_are_given() -> None:
    """The calibration was fitted with the features as they are now, in their order."""
    import json
    from importlib.resources import files

    kept = json.loads(files("tierwise.providers.local").joinpath("calibration.json").read_text("utf-8"))
    assert kept["features"] == list(NAMES)
    assert max(max(asked) for asked in kept["trees"]["features"]) < len(NAMES)
    assert not set(kept["trees_from"]) & set(kept["floors_from"])
