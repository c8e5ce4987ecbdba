"""Native charts of PowerPoint: editable numbers, with the intervals as error bars."""

import math

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from sim.decks.content import reach
from sim.embed import mark

# Colours of the deck's theme, and a marker each, so that either alone tells the series.
SERIES = (
    (MSO_THEME_COLOR.ACCENT_1, XL_MARKER_STYLE.CIRCLE),
    (MSO_THEME_COLOR.ACCENT_2, XL_MARKER_STYLE.SQUARE),
    (MSO_THEME_COLOR.ACCENT_3, XL_MARKER_STYLE.DIAMOND),
)
INK, PALE = "222222", "D9D9D9"
STEPS = 6  # marks on the axis of values, about
KINDS = {
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "lines": XL_CHART_TYPE.XY_SCATTER_LINES,
}


def add(shapes, chart, box, size):
    """Put a Chart on a slide; returns its shape and the marks of its numbers.

    box : left, top, width, height [EMU]
    size : of its letters [pt]
    """
    shape = shapes.add_chart(KINDS[chart.kind], *box, _data(chart))
    shape.name = "Chart"
    native = shape.chart
    native.font.size = Pt(size)
    _title(native, chart.title, size)
    _legend(native, chart)
    _axes(native, chart, size)
    plot = native.plots[0]
    for place, (series, drawn) in enumerate(zip(chart.series, plot.series, strict=True)):
        _dress(drawn, chart, place)
        _error_bars(drawn, _ordered(chart, series))
    if chart.kind != "lines":
        plot.gap_width = 80
    return shape, _marks(chart)


def _ordered(chart, series):
    """Claims in the order they are drawn: bars are drawn from below."""
    return series.claims[::-1] if chart.kind == "bars" else series.claims


def _data(chart):
    form = _form(chart)
    if chart.kind == "lines":
        data = XyChartData(number_format=form)
        for series in chart.series:
            points = data.add_series(series.name)
            for x, claim in zip(chart.places, series.claims, strict=True):
                points.add_data_point(x, claim.value)
        return data
    data = CategoryChartData(number_format=form)
    data.categories = chart.places[::-1] if chart.kind == "bars" else chart.places
    for series in chart.series:
        data.add_series(series.name, [claim.value for claim in _ordered(chart, series)])
    return data


def _form(chart):
    """How numbers are written."""
    if chart.percent:
        return "0%"
    largest = max(abs(end) for c in chart.claims for end in (c.value, c.low, c.high))
    return "#,##0.0#" if largest < 10 else "#,##0"


def _marks(chart):
    """A mark for each number drawn: value, and both ends of the error bar."""
    return [
        mark(claim, form, (s, p))
        for s, series in enumerate(chart.series)
        for p, claim in enumerate(_ordered(chart, series))
        for form in ("value", "low", "high")
    ]


def _title(native, text, size):
    native.has_title = True
    frame = native.chart_title.text_frame
    frame.text = text
    frame.paragraphs[0].runs[0].font.size = Pt(size + 1)
    frame.paragraphs[0].runs[0].font.bold = True
    native.chart_title.include_in_layout = False


def _legend(native, chart):
    native.has_legend = len(chart.series) > 1
    if native.has_legend:
        native.legend.position = XL_LEGEND_POSITION.BOTTOM
        native.legend.include_in_layout = False


def _axes(native, chart, size):
    values, across = native.value_axis, native.category_axis
    _axis_title(values, chart.axis, size)
    if chart.across:
        _axis_title(across, chart.across, size)
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = RGBColor.from_string(PALE)
    values.tick_labels.number_format = _form(chart)
    values.tick_labels.number_format_is_linked = False
    across.has_major_gridlines = False
    across.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # beside the plot, below zero too
    values.minimum_scale, values.maximum_scale = ends(chart)
    values.major_unit = _step((values.maximum_scale - values.minimum_scale) / STEPS)
    if chart.kind == "lines":
        across.minimum_scale, across.maximum_scale = 0, chart.places[-1]
        across.tick_labels.number_format = "0"
        across.tick_labels.number_format_is_linked = False


def ends(chart):
    """Round ends of the axis of values, with zero and every interval between them."""
    low = min(0.0, *(min(claim.low, claim.value) for claim in chart.claims))
    high = max(0.0, *(max(claim.high, claim.value) for claim in chart.claims))
    step = _step((high - low) / STEPS)
    return math.floor(low / step) * step, math.ceil(high / step) * step


def _step(least):
    """The first of 1, 2, 2.5, 5 and 10 times a power of ten that is no less."""
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= least * (1 - 1e-9))


def _axis_title(axis, text, size):
    axis.has_title = True
    axis.axis_title.text_frame.text = text
    axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
    axis.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False


def _dress(drawn, chart, place):
    """Colours of a series."""
    colour, marker = SERIES[place % len(SERIES)]
    if chart.kind != "lines":
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.theme_color = colour
        drawn.invert_if_negative = False
        return
    drawn.format.line.color.theme_color = colour
    drawn.format.line.width = Pt(2.25)
    drawn.smooth = False
    drawn.marker.style, drawn.marker.size = marker, 8
    drawn.marker.format.fill.solid()
    drawn.marker.format.fill.fore_color.theme_color = colour
    drawn.marker.format.line.color.theme_color = colour


def _error_bars(drawn, claims):
    """Intervals as custom error bars, for which python-pptx has no calls.

    The schema wants them before the categories, or before the numbers across.
    """
    element = drawn._element
    (following,) = element.xpath("./c:cat | ./c:xVal")
    direction = '<c:errDir val="y"/>' if following.tag.endswith("xVal") else ""
    below, above = zip(*map(reach, claims), strict=True)
    bars = parse_xml(
        f"<c:errBars {nsdecls('c', 'a')}>{direction}"
        '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"<c:plus>{_literal(above)}</c:plus><c:minus>{_literal(below)}</c:minus>"
        f'<c:spPr><a:ln w="{Pt(1.5)}"><a:solidFill><a:srgbClr val="{INK}"/></a:solidFill></a:ln>'
        "</c:spPr></c:errBars>"
    )
    following.addprevious(bars)


def _literal(values):
    """Numbers as a chart holds them."""
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{float(value)!r}</c:v></c:pt>'
        for place, value in enumerate(values)
    )
    count = f'<c:ptCount val="{len(values)}"/>'
    return f"<c:numLit><c:formatCode>General</c:formatCode>{count}{points}</c:numLit>"
