"""Expectations of an output that cannot be below zero, with chance taken out.

Draw means scatter more than expectations do. How much more is known from the variance within draws,
without bias whatever their shape; but shrunk on a straight line towards the grand mean, draws of
nothing stay far below where few expectations are, and ends leave what is possible. Here they are
shrunk as square roots, on which the chance of counts and of sums of events is about alike in all
draws; where the scatter is chance, its shape says nothing of expectations, and a gamma distribution
of their mean and variance stands in.
"""

import numpy as np

HALVINGS = 30


def interval(means, mean, shrink, error):
    """95% interval of new expectations, from draw means (draws,) that are not below zero.

    mean   : of all worlds
    shrink : (shares,), factors on the scatter of draw means, equally likely
    error  : half-width (95%) of the grand mean's numerical error
    """
    if means.var() == 0:
        return float(max(0.0, mean - error)), float(mean + error)
    values = np.sort(_shrunk(means, mean, shrink), axis=1)
    variance = shrink**2 * means.var(ddof=1)
    low, high = (_point(values, shrink**2, mean, variance, share) for share in (0.025, 0.975))
    down, up = np.hypot(max(0.0, mean - low), error), np.hypot(max(0.0, high - mean), error)
    return float(max(0.0, mean - down)), float(mean + up)


def _shrunk(means, mean, shrink):
    """Draw means on the scale of square roots, scattered by each of shrink: (shares, draws)."""
    root = np.sqrt(means)
    off = root - root.mean()
    wanted = (shrink**2 * means.var(ddof=1))[:, None]

    def scattered(by):
        values = np.maximum(root.mean() + by * off, 0.0) ** 2
        return values * (mean / values.mean(axis=1, keepdims=True))

    low, high = np.zeros((len(shrink), 1)), np.full((len(shrink), 1), 1.5)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = scattered(middle).var(axis=1, ddof=1, keepdims=True) >= wanted
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return scattered(high)


def _point(values, signal, mean, variance, share):
    """Where the mixture over factors reaches a share: own shape by `signal`, gamma for the rest."""
    from scipy.special import gammainc  # late: slow to import

    below = np.arange(1, values.shape[1] + 1) / (values.shape[1] + 1)
    spread = np.maximum(variance, 1e-12 * mean**2)
    low, high = 0.0, max(values.max(), mean + 12 * np.sqrt(spread.max()))
    for _ in range(HALVINGS):
        at = (low + high) / 2
        own = np.array([np.interp(at, v, below, left=0.0, right=1.0) for v in values])
        gamma = gammainc(mean**2 / spread, at * mean / spread)
        reached = (signal * own + (1 - signal) * gamma).mean() >= share
        low, high = (low, at) if reached else (at, high)
    return (low + high) / 2
