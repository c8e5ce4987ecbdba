"""What a comparison found, in plain words made from its numbers."""

import math

from sim.records.words import (
    DIRECTIONS,
    LABELS,
    NEVER,
    break_even_weeks,
    is_noise,
    label,
    more_draws,
    percent,
    rounded,
    signed,
)
from sim.records.words import weeks as weeks_of


def includes_zero(row):
    """Whether the interval of the expected difference, as it is told, includes no difference."""
    low, high = signed(*amounts(row, "mean", "ci_low", "ci_high"))[1:]
    return not (low[0] == high[0] and low[0] in "+−")


def differs(row):
    """Whether a difference has a value, and is one in any world."""
    return row["mean"] == row["mean"] and any(row[p] for p in ("mean", "p10", "p90", "mc_error"))


def finding(comparison, row):
    """One plan's difference in one metric (a row of the summary), as a sentence without its dot."""
    plan, metric = row.name
    if math.isnan(row["mean"]):
        return f"{plan} and {comparison.reference} cannot be compared in {label(metric)}"
    if not differs(row):
        return (
            f"{plan} and {comparison.reference} do not differ in {label(metric)} in any of "
            f"{_worlds(comparison)} worlds"
        )
    mean, *ends = amounts(row, "mean", "ci_low", "ci_high")
    size, low, high = rounded(abs(mean), *ends)
    verdict = ", which includes no difference" if includes_zero(row) else ""
    span = weeks_of(comparison.weeks)
    return (
        f"Against {comparison.reference}, {plan} {_claim(row, size)} in {span} "
        f"({comparison.interval} {low} to {high}{verdict})"
    )


def told(comparison, row):
    """A finding as a sentence: where single worlds fall, and how many have no value."""
    said = finding(comparison, row)
    if differs(row):
        low, high = rounded(*amounts(row, "p10", "p90"))
        said += f"; in 8 of 10 single worlds it is {low} to {high}"
    if row["undefined"]:
        said += "; " + undefined(row["undefined"], _worlds(comparison), "in either plan")
        if row.name[1] in NEVER and not math.isnan(row["p_better_world"]):
            said += (
                f", and counting those as later than all others it is sooner with probability "
                f"{_odds(row, 'p_better_world')}"
            )
    return said + "."


def undefined(count, worlds, where=""):
    """How many worlds have no value, in words."""
    said = f"undefined{' ' * bool(where)}{where} in {int(count)} of {worlds} worlds"
    return f"{said}, which with the other worlds of their draws are left out"


def unit(row):
    """Unit of a difference as it is told: shares in percentage points."""
    return "points" if row["unit"] == "share" else row["unit"]


def amounts(row, *columns):
    """Columns of a row in its `unit`."""
    scale = 100 if row["unit"] == "share" else 1
    return [scale * row[column] for column in columns]


def headline(comparison):
    """The title of a comparison: its one finding, or that of the plan expected to gain most.

    The plan that comes out best of several is valued without what it owes to the choice. A
    difference within a third of which its simulation error is not is no title: what it would
    take to tell is.
    """
    metric = comparison.flow
    rows = comparison.summary().xs(metric, level="metric", drop_level=False)
    if len(rows) == 1:
        return _titled(comparison, rows.iloc[0])
    gain = DIRECTIONS[metric] * rows["mean"]
    row = rows.loc[gain.idxmax()].copy()
    row[["mean", "ci_low", "ci_high"]] -= comparison.optimism
    said = _titled(comparison, row)
    if is_noise(row["mean"], row["mc_error"]) and differs(row):
        return f"Of {len(rows)} plans none is known to gain most. {said}"
    if DIRECTIONS[metric] * row["mean"] > 0:
        return f"Of {len(rows)} plans {row.name[0]} is expected to gain most. {said}"
    return f"None of {len(rows)} plans is expected to gain. Nearest: {said}"


def _titled(comparison, row):
    """A finding, or where its number is noise what it would take, as a sentence without its dot."""
    if not differs(row) or not is_noise(row["mean"], row["mc_error"]):
        return finding(comparison, row)
    plan, metric = row.name
    draws = comparison.design["draws"]
    needed = more_draws(draws, row["mean"], row["mc_error"], comparison.floor(plan, metric))
    return (
        f"{plan} and {comparison.reference} cannot be told apart in {label(metric)} by "
        f"{draws:,} draws: {needed}"
    )


def _claim(row, size):
    metric = row.name[1]
    more = "more" if row["mean"] > 0 else "less"
    if not size.strip("0."):
        more = "more or less"  # too small for the step its interval bears
    if metric == "work_delivered":
        return f"delivers {size} {unit(row)} {more}"
    if metric == "finish_week":
        when = {"more": "later", "less": "sooner"}.get(more, "sooner or later")
        return f"finishes its backlog {size} {unit(row)} {when}"
    return f"has {size} {unit(row)} {more} {label(metric)}"


def sentences(comparison):
    """What was found of each plan: the difference, when it breaks even, what else differs."""
    table, even = comparison.summary(), comparison.break_even()
    said = []
    for plan in comparison.plans:
        rows = table.loc[[plan]]
        mains = list(dict.fromkeys(("work_delivered", comparison.flow)))
        said += [_difference(comparison, rows.loc[(plan, m)]) for m in mains]
        if differs(rows.loc[(plan, comparison.flow)]):
            said.append(_break_even(comparison, plan, even.loc[plan]))
        said.append(_others(comparison, plan, rows, mains))
    return [line for line in said if line]


def _difference(comparison, row):
    """The difference in one metric, how likely it is better, and how much of it is luck."""
    said = [told(comparison, row)]
    if differs(row):
        said += [_relative(comparison, row), _better(row), _luck(row)]
    return " ".join(filter(None, said))


def _relative(comparison, row):
    if math.isnan(row["percent"]):
        return ""
    size, *ends = signed(row["percent"], row["percent_low"], row["percent_high"])
    kind = _kind(comparison)
    return f"That is {size}% of {comparison.reference} ({kind} {ends[0]}% to {ends[1]}%)."


def _better(row):
    if math.isnan(row["p_better_world"]):
        return ""
    worlds = f"{_odds(row, 'p_better_world')} in any one world"
    if math.isnan(row["p_better_expected"]):
        return f"It is better with probability {worlds}."
    expected = f"{_odds(row, 'p_better_expected')} in expectation"
    return f"It is better with probability {expected} and {worlds}."


def _odds(row, name):
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{percent(row[name])} ({percent(low)} to {percent(high)})"


def _luck(row):
    if math.isnan(row["chance_share"]) or row["chance_low"] == row["chance_high"]:
        return ""  # all luck by design, or not to be told
    known = 1 - row["chance_share"]
    low, high = (percent(1 - row[end]) for end in ("chance_high", "chance_low"))
    return (
        f"{percent(known)} ({low} to {high}) of the variance of that difference is what we do not "
        f"know, {percent(row['chance_share'])} is luck."
    )


def _break_even(comparison, plan, rows):
    """When the plan has caught up for good, in one world and in expectation."""
    world = rows.loc["one world"]
    odds = " to ".join(percent(world[end]) for end in ("never_low", "never_high"))
    never = f"{percent(world['never'])} ({odds}) of worlds"
    said = f"Break-even of {plan} with {comparison.reference} in {label(comparison.flow)}: "
    if math.isinf(world["p10"]):
        said += f"not within {weeks_of(comparison.weeks)} in {never}"
    else:
        said += f"in one world {world['text']}, never within the horizon in {never}"
    if "expected" in rows.index:
        said += f"; in expectation {rows.loc['expected', 'text']}"
    return said + "."


def break_even_words(row, weeks):
    """A row of `Comparison.break_even` in words: median and 80% interval."""
    if math.isnan(row["p50"]):
        return "no difference"
    middle, low, high = break_even_weeks((row["p50"], row["p10"], row["p90"]), weeks)
    return middle if low == high else f"{middle} (80% interval {low} to {high})"


def _others(comparison, plan, rows, told):
    """The other metrics whose difference is told apart from none."""
    others = [m for m in LABELS if m not in told and (plan, m) in rows.index]
    clear = []
    for metric in others:
        row = rows.loc[(plan, metric)]
        if differs(row) and not includes_zero(row):
            size, low, high = signed(*amounts(row, "mean", "ci_low", "ci_high"))
            clear.append(f"{label(metric)} {size} {unit(row)} ({low} to {high})")
    if not clear:
        return ""
    return (
        f"{plan} also differs from {comparison.reference} in {len(clear)} of {len(others)} more "
        f"metrics, where the {_kind(comparison)} of each by itself leaves out no difference: "
        f"{'; '.join(clear)}."
    )


def _kind(comparison):
    return "95% interval" if comparison.uncertain else "95% numerical error"


def _worlds(comparison):
    return comparison.design["draws"] * comparison.design["luck"]
