"""What equations alone say of sessions and reviews is what simulated worlds do."""

import math

import numpy as np
import pytest
import worlds

from sim.engine import curves, predictions, setup, state
from sim.scenario import load

SIZE = 1.5  # expert-h, below the scope, so a task is a piece
OVERSIGHT = {"planning_hours": 0.1, "oversight_share": 0.2, "instruction_gain": 1.2}
AGENT = {"tool.profile": "claude-code-2026", "tool.version": "2026-01"}  # as studied


def one_sized(level, weeks=400, count=3000, **world):
    """People of a level and their agent on tasks of one size; what is not done goes on by hand."""
    same = {"size": "constant", "mean_hours": SIZE}
    plan = worlds.alone(SIZE, backlog=count, weeks=weeks, **world)
    changes = {"team": {level: 5}, "tasks.average": same, "tasks.own_share": 0.5}
    return plan.replace(AGENT | changes | {"policy.scope_hours": 100.0})


def known_of(plan):
    """The curve and parameters of the central draw, and of a world of it."""
    values = setup.draw(plan, 1, 0, 1, uncertain=False)
    world = setup.worlds(plan, 1, values)
    effects = world["team_offset"] + world["progress"]
    return predictions.curve(values, setup.latent_spread(values), effects), world[0]


def near(values, expected):
    """Whether a mean lies within four standard errors of what is expected."""
    return abs(np.mean(values) - expected) < 4 * np.std(values, ddof=1) / math.sqrt(len(values))


MECHANISMS = OVERSIGHT | {
    "oversight_growth": 1.4, "failure_cost": 0.5, "tool_hours_factor": 1.3,
    "own_code_factor": 0.7, "sd_task": 1.2,
    "recovery_per_level": 0.3, "partial_share": 0.3, "session_noise_sd": 0.5, "hand_noise_sd": 0.3,
    "hand_ratio": 2.0, "defect_verified": 0.0, "defect_unverified": 0.0,
    "sd_developer": 0.0,
}  # fmt: skip


def test_the_curve_of_a_draw_is_that_of_its_world():
    plan = load("baseline").replace(AGENT)
    known, world = known_of(plan)
    cuts = [world["cut_partial"], world["cut_unverified"], world["cut_verified"]]
    assert known.cuts[0].tolist() == cuts
    assert np.array_equal(known.shifts[0], world["shift"])


def test_the_horizon_of_an_expert_is_where_half_of_their_sessions_are_judged_done():
    known, _ = known_of(load("baseline").replace(AGENT))
    hours = predictions.expert_horizon(known)
    eta = known.logit(5.0, hours)
    assert known.at_least(curves.UNVERIFIED, eta) == pytest.approx(0.5)
    doubled = predictions.expert_horizon(known_of(load("baseline"))[0])  # a later version
    assert doubled > hours


@pytest.mark.parametrize(("level", "number"), [("novice", 1.0), ("expert", 5.0)])
def test_human_hours_until_a_task_is_done_are_those_of_worlds(level, number):
    """Sessions, clearing up and by hand together: the mean over tasks of all hours on each."""
    plan = one_sized(level, **MECHANISMS)
    known, _ = known_of(plan)
    end = worlds.run(plan, uncertain=False)
    assert (end.tasks["state"] == state.DONE).all()
    keys, hours = end.trace["task"], np.zeros(len(end.tasks))
    np.add.at(hours, keys, end.trace["hours"])  # keys are places in the stream
    expected = predictions.task_hours(known, number, SIZE, scope=2.0, own_share=0.5)
    assert near(hours, expected[0])
    assert predictions.task_hours(known, number, 2 * SIZE, scope=SIZE, own_share=0.5)[0] == (
        pytest.approx(2 * expected[0])
    )


@pytest.mark.parametrize(("level", "number"), [("novice", 1.0), ("expert", 5.0)])
def test_human_hours_of_sessions_are_those_of_worlds(level, number):
    """With one session a piece: what comes before by hand, and clearing up as by hand."""
    plan = one_sized(level, **MECHANISMS).replace({"policy.max_sessions": 1})
    known, _ = known_of(plan)
    end = worlds.run(plan, uncertain=False)
    sessions = end.trace["activity"] == state.AGENT
    attended = predictions.attended_hours(known.values, number, SIZE)[0]
    assert near(end.trace["hours"][sessions], attended)
    failed = end.trace["outcome"][sessions] < curves.UNVERIFIED
    with_clearing = predictions.session_hours(known, number, SIZE)[0]
    assert near(attended + 1.3 * 0.5 * SIZE * failed, with_clearing)


def test_hours_of_a_session_by_hand_calculation():
    """0.1 + 4 (0.2 x 1.2**2 x 4**0.5 + 0.06 / 2) + 0.05 + (1 - P) 0.25 x 4, P = 1/2 at 4 h."""
    values = {name: np.array([x]) for name, x in {
        "planning_hours": 0.1, "oversight_share": 0.2, "instruction_gain": 1.2,
        "size_ref_hours": 4.0,
        "oversight_growth": 1.5, "runtime_share": 0.06, "switching_hours": 0.05,
        "tool_hours_factor": 1.0,
        "failure_cost": 0.25, "slope_per_doubling": 0.5, "sd_task": 0.0, "sd_developer": 0.0,
        "hand_ratio": 16.0, "own_code_factor": 0.5,
    }.items()}  # fmt: skip
    known = predictions.Curve(values, np.array([[1.0, 0.0, -1.0]]), np.zeros((1, 16)), np.zeros(1))
    hours = predictions.session_hours(known, 3.0, 4.0, parallel=2)
    assert hours == pytest.approx(0.1 + 4 * (0.2 * 1.44 * 2 + 0.03) + 0.05 + 0.5)
    values["tool_hours_factor"] = np.array([1.5])
    dearer = predictions.session_hours(known, 3.0, 4.0, parallel=2)
    assert dearer == pytest.approx(0.15 + 4 * (0.3 * 1.44 * 2 + 0.03) + 0.05 + 0.75)
    assert predictions.hand_hours(values, 3.0, 2.0, own_share=0.5) == pytest.approx(2 * 4 * 0.75)


@pytest.mark.parametrize(("level", "number"), [("novice", 1.0), ("expert", 5.0)])
@pytest.mark.parametrize("failed", [curves.PARTIAL, curves.UNVERIFIED])
def test_second_sessions_succeed_after_failed_ones_as_in_worlds(level, number, failed):
    plan = one_sized(level, 500, 4000, size_ref_hours=SIZE, **MECHANISMS)
    known, _ = known_of(plan)
    end = worlds.run(plan, uncertain=False)
    sessions = end.trace[end.trace["activity"] == state.AGENT]
    by_task = sessions[np.lexsort((sessions["end_hours"], sessions["task"]))]
    same = by_task["task"][1:] == by_task["task"][:-1]
    follows = same & (by_task["outcome"][:-1] < failed)
    verified = by_task["outcome"][1:][follows] == curves.VERIFIED
    spread = known.values["sd_task"]
    expected = predictions.second_session(known, number, spread, failed=failed)[0]
    assert len(verified) > 200
    assert abs(verified.mean() - expected) < 4 * math.sqrt(
        expected * (1 - expected) / len(verified)
    )


REVIEWED = {
    "visible_hand": 0.4, "visible_agent": 0.9, "visible_growth": 0.4, "visible_detection": 0.9,
    "defect_verified": 0.2, "defect_hand": 0.2, "defect_slope": 0.6, "sd_task": 1.0,
    "review_skill_intermediate": -0.4, "review_skill_per_level": 0.3, "rework_share": 0.3,
    "sd_developer": 0.0, "review_rate": 0.05,
}  # fmt: skip


@pytest.mark.parametrize("tool", ["none", "claude-code-2026"])
def test_reviews_send_back_what_the_hazards_and_the_detection_say(tool):
    """Submissions of one size by experts, reviewed by experts; those of the agent all verified."""
    plan = one_sized("expert", count=4000, **REVIEWED)
    policy = {"policy.review": "all", "policy.at_limit": "continue", "policy.max_sessions": 1}
    plan = plan.replace({"tool.profile": tool} | policy)
    known, _ = known_of(plan)
    end = worlds.run(plan, uncertain=False)
    tasks = end.stream[end.stream["state"] == state.DONE]
    if tool == "none":
        back = predictions.hand_sent_back(known, 5.0, SIZE)[0]
    else:
        sessions = end.trace[end.trace["activity"] == state.AGENT]
        sessions = sessions[np.argsort(sessions["end_hours"], kind="stable")]
        keys, first = np.unique(sessions["task"], return_index=True)
        verified = keys[sessions["outcome"][first] == curves.VERIFIED]
        tasks = tasks[np.isin(tasks["key"], verified)]
        back = predictions.verified_sent_back(known, 5.0, SIZE)[0]
    returned = tasks["submissions"] > 1
    assert len(tasks) > 500
    assert abs(returned.mean() - back) < 4 * math.sqrt(back * (1 - back) / len(tasks))


def test_a_mean_over_sizes_is_its_integral():
    """Of L**2 over a lognormal of median 2 and sigma 0.5: 4 exp(2 x 0.25)."""
    mean = predictions.over_sizes(lambda hours: np.array([hours**2]), 2.0, 0.5)
    assert mean == pytest.approx(4 * math.exp(0.5))
