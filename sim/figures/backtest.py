"""Figure of a backtest: a record in, a matplotlib Figure out; nothing is estimated here."""

import numpy as np
from matplotlib.dates import AutoDateLocator

from sim.figures.drawing import band, rows
from sim.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    VERMILLION,
    framed,
    percent,
    styled,
    thousands,
)
from sim.records import provenance, words

OWN = "drift"
LOOKS = {"drift": (BLUE, "o"), "with_drift": (ORANGE, "s"), "weighted": (GREY, "^"),
         "resampling": (VERMILLION, "v")}  # method -> colour, marker  # fmt: skip
NOMINAL = (50, 80, 95)
SCORES = (
    "Error: continuous ranked probability score of the whole forecast over the recent level, 13 "
    "weeks at the rate of the 26 before."
)


@styled
def backtest_figure(record):
    """Forecasts of 13 weeks beside what came, and scores of methods.

    record : Backtest
    returns : matplotlib.figure.Figure, two panels: of one project its forecasts with intervals by
        date, of several the shares that intervals held; then mean CRPS of each method
    """
    figure = framed(record, _finding(record), [SCORES], provenance.origin({"": record.provenance}))
    left, right = figure.subplots(1, 2, width_ratios=(1.7, 1))
    draw = _forecasts if len(record.coming) == 1 else _shares
    draw(left, record)
    _errors(right, record)
    return figure


def _finding(record):
    row = record.summary().loc[OWN]
    return (
        f"Of {record.count:,} forecasts of 13 weeks, {words.share(row['in80'])} held what came at "
        f"nominal 80%, {words.share(row['in95'])} at 95%"
    )


def _forecasts(axes, record):
    """Intervals and median of each forecast, and what came."""
    table = record.forecasts[record.forecasts["method"] == OWN]
    days = table["monday"].to_numpy().astype("datetime64[D]")
    width = np.timedelta64(13 * 7, "D")
    band(axes, [], [], [], BLUE, 0.15, "95% of the forecast")
    band(axes, [], [], [], BLUE, 0.4, "80%")
    for day, row in zip(days, table.itertuples(index=False), strict=True):
        # By place: names such as q2.5 are none that a row can be asked for.
        low, ten, _, middle, _, ninety, high = row[5:12]
        span = [day, day + width]
        band(axes, span, [low] * 2, [high] * 2, BLUE, 0.15)
        band(axes, span, [ten] * 2, [ninety] * 2, BLUE, 0.25)
        axes.plot(span, [middle] * 2, color=BLUE, linewidth=1.5)
    axes.plot(days + width // 2, table["came"], "o", color=INK, markersize=5, label="came")
    axes.set(ylim=(0, None), ylabel="Tickets done in 13 weeks [tickets]", xlabel="Date")
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=5))
    axes.tick_params(axis="x", labelrotation=30)
    thousands(axes.yaxis)
    axes.legend(loc="upper left", fontsize=9)


def _shares(axes, record):
    """Share that intervals held against their nominal chance, of each method."""
    table = record.summary()
    axes.plot(
        [40, 100], [40, 100], color=INK, linewidth=1, linestyle=(0, (4, 3)), label="as nominal"
    )
    for method, (colour, marker) in LOOKS.items():
        held = [100 * table.loc[method, f"in{share}"] for share in NOMINAL]
        label = record.methods[method]
        axes.plot(NOMINAL, held, marker=marker, color=colour, label=label, linewidth=1.6)
    axes.set(xlabel="Nominal chance of the interval [%]", xticks=NOMINAL, ylim=(0, 104),
             ylabel="Forecasts whose interval held what came [%]", yticks=range(0, 101, 20),
    )  # fmt: skip
    percent(axes.yaxis)
    axes.legend(loc="lower right", fontsize=9)


def _errors(axes, record):
    """Mean error of each method, the least on top."""
    table = record.summary().sort_values("crps", ascending=False)
    for place, (method, row) in enumerate(table.iterrows()):
        axes.barh(place, row["crps"], height=0.6, color=LOOKS[str(method)][0])
        axes.text(row["crps"], place, f" {row['crps']:.2f}", va="center", size=9)
    rows(axes, [record.methods[str(name)].replace(", ", ",\n") for name in table.index], size=9)
    axes.set(xlabel="Mean error over the recent level", xlim=(0, 1.18 * table["crps"].max()))
