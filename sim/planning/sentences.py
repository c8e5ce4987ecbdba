"""What the planning page says, in one sentence: rough while few worlds are there, never surer."""

import datetime
import math

from sim.experiments.leading import WORK
from sim.records.words import (
    DIRECTIONS,
    capital,
    chances,
    decimals,
    percent,
    rounded,
    signed,
    units,
)
from sim.records.words import label as label_of
from sim.records.words import weeks as weeks_of
from sim.scenario.calendar_days import day_at_end_of, day_words

HOURS_OF_WORK = "hours of expert work"  # what a manager reads for expert-h
TOLD_APART = 2  # standard errors between a difference and none, below which none is told


def too_close(mean, error):
    """Whether a difference is less than what so few worlds can tell from none."""
    return not (abs(mean) > 0 and abs(mean) >= TOLD_APART * error)


def deadline_words(plan):
    """A plan's deadline in words, such as "by 26 March 2027"."""
    day = plan.answer.by or day_at_end_of(plan.by_week, plan.horizon.start)
    return f"by {day_words(datetime.date.fromisoformat(day))}"


def unit_words(plan, metric):
    """Unit of a metric as it is told."""
    unit = units(plan)[metric]
    return unit.replace("expert-h", HOURS_OF_WORK)


def rough(value):
    """A number to its first figure: 2,000 of 2,490; with its sign where it is below nothing."""
    if not value or not math.isfinite(value):
        return rounded(value)[0]
    place = -math.floor(math.log10(abs(value)))
    return decimals(round(value, place), places=max(0, place))[0]


def rough_chance(share):
    """A chance to tens of percent."""
    return "under 10%" if share < 0.05 else "over 90%" if share > 0.95 else f"{round(share, 1):.0%}"


def answer(plan, metric, row, design, cost):
    """The answer in one sentence, and one on its cost where there is one.

    plan    Scenario of the plan, which has the words and units of today too
    metric  that leads
    row     of `sim.analysis.paired.compare`: the plan less today
    design  (worlds, whether they are few)
    cost    (mean, error) of what the plan costs more, or None
    returns (verdict, sentence): "better", "worse", "close", "same" or "unknown"
    """
    worlds, coarse = design
    verdict = _verdict(metric, row)
    told = _event if metric == "done_by" else _number
    sentence = told(plan, metric, row, verdict, worlds, coarse)
    if verdict != "unknown" and cost is not None:
        mean, error = cost
        sentence += _cost(plan, mean, error, coarse)
    return verdict, sentence


def of_today(plan, metric, estimate, worlds, coarse):
    """What is known of today where the plan changes nothing: a sentence.

    estimate : (mean, low, high, error) of the metric
    """
    mean, low, high, error = estimate
    if math.isnan(mean):
        return f"Today: {label_of(metric)} has no value in too many of {worlds:,} runs."
    if metric == "done_by":
        chance = rough_chance(mean) if coarse else f"{percent(mean)} ({_ends(low, high)})"
        sentence = f"Today the chance to be done {deadline_words(plan)} is {_about(coarse)}{chance}"
        return f"{sentence}. Change something, and see what moves."
    told = rough(mean) if coarse else rounded(mean, error=error)[0]
    span = weeks_of(plan.horizon.weeks)
    what = f"Today the team delivers {_about(coarse)}{told}" if metric == WORK else None
    what = what or f"Today {label_of(metric)} is {_about(coarse)}{told}"
    known = ""
    if not coarse and not math.isnan(low):
        ends = " and ".join(rounded(low, high, error=error))
        known = f" What nobody knows puts it between {ends}."
    unit = unit_words(plan, metric)
    return f"{what} {unit} in {span}.{known} Change something, and see what moves."


def _about(coarse):
    return "roughly " if coarse else "about "


def _ends(low, high):
    return f"95% range {percent(low)} to {percent(high)}"


def _verdict(metric, row):
    mean, error = row["mean"], row["mc_error"]
    if math.isnan(mean):
        return "unknown"
    if not mean and not error:
        return "same"
    if too_close(mean, error):
        return "close"
    return "better" if mean * (DIRECTIONS[metric] or 1) > 0 else "worse"


def _event(plan, metric, row, verdict, worlds, coarse):
    """A chance: that of the plan beside that of today."""
    when = deadline_words(plan)
    shown = rough_chance if coarse else percent
    here, there = shown(row["plan_mean"]), shown(row["reference_mean"])
    if verdict == "same":
        return f"No difference: the chance to be done {when} is {_about(coarse)}{here} either way."
    if verdict == "close":
        both = f"{_about(coarse)}{here} with the plan, {there} today"
        return f"Too close to call: {both}. {worlds:,} runs cannot tell the two apart."
    if coarse:
        way = "likelier" if verdict == "better" else "less likely"
        return f"Done {when} is {way} with the plan: roughly {here}, today roughly {there}."
    here, there, _ = chances(row["plan_mean"], row["reference_mean"])
    points = [100 * row[name] for name in ("mean", "ci_low", "ci_high")]
    places = 0 if round(points[0]) else 1
    size, *ends = decimals(*map(abs, points), places=places)
    ends = [text for _, text in sorted(zip(map(abs, points[1:]), ends, strict=True))]
    way = "more" if verdict == "better" else "fewer"
    return (
        f"With the plan the chance to be done {when} is {here}, today {there}: {size} points "
        f"{way} (95% range {ends[0]} to {ends[1]})."
    )


def _number(plan, metric, row, verdict, worlds, coarse):
    """A number: how much more or less it is with the plan."""
    unit, span, name = unit_words(plan, metric), weeks_of(plan.horizon.weeks), label_of(metric)
    if verdict == "unknown":
        return f"{capital(name)} has no value in too many of {worlds:,} runs."
    if verdict == "same":
        return f"No difference in {name}, in any of {worlds:,} runs."
    if verdict == "close":
        return (
            f"Too close to call: {worlds:,} runs cannot tell the plan's {name} from today's "
            f"over {span}."
        )
    more = "more" if row["mean"] > 0 else "less"
    more = {"more": "later", "less": "sooner"}[more] if unit == "weeks" else more
    if coarse:
        return f"{capital(name)}: roughly {rough(abs(row['mean']))} {unit} {more} than today."
    error = row["mc_error"]
    size = rounded(abs(row["mean"]), error=error)[0]
    here, there = rounded(row["plan_mean"], row["reference_mean"], error=error)
    ends = signed(row["ci_low"], row["ci_high"], error=error)
    return (
        f"{capital(name)}: about {size} {unit} {more} than today in {span}, {here} against "
        f"{there}. What nobody knows puts the difference between {ends[0]} and {ends[1]}."
    )


def _cost(plan, mean, error, coarse):
    """What a plan costs more, as a sentence; nothing where that cannot be told from nothing."""
    if too_close(mean, error):
        return ""
    size = rough(abs(mean)) if coarse else rounded(abs(mean), error=error)[0]
    more, span = "more" if mean > 0 else "less", weeks_of(plan.horizon.weeks)
    return f" It costs {_about(coarse)}{size} {plan.money.currency} {more} in {span}."
