"""A project's own quarters, each forecast from the weeks before it, and scored."""

import zlib

import numpy as np
import pandas as pd

from sim.forecasting import scores
from sim.forecasting.chains import Chains
from sim.forecasting.level import counts_ahead, filtered
from sim.forecasting.rivals import RECENT, RIVALS
from sim.forecasting.settings import Settings
from sim.forecasting.weekly import Weekly

WEEKS = 13  # ahead
LEAST_RECENT = 26  # tickets in 13 weeks at the recent rate, below which no score is given
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
ENDS = tuple(f"q{100 * share:g}" for share in QUANTILES)  # q2.5 to q97.5
HELD = tuple(f"in{share}" for share in scores.NOMINAL)  # in50, in80, in95
COLUMNS = ("project", "monday", "method", "recent", "came", *ENDS, "crps", *HELD)
DRIFT = "drift"  # the method of this package


def of_project(
    project: Weekly, settings: Settings, seed: int, draws: int
) -> tuple[pd.DataFrame, list[float]]:
    """Every forecast of a project with its scores, and quantiles of the 13 weeks to come.

    returns : a row a forecast and method, of COLUMNS; (7,) of QUANTILES [tickets]

    A row is a forecast made before `monday`: `recent` is 13 weeks at the rate of the 26 before it,
    `came` what was done [tickets], `crps` the score over `recent`, `in80` whether the interval of
    80% held it. Forecasts whose `recent` is under 26 tickets are not scored.
    """
    counts = project.counts
    chains = Chains(settings, float(counts.max()))
    rows: list[tuple] = []
    after = chains.start()
    for known, after in enumerate(filtered(counts, chains), start=1):
        recent = counts[max(0, known - RECENT) : known].mean() * WEEKS
        if not _is_due(known, len(counts)) or recent < LEAST_RECENT:
            continue
        rng = _rng(seed, project.name, known)
        totals = {DRIFT: counts_ahead(chains, after, WEEKS, draws, rng).sum(axis=1)}
        totals |= {name: rival(counts[:known], WEEKS, draws, rng)
                   for name, rival in RIVALS.items()}  # fmt: skip
        came = int(counts[known : known + WEEKS].sum())
        monday = project.monday(known).isoformat()
        rows += [(project.name, monday, method, recent, came, *_scored(samples, came, recent))
                 for method, samples in totals.items()]  # fmt: skip
    rng = _rng(seed, project.name, len(counts))
    coming = counts_ahead(chains, after, WEEKS, draws, rng).sum(axis=1)
    return pd.DataFrame(rows, columns=list(COLUMNS)), np.quantile(coming, QUANTILES).tolist()


def _is_due(known: int, weeks: int) -> bool:
    """Whether a forecast is made after so many weeks: each 13 from the 26th on."""
    return known >= RECENT and (known - RECENT) % WEEKS == 0 and known + WEEKS <= weeks


def _scored(samples: np.ndarray, came: int, recent: float) -> list:
    ends = np.quantile(samples, QUANTILES).tolist()
    return [*ends, scores.crps(samples, came) / recent, *scores.inside(samples, came)]


def _rng(seed: int, project: str, known: int) -> np.random.Generator:
    """Chance of one forecast, by what it is of and not by the order of projects."""
    return np.random.default_rng([abs(seed), int(seed < 0), zlib.crc32(project.encode()), known])
