"""Axes of time: weeks of a run as months of the calendar.

What is drawn stays in weeks; only ticks and words are dates, as `horizon.start` says.
"""

import datetime
import math

from sim.scenario.calendar_days import MONTHS, day_words, first_day

SHORT = 9  # weeks, up to which days are ticked and no months
STEPS = (1, 2, 3, 6, 12, 24)  # months between ticks
NARROW = 5  # ticks, below which a panel has others beside it: the end of its axis stays free
SATURDAY = 5


def end_of(week, start):
    """The last working day of a week of a run: a date.

    week : weeks from the start, rounded up to whole ones
    start : horizon.start, a month or a day
    """
    day = first_day(start) + datetime.timedelta(days=7 * math.ceil(week) - 1)
    return day - datetime.timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def months(axes, horizon, ticks=7, weeks=None):
    """Tick the x axis of a panel, which is in weeks of a run, at months, or at days if it is short.

    horizon : of a Scenario, with start and weeks
    ticks : most of them
    weeks : that are shown; all by default
    """
    first, weeks = first_day(horizon.start), weeks or horizon.weeks
    marks = _days(first, weeks, ticks) if weeks < SHORT else None
    marks = marks or _firsts(first, weeks, ticks)
    if ticks < NARROW and len(marks) > 2 and marks[-1][0] == weeks:
        marks = marks[:-1]
    axes.set_xticks([week for week, _ in marks], [text for _, text in marks])
    span = "1 week" if weeks == 1 else f"{weeks} weeks"
    axes.set_xlabel(f"{span} from {day_words(first)}")


def _days(first, weeks, most):
    """Starts of weeks as (week, text), the end of the run among them; `most` of them."""
    step = next(step for step in (1, 2, 4, 8) if weeks < step * min(most, NARROW))
    days = ((week, first + datetime.timedelta(days=7 * week)) for week in range(0, weeks + 1, step))
    return [(week, f"{day.day} {MONTHS[day.month - 1][:3]}") for week, day in days]


def _firsts(first, weeks, most):
    """Firsts of months as (week, text), each so many months apart that there are few."""
    firsts = []
    year, month = first.year, first.month
    while True:
        day = datetime.date(year, month, 1)
        week = (day - first).days / 7
        if week > weeks:
            break
        if week >= 0:
            firsts.append((week, day))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    step = next((s for s in STEPS if len(firsts) <= s * most), STEPS[-1])
    shown = [
        (week, day)
        for week, day in firsts
        if (day.month - 1) % step == 0 and (step <= 12 or day.year % 2 == 0)
    ]
    years = [None, *(day.year for _, day in shown)]
    if len(shown) > 1 and shown[1][1].year != shown[0][1].year:
        years[0] = shown[0][1].year  # the next tick tells of the year, and lies near
    return [
        (week, MONTHS[day.month - 1][:3] + ("" if day.year == before else f"\n{day.year}"))
        for (week, day), before in zip(shown, years, strict=False)
    ]
