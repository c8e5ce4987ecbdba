"""Numbers and names as words, for sentences, tables and figures.

Numbers are rounded to what they can bear, with their sign.
"""

import math

from sim.engine import metrics

# Words for the metrics a manager is told about, in the order they are told.
LABELS = {name: metrics.BY_NAME[name].words for name in metrics.listed("told")}


def label(name):
    """A metric or flow in words."""
    return LABELS.get(name, name.replace("_", " "))


def output_label(name):
    """An output of an analysis in words: "work delivered", "work delivered up to week 13"."""
    flow, at, week = name.partition("@")
    words = flow.replace("_", " ")
    return f"{words} up to week {week}" if at else words


def rounded(*numbers, finest=12):
    """Numbers as text, to the same step: three figures of the largest, e.g. 2,540 and 750.

    finest : int, the most decimals
    """
    largest = max(map(abs, numbers))
    places = min(finest, 2 - math.floor(math.log10(largest))) if largest > 0 else 0
    texts = (f"{round(number, places) + 0.0:,.{max(places, 0)}f}" for number in numbers)
    return tuple(text.replace("-", "−") for text in texts)


def signed(*numbers, finest=12):
    """As `rounded`, with a plus before what is above zero."""
    texts = zip(numbers, rounded(*numbers, finest=finest), strict=True)
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


def capital(sentence):
    """A sentence with a capital, unless it starts with the name of a parameter."""
    first = sentence.split(" ", 1)[0]
    return sentence if set("._") & set(first) else sentence[0].upper() + sentence[1:]
