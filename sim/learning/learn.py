"""From a team's record to its own posterior: simulate the past, weigh, and say what was learned."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import LearnError, count, short
from sim.experiments import workload
from sim.forecasting import Level
from sim.learning import bank as banks
from sim.learning import history as histories
from sim.learning import likelihood, measures, posterior, summary, team
from sim.learning.record import WEEKS_AHEAD, Learning
from sim.records import provenance
from sim.scenario import Scenario, as_scenario

Told = Callable[[int, int], None]
LEAST_WORLDS, MOST_WORLDS = 1_000, 100_000
# Seconds in one thread that weighing takes beside the simulated pasts (docs/limits.md).
PER_LEARNING, PER_PAST = 3.0, 1.2e-3
YEARS = (2020, 2040)  # in which a plan can start


def learn(
    path: str | Path,
    plan: Scenario | str | Path,
    weeks: int = 26,
    known: dict[str, float] | None = None,
    map: str | Path | None = None,
    dates: str | None = None,
    worlds: int = 10_000,
    seed: int = 1,
    before: Learning | None = None,
    progress: Told | None = None,
) -> Learning:
    """What a team's own record says of how it works, as a posterior that its plans can use.

    Parameters
    ----------
    path : str or Path
        An export that `sim.read` reads, or a table of the columns week and closed.
    plan : Scenario, str or Path
        The team, its tool and its policies as they were over the record.
    weeks : int, 8 to 104
        How many of the last weeks are learned from; the drift is read off all of them.
    known : dict, optional
        What is known beside the file, over the same weeks: key of `sim.learning.MEASURES` ->
        value, such as {"development": 14, "review_wait": 9}.
    map, dates : optional
        Of an export, as `sim.read` takes them.
    worlds : int, 1,000 to 100,000
        Simulated pasts.
    seed : int
        Any integer; the same seed gives the same posterior.
    before : Learning, optional
        What was learned of the same team before: its forecast is scored on what came since.
    progress : callable, optional
        Told (worlds done, worlds in all).

    Returns
    -------
    Learning
        Saved as a folder, which a plan names as `record = "our-team"`.

    Raises
    ------
    LearnError, TicketError, ScenarioError
        A line a fault; LearnError too where no draw explains the record.
    """
    began = time.monotonic()
    past, then, notes = _asked(path, plan, weeks, known, map, dates, worlds, seed)
    _work(then, worlds).refuse_unfit(LearnError, f"{past.name}: ")
    bank = banks.simulate(then, past.window, worlds, abs(seed), progress)
    every = emulators(bank)
    observed, missing = usable(past, every)
    level = Level(past.counts)
    rows = weigh(bank, every, observed, level, past.window, abs(seed))
    told = summary.Summary(bank, every, observed, rows, past, level, then, abs(seed))
    notes = (*past.notes, *notes, *missing, *told.cautions())
    label = short(Path(path).stem, 40)
    columns, draws, central = team.rows(
        rows, bank.names, level, past.window, told.residual(), abs(seed)
    )
    about = {
        "ends": past.ends.isoformat(),
        "name": label,
        "weeks": past.window,
        "measures": list(observed),
        "expert_hours": bool({"hours", "development"} <= observed.keys()),
    }
    content = team.content(then, label, columns, draws, central, about, told.of_every_use())
    forecasts = _forecasts(before, past, told.quantiles_ahead())
    return Learning(
        name=past.name,
        scenario=then,
        observed=told.observed(),
        parameters=told.parameters(),
        answers=told.answers(),
        next_numbers=told.next_numbers(),
        quarter=told.own_quarter(),
        forecasts=forecasts,
        coming=told.coming(),
        still_assumed=tuple(told.still_assumed()),
        about=about,
        notes=notes,
        provenance=provenance.record(
            then, seed=seed, draws=len(bank), luck=1, uncertainty="full",
            file_sha256=past.sha256, effective=rows.effective,
            seconds=round(time.monotonic() - began, 1),
        ),
        team=content,
    )  # fmt: skip


def workload_of(
    path: str | Path,
    plan: Scenario | str | Path,
    weeks: int = 26,
    known: dict[str, float] | None = None,
    map: str | Path | None = None,
    dates: str | None = None,
    worlds: int = 10_000,
    seed: int = 1,
) -> workload.Workload:
    """The Workload of learning from a record, for which nothing runs; arguments as for `learn`.

    Raises what `learn` raises of its arguments, but for memory.
    """
    return _work(_asked(path, plan, weeks, known, map, dates, worlds, seed)[1], worlds)


def _asked(path, plan, weeks, known, map, dates, worlds, seed):
    """The history that is read, the team as it was, and notes; all arguments checked."""
    count("weeks", weeks, LearnError, histories.SHORTEST, 104)
    count("worlds", worlds, LearnError, LEAST_WORLDS, MOST_WORLDS)
    count("seed", seed, LearnError)
    now = as_scenario(plan)
    past = histories.read(path, map, dates, weeks, known)
    return past, *as_it_was(now, past)


def _work(then, worlds):
    weighed = PER_LEARNING + worlds * PER_PAST
    return workload.of_worlds(then, worlds, weekly=True).longer(weighed)


def as_it_was(plan, past):
    """The team of a plan's first week over the weeks of a record, and sentences on what it left.

    Training, joiners and leavers of the plan are to come and no part of the past; a backlog or a
    deadline is of the future as well, so there was always work.
    """
    changes: dict = {"horizon": {"weeks": past.window, "start": past.begins.isoformat()}}
    notes = []
    if not YEARS[0] <= past.begins.year <= YEARS[1]:
        raise LearnError(
            f"{past.name}: begins on {past.begins}: must be from {YEARS[0]} to {YEARS[1]}"
        )
    stated = plan.to_dict()
    left = []
    if plan.training.seats:
        changes["training"] = {"seats": 0}
        left.append("training")
    for table in ("trainings", "joiners", "leavers", "rollout"):
        if stated.get(table):
            changes[table] = []
            left.append(table)
    if plan.absence is not None and plan.absence.holiday_weeks:  # days, leave and sickness stay
        stated["absence"].pop("holiday_weeks")
        left.append("weeks in which nobody works")
    if plan.tasks.backlog is not None:
        stated.pop("now", None)
        stated["tasks"].pop("backlog")
        stated["tasks"] |= {"arrivals_per_week": "saturated", "done_share": 1.0}
        left.append("the backlog")
    stated["answer"] = {"metric": "tasks_done"}
    if left:
        notes.append(
            f"Of {plan.name} the team of its first week: {', '.join(left)} left out, as they are "
            "to come."
        )
    then = Scenario(stated, plan.name, plan.notes, plan._folder).replace(changes)
    return then, tuple(notes)


def emulators(bank) -> dict[str, likelihood.MeasureEmulator]:
    """Key of each measure that the worlds of a bank have -> its MeasureEmulator."""
    found = {
        key: likelihood.emulate(bank.scores, bank.outcome[:, place])
        for place, key in enumerate(measures.MEASURES)
    }
    return {key: one for key, one in found.items() if one is not None}


def usable(past, every):
    """Values observed, on their scales, that the plan's worlds have too, and why others are not."""
    observed, missing = {}, []
    for key, value in past.observed.items():
        one = measures.MEASURES[key]
        if key in every:
            observed[key] = float(one.scaled(value))
        else:
            missing.append(f"{one.words.capitalize()} cannot be learned from: this plan has none.")
    return observed, missing


def weigh(bank, every, observed, level, window, seed):
    """The Weighted rows of a record; LearnError where no draw explains it."""
    fit = likelihood.Likelihood.of(every, observed)
    values = np.array(list(observed.values()))
    rows = posterior.sample(bank, fit, values, seed, level.overdispersion / window)
    if rows.effective < posterior.FEWEST:
        raise LearnError("\n".join(_unexplained(bank, every, observed)))
    return rows


def _unexplained(bank, every, observed):
    """What the record says and what draws give, one line each."""
    yield (
        "no draw explains this record: is the plan the team that it is of? Or are tickets of "
        "another kind?"
    )
    for key, value in observed.items():
        one = measures.MEASURES[key]
        column = bank.outcome[:, list(measures.MEASURES).index(key)]
        low, high = one.unscaled(np.nanquantile(column, (0.01, 0.99)))
        yield (
            f"{one.words}: {one.unscaled(value):.3g} {one.unit}; 98 of 100 draws give {low:.3g} to "
            f"{high:.3g}"
        )


def _forecasts(before, past, ahead):
    """Forecasts of this team, the oldest first; those made before scored where their weeks came."""
    kept = [] if before is None else [dict(row) for row in before.forecasts.to_dict("records")]
    for row in kept:
        start = (pd.Timestamp(row["monday"]).date() - past.first).days // 7
        whole = start >= 0 and start + WEEKS_AHEAD <= len(past.counts)
        if whole and not row["came"] >= 0:
            row["came"] = float(past.counts[start : start + WEEKS_AHEAD].sum())
    if not any(row["monday"] == past.ends.isoformat() for row in kept):
        kept.append({"monday": past.ends.isoformat(), **ahead, "came": np.nan})
    return pd.DataFrame(kept)
