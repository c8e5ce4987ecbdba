"""Whether there are blocks enough: how totals and ranking have settled, and a verdict."""

from dataclasses import dataclass

import numpy as np

FEWEST = 16  # blocks of a step worth showing
SETTLED = 0.9  # share of resamples that must agree on the order


@dataclass(frozen=True)
class Verdict:
    """What can be relied on.

    places    int, how many of the first places of the ranking are settled
    agree     share of resamples that have the same factors on them, in the same order
    settled   bool, whether also half the blocks give that order
    width     largest half-width of the totals' 95% intervals; NaN where V is not above zero
    text      the verdict as a sentence
    """

    places: int
    agree: float
    settled: bool
    width: float
    text: str


def steps(blocks):
    """Numbers of blocks at which to look: N/8, N/4, N/2, N, no fewer than FEWEST."""
    return [blocks // n for n in (8, 4, 2, 1) if blocks // n >= FEWEST] or [blocks]


def verdict(names, found, half, blocks):
    """How many places of the ranking are settled, and how wide the totals are.

    names : factors
    found : Indices of all blocks
    half : Indices of the first half of them, or None
    blocks : int, how many there are
    """
    k, start = len(names), f"At N = {blocks:,}"
    if np.isnan(found.total).any():
        text = (
            f"{start} no variance can be told from chance, so there are no indices; more samples "
            "or more luck may help."
        )
        return Verdict(0, np.nan, False, np.nan, text)
    width = float(np.max(found.total_high - found.total_low) / 2)
    order = np.argsort(-found.total, kind="stable")
    drawn = np.argsort(-found.drawn[:, 3 + k : 3 + 2 * k], axis=1, kind="stable")
    same = np.logical_and.accumulate(drawn == order, axis=1).mean(axis=0)
    telling = int((found.total > found.floor).sum())  # what is below the floor has no order
    places = int(np.sum(same[:telling] >= SETTLED))
    earlier = np.argsort(-half.total, kind="stable") if half is not None else order
    settled = places > 0 and bool((earlier[:places] == order[:places]).all())
    agree = float(same[places - 1]) if places else float(same[0])
    said = _ranking([names[i] for i in order], places, settled, agree)
    return Verdict(places, agree, settled, width, f"{start} {said}; totals ±{width:.2g}.")


def _ranking(ranked, places, settled, agree):
    if not places:
        return f"the ranking is not settled ({agree:.0%} of resamples agree on the first factor)"
    which = f"first {ranked[0]}" if places == 1 else f"the first {places}"
    which = "all factors" if places == len(ranked) else which
    if not settled:
        return f"the ranking of {which} is not settled: half the samples order it otherwise"
    return f"the ranking is stable ({which})"
