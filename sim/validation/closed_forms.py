"""Formulas whose answer is known without a simulation, with their sources.

Nothing here runs a world. Times in hours, rates an hour.
"""

import math

import numpy as np


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
