"""Train novices or non-coders to intermediate, or hire an expert: what it brings, when it pays."""

import numpy as np
import pandas as pd

from sim.analysis import estimates, paired
from sim.engine import luck
from sim.experiments.compare import compare
from sim.figures.drawing import band, beside, headroom, points, rows, thousands
from sim.figures.style import BLUE, GREEN, INK, VERMILLION, styled, whole_numbers
from sim.figures.worlds import MOST_WEEKS
from sim.records.words import estimate, percent
from sim.studies.study import Study, framed, plan

NAME = "train-or-hire"
QUESTION = "Does training two novices to intermediate beat hiring an expert, and when does it pay?"
AS_IS, TRAIN, HIRE = "as is", "train two novices", "hire one expert"
NONCODERS = "train two non-coders"  # against the same nine people with two non-coders untrained
COSTS = ("labour_cost", "tool_cost", "training_cost", "hiring_cost")
DRIVERS = ("training_efficacy", "causal_share")
ODDS = ("p_better_expected", "p_better_world")
PARTS = ("low", "middle", "high")
PRICES = np.linspace(0.0, 12.0, 25)  # worth of work [intermediate-h per expert-h]
SEATS = (0.25, 0.5, 1.0, 2.0, 4.0)  # cost of a seat, in times the stated one
RESAMPLES = 1000


def runs():
    """Plans that run over all draws and luck: pairs of (one of them, how many alike)."""
    return [(plan("mission-train"), 3), (plan("mission-train-noncoders"), 2)]


def run(draws=200, luck=4, seed=1, threads=None, progress=None):
    """The study: `Study` with tables `plans`, `prices`, `seats`, `drivers`, `weekly`."""
    work = {"draws": draws, "luck": luck, "seed": seed, "threads": threads}
    engineers = compare(
        {AS_IS: plan("mission-team"), TRAIN: plan("mission-train"), HIRE: plan("mission-hire")},
        **work, progress=_part(progress, 0, 3),
    )  # fmt: skip
    others = compare(
        {AS_IS: plan("mission-noncoders"), NONCODERS: plan("mission-train-noncoders")},
        **work, progress=_part(progress, 3, 2),
    )  # fmt: skip
    each = [(engineers, TRAIN), (engineers, HIRE), (others, NONCODERS)]
    tables = {
        "plans": pd.DataFrame([_plan(*one) for one in each]), "prices": _prices(each),
        "seats": _seats([each[0], each[2]]), "drivers": _drivers(engineers),
        "weekly": engineers.weekly("work_delivered"),
    }  # fmt: skip
    title, findings = _sentences(engineers, tables)
    record = engineers.results[TRAIN].provenance
    return Study(NAME, QUESTION, title, findings, tables, engineers.caveats, record)


def _gain(comparison, label, *names):
    """Sum of metrics, plan less as is (draws, luck)."""
    return sum(
        (comparison.results[label].values(name) - comparison.results[AS_IS].values(name))[:, :, 0]
        for name in names
    )


def _part(progress, done, plans, of=5):
    """Progress of so many plans among all, as progress of all."""
    if progress is None:
        return None
    return lambda worlds, total: progress(done * total // plans + worlds, of * total // plans)


def _plan(comparison, label):
    """Work and cost against as is, and the price of work at which the plan breaks even: a row."""
    even = comparison.break_even("work_delivered")
    work, cost = _gain(comparison, label, "work_delivered"), _gain(comparison, label, *COSTS)
    row = {"plan": label}
    for name, metric in (("work", "work_delivered"), ("cost", "extra_cost")):
        told = comparison.row(label, metric)
        row |= {name: told["mean"], f"{name}_low": told["ci_low"], f"{name}_high": told["ci_high"]}
    row |= {column: comparison.row(label, "work_delivered")[column] for column in ODDS}
    row |= pays_from(work.mean(axis=1), cost.mean(axis=1), comparison.design["seed"])
    kept = ("week", "week_low", "week_high", "p10", "p90", "never", "text")
    return row | {f"even_{name}": even.loc[label, name] for name in kept}


def _seats(each):
    """Break-even price of a training by what a seat costs, in times the stated cost."""
    rows = []
    for comparison, label in each:
        work, cost = _gain(comparison, label, "work_delivered"), _gain(comparison, label, *COSTS)
        seats = _gain(comparison, label, "training_cost")
        for times in SEATS:
            paid = (cost + (times - 1) * seats).mean(axis=1)
            price = pays_from(work.mean(axis=1), paid, comparison.design["seed"])
            rows.append({"plan": label, "times": times, "cost": paid.mean(), **price})
    return pd.DataFrame(rows)


def pays_from(work, cost, seed):
    """Price of an expert-hour of work at which expected gains cover expected costs.

    work, cost : (draws,), gained and paid more than by the reference, chance averaged out
    returns : dict price, price_low, price_high; infinite, "never", where no work is gained. The
        interval is numerical, 95%, over resampled draws.
    """
    rng = np.random.default_rng(luck.key_of(seed))
    places = rng.integers(len(work), size=(RESAMPLES, len(work)))
    drawn = _ratio(cost[places].mean(axis=1), work[places].mean(axis=1))
    # Quantiles by order: half-way between a number and never is never.
    low, high = np.quantile(drawn, [0.025, 0.975], method="higher")
    return {"price": float(_ratio(cost.mean(), work.mean())), "price_low": low, "price_high": high}


def _ratio(cost, work):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(work) > 0, np.maximum(cost, 0) / work, np.inf)


def _prices(each):
    """Net gain over as is by the price of work: plan, price, mean, low, high (95%)."""
    rows = []
    for comparison, label in each:
        work, cost = _gain(comparison, label, "work_delivered"), _gain(comparison, label, *COSTS)
        for price in PRICES:
            mean, low, high = estimates.estimate(price * work - cost)[:3]
            rows.append({"plan": label, "price": price, "mean": mean, "low": low, "high": high})
    return pd.DataFrame(rows)


def _drivers(comparison):
    """Training by thirds of what decides it: work gained, break-even in one world."""
    parameters = comparison.results[TRAIN].parameters
    path = _paths(comparison)
    rows = []
    for name in DRIVERS:
        x = parameters[name].to_numpy()
        edges = np.quantile(x, [0, 1 / 3, 2 / 3, 1])
        third = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, 2)
        for place, part in enumerate(PARTS):
            worlds = path[third == place]
            ends = worlds[:, :, -1].mean(axis=1)
            error = estimates.Z * ends.std(ddof=1) / np.sqrt(len(ends))
            weeks = paired.distribution(paired.break_even(worlds))
            rows.append(
                {
                    "parameter": name, "part": part, "from": edges[place], "to": edges[place + 1],
                    "work": ends.mean(), "work_low": ends.mean() - error,
                    "work_high": ends.mean() + error, **weeks,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _paths(comparison):
    """Work gained by training so far (draws, luck, weeks)."""
    shape = (comparison.design["draws"], comparison.design["luck"], comparison.weeks)
    trained, before = (
        comparison.results[label].weekly["work_delivered"].to_numpy(float).reshape(shape)
        for label in (TRAIN, AS_IS)
    )
    return (trained - before).cumsum(axis=2)


def _sentences(comparison, tables):
    plans = tables["plans"].set_index("plan")
    train, hire = plans.loc[TRAIN], plans.loc[HIRE]
    week = train["even_text"]
    title = f"In half of the worlds training two novices has paid back its hours by {week}"
    return title, (
        f"{title}; never within {comparison.weeks} weeks in {percent(train['even_never'])}.",
        f"Hiring one expert brings more work from {hire['even_text']} on in half of the worlds, "
        "for much more pay.",
        *(_worth(label, plans.loc[label], comparison.weeks) for label in (TRAIN, HIRE, NONCODERS)),
        f"Training two non-coders, beside the nine, pays back its hours by "
        f"{plans.loc[NONCODERS, 'even_text']} in half of the worlds; never within "
        f"{comparison.weeks} weeks in {percent(plans.loc[NONCODERS, 'even_never'])} of them.",
        _seat_words(tables["seats"]),
        *(_driver(tables["drivers"], name) for name in DRIVERS),
    )


def _worth(label, row, weeks):
    work, cost = (_gained(row, name) for name in ("work", "cost"))
    odds = (percent(row[column]) for column in ODDS)
    return (
        f"In {weeks} weeks {label} brings {work[0]} expert-h against {AS_IS} in the same worlds "
        f"(95% interval of the expected difference {work[1]}), more with probability "
        f"{' in expectation and '.join(odds)} in one world, for {cost[0]} intermediate-h of pay "
        f"({cost[1]}): it pays if an expert-hour of work is worth {price_words(row)}."
    )


def _gained(row, name):
    """What a plan brings more than as is, and its interval, as two texts."""
    return estimate(row[name], row[f"{name}_low"], row[f"{name}_high"], signs=True)


def price_words(row):
    """The break-even price in words; "never" where no work is gained."""
    if np.isinf(row["price"]):
        return "any price: never, no work is gained"
    high = "never" if np.isinf(row["price_high"]) else f"{row['price_high']:.2f}"
    return (
        f"{row['price']:.2f} hours of an intermediate's pay or more (95% numerical interval "
        f"{row['price_low']:.2f} to {high})"
    )


def _seat_words(table):
    trained = table[table["plan"] == TRAIN].set_index("times")
    few, many = (price_words(trained.loc[times]) for times in (SEATS[0], SEATS[-1]))
    return (
        f"At {SEATS[0]:g} times the stated cost of a seat, training two novices pays if an "
        f"expert-hour of work is worth {few}; at {SEATS[-1]:g} times, if it is worth {many}."
    )


def _driver(table, name):
    by_part = table[table["parameter"] == name].set_index("part")
    thirds = []
    for part in (PARTS[0], PARTS[-1]):
        row = by_part.loc[part]
        work, ends = _gained(row, "work")
        thirds.append(
            f"in its {part} third ({row['from']:.2f} to {row['to']:.2f}) training brings {work} "
            f"expert-h ({ends}) and never pays back in {percent(row['never'])} of worlds"
        )
    return f"{name.replace('_', ' ').capitalize()}: {'; '.join(thirds)} (95% numerical intervals)."


COLOURS = {TRAIN: BLUE, NONCODERS: GREEN, HIRE: VERMILLION}
STYLES = {TRAIN: "-", NONCODERS: (0, (1, 1)), HIRE: (0, (5, 2))}
SHOWN = {"training_efficacy": "efficacy", "causal_share": "causal share"}


@styled
def figure(study):
    """Training's work by week, by thirds of what decides it, and both plans by price of work."""
    note = (
        "Training: two seats, 8 weeks of 4 h, 2 h of trainers a week, 40 intermediate-h a seat. "
        "Hire: 12 weeks to fill, 700 intermediate-h. Pay of novice, intermediate and expert: 0.7, "
        "1 and 1.6 (assumptions). Thirds: of the draws, by the parameter's value. Non-coders: two "
        "beside the nine, trained against untrained."
    )
    figure = framed(study, note)
    left, middle, right = figure.subplots(1, 3, width_ratios=(1.1, 1.1, 1))
    _draw_weeks(left, study.tables["weekly"])
    _draw_thirds(middle, study.tables["drivers"])
    _draw_prices(right, study.tables)
    return figure


def _draw_weeks(axes, weekly):
    """Work gained by training so far: the mean, and where 8 of 10 worlds fall."""
    table = weekly[weekly["plan"] == TRAIN]
    last = int(table["week"].max())
    table = table[(last - table["week"]) % max(1, last // MOST_WEEKS) == 0]
    week = table["week"]
    band(axes, week, table["p10"], table["p90"], label="8 of 10 worlds")
    axes.plot(week, table["mean"], color=BLUE, linewidth=2.4, label="Average")
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xlim(0, week.max())
    whole_numbers(axes.xaxis, 5)
    thousands(axes.yaxis)
    headroom(axes, 0.3)
    axes.set_title("Training against as is")
    axes.set_xlabel("Time [weeks]")
    axes.set_ylabel("Work gained so far [expert-h]")
    axes.legend(loc="upper left", fontsize=9)


def _draw_thirds(axes, table):
    """Work gained at the end by thirds of efficacy and causal share."""
    y = np.arange(len(table))[::-1] - 0.6 * (np.arange(len(table)) >= len(PARTS))
    axes.axvline(0, color=INK, linewidth=1)
    points(axes, y, table, "work")
    for at, never in zip(y, table["never"], strict=True):
        beside(axes, at, percent(never), 0.99, "right")
    labels = [
        f"{SHOWN[row['parameter']]} {row['part']}\n{row['from']:.2f}–{row['to']:.2f}"
        for row in table.to_dict("records")
    ]
    rows(axes, labels, y, 9)
    low, high = table["work_low"].min(), table["work_high"].max()
    axes.set_xlim(low - 5, high + 0.3 * (high - low))
    axes.set_title("By what decides it")
    axes.set_title("never pays back", loc="right", size=9)
    axes.set_xlabel("Work gained at the end,\n95% numerical interval [expert-h]")


def _draw_prices(axes, tables):
    """Net gain of both plans over as is, by what work is worth."""
    table, plans = tables["prices"], tables["plans"].set_index("plan")
    for label, colour in COLOURS.items():
        part = table[table["plan"] == label]
        band(axes, part["price"], part["low"], part["high"], colour, 0.15)
        at = plans.loc[label, "price"]
        pays = f"pays from {at:.1f}" if at <= table["price"].max() else "never pays here"
        look = {"color": colour, "linestyle": STYLES[label], "linewidth": 2.2}
        axes.plot(part["price"], part["mean"], label=f"{label.capitalize()}:\n{pays}", **look)
        if at <= table["price"].max():
            axes.plot(at, 0, "o", color=colour, markersize=8)
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xlim(0, table["price"].max())
    thousands(axes.yaxis)
    axes.set_title("By what work is worth")
    axes.set_xlabel("Worth of an expert-hour of work\n[h of intermediate pay]")
    axes.set_ylabel("Net gain over as is, 95% interval\n[h of intermediate pay]")
    axes.legend(loc="upper left", fontsize=9)
