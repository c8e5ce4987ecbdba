"""Train two novices to intermediate, or hire an expert: what each brings and when it pays back."""

import numpy as np
import pandas as pd

from sim.engine import luck
from sim.experiments import estimates, paired
from sim.experiments.compare import compare
from sim.experiments.studies.study import Study, plan
from sim.experiments.wording import percent, signed

NAME = "train-or-hire"
QUESTION = "Does training two novices to intermediate beat hiring an expert, and when does it pay?"
AS_IS, TRAIN, HIRE = "as is", "train two novices", "hire one expert"
COSTS = ("labour_cost", "tool_cost", "training_cost", "hiring_cost")
DRIVERS = ("training_efficacy", "causal_share")
PARTS = ("low", "middle", "high")
PRICES = np.linspace(0.0, 12.0, 25)  # worth of work [intermediate-h per expert-h]
RESAMPLES = 1000


def run(draws=200, luck=4, seed=1, threads=None, progress=None):
    """The study: `Study` with tables `plans`, `prices`, `drivers`."""
    found = compare(
        {AS_IS: plan("mission-team"), TRAIN: plan("mission-train"), HIRE: plan("mission-hire")},
        draws=draws, luck=luck, seed=seed, threads=threads, progress=progress,
    )  # fmt: skip
    tables = {
        "plans": _plans(found), "prices": _prices(found), "drivers": _drivers(found),
        "weekly": found.weekly("work_delivered"),
    }  # fmt: skip
    title, findings = _said(found, tables)
    record = found.results[TRAIN].provenance
    return Study(NAME, QUESTION, title, findings, tables, found.caveats, record)


def _gain(found, label, *names):
    """Sum of metrics, plan less as is (draws, luck)."""
    return sum(
        (found.results[label].values(name) - found.results[AS_IS].values(name))[:, :, 0]
        for name in names
    )


def _plans(found):
    """Work and cost against as is, and the price of work at which each breaks even."""
    even = found.break_even("work_delivered")
    rows = []
    for label in (TRAIN, HIRE):
        work, cost = _gain(found, label, "work_delivered"), _gain(found, label, *COSTS)
        row = {"plan": label}
        for name, d in (("work", work), ("cost", cost)):
            mean, low, high = estimates.estimate(d)[:3]
            row |= {name: mean, f"{name}_low": low, f"{name}_high": high}
        row |= pays_from(work.mean(axis=1), cost.mean(axis=1), found.design["seed"])
        for kind, short in (("one world", "world"), ("expected", "expected")):
            week = even.loc[(label, kind)]
            names = ("p10", "p50", "p90", "never", "text")
            row |= {f"{short}_{name}": week[name] for name in names}
        rows.append(row)
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


def _prices(found):
    """Net gain over as is by the price of work: plan, price, mean, low, high (95%)."""
    rows = []
    for label in (TRAIN, HIRE):
        work, cost = _gain(found, label, "work_delivered"), _gain(found, label, *COSTS)
        for price in PRICES:
            mean, low, high = estimates.estimate(price * work - cost)[:3]
            rows.append({"plan": label, "price": price, "mean": mean, "low": low, "high": high})
    return pd.DataFrame(rows)


def _drivers(found):
    """Training by thirds of what decides it: work gained, break-even in one world."""
    parameters = found.results[TRAIN].parameters
    path = _paths(found)
    rows = []
    for name in DRIVERS:
        x = parameters[name].to_numpy()
        edges = np.quantile(x, [0, 1 / 3, 2 / 3, 1])
        third = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, 2)
        for place, part in enumerate(PARTS):
            mine = path[third == place]
            ends = mine[:, :, -1].mean(axis=1)
            error = estimates.Z * ends.std(ddof=1) / np.sqrt(len(ends))
            weeks = paired.distribution(paired.break_even(mine))
            rows.append(
                {
                    "parameter": name, "part": part, "from": edges[place], "to": edges[place + 1],
                    "work": ends.mean(), "work_low": ends.mean() - error,
                    "work_high": ends.mean() + error, **weeks,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _paths(found):
    """Work gained by training so far (draws, luck, weeks)."""
    shape = (found.design["draws"], found.design["luck"], found.weeks)
    trained, before = (
        found.results[label].weekly["work_delivered"].to_numpy(float).reshape(shape)
        for label in (TRAIN, AS_IS)
    )
    return (trained - before).cumsum(axis=2)


def _said(found, tables):
    plans = tables["plans"].set_index("plan")
    train, hire = plans.loc[TRAIN], plans.loc[HIRE]
    week = train["expected_text"]
    title = f"Across what is known, training two novices pays back its hours by {week}"
    return title, (
        f"{title}, chance averaged out.",
        f"In one world it does by {train['world_text']}; never within {found.weeks} weeks in "
        f"{percent(train['world_never'])} of worlds.",
        f"Hiring one expert brings more work from {hire['expected_text']} on, in one world from "
        f"{hire['world_text']}; but for much more pay.",
        *(_worth(label, plans.loc[label], found.weeks) for label in (TRAIN, HIRE)),
        *(_driver(tables["drivers"], name) for name in DRIVERS),
    )


def _worth(label, row, weeks):
    work = signed(row["work"], row["work_low"], row["work_high"])
    cost = signed(row["cost"], row["cost_low"], row["cost_high"])
    return (
        f"In {weeks} weeks {label} brings {work[0]} expert-h (95% interval of the expectation "
        f"{work[1]} to {work[2]}) for {cost[0]} intermediate-h of pay ({cost[1]} to {cost[2]}): it "
        f"pays if an expert-hour of work is worth {price_words(row)}."
    )


def price_words(row):
    """The break-even price in words; "never" where no work is gained."""
    if np.isinf(row["price"]):
        return "any price: never, no work is gained"
    high = "never" if np.isinf(row["price_high"]) else f"{row['price_high']:.2f}"
    return (
        f"{row['price']:.2f} hours of an intermediate's pay or more (95% numerical interval "
        f"{row['price_low']:.2f} to {high})"
    )


def _driver(table, name):
    rows = table[table["parameter"] == name].set_index("part")
    said = []
    for part in (PARTS[0], PARTS[-1]):
        row = rows.loc[part]
        work = signed(row["work"], row["work_low"], row["work_high"])
        said.append(
            f"in its {part} third ({row['from']:.2f} to {row['to']:.2f}) training brings {work[0]} "
            f"expert-h ({work[1]} to {work[2]}) and never pays back in {percent(row['never'])} of "
            "worlds"
        )
    return f"{name.replace('_', ' ').capitalize()}: {'; '.join(said)} (95% numerical intervals)."
