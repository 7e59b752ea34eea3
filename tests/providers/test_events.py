"""Server-sent events are read the same wherever the network happens to cut them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierwise.providers.wire import events
from tierwise.providers.wire.events import Events, OversizeError

PAYLOAD = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1).map(lambda text: text.encode())
END = st.sampled_from([b"\n", b"\r\n", b"\r"])


def read(stream: bytes, cuts: list[int]) -> list[bytes]:
    """Return the payloads of the stream, cut at these places."""
    reader = Events()
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    found: list[bytes] = []
    for start, end in pairwise(places):
        found += reader.feed(stream[start:end])
    return [*found, *reader.end()]


@given(st.lists(PAYLOAD, max_size=8), END, st.lists(st.integers(0, 10_000), max_size=12))
def test_the_payloads_come_back_whatever_the_line_ends_and_cuts(
    payloads: list[bytes], end: bytes, cuts: list[int]
) -> None:
    stream = b"".join(b"event: x" + end + b"data: " + payload + end + end for payload in payloads)
    assert read(stream, cuts) == payloads


@given(st.binary(max_size=300), st.lists(st.integers(0, 400), max_size=8))
def test_noise_is_read_alike_in_one_piece_and_in_many(noise: bytes, cuts: list[int]) -> None:
    assert read(noise, cuts) == read(noise, [])


@pytest.mark.parametrize(
    ("stream", "payloads"),
    [
        (b"data: a\ndata: b\n\n", [b"a\nb"]),
        (b"data:a\n\n", [b"a"]),
        (b"data:  a\n\n", [b" a"]),
        (b": comment\n\ndata: a\n\n", [b"a"]),
        (b"\xef\xbb\xbfdata: a\n\n", [b"a"]),
        (b"id: 1\nretry: 2\nevent: e\n\n", []),
        (b"data: a\n\n\n\n\ndata: b\n\n", [b"a", b"b"]),
        (b"data: unfinished", [b"unfinished"]),
        (b"data: a\r\n\r\ndata: b\r\n\r\n", [b"a", b"b"]),
        (b"", []),
    ],
)
def test_an_event(stream: bytes, payloads: list[bytes]) -> None:
    assert read(stream, []) == payloads


@pytest.mark.parametrize("cuts", [[1], [2], [1, 2], [3], []])
def test_a_byte_order_mark_is_dropped_however_it_is_cut(cuts: list[int]) -> None:
    assert read(b"\xef\xbb\xbfdata: a\n\n", cuts) == [b"a"]


def test_a_stream_without_end_of_event_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MAX_EVENT", 1000)
    reader = Events()
    assert not [data for _ in range(10) for data in reader.feed(b"x" * 100)]
    with pytest.raises(OversizeError):
        list(reader.feed(b"x"))
