"""What a comparison found, in plain words made from its numbers."""

import math

from sim.analysis import paired
from sim.analysis.estimates import UNDEFINED
from sim.engine import metrics
from sim.experiments import terms
from sim.experiments.leading import OF_BACKLOG
from sim.records.words import (
    DIRECTIONS,
    LABELS,
    NEVER,
    by_when,
    capital,
    chances,
    counted_to,
    error_told,
    includes_none,
    is_noise,
    label,
    mean_count,
    more_draws,
    numerical_error,
    percent,
    rounded,
    signed,
    tickets,
    too_close,
)
from sim.records.words import weeks as weeks_of

UNTIL_DONE = ("weeks_to_done", "cost_until_done")  # counted to a week, so told with who is not done
EXTRA, GIVEN_UP = "extra_cost", "abandoned"
COST = "extra cost"


def includes_zero(row):
    """Whether the interval of the expected difference, as it is told, includes no difference."""
    if math.isnan(row["ci_low"]):
        return True
    _, low, high = signed(*amounts(row, "mean", "ci_low", "ci_high"), error=error_of(row))
    return includes_none(low, high)


def differs(row):
    """Whether a difference has a value, and is one in any world."""
    columns = ("mean", "p10", "p90", "mc_error")
    return row["mean"] == row["mean"] and any(row[p] == row[p] and row[p] for p in columns)


def finding(comparison, row):
    """One plan's difference in one metric (a row of the summary), as a sentence without its dot."""
    plan, metric = row.name
    if math.isnan(row["mean"]):
        why = undefined(row["undefined"], _worlds(comparison), "in either plan")
        if metric in NEVER:
            why = f"no mean, not reached in {row['undefined']:.0f} of {_worlds(comparison)} worlds"
        return f"{plan} and {comparison.reference} cannot be compared in {label(metric)}: {why}"
    if not differs(row):
        return (
            f"{plan} and {comparison.reference} do not differ in {label(metric)} in any of "
            f"{_worlds(comparison)} worlds"
        )
    mean, *ends = amounts(row, "mean", "ci_low", "ci_high")
    size, low, high = rounded(abs(mean), *ends, error=error_of(row))
    verdict = ", which includes no difference" if includes_zero(row) else ""
    interval = f"{comparison.interval} {low} to {high}{verdict}"
    if math.isnan(row["ci_low"]):
        interval = "no interval"
    if row["undefined"]:
        missing = undefined(row["undefined"], _worlds(comparison), "in either plan")
        interval = f"{interval}; {missing}"
    if metrics.BY_NAME[metric].event:
        interval = f"95% interval {low} to {high} points{verdict}"
        return f"{_against(comparison, row)} {_event(comparison, row, size)} ({interval})"
    span = _span(comparison, plan, metric)
    return f"{_against(comparison, row)} {_claim(row, size)} in {span} ({interval})"


def _against(comparison, row):
    """What is set against what, and on which other terms, so that these are not credited to it."""
    plan, metric = row.name
    return on_terms(comparison, plan, metric, f"Against {comparison.reference}, {plan}")


def on_terms(comparison, plan, metric, sentence):
    """A sentence of a plan and a metric, with the terms that are not the reference's before it."""
    other = other_terms(comparison, plan, metric)
    if not other:
        return sentence
    first = sentence[0] if sentence.startswith(plan) else sentence[0].lower()
    return capital(f"{other}: {first}{sentence[1:]}")


def other_terms(comparison, plan, metric):
    """Which terms of a plan that a metric depends on are not the reference's, in words."""
    here, there = (comparison.results[label].scenario for label in (plan, comparison.reference))
    return terms.in_words(there, here, metric)


def not_ranked(comparison):
    """Plans that are not on the terms of the reference, as far as what leads depends on them."""
    metric = comparison.metric
    return [plan for plan in comparison.plans if other_terms(comparison, plan, metric)]


def _event(comparison, row, size):
    """A difference of two probabilities, and both of them."""
    way = "more" if row["mean"] > 0 else "less"
    when = by_when(comparison.results[comparison.reference].scenario)
    here, there, _ = chances(row["plan_mean"], row["reference_mean"])
    if not size.strip("0."):  # too small for the step its error bears
        return f"leaves the chance that the backlog is done {when} as it is, {here} against {there}"
    points = "point" if size == "1" else "points"
    return (
        f"makes it {size} {points} {way} likely that the backlog is done {when}, {here} against "
        f"{there}"
    )


def _span(comparison, plan, metric):
    """Over how long a difference is, and of what is counted until done, who is not done by then."""
    span = weeks_of(comparison.weeks)
    if metric not in UNTIL_DONE:
        return span
    here, there = (comparison.results[label] for label in (plan, comparison.reference))
    return (
        f"{span}, {counted_to(there.scenario)}, {left(here)}, of {comparison.reference} "
        f"{percent(not_done(there))}"
    )


def not_done(result):
    """Share of worlds of a backlog that is not done by the week counted to."""
    finish = result.values("finish_week")
    return float((~(finish <= result.scenario.up_to_week)).mean())


def left(result):
    """How many worlds are not done by the week counted to, in words."""
    return f"by when {percent(not_done(result))} of worlds are not done"


def nobody_could(given_up, plans):
    """Tickets of some plans that nobody could do, in words; nothing where there are none.

    given_up : label -> mean of worlds, or None where it is not known
    plans : label -> Scenario
    """
    known = {label: mean for label, mean in given_up.items() if plans[label].tasks.backlog}
    if not any(known.values()):
        return ""
    each = ", ".join(f"{label} {mean_count(mean)}" for label, mean in known.items())
    first, *more = dict.fromkeys(tickets(plans[label]) for label in known)
    asked = f"{first} must be done" + (f", in other plans {' or '.join(more)}" if more else "")
    return (
        f"Tickets nobody could do by the end, fixes among them, mean of worlds: {each}; {asked}. "
        "More weeks do not help there: people who are able do, or a smaller share to be done."
    )


def extra_cost(comparison, plan):
    """What a plan costs more than the reference, in words; nothing where money is not counted."""
    row = comparison.row(plan, EXTRA)
    if math.isnan(row["mean"]) or not differs(row):
        return ""
    size, low, high = signed(*amounts(row, "mean", "ci_low", "ci_high"), error=error_of(row))
    unit_ = comparison.units[EXTRA]
    range_ = "" if low == size == high else f" ({low} to {high})"
    other = other_terms(comparison, plan, EXTRA)
    other = f", {other}" if other else ""
    over = f"over {comparison.reference} in {weeks_of(comparison.weeks)}"
    return f"extra cost {over} {size} {unit_}{range_}{other}"


def told(comparison, row):
    """A finding as a sentence: where single worlds fall, and how many have no value."""
    metric = row.name[1]
    said = (with_cost if metric == comparison.metric else finding)(comparison, row)
    if worlds := in_one_world(row):
        said += f"; {worlds}"
    if metric in NEVER and row["undefined"] and not math.isnan(row["p_better_world"]):
        said += (
            "; counting those as later than all others it is sooner with probability "
            f"{_odds(row, 'p_better_world')}"
        )
    return said + "."


def in_one_world(row):
    """Where a difference falls in one world, in words; nothing where that cannot be said."""
    if not differs(row) or math.isnan(row["p10"]):
        return ""
    low, high = rounded(*amounts(row, "p10", "p90"), error=error_of(row))
    return f"in 8 of 10 single worlds it is {low} to {high}"


def undefined(count, worlds, where=""):
    """How many worlds have no value, in words."""
    said = f"undefined{' ' * bool(where)}{where} in {int(count)} of {worlds} worlds"
    said = f"{said} ({percent(count / worlds)}), which are left out"
    return f"{said}, too many for an interval" if count > UNDEFINED * worlds else said


def unit(row):
    """Unit of a difference as it is told: shares in percentage points."""
    return "points" if row["unit"] == "share" else row["unit"]


def amounts(row, *columns):
    """Columns of a row in its `unit`."""
    scale = 100 if row["unit"] == "share" else 1
    return [scale * row[column] for column in columns]


def error_of(row):
    """Simulation error of a difference in its `unit`, as it is told.

    Where no world differs in an event the interval has a width, and says how much may be unseen.
    """
    error = row["mc_error"]
    if not error and metrics.BY_NAME[row.name[1]].event:
        error = numerical_error(*row[["mean", "ci_low", "ci_high"]])
    return error_told(error, row["unit"])


def percent_error(row):
    """Simulation error of a difference relative to the reference [%]."""
    return 100 * row["mc_error"] / abs(row["reference_mean"])


def headline(comparison):
    """The title of a comparison: its one finding, or that of the plan expected to gain most.

    The plan that comes out best of several is valued without what it owes to the choice. A
    difference that is within three of its simulation errors of zero is no title: what it would
    take to tell is.
    """
    metric = comparison.metric
    rows = comparison.summary_of(metric)
    if len(rows) == 1 or rows["mean"].isna().all():
        return _titled(comparison, rows.iloc[0])
    others = not_ranked(comparison)
    if len(others) == len(rows):
        none = f"None of {len(rows)} plans is ranked, as none is on the terms of"
        return f"{none} {comparison.reference}. First: {_titled(comparison, rows.iloc[0])}"
    ranked = _ranked(comparison, rows.drop(index=others, level="plan"))
    left = f". Not ranked, as on other terms than {comparison.reference}: {', '.join(others)}"
    return ranked + (left if others else "")


def _ranked(comparison, rows):
    """What is found of the plan expected to gain most, of some on the terms of the reference."""
    metric = comparison.metric
    if len(rows) == 1:
        return _titled(comparison, rows.iloc[0])
    gain = (DIRECTIONS[metric] or 1) * rows["mean"]
    row = rows.loc[gain.idxmax()].copy()
    row[["mean", "plan_mean", "ci_low", "ci_high"]] -= comparison.optimism
    if metrics.BY_NAME[metric].event and not _is_raised(row):
        return _none_raises(comparison, rows)
    sentence = _titled(comparison, row)
    verdict = "gain most" if DIRECTIONS[metric] else f"have most {label(metric)}"
    if differs(row) and is_noise(row["mean"], row["mc_error"]):
        return f"Of {len(rows)} plans none is known to {verdict}. {sentence}"
    if not DIRECTIONS[metric]:
        return f"Of {len(rows)} plans {row.name[0]} has most {label(metric)}. {sentence}"
    if DIRECTIONS[metric] * row["mean"] > 0:
        gains = f"Of {len(rows)} plans {row.name[0]} is expected to gain most. {sentence}"
        return too_close(gains) if includes_zero(row) else gains
    return f"None of {len(rows)} plans is expected to gain. Nearest: {sentence}"


def _is_raised(row):
    """Whether a probability is shown to be higher: by its interval, and not by noise."""
    shown = row["ci_low"] > 0.0 and not includes_zero(row)
    return shown and not is_noise(row["mean"], row["mc_error"])


def is_lowered(row):
    """Whether a probability is shown to be lower: by its interval, and not by noise."""
    shown = row["ci_high"] < 0.0 and not includes_zero(row)
    return shown and not is_noise(row["mean"], row["mc_error"])


def _none_raises(comparison, rows):
    """The chance with each of the plans, none of which is shown to raise it, and its cost.

    rows : of the summary, the probability of an event
    """
    chances = [_chance(comparison, row) for _, row in rows.iterrows()]
    plan = comparison.results[comparison.reference].scenario
    lower = [
        f"{row.name[0]} is shown to lower it, by {low} to {high} points"
        for _, row in rows.iterrows()
        if is_lowered(row)
        for high, low in [rounded(*(-n for n in amounts(row, "ci_low", "ci_high")),
                                  error=error_of(row))]
    ]  # fmt: skip
    there = percent(rows["reference_mean"].iloc[0])
    none = f"None of {len(rows)} plans" if len(rows) > 1 else "The plan"
    none = f"{none} is {'shown' if len(rows) > 1 else 'not shown'} to raise the chance to be done"
    sentence = f"{none} {by_when(plan)}, {there} with {comparison.reference}: {', '.join(chances)}"
    over = any(COST in chance for chance in chances)
    span = [f"extra cost is that of {weeks_of(comparison.weeks)}"] if over else []
    return "; ".join([sentence, *lower, *span])


def _chance(comparison, row):
    """The probability of an event with a plan, and its extra cost, in words."""
    plan = row.name[0]
    cost = comparison.row(plan, EXTRA)
    told = f"{plan} {percent(row['plan_mean'])}"
    if math.isnan(cost["mean"]) or not differs(cost) or is_noise(cost["mean"], cost["mc_error"]):
        return told
    (size,) = signed(cost["mean"], error=cost["mc_error"])
    return f"{told} ({COST} {size} {comparison.units[EXTRA]})"


def with_cost(comparison, row):
    """A finding, and where money is counted and does not lead, what the plan costs more."""
    return "; ".join(filter(None, (finding(comparison, row), _cost_beside(comparison, row))))


def _cost_beside(comparison, row):
    """What a plan costs more, where that is not what leads; nothing where money is not counted."""
    plan, metric = row.name
    return "" if metrics.UNITS[metric].startswith(metrics.MONEY) else extra_cost(comparison, plan)


def _titled(comparison, row):
    """A finding, or where its number is noise what it would take, as a sentence without its dot.

    The extra cost stands beside it unless it is noise itself.
    """
    plan, metric = row.name
    sentence = finding(comparison, row)
    noise = differs(row) and is_noise(row["mean"], row["mc_error"])
    if noise and metrics.BY_NAME[metric].event and not other_terms(comparison, plan, metric):
        return _none_raises(comparison, row.to_frame().T.infer_objects())
    if noise:
        draws = comparison.design["draws"]
        needed = more_draws(draws, row["mean"], row["mc_error"], comparison.floor(plan, metric))
        what = label(metric)
        sentence = (
            f"{plan} and {comparison.reference} cannot be told apart by {draws:,} draws in {what}: "
            f"{needed}"
        )
    cost = comparison.row(plan, EXTRA)
    beside = "" if is_noise(cost["mean"], cost["mc_error"]) else _cost_beside(comparison, row)
    return "; ".join(filter(None, (sentence, beside)))


def _claim(row, size):
    """How much more or less a plan has, as a verb and what follows; a size that rounds to 0 too."""
    metric = row.name[1]
    none = not size.strip("0.")  # too small for the step its interval bears
    more = "more" if row["mean"] > 0 else "less"
    amount = "about the same" if none else f"{size} {unit(row)} {more}"
    if metric == "work_delivered":
        return f"delivers {amount}"
    if metric == EXTRA:
        return f"costs {amount}"
    if metric in ("finish_week", "weeks_to_done"):
        if none:
            return "finishes its backlog at about the same time"
        return f"finishes its backlog {size} {unit(row)} {'later' if row['mean'] > 0 else 'sooner'}"
    what = label(metric)
    if not none and what.split()[0] == unit(row):  # "tasks done" are counted in tasks
        return f"has {size} {'more' if row['mean'] > 0 else 'fewer'} {what}"
    return f"has {amount} {what}"


def sentences(comparison):
    """What was found of each plan: the difference, when it breaks even, what else differs."""
    table, even = comparison.summary(), comparison.break_even()
    said = []
    for plan in comparison.plans:
        rows = table.loc[[plan]]
        mains = list(dict.fromkeys((comparison.metric, comparison.flow)))
        said += [_difference(comparison, rows.loc[(plan, m)]) for m in mains]
        flow = comparison.flow
        if differs(rows.loc[(plan, flow)]) and not other_terms(comparison, plan, flow):
            said.append(_break_even(comparison, plan, even.loc[plan]))
        said.append(_others(comparison, plan, rows, mains))
    said.append(_nobody_could(comparison))
    return [line for line in said if line]


def _nobody_could(comparison):
    """Tickets that nobody could do, where what leads is of a backlog."""
    if comparison.metric not in OF_BACKLOG:
        return ""
    results = comparison.results
    given_up = {label: float(result.values(GIVEN_UP).mean()) for label, result in results.items()}
    return nobody_could(given_up, {label: result.scenario for label, result in results.items()})


def _difference(comparison, row):
    """The difference in one metric, how likely it is better, and how much of it is luck."""
    said = [told(comparison, row)]
    if differs(row):
        odds = "" if other_terms(comparison, *row.name) else better(row)
        said += [_relative(comparison, row), odds, _luck(row)]
    return " ".join(filter(None, said))


def _relative(comparison, row):
    if math.isnan(row["percent"]):
        return ""
    numbers = (row[column] for column in ("percent", "percent_low", "percent_high"))
    size, *ends = signed(*numbers, error=percent_error(row))
    kind = _kind(comparison)
    if not size.strip("0."):  # too small for the step its error bears
        told = f"In percent of {comparison.reference} no difference can be told"
        return f"{told} ({kind} {ends[0]}% to {ends[1]}%)."
    return f"That is {size}% of {comparison.reference} ({kind} {ends[0]}% to {ends[1]}%)."


def better(row):
    """How likely a plan is better, in words; nothing where neither more nor less is."""
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


def _break_even(comparison, plan, row):
    """When the plan is ahead for good, and in how many worlds it never is."""
    odds = " to ".join(percent(row[end]) for end in ("never_low", "never_high"))
    never = f"never within the horizon in {percent(row['never'])} ({odds}) of worlds"
    if row["same"] > UNDEFINED:
        never += f"; {percent(row['same'])} of worlds do not differ, and count half as ahead"
    return (
        f"Break-even of {plan} with {comparison.reference} in {label(comparison.flow)}, ahead "
        f"and ahead for good in half of the worlds: {row['text']}; {never}."
    )


def break_even_words(row, weeks):
    """A row of `Comparison.break_even` in words: the week and its 95% interval.

    A week by which it cannot be told who is ahead for good (`paired.last_judged`) is "later".
    """
    if math.isnan(row["week"]):
        return "no difference"
    if math.isinf(row["week_low"]):
        return f"never within {weeks_of(weeks)}"
    judged = paired.last_judged(weeks)
    week, low, high = (
        f"{row[name]:.0f}" if row[name] <= judged else "later"
        for name in ("week", "week_low", "week_high")
    )
    if low == "later":
        return f"not by week {judged}; whether later cannot be told within {weeks_of(weeks)}"
    told = f"week {week}" if week != "later" else f"not by week {judged}"
    return told if low == high else f"{told} (95% interval {low} to {high})"


def _others(comparison, plan, rows, told):
    """The other metrics whose difference is told apart from none."""
    others = [m for m in LABELS if m not in told and (plan, m) in rows.index]
    clear = []
    for metric in others:
        row = rows.loc[(plan, metric)]
        if differs(row) and not includes_zero(row):
            numbers = amounts(row, "mean", "ci_low", "ci_high")
            size, low, high = signed(*numbers, error=error_of(row))
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
