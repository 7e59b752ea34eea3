"""Framing: whatever the stream holds and however it is cut, messages come out and nothing is raised."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawclient import framed
from tierwise.lsp import wire
from tierwise.lsp.rpc import Code, RpcError, decode
from tierwise.lsp.wire import BODY_LIMIT, HEADER_LIMIT, Fault, Framer, frame

bodies = st.lists(st.binary(max_size=60), max_size=6)


def feed(stream: bytes, cuts: list[int] | None = None) -> list[bytes | Fault]:
    """Feed the stream in pieces of the given lengths, then the rest."""
    framer, out, at = Framer(), list[bytes | Fault](), 0
    for length in cuts or []:
        out += framer.feed(stream[at : at + length])
        at += length
    return [*out, *framer.feed(stream[at:])]


def messages(stream: bytes) -> list[bytes]:
    """Return what is left of a stream without its faults."""
    return [message for message in feed(stream) if isinstance(message, bytes)]


@given(bodies, st.lists(st.integers(0, 20), max_size=30))
def test_messages_come_out_whole_however_the_stream_is_cut(sent: list[bytes], cuts: list[int]) -> None:
    assert feed(b"".join(map(frame, sent)), cuts) == sent


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([b"\r\n\r\n", b"Content-Length: ", b"9", b"{}"]))))
def test_no_bytes_make_it_raise_or_hang(pieces: list[bytes]) -> None:
    framer = Framer()
    for piece in pieces:
        assert all(isinstance(message, (bytes, Fault)) for message in framer.feed(piece))


@given(st.text(alphabet='abc:{}"\r\n é', max_size=80).filter(lambda text: "\r\n\r\n" not in text))
def test_after_garbage_the_next_header_is_found(garbage: str) -> None:
    stream = garbage.encode() + b"\r\n\r\n" + framed(b"found")
    assert messages(stream) == [b"found"]


def test_garbage_is_told_once_and_not_quoted() -> None:
    faults = [
        each for each in feed(b"secret\r\n\r\nsecret\r\n\r\nsecret\r\n\r\n" + framed(b"x")) if isinstance(each, Fault)
    ]
    assert len(faults) == 1
    assert "secret" not in faults[0].reason


def test_garbage_without_end_is_dropped_as_it_comes() -> None:
    framer = Framer()
    for _ in range(200):
        list(framer.feed(b"x" * 10_000))
    assert list(framer.feed(framed(b"found"))) == [b"found"]


def test_many_false_headers_are_searched_through_in_no_time() -> None:
    stream = b"content-length:" * 20_000 + b"\r\n\r\n" + framed(b"found")
    assert messages(stream) == [b"found"]


def test_a_body_cut_short_by_its_header_costs_only_itself() -> None:
    stream = b'Content-Length: 5\r\n\r\n{"long": "body"}' + framed(b"next")
    assert messages(stream) == [b'{"lon', b"next"]


def test_a_length_beyond_its_body_swallows_the_next_message_and_no_more() -> None:
    stream = b"Content-Length: 30\r\n\r\n{}" + framed(b"swallowed, all of it") + framed(b"next")
    assert messages(stream)[-1] == b"next"


def test_a_message_beyond_the_limit_is_skipped_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "BODY_LIMIT", 100)
    faults = feed(framed(b"x" * 101) + framed(b"next"), [50, 50])
    assert isinstance(faults[0], Fault)
    assert faults[1:] == [b"next"]
    assert BODY_LIMIT > 50_000_000


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8",
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2",
        b"content-length:2",
        b"CONTENT-LENGTH: \t 2 ",
    ],
)
def test_headers_are_read_as_http_writes_them(header: bytes) -> None:
    assert feed(header + b"\r\n\r\n{}") == [b"{}"]


@pytest.mark.parametrize(
    "header",
    [b"Content-Length: -2", b"Content-Length: 2.0", b"Content-Length: ", b"Content-Type: json", b"", b"Length 2"],
)
def test_a_header_without_a_whole_length_is_a_fault(header: bytes) -> None:
    assert isinstance(feed(header + b"\r\n\r\n")[0], Fault)


def test_a_web_page_s_request_is_a_fault() -> None:
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
    assert isinstance(feed(request)[0], Fault)


def test_a_header_beyond_the_limit_is_a_fault() -> None:
    assert isinstance(feed(b"X: " + b"y" * HEADER_LIMIT + b"\r\nContent-Length: 2\r\n\r\n{}")[0], Fault)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", Code.PARSE_ERROR),
        (b"{", Code.PARSE_ERROR),
        (b"\xff{}", Code.PARSE_ERROR),
        (b"[" * 200_000, Code.PARSE_ERROR),
        (b"9" * 10_000, Code.PARSE_ERROR),
        (b"[]", Code.INVALID_REQUEST),
        (b"null", Code.INVALID_REQUEST),
        (b'"text"', Code.INVALID_REQUEST),
    ],
)
def test_a_body_that_is_no_message_is_an_error_of_its_kind(body: bytes, code: Code) -> None:
    with pytest.raises(RpcError) as caught:
        decode(body)
    assert caught.value.code == code


@given(
    st.dictionaries(st.text(max_size=4), st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=5))
)
def test_a_body_that_is_json_is_read_as_it_was_meant(message: dict[str, object]) -> None:
    assert decode(json.dumps(message).encode()) == message
