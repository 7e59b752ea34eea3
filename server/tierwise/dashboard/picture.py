"""The figures and charts as one SVG picture for documents and mails: nothing in it depends on a style sheet."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from tierwise.ledger.overview import Overview

from . import graphs
from .charts import WIDTH, Bars
from .tiles import Tile, moment, period, tiles

MARGIN, TILE, LEGEND, GAP = 32, 64, 22, 26
"""Around everything, the height of a row of figures and of a line of text, and what is between charts."""
IN_A_ROW = 2
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
WORDS, QUIET, LINE, PAGE = "#1f2328", "#57606a", "#d0d7de", "#ffffff"
"""Colours of text, of quieter text, of lines and of the ground: those of the page in a light scheme."""

_BLUE, _TEAL, _AMBER, _PURPLE, _RED, _GREY = "#2f6fd0", "#1b8a7a", "#b7791f", "#8250c8", "#c9413b", "#768390"
_PALE_BLUE, _PALE_TEAL = "#a1beea", "#98cac3"
COLOURS: Mapping[str, tuple[str, ...]] = {
    "money": (_BLUE, _PALE_TEAL),
    "tiers": (_TEAL, _BLUE, _AMBER, _PURPLE, _GREY, _RED),
    "waits": (_BLUE, _PALE_BLUE),
    "waste": (_GREY, _RED, _AMBER),
    "ends": (_TEAL, _AMBER, _GREY),
    "vetoes": (_AMBER,),
}
"""Colours of the series by palette, as ``style.css`` has them for light pages."""


def picture(overview: Overview) -> str:
    """Return a complete SVG document; where nothing is recorded it says so."""
    drawing = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "font-family": FONT})
    ground = SubElement(drawing, "rect", {"width": "100%", "height": "100%", "fill": PAGE})
    ground.tail = "\n"
    title = f"Tierwise: {period(overview)}"
    SubElement(drawing, "title").text = title
    _text(drawing, MARGIN, MARGIN + 16, title, size=22, weight=600)
    _text(drawing, MARGIN, MARGIN + 38, f"up to {moment(overview.now)}", fill=QUIET)
    y = MARGIN + 62
    if overview.report.total.requests:
        y = _figures(drawing, y, tiles(overview))
        for chart in _charts(overview):
            y = _chart(drawing, y + GAP, chart)
    else:
        _text(drawing, MARGIN, y + LEGEND, "Nothing was asked in this time.")
        y += LEGEND
    width, height = WIDTH + 2 * MARGIN, y + MARGIN
    drawing.attrib |= {"width": f"{width}", "height": f"{height:g}", "viewBox": f"0 0 {width} {height:g}"}
    return f"{tostring(drawing, encoding='unicode')}\n"


def _charts(overview: Overview) -> Iterator[Bars]:
    kinds = (graphs.money, graphs.shares, graphs.waits, graphs.waste, graphs.climbs, graphs.vetoes)
    for kind in kinds:
        chart = kind(overview)
        if chart is not None:
            yield chart


def _figures(drawing: Element, y: float, shown: tuple[Tile, ...]) -> float:
    wide = WIDTH / IN_A_ROW
    for number, tile in enumerate(shown):
        row, column = divmod(number, IN_A_ROW)
        left, top = MARGIN + column * wide, y + row * TILE
        _text(drawing, left, top + 12, tile.name, fill=QUIET)
        _text(drawing, left, top + 34, tile.figure, size=20, weight=600)
        _text(drawing, left, top + 50, tile.note, fill=QUIET, size=11)
    return y + -(-len(shown) // IN_A_ROW) * TILE


def _chart(drawing: Element, y: float, chart: Bars) -> float:
    """Draw a chart with its title and what its colours mean; return where it ends."""
    colours = COLOURS[chart.palette]
    _text(drawing, MARGIN, y + 14, chart.title, size=15, weight=600)
    y += LEGEND
    if len(chart.series) > 1:
        y = _legend(drawing, y, chart, colours)
    inner = chart.drawing()
    _, _, width, height = inner.attrib["viewBox"].split()
    inner.attrib |= {"x": f"{MARGIN}", "y": f"{y:g}", "width": width, "height": height, "overflow": "visible"}
    _colour(inner, colours)
    drawing.append(inner)
    return y + float(height)


def _legend(drawing: Element, y: float, chart: Bars, colours: tuple[str, ...]) -> float:
    """Write the names of the series, in as many lines as they need by the width of common letters."""
    left = float(MARGIN)
    for at, series in chart.used():
        needed = 24 + 7.5 * len(series.name)
        if left > MARGIN and left + needed > MARGIN + WIDTH:
            left, y = float(MARGIN), y + LEGEND
        square = {"x": f"{left:g}", "y": f"{y + 3:g}", "width": "11", "height": "11", "rx": "2"}
        SubElement(drawing, "rect", {**square, "fill": colours[at % len(colours)]})
        _text(drawing, left + 16, y + 13, series.name, fill=QUIET)
        left += needed
    return y + LEGEND


def _colour(chart: Element, colours: tuple[str, ...]) -> None:
    """Say in each element what the page's style sheet says by class."""
    for group in list(chart.iter("g")):
        names = group.get("class", "").split()
        if "tooltip-overlay" in names:
            group.clear()
        for at, colour in enumerate(colours):
            if f"serie-{at}" in names:
                for bar in group.iter("rect"):
                    bar.set("fill", colour)
        if "axis" in names:
            for text in group.iter("text"):
                text.attrib |= {"fill": WORDS, "font-size": "13", "text-anchor": "end" if "y" in names else "middle"}
            for line in group.iter("path"):
                line.attrib |= {"stroke": LINE, "fill": "none"}
    for shape in chart.iter("rect"):
        if shape.get("class") == "background":
            shape.set("fill", "none")


def _text(
    drawing: Element, x: float, y: float, words: str, *, fill: str = WORDS, size: int = 13, weight: int = 400
) -> None:
    place = {"x": f"{x:g}", "y": f"{y:g}", "fill": fill, "font-size": f"{size}", "font-weight": f"{weight}"}
    SubElement(drawing, "text", place).text = words
