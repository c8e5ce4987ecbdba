"""Whom to train, how many and when: the best training under a budget of money and of hours.

Every training is one cohort with the weeks, hours, trainers, target and price of a seat that the
plan's [training] states. Those within the budgets are screened on draws of their own; between the
ones that give most for what they cost, and training nobody, it is decided on fresh draws.
"""

import dataclasses
from collections import Counter

import numpy as np
import pandas as pd

from sim.engine import metrics
from sim.errors import DecideError, count, is_int_or_float, shown
from sim.experiments import leading, limits, workload
from sim.experiments.decide import analysis
from sim.experiments.decide.timing import NOBODY
from sim.records.words import DIRECTIONS
from sim.scenario import LEVELS, as_scenario
from sim.scenario.people import middles
from sim.scenario.trainings import Training, participants

STARTS = 4  # weeks in which a training may begin: now, and later up to the last that it ends in
MOST_TRAININGS = 1000
MOST_HOURS = 1e9
ROLES = ("any", "engineer", "adjacent")


def search_trainings(
    scenario,
    budget=None,
    hours=None,
    metric=None,
    starts=None,
    finalists=analysis.FINALISTS,
    draws=400,
    luck=8,
    seed=1,
    threads=None,
    progress=None,
    worth=None,
    measuring=None,
):
    """Whom to train, how many and when, under a budget of money and of hours; or nobody.

    Trainings are screened on 50 draws of another seed, so that the luck of the screening does not
    flatter the winner; on fresh draws it is decided between training nobody and the trainings
    that give most for what they cost, among them the best that begins now and the best later.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Whose [training] says how long, with whose hours, towards which level and at what price of a
        seat; its own trainings do not take place.
    budget : float, optional
        Most that a training may cost more than none, in expectation, in the plan's currency.
    hours : float, optional
        Most hours that it may take out of development in all, those of trainers too [h].
    starts : sequence of int, optional
        Weeks in which a training may begin; by default week 0 and three later ones.
    metric, finalists, draws, luck, seed, threads, progress, worth, measuring : as for `decide` and
        `search`

    Returns
    -------
    Decision, whose `screened` has a row a training: training, role, from_level, seats, start_week,
    hours, mean, low, high (95%, of the expectation), cost, extra_cost, within_budget, efficient,
    finalist; `timing` says how probably it is best to train now, later or not

    Raises
    ------
    DecideError, CompareError, ScenarioError
        One line, before anything runs; or where no training is within the budgets.
    """
    asked = (budget, hours, metric, starts, finalists, draws, luck, seed, threads)
    named, rows, metric = _asked(scenario, *asked)
    _work(named, finalists, draws, luck, threads).refuse_unfit(DecideError)
    share = len(named) * 100, finalists * draws * luck
    tell = analysis.part_of(progress, 0, share)
    values = analysis.values_of(named, seed + 1, **analysis.SCREEN, threads=threads, progress=tell)
    table = _screened(named, rows, values, metric, budget, finalists)
    kept = {label: named[label] for label in table.loc[table["finalist"], "training"]}
    if not kept:
        least = table["extra_cost"].min()
        raise DecideError(
            f"budget = {budget:,.0f}: no training is within it; the cheapest costs "
            f"{least:,.0f} more"
        )
    plans = {NOBODY: named[NOBODY], **kept}
    tell = analysis.part_of(progress, share[0], share)
    priced = {"worth": worth, "measuring": measuring}
    found = analysis.decided(plans, metric, budget, draws, luck, seed, threads, tell, priced)
    bounded = {label: kept | {"hours": hours} for label, kept in found.provenance.items()}
    return dataclasses.replace(found, screened=table, provenance=bounded)


def workload_of_trainings(
    scenario, budget=None, hours=None, metric=None, starts=None, finalists=analysis.FINALISTS,
    draws=400, luck=8, seed=1, threads=None,
):  # fmt: skip
    """The Workload of a search of trainings, for which nothing runs; arguments as for it.

    Raises what `search_trainings` raises of its arguments, but for memory.
    """
    asked = (budget, hours, metric, starts, finalists, draws, luck, seed, threads)
    named, _, _ = _asked(scenario, *asked)
    return _work(named, finalists, draws, luck, threads)


def _work(named, finalists, draws, luck, threads):
    """The Workload of screening all trainings, then deciding between the finalists and nobody."""
    screen = analysis.SCREEN["draws"], analysis.SCREEN["luck"]
    each = [workload.of_worlds(plan, *screen, threads) for plan in named.values()]
    screened = sum(each, workload.NOTHING)
    finals = workload.of_worlds(named[NOBODY], draws, luck, threads)
    finals = finals.times(1 + min(finalists, len(named) - 1))
    return screened.freed() + finals.stacked().longer(draws * workload.PER_DRAW_OF_VALUE)


def _asked(scenario, budget, hours, metric, starts, finalists, draws, luck, seed, threads):
    """Plans by label, nobody's first; a row a training; and the metric that decides: checked."""
    if hours is not None and (not is_int_or_float(hours) or not 0 < hours <= MOST_HOURS):
        raise DecideError(f"hours = {shown(hours)}: must be above 0 (hours out of development)")
    count("finalists", finalists, DecideError, 2, analysis.MOST_PLANS - 1)
    named, rows = candidates(scenario, starts)
    plan = named[NOBODY]
    if budget is not None and plan.money is None:
        raise DecideError(
            f"{plan.name}: states no [money], so no budget of it; leave out --budget, or bound "
            "trainings by --hours"
        )
    metric = analysis.metric_of(named, metric)
    analysis.check(named, metric, budget, draws, luck, seed, threads)
    if hours is not None:
        rows = [row for row in rows if row["hours"] <= hours]
        if not rows:
            raise DecideError(
                f"hours = {hours:,.6g}: no training takes so few; one seat takes "
                f"{_hours(as_scenario(scenario).training, 1):,.6g}"
            )
    kept = [NOBODY, *(row["training"] for row in rows)]
    return {label: named[label] for label in kept}, rows, metric


# ---- the trainings there are ---------------------------------------------------------------------


def candidates(scenario, starts=None):
    """Training nobody, and each training of some who are eligible: dict label -> Scenario, rows.

    rows : list of dicts, one a training: training (its label), role, from_level, seats, start_week,
        hours

    Of trainings that the same people would take part in there is one. Raises DecideError, one line,
    where there is none, or too many.
    """
    plan = as_scenario(scenario)
    none = plan.replace({"training.seats": 0, "trainings": []})
    weeks = _starts(plan, starts)
    groups = list(_groups(plan))
    if not groups:
        raise DecideError(
            f"{plan.name}: nobody there at the start is below training.target = "
            f"{plan.training.target}; state a higher target"
        )
    if (several := len(groups) * len(weeks)) > MOST_TRAININGS:
        raise DecideError(
            f"{several:,} trainings: must be {MOST_TRAININGS:,} or fewer; take fewer starts"
        )
    named, rows = {NOBODY: none}, []
    for role, level, who in groups:
        seats = sum(who.values())
        for week in weeks:
            asked = {"role": role, "from_level": level, "seats": seats, "start_week": week}
            label = f"{_words(who)} from week {week}"
            named[label] = none.replace({f"training.{key}": v for key, v in asked.items()})
            rows.append({"training": label, **asked, "hours": _hours(plan.training, seats)})
    return named, rows


def _hours(training, seats):
    """Hours that a training takes out of development in all, those of its trainers too [h]."""
    a_week = seats * training.hours_per_week + training.trainer_hours_per_week
    return float(training.weeks * a_week)


def _starts(plan, starts):
    """Weeks in which a training may begin and end within the plan or its deadline, checked."""
    due = plan.by_week if metrics.BY_NAME[leading.metric_of(plan)].event else None
    last = int(plan.horizon.weeks if due is None else due) - plan.training.weeks
    if last < 0:
        what = (
            f"horizon.weeks = {plan.horizon.weeks}"
            if due is None
            else f"the deadline, week {due:g}"
        )
        raise DecideError(
            f"{plan.name}: training.weeks = {plan.training.weeks}: does not end within {what}"
        )
    if starts is not None and not len(starts):
        raise DecideError("starts: must hold a week at least, such as 0 for now")
    if starts is None:
        return list(dict.fromkeys(round(last * i / (STARTS - 1)) for i in range(STARTS)))
    for week in starts:
        count("starts", week, DecideError, 0, last)
    return sorted(set(starts))


def _groups(plan):
    """Role, lowest level and people of trainings in which not the same people take part.

    The people: (level's name, role) -> how many.
    """
    people, domains, seen = middles(plan.groups), list(plan.domains), set()
    training = plan.training
    below = [name for name, level in LEVELS.items() if level < LEVELS[training.target]]
    for role in ROLES:
        for level in below:
            for seats in range(1, len(people) + 1):
                asked = {"role": role, "from_level": level, "seats": seats, "start_week": 0}
                cohort = Training.model_validate(training.model_dump() | asked)
                (taken,) = participants([cohort], people, domains)
                if len(taken) < seats:
                    break
                who = Counter((_level(people[place][1]), people[place][0]) for place in taken)
                if (alike := frozenset(who.items())) not in seen:
                    seen.add(alike)
                    yield role, level, who


def _level(levels):
    """Name of the highest level that somebody has reached in the domain they know least."""
    return [name for name, level in LEVELS.items() if level <= min(levels)][-1]


def _words(who):
    """Whom a training takes, in words: "2 novice engineers and 1 beginner engineer"."""
    order = sorted(who, key=lambda kind: (kind[1] != "engineer", list(LEVELS).index(kind[0])))
    return " and ".join(_some(who[kind], *kind) for kind in order)


def _some(count_, level, role):
    noun = "engineer" if role == "engineer" else "adjacent colleague"
    return f"{count_} {level} {noun}{'' if count_ == 1 else 's'}"


# ---- the screen ----------------------------------------------------------------------------------


def _screened(named, rows, values, metric, budget, finalists):
    """All trainings with what they give and cost, the best first: DataFrame.

    values : (1 + trainings, draws, luck, metrics), nobody's first
    """
    y, cost = analysis.measured(values, metric)[1:], analysis.costs(values)
    plans = list(named.values())[1:]
    table = pd.DataFrame(rows)
    ends = [limits.estimate(plan, metric, one)[:3] for plan, one in zip(plans, y, strict=True)]
    table[["mean", "low", "high"]] = np.array(ends)
    table["cost"], table["extra_cost"] = cost[1:], cost[1:] - cost[0]
    table["within_budget"] = True if budget is None else table["extra_cost"] <= budget
    order = np.argsort(-DIRECTIONS[metric] * table["mean"].to_numpy(), kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    table["efficient"] = _efficient(table)
    table["finalist"] = False
    table.loc[_finalists(table, finalists), "finalist"] = True
    return table


def _efficient(table):
    """Which trainings within the budget no cheaper one is better than: bool, the best first.

    Where no money is stated all cost alike, in hours.
    """
    price = table["extra_cost"] if table["extra_cost"].notna().all() else table["hours"]
    efficient, least = [], np.inf
    for within, paid in zip(table["within_budget"], price, strict=True):
        efficient.append(bool(within and paid < least))
        least = min(least, paid) if within else least
    return efficient


def _finalists(table, most):
    """Places of the trainings decided between: the best now, the best later, the efficient ones."""
    within = table.index[table["within_budget"]]
    weeks = table["start_week"]
    now = [place for place in within if weeks[place] == 0][:1]
    later = [place for place in within if weeks[place] > 0][:1]
    efficient = [place for place in within if table["efficient"][place]]
    return list(dict.fromkeys([*now, *later, *efficient, *within]))[:most]
