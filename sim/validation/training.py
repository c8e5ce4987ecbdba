"""Trainings whose payoff is arithmetic: a novice by hand, half as fast as an expert."""

from sim.validation import worlds
from sim.validation.check import exact_check

TRAINING = {
    "seats": 1, "target": "expert", "weeks": 5, "hours_per_week": 4.0,
    "trainer_hours_per_week": 0.0, "start_week": 0,
}  # fmt: skip
GROUP = "training"


def novice(training, weeks=20, **world):
    """A novice by hand who takes twice the hours of an expert, for 20 h a week."""
    base = worlds.alone(4.0, weeks=weeks, hand_ratio=2.0, causal_share=1.0, **world)
    return base.replace({"team": {"novice": 1}, "training": training})


def payoffs():
    """Tasks done in 20 weeks without a training, and with three kinds of one: list of Check.

    Five weeks of 16 h at 8 h a task make 10; the next is begun before the training is over and
    takes 8 h still; the other 292 h of 15 weeks go at the speed reached. What would end with the
    horizon does not count.
    """
    works = novice(TRAINING, training_efficacy=1.0)
    cases = (
        ("nobody is trained", "400 h / 8 h, the last ends with the run", 49,
         novice(TRAINING | {"seats": 0})),
        ("the training does nothing", "(80 h + 300 h) / 8 h", 47,
         novice(TRAINING, training_efficacy=0.0)),
        ("the training works", "10 + 1 + 292 h / 4 h, the last ends with the run", 83, works),
        ("half of the level counts", "10 + 1 + 292 h / 6 h", 59,
         works.replace({"world.causal_share": 0.5})),
    )  # fmt: skip
    return [
        exact_check(
            GROUP, f"where {case}, a novice ends as many tasks as arithmetic says", formula,
            done, worlds.run(plan).metrics["tasks_done"], "tasks", 1,
        )
        for case, formula, done, plan in cases
    ]  # fmt: skip
