"""Cohorts of a training: one is the training of [training]; several share people and trainers."""

import pytest
import worlds

from sim.engine import setup
from sim.scenario import load
from sim.validation.known_answers import TRAINING, novice

COHORT = {"seats": 1, "target": "expert", "start_week": 0, "weeks": 5}


@pytest.mark.parametrize("name", ["train-to-intermediate", "train-noncoders", "two-domains"])
def test_one_cohort_equals_the_single_training_to_the_bit(name):
    plan = load(name).replace({"training.seats": 2, "horizon.weeks": 12})
    one = plan.to_dict()["training"] | {"needs_trainers": False}
    row = plan.replace({"training": {"seats": 0}, "trainings": [one]})
    for luck in range(3):
        end, other = worlds.run(plan, luck=luck), worlds.run(row, luck=luck)
        assert end.metrics["hours_training"] > 0
        assert worlds.differences(end, other) == []


def test_a_second_cohort_goes_on_from_what_the_first_has_left():
    """A novice half way to intermediate, then half of what is left to expert: 1, 2, 3.5."""
    plan = novice(TRAINING | {"seats": 0}, training_efficacy=0.5)
    hours = {"hours_per_week": 4.0, "trainer_hours_per_week": 0.0}
    steps = [COHORT | {"target": "intermediate"}, COHORT | {"start_week": 5}]
    end = worlds.run(plan.replace({"trainings": [row | hours for row in steps]}))
    assert end.metrics["hours_training"] == pytest.approx(2 * 20.0)
    assert end.developers["level"][0, 0] == 1.0 + 0.5 * 2.0 + 0.5 * 3.0
    # Nobody is taught twice towards a level that they count as having reached.
    again = [COHORT | hours, COHORT | hours | {"start_week": 5}]
    end = worlds.run(plan.replace({"trainings": again}))
    assert end.metrics["hours_training"] == pytest.approx(20.0)
    assert end.developers["level"][0, 0] == 3.0


def test_nobody_is_in_two_cohorts_at_once():
    rows = [COHORT | {"seats": 2}, COHORT | {"seats": 2, "start_week": 4}]
    plan = worlds.plan(team={"novice": 3, "expert": 1}, trainings=rows)
    taken = setup.team(plan)["trainee"]
    assert sorted(taken.tolist()) == [0, 1, 1, 2]  # bits: two in the first, one left for the second
    apart = plan.replace({"trainings.2.start_week": 5, "trainings.1.target": "intermediate"})
    assert sorted(setup.team(apart)["trainee"].tolist()) == [0, 1, 2, 3]


def test_trainers_of_a_later_cohort_come_from_an_earlier_one():
    hours = {"hours_per_week": 4.0, "trainer_hours_per_week": 6.0, "weeks": 2}
    rows = [COHORT | hours, COHORT | hours | {"start_week": 2, "role": "adjacent"}]
    plan = worlds.plan(
        horizon={"weeks": 5},
        team={"novice": 1, "expert": 2, "adjacent": {"novice": 1}},
        trainings=rows,
        world={"learning_rate": 0.0, "communication_loss": 0.0},
    )
    training = worlds.run(plan).calendar["training"]
    assert training[:, 0].tolist() == [4.0, 3.0, 3.0, 0.0]
    assert training[:, 2].tolist() == [2.0, 2.0, 2.0, 4.0]
    assert training[:, 4].sum() == 0


def test_a_cohort_whose_trainers_lack_hours_learns_in_proportion():
    """An expert of 20 h of development a week, two cohorts of 15 h each: 15 and 5 h are given."""
    rows = [
        COHORT | {"role": role, "trainer_hours_per_week": 15.0, "hours_per_week": 1.0}
        for role in ("engineer", "adjacent")
    ]
    plan = worlds.alone(weeks=6, training_efficacy=0.75).replace(
        {"team": {"novice": 1, "expert": 1, "adjacent": {"novice": 1}}, "trainings": rows}
    )
    end = worlds.run(plan)
    assert end.calendar["training"][:, 0].tolist() == [1.0, 20.0, 1.0]
    assert end.developers["level"][:, 0].tolist() == [4.0, 5.0, 2.0]


def test_both_clocks_agree_on_cohorts():
    rows = [
        COHORT | {"seats": 2, "target": "intermediate", "weeks": 2},
        COHORT | {"seats": 3, "start_week": 1, "weeks": 3, "efficacy": 0.9},
        COHORT | {"seats": 3, "start_week": 4, "weeks": 2, "trainer_level": "advanced"},
    ]
    plan = load("platform-team").replace({"horizon.weeks": 8, "trainings": rows})
    one, other = worlds.run(plan), worlds.run_mesa(plan)
    assert one.metrics["hours_training"] > 0
    assert worlds.differences(one, other) == []


@pytest.mark.parametrize("needs_trainers", [True, False])
def test_days_of_a_training_on_which_nobody_works_bring_nothing(needs_trainers):
    """All of its weeks off bring nothing, one of two half the way, and none off all of it."""
    cohort = COHORT | {
        "target": "intermediate", "weeks": 2, "efficacy": 1.0, "needs_trainers": needs_trainers,
    }  # fmt: skip
    plan = worlds.plan(
        team={"novice": 1, "expert": 1},
        trainings=[cohort],
        world={"learning_rate": 0.0},
    )
    levels = []
    for off in ([], [1], [0, 1]):
        end = worlds.run(plan.replace({"absence": {"holiday_weeks": off}}))
        levels.append(end.developers["level"][0, 0])
    assert levels == [3.0, 2.0, 1.0]
    end = worlds.run(plan.replace({"absence": {"leave": 1.0}}))
    assert end.developers["level"][0, 0] == 1.0
