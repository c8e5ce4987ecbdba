"""Agent against hand in a team's own tickets: a posterior with people as random effects.

    logit P(closed) = class ± half the effect of the agent + person + the person's own effect of it

People differ, and differ in what an agent does for them; both are integrated over, so few people
say little however many tickets they have. Not causal: people choose which work they take to an
agent.
"""

import numpy as np

from calibration import laplace
from sim.exports.outcomes import STUDY

# Standard deviations of priors [logit]: of a class and of the agent's effect, which make a share of
# either way about uniform between 0 and 1 before any ticket; of people, half-normal, from all alike
# to hardly two alike. All are assumptions, and wide.
CLASS, EFFECT, PEOPLE = 1.5, 2.0, 1.0
PROPOSALS = DRAWS = 1500
EDGE, STEP, MANY = 6.0, 0.2, 500.0  # grid of a person's effect [logit]; tickets it is fine for
NODES = 31
ENDS = (0.025, 0.5, 0.975)


def closed(found):
    """Whether a ticket is closed; on the study's scale, judged done."""
    return found.outcome >= (2 if found.scale == STUDY else 1)


def contrast(found, luck):
    """Shares closed with the agent and by hand, and their difference with its 95% interval.

    found : Tickets; luck : numpy Generator

    The difference is that of people like these, at the mix of classes of the tickets with the
    agent; median and interval are the posterior's. None where a way has fewer than two tickets, or
    no ticket by hand is of a class that agents did.
    """
    if found.agent.all() or (~found.agent).sum() < 2:
        return None
    table = _table(found)  # people, class, agent, closed
    total = table.sum(axis=0)
    rows = total.sum(axis=2)
    used = rows[:, 1] > 0
    if (rows[used, 0] == 0).any():
        return None
    draws = _posterior(table[:, used], found.person, luck)
    difference = (draws[:, :, 1] - draws[:, :, 0]) @ (rows[used, 1] / rows[used, 1].sum())
    low, median, high = np.quantile(difference, ENDS)
    ways = total.sum(axis=0)
    return {
        "with_agent": float(ways[1, 1] / ways[1].sum()),
        "by_hand": float(ways[0, 1] / ways[0].sum()),
        "tickets_with_agent": int(ways[1].sum()),
        "tickets_by_hand": int(ways[0].sum()),
        "people_both_ways": _both(table, found.person),
        "difference": float(median),
        "low": float(low),
        "high": float(high),
    }


def _table(found):
    """Tickets (people, 2 classes, by hand or with the agent, not closed or closed).

    Nobody known comes first, whether or not there is one.
    """
    advanced = np.nan_to_num(found.advanced, nan=0.0) > 0.5
    known, place = np.unique(found.person, return_inverse=True)
    place = place + (known[0] >= 0)
    table = np.zeros((place.max() + 1, 2, 2, 2))
    cells = advanced.astype(int), found.agent.astype(int), closed(found).astype(int)
    np.add.at(table, (place, *cells), 1.0)
    return table


def _both(table, person):
    """People with tickets of both ways."""
    return int((table[1:].sum(axis=(1, 3)) > 0).all(axis=1).sum())


def _posterior(table, person, luck):
    """Draws (DRAWS, classes, 2) of the share closed by class and way, over people like these."""
    nobody, people = table[0], table[1:]
    distinct, count = np.unique(
        people.reshape(len(people), nobody.size), axis=0, return_counts=True
    )
    distinct = distinct.reshape(-1, *table.shape[1:])
    spread = max(1.0, np.sqrt(people.sum(axis=(1, 3)).max(initial=1.0) / MANY))
    grid = np.linspace(-EDGE, EDGE, 2 * round(EDGE / STEP * spread) + 1)

    def density(z):
        z = np.atleast_2d(z)
        values = [_log_likelihood(one, nobody, distinct, count, grid) for one in z]
        return np.array(values) - 0.5 * (z**2).sum(axis=1)

    size = table.shape[1] + (3 if len(people) else 1)
    mode = laplace.maximise(density, np.zeros(size))
    draws = laplace.settled(density, mode, PROPOSALS, luck).resampled(DRAWS, luck)
    return np.array([_shares(z, table.shape[1]) for z in draws])


def _numbers(z, classes):
    """Log-odds (classes, 2) by hand and with the agent, and the two spreads of people [logit]."""
    from scipy.special import ndtr, ndtri  # late: slow to import

    half = EFFECT * z[classes] / 2
    odds = CLASS * z[:classes, None] + np.array([-half, half])
    spreads = PEOPLE * ndtri((1 + ndtr(z[classes + 1 :])) / 2) if len(z) > classes + 1 else (0, 0)
    return odds, *spreads


def _log_likelihood(z, nobody, distinct, count, grid):
    odds, sd, own = _numbers(z, len(nobody))
    total = (nobody * np.stack([_log_share(-odds), _log_share(odds)], axis=2)).sum()
    if not len(distinct):
        return total
    at = odds[..., None] + grid
    each = np.stack([_log_share(-at), _log_share(at)], axis=2)  # class, way, closed, grid
    hand, agent = (
        distinct[:, :, way].reshape(len(distinct), -1) @ each[:, way].reshape(-1, len(grid))
        for way in (0, 1)
    )
    top = hand.max(axis=1), agent.max(axis=1)
    hand, agent = np.exp(hand - top[0][:, None]), np.exp(agent - top[1][:, None])
    averaged = agent @ _weights(grid[:, None] - grid, own).T  # over the person's own effect
    person = (hand * averaged) @ _weights(grid[None], sd)[0]
    return total + count @ (np.log(np.maximum(person, 1e-300)) + top[0] + top[1])


def _weights(apart, sd):
    """Weights of a normal of this spread at points so far apart (n, grid): rows sum to 1."""
    weights = np.exp(-0.5 * (apart / max(sd, STEP / 4)) ** 2)
    return weights / weights.sum(axis=1, keepdims=True)


def _log_share(odds):
    return -np.logaddexp(0.0, -odds)


def _shares(z, classes):
    """Share closed (classes, 2), averaged over people."""
    from sim.engine import curves  # late: reads curve sets

    nodes, weights = curves.normal_nodes(NODES)
    odds, sd, own = _numbers(z, classes)
    spread = np.array([sd, np.hypot(sd, own)])
    return np.exp(_log_share(odds[..., None] + spread[:, None] * nodes)) @ weights
