"""What tables of a scenario file ask of each other: a rule each, which yields its faults.

A rule reads a plan's tables by their names, as `tables.Levers` holds them. In a file with other
faults it reads those keys that are sound, and is left out where it needs one that is not.
"""

import math
from collections.abc import Iterator
from typing import Any

from sim.errors import did_you_mean, near, shown
from sim.scenario.calendar_days import first_day, is_month, week_at_end_of
from sim.scenario.freeze import MAX_FREEZES
from sim.scenario.metric_names import METRIC_NAMES, lacks
from sim.scenario.people import group_of, groups_of, middles
from sim.scenario.rollouts import MAX_ROLLOUTS
from sim.scenario.running import OVER, today
from sim.scenario.trainings import MAX_COHORTS, participants
from sim.scenario.values import LEVELS, MAX_DOMAINS, MAX_PEOPLE, ROUNDING, Fault, Rule


def _metric_is_known(plan: Any) -> Iterator[Fault]:
    metric = plan.answer.metric
    if metric not in METRIC_NAMES:
        hint = did_you_mean(metric, METRIC_NAMES) or "; use one of the summary's"
        yield f"answer.metric = {shown(metric)}", f"unknown metric{hint}"


def answer_has_what_it_needs(plan: Any) -> Iterator[Fault]:
    """What the metric of the answer needs and the plan does not state.

    A backlog is left out where a deadline asks for it, by its own rule.

    plan : its tables, as of the rules
    """
    metric = plan.answer.metric
    lacking = lacks(plan, metric) if metric in METRIC_NAMES else ""
    dated = lacking == "tasks.backlog" and (plan.answer.by or plan.answer.by_week) is not None
    if lacking and not dated:
        yield f"answer.metric = {shown(metric)}", f"must state {lacking} for it"


def _not_too_many_rollouts(plan: Any) -> Iterator[Fault]:
    count = len(plan.rollout or [])
    if count > MAX_ROLLOUTS:
        yield "rollout", f"{count} rows: must be {MAX_ROLLOUTS} or fewer"


def _rollouts_share_a_world(plan: Any) -> Iterator[Fault]:
    for place, row in enumerate(plan.rollout or [], 1):
        if row.world and row.world != plan.tool.world:
            one = "what is believed of the world is one for all tools; state it in [world]"
            yield f"rollout[{place}].world", one


def _not_too_many_cohorts(plan: Any) -> Iterator[Fault]:
    if len(plan.cohorts) > MAX_COHORTS:
        must = f"must be {MAX_COHORTS} or fewer, that of [training] among them"
        yield "trainings", f"{len(plan.cohorts)} cohorts: {must}"


def _not_too_many_people(plan: Any) -> Iterator[Fault]:
    there = sum(group.count for group in groups_of(plan.team, plan.people))
    total = there + sum(row.count for row in plan.joiners)
    if total > MAX_PEOPLE:
        rows = "[[people]] and [[joiners]]"
        yield "team", f"{total} people with {rows}: must be {MAX_PEOPLE} or fewer"


def _domains_are_all_of_the_work(plan: Any) -> Iterator[Fault]:
    shares = list(plan.domains.values())
    if len(shares) > MAX_DOMAINS:
        yield "domains", f"{len(shares)} of them: must be {MAX_DOMAINS} or fewer"
    if not all(value >= 0 for value in shares):
        yield "domains", "shares must be 0 or more"
    elif shares and abs(sum(shares) - 1) > ROUNDING:
        yield "domains", f"shares sum to {sum(shares):g}: must sum to 1"


def _trainings_of_known_domains(plan: Any) -> Iterator[Fault]:
    known = list(plan.domains)
    for path, training in ({"training": plan.training} | plan.cohorts).items():
        if training.domain is not None and training.domain not in known:
            hint = near(training.domain, known or ["[domains], which is empty"])
            yield f"{path}.domain", f"unknown domain{hint}"


def _levels_of_every_domain(table: str) -> Rule:
    def rule(plan: Any) -> Iterator[Fault]:
        for place, row in enumerate(getattr(plan, table), 1):
            if isinstance(row.level, dict) and set(row.level) != set(plan.domains):
                stated = ", ".join(plan.domains) or "none"
                must = f"must state each of [domains] ({stated})"
                yield f"{table}[{place}].level", f"states {', '.join(row.level)}: {must}"

    return rule


def _trainings_end_in_time(plan: Any) -> Iterator[Fault]:
    weeks = plan.horizon.weeks
    for path, training in plan.cohorts.items():
        if training.start_week + training.weeks > weeks:
            end = f"{training.start_week} + {training.weeks}"
            yield path, f"start_week + weeks = {end}: must not exceed horizon.weeks = {weeks}"


def _turns_in_time(table: str) -> Rule:
    def rule(plan: Any) -> Iterator[Fault]:
        for place, row in enumerate(getattr(plan, table), 1):
            if row.week >= plan.horizon.weeks:
                must = f"must be below horizon.weeks = {plan.horizon.weeks}"
                yield f"{table}[{place}].week", f"{row.week}: {must}"

    return rule


def _weeks_in_time(table: str, key: str) -> Rule:
    def rule(plan: Any) -> Iterator[Fault]:
        stated = getattr(plan, table)
        for place, week in enumerate([] if stated is None else getattr(stated, key), 1):
            if week >= plan.horizon.weeks:
                must = f"must be below horizon.weeks = {plan.horizon.weeks}"
                yield f"{table}.{key}[{place}]", f"{week}: {must}"

    return rule


def _not_too_many_freezes(kind: str) -> Rule:
    def rule(plan: Any) -> Iterator[Fault]:
        if plan.freeze is None:
            return
        count = len(plan.freeze.spans(kind, plan.horizon.start, plan.horizon.weeks))
        if count > MAX_FREEZES:
            must = f"must be {MAX_FREEZES} or fewer, days in a row being one"
            yield f"freeze.{kind}s", f"{count} freezes in the run: {must}"

    return rule


def _now_is_of_the_backlog(plan: Any) -> Iterator[Fault]:
    if plan.now is None or plan.tasks.backlog == plan.now.open:
        return
    if plan.tasks.backlog is None:
        is_backlog = "is a backlog, which has no tasks.arrivals_per_week; leave that out"
        yield f"now.open = {plan.now.open}", is_backlog
    else:
        must = f"must be now.open = {plan.now.open}; change now.open"
        yield "tasks.backlog", f"{plan.tasks.backlog}: {must}"


def _reviews_that_wait_are_made(plan: Any) -> Iterator[Fault]:
    if plan.now is not None and plan.now.waiting_review and plan.policy.review == "none":
        yield "now.waiting_review", "nothing is reviewed: policy.review is 'none'"


def _pay_of_everybody(plan: Any) -> Iterator[Fault]:
    if plan.money is None:
        return
    there = [*groups_of(plan.team, plan.people), *(group_of(row, []) for row in plan.joiners)]
    for role in ("engineer", "adjacent"):
        paid = any(g.role == role and g.cost_per_hour is None for g in there)
        if paid and plan.money.cost_per_hour(role) is None:
            by_level = f"a salary a year for each of {', '.join(LEVELS)}"
            hourly = f"money.{role}, the cost of an hour"
            yield (
                "money",
                f"no pay of role {role}: state money.salary.{role}, {by_level}; or {hourly}",
            )


def _deadline_of_a_backlog(key: str) -> Rule:
    def rule(plan: Any) -> Iterator[Fault]:
        value = getattr(plan.answer, key)
        if value is None:
            return
        if plan.tasks.backlog is None:
            yield f"answer.{key}", "needs tasks.backlog, the work that is to be done"
            return
        weeks, over = plan.horizon.weeks, 0 if plan.now is None else plan.now.week
        week = week_at_end_of(value, plan.horizon.start) if key == "by" else value
        if key == "by" and week <= over:
            start = today(plan.horizon.start, over) if over else plan.horizon.start
            yield "answer.by", _too_early(value, start)
        if week > weeks:
            said = f'"{value}" is the end of week {week:g}' if key == "by" else f"{value:g}"
            longer = f"raise horizon.weeks to {math.ceil(week)} or more"
            yield f"answer.{key}", f"{said}: must not exceed horizon.weeks = {weeks}; {longer}"

    return rule


def _too_early(day: str, start: str) -> str:
    """Why no week of a run is over when a day ends."""
    first = first_day(start)
    begins = f"on {first:%A} {first}" + (
        f', the first Monday of "{start}"' if is_month(start) else ""
    )
    if day < first.isoformat():
        return f'"{day}" is before the run, which begins {begins}; state a later day'
    return f'"{day}": no working day is over by then, as the run begins {begins}; state a later day'


def _leavers_are_there(plan: Any) -> Iterator[Fault]:
    seen = set()
    for place, row in enumerate(plan.leavers, 1):
        if (row.level, row.role) in seen:
            continue
        seen.add((row.level, row.role))
        like = [g for g in groups_of(plan.team, plan.people) if g.is_stated_as(row)]
        there = sum(group.count for group in like)
        asked = sum(r.count for r in plan.leavers if (r.level, r.role) == (row.level, row.role))
        if asked > there:
            leave = f"{asked} people of this level and role leave, {there} are in the team"
            yield f"leavers[{place}]", leave


def somebody_is_eligible(plan: Any) -> Iterator[Fault]:
    """Each training in which nobody who is there at the start may take part.

    plan : its tables, as of the rules
    """
    cohorts, groups = plan.cohorts, groups_of(plan.team, plan.people, plan.domains)
    try:
        chosen = participants(list(cohorts.values()), middles(groups), list(plan.domains))
    except ValueError:  # a domain that is none, a fault of its own
        return
    for (path, training), places in zip(cohorts.items(), chosen, strict=True):
        if not places:
            free = " who is in no other cohort then" if len(cohorts) > 1 else ""
            levels = f"from {training.from_level} up to below {training.target}"
            nobody = f"of role {training.role} nobody there at the start{free} is {levels}"
            yield f"{path}.seats = {training.seats}", f"nobody is eligible; {nobody}"


CROSS_CHECKS: tuple[Rule, ...] = (
    _metric_is_known,
    _not_too_many_rollouts,
    _rollouts_share_a_world,
    _not_too_many_cohorts,
    _not_too_many_people,
    _domains_are_all_of_the_work,
    _trainings_of_known_domains,
    _levels_of_every_domain("people"),
    _levels_of_every_domain("joiners"),
    _trainings_end_in_time,
    _turns_in_time("joiners"),
    _weeks_in_time("absence", "holiday_weeks"),
    _weeks_in_time("freeze", "review_weeks"),
    _weeks_in_time("freeze", "release_weeks"),
    _turns_in_time("leavers"),
    _not_too_many_freezes("review"),
    _not_too_many_freezes("release"),
    _now_is_of_the_backlog,
    _reviews_that_wait_are_made,
    _pay_of_everybody,
    _deadline_of_a_backlog("by"),
    _deadline_of_a_backlog("by_week"),
    _deadline_of_a_backlog("up_to_week"),
    _leavers_are_there,
    *OVER,
)
