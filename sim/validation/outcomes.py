"""Runs a pattern over everything that is not known, and says whether the model shows it."""

from dataclasses import dataclass

import numpy as np

from calibration import checks
from calibration.work import SHARE_INSIDE
from sim.analysis import estimates
from sim.engine import curves
from sim.validation.patterns import WEEKLY, Pattern
from sim.validation.worlds import outputs

SEED = 1
FULL, QUICK = (400, 8), (40, 4)  # draws, luck
MONTH = 4  # [weeks]
_OWN = ("median", "low", "high", "share_inside", "undefined", "draws", "luck", "passed")


@dataclass(frozen=True)
class Outcome:
    """What the model says of a pattern.

    pattern       the Pattern
    draws, luck   of the run; luck 0 for a rate, which needs none
    median        over what is not known, of the expected measure
    low, high     95% interval of it, chance averaged out
    share_inside  share of draws that lie where the pattern passes
    undefined     draws in which the measure has no value; they count as not inside
    """

    pattern: Pattern
    draws: int
    luck: int
    median: float
    low: float
    high: float
    share_inside: float
    undefined: int

    @property
    def passed(self):
        """Whether the median lies where the pattern passes, and enough of the draws."""
        low, high = self.pattern.passes
        return bool(low <= self.median <= high and self.share_inside >= SHARE_INSIDE)

    def row(self):
        """Pattern and outcome as a row of a table: dict of plain values."""
        own = {name: getattr(self, name) for name in _OWN}
        stated = {name: getattr(self.pattern, name) for name in ("claim", "kind", "unit")}
        published = self.pattern.published or (np.nan, np.nan)
        passes = self.pattern.passes
        return {
            "pattern": self.pattern.name,
            **stated,
            "published_low": published[0],
            "published_high": published[1],
            "passes_low": passes[0],
            "passes_high": passes[1],
            **own,
            "source": " ".join(self.pattern.source),
        }


def run(pattern, draws=FULL[0], luck=FULL[1], threads=None):
    """The Outcome of a pattern over `draws` draws of `luck` worlds in each of its plans."""
    if pattern.measure == "rate":
        held_out = curves.read(checks.HELD_OUT)
        at = checks.rates(held_out, held_out.draws)[:, checks.MEASURES.index(pattern.rate)]
        return _outcome(pattern, 100 * at[:, pattern.level - 1], 0)
    weekly = pattern.measure in WEEKLY
    chosen = {"threads": threads, "names": pattern.metrics, "weekly": weekly}
    rows = np.stack([outputs(plan, SEED, draws, luck, **chosen) for _, plan in pattern.plans])
    return _outcome(pattern, expectations(pattern, rows[..., 0] if weekly else rows), luck)


def expectations(pattern, worlds):
    """The measure in each draw (draws,), the chance left in it taken out.

    worlds : (plans, draws, luck, metrics or weeks)

    Measures are ratios and differences of means over luck. Values without one luck each give
    pseudo-values (the jackknife), whose scatter within a draw is chance. Months are whole numbers
    and are taken as they come.
    """
    luck = worlds.shape[2]
    whole = measured(pattern, worlds.mean(axis=2))
    if pattern.measure == "months_back":
        return whole
    without = np.stack(
        [measured(pattern, np.delete(worlds, k, axis=2).mean(axis=2)) for k in range(luck)], axis=1
    )
    pseudo = luck * whole[:, None] - (luck - 1) * without
    kept = np.isfinite(pseudo).all(axis=1)
    expected = np.full(len(whole), np.nan)
    if kept.sum() > 1:
        expected[kept] = estimates.shrunk(estimates.split(pseudo[kept]), luck)
    return expected


def measured(pattern, means):
    """The measure (draws,) of means over luck (plans, draws, metrics or weeks)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if pattern.measure in WEEKLY:
            return _over_time(pattern, means)
        values = means[..., 0] / (means[..., 1] if means.shape[-1] > 1 else 1.0)
        if pattern.measure == "value":
            return values[0] / pattern.divide_by
        if pattern.measure == "difference":
            return values[1] - values[0]
        if pattern.measure == "ratio":
            return values[1] / values[0]
        change = 100 * (values[1] / values[0] - 1)
        if pattern.measure == "percent":
            return change
        return 100 * (values[3] / values[2] - 1) - change  # gap


def _over_time(pattern, means):
    """Change of the first month [%], or in which month output is back at its former level.

    Months of four weeks count from `week`; output that is not back by the end is never back.
    """
    after = means[..., pattern.week :]
    months = after[..., : after.shape[-1] // MONTH * MONTH]
    by_month = months.reshape(*months.shape[:-1], -1, MONTH).sum(axis=-1)
    if pattern.measure == "first_month":
        return 100 * (by_month[1, :, 0] / by_month[0, :, 0] - 1)
    back = by_month[1] >= by_month[0]
    return np.where(back.any(axis=1), np.argmax(back, axis=1) + 1.0, np.inf)


def _outcome(pattern, measures, luck):
    low, high = pattern.passes
    kept = measures[~np.isnan(measures)]
    inside = (kept >= low) & (kept <= high)
    points, ends = [0.025, 0.5, 0.975], [np.nan] * 3
    if len(kept) > 1 and pattern.measure == "months_back":  # half way to never is nowhere
        ends = np.quantile(kept, points, method="inverted_cdf").tolist()
    elif len(kept) > 1:
        ends = np.quantile(kept, points, method="weibull").tolist()
    return Outcome(
        pattern, len(measures), luck, ends[1], ends[0], ends[2],
        float(inside.sum() / len(measures)), len(measures) - len(kept),
    )  # fmt: skip
