"""The study's population, drawn through the engine, gives the study's rates back.

Fresh people of one level in every world, average work of the reference sizes, each
task whole in one session, central parameters and the tool as studied: the share of
first sessions by outcome must be what was published, person, task and size averaged out.
"""

import functools

import numpy as np
import pytest
import worlds

from calibration import checks
from sim import ledger
from sim.engine import curves, setup

PEOPLE, WORLDS = 100, 400  # 40,000 first sessions a level: 1 pp is 4 standard errors
ROWS = ledger.read()
TOLERANCE = {"verified": 0.01, "judged": 0.03, "partial": 0.03}
NO_DEFECTS = dict.fromkeys(
    ("defect_hand", "defect_verified", "defect_unverified", "visible_hand", "visible_agent"), 0.0
)
PUBLISHED = [(measure, level) for measure in TOLERANCE for level in ledger.rates(ROWS, measure)]


def at_centre():
    """Central parameters: those of the curve set's central row, else the register's."""
    values = setup.draw(worlds.plan(), 1, 0, 1, uncertain=False)
    return {name: float(value[0]) for name, value in values.items() if value.ndim == 1}


@functools.cache
def rates(level, curve_set="study"):
    """Share of first sessions that are at least partial, judged done and verified."""
    central = at_centre()
    sizes = {
        "size": "lognormal",
        "median_hours": central["size_ref_hours"],
        "sigma": central["size_ref_sigma"],
    }
    plan = worlds.plan(
        horizon={"weeks": 100},
        team={curves.LEVELS[level - 1]: PEOPLE},
        # A finite backlog that everybody gets through: no task is left out for its length.
        tasks={"backlog": PEOPLE, "advanced_share": 0.0, "fix_share": 0.0, "average": sizes},
        tool={"profile": "claude-code-2026", "version": "date", "curves": curve_set},
        policy={
            "review": "none", "scope_hours": 1000.0, "split_hours": 10_000.0, "routing": "fifo",
        },
        world=NO_DEFECTS,  # and so no fixes
    )  # fmt: skip
    first = np.zeros(4)
    for end in worlds.run_many(plan, WORLDS):
        assert end.world["first"].sum() == PEOPLE
        first += end.world["first"]
    at_least = first[::-1].cumsum()[::-1] / first.sum()
    return dict(zip(("partial", "judged", "verified"), at_least[1:], strict=True))


@pytest.mark.parametrize(("measure", "level"), PUBLISHED)
def test_first_sessions_of_the_studied_population_end_as_published(measure, level):
    gap = rates(level)[measure] - ledger.rates(ROWS, measure)[level]
    assert abs(gap) < TOLERANCE[measure]


@pytest.mark.parametrize("level", range(1, 6))
def test_the_engine_gives_what_the_fit_predicts(level):
    """4 standard errors, people's and tasks' own effects in it: draws are independent."""
    expected = checks.implied(setup.curve_set(worlds.plan()))[:, level - 1]
    std_error = np.sqrt(expected * (1 - expected) / (PEOPLE * WORLDS))
    found = np.array([rates(level)[name] for name in ("partial", "judged", "verified")])
    assert (np.abs(found - expected) < 4 * std_error).all()


def test_the_headline_set_gives_what_the_headline_says():
    for level, rate in ((1, 0.15), (5, 0.91)):
        found = rates(level, "headline")
        assert abs(found["verified"] - rate) < 0.01
        assert found["verified"] == found["judged"] == found["partial"]
