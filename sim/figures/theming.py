"""A drawn figure made larger or smaller as a whole, or put into other colours."""

import numpy as np
from matplotlib.collections import Collection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

# Kinds of artist, and what of each is scaled.
LENGTHS: dict = {
    Text: ("fontsize",), Line2D: ("linewidth", "markersize", "markeredgewidth"),
    Patch: ("linewidth",), Collection: ("linewidth",),
}  # fmt: skip


def scaled(figure, scale):
    """Scale a whole figure, text included, in place."""
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
    for kind, lengths in LENGTHS.items():
        for name in lengths if isinstance(artist, kind) else ():
            length = np.asarray(getattr(artist, f"get_{name}")()) * scale
            getattr(artist, f"set_{name}")(length if length.ndim else float(length))
    if isinstance(artist, PathCollection):  # sizes of dots are areas
        artist.set_sizes(np.asarray(artist.get_sizes()) * scale**2)


def themed(figure, colours, ink):
    """Exchange colours of a drawn figure, in place.

    colours : old -> new
    ink : the old colour of ticks, which are made at drawing
    """
    if not colours:
        return
    swaps = {to_rgba(old): to_rgba(new) for old, new in colours.items()}
    ink = colours[ink]
    for axes in figure.axes:
        axes.tick_params(which="both", color=ink, labelcolor=ink)
    parts = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")
    for artist in figure.findobj():
        # All are read before one is put: a marker that has its line's colour follows it.
        news = [(what, _exchanged(artist, what, swaps)) for what in parts]
        for what, new in news:
            if new is not None:
                getattr(artist, f"set_{what}")(new)


def _exchanged(artist, what, swaps):
    """The colour in the place of one of an artist, or of the one of a collection; else None."""
    if isinstance(artist, Collection) and what == "color":
        return None  # faces and edges are exchanged apart
    get, put = (getattr(artist, f"{verb}_{what}", None) for verb in ("get", "set"))
    colour = None if get is None or put is None else get()
    if isinstance(colour, np.ndarray) and colour.ndim == 2:
        return _swapped(colour[0], swaps) if len(colour) == 1 else None
    if colour is None or (isinstance(colour, str) and colour in ("none", "auto", "inherit")):
        return None
    return _swapped(to_rgba(colour), swaps)


def _swapped(rgba, swaps):
    """The colour in the place of another, as opaque as that one: RGBA, or None to let it be."""
    rgba = tuple(float(part) for part in rgba)
    new = swaps.get((*rgba[:3], 1.0))
    return None if new is None or rgba[3] == 0 else (*new[:3], rgba[3])
