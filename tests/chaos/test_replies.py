"""Whatever a vendor or a model writes: it becomes an answer, or a failure that says what was wrong with it."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tierwise.edits
from chaos.edge import Wild
from tierwise import edits
from tierwise.core.document import Document
from tierwise.core.edit import Candidate
from tierwise.core.reply import ProviderError
from tierwise.core.task import Task
from tierwise.core.text import Span, Text
from tierwise.engine.shape import applied, texts
from tierwise.findings.answers import Refused, Shown, confirmed_of, suspects_of
from tierwise.findings.finding import Concern
from tierwise.findings.units import units_of
from tierwise.providers.wire import Api, Told
from tierwise.providers.wire.batch import answer_of, lines_of
from tierwise.providers.wire.call import _Listener  # pyright: ignore[reportPrivateUsage] - what hears every stream
from tierwise.providers.wire.chat import ChatCompletions
from tierwise.providers.wire.completions import Completions, MistralFim
from tierwise.providers.wire.messages import Messages
from tierwise.providers.wire.responses import Responses
from vendors import CHAT, MESSAGES, RESPONSES, SUFFIX, Way, exchange_for
from vendors import endpoint as endpoint_of

REPLIES = int(os.environ.get("FUZZ_REPLIES", "20"))
"""Replies tried of each form and of each interface."""

TEXT = "def f(a):\n    return a\n\n\nclass C:\n    x = 1\n"
FORMS = sorted(
    path.stem
    for path in Path(tierwise.edits.__file__).parent.glob("*.py")
    if "FORM = " in path.read_text("utf-8") or "\nFORM: " in path.read_text("utf-8")
)
PARTS = (
    *("<<<<<<< SEARCH\n", "=======\n", ">>>>>>> REPLACE\n", "```python\n", "```\n", "--- a/a.py\n", "+++ b/a.py\n"),
    *(
        "@@ -1,2 +1,2 @@\n",
        "@@\n",
        "-def f(a):\n",
        "+def g(a):\n",
        " \n",
        "a.py\n",
        "../../etc/passwd\n",
        "/dev/null\n",
    ),
    *('{"edits": [', '{"path": "a.py", "old": "x = 1", "new": "x = 2"}', "]}", '{"need": ["b.py"], "changes": []}'),
    *('{"name": "g"}', '{"findings": [{"line": 1}]}', "null", "[" * 400, '{"a":' * 400, "\\u0000", '"""Doc."""\n'),
    *TEXT.splitlines(keepends=True),
)
replies = st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=20)), max_size=14).map("".join)

DELTA = {"index": 0, "delta": {"content": "x", "role": "assistant"}, "finish_reason": None, "text": "x"}
COUNTS = {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 3}}
COUNTS |= {"input_tokens": 9, "output_tokens": 2, "cache_read_input_tokens": 1, "cache_creation_input_tokens": 1}
EVENTS = (
    {"type": "message_start", "message": {"model": "m", "usage": COUNTS}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "x"}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": COUNTS},
    {"type": "message_stop"},
    {"type": "error", "error": {"type": "overloaded_error", "message": "busy"}},
    {"model": "m", "choices": [DELTA], "usage": COUNTS},
    {"model": "m", "choices": [{**DELTA, "finish_reason": "stop"}], "usage": None},
    {"error": {"code": 429, "message": "slow down", "status": "RESOURCE_EXHAUSTED"}},
    {"type": "response.output_text.delta", "delta": "x"},
    {"type": "response.completed", "response": {"model": "m", "status": "completed", "usage": COUNTS}},
    {"type": "response.incomplete", "response": {"incomplete_details": {"reason": "max_output_tokens"}}},
    {"type": "response.failed", "response": {"error": {"code": "server_error", "message": "no"}}},
    {"type": "response.refusal.delta", "delta": "no"},
)
INTERFACES: tuple[tuple[Api, Way], ...] = (
    (Messages(), MESSAGES),
    (ChatCompletions(), CHAT),
    (Responses(), RESPONSES),
    (Completions(), SUFFIX),
    (MistralFim(), SUFFIX),
)

tried: Counter[str] = Counter()
many = settings(max_examples=REPLIES, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(autouse=True, scope="module")
def counted() -> Iterator[None]:
    yield
    print(f"\nreplies tried {tried.total()}: of {len(FORMS)} forms and {len(INTERFACES)} interfaces")


@pytest.mark.parametrize("form", FORMS)
@many
@given(reply=replies)
def test_a_reply_of_any_form_becomes_edits_or_the_reason_why_not(form: str, reply: str) -> None:
    tried[form] += 1
    document = Document(uri="file:///w/a.py", version=1, language="python", text=Text.of(TEXT))
    place = Span.at(1, 4)
    task = Task(id="t", kind="k", feature="f", document=document, span=place, facts={"root": "/w"})
    with suppress(edits.MalformedError):
        candidate = edits.load(form).read(reply, task)
        assert isinstance(candidate, Candidate)
        applied(candidate.edits, texts(task))


@pytest.mark.parametrize(("api", "way"), INTERFACES, ids=lambda value: type(value).__name__)
@many
@given(seed=st.integers(0, 2**32), noise=st.binary(max_size=40))
def test_a_stream_of_any_events_is_heard_or_fails_in_our_words(api: Api, way: Way, seed: int, noise: bytes) -> None:
    wild, told = Wild(seed, []), Told()
    exchange = exchange_for(way)
    listener = _Listener(ENDPOINTS[way.name], api, exchange, told, ("stop",))
    with suppress(ProviderError):
        for _ in range(8):
            event = wild.draw.choice(EVENTS)
            for _ in range(wild.draw.choice((0, 0, 1, 2))):
                event = wild.spoiled(event)
            listener.hear(json.dumps(event).encode())
        listener.hear(noise)
    tried[way.name] += 1
    exchange.usage = told.paid(exchange.text)
    assert exchange.paid().total >= 0


SUSPECT = {"line": 2, "quote": "return a", "concern": "bug", "severity": "error", "title": "Wrong", "why": "It is."}
VERDICT = {**SUSPECT, "suspect": 1, "real": True, "detail": "Because.", "cwe": 89, "tag": "none"}
VERDICT |= {"related": [{"path": "a.py", "quote": "x = 1", "message": "here"}]}


@many
@given(seed=st.integers(0, 2**32), reply=replies)
def test_a_reply_to_a_scan_is_findings_or_nothing(seed: int, reply: str) -> None:
    tried["scan"] += 1
    wild, refused = Wild(seed, []), Counter[Refused]()
    document = Document(uri="file:///w/a.py", version=1, language="python", text=Text.of(TEXT))
    units, concerns = units_of(document), list(Concern)
    whole = suspects_of(json.dumps({"suspects": [SUSPECT]}), units, concerns, refused)
    assert whole
    shown = Shown(units=units, documents={"a.py": document})
    for name, usual in (("suspects", SUSPECT), ("verdicts", VERDICT)):
        said: Any = {name: [usual] * wild.draw.randrange(4)}
        for _ in range(wild.draw.choice((0, 1, 2, 4))):
            said = wild.spoiled(said)
        for text in (json.dumps(said), reply, reply + json.dumps(said)):
            suspects_of(text, units, concerns, refused)
            confirmed_of(text, whole, shown, concerns, refused)


@pytest.mark.parametrize(("api", "way"), INTERFACES, ids=lambda value: type(value).__name__)
@many
@given(seed=st.integers(0, 2**32))
def test_a_batch_s_answer_of_any_shape_is_read_or_a_failure(api: Api, way: Way, seed: int) -> None:
    if not hasattr(api, "whole"):
        pytest.skip("it has no batches")
    tried["batches"] += 1
    wild, endpoint = Wild(seed, []), ENDPOINTS[way.name]
    usage = {**COUNTS, "completion_tokens": 2}
    message = {"role": "assistant", "content": "x"}
    body: Any = {"model": "m", "usage": usage, "content": [{"type": "text", "text": "x"}], "stop_reason": "end_turn"}
    body |= {"choices": [{"message": message, "finish_reason": "stop"}], "status": "completed"}
    body |= {"output": [{"type": "message", "content": [{"type": "output_text", "text": "x"}]}]}
    for _ in range(wild.draw.choice((0, 1, 2, 4))):
        body = wild.spoiled(body)
    (found,) = lines_of(f"{json.dumps(body)}\n", lambda said: answer_of(endpoint, api, "n", said))  # type: ignore[arg-type]
    assert found.failure or found.text is not None
    assert found.usage.total >= 0


class _Nowhere:
    """Addresses of no server: nothing is sent."""

    url_anthropic = url_openai = url_gemini = "http://127.0.0.1:9"


ENDPOINTS = {way.name: endpoint_of(way, _Nowhere()) for _, way in INTERFACES}  # type: ignore[arg-type]
