"""Train novices or non-coders to intermediate, or hire an expert: what it brings, when it pays."""

import numpy as np
import pandas as pd

from sim.analysis import benefit, estimates, paired
from sim.engine import luck
from sim.experiments.compare import compare
from sim.records.words import estimate, percent
from sim.studies.study import Study, plan
from sim.studies.training_figure import figure

__all__ = ["NAME", "QUESTION", "figure", "run", "runs"]

NAME = "train-or-hire"
QUESTION = "Does training two novices to intermediate beat hiring an expert, and when does it pay?"
AS_IS, TRAIN, HIRE = "as is", "train two novices", "hire one expert"
NONCODERS = "train two non-coders"  # against the same nine people with two non-coders untrained
COSTS = ("labour_cost", "tool_cost", "training_cost", "hiring_cost")
DRIVERS = ("training_efficacy", "causal_share")
ODDS = ("p_better_expected", "p_better_world")
PARTS = ("low", "middle", "high")
PRICES = np.linspace(0.0, 12.0, 25)  # worth of work [intermediate-h per expert-h]
WORTHS = np.linspace(0.0, 16.0, 33)  # at which the chance to be the best choice is told
SEATS = (0.25, 0.5, 1.0, 2.0, 4.0)  # cost of a seat, in times the stated one
RESAMPLES = 1000


def runs():
    """Plans that run over all draws and luck: pairs of (one of them, how many alike)."""
    return [(plan("mission-train"), 3), (plan("mission-train-noncoders"), 2)]


def run(draws=200, luck=4, seed=1, threads=None, progress=None):
    """The study: `Study` with tables `plans`, `choices`, `switch` ... `ahead`: see the README."""
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
        "choices": _choices(engineers), "switch": pd.DataFrame([_switch(engineers)]),
        "seats": _seats([each[0], each[2]]), "drivers": _drivers(engineers),
        "ahead": engineers.chance_ahead("work_delivered"),
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


def _choices(comparison):
    """Chance that each choice is the best in expectation, by what work is worth.

    DataFrame worth, plan, chance, low, high (95%); net gain is worth x work - pay.
    """
    gains, costs = _gains_and_costs(comparison, (TRAIN, HIRE))
    zero = np.zeros((1, *gains.shape[1:]))
    gains, costs = np.concatenate([zero, gains]), np.concatenate([zero, costs])
    chances = benefit.acceptability(gains, costs, WORTHS, comparison.groups)
    rows = [
        (worth, label, *numbers)
        for worth, found in zip(WORTHS, chances, strict=True)
        for label, numbers in zip((AS_IS, TRAIN, HIRE), found, strict=True)
    ]
    return pd.DataFrame(rows, columns=("worth", "plan", "chance", "low", "high"))


def _gains_and_costs(comparison, labels):
    """Work gained and pay spent over as is, (plans, draws, luck) each."""
    gains = np.stack([_gain(comparison, label, "work_delivered") for label in labels])
    return gains, np.stack([_gain(comparison, label, *COSTS) for label in labels])


def _switch(comparison):
    """From which worth of work hiring is expected to beat training: dict worth, low, high.

    Infinite where hiring brings no more work, 0 where it is not dearer either; the interval is that
    of `benefit.interval`.
    """
    gains, costs = (x.mean(axis=2) for x in _gains_and_costs(comparison, (TRAIN, HIRE)))
    more, dearer = gains[1] - gains[0], costs[1] - costs[0]
    if more.mean() <= 0 or dearer.mean() <= 0:
        worth = 0.0 if more.mean() > 0 else np.inf
        return {"worth": worth, "low": worth, "high": worth}
    low, high = benefit.interval(more, dearer, comparison.groups)
    return {"worth": float(dearer.mean() / more.mean()), "low": low, "high": high}


def _sentences(comparison, tables):
    plans = tables["plans"].set_index("plan")
    train, hire = plans.loc[TRAIN], plans.loc[HIRE]
    title = _answer(tables["switch"].iloc[0])
    return title, (
        f"{title}.",
        f"In half of the worlds training two novices has paid back its hours by "
        f"{train['even_text']}; never within {comparison.weeks} weeks in "
        f"{percent(train['even_never'])}.",
        f"Hiring one expert brings more work from {hire['even_text']} on in half of the worlds, "
        "for much more pay.",
        *(_worth(label, plans.loc[label], comparison.weeks) for label in (TRAIN, HIRE, NONCODERS)),
        f"Training two non-coders, beside the nine, pays back its hours by "
        f"{plans.loc[NONCODERS, 'even_text']} in half of the worlds; never within "
        f"{comparison.weeks} weeks in {percent(plans.loc[NONCODERS, 'even_never'])} of them.",
        _seat_words(tables["seats"]),
        *(_driver(tables["drivers"], name) for name in DRIVERS),
    )


def _answer(row):
    """Train or hire, as a sentence without its dot."""
    if np.isinf(row["worth"]):
        return "Hiring an expert is not shown to bring more work than training two novices"
    if row["worth"] == 0:
        return "Hiring an expert is expected to bring more work than training, for no more pay"
    worth, low = (f"{row[name]:.1f}" for name in ("worth", "low"))
    high = "never" if np.isinf(row["high"]) else f"{row['high']:.1f}"
    return (
        f"Train rather than hire, unless an expert-hour of work is worth {worth} hours of an "
        f"intermediate's pay or more (95% numerical interval {low} "
        f"to {high})"
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
