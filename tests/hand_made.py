"""No tests: parts of the validation report with numbers made by hand."""

import dataclasses

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
