"""Whatever a vendor or a model writes: it becomes an answer, or a failure that says what was wrong with it."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

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
from tierwise.providers.wire import Api, Told
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


class _Nowhere:
    """Addresses of no server: nothing is sent."""

    url_anthropic = url_openai = url_gemini = "http://127.0.0.1:9"


ENDPOINTS = {way.name: endpoint_of(way, _Nowhere()) for _, way in INTERFACES}  # type: ignore[arg-type]
