"""The calendar: who is there in which week, and how many hours each has for what.

Joining, leaving, training and ramp-up follow from the scenario and from luck alone,
so a world's calendar is complete before its first event. Weeks are its grain: a rate
is constant within one. What a person costs is known here too, and booked.
"""

import math

from sim.engine import compiled, inlined, luck, row
from sim.engine.people import hired_level, is_in, pay_per_hour, place_in_range, ramp
from sim.engine.state import B_IDLE, B_MENTORING, B_TRAINING, DAYS_PER_WEEK, HOURS_PER_WEEK
from sim.engine.tools import tool_cost

_ROUNDING = 1e-9


# ---- clock time and development hours ----------------------------------------------------


@compiled
def hours_between(calendar, n, i, start, end):
    """Development hours of person i between two clock times: the integral of the rate.

    calendar : with n weeks a person

    Equation 24 of docs/model.md.
    """
    total = 0.0
    while start < end:
        cell = calendar[i * n + min(int(start / HOURS_PER_WEEK), n - 1)]
        stop = min(end, cell.until)
        total += cell.rate * (stop - start)
        start = stop
    return total


@inlined
def time_after(calendar, n, i, week, start, hours):
    """Clock time at which person i has put in `hours` from `start`, in `week`; inf if never.

    Equation 24 of docs/model.md.
    """
    while start < math.inf:
        cell = row(calendar, i * n + week)
        if cell.rate > 0.0:
            end = start + hours / cell.rate
            if end <= cell.until:
                return end
            hours -= cell.rate * (cell.until - start)
        start = cell.until
        if start < math.inf:
            week = int(start / HOURS_PER_WEEK)
    return math.inf


@inlined
def book(w, d, weeks, calendar, i, bucket, end, hours, advanced):
    """Book the hours of person i's stretch, up to `end` or the horizon; the hours booked."""
    if d.start >= w.week_ends - HOURS_PER_WEEK and end < w.week_ends:
        book_part(row(weeks, w.weeks_over), bucket, hours, advanced)
    else:
        hours = book_by_week(w, d, weeks, calendar, i, bucket, end, hours, advanced)
    if bucket != B_IDLE:
        d.hours_worked += hours
    return hours


@compiled
def book_by_week(w, d, weeks, calendar, i, bucket, end, hours, advanced):
    """Book hours to the weeks they fall in; what lies past the horizon is not."""
    n, at = len(weeks), d.start
    if end > w.horizon:
        end = w.horizon
        hours = hours_between(calendar, n, i, at, end)
    for week in range(int(at / HOURS_PER_WEEK), min(int(end / HOURS_PER_WEEK) + 1, n)):
        stop = min(end, (week + 1) * HOURS_PER_WEEK)
        book_part(weeks[week], bucket, hours_between(calendar, n, i, at, stop), advanced)
        at = stop
    return hours


@compiled
def book_idle(w, d, weeks, calendar, i):
    """Book the time that person i has had nothing to do."""
    if w.time > d.start:
        hours = hours_between(calendar, len(weeks), i, d.start, w.time)
        book(w, d, weeks, calendar, i, B_IDLE, w.time, hours, 0)


@inlined
def book_part(week, bucket, hours, advanced):
    """Book hours within one week."""
    week.hours[bucket] += hours
    if bucket != B_IDLE:
        week.hours_class[advanced] += hours


# ---- who holds a seat, and when ------------------------------------------------------------


@compiled
def monday_after(time):
    """The first start of a week at or after a clock time [h]."""
    return math.ceil(time / HOURS_PER_WEEK - _ROUNDING) * HOURS_PER_WEEK


@compiled
def tenure(w, d, generation, vacant):
    """When the next holder of a seat that is vacant from `vacant` on joins and leaves [h].

    generation : int, how many held the seat before
    returns : (joins, leaves), Mondays; inf for never

    Equation 23 of docs/model.md.
    """
    if vacant >= d.departs:
        return math.inf, math.inf
    u, v = luck.pair(w.key, w.replication, d.key, generation, luck.TENURE)
    joins = vacant
    weeks = d.weeks_to_fill if generation == 0 else w.refill_weeks
    if weeks > 0.0:
        sd = w.fill_sd
        wait = weeks * math.exp(sd * luck.normal(u) - 0.5 * sd * sd)  # mean `weeks`
        joins = monday_after(vacant + wait * HOURS_PER_WEEK)
    leaves = d.departs
    if w.attrition_per_hour > 0.0:
        stay = luck.exponential(v) / w.attrition_per_hour
        leaves = min(leaves, max(monday_after(joins + stay), joins + HOURS_PER_WEEK))
    return (joins, leaves) if joins < leaves else (math.inf, math.inf)


@compiled
def next_tenure(w, d, generation, leaves):
    """Tenure of whoever follows a holder that leaves at `leaves`."""
    if w.refill == 0:
        return math.inf, math.inf
    return tenure(w, d, generation, leaves)


# ---- absence -------------------------------------------------------------------------------


@compiled
def attend(w, weeks):
    """Share of each week that people are there; what is left of its pace, which drift has set.

    Equation 40 of docs/model.md.
    """
    for i in range(len(weeks)):
        week = weeks[i]
        week.presence = w.attendance * (1.0 - w.days_off[i] / DAYS_PER_WEEK)
        week.pace *= week.presence


# ---- filling the calendar ------------------------------------------------------------------


@compiled
def fill(w, developers, weeks, calendar):
    """Fill the calendar of a world, and book what is decided by it: hours and money."""
    for i in range(len(developers)):
        place_holders(w, developers, weeks, calendar, i)
    for c in range(w.cohorts):
        w.asked_hours[c] = w.given_hours[c] = 0.0
    for week in range(len(weeks)):
        w.pace = weeks[week].pace
        allot_week(w, developers, weeks, calendar, week)
        for i in range(len(developers)):
            fill_cell(w, developers, weeks, calendar, i, week)
    w.pace = weeks[0].pace
    for i in range(len(developers)):
        join_spans(calendar, weeks, i)


@compiled
def place_holders(w, developers, weeks, calendar, i):
    """Who holds seat i in each week, for how long they have been there, and their level."""
    d = developers[i]
    generation = 0
    joins, leaves = tenure(w, d, 0, d.opens)
    level = hired_level(w, d, 0)
    for week in range(len(weeks)):
        time = week * HOURS_PER_WEEK
        while time >= leaves:
            generation += 1
            joins, leaves = next_tenure(w, d, generation, leaves)
            level = hired_level(w, d, generation)
        cell = calendar[i * len(weeks) + week]
        cell.paid = d.hours_per_week if time >= joins else 0.0
        new = d.newcomer == 1 or generation > 0
        cell.tenure = (time - joins) / HOURS_PER_WEEK if new else math.inf
        cell.cohort, cell.level = 0, level
        if generation == 0 and d.trainee != 0:
            cell.cohort, cell.level = cohort_at(w, d, time), trained_level(w, d, time)
        cell.pay = pay_per_hour(w, d, level)
        price = d.hiring_cost if generation == 0 else w.refill_cost
        cell.hiring = price if new and time == joins else 0.0
        cell.tool = tool_cost(w, d, time)


@compiled
def cohort_at(w, d, time):
    """Number, from 1, of the cohort that a seat's first holder is in at a time; 0 if in none."""
    for c in range(w.cohorts):
        if is_in(d.trainee, c) and w.training_start[c] <= time < w.training_end[c]:
            return c + 1
    return 0


@compiled
def trained_level(w, d, time):
    """Level a seat's first holder counts at as a trainer: hired at, or the target of what ended.

    The mean over domains. What a training really brought is not known when it is planned.
    """
    _, v = place_in_range(w, d, 0)
    total = 0.0
    for k in range(w.domains):
        level = d.level_low[k] + v * (d.level_high[k] - d.level_low[k])
        for c in range(w.cohorts):
            about = w.training_domain[c] < 0 or w.training_domain[c] == k
            if about and is_in(d.trainee, c) and w.training_end[c] <= time:
                level = max(level, w.training_target[c])
        total += level
    return total / w.domains


@compiled
def allot_week(w, developers, weeks, calendar, week):
    """What a week asks of those who are there: of each by talking, of each trainer and mentor.

    Mentors are all who are not ramping up themselves.

    Equation 20 of docs/model.md.
    """
    there = newcomers = mentors = 0
    best = 0.0
    for i in range(len(developers)):
        cell = calendar[i * len(weeks) + week]
        if cell.paid <= 0.0:
            continue
        there += 1
        if cell.tenure < w.ramp_weeks:
            newcomers += 1
        else:
            mentors += 1
        if cell.cohort == 0 and cell.level > best:
            best = cell.level
    w.talk = communication(w, there)
    for c in range(w.cohorts):
        allot_trainers(w, developers, weeks, calendar, week, c, best)
    mentoring = newcomers * w.mentor_share * w.dev_share * w.pace * HOURS_PER_WEEK
    w.mentor_hours = mentoring / mentors if mentors > 0 else 0.0


@compiled
def allot_trainers(w, developers, weeks, calendar, week, c, best):
    """What a week of cohort c asks of each of its trainers.

    They are those of the level stated, or the most expert, who are in no training themselves.

    best : level of the most expert who are in no training

    Equation 20 of docs/model.md.
    """
    w.trainer_level[c] = w.trainer_from[c] if w.trainer_from[c] > 0.0 else best
    w.trainer_share[c] = 0.0
    trainers = trainees = 0
    for i in range(len(developers)):
        cell = calendar[i * len(weeks) + week]
        if cell.paid > 0.0:
            trainees += 1 if cell.cohort == c + 1 else 0
            trainers += 1 if cell.cohort == 0 and cell.level >= w.trainer_level[c] else 0
    if trainees > 0:
        hours = w.trainer_hours[c] * weeks[week].presence
        w.asked_hours[c] += hours
        w.trainer_share[c] = hours / trainers if trainers > 0 else 0.0


@compiled
def communication(w, people):
    """Share of development time lost to talking, within sub-teams of equal size.

    Source: the quadratic of Brooks' model (evidence row brooks-communication), made to
    saturate: most * (1 - exp(-loss * size**2 / most)).

    Equation 21 of docs/model.md.
    """
    if people == 0 or w.communication_most <= 0.0:
        return 0.0
    size = people / math.ceil(people / w.subteam_size)
    return w.communication_most * -math.expm1(
        -w.communication_loss * size * size / w.communication_most
    )


@compiled
def fill_cell(w, developers, weeks, calendar, i, week):
    """Hours of person i in a week: training, mentoring, and the rate left for tasks.

    Equation 20 of docs/model.md.
    """
    d = developers[i]
    cell = calendar[i * len(weeks) + week]
    cell.capacity = cell.training = cell.mentoring = cell.rate = 0.0
    if cell.paid <= 0.0:
        return
    capacity = w.dev_share * w.pace * cell.paid * (1.0 - w.talk) * ramp(w, cell.tenure)
    training = mentoring = 0.0
    if w.cohorts > 0:
        training = training_hours(w, cell, capacity, weeks[week].presence)
    if cell.tenure >= w.ramp_weeks:
        mentoring = min(capacity - training, w.mentor_hours)
    cell.capacity, cell.training, cell.mentoring = capacity, training, mentoring
    cell.rate = (capacity - training - mentoring) / HOURS_PER_WEEK
    weeks[week].hours[B_TRAINING] += training
    weeks[week].hours[B_MENTORING] += mentoring
    d.hours_worked += training + mentoring
    d.hours_helping += mentoring + (0.0 if cell.cohort > 0 else training)
    book_costs(w, weeks, cell, week)


@compiled
def training_hours(w, cell, capacity, presence):
    """Hours of a person in a week that are taught or learnt, within their capacity.

    Who trains several cohorts gives the later ones what the earlier ones leave.

    Equation 20 of docs/model.md.
    """
    if cell.cohort > 0:
        return min(capacity, w.training_hours[cell.cohort - 1] * presence)
    hours = 0.0
    for c in range(w.cohorts):
        if cell.level >= w.trainer_level[c]:
            given = min(capacity - hours, w.trainer_share[c])
            w.given_hours[c] += given
            hours += given
    return hours


@compiled
def book_costs(w, weeks, cell, week):
    """What a person costs in a week, in the scenario's currency.

    Equation 25 of docs/model.md.
    """
    if w.priced == 0:
        return
    labour = cell.paid * cell.pay
    training = 0.0
    if cell.cohort > 0 and w.training_start[cell.cohort - 1] == week * HOURS_PER_WEEK:
        training = w.cost_per_seat[cell.cohort - 1]
    w.labour_cost += labour
    w.tool_cost += cell.tool
    w.training_cost += training
    w.hiring_cost += cell.hiring
    weeks[week].cost += labour + cell.tool + training + cell.hiring


@compiled
def join_spans(calendar, weeks, i):
    """Set `until`: a rate holds for all weeks in a row that have it, the last for ever."""
    n = len(weeks)
    calendar[i * n + n - 1].until = math.inf
    for week in range(n - 2, -1, -1):
        cell, after = calendar[i * n + week], calendar[i * n + week + 1]
        cell.until = after.until if after.rate == cell.rate else (week + 1) * HOURS_PER_WEEK
