"""Worlds whose answer is known before they run, and the formulas that say it, with their sources.

Times in hours, rates an hour. Queues are people by hand who are certain and exact; their tasks of
the first and the last `EDGE` hours are left out: the queue's relaxation time is about 150 h, so
that neither the empty start nor the end can be seen.
"""

import math

import numpy as np
from scipy.special import expit

from sim.engine import state
from sim.validation import worlds
from sim.validation.check import exact_check, mean_check, variance_check

WEEKS, EDGE = 520, 2000.0  # [weeks], [h]
LOAD, SERVICE = 0.7, 4.0  # busy share of each person; mean size [h]
EXPONENTIAL = {"size": "exponential", "mean_hours": SERVICE}
LOGNORMAL = {"size": "lognormal", "median_hours": 2.0, "sigma": 1.0}
SIZE_HOURS, MOST = 1.5, 20  # of every task [expert-h]; sessions before it is done by hand
TRAINING = {
    "seats": 1, "target": "expert", "weeks": 5, "hours_per_week": 4.0,
    "trainer_hours_per_week": 0.0, "start_week": 0,
}  # fmt: skip

# ---- formulas ------------------------------------------------------------------------------------


def erlang_c(servers, load):
    """Probability that an arrival waits in an M/M/c queue.

        C = (a^c / c!) / (1 - a/c) / [ (a^c / c!) / (1 - a/c) + sum_{k<c} a^k / k! ]

    load : a = arrival rate times mean service, < servers. Source: Erlang 1917.
    """
    busy = load**servers / math.factorial(servers) / (1 - load / servers)
    return busy / (busy + sum(load**k / math.factorial(k) for k in range(servers)))


def erlang_wait(servers, rate, service):
    """Mean wait in an M/M/c queue [h]: C / (c/s - rate), s the mean service."""
    return erlang_c(servers, rate * service) / (servers / service - rate)


def residual(rate, second_moment):
    """Mean work left in the server at an arrival [h]: rate E[S^2] / 2."""
    return rate * second_moment / 2


def pollaczek_khinchine_wait(rate, mean, second_moment):
    """Mean wait in an M/G/1 queue [h]: rate E[S^2] / (2 (1 - rate E[S])).

    Source: Pollaczek 1930, Khinchine 1932.
    """
    return residual(rate, second_moment) / (1 - rate * mean)


def priority_waits(rates, mean, second_moment):
    """Mean waits of two classes in a non-preemptive M/G/1 queue [h], the first served first.

        W_1 = W_0 / (1 - rho_1),   W_2 = W_0 / ((1 - rho_1) (1 - rho_1 - rho_2))

    W_0 the mean work left in the server, sizes alike in both classes. Source: Cobham 1954.
    """
    first, both = rates[0] * mean, sum(rates) * mean
    left = residual(sum(rates), second_moment)
    return left / (1 - first), left / ((1 - first) * (1 - both))


def lognormal_moments(median, sigma):
    """E[S] and E[S^2] of a lognormal: median exp(sigma^2 / 2), median^2 exp(2 sigma^2)."""
    return median * math.exp(sigma**2 / 2), median**2 * math.exp(2 * sigma**2)


def attempts(p, most):
    """Mean attempts until the first success or `most` of them: (1 - (1 - p)^most) / p."""
    return (1 - (1 - p) ** most) / p


def mixed_attempts(logit, sd, most):
    """Mean attempts where the log-odds of success are normal over tasks and stay with a task.

    E[(1 - (1 - p)^most) / p], p = expit(logit + sd Z), Z ~ N(0, 1); by Gauss-Hermite.
    """
    points, weights = np.polynomial.hermite_e.hermegauss(64)
    p = 1 / (1 + np.exp(-(logit + sd * points)))
    return float((weights * attempts(p, most)).sum() / weights.sum())


def renewals(hours, mean, second_moment):
    """Mean number of renewals in so many hours: t/m + E[S^2] / (2 m^2) - 1, as t grows.

    Source: Cox 1962, Renewal Theory, section 4.2.
    """
    return hours / mean + second_moment / (2 * mean**2) - 1


def defect_probability(per_hour, hours):
    """Probability that a piece holds a defect: 1 - (1 - q)^L."""
    return 1 - (1 - per_hour) ** hours


# ---- queues --------------------------------------------------------------------------------------


def queue(servers, rate, sizes, fix_share=0.0):
    """Experts who each do one task after another; tasks arrive by chance, `rate` an hour."""
    return worlds.alone(weeks=WEEKS, experts=servers, dev_share=1.0).replace(
        {"tasks": {"arrivals_per_week": 40 * rate}}
        | {"tasks.average": sizes, "tasks.advanced": sizes, "tasks.fix_share": fix_share}
    )


def waits(end):
    """Waits [h] of the tasks that arrived in the middle of a run, and which of them are fixes.

    Every such task must have been started once: a wait that has not ended would be missed.
    """
    tasks = end.tasks
    middle = (tasks["arrival"] > EDGE) & (tasks["arrival"] < WEEKS * 40 - EDGE)
    order = np.argsort(tasks["key"])
    place = order[np.searchsorted(tasks["key"][order], end.trace["task"])]
    seen = middle[place]
    if seen.sum() != middle.sum():
        raise RuntimeError("a task in the middle of the run was started twice or not at all")
    wait = (end.trace["start_hours"] - tasks["arrival"][place])[seen]
    return wait, (tasks["kind"][place] == state.FIX)[seen]


def many_servers(servers, count=80):
    """Mean wait of an M/M/c queue, over `count` worlds."""
    rate = LOAD * servers / SERVICE
    plan = queue(servers, rate, EXPONENTIAL)
    means = [waits(end)[0].mean() for end in worlds.run_many(plan, count)]
    return mean_check(
        "many_servers", erlang_wait(servers, rate, SERVICE), means, servers=servers, load=LOAD,
        people=f"{servers} {'person' if servers == 1 else 'people'}",
        formula="C(c, a) / (c/s - λ), Erlang C" if servers > 1 else "ρ s / (1 - ρ)",
    )  # fmt: skip


def lognormal_sizes(count=80):
    """Mean wait of an M/G/1 queue with lognormal sizes, over `count` worlds."""
    mean, second = lognormal_moments(2.0, 1.0)
    rate = LOAD / mean
    means = [waits(end)[0].mean() for end in worlds.run_many(queue(1, rate, LOGNORMAL), count)]
    return mean_check("lognormal_sizes", pollaczek_khinchine_wait(rate, mean, second), means)


def two_classes(count=80, fix_share=0.4):
    """Mean waits of fixes and of new work, which waits for them, over `count` worlds."""
    rate = LOAD / SERVICE
    rates = fix_share * rate, (1 - fix_share) * rate
    expected = priority_waits(rates, SERVICE, 2 * SERVICE**2)
    means = []
    for end in worlds.run_many(queue(1, rate, EXPONENTIAL, fix_share), count):
        wait, fix = waits(end)
        means.append((wait[fix].mean(), wait[~fix].mean()))
    parts = zip(("first_class", "second_class"), expected, zip(*means, strict=True), strict=True)
    return [mean_check(key, wait, values) for key, wait, values in parts]


# ---- sessions, retries, defects and counts of tasks done -----------------------------------------


def retrying(sd_task=0.0, tasks=4000):
    """Twenty people who go on with the agent, task by task, until it is done or 20 have failed."""
    return worlds.plan(
        horizon={"weeks": 200},
        team={"intermediate": 20},
        tasks={
            "backlog": tasks,
            "advanced_share": 0.0,
            "average": {"size": "constant", "mean_hours": SIZE_HOURS},
        },
        tool={"profile": "claude-code-2026", "version": "date"},
        policy={"review": "none", "max_sessions": MOST},
        world={"sd_task": sd_task, "sd_developer": 0.0, "partial_share": 0.0, "defect_hand": 0.0}
        | {"defect_verified": 0.0, "defect_unverified": 0.0, "learning_rate": 0.0},
    )


def judged_logit(world):
    """Log-odds that a session on one of those tasks is judged done, at level 3, a node."""
    doublings = math.log2(SIZE_HOURS / world["size_ref_hours"])
    return (
        world["cut_unverified"]
        + world["shift_reference"]
        - (world["slope_per_doubling"] * doublings)
    )


def retries(sd_task=0.0, tasks=4000):
    """Mean sessions a task, where tasks are alike (geometric) or differ and stay as they are."""
    end = worlds.run(retrying(sd_task, tasks), uncertain=False)
    logit = judged_logit(end.world)
    sessions = end.tasks["sessions"][end.tasks["stream"] == 1]
    if len(sessions) != tasks or sessions.min() < 1:
        raise RuntimeError("not every task was tried: the run is too short")
    if sd_task == 0:
        return mean_check("retries", attempts(expit(logit), MOST), sessions)
    return mean_check("persistent_failures", mixed_attempts(logit, sd_task, MOST), sessions)


def defects(tasks=4000):
    """Share of tasks by hand that hold a defect, 2 h each at 0.1 an hour."""
    plan = worlds.alone(2.0, backlog=tasks, weeks=100, defect_hand=0.1, hand_ratio=1.0)
    plan = plan.replace({"team": {"intermediate": 10}, "world.defect_delay_weeks": 1000.0})
    stream = worlds.run(plan).stream
    if not (stream["state"] == state.DONE).all():
        raise RuntimeError("not every task was done: the run is too short")
    return mean_check("defects", defect_probability(0.1, 2.0), stream["defect"])


def counts(count=400):
    """Tasks done by one person, of exponential sizes (Poisson) and of lognormal ones."""
    hours, mean = 200.0, 4.0  # half of 10 weeks
    alone = worlds.alone(weeks=10)
    drawn = {"tasks.average": {"size": "exponential", "mean_hours": mean}}
    done = [end.metrics["tasks_done"] for end in worlds.run_many(alone.replace(drawn), count)]
    first, second = lognormal_moments(2.0, 1.0)
    drawn = {"tasks.average": {"size": "lognormal", "median_hours": 2.0, "sigma": 1.0}}
    renewed = [end.metrics["tasks_done"] for end in worlds.run_many(alone.replace(drawn), count)]
    return [
        mean_check("tasks_mean", hours / mean, done),
        variance_check("tasks_variance", hours / mean, done),
        mean_check("tasks_renewed", renewals(hours, first, second), renewed),
    ]


def arrivals(count=400):
    """Number of tasks that arrive in 20 weeks at 5 a week, and its variance."""
    plan = worlds.plan(horizon={"weeks": 20}, team={}, tasks={"arrivals_per_week": 5.0})
    arrived = np.array([float(end.world["arrived"]) for end in worlds.run_many(plan, count)])
    return [
        mean_check("arrivals_mean", 100.0, arrived),
        variance_check("arrivals_variance", 100.0, arrived),
    ]


# ---- trainings: a novice by hand, half as fast as an expert --------------------------------------


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
        exact_check("payoff", done, worlds.run(plan).metrics["tasks_done"], 1, case=case,
                    formula=formula)
        for case, formula, done, plan in cases
    ]  # fmt: skip
