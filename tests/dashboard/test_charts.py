"""What a drawing says without colours: its axis, its bars, its names."""

from xml.etree.ElementTree import fromstring

import pytest

from tierwise.dashboard.charts import Bars, Series, marks


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], [0, 1]),
        ([0], [0, 1]),
        ([1], [0, 1]),
        ([3, 2], [0, 1, 2, 3]),
        ([7], [0, 2, 4, 6]),
        ([26], [0, 10, 20]),
        ([524], [0, 200, 400]),
    ],
)
def test_counts_are_marked_at_few_round_whole_numbers(counts, expected):
    assert marks(counts) == expected


@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("stacked", [True, False])
def test_every_bar_says_what_it_stands_for(across, stacked):
    series = [Series(name="first", values=[3, 1]), Series(name="then", values=[None, 2])]
    figure = Bars(
        title="Ends <by kind>",
        labels=["fix & go", "name"],
        series=series,
        figure=lambda number: f"{number:.0f} times",
        palette="ends",
        across=across,
        stacked=stacked,
        whole=True,
    ).html()
    drawing = fromstring(figure)
    told = {title.text for title in drawing.iter() if title.tag.endswith("title")}
    assert told >= {"fix & go, first: 3 times", "name, first: 1 times", "name, then: 2 times"}
    assert [item.text for item in drawing.iter("li")] == ["first", "then"]
    assert not [each for each in drawing.iter() if each.tag.rpartition("}")[2] in {"script", "style", "defs", "desc"}]
