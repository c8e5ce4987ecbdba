"""Tickets with the agent, counted in cells: what the size of a file costs no time for."""

import math
from dataclasses import dataclass

import numpy as np

WIDTHS = (0.5, 1.0, 2.0)  # of a bin of hours [doublings]: the finest that keeps cells few
MOST_CELLS = 4_000  # above it, the rows of people drawn at random stand for all
HOURS_ERROR = 0.67  # spread of ln(actual / estimated hours) with AI, row metr-oss-overrun-sigma-ai
PSEUDO = 5.0  # weight of the study's level shares beside a team's own rows, in rows
OWN = 1.0  # weight of the team's shares beside a person's own rows, in rows


@dataclass(frozen=True)
class Cells:
    """Rows that are alike, counted. Sorted by person; rows without a person come first.

    groups    (groups + 1,) where the cells of one person and one label of the level begin
    people    (people + 1,) where each person's groups begin; cells before the first have no person
    weights   (n, 5) probabilities of the level
    advanced  (n,) 0, 1, or the share of advanced work where the class is unknown
    adjacent  (n,) 0 or 1
    doublings (n,) size by the hours, against their mean, shrunk for error in hours [doublings]
    known     (n,) whether the row has hours
    outcome   (n,) 0 up
    count     (n,) rows
    residual  sd of ln size left for rows with and without hours [ln h]; NaN: not known from here
    reliability  share of the variance of ln hours that is size
    """

    groups: np.ndarray
    people: np.ndarray
    weights: np.ndarray
    advanced: np.ndarray
    adjacent: np.ndarray
    doublings: np.ndarray
    known: np.ndarray
    outcome: np.ndarray
    count: np.ndarray
    residual: tuple[float, float]
    reliability: float


def cells(tickets, shares, luck=None):
    """Count the rows with the agent.

    shares : (5,), the study's share of sessions by level
    luck : numpy Generator, which people to keep where there are too many to fit in time
    """
    for width in WIDTHS:
        found = _counted(tickets, tickets.agent, shares, width)
        if len(found.count) <= MOST_CELLS:
            return found
    luck = np.random.default_rng(0) if luck is None else luck
    keep = _people_kept(tickets, MOST_CELLS / len(found.count), luck)
    return _counted(tickets, tickets.agent & keep, shares, WIDTHS[-1])


def _people_kept(tickets, share, luck):
    """Rows (n,) of that share of the people, drawn at random; rows without a person stay."""
    people = tickets.person.max(initial=-1) + 1
    kept = np.append(luck.random(people) < share, True)
    return kept[tickets.person]


def _counted(tickets, used, shares, width):
    person = tickets.person[used]
    weights = level_weights(tickets.weights[used], person, shares)
    advanced = tickets.advanced[used]
    known_class = advanced[~np.isnan(advanced)]
    share = known_class.mean() if len(known_class) else 0.0
    advanced = np.where(np.isnan(advanced), share, advanced)
    doublings, known, residual, reliability = _sizes(tickets.hours[used], width)
    table = np.column_stack([
        person, weights.round(4), advanced, tickets.role[used], doublings, known,
        tickets.outcome[used],
    ])  # fmt: skip
    rows, count = np.unique(table, axis=0, return_counts=True)  # sorted: the person comes first
    groups, people = _groups(rows[:, :6])
    column = rows.T
    return Cells(
        groups=groups,
        people=people,
        weights=np.ascontiguousarray(rows[:, 1:6] / rows[:, 1:6].sum(axis=1, keepdims=True)),
        advanced=column[6].copy(),
        adjacent=column[7].copy(),
        doublings=column[8] * reliability,
        known=column[9].astype(np.int64),
        outcome=column[10].astype(np.int64),
        count=count.astype(float),
        residual=residual,
        reliability=reliability,
    )


def _groups(rows):
    """Where cells of one person and label begin, and where each person's groups do.

    rows : (n, 6), person and weights of the level, sorted; persons below 0 are nobody known
    """
    alike = (rows[1:] == rows[:-1]).all(axis=1)
    groups = np.append(np.flatnonzero(np.append(True, ~alike)), len(rows))
    owner = rows[groups[:-1], 0]
    people = np.searchsorted(owner, np.unique(owner[owner >= 0]))
    return groups.astype(np.int64), np.append(people, len(owner)).astype(np.int64)


def level_weights(weights, person, shares):
    """Probabilities of the level (n, 5), missing levels filled in: what is integrated over.

    A row without a level takes its person's own levels, where other rows of theirs have some,
    drawn towards the team's; the team's own are drawn towards the study's.
    """
    told = weights.sum(axis=1) > 0
    team = weights[told].sum(axis=0) + PSEUDO * shares
    team = team / team.sum()
    people = np.where(person < 0, person.max(initial=-1) + 1, person)
    own = np.zeros((people.max(initial=0) + 1, 5))
    np.add.at(own, people[told & (person >= 0)], weights[told & (person >= 0)])
    filled = own[people] + OWN * team
    filled = filled / filled.sum(axis=1, keepdims=True)
    return np.where(told[:, None], weights, filled)


def _sizes(hours, width):
    """Doublings (n,) from the mean, in bins; whether known; residual spreads; reliability.

    Hours spent are the size, an error of estimate and the course of the work together: of their
    variance only what exceeds that error counts as size, at least a quarter.
    """
    known = ~np.isnan(hours)
    if known.sum() < 2:
        return np.zeros(len(hours)), np.zeros(len(hours)), (math.nan, math.nan), 1.0
    logs = np.log(hours[known])
    variance = max(logs.var(ddof=1), 1e-9)
    of_size = max(variance - HOURS_ERROR**2, variance / 4)
    reliability = of_size / variance
    doublings = np.zeros(len(hours))
    doublings[known] = (logs - logs.mean()) / math.log(2)
    doublings = np.round(doublings / width) * width
    residual = (math.sqrt(of_size * (1 - reliability)), math.sqrt(of_size))
    return doublings, known.astype(float), residual, reliability
