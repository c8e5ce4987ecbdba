"""Sizes and themes of figures: the same figure for a screen, a slide or a page, light or dark.

A figure is laid out once and then scaled as a whole, letters and lines with it, so that what fits
at one size fits at all; colours of ink and ground are exchanged, those of data stay.
"""

from contextvars import ContextVar
from typing import NamedTuple

import numpy as np
from matplotlib.collections import Collection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from sim.errors import FigureError, near


class Size(NamedTuple):
    """How large a figure is.

    width, height   as it is laid out, the height of one row of panels [inch]
    scale   from that to how it is shown
    framed  whether it has its own title and trace; else what it lies on has both
    """

    width: float
    height: float
    scale: float
    framed: bool = True


SIZES = {
    "screen": Size(11.0, 5.6, 1.0),
    "slide": Size(11.0, 5.6, 1.12),  # 12.3 inch: a wide slide within its margins
    "paper": Size(11.0, 5.6, 0.65),  # 7.2 inch: a page within its margins
    "inset": Size(8.0, 4.8, 1.0, framed=False),  # two thirds of a slide
}
THEMES = {
    "light": {},
    "dark": {"#222222": "#e8e8e8", "#555555": "#b8b8b8", "white": "#1c1c1c", "black": "#e8e8e8"},
}
SIZE: ContextVar[Size] = ContextVar("size", default=SIZES["screen"])


def check(size, theme):
    """Refuse a size or theme that there is not: FigureError, one line."""
    for what, value, known in (("size", size, SIZES), ("theme", theme, THEMES)):
        if value not in known:
            raise FigureError(f"{what} = {value!r}: unknown{near(value, known)}")


def scaled(figure, scale):
    """Make a figure larger or smaller as a whole, in place."""
    if scale == 1.0:
        return
    figure.set_size_inches(figure.get_size_inches() * scale)
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        labels = axis.get_ticklabels()
        size = labels[0].get_fontsize() if labels else 9.5
        axis.set_tick_params(labelsize=size * scale, length=3.5 * scale, pad=3.5 * scale)
    ticks = {id(t) for axes in figure.axes for a in (axes.xaxis, axes.yaxis)
             for t in (*a.get_ticklabels(), *a.get_ticklines())}  # fmt: skip
    for artist in figure.findobj(lambda artist: id(artist) not in ticks):
        _scale(artist, scale)
    engine = figure.get_layout_engine()
    if engine is not None:
        pads = engine.get()
        engine.set(**{name: pads[name] * scale for name in ("w_pad", "h_pad")})


def _scale(artist, scale):
    if isinstance(artist, Text):
        artist.set_fontsize(artist.get_fontsize() * scale)
    elif isinstance(artist, Line2D):
        artist.set_linewidth(artist.get_linewidth() * scale)
        artist.set_markersize(artist.get_markersize() * scale)
        artist.set_markeredgewidth(artist.get_markeredgewidth() * scale)
    elif isinstance(artist, Patch):
        artist.set_linewidth(artist.get_linewidth() * scale)
    elif isinstance(artist, Collection):
        artist.set_linewidth(np.asarray(artist.get_linewidth()) * scale)
        if isinstance(artist, PathCollection):
            artist.set_sizes(np.asarray(artist.get_sizes()) * scale**2)


def themed(figure, theme):
    """Exchange the colours of ink and ground, in place."""
    swaps = {to_rgba(old): to_rgba(new) for old, new in THEMES[theme].items()}
    if not swaps:
        return
    for axes in figure.axes:  # ticks are made at drawing
        ink = THEMES[theme]["#222222"]
        axes.tick_params(which="both", color=ink, labelcolor=ink)
    for artist in figure.findobj():
        for what in ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor"):
            _swap(artist, what, swaps)


def _swap(artist, what, swaps):
    """Exchange one colour of an artist, or the one colour of a collection."""
    if isinstance(artist, Collection) and what == "color":
        return  # faces and edges are exchanged apart
    get, put = (getattr(artist, f"{verb}_{what}", None) for verb in ("get", "set"))
    if get is None or put is None:
        return
    found = get()
    if isinstance(found, np.ndarray) and found.ndim == 2:
        if len(found) == 1 and tuple(found[0]) in swaps:
            put(swaps[tuple(found[0])])
        return
    if isinstance(found, str) and found in ("none", "auto", "inherit"):
        return
    rgba = to_rgba(found)
    new = swaps.get((*rgba[:3], 1.0))
    if new is not None and rgba[3] > 0:
        put((*new[:3], rgba[3]))
