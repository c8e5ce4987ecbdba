"""Numbers and names as words, for sentences, tables and figures.

Numbers are rounded to what they can bear, with their sign.
"""

import math
import re
import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

from sim.engine import metrics
from sim.parameters import register
from sim.scenario import LEVELS, schema
from sim.scenario.calendar_days import day_at_end_of, day_words, first_day

# Words for the metrics a manager is told about, in the order they are told.
LABELS = {name: metrics.BY_NAME[name].words for name in metrics.listed("told")}
# Outputs whose name says its words in another order.
_ORDERED = {
    "tasks_done_average": "average tasks done", "tasks_done_advanced": "advanced tasks done",
}  # fmt: skip


@cache
def parameters():
    """Parameters of the register in words: dict, name -> words."""
    return tomllib.loads(files(__package__).joinpath("parameters.toml").read_text(encoding="utf-8"))


def label(name):
    """A metric or flow in words."""
    return LABELS.get(name, name.replace("_", " "))


def plan_title(name):
    """A plan's name as a title: "done-by-march/hire-an-expert" is "hire an expert".

    A label that has spaces was written for people, and stays.
    """
    if " " in name.strip():
        return mix_words(name)
    last = name.rstrip("/").rpartition("/")[2].removesuffix(".toml")
    return last.replace("-", " ").replace("_", " ").strip() or name


_MIX = re.compile(r"\d+ [a-z]+(?:(?: \+ |, )\d+ [a-z]+)*")
_SEVERAL = {level: f"{level}s" for level in ("novice", "beginner", "intermediate", "expert")}


def mix_words(label):
    """The label of a mix of levels as people: "5 novice + 4 expert" is "5 novices, 4 experts"."""
    if not _MIX.fullmatch(label):
        return label
    parts = [part.split() for part in re.split(r" \+ |, ", label)]
    if not all(level in LEVELS for _, level in parts):
        return label
    told = (f"{n} {level if n == '1' else _SEVERAL.get(level, level)}" for n, level in parts)
    return ", ".join(told)


def plan_subject(name):
    """A plan as the subject of a sentence: its title in quotes, unless its label is for people.

    "hire" is “hire”, which pays or delivers as “hire an expert” does.
    """
    return name if " " in name.strip() else f"“{plan_title(name)}”"


def with_titles(text, names):
    """A text in which names of plans stand as titles in quotes; labels for people stay."""
    named = "|".join(map(re.escape, sorted(filter(str.strip, names), key=len, reverse=True)))
    if not named:
        return text
    return re.sub(rf"(?<![\w/“-])(?:{named})(?![\w/”-])", lambda at: plan_subject(at[0]), text)


def output_label(name):
    """An output of an analysis in words: "work delivered", "work delivered up to week 13"."""
    flow, at, week = name.partition("@")
    words = _ORDERED.get(flow) or (flow.replace("_", " ") if at else label(flow))
    return f"{words} up to week {week}" if at else words


_WHATEVER_ERROR = ContextVar("_WHATEVER_ERROR", default=False)


@contextmanager
def three_figures():
    """Within it numbers have three figures whatever their error, as earlier versions told them."""
    token = _WHATEVER_ERROR.set(True)
    try:
        yield
    finally:
        _WHATEVER_ERROR.reset(token)


def as_earlier():
    """Whether numbers and intervals are told as earlier versions told them: `three_figures`."""
    return _WHATEVER_ERROR.get()


def within_interval(kind, low, high):
    """An interval in brackets, both ends as they are printed; never stands for both of its ends.

    kind : what it is, such as "95% numerical interval"
    """
    if low == high and low.startswith("never") and not as_earlier():
        return f"({kind}: {low} throughout)"
    return f"({kind} {low} to {high})"


def rounded(*numbers, finest=12, error=math.nan):
    """Numbers as text, to the same step: three figures of the largest, e.g. 2,540 and 750.

    finest : int, the most decimals
    error : simulation error of the first; the step is not finer than it supports: a power of ten,
        half of which the error is or more, which NaN and 0 leave out
    """
    largest = max((abs(number) for number in numbers if math.isfinite(number)), default=0.0)
    if largest == 0:
        return _texts(numbers, 0)
    return decimals(*numbers, places=min(finest, 2 - math.floor(math.log10(largest))), error=error)


def decimals(*numbers, places, error=math.nan):
    """Numbers as text with so many decimals, fewer where their error supports no more.

    places : below nothing for steps of tens and more
    error : as for `rounded`
    """
    if 0 < error < math.inf and not as_earlier():
        places = min(places, -math.floor(math.log10(2 * error)))
    return _texts(numbers, places)


def _texts(numbers, places):
    texts = (
        f"{round(number, places) + 0.0:,.{max(places, 0)}f}"
        if math.isfinite(number)
        else f"{number}".replace("inf", "∞")
        for number in numbers
    )
    return tuple(text.replace("-", "−") for text in texts)


def error_told(error, unit):
    """Simulation error of a number as it is told, for `rounded`.

    unit : of the error; a share is told in percent, and never to a coarser step than one percent
    """
    return min(100 * error, 0.5) if unit == "share" else error


def error_listed(error, unit):
    """Simulation error of a number of a table in its own unit, for `rounded`.

    A share, 0.62, is never told to a coarser step than one hundredth, as percents are not.
    """
    return min(error, 0.005) if unit == "share" else error


Z = 1.959963984540054  # of a normal 95% interval


def numerical_error(value, low, high):
    """Simulation error of a number whose 95% interval tells nothing else, by its shorter side.

    A side of no length, where a number cannot be less, and one without an end do not tell.
    """
    if not math.isfinite(value):
        return math.nan
    sides = [side for side in (value - low, high - value) if 0 < side < math.inf]
    return min(sides) / Z if sides else math.nan


NOISE = 3  # how many times its simulation error a number must be from zero to be a title


def is_noise(value, error):
    """Whether a number's simulation error is over a third of its distance from zero."""
    return NOISE * error > abs(value)


def more_draws(draws, value, error, floor=0.0):
    """How many draws would tell a number from zero, in words: half a sentence.

    draws : int, there are, with which the number has so large an error
    floor : part of the error that no draws take out
    """
    if value == 0:
        return "more may tell"
    goal = (abs(value) / NOISE) ** 2 - floor**2
    if goal <= 0:
        return "no number of draws would, for so few rows of the posterior"
    (needed,) = rounded(draws * (error**2 - floor**2) / goal, finest=-2 if draws > 500 else -1)
    return f"about {needed} would"


def number(value):
    """One number as text, three figures of it; "-" where there is none."""
    return "-" if value is None or math.isnan(value) else rounded(value)[0]


def span(low, high, signs=False, error=math.nan):
    """An interval as text, both ends to the same step; "-" where there is none.

    signs : whether what is above zero gets a plus
    error : as for `rounded`
    """
    if math.isnan(low) or math.isnan(high):
        return "-"
    return " to ".join((signed if signs else rounded)(low, high, error=error))


def includes_none(low, high):
    """Whether an interval of a difference includes none, from both ends as `signed` tells them."""
    return not (low[0] == high[0] and low[0] in "+−")


def too_close(sentence):
    """A sentence that names a leader whose lead may be none: the verdict stands before it."""
    first, space, rest = sentence.partition(" ")
    first = first.lower() if first in ("Against", "Of", "Per", "With") else first
    return f"Too close to call: {first}{space}{rest}"


def estimate(value, low, high, *, signs=False, finest=12, error=math.nan):
    """An estimate and its interval as two texts to the same step; "-" for what there is not.

    signs : whether what is above zero gets a plus
    error : simulation error of the value, as for `rounded`
    """
    as_text = signed if signs else rounded
    if math.isnan(value):
        return "-", "-"
    if math.isnan(low) or math.isnan(high):
        return as_text(value, error=error)[0], "-"
    size, *ends = as_text(value, low, high, finest=finest, error=error)
    return size, " to ".join(ends)


def share(value):
    """A share as whole percent, "-" where there is none."""
    return "-" if math.isnan(value) else percent(value)


def signed(*numbers, finest=12, error=math.nan):
    """As `rounded`, with a plus before what is above zero."""
    texts = zip(numbers, rounded(*numbers, finest=finest, error=error), strict=True)
    return tuple(f"+{text}" if number > 0 and text.strip("0.,") else text for number, text in texts)


def kind_of_interval(uncertain, luck):
    """What the interval of a run or a comparison is; `estimates.estimate` decides it."""
    if not uncertain:
        return "95% numerical error only,"
    if luck == 1:
        return "95% interval, chance included,"
    return "95% interval of the expectation"


def weeks(count):
    """A span of time: 1 week, 26 weeks."""
    return "1 week" if count == 1 else f"{count} weeks"


def break_even_weeks(numbers, horizon):
    """Three break-even weeks as words: "week 9", "5" and "never within 26 weeks".

    numbers : median, 10% and 90% point [week], infinite for never
    horizon : int [weeks]
    """
    never = f"never within {weeks(horizon)}"
    first, *ends = (never if math.isinf(week) else f"{week:.0f}" for week in numbers)
    return (first if first == never else f"week {first}", *ends)


def percent(share):
    """A share as whole percent; a share that is not quite all or nothing is not called so."""
    if 1e-9 < share < 0.01:
        return "under 1%"
    if 0.99 < share < 1 - 1e-9:
        return "over 99%"
    return f"{share:.0%}"


def shares_of_all(*shares):
    """Estimates of shares of a whole as text: none at least and all at most, whatever the noise."""
    return tuple(percent(min(max(float(share), 0.0), 1.0)) for share in shares)


def by_when(plan, day=False):
    """A plan's deadline in words: by week 20, or by the end of 15 March 2027.

    day : whether the day on which a week ends is told beside it
    """
    if plan.answer.by is not None:
        return f"by the end of {date(plan.answer.by)}"
    return f"by {week(plan, plan.by_week)}" if day else f"by week {plan.by_week:g}"


def date(day):
    """A day, YYYY-MM-DD, in words: 26 March 2027; of a month its first Monday, as runs start."""
    return day_words(first_day(day))


def week(plan, number):
    """A week of a plan with the day on which it ends: week 20 (26 March 2027)."""
    if number <= 0:
        return f"week {number:g}"  # before the first day is over
    return f"week {number:g} ({date(day_at_end_of(number, plan.horizon.start))})"


def tickets(plan):
    """What of a backlog must be done, in words: "the 160 tickets", "95% of 160 tickets"."""
    backlog, share_ = plan.tasks.backlog, plan.tasks.done_share
    before = plan.now.done if plan.now else 0  # which count towards the share
    if share_ < 1:
        whole = f"all {backlog + before:,}" if before else f"{backlog:,}"
        return f"{100 * share_:.6g}% of {whole} tickets"
    if backlog == 1:
        return "the one ticket"
    return f"the {backlog:,} tickets"


MOST_DECIMALS = 1  # of a chance; thirds, as 22 and 20 of 30 worlds, agree at none


def chances(here, there, least=0):
    """Two probabilities as percent, and the decimals from which they differ as their difference.

    Both rounded to whole percents may differ by a point more or less than their difference does:
    61.6% and 59.4%, by 2.2 points, are not 62% and 59%. They have as many decimals as it takes,
    MOST_DECIMALS at the most, where their difference may be out by one in the last.

    least : decimals to begin with
    returns : (text, text, decimals)
    """
    for places in range(least, max(least, MOST_DECIMALS) + 1):
        step = 10**places
        apart = round(step * 100 * here) - round(step * 100 * there)
        if apart == round(step * 100 * (here - there)):
            break
    if places == 0:
        return percent(here), percent(there), places
    return (*(f"{100 * chance:.{places}f}%" for chance in (here, there)), places)


def mean_count(mean):
    """A mean of a count as text, to a tenth: what is less is called so."""
    return "under 0.1" if 0 < mean < 0.05 else rounded(mean, finest=1)[0]


def counted_to(plan):
    """Up to which week time and cost until done are counted, in words."""
    return f"counted to week {plan.up_to_week:g}"


def capital(sentence):
    """A sentence with a capital, in its quotes, unless it starts with the name of a parameter."""
    first, at = sentence.split(" ", 1)[0], len(sentence) > 1 and sentence[0] == "“"
    return sentence if set("._") & set(first) else sentence[: at + 1].upper() + sentence[at + 1 :]


# ---- which way is better, for each metric and weekly flow ----------------------------------------


DIRECTIONS = {flow.name: flow.better for flow in metrics.WEEKLY} | {
    metric.name: metric.better for metric in metrics.METRICS
}

# Metrics that are undefined because it did not happen within the horizon: later than any week.
NEVER = frozenset(metric.name for metric in metrics.METRICS if metric.never)


# ---- units of metrics, outputs and factors, in words ---------------------------------------------


def units(plan):
    """Unit of every metric: name -> text, with the plan's currency where it states one."""
    currency = plan.money.currency if plan.money else metrics.MONEY
    return {name: unit.replace(metrics.MONEY, currency) for name, unit in metrics.UNITS.items()}


def unit_of_output(name):
    """Unit of an output of an analysis, such as "work_delivered" or "tasks_done@13"."""
    flow = name.partition("@")[0]
    return metrics.UNITS.get(flow) or metrics.FLOW_UNITS[flow]


@cache
def _tables():
    """The schema of plans, made once; to be read alone."""
    return schema()


def unit_of_factor(path):
    """Unit of a factor, such as "people" or "share"; empty where it has none."""
    name = path.removeprefix("world.")
    if path.startswith("world.") and name in register():
        return register()[name].unit
    place = tables = _tables()
    for part in path.split("."):
        place = place.get("items" if part.isdecimal() else "properties", {})
        place = place if part.isdecimal() else place.get(part, {})
        places = [place, *place.get("anyOf", ()), *place.get("allOf", ())]
        named = next((p["$ref"] for p in places if "$ref" in p), None)
        if named:
            place = tables["$defs"][named.rpartition("/")[2]]
    return place.get("unit", "")
