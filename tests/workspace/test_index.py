"""Contexts, sorted and found, against counting by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierwise.workspace.contexts import DEPTH, sort_contexts
from tierwise.workspace.index import Index, sort_texts
from tierwise.workspace.tokens import FILE

WORDS = st.sampled_from(["a", "b", "c", "(", ")", "\n", "\n  "])
code = st.lists(WORDS, max_size=60).map(" ".join)


@given(st.lists(st.integers(8, 11), min_size=1, max_size=200))
def test_places_are_sorted_by_the_words_before_them(words: list[int]) -> None:
    row = np.array([FILE, *words], np.int32)
    order = sort_contexts(row)
    assert sorted(order.tolist()) == list(range(len(row)))
    contexts = [tuple(row[max(0, place - DEPTH + 1) : place + 1][::-1].tolist()) for place in order]
    assert contexts == sorted(contexts)


def test_a_row_of_one_word_is_sorted_in_bounded_time() -> None:
    """Every context equals every other: the passes stop at the depth that is looked at."""
    order = sort_contexts(np.full(300_000, 9, np.int32))
    assert len(order) == 300_000


def test_a_long_row_is_sorted_piece_by_piece_as_if_it_were_whole() -> None:
    """Two words only, and a stretch that repeats: groups of equals smaller and larger than a piece."""
    chance = np.random.default_rng(7)
    row = np.concatenate((chance.integers(8, 10, 300_000), np.full(200_000, 9))).astype(np.int32)
    row[0] = FILE
    order = sort_contexts(row)
    assert (np.bincount(order, minlength=len(row)) == 1).all()
    for slot in chance.integers(0, len(row) - 1, 3_000).tolist():
        one, other = (row[max(0, place - DEPTH + 1) : place + 1][::-1].tolist() for place in order[slot : slot + 2])
        assert one <= other


@settings(max_examples=50)
@given(st.lists(code, min_size=1, max_size=4), st.integers(0, 200))
def test_every_length_of_a_context_is_found_exactly_where_it_stands(texts: list[str], at: int) -> None:
    index = Index(sort_texts([str(number) for number in range(len(texts))], texts))
    words = (index.tokens >> 1).tolist()
    at %= len(words)
    start = max(place for place in range(at + 1) if words[place] == FILE)
    context = words[start : at + 1]
    ranges = index.find(context)
    assert ranges
    for length, (low, high) in enumerate(ranges, 1):
        wanted = context[-length:]
        expected = [end for end in range(len(words)) if words[max(0, end - length + 1) : end + 1] == wanted]
        assert sorted(index.order[low:high].tolist()) == expected
    assert len(ranges) == min(len(context), DEPTH)


def test_a_masked_file_says_nothing_and_a_lent_out_one_speaks_again() -> None:
    index = Index(sort_texts(["one", "two"], ["alpha beta", "alpha gamma"]))
    with index.without("one"):
        assert not index.alive[:3].any()
    assert index.alive[:3].all()
    index.mask("two")
    with index.without("two"):
        pass
    assert not index.alive[3:6].any()


def test_an_unknown_word_matches_nothing() -> None:
    index = Index(sort_texts(["one"], ["alpha beta"]))
    assert index.find([index.vocabulary.add("new")]) == []
    assert index.find([]) == []


@pytest.mark.parametrize("texts", [[], [""], ["\n"]])
def test_a_workspace_without_words_is_an_index_like_any_other(texts: list[str]) -> None:
    index = Index(sort_texts([str(number) for number in range(len(texts))], texts))
    assert index.find([9]) == []
