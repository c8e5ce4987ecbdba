"""The readable reference: the team as a Mesa model that people watch and subclass.

`TeamModel` keeps Mesa's clock, event queue and data collector; `Developer` is an
agent that finishes a stretch, chooses what to do next and begins it. What those
steps do is written in rules.py, which the compiled clock calls too, and both
give the same trajectory, bit for bit. Override `Developer.choose` or `finish`
to try another behaviour:

    class Helpful(Developer):
        def choose(self):
            review = self.find_review()
            return ("review", review) if review is not None else super().choose()

    TeamModel(sim.load("baseline"), developer_class=Helpful).run()
"""

from typing import NamedTuple

import mesa
import numpy as np

from sim.engine import clock, metrics, people, rules, setup, state, turns
from sim.engine.luck import drawn


class EntityKey(NamedTuple):
    """Order of events at one time: Mesa sorts by `value` before its own tie-break."""

    value: int


class Developer(mesa.Agent):
    """One member of the team.

    place  row of the model's `developers`, in key order
    """

    def __init__(self, model, place):
        super().__init__(model)
        self.place = place

    @property
    def row(self):
        """The person's state: a row of state.DEVELOPER, live."""
        return self.model.developers[self.place]

    @property
    def level(self):
        """Expertise level, continuous in [1, 5]; the mean over domains."""
        return float(people.mean_level(self.model.world[0], self.row))

    @property
    def activity(self):
        """What the person is doing: idle, agent, manual, review, mentoring, or absent."""
        return state.ACTIVITIES[self.row["activity"]]

    @property
    def task(self):
        """Index of the task in hand, or None."""
        return int(self.row["task"]) if self.activity not in ("idle", "absent") else None

    def choose(self):
        """What to do next: (activity, task index), or ("idle", None)."""
        m = self.model
        activity, task = rules.choose(m.world, m.developers, m.tasks, m.drawn, self.place)
        return state.ACTIVITIES[activity], (task if task >= 0 else None)

    def find_review(self):
        """The oldest submission this person may review now, or None."""
        m = self.model
        task = rules.find_review(m.world, m.developers, m.tasks, self.place)
        return task if task >= 0 else None

    def begin(self, activity, task):
        """Begin a stretch and put its end on the event queue."""
        m = self.model
        if activity == "idle":
            return
        code = state.ACTIVITIES.index(activity)
        rules.begin(*m.arrays, m.drawn, self.place, code, task)
        m.at(float(self.row["until"]), int(self.row["key"]), self.end_stretch)

    def finish(self):
        """The stretch ends: outcome, bookings and consequences."""
        m = self.model
        rules.finish(*m.arrays, m.drawn, self.place)

    def end_stretch(self):
        """The event: finish, then everybody idle looks for work."""
        m = self.model
        start, activity = float(self.row["start"]), int(self.row["activity"])
        m.begin_event()
        self.finish()
        m.note_stretch(self.place, activity, start)
        m.end_event()

    def turn(self):
        """The event: they join, leave, or end a training; then everybody idle looks for work."""
        m = self.model
        m.begin_event()
        turns.turn(*m.arrays, self.place)
        self.expect_turn()
        m.end_event()

    def expect_turn(self):
        """Put the next turn of this seat on the event queue."""
        self.model.at(float(self.row["turn"]), clock.TURN | int(self.row["key"]), self.turn)

    def look_for_work(self):
        """Choose and begin, if idle."""
        if self.row["activity"] == state.IDLE:
            self.begin(*self.choose())


class Timer:
    """The timer of one task, with the method that Mesa calls when it rings."""

    def __init__(self, model, task):
        self.model, self.task = model, task

    def ring(self):
        """The event."""
        self.model.ring(self.task)


class TeamModel(mesa.Model):
    """One simulated world of a scenario, on Mesa's clock.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    draw, luck : int
        Which set of uncertain parameters, and which world under it.
    uncertain : bool
        Whether the parameters are drawn or central.
    trace : bool
        Whether to keep the stretches.
    developer_class : type
        Subclass of Developer.
    world : structured (1,), optional
        A prepared world, instead of draw and uncertain.
    """

    def __init__(
        self,
        scenario,
        seed=1,
        draw=0,
        luck=0,
        uncertain=True,
        trace=False,
        developer_class=Developer,
        world=None,
    ):
        super().__init__(rng=seed)
        # Mesa would fire a step every time unit; this model lives by its events alone.
        self._default_schedule.stop()
        if world is None:
            values = setup.draw(scenario, seed, draw, 1, uncertain)
            world = setup.worlds(scenario, seed, values)
        team = setup.team(scenario)
        self.plan = scenario
        self.world = state.blank(1, state.WORLD)
        self.world[0] = world[0]
        self.world[0]["replication"] = setup.replication(draw, luck)
        self.developers = state.blank(len(team), state.DEVELOPER)
        self.developers[:] = team
        self.weeks = state.blank(scenario.horizon.weeks, state.WEEK)
        self.calendar = state.blank(len(team) * len(self.weeks), state.CALENDAR)
        self.tasks = state.blank(max(1024, 2 * (scenario.tasks.backlog or 0)), state.TASK)
        self.drawn = drawn(1)  # worlds of this clock share no luck
        self.timers = {}  # Mesa holds bound methods weakly, so somebody must hold these
        self.trace: list | None = [] if trace else None
        self.horizon = float(self.world[0]["horizon"])
        self.people = [developer_class(self, place) for place in range(len(team))]
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "time_hours": "time",
                "work_delivered": lambda m: float(
                    m.weeks["counted"][:, state.WORK_DELIVERED].sum()
                ),
                "in_system": lambda m: int(m.world[0]["in_system"]),
                "idle": lambda m: int(m.world[0]["idle"]),
            }
        )

    @property
    def arrays(self):
        """World, developers, tasks, weeks and calendar, as the rules take them."""
        return self.world, self.developers, self.tasks, self.weeks, self.calendar

    def at(self, time, key, method):
        """Put a bound method on the event queue; what lies at or after the horizon does not run."""
        if time < self.horizon:
            self.schedule_event(method, at=time, priority=EntityKey(key))

    def ring(self, task):
        """A task's timer rings: it arrives, surfaces, or a reviewer looks."""
        del self.timers[task]
        self.begin_event()
        rules.fire(self.world, self.developers, self.tasks, self.weeks, self.drawn, task)
        self.end_event()

    def begin_event(self):
        """Let the rules know the time; make room where the next rules might need it."""
        self.world[0]["time"] = self.time
        self.world[0]["events"] += 1
        self.ensure_room()

    def ensure_room(self):
        """Twice the room for tasks before it runs out: a rule cannot ask for more."""
        # Every idle developer may look `lookahead` tasks ahead into a saturated stream.
        margin = (len(self.people) + 1) * (int(self.world[0]["lookahead"]) + 2)
        if self.world[0]["n_tasks"] + margin >= len(self.tasks):
            larger = state.blank(2 * len(self.tasks) + margin, state.TASK)
            larger[: len(self.tasks)] = self.tasks
            self.tasks = larger

    def end_event(self):
        """Note the timer a rule has set; then everybody idle looks for work, in key order."""
        task = int(self.world[0]["timer_task"])
        self.world[0]["timer_task"] = -1
        if task >= 0:
            self.timers[task] = Timer(self, task)
            row = self.tasks[task]
            self.at(float(row["timer"]), int(row["key"]), self.timers[task].ring)
        if self.world[0]["idle"] > 0:
            for developer in self.people:
                developer.look_for_work()

    def note_stretch(self, place, activity, start):
        """Add the stretch that has just ended to the trace."""
        if self.trace is not None:
            row = state.blank(1, state.TRACE)
            clock.record(row, 0, self.world, self.developers, self.tasks, place, activity, start)
            self.trace.append(row)

    def run(self):
        """Run to the horizon, collecting once a week; returns the model."""
        rules.start(*self.arrays, self.drawn)
        self.ensure_room()
        for developer in self.people:
            developer.expect_turn()
        self.end_event()
        for week in range(1, len(self.weeks) + 1):
            self.run_until(week * state.HOURS_PER_WEEK)
            self.datacollector.collect(self)
        rules.close(*self.arrays)
        return self

    def metrics(self):
        """The outputs of the finished run: array (metrics.NAMES,)."""
        row = np.zeros(len(metrics.NAMES))
        metrics.measure(self.arrays, row)
        return row

    def weekly(self):
        """The flows of each week: array (weeks, metrics.FLOWS)."""
        out = np.zeros((len(self.weeks), len(metrics.FLOWS)))
        metrics.by_week(self.world, self.weeks, out)
        return out

    def stretches(self):
        """The trace: structured (stretches,) of state.TRACE."""
        return np.concatenate(self.trace) if self.trace else np.zeros(0, state.TRACE)
