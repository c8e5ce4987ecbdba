"""How often a stated level is wrong, and what level then stands behind it.

A level is a judgement. Of the study's automatic labels 53 to 68% equal those of a stronger model
(`label-exact-agreement` of the ledger); nobody has published how often a team is right about its
own people. Between the low end of that range and always is what the local fit allows (assumption).
"""

import numpy as np

from sim import ledger

LEVEL = np.arange(1.0, 6.0)
DECAY = 0.25  # chance of being off by two levels against one: 78 to 99% are within one
ROW = "label-exact-agreement"


def agreement():
    """Share of labels that are right, as published: lowest, middle, highest."""
    row = ledger.read()[ROW]
    assert row.low is not None
    assert row.high is not None
    return row.low / 100, (row.low + row.high) / 200, row.high / 100


def confusion(exact, shares):
    """P(label | true level), rows true (5, 5), with `exact` of all sessions labelled right.

    Errors go to neighbouring levels, a quarter as often two away, and to a rarer level in
    proportion to how much rarer it is (Metropolis's rule). As many sessions then go from one
    label to another as come back, so the true shares are the published shares of labels: all of
    them positive, where inverting a plain matrix of errors gives novices a share below 0.
    """
    return np.eye(5) + (1.0 - exact) * drift(shares)


def drift(shares):
    """What an error in every session adds to the identity (5, 5): rows sum to 0.

    As many go there as come back, so P(true j | label i) is P(label j | true i).
    """
    gap = np.abs(LEVEL[:, None] - LEVEL[None, :])
    off = np.where(gap == 1, 1.0, np.where(gap == 2, DECAY, 0.0))
    off *= np.minimum(1.0, shares[None, :] / shares[:, None])
    off /= shares @ off.sum(axis=1)
    return off - np.diag(off.sum(axis=1))
