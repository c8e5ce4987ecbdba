"""Figures of a validation: how often intervals hold, and what the model says of patterns."""

import tomllib
from importlib.resources import files

import numpy as np

from sim.figures.style import BLUE, GREY, INK, VERMILLION, WIDTH, ShownFigure, frame, styled
from sim.records import words

ROW = 0.26  # height of a row of dots [inch]
FRAME = 2.4  # height of title, axes and notes [inch]
LOWEST = 0.15  # how far below nominal a panel goes on [share]
NOTES = tomllib.loads(files("sim.validation").joinpath("pages.toml").read_text("utf-8"))["notes"]
WORDS = {
    "mean ± 1.96 mc_error": "Numerical error of the mean\n(mean ± 1.96 mc_error)",
    "ci_low to ci_high": "Expected output\n(ci_low to ci_high)",
    "p10 to p90": "A new world\n(p10 to p90)",
    "chance_low to chance_high": "Share of luck\n(chance_low to _high)",
}
REST = {
    "probability": "chance",
    "percent_low to percent_high": "percent",
    "p_better_world": "chance to be better",
}


@styled
def coverage_figure(validation):
    """A panel an interval, a row an output: share held, nominal, and what chance allows.

    validation : Validation
    returns : matplotlib.figure.Figure
    """
    table = validation.coverage_table
    table = table.assign(label=[_label(row) for row in table.itertuples()])
    main = table[table["interval"].isin(list(WORDS))]
    labels = list(dict.fromkeys(main["label"]))
    rest = table[~table["interval"].isin(list(WORDS))]
    height = FRAME + ROW * (len(labels) + len(rest) + 3)
    figure = ShownFigure(figsize=(WIDTH, height))
    frame(
        figure,
        _coverage_title(table),
        [],
        [NOTES["coverage"].format(runs=table["repetitions"].max())],
        height - 5.6 + 0.6,
    )
    grid = figure.add_gridspec(2, 4, height_ratios=(len(labels) + 1, max(1, len(rest)) + 1.5))
    for place, interval in enumerate(WORDS):
        axes = figure.add_subplot(grid[0, place])
        _held(axes, main[main["interval"] == interval], labels, place == 0)
        axes.set_title(WORDS[interval], size=8.5)
    axes = figure.add_subplot(grid[1, :])
    rest = rest.assign(label=[f"{REST[row.interval]}, {_output(row)}" for row in rest.itertuples()])
    _held(axes, rest, list(rest["label"]), True)
    axes.set_title("Relative difference of two plans, and probabilities", size=9.5)
    axes.set_xlabel("Share held [%]")
    return figure


def _label(row):
    return f"{_output(row)}, {row.draws} × {row.luck}"


def _output(row):
    """An output in words, also where it is the difference of two or held to a bound."""
    plain = row.output.removeprefix("difference in ")
    name, _, bound = plain.partition(" ")
    label = f"{words.output_label(name).lower()} {bound}".strip()
    return label if plain == row.output else f"difference in {label}"


def _held(axes, table, labels, named):
    """Dots with intervals over the band that so many repetitions allow about nominal."""
    if table.empty:
        axes.set_axis_off()
        return
    y = {label: -place for place, label in enumerate(labels)}
    for row in table.itertuples():
        at = y[row.label]
        low, high = 100 * (row.nominal - row.tolerance), 100 * (row.nominal + row.tolerance)
        axes.fill_betweenx((at - 0.42, at + 0.42), low, high, color=GREY, alpha=0.28, linewidth=0)
        axes.vlines(100 * row.nominal, at - 0.42, at + 0.42, color=INK, linewidth=0.8)
        axes.hlines(at, 100 * row.inside, 100 * row.held, color=BLUE, linewidth=1, linestyle=":")
        colour, marker = (BLUE, "o") if row.passed else (VERMILLION, "D")
        half = 196 * row.std_error
        axes.errorbar(100 * row.held, at, xerr=half, fmt=marker, color=colour, markersize=4.5,
                      elinewidth=1.2)  # fmt: skip
    left = 100 * (table["nominal"].min() - LOWEST)
    axes.set_xlim(left=max(left, axes.get_xlim()[0]))  # dotted lines may go on
    axes.set_ylim(-len(labels) + 0.4, 0.6)
    axes.set_yticks(list(y.values()), labels if named else [""] * len(y), size=8)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=8)


def _coverage_title(table):
    missed = table[~table["passed"]]
    held = f"{len(table) - len(missed)} of {len(table)} intervals hold as often as they claim to"
    if missed.empty:
        return f"All {len(table)} intervals hold as often as they claim to"
    known = ", for reasons that are known" if (missed["limit"] != "").all() else ""
    return f"{held}; {len(missed)} do not{known}"


@styled
def patterns_figure(validation):
    """A panel a pattern: published, where the model passes, and what it says with its interval.

    validation : Validation
    returns : matplotlib.figure.Figure
    """
    outcomes = sorted(validation.patterns, key=lambda o: ("held-out", "target", "direction").index(
        o.pattern.kind))  # fmt: skip
    columns, rows = 3, -(-len(outcomes) // 3)
    height = FRAME + 1.25 * rows
    figure = ShownFigure(figsize=(WIDTH, height))
    notes = [NOTES["patterns"]]
    frame(figure, _patterns_title(outcomes), [], notes, height - 5.6 + 0.4)
    panels = np.atleast_1d(figure.subplots(rows, columns)).ravel()
    for axes, outcome in zip(panels, outcomes, strict=False):
        _pattern(axes, outcome)
    for axes in panels[len(outcomes) :]:
        axes.set_axis_off()
    return figure


def _pattern(axes, outcome):
    pattern = outcome.pattern
    shown = [outcome.low, outcome.median, outcome.high, *(pattern.published or ()), *pattern.passes]
    shown = [value for value in shown if np.isfinite(value)]
    room = 0.12 * (max(shown) - min(shown)) or 1.0
    low, high = min(shown) - room, max(shown) + room
    ends = np.clip(pattern.passes, low, high)
    axes.axvspan(*ends, color="#009E73", alpha=0.18, linewidth=0)
    if pattern.published is not None:
        a, b = np.clip(pattern.published, low, high)
        axes.hlines(0.72, a, b, color=INK, linewidth=3)
        if a == b:
            axes.plot([a], [0.72], "|", color=INK, markersize=13, markeredgewidth=2.5)
    colour, marker = (BLUE, "o") if outcome.passed else (VERMILLION, "D")
    axes.hlines(0.3, outcome.low, min(outcome.high, high), color=colour, linewidth=2.2)
    axes.plot([outcome.median], [0.3], marker, color=colour, markersize=7)
    axes.set(xlim=(low, high), ylim=(0, 1), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.tick_params(labelsize=8)
    axes.locator_params(axis="x", nbins=5)
    axes.set_title(f"{pattern.name.replace('-', ' ').capitalize()} ({pattern.kind})", size=9)
    axes.set_xlabel(pattern.unit, size=8, labelpad=1)


def _patterns_title(outcomes):
    words = []
    for kind, name in (("held-out", "held-out patterns"), ("target", "targets"),
                       ("direction", "directions")):  # fmt: skip
        same = [o for o in outcomes if o.pattern.kind == kind]
        if same:
            words.append(f"{sum(o.passed for o in same)} of {len(same)} {name}")
    return f"The model shows {', '.join(words[:-1])} and {words[-1]}" if words[1:] else words[0]
