"""Bar charts as static SVG, drawn by pygal and coloured by the page's own style sheet."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib import import_module
from itertools import count
from typing import Any
from xml.etree.ElementTree import Comment, Element, SubElement, tostring

WIDTH = 640
"""Of the drawing in its own units, which are pixels where the page is wide enough."""
BAR, THIN, EDGES = 30, 22, 60
"""Height of a row of a horizontal chart, of one of several that share a row, and of what is above and below them."""
UPRIGHT = 300
"""Height of an upright chart."""
MOST_MARKS = 5
"""Of an axis of counts, beside its zero."""
MOST_LABELS = 8
"""Of an upright chart's columns that are named below it: more would overlap."""
UNWANTED: tuple[object, ...] = (Comment, "defs", "title")
"""Of a drawing: its script and style are in the definitions, its titles say what a position in it is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One colour of a chart: ``values`` by bar, None where there is none."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Bars with a title; ``palette`` names the colours in the style sheet, ``figure`` writes a value.

    ``across`` lays the bars on their side, one row each; ``stacked`` puts the series of a bar one upon the other;
    ``whole`` says that values are counts, so that the axis is marked at whole numbers only.
    """

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    figure: Callable[[float], str]
    palette: str
    across: bool = True
    stacked: bool = True
    whole: bool = False

    def html(self) -> str:
        """Return a figure: the drawing with what each colour means; the numbers belong into a table beside it."""
        keys = "".join(f'<li class="key-{at}">{escape(series.name)}</li>' for at, series in self.used())
        legend = f'<ul class="keys">{keys}</ul>' if len(self.series) > 1 else ""
        return (
            f'<figure class="chart {self.palette}">{tostring(self.drawing(), encoding="unicode")}'
            f"<figcaption>{escape(self.title)}{legend}</figcaption></figure>"
        )

    def used(self) -> list[tuple[int, Series]]:
        """Return the series that have anything to show, with their numbers."""
        return [(at, series) for at, series in enumerate(self.series) if any(series.values)]

    def drawing(self) -> Element:
        """Return the ``svg`` element: shapes and words with classes, without colours."""
        chart = self._chart()
        labels = list(reversed(self.labels)) if self.across else list(self.labels)
        chart.x_labels = labels
        for series in self.series:
            values = reversed(series.values) if self.across else series.values
            chart.add(series.name, list(values))
        if self.whole:
            bars = zip(*(series.values for series in self.series), strict=True)
            chart.y_labels = marks([sum(filter(None, bar)) for bar in bars])
        drawing: Element = chart.render_tree()
        self._clean(drawing)
        return drawing

    def _chart(self) -> Any:
        pygal = _pygal()
        kind = f"{'Horizontal' if self.across else ''}{'Stacked' if self.stacked else ''}Bar"
        rows = len(self.labels) * (BAR if self.stacked else THIN * len(self.series))
        many = not self.across and len(self.labels) > MOST_LABELS
        return getattr(pygal, kind)(
            js=(),
            width=WIDTH,
            height=EDGES + rows if self.across else UPRIGHT,
            margin=8,
            spacing=4,
            show_legend=False,
            value_formatter=self.figure,
            style=import_module("pygal.style").Style(label_font_size=13, major_label_font_size=13),
            x_labels_major_every=-(-len(self.labels) // MOST_LABELS) if many else None,
            show_minor_x_labels=not many,
            min_scale=3,
            max_scale=6,
            truncate_label=-1,
        )

    def _clean(self, drawing: Element) -> None:
        """Leave nothing but shapes and words: no script, no style of its own; what a bar says stands in its title."""
        drawing.attrib = {
            "viewBox": drawing.attrib["viewBox"],
            "role": "img",
            "aria-label": f"{self.title}: a chart of the numbers in the table beside it",
        }
        for parent in list(drawing.iter()):
            for child in list(parent):
                if child.tag in UNWANTED:
                    parent.remove(child)
        for number, name in enumerate(series.name for series in self.series):
            for bars in (group for group in drawing.iter("g") if f"serie-{number}" in group.get("class", "").split()):
                for bar in bars.iter("g"):
                    _tell(bar, name)
        for parent in list(drawing.iter()):
            for note in parent.findall("desc"):
                parent.remove(note)


def marks(counts: Sequence[float]) -> list[int]:
    """Return round whole numbers from 0 up to the greatest count: few enough to be read."""
    most = max(1, round(max(counts, default=1)))
    step = next(step for step in _steps() if most / step <= MOST_MARKS)
    return list(range(0, most + 1, step))


def _steps() -> Iterator[int]:
    for power in count():
        yield from (10**power, 2 * 10**power, 5 * 10**power)


def _pygal() -> Any:
    """Return the library, without the finder of an outdated kind that it leaves behind in Python's import machinery:
    it would warn of every module that is looked for in vain.
    """
    pygal: Any = import_module("pygal")
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    return pygal


def _tell(bar: Element, series: str) -> None:
    """Give a bar a title of what it stands for, which browsers show under the pointer."""
    value, label = bar.find("desc[@class='value']"), bar.find("desc[@class='x_label']")
    if value is not None:
        name = f"{label.text}, " if label is not None else ""
        title = SubElement(bar, "title")
        title.text = f"{name}{series}: {value.text}"
