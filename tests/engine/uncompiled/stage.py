"""No tests: a hand-made state of a small team, on which a single rule can be tried.

Numbers are chosen so that answers can be worked out in the head: an expert-hour by hand takes an
hour, a person has half of the clock for development, a level does nothing until a test says so.
"""

import math

import numpy as np

from sim.engine import luck, state, tools
from sim.engine import people as team


class Stage:
    """Arrays of a world with `people` engineers of level 3 and `tasks` tasks nobody has met.

    world, developers, tasks, weeks, calendar : arrays of state.py, as rules take them
    w, d, t : their rows
    """

    def __init__(self, people=1, tasks=6, weeks=4, **fields):
        self.world = state.blank(1, state.WORLD)
        self.developers = state.blank(people, state.DEVELOPER)
        self.tasks = state.blank(tasks, state.TASK)
        self.weeks = state.blank(weeks, state.WEEK)
        self.calendar = state.blank(people * weeks, state.CALENDAR)
        self.luck_cache = luck.empty_cache(4)
        self.w = self.world[0]
        self.d = [self.developers[i] for i in range(people)]
        self.t = [self.tasks[k] for k in range(tasks)]
        self._set_world(40.0 * weeks, tasks, people)
        for person, row in enumerate(self.d):
            self._set_person(person, row)
        for k, row in enumerate(self.t):
            self._set_task(k, row)
        self.calendar["rate"], self.calendar["until"] = 0.5, math.inf
        self.calendar["paid"] = 40.0
        for name, value in fields.items():
            self.world[name] = value
        for row in self.d:
            tools.put_first_tool(self.w, row)
        self.rank_stand_ins()

    def _set_world(self, horizon, tasks, people):
        w = self.w
        w.key, w.replication, w.horizon = luck.key_of(1), 7, horizon
        w.domains, w.n_tasks, w.idle = 1, tasks, people
        w.domain_until[:] = 1.0
        w.head[:] = w.tail[:] = -1
        w.timer_task, w.week_ends, w.pace = -1, 40.0, 1.0
        w.attendance, w.backlog_advanced = 1.0, -1
        w.able[:], w.reviewers[:] = people, people
        w.matched_level, w.reviewer_level = 4.0, 3.0
        w.tool, w.agent_use, w.adoption = state.TOOL_AGENTIC, state.USE_ALWAYS, 1.0
        w.routing, w.review, w.review_order = state.MATCHED, state.REVIEW_ALL, state.REVIEW_TURN
        w.scope_hours, w.max_sessions, w.stretch_hours, w.wip_limit = 2.0, 2, 4.0, 3
        w.parallel_sessions, w.subteam_size, w.lookahead = 1, 8, 20
        w.size_ref_hours, w.scope_doublings, w.slope_per_doubling = 1.0, 1.0, 0.5
        w.cut_partial, w.cut_unverified, w.cut_verified = 2.0, 1.0, -1.0
        w.hand_ratio = w.instruction_gain = w.own_code_factor = 1.0
        w.oversight_growth = w.scope_growth = 1.0
        w.split_hours, w.tries_per_level, w.hand_spread = 1000.0, 2, 1.0
        w.backlog_done, w.review_capacity, w.day_ends = math.inf, 168.0, math.inf
        w.work, w.cohorts = state.POISSON, 1
        w.training_domain[:], w.cohort_efficacy[:] = -1, -1.0
        w.hours_from[:] = math.inf
        w.defect_logit[:] = -math.inf

    @staticmethod
    def _set_person(i, d):
        d.key, d.role = (1 << 55) + i, state.ENGINEER
        d.level_low[:] = d.level_high[:] = d.level[:] = d.hired_level[:] = 3.0
        d.familiar, d.rollout_from[:] = -1.0, math.inf
        d.hours_per_week, d.pay, d.departs, d.leaves, d.staffing_time, d.until = (
            40.0,
            -1.0,
            *[math.inf] * 4,
        )
        d.oversight[:] = d.hand_factor[:] = 1.0
        d.task = d.head = d.tail = -1
        d.reviews_of = state.ANYBODY

    @staticmethod
    def _set_task(k, t):
        t.key, t.root, t.stream = k, k, 1
        t.size_hours = t.whole_hours = t.left = t.submitted_hours = 2.0
        t.parts_left = 1
        t.hand_luck, t.owner, t.queue, t.next, t.prev = 0.5, -1, -1, -1, -1
        t.timer = t.arrival = t.start = t.end = t.submitted = math.inf

    def args(self, *names):
        """The arrays, or some of them, in the order in which rules take them."""
        names = names or ("world", "developers", "tasks", "weeks", "calendar")
        return tuple(getattr(self, name) for name in names)

    def rank_stand_ins(self):
        """Who would stand in as a reviewer, by the levels that people have now."""
        for domain in range(self.w.domains):
            self.w.stand_in[domain] = -1
            self.w.stand_in_level[domain] = self.w.stand_ins[domain] = 0
            self.w.next_level[domain] = 0
            for i, d in enumerate(self.d):
                if d.activity != state.ABSENT:
                    team.rank_stand_in(self.w, self.developers, i, domain)

    def give(self, person, *ks):
        """Put tasks into somebody's hands, begun."""
        from sim.engine import tasks

        for k in ks:
            self.t[k].start = self.w.time
            tasks.assign(self.d[person], self.tasks, person, k, self.w.time)
        return self

    def line_up(self, queue, *ks, advanced=0):
        """Put tasks into a list that nobody owns."""
        from sim.engine import tasks

        standing = state.QUEUED if queue == state.REVIEWS else state.WAITING
        for k in ks:
            self.t[k].state, self.t[k].advanced = standing, advanced
            tasks.push(self.w, self.tasks, k, queue)
        return self

    def hand_in(self, author, *ks):
        """Submissions of somebody, visible to reviewers."""
        for k in ks:
            self.t[k].owner = author
            self.d[author].unreviewed += 1
            self.d[author].queued += 1
        limited = [d for d in self.d if d.unreviewed >= self.w.wip_limit]
        self.w.urgent = sum(d.queued for d in limited)
        return self.line_up(state.REVIEWS, *ks)

    def list_of(self, queue):
        return self._walk(self.w.head[queue], self.w.tail[queue])

    def hands(self, person):
        return self._walk(self.d[person].head, self.d[person].tail)

    def _walk(self, k, tail):
        """Tasks of a list from its head, having checked that it reads the same from its tail."""
        found = []
        while k >= 0:
            found.append(int(k))
            k = self.t[k].next
        back = []
        while tail >= 0:
            back.append(int(tail))
            tail = self.t[tail].prev
        assert back == found[::-1]
        return found


def uniform(w, entity, index, purpose):
    """The pair of numbers that a rule meets."""
    return luck.pair(w.key, w.replication, entity, index, purpose)


def snapshot(rows, *but):
    """Values of all fields of rows, apart from some, for comparing before with after."""
    return {name: np.array(rows[name]).tolist() for name in rows.dtype.names if name not in but}
