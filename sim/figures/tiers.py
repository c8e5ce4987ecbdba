"""Figures of tier curves: records in, a matplotlib Figure out; nothing is estimated here."""

from matplotlib.ticker import PercentFormatter

from sim import caveats
from sim.engine.curves import LEVEL_NUMBERS as LEVELS
from sim.engine.curves import ROLES
from sim.errors import FigureError, choice
from sim.figures.drawing import band
from sim.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    SKY,
    VERMILLION,
    framed,
    is_inset,
    styled,
)
from sim.records.words import capital, plan_title

NAMES = ("Novice", "Beginner", "Intermediate", "Advanced-\nlevel", "Expert")
# Measures from the loosest to the strictest: label, colour, marker.
MEASURES = {
    "partial": ("At least partial success", GREEN, "^"),
    "judged": ("Judged done", ORANGE, "s"),
    "verified": ("Verified success", BLUE, "o"),
}
# Outcomes from the best to the worst: label, colour, colour of the number on it.
OUTCOMES = {
    "verified": ("Verified", BLUE, "white"),
    "unverified": ("Judged done only", SKY, INK),
    "partial": ("Partial", "#F6D58A", INK),
    "failed": ("Failed", "#C8C8C8", INK),
}
SHOWN = (1, 3, 5)  # levels with a panel by size
PIECE = 1.0  # size the title speaks of [expert-h]
TRAP = (
    "“Experts 91%, novices 15%” reads two different lines (red rings): 15% is the novice rate of "
    "verified success, 91% the expert rate of at least partial success. Compare along one line."
)
MEANING = (
    "Left: first sessions, with average work, sizes, people and tool as studied. Right: engineers, "
    "people and tasks averaged. Expert-hour: what an expert engineer does by hand in an hour. "
    "Bands: 95% interval over what is not known."
)
FIRST = (
    "First session on a task, {who}, at most {scope:g} expert-hours of it. Judged done only: no "
    "test, commit or confirmation. Lines under a bar: 95% interval, over what is not known, of "
    "where verified (blue) and judged done (black) end."
)


@styled
def tier_figure(record):
    """Success by level with the published points, and by size of the piece.

    record : TierCurves
    returns : matplotlib.figure.Figure: the three measures as studied, then judged done by
        size for novices, intermediates and experts with the scenario's own tool; an inset is the
        first of them
    """
    if is_inset():
        figure = framed(record, "", [TRAP, *_carried(record)])
        _rates(figure.subplots(), record)
        return figure
    figure = framed(record, _curves_finding(record), [TRAP, MEANING, *_carried(record)])
    left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=(1.05, 1))[0]
    _rates(left.subplots(), record)
    panels = right.subplots(1, 3, sharey=True)
    for axes, level in zip(panels, SHOWN, strict=True):
        _sizes(axes, record.by_size, level)
    panels[0].set_ylabel("Sessions judged done [%]")
    panels[0].legend(loc="upper left", handlelength=1.4, borderpad=0)
    right.suptitle(f"With {_tool(record)}, by size of the piece", size=11)
    right.supxlabel("Size of the piece [expert-h]", size=10)
    return figure


@styled
def outcome_figure(record, role="engineer"):
    """How first sessions end, by level, on average and on advanced work.

    record : TierCurves
    role : "engineer" or "adjacent"
    returns : matplotlib.figure.Figure, two panels of stacked bars; an inset is of average work

    Raises FigureError, one line, for another role.
    """
    choice("role", role, ROLES, FigureError)
    table = record.outcomes[record.outcomes["role"] == role]
    scope = record.scenario.policy.scope_hours
    who = {"engineer": "engineers", "adjacent": "people of adjacent roles"}[role]
    first = FIRST.format(who=who, scope=scope)
    figure = framed(record, _mix_finding(record, table, role), [first, *_carried(record)])
    works = ("average",) if is_inset() else ("average", "advanced")
    panels = figure.subplots(1, len(works), sharey=True, squeeze=False)[0]
    for axes, work in zip(panels, works, strict=True):
        _mix(axes, table[table["work"] == work])
        axes.set(title=f"{work.capitalize()} work, {_tool(record)}", xlabel="First sessions [%]")
    panels[0].set_yticks(LEVELS, NAMES)
    panels[0].legend(loc="upper left", ncols=4, columnspacing=1.2, handlelength=1.2, borderpad=0)
    return figure


def _curves_finding(record):
    """The title: experts against novices on one measure and one size, with intervals."""
    table = record.by_size
    chosen = (table["work"] == "average") & (table["measure"] == "judged")
    rows = table[chosen & ((table["size_hours"] - PIECE).abs() < 1e-9)].set_index("level")
    name = capital(plan_title(record.scenario.name))
    return (
        f"{name}: experts get {_percent(rows.loc[5, 'mean'])} of hour-sized "
        f"average pieces judged done, novices {_percent(rows.loc[1, 'mean'])} "
        f"({_intervals(rows, 'ci_low', 'ci_high')})"
    )


def _mix_finding(record, table, role):
    """The title: judged done by experts and novices on average work, with intervals."""
    done = table[(table["work"] == "average") & (table["outcome"] == "unverified")]
    rows = done.set_index("level")
    experts = "experts" if role == "engineer" else "experts in adjacent roles"
    name = capital(plan_title(record.scenario.name))
    return (
        f"{name}: {experts} get {_percent(rows.loc[5, 'at_least'])} of first "
        f"sessions on average work judged done, novices {_percent(rows.loc[1, 'at_least'])} "
        f"({_intervals(rows, 'at_least_low', 'at_least_high')})"
    )


def _intervals(rows, low, high):
    expert, novice = (
        f"{100 * rows.loc[level, low]:.0f} to {_percent(rows.loc[level, high])}" for level in (5, 1)
    )
    return f"95% intervals {expert} and {novice}"


def _percent(share):
    return f"{100 * share:.0f}%"


def _carried(record):
    """How far the curve is carried beyond its evidence, if it is."""
    return caveats.of_kinds(record.caveats, caveats.TREND)


def _tool(record):
    tool = record.scenario.tool
    version = {"start": record.scenario.horizon.month, "date": tool.date}
    return f"{tool.profile} of {version.get(tool.version, tool.version)}"


def _rates(axes, record):
    """The three measures as studied, with bands, published points and the headline's two rings."""
    table, handles = record.rates, []
    for measure, (_, colour, marker) in MEASURES.items():
        rows = table[table["measure"] == measure]
        line = INK if _one_cut(table) else colour
        band(axes, rows["level"], 100 * rows["ci_low"], 100 * rows["ci_high"], line, 0.25)
        (drawn,) = axes.plot(rows["level"], 100 * rows["mean"], color=line, linewidth=2)
        look = {"color": colour, "markersize": 6.5, "markeredgecolor": INK}
        (points,) = axes.plot(rows["level"], 100 * rows["published"], marker, **look)
        handles.append(points if _one_cut(table) else (drawn, points))
    labels = [label for label, _, _ in MEASURES.values()]
    if _one_cut(table):
        handles, labels = [*handles, drawn], [*labels, "This set: one line"]
    _rings(axes, table.set_index(["level", "measure"])["published"])
    name = record.scenario.tool.curves
    axes.set(title=f"Points: published. Lines: curve set “{name}”", ylabel="First sessions [%]")
    axes.set_xticks(LEVELS, NAMES)
    axes.set_xlim(0.7, 5.4)
    _share_axis(axes)
    axes.legend(handles, labels, loc="upper left", ncols=2, columnspacing=1.2, borderpad=0)


def _one_cut(table):
    """Whether a set knows no difference between the measures."""
    return table.groupby("level")["mean"].agg(lambda rates: rates.max() - rates.min()).max() < 1e-9


def _rings(axes, published):
    """The two points that the headline joins."""
    ends = [(1, 100 * published[1, "verified"]), (5, 100 * published[5, "partial"])]
    axes.plot(
        *zip(*ends, strict=True), "o", markersize=17, markerfacecolor="none",
        markeredgecolor=VERMILLION, markeredgewidth=2, label="_headline",
    )  # fmt: skip
    for (x, y), text, shift in zip(ends, ("“15%”", "“91%”"), ((14, -9), (-12, -20)), strict=True):
        axes.annotate(
            text, (x, y), shift, textcoords="offset points", color=VERMILLION, weight="bold",
            ha="left" if x == 1 else "center", va="center",
        )  # fmt: skip


def _sizes(axes, table, level):
    """P(judged done) by size of the piece at one level, average and advanced work."""
    for work, colour, line in (("average", ORANGE, "-"), ("advanced", INK, "--")):
        chosen = (table["level"] == level) & (table["work"] == work)
        rows = table[chosen & (table["measure"] == "judged")]
        size, tint = rows["size_hours"], 0.3 if work == "average" else 0.12
        band(axes, size, 100 * rows["ci_low"], 100 * rows["ci_high"], colour, tint)
        label = f"{work.capitalize()} work"
        axes.plot(size, 100 * rows["mean"], line, color=colour, linewidth=2, label=label)
    axes.set_xscale("log")
    axes.set_xlim(0.1, 32)
    axes.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
    axes.set_title(NAMES[level - 1])
    _share_axis(axes)


def _share_axis(axes):
    axes.set_ylim(0, 122)  # headroom for a legend
    axes.set_yticks(range(0, 101, 20))
    axes.yaxis.set_major_formatter(PercentFormatter())
    axes.grid(axis="y", color=GREY, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)


def _mix(axes, table):
    """Stacked bars of the outcomes by level, with the intervals of the two boundaries."""
    left = [0.0] * 5
    for outcome, (label, colour, ink) in OUTCOMES.items():
        share = 100 * table[table["outcome"] == outcome]["mean"].to_numpy()
        if share.max() < 0.05:  # a set with one cut has nothing between failed and verified
            continue
        axes.barh(LEVELS, share, left=left, color=colour, height=0.56, label=label)
        for level, start, width in zip(LEVELS, left, share, strict=True):
            if width >= 4:  # a number needs that much room
                middle = start + width / 2
                axes.text(middle, level, f"{width:.0f}", color=ink, ha="center", va="center")
        left = left + share
    _boundary(axes, table[table["outcome"] == "verified"], 0.34, BLUE)
    if table[table["outcome"] == "unverified"]["mean"].max() > 0:
        _boundary(axes, table[table["outcome"] == "unverified"], 0.42, INK)
    axes.set(xlim=(0, 100), ylim=(0.45, 5.85))  # room for the legend
    axes.xaxis.set_major_formatter(PercentFormatter())
    axes.tick_params(axis="y", length=0)


def _boundary(axes, rows, below, colour):
    """95% interval of the share with this outcome or a better one, under each bar."""
    y = rows["level"] - below
    axes.hlines(y, 100 * rows["at_least_low"], 100 * rows["at_least_high"], color=colour, lw=1.4)
    for column in ("at_least_low", "at_least", "at_least_high"):
        axes.plot(100 * rows[column], y, "|", color=colour, markersize=6, markeredgewidth=1.4)
