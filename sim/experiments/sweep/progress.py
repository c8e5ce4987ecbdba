"""Progress of a sweep: what is done, where the main metric stands, how large chunks are."""

import sys

import numpy as np

from sim.analysis import estimates
from sim.engine import metrics
from sim.experiments.sweep import blocks
from sim.experiments.sweep.chunk import MAIN
from sim.records.words import rounded

LEAST_ROWS, MOST_ROWS, VERY_MOST_ROWS = 256, 16_384, 65_536  # of a chunk
FIRST_ROWS = 1024  # of a chunk, before it is known how long a world takes
CHUNK_SECONDS = 2.0  # what a chunk should take: so much is lost of each core when killed
FEWEST_MESA_ROWS = 8
PIECES = 8  # chunks for each worker, so that none waits long for another at the end


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


class Pace:
    """Worlds to a chunk: few enough to share out and to lose, enough for a file to be worth it."""

    def __init__(self, left, workers, mesa, fixed):
        share = left // (PIECES * workers) + 1
        self.least = FEWEST_MESA_ROWS if mesa else LEAST_ROWS
        most = min(max(MOST_ROWS, left // 2000), VERY_MOST_ROWS)  # thousands of files, not millions
        self.most = fixed or min(max(share, self.least), most)
        self.rows = fixed or min(self.most, self.least if mesa else FIRST_ROWS)
        self.fixed = fixed

    def __call__(self):
        return self.rows

    def learn(self, worlds, seconds):
        """Take in how long a chunk took."""
        if not self.fixed and seconds > 0:
            right = int(CHUNK_SECONDS * worlds / seconds)
            self.rows = min(max(right, self.least), self.most)


class Tell:
    """Turns chunks that have ended into progress."""

    def __init__(self, done, total, draws, progress, pace):
        self.done, self.total, self.progress, self.pace = done, total, progress, pace
        self.running = Running(draws)

    def __call__(self, done):
        worlds = sum(blocks.worlds(block) for _, *block in done.notes["blocks"])
        self.done += worlds
        self.pace.learn(worlds, done.seconds[0])
        self.running.add(*done.estimate)
        self.progress(self.done, self.total, str(self.running))
