"""What a decision comes to, in plain words, from its numbers."""

import math

from sim.records.directions import DIRECTIONS
from sim.records.words import label as words
from sim.records.words import percent, rounded, signed

MENTIONED = 3


def choice(decision):
    """Which plan to choose, and by how much, as a sentence without its dot."""
    odds = percent(decision.table.loc[decision.best, "p_best_expected"])
    if len(decision.choices) == 1:
        return f"{decision.best} is the only plan within the budget"
    count = len(decision.choices)
    start = f"Of {count} plans '{decision.best}' is expected best, with probability {odds}"
    label, row = next_best(decision)
    if not any(row):
        return f"{start}; '{label}' does not differ from it in any world"
    mean, low, high = signed(-row[0], *sorted(-row[1:]))
    against = f"{mean} {decision.unit} against the next, '{label}'"
    return f"{start}: {against} (95% interval {low} to {high})"


def next_best(decision):
    """The second plan: label, and its difference to the best with both ends of the interval."""
    table = decision.table.loc[list(decision.choices)].drop(decision.best)
    label = (DIRECTIONS[decision.metric] * table["mean"]).idxmax()
    names = ["difference", "difference_low", "difference_high"]
    return label, table.loc[label, names].to_numpy(float)


def sentences(decision):
    """Choice, its level, odds in one world, worth of knowing, what to measure, what flips."""
    lines = (
        choice(decision) + ".",
        _searched(decision),
        _level(decision),
        _world(decision),
        _beyond(decision),
        knowing(decision),
        measure(decision) + ".",
        *_flips(decision),
    )
    return [line for line in lines if line]


def _searched(decision):
    """How many mixes were screened before the choice; "" where none were."""
    table = decision.screened
    if table is None:
        return ""
    within = int(table["within_budget"].sum())
    bound = "" if decision.budget is None else f", {within:,} of them within the budget"
    return (
        f"Searched: {len(table):,} mixes of up to {table['people'].max()} people{bound}; the best "
        f"{len(decision.labels)} were decided between on draws of their own."
    )


def _level(decision):
    row = decision.table.loc[decision.best]
    mean, low, high = rounded(row["mean"], row["ci_low"], row["ci_high"])
    return (
        f"{decision.best}: {words(decision.metric)} {mean} {decision.unit} (95% interval of the "
        f"expectation {low} to {high})."
    )


def _world(decision):
    row = decision.table.loc[decision.best]
    return (
        f"In any one world '{decision.best}' comes out best with probability "
        f"{percent(row['p_best_world'])}, luck included."
    )


def _beyond(decision):
    beyond = [label for label in decision.labels if label not in decision.choices]
    if not beyond:
        return ""
    which = ", ".join(beyond) if len(beyond) <= MENTIONED else f"{len(beyond)} plans"
    return f"Beyond the budget of {decision.budget:,.0f}, and not chosen: {which}."


def knowing(decision):
    """What knowing all that can be known would be worth, as a sentence."""
    evpi = decision.evpi
    amount, low, high = rounded(evpi.value, evpi.low, evpi.high)
    if not evpi.clear and not decision.measure_first["clear"].any():
        return (
            "Knowing all that can be known cannot be told from worth nothing for this choice: "
            f"{amount} {decision.unit} (95% interval {low} to {high})."
        )
    return (
        f"Knowing all that can be known before choosing would be worth {amount} {decision.unit} "
        f"(95% interval {low} to {high})."
    )


def measure(decision):
    """What to measure first, as a sentence without its dot."""
    clear = decision.measure_first.query("clear").head(MENTIONED)
    if clear.empty:
        return "No single number, measured first, would improve the choice by more than chance may"
    told = []
    for name, row in clear.iterrows():
        amount, low, high = rounded(row["value"], row["low"], row["high"])
        told.append(f"{name}, worth {amount} {decision.unit} ({low} to {high})")
    return f"Measure first: {'; then '.join(told)}; 95% intervals"


def _flips(decision):
    lines = []
    for row in decision.flips.itertuples():
        if math.isnan(row.threshold):
            lines.append(f"{row.parameter}: never within its range does it change the choice.")
            continue
        at, low, high = rounded(row.threshold, row.low, row.high)
        lines.append(
            f"{row.parameter}: below {at} {row.unit} (95% interval {low} to {high}) "
            f"'{row.below}' is expected best, above it '{row.above}'."
        )
    return lines
