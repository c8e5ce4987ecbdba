"""Draws of a team's parameters given its record, by weight, until there are enough of them."""

from dataclasses import dataclass

import numpy as np

from sim.learning import measures

ROWS = 2_000  # of a team posterior
ENOUGH = 4_000  # effective draws
MOST_DEALS = 60  # of the bank
FEWEST = 100  # effective draws below which no draw explains the record


@dataclass(frozen=True, eq=False)
class Weighted:
    """Rows of the posterior.

    values     (rows, d), of the bank's columns
    scores     (rows, d)
    effective  draws that the weights are worth, in all
    deals      how often the bank was dealt anew
    """

    values: np.ndarray
    scores: np.ndarray
    effective: float
    deals: int


def sample(bank, likelihood, observed, seed, more=0.0, rows=ROWS, enough=ENOUGH) -> Weighted:
    """Rows of the bank's belief, each as often as the record makes it likely.

    Rows are drawn by systematic resampling, so that one of weight w appears rows x w times, to the
    next whole number.
    """
    logs, deals = [], 0
    while deals < MOST_DEALS:
        scores = bank.pick(bank.scores, _rows(bank, seed, deals))
        logs.append(likelihood.log(scores, observed, more))
        deals += 1
        if deals >= 4 and _effective(np.concatenate(logs)) >= enough:
            break
    every = np.concatenate(logs)
    weights = np.exp(every - every.max())
    ends = np.cumsum(weights) / weights.sum()
    rng = np.random.default_rng([seed, 3])
    spread = (np.arange(rows) + rng.random()) / rows
    chosen = rng.permutation(np.minimum(np.searchsorted(ends, spread), len(every) - 1))
    values = np.empty((rows, bank.values.shape[1]))
    scores = np.empty_like(values)
    for deal in range(deals):
        mine = np.flatnonzero(chosen // len(bank) == deal)
        if not len(mine):
            continue
        places = _rows(bank, seed, deal)[chosen[mine] % len(bank)]
        values[mine] = np.take_along_axis(bank.values, places, axis=0)
        scores[mine] = np.take_along_axis(bank.scores, places, axis=0)
    return Weighted(values, scores, _effective(every), deals)


def residual(part, scores, value, transient, more, seed) -> np.ndarray:
    """What the parameters leave of the team's rate: (rows,) [ln], for good.

    part : MeasureEmulator of tickets; value : observed, on its scale
    transient, more : share of the variance about the emulator, and further variance, that other
        weeks do not share

    A record is off the emulator by what lasts (traits of its people, what its tickets are beyond
    the model) and what does not (chance of its weeks). Both are normal, so what lasts has the mean
    of its share, and the rest of its variance.
    """
    mean, sd = part.at(scores)
    lasting = (1.0 - transient) * sd**2 + measures.MEASURES[measures.TICKETS].discrepancy ** 2
    share = lasting / (lasting + transient * sd**2 + more)
    rng = np.random.default_rng([seed, 4])
    noise = np.sqrt(lasting * (1.0 - share)) * rng.standard_normal(len(mean))
    return share * (value - mean) + noise


def _rows(bank, seed, deal):
    return bank.deal(np.random.default_rng([seed, 2, deal]))


def _effective(logs) -> float:
    weights = np.exp(logs - logs.max())
    return float(weights.sum() ** 2 / (weights**2).sum())
