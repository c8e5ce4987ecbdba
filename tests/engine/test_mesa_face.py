"""A Mesa user recognises the model: it steps, stops, shows its tasks, and can be subclassed."""

import re
import textwrap

import mesa
import numpy as np
import pytest
import worlds

import sim
from sim.engine import state, team_model
from sim.scenario import load

WEEKS = {"horizon.weeks": 8}
LEAVING = {"attrition": {"per_year": 1.0, "refill": True, "weeks_to_fill": 2.0}}
PLANS = {
    "training": load("train-to-intermediate").replace(WEEKS | {"training.weeks": 3}),
    "joiners": load("late-joiners").replace(WEEKS | {"horizon.weeks": 20}),
    "leavers": load("baseline").replace(WEEKS | LEAVING),
    "backlog": load("backlog-deadline").replace(WEEKS),
    "domains": load("two-domains").replace(WEEKS),
    "baseline": load("baseline").replace({"horizon.weeks": 5}),
}


def by_run(model):
    model.run()


def by_weeks_and_a_half(model):
    while model.running:
        model.run_for(61.7)


def by_hours(model):
    while model.running:
        model.step()


def in_odd_parts(model):
    """Each way of moving the clock, then the rest at once."""
    model.step()
    model.run_for(0.013)
    for end in (7.5, 40.0, 40.5, 79.999, 80.0, 121.3):
        model.run_until(end)
    model.step()
    model.run()


WAYS = (by_run, by_weeks_and_a_half, by_hours, in_odd_parts)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("name", PLANS)
def test_a_world_is_the_same_however_its_clock_is_driven(name, way):
    plan = PLANS[name]
    compiled = worlds.run(plan, 1, 2, 3)
    model = sim.TeamModel(plan, 1, 2, 3, trace=True)
    way(model)
    assert len(compiled.trace) > 100
    assert worlds.differences(compiled, worlds.of_mesa(model)) == []
    assert model.time == model.horizon
    assert model.steps == model.horizon
    collected = model.datacollector.get_model_vars_dataframe()
    assert collected["time_hours"].tolist() == [40.0 * w for w in range(1, plan.horizon.weeks + 1)]


def test_what_is_collected_at_the_end_of_a_week_is_what_was_delivered_by_then():
    model = sim.TeamModel(PLANS["baseline"], 1, 2, 3).run()
    collected = model.datacollector.get_model_vars_dataframe()["work_delivered"]
    # An event at the very end of a week belongs to the week after; here there is none.
    np.testing.assert_allclose(collected, np.cumsum(model.weekly()[:, 0]), rtol=1e-12)


@pytest.mark.parametrize(
    "move",
    [
        lambda model: model.run(),
        lambda model: model.step(),
        lambda model: model.run_for(1.0),
        lambda model: model.run_until(model.horizon + 1.0),
    ],
)
def test_a_world_that_has_ended_is_moved_no_more_and_says_so_in_one_line(move):
    model = sim.TeamModel(PLANS["baseline"]).run()
    before = model.metrics()
    with pytest.raises(
        sim.ModelError, match="has reached its horizon of 200 working hours"
    ) as said:
        move(model)
    assert "\n" not in str(said.value)
    assert np.array_equal(model.metrics(), before, equal_nan=True)


@pytest.mark.parametrize("asked", ["metrics", "weekly"])
def test_metrics_of_a_world_that_has_not_ended_are_refused_in_one_line(asked):
    model = sim.TeamModel(PLANS["baseline"])
    model.run_until(80.0)
    with pytest.raises(sim.ModelError, match=rf"{asked}: .* 80 of 200 working hours"):
        getattr(model, asked)()


def test_a_step_that_a_subclass_overrides_is_called_at_every_working_hour():
    class Watched(sim.TeamModel):
        def step(self):
            hours.append(self.time)

    hours = []
    Watched(PLANS["baseline"]).run_until(12.0)
    assert hours == list(range(1, 13))


def test_nobody_chooses_before_the_model_of_a_subclass_is_complete():
    class Asks(sim.Developer):
        def choose(self):
            assert self.model.is_complete
            return super().choose()

    class Late(sim.TeamModel):
        def __init__(self, plan):
            super().__init__(plan, developer_class=Asks)
            self.is_complete = True

    assert Late(PLANS["backlog"]).run().metrics()[0] > 0


# ---- tasks, and what routing allows --------------------------------------------------------


class Checked(sim.Developer):
    """Chooses as the rules do, and holds the options against routing and against the choice."""

    def choose(self):
        options = self.options()
        allowed = [task for _, task in options if task.state == "waiting"]
        expected = [t for queue in (state.FIXES, state.STREAM) for t in self.allowed_of(queue)]
        assert allowed == expected
        for activity, task in options:
            assert (activity == "review") == (task.state == "queued")
            assert task.state != "held" or task.owner is self
        choice = super().choose()
        assert choice in options if choice[1] is not None else not options
        return choice

    def allowed_of(self, queue):
        """What docs/model.md says of routing, in its words."""
        waiting, seen, of = self.model.waiting(queue), [], []
        for task in waiting:  # parts of one task that stand together count once
            of += [root] if of[-1:] != [root := int(self.model.tasks[task]["root"])] else []
            if len(of) <= self.model.plan.policy.lookahead + 1:
                seen.append(task)
        fitting = [task for task in seen if self.is_fit_for(task)]
        self.model.left_to_others += len(seen) - len(fitting)
        return fitting or (seen[:1] if self.model.plan.policy.routing == "matched" else [])

    def is_fit_for(self, task):
        w, domain = self.model.world[0], self.model.tasks[task]["domain"]
        routing = self.model.plan.policy.routing
        able = self.level_in(task.domain) >= w["matched_level"]
        nobody = routing == "matched" and w["able"][domain] == 0
        return routing == "fifo" or not task.is_advanced or able or nobody


class Counted(sim.TeamModel):
    left_to_others = 0


@pytest.mark.parametrize("routing", ["fifo", "matched", "strict"])
@pytest.mark.parametrize("name", ["joiners", "backlog", "baseline"])
def test_options_are_what_routing_allows_and_hold_every_choice_of_the_rules(name, routing):
    plan = PLANS[name].replace({"policy.routing": routing, "policy.at_limit": "review"})
    model = Counted(plan, 1, 2, 3, developer_class=Checked, trace=True).run()
    assert (model.left_to_others > 0) == (routing != "fifo")
    unlike = worlds.differences(worlds.run(plan, 1, 2, 3), worlds.of_mesa(model))
    # Who asks looks ahead into a stream without end: more of it has come into being, unpicked.
    assert unlike == [] if plan.tasks.backlog else "work_delivered" not in unlike


def test_asking_for_options_and_tasks_changes_nothing():
    plan = PLANS["baseline"]
    model = sim.TeamModel(plan, 1, 2, 3, trace=True)
    while model.running:
        model.run_for(3.3)
        for developer in model.people:
            developer.options()
            assert developer.task is None or developer.task.waiting_since is None
        repr(model.waiting())
    assert worlds.differences(worlds.run(plan, 1, 2, 3), worlds.of_mesa(model)) == []


def test_a_task_shows_its_row_and_cannot_be_changed():
    plan = PLANS["domains"].replace({"tasks.backlog": 40})
    model = sim.TeamModel(plan, 1, 2, 3)
    model.run_until(20.0)
    waiting = model.waiting()
    assert waiting
    assert all(task.state in ("waiting", "queued", "abandoned") for task in waiting)
    for task in waiting:
        row = model.tasks[task]  # a Task may stand where its index may
        assert (task.size_hours, task.key) == (row["size_hours"], row["key"])
        assert (task.waiting_since, task.is_advanced) == (row["since"], bool(row["advanced"]))
        assert task.domain == list(plan.domains)[row["domain"]]
        assert task.kind == ("new", "fix")[row["kind"]]
        assert task.hours_left <= task.size_hours
    names = [n for n, kind in vars(sim.Task).items() if isinstance(kind, property)]
    assert {"size_hours", "domain", "is_advanced", "waiting_since"} <= set(names)
    for name in (*names, "index", "model"):
        with pytest.raises(AttributeError):
            setattr(waiting[0], name, 1)
    busy = [developer for developer in model.people if developer.task is not None]
    assert busy
    assert all(d.task.owner is d for d in busy if d.activity != "review")


def test_a_choice_nobody_can_make_is_refused_in_one_line():
    class Grabs(sim.Developer):
        def choose(self):
            taken = [d.task for d in self.model.people if d.task is not None]
            return ("manual", taken[0]) if taken else super().choose()

    with pytest.raises(sim.ModelError, match=r"choose\(\) gave \('manual', task 0\)"):
        sim.TeamModel(PLANS["backlog"], developer_class=Grabs).run()


def test_the_absent_have_no_options():
    model = sim.TeamModel(PLANS["joiners"], 1, 2, 3)
    absent = [d for d in model.people if d.activity == "absent"]
    assert absent
    assert all(d.options() == [] and d.task is None for d in absent)


# ---- Mesa's own tools ----------------------------------------------------------------------


def test_a_data_collector_of_ones_own_watches_agents_and_tasks():
    model = sim.TeamModel(PLANS["backlog"])
    watch = mesa.DataCollector(
        model_reporters={"waiting": lambda m: len(m.waiting())},
        agent_reporters={"activity": "activity", "task": "task"},
    )
    while model.running:
        model.run_for(8.0)
        watch.collect(model)
    days = model.horizon / 8.0
    assert len(watch.get_model_vars_dataframe()) == days
    assert len(watch.get_agent_vars_dataframe()) == days * len(model.people)
    assert watch.get_model_vars_dataframe()["waiting"].iloc[0] > 0


def test_the_example_of_the_module_runs():
    code = re.search(r"^    import sim\n(?:(?:    .*)?\n)+", team_model.__doc__, re.M)[0]
    names = {}
    exec(textwrap.dedent(code), names)
    assert names["model"].ended
    assert (names["model"].metrics()[0]) > 0


def test_a_time_that_is_none_or_past_is_refused_in_one_line():
    model = sim.TeamModel(sim.load("baseline").replace({"horizon.weeks": 1}), seed=1)
    model.run_until(8.0)
    for move in (model.run_until, model.run_for):
        with pytest.raises(
            sim.ModelError, match=r"^until = nan: must be 8 working hours or later$"
        ):
            move(float("nan"))
    with pytest.raises(sim.ModelError, match=r"until = 3\.0"):
        model.run_for(-5.0)
    assert model.time == 8.0
