"""What every figure shares: colours, sizes and themes, title and footnotes, writing to a file.

A figure is laid out once and then scaled as a whole, letters and lines with it, so that what fits
at one size fits at all; colours of ink and ground are exchanged, those of data stay. Nothing here
touches pyplot or the global style.
"""

import functools
import inspect
import io
import os
import textwrap
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import matplotlib
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from sim import caveats, embed
from sim.errors import FigureError, near
from sim.figures.theming import scaled, themed
from sim.records import provenance
from sim.records.run_record import to_embed
from sim.records.words import capital, with_titles
from sim.records.words import rounded as rounded

# Okabe & Ito (2008): colours that stay apart for every kind of colour vision.
BLUE, ORANGE, VERMILLION, GREY, INK = "#0072B2", "#E69F00", "#D55E00", "#999999", "#222222"
GREEN, SKY, PINK, SAND = "#009E73", "#56B4E9", "#CC79A7", "#F6D58A"
FAINT = "#555555"
WARNING = "#A63F00"  # text of a warning: 6.6 to 1 on white, where vermillion has 3.9
STYLE = {
    "font.family": "sans-serif",
    "font.size": 10.0,
    "axes.titlesize": 11.0,
    "axes.titlelocation": "left",
    "axes.labelsize": 10.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "white",
    "figure.facecolor": "white",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "pdf.fonttype": 42,  # letters stay letters: the footnote can be searched
    "svg.fonttype": "none",  # and can be read out, and searched
    "svg.hashsalt": "tiercurve",  # the same figure gives the same bytes
}
TITLE_SIZE, NOTE_SIZE, LINE = 14.0, 8.5, 1.45  # [pt], [pt], line height over letter size
EM = 0.56  # mean width of a letter over its size, for wrapping
PAD, LEAST_LETTERS = 8.0, 20  # about the words [pt]; to a line, however wide they are
WIDEST = 0.92  # of the room for a line: small letters are drawn a little wider than they measure
PNG_DPI = 160
LAST_LETTER = 0xFFFF  # code points beyond it are emoji and scripts that the font does not have


class Size(NamedTuple):
    """How large a figure is.

    width, height   as it is laid out, the height of one row of panels [inch]
    scale   from that to how it is shown
    framed  whether it has its own title; else what it lies on has it
    counted whether its last line is how much was simulated
    """

    width: float
    height: float
    scale: float
    framed: bool = True
    counted: bool = True


SIZES = {
    "screen": Size(11.0, 5.6, 1.0),
    "slide": Size(11.0, 5.6, 1.12, counted=False),  # 12.3 inch: a wide slide within its margins
    "page": Size(9.6, 5.6, 0.75, counted=False),  # 7.2 inch: a page within its margins
    "inset": Size(8.0, 4.8, 1.0, framed=False, counted=False),  # two thirds of a slide
}
THEMES = {
    "light": {},
    "dark": {
        INK: "#e8e8e8",
        FAINT: "#b8b8b8",
        "white": "#1c1c1c",
        "black": "#e8e8e8",
        BLUE: SKY,
        SKY: "#A9DAF6",
        VERMILLION: "#FF8A3D",
        WARNING: "#FF9D5C",
        GREEN: "#22C79B",
    },
}
SIZE: ContextVar[Size] = ContextVar("size", default=SIZES["screen"])


def check_look(size, theme):
    """Refuse a size or theme that there is not: FigureError, one line."""
    for what, value, known in (("size", size, SIZES), ("theme", theme, THEMES)):
        if value not in known:
            raise FigureError(f"{what} = {value!r}: unknown{near(value, known)}")


def is_inset():
    """Whether the figure that is drawn lies on a page that has its title: one panel is enough."""
    return not SIZE.get().framed


def letters(share, size=11.0):
    """How many letters go to a line of a share of the figure's width.

    size : of letters [pt]
    """
    return int(share * SIZE.get().width * 72 / (EM * size))


WIDTH, HEIGHT = SIZES["screen"][:2]  # [inch], half of a wide slide is still legible


class ShownFigure(Figure):
    """A Figure that notebooks show without pyplot or a magic.

    made_of : the record it is drawn of, whose run record goes into every file of it
    metric : which metric of the record, where it was told one
    """

    made_of: Any = None
    metric: str | None = None

    def savefig(self, fname, **kwargs):
        """As in Matplotlib; a .png, .svg or .pdf file carries the run record too."""
        super().savefig(fname, **kwargs)
        if isinstance(fname, str | os.PathLike):
            path = Path(fname)
            form = (kwargs.get("format") or path.suffix.removeprefix(".")).lower()
            if form in UNDATED:
                data = described(path.read_bytes(), form, self)
                path.write_bytes(_with_record(data, form, self))

    def png(self, dpi):
        """The content of a PNG file of it."""
        return to_bytes(self, "png", dpi)

    def _repr_png_(self):
        out = io.BytesIO()
        self.savefig(out, format="png", dpi=100)
        return out.getvalue()


def styled(draw):
    """Decorate a function that makes a figure of a record, its first argument.

    It draws in this project's style, and only it, at a `size` and in a `theme` of `look`; the
    figure knows what it is made of.
    """

    signature = inspect.signature(draw)

    @functools.wraps(draw)
    def drawn(record, *args, size="screen", theme="light", **kwargs):
        check_look(size, theme)
        token = SIZE.set(SIZES[size])
        try:
            with matplotlib.rc_context(STYLE):
                figure = draw(record, *args, **kwargs)
                for axes in figure.axes:  # ticks are made at drawing, when the style has ended
                    axes.tick_params(which="both", color=INK, labelcolor=INK)
                for text in figure.findobj(Text):
                    text.set_text(legible(text.get_text()))
                scaled(figure, SIZES[size].scale)
                themed(figure, THEMES[theme], INK)
        finally:
            SIZE.reset(token)
        figure.made_of = record
        figure.metric = signature.bind(record, *args, **kwargs).arguments.get("metric")
        return figure

    return drawn


def legible(text):
    """A text without what no font of a figure has, such as emoji in the name of a plan."""
    return "".join(letter for letter in text if ord(letter) <= LAST_LETTER)


def frame(figure, title, warnings, notes, more_height=0.0):
    """Title and warnings above, notes below; panels are laid out in what is left.

    notes : the last of them is how much was simulated
    more_height : float, beyond that of one row of panels [inch]
    """
    size = SIZE.get()
    title = title if size.framed else ""
    notes = notes if size.counted else notes[:-1]
    claim, bracket, interval = title.rpartition(" (")  # the interval stays in one piece
    parts = [claim, bracket.strip() + interval] if title.endswith(")") else [title]
    title, top = wrapped(parts, TITLE_SIZE)
    if title.count("\n") > len(parts) - 1:
        title, top = wrapped(["".join((claim, bracket, interval))], TITLE_SIZE)
    warning, more = wrapped(warnings, NOTE_SIZE + 1)
    note, bottom = wrapped(notes, NOTE_SIZE)
    pad = PAD / 72  # [inch]
    height = (
        size.height + more_height + more + max(0.0, top + bottom - 0.9)
    )  # long texts do not squeeze the panels
    figure.set_size_inches(size.width, height)
    plain = {"parse_math": False, "ha": "left"}  # a "$" in a name is a "$"
    x = pad / size.width
    if title:
        figure.suptitle(
            title, x=x, y=1 - pad / height, va="top", size=TITLE_SIZE, weight="bold", **plain
        )
    used = top + 2 * pad if title else pad
    if warning:
        figure.text(
            x, 1 - used / height, warning, va="top", size=NOTE_SIZE + 1, weight="bold",
            color=WARNING, **plain,
        )  # fmt: skip
        used += more + pad
    figure.text(x, pad / height, note, va="bottom", size=NOTE_SIZE, color="#555555", **plain)
    low = (bottom + 2 * pad) / height
    figure.set_layout_engine(
        "constrained", rect=(0, low, 1, 1 - used / height - low), w_pad=0.1, h_pad=0.05
    )


def framed(record, title, notes, foot=None, kinds=(), more_height=0.0, plans=()):
    """An empty figure with a title, the caveats a reader must see, notes, and its origin.

    record : whose caveats and provenance it shows
    foot : how much was simulated; by default as the provenance of the record says
    kinds : of caveats that this figure must show beside those every figure must
    more_height : float, beyond that of one row of panels [inch]
    plans : names of plans that stand as titles in the caveats
    """
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    if foot is None:
        foot = provenance.footnote(record.provenance)
    shown = caveats.of_kinds(record.caveats, *caveats.ALWAYS, *kinds)
    shown = [capital(with_titles(text, plans)) for text in shown]
    frame(figure, title, shown, [*notes, foot], more_height)
    return figure


def wrapped(paragraphs, size):
    """Text broken to the width of the figure, and its height [inch]."""
    width = SIZE.get().width
    letters = int(width * 72 / (EM * size * (1.1 if size > NOTE_SIZE else 1)))  # bold is wider
    font = FontProperties(size=size, weight="bold" if size > NOTE_SIZE else "normal")
    room = WIDEST * (72 * width - 2 * PAD)
    while True:
        lines = [
            line
            for text in paragraphs
            for line in textwrap.wrap(legible(text), letters, break_on_hyphens=False)
        ]
        if letters < LEAST_LETTERS or all(_length(line, font) <= room for line in lines):
            break
        letters -= 2  # their letters are wider than most
    return "\n".join(lines), len(lines) * size * LINE / 72


def width_of(line, size):
    """Length of a line of text of a size [pt]."""
    return _length(line, FontProperties(size=size))


def _length(line, font):
    """Length of a line of text [pt]."""
    return text_to_path.get_text_width_height_descent(line, font, ismath=False)[0]


def say(axes, text):
    """Words in the middle of a panel that has nothing to show."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", size=11, color="#555555")


def thousands(axis):
    """Label an axis of numbers with their thousands apart."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".replace("-", "−")))


def percent(axis):
    """Label an axis of percentages with whole percent."""
    axis.set_major_formatter(PercentFormatter(decimals=0))


def whole_numbers(axis, bins):
    """Tick an axis at whole numbers only, with at most so many bins."""
    axis.set_major_locator(MaxNLocator(integer=True, nbins=bins))


def patch(colour, label):
    """A filled box of a legend."""
    return Patch(color=colour, label=label)


UNDATED: dict = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}


def to_bytes(figure, form, dpi=PNG_DPI):
    """A figure as the content of a file: form "png", "svg" or "pdf".

    The same figure gives the same bytes: no dates inside.
    """
    out = io.BytesIO()
    with matplotlib.rc_context(STYLE):
        metadata = UNDATED[form] | {"Title": words_of(figure)[0] or "Tiercurve figure"}
        figure.savefig(out, format=form, dpi=dpi, metadata=metadata)
    return described(out.getvalue(), form, figure)


def words_of(figure):
    """What a figure says of itself: its title, which is its finding, and its warnings and notes."""
    title = " ".join(figure.get_suptitle().split())
    texts = (" ".join(text.get_text().split()) for text in figure.texts)
    heads = (" ".join(axes.get_title(loc="left").split()) for axes in figure.axes)
    panels = "; ".join(dict.fromkeys(head for head in heads if head))
    about = [f"Panels: {panels}."] if panels else []
    return title, " ".join([*about, *(text for text in texts if text and text != title)])


def described(data, form, figure):
    """The content of an SVG file with its title and description as readers of screens want them."""
    if form != "svg":
        return data
    title, about = (escape(words).encode() for words in words_of(figure))
    at = data.index(b">", data.index(b"<svg ")) + 1
    head = data[:at].replace(b"<svg ", b'<svg role="img" ', 1)
    title = title or b"Tiercurve figure"
    return head + b"\n<title>" + title + b"</title>\n<desc>" + about + b"</desc>" + data[at:]


def save(figure, path):
    """Write a figure to path: PNG at 160 dpi, SVG or PDF, by its suffix; whole, or not at all.

    A figure of a record carries its run record, which `sim.check` reads. The same figure gives
    the same bytes. Raises FigureError, one line.
    """
    path = Path(path)
    form = path.suffix.lower().removeprefix(".")
    if form not in UNDATED:
        raise FigureError(
            f"{path}: cannot write {path.suffix or 'no suffix'!r}; end in .png, .svg or .pdf"
        )
    if not path.parent.is_dir():
        raise FigureError(f"{path}: the folder {path.parent} does not exist; make it first")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(_with_record(to_bytes(figure, form), form, figure))
        part.replace(path)
    except OSError as error:
        raise FigureError(f"{path}: cannot be written ({error.strerror or error})") from None
    finally:
        part.unlink(missing_ok=True)
    return path


def _with_record(data, form, figure):
    """The content of a figure's file, with the run record of what the figure is made of."""
    made_of = getattr(figure, "made_of", None)
    if made_of is None:
        return data
    record = to_embed(made_of, figure.metric)
    return embed.with_record(data, f".{form}", record)
