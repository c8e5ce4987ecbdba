"""The readable reference: the team as a Mesa model that people watch and subclass.

`TeamModel` keeps Mesa's clock, event queue and data collector; `Developer` is an
agent that finishes a stretch, chooses what to do next and begins it. What those
steps do is written in rules.py, which the compiled clock calls too, and both
give the same trajectory, bit for bit, however the clock is driven: `run`,
`run_until`, `run_for` or `step`. Override `Developer.choose` or `finish` to try
another behaviour; `options` are the tasks that the rules let a person take:

    import sim

    class ReviewsFirst(sim.Developer):  # then the smallest task there is
        def choose(self):
            options = self.options()
            reviews = [option for option in options if option[0] == "review"]
            size = lambda option: option[1].size_hours
            return min(reviews or options, key=size, default=("idle", None))

    model = sim.TeamModel(sim.load("baseline"), developer_class=ReviewsFirst)
    model.run_until(80.0)  # two weeks of 40 working hours
    model.run()  # on to the horizon
"""

import operator
from typing import NamedTuple

import mesa
import numpy as np

from sim.engine import clock, measuring, metrics, people, rules, setup, staffing, state
from sim.engine.luck import empty_cache
from sim.engine.task_view import Task
from sim.errors import ModelError

# Order of Mesa's events at one time: first choices, events of tasks and people by their keys, which
# have 63 bits, a new day, the data collector, the end of the world.
FIRST, WEEK, LAST = -1, 1 << 63, (1 << 63) + 1


class EntityKey(NamedTuple):
    """Order of events at one time: Mesa sorts by `value` before its own tie-break."""

    value: int


class Developer(mesa.Agent):
    """A seat of the team and whoever holds it.

    place  row of the model's `developers`, in key order
    """

    def __init__(self, model, place):
        super().__init__(model)
        self.place = place
        self.is_choosing = False

    @property
    def row(self):
        """The person's state: a row of state.DEVELOPER, live."""
        return self.model.developers[self.place]

    @property
    def level(self):
        """Expertise level, continuous in [1, 5]; the mean over domains."""
        return float(people.mean_level(self.model.world[0], self.row))

    def level_in(self, domain):
        """Expertise level in a domain of work: a name, or None where the scenario has none."""
        place = 0 if domain is None else list(self.model.plan.domains).index(domain)
        return float(self.row["level"][place])

    @property
    def activity(self):
        """What the person is doing: idle, agent, manual, review, mentoring, or absent."""
        return state.ACTIVITIES[self.row["activity"]]

    @property
    def task(self):
        """The Task in hand, or None."""
        busy = self.activity not in ("idle", "absent")
        return Task(self.model, int(self.row["task"])) if busy else None

    def options(self):
        """What the rules let this person take now: list of (activity, Task).

        Own work; of fixes and of new work, what routing allows, passing over at most
        `lookahead` of each; and any review they may do, whatever their allowance. Oldest
        first in each. Somebody at work has the options of somebody idle; nobody absent
        has any. A stream without end is looked into only by who is choosing.
        """
        m = self.model
        if self.activity == "absent":
            return []
        if self.is_choosing:
            rules.look_ahead(m.world, m.tasks, m.luck_cache)
        tasks = m.listed(self.row["head"])
        tasks += self._allowed(state.FIXES)
        tasks += filter(self._may_take, m.waiting(state.GIVEN_UP))
        tasks += self._allowed(state.STREAM)
        tasks += filter(self._may_take, m.waiting(state.REVIEWS))
        return [(self._activity_on(task), task) for task in tasks]

    def _allowed(self, queue):
        """Of a list of waiting work, what this person sees of it and may take."""
        m = self.model
        seen = m.first_waiting(queue, int(m.world[0]["lookahead"]) + 1)
        allowed = [task for task in seen if self._may_take(task)]
        # `matched` gives the first to whoever may work, so that none wins by refusing.
        if not allowed and seen:
            first = seen[0]
            if rules.takes_anyway(m.world, m.developers, m.tasks, self.place, first.index):
                allowed = [first]
        return allowed

    def _may_take(self, task):
        m = self.model
        return rules.may_take(m.world, m.developers, m.tasks, self.place, task.index)

    def _activity_on(self, task):
        m = self.model
        code = rules.activity_on(
            m.world, m.developers, m.tasks, m.luck_cache, self.place, task.index
        )
        return state.ACTIVITIES[code]

    def choose(self):
        """What to do next: (activity, Task), or ("idle", None)."""
        m = self.model
        activity, task = rules.choose(m.world, m.developers, m.tasks, m.luck_cache, self.place)
        return state.ACTIVITIES[activity], (Task(m, int(task)) if task >= 0 else None)

    def find_review(self):
        """The oldest submission this person may review now, a Task; or None."""
        m = self.model
        task = rules.find_review(m.world, m.developers, m.tasks, self.place)
        return Task(m, int(task)) if task >= 0 else None

    def begin(self, activity, task):
        """Begin a stretch, on a Task or the index of one, and put its end on the event queue."""
        m = self.model
        if activity == "idle":
            return
        task = operator.index(task)
        if type(self).choose is not Developer.choose:  # the rules choose what is possible
            self._refuse_impossible(activity, task)
        code = state.ACTIVITIES.index(activity)
        rules.begin(*m.arrays, m.luck_cache, self.place, code, task)
        m.at(float(self.row["until"]), int(self.row["key"]), self.end_stretch)

    def _refuse_impossible(self, activity, index):
        """Refuse a choice that would break the lists; one that breaks a policy is allowed."""
        m = self.model
        possible = 0 <= index < m.world[0]["n_tasks"]
        if possible and activity == "review":
            possible = m.tasks[index]["state"] == state.QUEUED
        elif possible:
            row = m.tasks[index]
            own = row["state"] == state.HELD and row["owner"] == self.place
            possible = own or row["state"] in (state.WAITING, state.ABANDONED)
            possible = possible and activity in ("agent", "manual", "mentoring")
        if activity == "agent" and self.row["tool"] != state.TOOL_AGENTIC:
            possible = False
        if not possible:
            raise ModelError(
                f"choose() gave ({activity!r}, task {index}): a person can review what is queued "
                "and work on what waits or is in their own hands, with an agent if they have one"
            )

    def finish(self):
        """The stretch ends: outcome, bookings and consequences."""
        m = self.model
        rules.finish(*m.arrays, m.luck_cache, self.place)

    def end_stretch(self):
        """The event: finish, then everybody idle looks for work."""
        m = self.model
        start, activity = float(self.row["start"]), int(self.row["activity"])
        m.begin_event()
        self.finish()
        m.note_stretch(self.place, activity, start)
        m.end_event(self)

    def change_staffing(self):
        """The event: they join, leave, end a training, change tools; then who is idle looks."""
        m = self.model
        m.begin_event()
        staffing.change_staffing(*m.arrays, self.place)
        self.expect_staffing()
        m.end_event()

    def expect_staffing(self):
        """Put the next change of this seat on the event queue."""
        self.model.at(
            float(self.row["staffing_time"]),
            clock.STAFFING | int(self.row["key"]),
            self.change_staffing,
        )

    def look_for_work(self):
        """Choose and begin, if idle and something has changed that may concern them."""
        if self.row["activity"] == state.IDLE and self._looks():
            self.is_choosing = True
            choice = self.choose()
            self.is_choosing = False
            self.begin(*choice)

    def _looks(self):
        m = self.model
        if m.own_choices:
            return rules.looks_anyway(m.world, m.developers, self.place)
        return rules.looks(m.world, self.place)


class Timer:
    """The timer of one task, with the method that Mesa calls when it is due."""

    def __init__(self, model, task):
        self.model, self.task = model, task

    def on_timer(self):
        """The event."""
        self.model.on_timer(self.task)


class TeamModel(mesa.Model):
    """One simulated world of a scenario, on Mesa's clock, in working hours, 40 a week.

    The world is set up when the model is made; people first choose when the clock first
    moves. `run_until(hours)`, `run_for(hours)` and `step()`, one working hour, move it, and
    it stops at the horizon, where the world ends and `running` becomes False. Moved to the
    horizon in any way, the world is that of `run()`, bit for bit; moved once more, it raises
    ModelError. `datacollector` collects at the end of each week.

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

    Raises
    ------
    ModelError
        One line: a second run, metrics before the horizon, a choice nobody can make.
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
        self.luck_cache = empty_cache(1)  # worlds of this clock share no luck
        self.timers = {}  # Mesa holds bound methods weakly, so somebody must hold these
        self.trace: list | None = [] if trace else None
        self.horizon = float(self.world[0]["horizon"])
        # Those who choose otherwise than the rules might find what these do not know of.
        self.own_choices = developer_class.choose is not Developer.choose
        self.people = [developer_class(self, place) for place in range(len(team))]
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "time_hours": "time",
                "work_delivered": "work_delivered",
                "in_system": lambda m: int(m.world[0]["in_system"]),
                "idle": lambda m: int(m.world[0]["idle"]),
            }
        )
        self._set_up()

    def _set_up(self):
        """The work and the people of time 0; all that is certain to happen, on the event queue."""
        self.ended = False
        rules.start(*self.arrays, self.luck_cache)
        self.ensure_room()
        for developer in self.people:
            developer.expect_staffing()
        self.expect_day()
        # Not before the clock moves: a subclass may not have finished its own __init__.
        self.schedule_event(self.end_event, at=0.0, priority=EntityKey(FIRST))
        for week in range(1, len(self.weeks) + 1):
            end = week * state.HOURS_PER_WEEK
            self.schedule_event(self.collect, at=end, priority=EntityKey(WEEK))
        self.schedule_event(self.close, at=self.horizon, priority=EntityKey(LAST))

    @property
    def arrays(self):
        """World, developers, tasks, weeks and calendar, as the rules take them."""
        return self.world, self.developers, self.tasks, self.weeks, self.calendar

    def at(self, time, key, method):
        """Put a bound method on the event queue; what lies at or after the horizon does not run."""
        if time < self.horizon:
            self.schedule_event(method, at=time, priority=EntityKey(key))

    def expect_day(self):
        """Put the beginning of the next day on the event queue, if days matter."""
        self.at(float(self.world[0]["day_ends"]), clock.DAY, self.new_day)

    def new_day(self):
        """The event: a day begins, and who is idle looks again where a review waits."""
        self.begin_event()
        rules.new_day(self.world, self.developers, self.weeks)
        self.expect_day()
        if self.world[0]["changed"] >= state.LOOK_AGAIN:
            self.end_event()

    def on_timer(self, task):
        """A task's timer is due: it arrives, surfaces, or a reviewer looks."""
        del self.timers[task]
        self.begin_event()
        rules.on_timer(self.world, self.developers, self.tasks, self.weeks, self.luck_cache, task)
        self.end_event()

    def begin_event(self):
        """Let the rules know the time; make room where the next rules might need it."""
        self.world[0]["time"] = self.time
        self.world[0]["events"] += 1
        self.ensure_room()

    def ensure_room(self):
        """Twice the room for tasks before it runs out: a rule cannot ask for more."""
        # Every idle developer may look `lookahead` tasks ahead into a saturated stream, and split
        # the one they take.
        each = int(self.world[0]["lookahead"]) + 2 + state.MOST_PARTS
        margin = (len(self.people) + 1) * each
        if self.world[0]["n_tasks"] + margin >= len(self.tasks):
            larger = state.blank(2 * len(self.tasks) + margin, state.TASK)
            larger[: len(self.tasks)] = self.tasks
            self.tasks = larger

    def end_event(self, who=None):
        """Note the timer a rule has set; then a round of looks for work, in key order.

        who : the Developer whose stretch has ended, if that was the event
        """
        task = int(self.world[0]["timer_task"])
        self.world[0]["timer_task"] = -1
        if task >= 0:
            self.timers[task] = Timer(self, task)
            row = self.tasks[task]
            self.at(float(row["timer"]), int(row["key"]), self.timers[task].on_timer)
        rules.begin_round(self.world, self.developers)
        if who is not None:
            rules.call(self.world, self.developers, who.place)
        for developer in self.people:
            developer.look_for_work()

    def note_stretch(self, place, activity, start):
        """Add the stretch that has just ended to the trace."""
        if self.trace is not None:
            row = state.blank(1, state.TRACE)
            clock.record(row, 0, self.world, self.developers, self.tasks, place, activity, start)
            self.trace.append(row)

    def listed(self, head):
        """The Tasks of a linked list, by the index of its first; -1 is none."""
        tasks = []
        while head >= 0:
            tasks.append(Task(self, int(head)))
            head = self.tasks[head]["next"]
        return tasks

    def first_waiting(self, queue, most):
        """Tasks of a list up to `most` of them, parts of one task counted as one: list of Task."""
        roots: list[int] = []
        tasks = []
        for task in self.waiting(queue):
            root = int(self.tasks[task.index]["root"])
            if roots[-1:] != [root]:
                roots.append(root)
            if len(roots) > most:
                break
            tasks.append(task)
        return tasks

    def waiting(self, queue=None):
        """Tasks that wait in a list which nobody owns, oldest first: list of Task.

        queue : state.FIXES, GIVEN_UP, STREAM or REVIEWS; by default all four, in this order
        """
        every = (state.FIXES, state.GIVEN_UP, state.STREAM, state.REVIEWS)
        queues = every if queue is None else (queue,)
        return [task for queue in queues for task in self.listed(self.world[0]["head"][queue])]

    @property
    def work_delivered(self):
        """Size of the work accepted by now, while no surfaced defect is open in it [expert-h]."""
        past = self.weeks["counted"][:, state.WORK_DELIVERED].sum()
        return float(past + self.world[0]["week"][state.WORK_DELIVERED])

    def step(self):
        """Move the clock by one working hour. Overridden, it is called at each working hour."""

    def _advance_time(self, until):
        """Move the clock, to the horizon at most: Mesa's run_until, run_for and step call this."""
        if self.ended:
            raise ModelError(
                f"this world has reached its horizon of {self.horizon:g} working hours; make "
                "another TeamModel to run it again"
            )
        if not until >= self.time:  # neither is NaN
            raise ModelError(f"until = {until!r}: must be {self.time:g} working hours or later")
        super()._advance_time(min(until, self.horizon))

    def run(self):
        """Run on to the horizon; returns the model."""
        self.run_until(self.horizon)
        return self

    def collect(self):
        """The event: a week has ended."""
        self.datacollector.collect(self)

    def close(self):
        """The event: the horizon is reached, and what goes on is booked up to it."""
        rules.close(*self.arrays)
        self.ended, self.running = True, False

    def metrics(self):
        """The outputs of the finished run: array (metrics.NAMES,)."""
        self._refuse_unfinished("metrics")
        row = np.zeros(len(metrics.NAMES))
        measuring.measure(self.arrays, row)
        return row

    def weekly(self):
        """The flows of each week of the finished run: array (weeks, metrics.FLOWS)."""
        self._refuse_unfinished("weekly")
        out = np.zeros((len(self.weeks), len(metrics.FLOWS)))
        measuring.by_week(self.world, self.weeks, out)
        return out

    def _refuse_unfinished(self, asked):
        if not self.ended:
            raise ModelError(
                f"{asked}: this world stands at {self.time:g} of {self.horizon:g} working hours; "
                "run() takes it to its end"
            )

    def stretches(self):
        """The trace, of stretches that have ended: structured (stretches,) of state.TRACE."""
        return np.concatenate(self.trace) if self.trace else np.zeros(0, state.TRACE)
