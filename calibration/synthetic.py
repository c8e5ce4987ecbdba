"""Tickets made up from known curves: for examples and for tests of the local fit."""

import math

import numpy as np

from calibration import label_errors
from calibration.cells import HOURS_ERROR
from calibration.tickets import UNKNOWN, Tickets

SPREAD = 1.2  # of ln hours


def tickets(
    numbers, shares, luck, rows=300, people=12, missing=0.0, outcomes=2, nobody=False, off=0.0
):  # fmt: skip
    """Tickets with the agent that a team with these numbers would have.

    numbers : as LocalModel.numbers gives them for one set of coordinates (arrays of length 1)
    shares : (5,), of the studied sessions, by which labels go wrong
    luck : numpy Generator
    missing : share of rows without a level
    nobody : whether rows have no person
    off : share of people whose label is one level off, whatever numbers say of wrong labels
    """
    person = luck.integers(0, people, rows)
    label = luck.choice(5, people, p=[0.1, 0.25, 0.3, 0.25, 0.1])
    level = behind(label, numbers["wrong"][0], shares, luck)[person]
    label = np.where(luck.random(people) < off, one_off(label, luck), label)
    advanced = luck.random(rows) < 0.3
    adjacent = (luck.random(people) < 0.2)[person]
    ln_hours = luck.normal(0.0, SPREAD, rows)
    of_size = SPREAD**2 - HOURS_ERROR**2
    reliability = of_size / SPREAD**2
    # What of the size the hours do not show: the slope alone acts on it.
    unseen = luck.normal(0.0, math.sqrt(of_size * (1 - reliability)), rows)
    eta = (
        numbers["shifts"][0][level]
        - numbers["advanced"][0] * advanced
        - numbers["adjacent"][0] * adjacent
        + numbers["by_size"][0] * reliability * ln_hours / math.log(2)
        - numbers["slope_per_doubling"][0] * unseen / math.log(2)
        + luck.normal(0.0, numbers["sd_developer"][0], people if not nobody else rows)[
            person if not nobody else np.arange(rows)
        ]
        + luck.normal(0.0, numbers["sd_task"][0], rows)
    )
    noise = luck.logistic(0.0, 1.0, rows)
    cuts = numbers["cuts"][0]
    outcome = (cuts[None, :] + eta[:, None] + noise[:, None] > 0).sum(axis=1)
    weights = np.eye(5)[label[person]] * (luck.random(rows) >= missing)[:, None]
    scale = ("not closed", "closed") if outcomes == 2 else (
        "failed", "partial", "unverified", "verified")  # fmt: skip
    return Tickets(
        name="synthetic",
        person=np.full(rows, UNKNOWN) if nobody else person,
        weights=weights,
        role=adjacent.astype(int),
        advanced=advanced.astype(float),
        hours=np.exp(ln_hours),
        agent=np.ones(rows, bool),
        outcome=outcome,
        scale=scale,
        days=np.zeros(rows, int),
        counts={},
    )


def behind(label, wrong, shares, luck):
    """True levels of people with these labels (n,), a share of all labels wrong."""
    chances = label_errors.confusion(1.0 - wrong, shares)[label].cumsum(axis=1)
    return (luck.random(len(label))[:, None] > chances[:, :4]).sum(axis=1)


def one_off(level, luck):
    """Levels (n,) of 0 to 4 moved one up or down, inwards at the ends."""
    way = np.where(luck.random(len(level)) < 0.5, -1, 1)
    return np.where((level + way < 0) | (level + way > 4), level - way, level + way)
