"""No tests: records of few numbers: parts of the validation report, a backtest, a learning."""

import dataclasses
from datetime import date, timedelta

import numpy as np
import pandas as pd

import sim
from sim.forecasting import Backtest
from sim.forecasting.replay import COLUMNS
from sim.validation import Validation, check, coverage, outcomes, patterns

PATTERN = {
    "claim": "More people do more", "setting": "Anywhere", "kind": "direction",
    "source": ["cui-field"], "measure": "percent", "metric": "work_delivered",
    "passes": [0.0, float("inf")], "if_missed": "A bug.",
    "scenario": {"horizon": {"weeks": 4}},
    "plans": [{"name": "few"}, {"name": "more", "changes": {"team.expert": 4}}],
}  # fmt: skip


def check_of(computed, expected=1.0, std_error=0.1, allowed=0.0):
    return check.Check("group", "claim", "x", expected, computed, std_error, "h", 10, allowed)


def validation_of_all():
    """A validation of hand-made numbers, one of each kind missed."""
    outcome = outcomes.run(patterns.parse(PATTERN, "mine"), 6, 2)
    rate = outcomes.run(patterns.read(patterns.folder() / "verified-beginner.toml"))
    row = coverage.Coverage("p10 to p90", "tasks", "count", 100, 2, 1000, 0.82, 0.79, 0.01, 0.5)
    limit = coverage.Coverage(
        "ci_low to ci_high", "lead_time_p50", "quantile", 100, 2, 1000, 0.92, 0.92, 0.003, 0.5
    )
    others = [
        dataclasses.replace(row, interval="probability", held=0.95, inside=0.95),
        dataclasses.replace(row, interval="chance_low to chance_high", held=0.95, inside=0.95),
    ]
    missed = dataclasses.replace(outcome, median=-1.0)
    return Validation([check_of(1.1)], [row, limit, *others], [outcome, rate, missed], True)


def backtest_of_weeks():
    """A backtest of two forecasts by four methods, each a little worse than the one before."""
    rows = [
        ("", monday, method, 100.0, came, 40, 60, 80, 95, 110, 140, 190, 0.2 + worse, came < 110,
         came < 140, True)
        for monday, came in (("2026-01-05", 90), ("2026-04-06", 130))
        for worse, method in enumerate(Backtest.methods)
    ]  # fmt: skip
    made_by = {"version": "0.1.0", "git": None, "evidence_sha256": "0" * 64, "seed": 1}
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    ends = [40.0, 60.0, 80.0, 95.0, 110.0, 140.0, 190.0]
    return Backtest("weeks.csv", table, {"": ends}, {"slow": "too slow"}, ("Counted.",), made_by)


def learning_of_weeks(folder):
    """A learning from 40 weeks about 15 tickets, as quick as it may be.

    folder : Path, for the file of weeks
    """
    counts = np.random.default_rng(3).poisson(15.0, 40)
    days = [date(2025, 10, 6) + timedelta(weeks=week) for week in range(40)]
    path = folder / "weeks.csv"
    pd.DataFrame({"week": days, "closed": counts}).to_csv(path, index=False)
    return sim.learn(path, "platform-team", known={"development": 14.0}, worlds=1_000)
