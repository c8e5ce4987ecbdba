"""What a plan has in stages, in words: tools, cohorts, absence, freezes, chains, today."""

from sim.experiments import levers
from sim.records.words import date, weeks
from sim.scenario import absence
from sim.scenario.calendar_days import DAYS_A_WEEK, day_at_end_of

FULL_WEEK = 40.0  # hours of who is not part-time
MOST_SPANS = 3  # days in a row that a line names


def tools(plan):
    """What people work with, and who begins to use what when, in a few words."""
    later = (
        f"{row.profile} for {levers.reached(row, plan)} {levers.begins(row)}"
        for row in plan.rollout
    )
    return ", ".join([plan.tool.profile, *later])


def in_words(plan):
    """What else a plan has in stages, a phrase each: tuple of str, empty where it has nothing."""
    return (
        *_part_time(plan), *_cohorts(plan), *_away(plan), *_frozen(plan), *_waiting(plan),
        *_unreviewed(plan), *_today(plan),
    )  # fmt: skip


def line(plan):
    """The phrases as a line of a first screen, alone in a list; empty where there are none."""
    told = "; ".join(in_words(plan))
    return [f"with {told}"] if told else []


def _part_time(plan):
    for group in plan.groups:
        if group.hours_per_week != FULL_WEEK:
            people = "1 person" if group.count == 1 else f"{group.count} people"
            yield f"{people} at {group.hours_per_week:g} h a week"


_ROLES = {  # role -> one, several
    "any": ("person", "people"),
    "engineer": ("engineer", "engineers"),
    "adjacent": ("person in an adjacent role", "people in adjacent roles"),
}


def _cohorts(plan):
    for row in plan.cohorts.values():
        begun = f"from week {row.start_week}" if row.start_week else "from the start"
        yield (
            f"{row.seats} {_ROLES[row.role][row.seats > 1]} trained towards {row.target}, "
            f"{weeks(row.weeks)} {begun}"
        )


def _away(plan):
    if plan.absence is None:
        return
    stated = plan.absence
    off = absence.working_days(stated.holidays, stated.holiday_weeks, plan.horizon.start)
    if days := _days(plan, absence.in_a_row(off, plan.horizon.weeks)):
        yield f"nobody at work {days}"
    for share, what in ((stated.leave, "leave"), (stated.sickness, "sickness")):
        if share:
            yield f"{100 * share:g}% {what}"


def _frozen(plan):
    for kind, what in (("review", "no review begun"), ("release", "nothing released")):
        spans = () if plan.freeze is None else plan.freeze.spans(
            kind, plan.horizon.start, plan.horizon.weeks
        )  # fmt: skip
        if days := _days(plan, spans):
            yield f"{what} {days}"


def _days(plan, spans):
    """Working days in a row as dates: "on 26 March 2027, from 24 December 2026 to ..."."""
    start = plan.horizon.start
    told = []
    for first, end in spans:
        one, last = (date(day_at_end_of(day / DAYS_A_WEEK, start)) for day in (first + 1, end))
        told.append(f"on {one}" if one == last else f"from {one} to {last}")
    more = len(told) - MOST_SPANS
    rest = f" and {more} times more" if more > 1 else " and once more" if more == 1 else ""
    return f"{', '.join(told[:MOST_SPANS])}{rest}"


def _waiting(plan):
    if plan.tasks.blocked_share:
        share, length = plan.tasks.blocked_share, plan.tasks.chain_length
        yield f"{100 * share:g}% of tickets waiting for another, in chains of {length}"


def _unreviewed(plan):
    policy = plan.policy
    if policy.unreviewed_share and policy.review != "none":
        yield (
            f"{100 * policy.unreviewed_share:g}% of average work up to {policy.unreviewed_hours:g} "
            "expert-h not reviewed"
        )


def _today(plan):
    now = plan.now
    if now is None:
        return
    parts = (
        (now.done, "done before"), (now.in_hand, "of the open ones in hand"),
        (now.waiting_review, "waiting for review"),
    )  # fmt: skip
    told = [f"{now.open:,} tickets open today", *(f"{n:,} {what}" for n, what in parts if n)]
    yield ", ".join(told)
