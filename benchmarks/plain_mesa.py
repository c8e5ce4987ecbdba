"""The same process as a user would write it in plain Mesa: the yardstick of the speed suite.

Developers with a level take tasks from a stream, split them into pieces, work with an agent
whose sessions end by a tier curve, go on by hand after two tries, escalate what they cannot
do, review each other's work within an allowance, rework what review catches, and fix what
escapes. Agents, a queue of events and NumPy's generator, as in Mesa's own examples; no
intervals, no shared luck, no calendar, one person's hours like another's. Numbers are the
central ones of the register; shifts, cuts and progress are rounded, as one would type them.
"""

import math
from collections import deque

import mesa

from sim import parameters

SCOPE, TRIES, LOOKAHEAD, WIP = 2.0, 2, 20, 3
HAND_STRETCH = 4.0
REVIEW_HOURS = 2.9
SHIFT = {1: 0.0, 2: 0.63, 3: 1.18, 4: 1.25, 5: 1.42}
CUTS = (1.66, -0.60, -2.42)  # partial, judged done, verified
PROGRESS = 1.25  # the tool's, from the date of its curve to the start


class Task:
    """A piece of work on its way through the team."""

    def __init__(self, model, advanced, fix, hours, parent=None):
        self.advanced, self.fix, self.hours, self.parent = advanced, fix, hours, parent
        self.left, self.tries, self.owner = hours, 0, None
        self.rework = self.escalated = False
        self.trait = model.random.gauss(0.0, model.p["sd_task"])
        self.clean = 0.0
        self.hand_left = 0.0
        self.submitted = 0.0


class Worker(mesa.Agent):
    """One developer: does what is next, and then the next thing."""

    def __init__(self, model, level):
        super().__init__(model)
        self.level = level
        self.trait = model.random.gauss(0.0, model.p["sd_developer"])
        self.hands = deque()
        self.waiting = 0
        self.allowance, self.allowance_time = REVIEW_HOURS / 5, 0.0
        self.task = None

    def take_up(self):
        """Choose what to do next, and schedule its end."""
        review = self.find_review()
        if review is not None:
            self.model.reviews.remove(review)
            hours = self.model.p["review_rate"] * review.left
            self.allowance -= hours
            self.begin(review, hours, self.end_review)
            return
        task = self.find_work()
        if task.tries < TRIES:
            piece = min(task.left, SCOPE)
            p = self.model.p
            oversight = p["oversight_share"] * 1.09 ** (5 - self.level)
            noise = self.model.random.lognormvariate(-0.125, 0.5)
            hours = p["planning_hours"] + p["switching_hours"]
            hours += piece * (oversight * noise + p["runtime_share"])
            self.begin(task, hours, self.end_session)
        else:
            if task.hand_left <= 0:
                slow = self.model.p["hand_ratio"] ** ((5 - self.level) / 4)
                task.hand_left = min(task.left, SCOPE) * slow
            self.begin(task, min(HAND_STRETCH, task.hand_left), self.end_by_hand)

    def begin(self, task, hours, end):
        self.task = task
        self.model.schedule_event(end, after=hours / self.model.p["dev_share"])

    def find_review(self):
        now, rate = self.model.time, REVIEW_HOURS / 40
        earned = self.allowance + rate * (now - self.allowance_time)
        self.allowance, self.allowance_time = min(earned, REVIEW_HOURS / 5), now
        if self.level < 3:
            return None
        for task in self.model.reviews:
            if task.owner is not self and (self.allowance > 0 or task.owner.waiting >= WIP):
                return task
        return None

    def find_work(self):
        for task in self.hands:
            if task.rework or task.escalated:
                return task
        for task in self.model.fixes:
            if self.level >= 4 or not task.advanced:
                self.model.fixes.remove(task)
                self.hands.append(task)
                return task
        if self.hands:
            return self.hands[0]
        stream = self.model.stream
        for place in range(LOOKAHEAD + 1):
            if place == len(stream):
                stream.append(self.model.next_task())
            if self.level >= 4 or not stream[place].advanced:
                break
        else:
            place = 0
        task = stream[place]
        del stream[place]
        self.hands.append(task)
        return task

    def end_session(self):
        task, p = self.task, self.model.p
        piece = min(task.left, SCOPE)
        eta = SHIFT[self.level] + PROGRESS + self.trait + task.trait
        eta -= p["slope_per_doubling"] * math.log2(piece / p["size_ref_hours"])
        eta -= p["advanced_penalty"] if task.advanced else 0.0
        u = self.model.random.random()
        chances = [1 / (1 + math.exp(-(cut + eta))) for cut in CUTS]
        self.model.sessions += 1
        if u < chances[1]:
            self.piece_done(p["defect_verified" if u < chances[2] else "defect_unverified"], piece)
        else:
            task.tries += 1
            if u < chances[0]:
                task.left -= p["partial_share"] * piece
        self.take_up()

    def end_by_hand(self):
        task, p = self.task, self.model.p
        task.hand_left -= HAND_STRETCH
        if task.hand_left <= 0:
            eta = p["hand_success_expert"] - p["hand_success_per_level"] * (5 - self.level)
            if self.model.random.random() < 1 / (1 + math.exp(-eta)):
                self.piece_done(p["defect_hand"], min(task.left, SCOPE))
            else:
                self.escalate()
        self.take_up()

    def escalate(self):
        self.hands.remove(self.task)
        above = [a for a in self.model.workers if a.level > self.level]
        if not above:
            self.model.abandoned += 1
            return
        self.task.tries, self.task.escalated = 0, True
        min(above, key=lambda a: (a.level, len(a.hands))).hands.append(self.task)

    def piece_done(self, odds, piece):
        task = self.task
        task.clean += piece * math.log1p(-odds)
        task.left -= piece
        task.tries = 0
        if task.left <= 1e-9:
            self.hands.remove(task)
            task.owner, task.left = self, task.hours
            self.waiting += 1
            look = self.model.random.random() * self.model.p["review_look_hours"]
            self.model.looking.append(task)
            self.model.schedule_event(self.model.look, after=look)

    def end_review(self):
        task, p = self.task, self.model.p
        task.owner.waiting -= 1
        defect = self.model.random.random() < -math.expm1(task.clean)
        caught = 1 / (1 + math.exp(-p["review_skill_per_level"] * (self.level - 3)))
        if defect and self.model.random.random() < caught:
            task.rework, task.left, task.clean = True, p["rework_share"] * task.hours, 0.0
            task.owner.hands.append(task)
        else:
            self.model.accept(task, defect)
        self.take_up()


class PlainTeam(mesa.Model):
    """A team on a saturated stream of work."""

    def __init__(self, levels=(1, 1, 3, 3, 3, 3, 3, 5, 5), weeks=26, seed=1):
        super().__init__(rng=seed)
        self._default_schedule.stop()
        self.p = parameters.central()
        self.weeks = weeks
        self.stream, self.fixes, self.reviews, self.looking = [], [], [], deque()
        self.events = self.sessions = self.done = self.abandoned = 0
        self.work = 0.0
        self.surfacing = deque()
        self.workers = [Worker(self, level) for level in levels]

    def next_task(self):
        advanced = self.random.random() < 0.3
        hours = self.random.lognormvariate(math.log(5.0 if advanced else 1.6), 1.2)
        return Task(self, advanced, self.random.random() < 0.2, hours)

    def look(self):
        self.reviews.append(self.looking.popleft())

    def accept(self, task, defect):
        self.done += 1
        self.work += task.hours if task.parent is None else 0.0
        if defect:
            self.surfacing.append(task)
            delay = self.random.expovariate(1 / (self.p["defect_delay_weeks"] * 40))
            self.schedule_event(self.surface, after=delay)

    def surface(self):
        task = self.surfacing.popleft()
        hours = self.p["fix_size_share"] * task.hours
        self.fixes.append(Task(self, task.advanced, True, hours, task))

    def schedule_event(self, method, **when):
        self.events += 1
        super().schedule_event(method, **when)

    def run(self):
        for worker in self.workers:
            worker.take_up()
        self.run_until(self.weeks * 40)
        return self


class WholeTeam(PlainTeam):
    """The same, run when it is made, as `batch_run` has it without a step of its own."""

    def __init__(self, seed=1):
        super().__init__(seed=seed)
        self.datacollector = mesa.DataCollector(model_reporters={"work": "work"})
        self.run()
        self.datacollector.collect(self)
        self.running = False
