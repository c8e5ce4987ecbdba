"""Tasks: how they come into being, in which list they stand, and how they leave."""

import math

from sim.engine import compiled, idle, inlined, luck, row
from sim.engine.state import (
    ABANDONED,
    ABANDONED_TASKS,
    BACKLOG,
    CHAINED,
    DORMANT,
    FIX,
    FIXES,
    GIVEN_UP,
    HELD,
    HOURS_PER_YEAR,
    IN_REVIEW,
    MOST_PARTS,
    NEW,
    QUEUED,
    REVIEWS,
    SATURATED,
    SEAT_NUMBERS,
    SEATS_A_NUMBER,
    SIZE_EXPONENTIAL,
    SIZE_LOGNORMAL,
    STREAM,
    WAITING,
    WORK_DELIVERED,
)

# ---- parts of a whole ----------------------------------------------------------------------


@inlined
def is_part(t):
    """Whether a task is one of the parts that a larger one was split into."""
    return t.size_hours < t.whole_hours


@inlined
def whole_of(t, k):
    """Row of the task that t, which stands in row k, is a part of; k itself if it is whole."""
    return t.root if t.stream == 1 else k


@inlined
def others_on(d, tasks, t):
    """Parts of the same task that are in others' hands."""
    own, k = 0, d.head
    while k >= 0:
        own += 1 if row(tasks, k).stream == 1 and row(tasks, k).root == t.root else 0
        k = row(tasks, k).next
    return row(tasks, t.root).parts_held - own


@compiled
def split(w, tasks, luck_cache, k):
    """Split a large task, which stands in a list, into equal parts that stand there together.

    Parts share the task's class, domain and persistent effect; all other luck is their own. The
    first keeps the task's row and key.

    Equation 29 of docs/model.md.
    """
    t = row(tasks, k)
    parts = min(math.ceil(t.size_hours / w.split_hours), MOST_PARTS)
    t.size_hours = t.left = t.submitted_hours = t.whole_hours / parts
    t.parts_left = parts
    before = k
    for part in range(1, parts):
        key = luck.part_key(t.key, part)
        child = create(w, tasks, luck_cache, key, t.kind, t.advanced, t.domain, t.size_hours, k)
        if child < 0:
            return
        c = row(tasks, child)
        c.stream, c.part, c.trait, c.whole_hours = 1, part, t.trait, t.whole_hours
        c.state, c.arrival, c.since = WAITING, t.arrival, t.since
        w.arrived += 1
        push_after(w, tasks, child, before)
        before = child


# ---- lists ---------------------------------------------------------------------------------


@inlined
def push(w, tasks, k, queue):
    """Append task k to a list of tasks nobody owns."""
    t = row(tasks, k)
    t.queue, t.next, t.prev = queue, -1, w.tail[queue]
    if t.prev < 0:
        w.head[queue] = k
    else:
        row(tasks, t.prev).next = k
    w.tail[queue] = k
    w.length[queue] += 1
    idle.note_entry(w, queue)


@inlined
def push_after(w, tasks, k, before):
    """Put task k into a list, after the task `before` that stands in it."""
    t, b = row(tasks, k), row(tasks, before)
    t.queue, t.next, t.prev = b.queue, b.next, before
    if t.next < 0:
        w.tail[t.queue] = k
    else:
        row(tasks, t.next).prev = k
    b.next = k
    w.length[t.queue] += 1
    idle.note_entry(w, t.queue)


@compiled
def push_first(w, tasks, k, queue):
    """Put task k at the head of a list of tasks nobody owns."""
    t = row(tasks, k)
    t.queue, t.next, t.prev = queue, w.head[queue], -1
    if t.next < 0:
        w.tail[queue] = k
    else:
        row(tasks, t.next).prev = k
    w.head[queue] = k
    w.length[queue] += 1
    idle.note_entry(w, queue)


@inlined
def take(w, tasks, k):
    """Remove task k from the list it stands in."""
    t = row(tasks, k)
    if t.prev < 0:
        w.head[t.queue] = t.next
    else:
        row(tasks, t.prev).next = t.next
    if t.next < 0:
        w.tail[t.queue] = t.prev
    else:
        row(tasks, t.next).prev = t.prev
    w.length[t.queue] -= 1
    idle.note_exit(w, t.queue)


@inlined
def assign(d, tasks, i, k, now):
    """Put task k into the hands of person i."""
    t = row(tasks, k)
    t.state, t.owner, t.since = HELD, i, now
    t.next, t.prev = -1, d.tail
    if t.prev < 0:
        d.head = k
    else:
        row(tasks, t.prev).next = k
    d.tail = k
    d.held += 1
    if is_part(t):
        row(tasks, t.root).parts_held += 1


@inlined
def hand_over(w, d, tasks, i, k):
    """Put task k into the hands of person i, who has not chosen it."""
    assign(d, tasks, i, k, w.time)
    idle.call(w, d, i)


@inlined
def release(d, tasks, k):
    """Take task k out of a person's hands."""
    t = row(tasks, k)
    if t.prev < 0:
        d.head = t.next
    else:
        row(tasks, t.prev).next = t.next
    if t.next < 0:
        d.tail = t.prev
    else:
        row(tasks, t.next).prev = t.prev
    d.held -= 1
    if is_part(t):
        row(tasks, t.root).parts_held -= 1


@compiled
def return_to_queue(w, d, tasks, k):
    """Return a task from somebody's hands to those that wait before new work."""
    release(d, tasks, k)
    t = tasks[k]
    t.state, t.owner, t.since, t.mentoring = WAITING, -1, w.time, 0
    push(w, tasks, k, FIXES)


@compiled
def lay_down(w, d, tasks):
    """Return all that is in a person's hands to those that wait before new work."""
    while d.head >= 0:
        return_to_queue(w, d, tasks, d.head)


# ---- given up ------------------------------------------------------------------------------


@inlined
def able_from(w, t):
    """Least capability that may take a given-up task again.

    That of whoever gave it up while few of them have tried, else one more.

    Equation 30 of docs/model.md.
    """
    return t.tried_by if t.tried < w.tries_per_level else t.tried_by + 1


@inlined
def has_given_up(t, i):
    """Whether person i is one of those who gave a task up since `tried_by` last rose.

    Equation 30 of docs/model.md.
    """
    return (t.gave_up[i // SEATS_A_NUMBER] >> (i % SEATS_A_NUMBER)) & 1 == 1


@inlined
def forget_who_gave_up(t):
    """Nobody has given a task up yet who is as capable as whoever does now."""
    t.tried = 0
    for number in range(SEAT_NUMBERS):
        t.gave_up[number] = 0


@compiled
def give_up(w, tasks, i, k, capability):
    """Person i gives a task up, for want of anybody who can take it further now.

    It stays in the remainder, in a list of its own, until somebody able takes it again.
    """
    t = row(tasks, k)
    if capability > t.tried_by:
        t.tried_by = capability
        forget_who_gave_up(t)
    t.tried += 1
    t.gave_up[i // SEATS_A_NUMBER] |= 1 << (i % SEATS_A_NUMBER)
    t.state, t.since = ABANDONED, w.time
    w.given_up_for[able_from(w, t)] += 1
    push(w, tasks, k, GIVEN_UP)
    whole = row(tasks, whole_of(t, k))
    whole.parts_given_up += 1
    if whole.parts_given_up == 1:
        w.week[ABANDONED_TASKS] += 1.0


@compiled
def take_again(w, d, tasks, i, k):
    """Take a given-up task into one's hands."""
    t = row(tasks, k)
    take(w, tasks, k)
    w.given_up_for[able_from(w, t)] -= 1
    whole = row(tasks, whole_of(t, k))
    whole.parts_given_up -= 1
    if whole.parts_given_up == 0:
        w.week[ABANDONED_TASKS] -= 1.0
    assign(d, tasks, i, k, w.time)


# ---- reviews -------------------------------------------------------------------------------


@inlined
def at_limit(w, d):
    """Whether a person has as many unreviewed items as the limit on work in progress."""
    return d.unreviewed >= w.wip_limit


@inlined
def urgent_of(w, d):
    """How many of a person's submissions are urgent: all that wait while they are at the limit."""
    return d.queued if at_limit(w, d) else 0


@inlined
def count_reviews(w, developers, i, unreviewed, queued):
    """Change what person i has unreviewed, and what of it waits for a reviewer.

    The one place where the world's count of urgent reviews changes with it.
    """
    d = row(developers, i)
    before = urgent_of(w, d)
    if unreviewed < 0:
        idle.unblock(w, d, i)
    d.unreviewed += unreviewed
    d.queued += queued
    w.urgent += urgent_of(w, d) - before


@inlined
def await_review(w, developers, tasks, k):
    """Put task k into the list of those that wait for a reviewer, urgent or not."""
    t = row(tasks, k)
    t.state = QUEUED
    push(w, tasks, k, REVIEWS)
    count_reviews(w, developers, t.owner, 0, 1)


@inlined
def take_review(w, developers, tasks, k):
    """Take task k out of the list of those that wait for a reviewer."""
    t = row(tasks, k)
    take(w, tasks, k)
    t.state = IN_REVIEW
    count_reviews(w, developers, t.owner, 0, -1)
    row(developers, t.owner).waiting[t.domain] -= 1


# ---- tasks come into being, and leave ------------------------------------------------------


@inlined
def size_of(w, advanced, u):
    """Size of a task from its luck [expert-h]; typical tasks may grow as time goes by.

    Equation 26 of docs/model.md.
    """
    scale = w.size_scale[advanced]
    if w.task_growth != 0.0:
        scale *= (1.0 + w.task_growth) ** (w.time / HOURS_PER_YEAR)
    if w.size_kind[advanced] == SIZE_LOGNORMAL:
        return scale * math.exp(w.size_sigma[advanced] * luck.normal(u))
    if w.size_kind[advanced] == SIZE_EXPONENTIAL:
        return scale * luck.exponential(u)
    return scale


@inlined
def domain_of(w, v):
    """Domain of a task from its luck."""
    domain = 0
    while domain < w.domains - 1 and v >= w.domain_until[domain]:
        domain += 1
    return domain


@inlined
def on_own_code(w, luck_cache, key):
    """Whether a task of the stream is on code its author knows; its parts and fixes are then too.

    Equation 9 of docs/model.md.
    """
    if w.own_share <= 0.0 or w.own_code_factor == 1.0:
        return 0
    u, _ = luck.of_task(w, luck_cache, key, 0, luck.OWN_CODE)
    return 1 if u < w.own_share else 0


@compiled
def create(w, tasks, luck_cache, key, kind, advanced, domain, hours, root):
    """A new task with its persistent luck; its index, or -1 if there is no room."""
    k = w.n_tasks
    if k >= len(tasks):
        w.overflow = 1
        return -1
    w.n_tasks = k + 1
    z, v = luck.of_task(w, luck_cache, key, 0, luck.TASK_TRAIT)
    t = row(tasks, k)
    t.key, t.kind, t.advanced, t.domain = key, kind, advanced, domain
    t.stream = 1 if root < 0 else 0
    t.size_hours = t.whole_hours = t.left = t.submitted_hours = hours
    t.part = t.parts_held = t.parts_given_up = 0
    t.tried_by = 0  # less than anybody's capability: whoever gives it up first starts the list
    t.parts_left = 1
    t.trait = w.sd_task * z
    t.hand_luck = v
    t.state, t.owner, t.timer, t.since = DORMANT, -1, math.inf, w.time
    t.queue, t.next, t.prev, t.outcome, t.session_logit, t.luck = -1, -1, -1, -1, 0.0, 0.0
    t.arrival = t.start = t.end = t.submitted = math.inf
    t.piece, t.piece_index, t.attempts, t.tries, t.manual_left = 0.0, 0, 0, 0, 0.0
    t.sessions = t.submissions = t.rework = t.escalated = t.mentoring = 0
    t.hazard, t.unverified, t.agent_hours, t.defect = 0.0, 0, 0.0, 0
    t.root = k if root < 0 else root
    t.to_clear, t.visible = 0.0, 0
    t.own_code = on_own_code(w, luck_cache, key) if root < 0 else row(tasks, root).own_code
    t.open_defects = t.credited = 0
    return k


@compiled
def next_of_stream(w, tasks, luck_cache, advanced_share):
    """The next task of the one ordered stream: class, kind, domain and size from its own luck.

    advanced_share : how likely it is advanced
    """
    key = w.n_stream
    u, v = luck.of_task(w, luck_cache, key, 0, luck.TASK_KIND)
    advanced = 1 if u < advanced_share else 0
    kind = FIX if v < w.fix_share else NEW
    u, v = luck.of_task(w, luck_cache, key, 0, luck.TASK_SIZE)
    hours = size_of(w, advanced, u)
    k = create(w, tasks, luck_cache, key, kind, advanced, domain_of(w, v), hours, -1)
    if k >= 0:
        w.n_stream = key + 1
    return k


@compiled
def schedule_arrival(w, tasks, luck_cache, now):
    """Create the next Poisson arrival and set its timer.

    Equation 26 of docs/model.md.
    """
    if w.arrivals_per_hour <= 0.0:
        return
    u, _ = luck.of_task(w, luck_cache, w.n_stream, 0, luck.ARRIVAL)
    k = next_of_stream(w, tasks, luck_cache, w.advanced_share)
    if k >= 0:
        row(tasks, k).timer = now + luck.exponential(u) / w.arrivals_per_hour
        w.timer_task = k


@compiled
def arrive(w, tasks, k):
    """Task k becomes work that somebody can pick."""
    t = row(tasks, k)
    t.state, t.arrival, t.since, t.timer = WAITING, w.time, w.time, math.inf
    w.arrived += 1
    # A saturated stream has no end of fixes, so there they keep their place in it.
    push(w, tasks, k, FIXES if t.kind == FIX and not (t.stream and w.work == SATURATED) else STREAM)
    if w.work != SATURATED or not t.stream:
        enter(w, t)


@compiled
def initial_work(w, tasks, luck_cache):
    """The work that is there at the start, or the first arrival.

    Where it is known how many tasks are advanced, the next one is with the share that they have of
    those that are left: any of them are as likely, and as many there are.
    """
    if w.work == SATURATED:
        return
    if w.work != BACKLOG:
        schedule_arrival(w, tasks, luck_cache, 0.0)
        return
    advanced = w.backlog_advanced
    for number in range(w.backlog):
        share = w.advanced_share
        if w.backlog_advanced >= 0:
            share = advanced / (w.backlog - number)
        k = next_of_stream(w, tasks, luck_cache, share)
        if k < 0:
            return
        advanced -= row(tasks, k).advanced
        if w.chains > 0 and is_chained(w, number):
            wait_for_another(w, tasks, k)
        else:
            arrive(w, tasks, k)


@compiled
def is_chained(w, number):
    """Whether a ticket of the backlog waits for the one before it, by its number in the stream.

    Chains are spread evenly over the tickets that nobody has begun.

    Equation 43 of docs/model.md.
    """
    first = w.waiting_review + w.in_hand
    if number < first:
        return False
    number, count = number - first, w.backlog - first
    chain = ((number + 1) * w.chains + count - 1) // count - 1
    place = number - chain * count // w.chains
    return 0 < place < w.chain_length


@compiled
def wait_for_another(w, tasks, k):
    """Task k is there, and nobody can pick it before another one is done."""
    t = row(tasks, k)
    t.state, t.since = CHAINED, w.time
    w.arrived += 1
    enter(w, t)


@compiled
def open_next(w, tasks, k):
    """Ticket k is done: the one that waits for it comes first of those that wait to be picked.

    Equation 43 of docs/model.md.
    """
    if k + 1 >= w.backlog or not is_chained(w, k + 1):
        return
    t = row(tasks, k + 1)
    t.state, t.arrival, t.since = WAITING, w.time, w.time
    push_first(w, tasks, k + 1, FIXES if t.kind == FIX else STREAM)


@inlined
def session_index(t):
    """Which luck an attempt meets: that of its piece and try, whoever makes it."""
    return (t.piece_index << 10) | min(t.tries, 1023)


@inlined
def enter(w, t):
    """A task's lead time starts."""
    t.start = w.time
    w.area += w.in_system * (w.time - w.area_time)
    w.area_time = w.time
    w.in_system += 1


@inlined
def leave(w, t):
    """A task's lead time ends."""
    t.end = w.time
    w.area += w.in_system * (w.time - w.area_time)
    w.area_time = w.time
    w.in_system -= 1


@inlined
def pick_up(w, d, tasks, luck_cache, i, k):
    """Take a waiting task into one's hands, or the first part of a large one."""
    t = row(tasks, k)
    if t.stream == 1 and t.size_hours > w.split_hours and not is_part(t):
        split(w, tasks, luck_cache, k)
    take(w, tasks, k)
    if t.part == 0 and t.start == math.inf:
        enter(w, t)
    assign(d, tasks, i, k, w.time)


@inlined
def credit(w, tasks, root, on):
    """Credit the work of a task, or withdraw it while a surfaced defect is open."""
    t = row(tasks, root)
    if t.credited != on:
        t.credited = on
        w.week[WORK_DELIVERED] += t.whole_hours if on else -t.whole_hours
