"""No tests: what is wrong with the words of a figure, as it is drawn."""

from matplotlib.backends.backend_agg import FigureCanvasAgg


def texts_of(figure):
    """Every text of a figure that is seen: titles, labels, ticks, legends and notes."""
    texts = [*figure.texts, *(text for part in figure.subfigs for text in part.texts)]
    for axes in figure.axes:
        texts += [*axes.texts, *of_axes(axes)]
        legend = axes.get_legend()
        texts += legend.get_texts() if legend else []
    return [text for text in texts if text.get_text().strip() and text.get_visible()]


def of_axes(axes):
    """Titles and labels of a panel that are drawn."""
    if not axes.axison:
        return [axes.title, axes._left_title]
    ticks = (*drawn(axes.xaxis, axes.get_xlim()), *drawn(axes.yaxis, axes.get_ylim()))
    return [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label, *ticks]


def drawn(axis, limits):
    """Labels of ticks within the limits; matplotlib holds one beyond, and does not draw it."""
    low, high = sorted(limits)
    return [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]


def faults(figure, least=0.0):
    """What is cut off, lies on another, or is too small, each in words: list of str.

    least : of letters [pt]
    """
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    texts = texts_of(figure)
    boxes = [_box(text, renderer) for text in texts]
    found = []
    for i, (text, box) in enumerate(zip(texts, boxes, strict=True)):
        words = " ".join(text.get_text().split())
        if min(box.x0, box.y0) < -0.5:
            found.append(f"cut at the left or foot: {words}")
        if box.x1 > figure.bbox.x1 + 0.5 or box.y1 > figure.bbox.y1 + 0.5:
            found.append(f"cut at the right or top: {words}")
        if text.get_fontsize() < least:
            found.append(f"of {text.get_fontsize():.1f} pt: {words}")
        found += [
            f"{words} | lies on | {' '.join(other.get_text().split())}"
            for other, at in zip(texts[:i], boxes, strict=False)
            if box.overlaps(at)
        ]
    return found


def _box(text, renderer):
    """Where the letters of a text stand, without the line that leads to it."""
    return (
        super(type(text), text).get_window_extent(renderer)
        if hasattr(text, "arrow_patch")
        else text.get_window_extent(renderer)
    )


def contrast(one, other):
    """Contrast of two colours (red, green, blue from 0 to 1), as WCAG 2.2 defines it: 1 to 21."""

    def light(colour):
        parts = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3])
        return sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)
