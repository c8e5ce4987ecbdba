"""Progress of a sweep: done, rate, time left, and where the main metric stands."""

import sys

import numpy as np

from sim.engine import metrics
from sim.experiments import estimates
from sim.experiments.sweep.chunk import MAIN
from sim.experiments.wording import rounded


class Running:
    """The running mean of the main metric over what was computed so far.

    Its error is numerical, clustered by draw: worlds of one draw share what is not known.
    """

    def __init__(self, draws):
        self.sums, self.counts = np.zeros(draws), np.zeros(draws)

    def add(self, draws, sums, counts):
        """Take in the worlds of a chunk: draws (n,), sums (n,) of the metric, counts (n,)."""
        here = np.asarray(draws) < len(self.sums)
        self.sums[draws[here]] += sums[here]
        self.counts[draws[here]] += counts[here]

    def __str__(self):
        there = self.counts > 0
        if there.sum() < 2:
            return ""
        means = self.sums[there] / self.counts[there]
        error = estimates.Z * means.std(ddof=1) / np.sqrt(len(means))
        mean = self.sums.sum() / self.counts.sum()
        shown = " ± ".join(rounded(mean, error))
        return f"{MAIN} {shown} {metrics.UNITS[MAIN]} so far"


class Bar:
    """A bar on a terminal for what takes over a second; silent elsewhere."""

    def __init__(self, shown=None):
        self.shown = sys.stderr.isatty() if shown is None else shown
        self.bar = None

    def __call__(self, done, total, note=""):
        if not self.shown:
            return
        if self.bar is None:
            from tqdm import tqdm

            self.bar = tqdm(
                total=total, initial=done, unit="world", unit_scale=True, delay=1, leave=False
            )
        self.bar.set_postfix_str(note, refresh=False)
        self.bar.update(done - self.bar.n)

    def close(self):
        if self.bar is not None:
            self.bar.close()
