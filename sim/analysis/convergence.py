"""How far the order of factors is settled by so many blocks, and how wide their totals are."""

from dataclasses import dataclass

import numpy as np

FEWEST = 16  # blocks of a step worth showing
SETTLED = 0.9  # share of resamples that must agree on the order
RIVAL = 0.05  # share of resamples in which a factor is first that may be first


@dataclass(frozen=True)
class Verdict:
    """What can be relied on.

    places    int, how many of the first places of the ranking are settled: the same factors, in the
              same order, in 9 of 10 resamples and from half the blocks
    agree     share of resamples that have the same factors on them; on the first, where none is
    rivals    names of the factors that may be the first, by total: one where that place is settled,
              none where no total is above what chance makes
    width     largest half-width of the totals' 95% intervals; NaN where V is not above zero
    text      the verdict as a sentence
    """

    places: int
    agree: float
    rivals: tuple
    width: float
    text: str


def undefined(text):
    """The Verdict where there are no indices."""
    return Verdict(0, np.nan, (), np.nan, text)


def steps(blocks):
    """Numbers of blocks at which convergence is judged: N/8, N/4, N/2, N, none under FEWEST."""
    return [blocks // n for n in (8, 4, 2, 1) if blocks // n >= FEWEST] or [blocks]


def verdict(names, found, half, blocks, ranked=None):
    """How many places of the ranking are settled, and how wide the totals are.

    names : factors
    found : Indices of all blocks
    half : Indices of the first half of them, or None
    blocks : int, how many there are
    ranked : places of the factors that are put in order, at least one; all by default
    """
    if np.isnan(found.total).any():
        return undefined(
            f"No variance can be told from chance by {blocks:,} samples, so there are no indices; "
            "more samples or more luck may help."
        )
    k, ranked = len(names), np.arange(len(names)) if ranked is None else np.asarray(ranked)
    width = float(np.max(found.total_high - found.total_low) / 2)
    order = _order(found.total[ranked])
    drawn = _order(found.drawn[:, 3 + k : 3 + 2 * k][:, ranked])
    earlier = order if half is None else _order(half.total[ranked])
    same = np.logical_and.accumulate(drawn == order, axis=1).mean(axis=0)
    as_half = np.logical_and.accumulate(earlier == order)
    telling = int((found.total > found.floor)[ranked].sum())  # what is below the floor has no order
    places = int(np.sum((same >= SETTLED)[:telling] & as_half[:telling]))
    agree = float(same[max(places, 1) - 1])
    by_total = [names[i] for i in ranked[order]]
    rivals = by_total[: min(1, telling)]
    if not places:
        often = np.mean(drawn[:, :1] == order, axis=0) >= RIVAL
        rivals = [by_total[i] for i in range(telling) if often[i] or order[i] == earlier[0]]
    said = _ranking(by_total, telling, places, agree, blocks)
    points = f"{100 * width:.2g}"
    return Verdict(
        places, agree, tuple(rivals), width, f"{said}; totals are within ±{points} points."
    )


def _order(totals):
    """Places of totals (..., k), the largest first."""
    return np.argsort(-totals, axis=-1, kind="stable")


def _ranking(ranked, telling, places, agree, blocks):
    """How far the order of factors is settled, as a sentence without its dot."""
    samples = f"{blocks:,} samples"
    if not telling:
        return f"By {samples} no factor is told from chance"
    if places:
        which = "which factor is first" if places == 1 else f"the first {places} factors"
        which = "the order of all named factors" if 1 < places == len(ranked) else which
        return f"{samples} settle {which} ({agree:.0%} of resamples agree)"
    why = f"{agree:.0%} of resamples agree"
    why += ", but half the samples give another" if agree >= SETTLED else ""
    return f"{samples} do not settle which factor is first ({why})"
