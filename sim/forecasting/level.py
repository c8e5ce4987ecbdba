"""The level of a team's tickets a week after a history, and where it may go."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from sim.forecasting.chains import STEP, Chains
from sim.forecasting.settings import SHIPPED, Settings

HIGHEST = 16.0  # of ln tickets a week in a forecast, so that counts stay whole numbers
BLOCK = 200  # paths through a record drawn at a time


def filtered(counts: np.ndarray, chains: Chains) -> Iterator[np.ndarray]:
    """Chances of every state after each week of a history: arrays (w, s, r, m, g)."""
    seen: dict[int, np.ndarray] = {}
    chances = chains.start()
    for week, count in enumerate(np.asarray(counts).tolist()):
        if week:
            chances = chains.move(chances)
        if count not in seen:
            seen[count] = chains.likelihood(count)
        chances = chances * seen[count]
        chances /= chances.sum()
        yield chances


class Level:
    """What is known of a team's weekly rate after a history of counts.

    counts    tickets done a week, oldest first (n,) [tickets/week]; n of 0 is no history
    settings  Settings: the prior, pooled over trackers
    """

    def __init__(self, counts: np.ndarray, settings: Settings = SHIPPED) -> None:
        self.counts = np.asarray(counts, dtype=np.int64)
        self.chains = Chains(settings, float(self.counts.max(initial=0)))

    @cached_property
    def _history(self) -> list[np.ndarray]:
        return list(filtered(self.counts, self.chains))

    @cached_property
    def _last(self) -> np.ndarray:
        return self._history[-1] if len(self.counts) else self.chains.start()

    @property
    def rate(self) -> tuple[np.ndarray, np.ndarray]:
        """The lasting rate at the end of the history, what reverts left out.

        returns : rates of the grid (g,) [tickets/week], and their chances (g,)
        """
        return np.exp(self.chains.levels), self._last.sum(axis=(0, 1, 2, 3))

    @property
    def overdispersion(self) -> float:
        """Variance of a week's count beyond a Poisson's, over the square of its rate; a mean."""
        shares = self._last.sum(axis=(0, 1, 3, 4))
        return float((shares / np.array(self.chains.settings.shapes)).sum())

    def ahead(self, weeks: int, draws: int = 4000, seed: int = 1) -> np.ndarray:
        """Tickets done in each of the weeks that follow: (draws, weeks) [tickets/week]."""
        return counts_ahead(self.chains, self._last, weeks, draws, np.random.default_rng(seed))

    def factors(self, weeks: int, draws: int = 2000, seed: int = 1):
        """Factors of the rate over the record and after it, beside its mean over the record.

        weeks : after the record
        returns : ln factors, (draws, n) of the record's weeks and (draws, weeks) of those after.
            A row is one path; e to its power averages 1 over the record's weeks, so that what a
            model is fitted to the record with carries the mean. Without a history they start at
            the level today.

        Bulk closings and the chance of counts are left out.
        """
        rng = np.random.default_rng(seed)
        past, end = self._paths(draws, rng)
        after = _rates_ahead(self.chains, end, weeks, rng)[0]
        if not past.shape[1]:
            return past, after - (self.chains.levels[end[4]] + self._values(end))[:, None]
        mean = np.log(np.exp(past).mean(axis=1, keepdims=True))
        return past - mean, after - mean

    def today(self, window: int, draws: int = 2000, seed: int = 1) -> dict[str, np.ndarray]:
        """Where the rate stands after the history, beside its mean over the last weeks, and how it
        moves.

        window : last weeks of the history that the mean is over, 1 to all of them
        returns : level and reverting [ln, over the mean rate], walk_sd and reverting_sd [ln a week,
            ln], each (draws,); a place in all of them is one state
        """
        rng = np.random.default_rng(seed)
        past, end = self._paths(draws, rng)
        mean = np.log(np.exp(past[:, -window:]).mean(axis=1))
        jitter = STEP * (rng.random(draws) - 0.5)
        kept = self.chains.settings
        return {
            "level": self.chains.levels[end[4]] + jitter - mean,
            "reverting": self._values(end),
            "walk_sd": np.array(kept.walks)[end[0]],
            "reverting_sd": np.array(kept.reverting)[end[1]],
        }

    def ahead_of(self, window: int, weeks: int, draws: int = 2000, seed: int = 1) -> np.ndarray:
        """ln rate of the weeks after the record over its mean in the last weeks: (draws, weeks).

        window : last weeks of the history that the mean is over; weeks : after it
        """
        rng = np.random.default_rng(seed)
        past, end = self._paths(draws, rng)
        after = _rates_ahead(self.chains, end, weeks, rng)[0]
        return after - np.log(np.exp(past[:, -window:]).mean(axis=1))[:, None]

    def _values(self, state) -> np.ndarray:
        """What reverts, in each state: (draws,) [ln]."""
        return self.chains.reverting[0][state[1], state[3]]

    def _paths(self, draws, rng):
        """ln rates of the record's weeks (draws, n), drawn given all of it, and last states."""
        end = _drawn(self._last, draws, rng)
        past = np.empty((draws, len(self.counts)))
        for first in range(0, draws, BLOCK):
            state = [one[first : first + BLOCK] for one in end]
            for week in range(len(self.counts) - 1, -1, -1):
                if week < len(self.counts) - 1:
                    state = self._before(state, self._history[week], rng)
                past[first : first + BLOCK, week] = self.chains.levels[state[4]] + self._values(
                    state
                )
        return past, end

    def _before(self, state, chances, rng):
        """States of the week before, drawn given the states of a week."""
        w, s, r, m, g = state
        weights = chances[w, s, r]  # (draws, m, g)
        weights = weights * self.chains.reverting[1].T[m][:, :, None]
        weights *= self.chains.walk[w, :, g][:, None, :]
        flat = weights.reshape(len(w), -1).cumsum(axis=1)
        place = (flat < (rng.random(len(w)) * flat[:, -1])[:, None]).sum(axis=1)
        m, g = np.divmod(place, chances.shape[-1])
        return [w, s, r, m, g]


def counts_ahead(chains: Chains, chances: np.ndarray, weeks: int, draws: int, rng) -> np.ndarray:
    """Counts of the weeks that follow, from the chances of states: (draws, weeks)."""
    state = _drawn(chances, draws, rng)
    rates, shape = _rates_ahead(chains, state, weeks, rng)
    sizes, shares = chains.bulks
    bulk = np.searchsorted(shares.cumsum()[:-1], rng.random(rates.shape), side="right")
    gamma = rng.standard_gamma(np.broadcast_to(shape[:, None], rates.shape)) / shape[:, None]
    return rng.poisson(np.exp(np.minimum(rates + sizes[bulk], HIGHEST)) * gamma)


def _rates_ahead(chains: Chains, state, weeks: int, rng):
    """ln rates of the weeks that follow (draws, weeks), and the shape of chance (draws,)."""
    kept = chains.settings
    w, s, r, m, g = state
    draws = len(w)
    level = chains.levels[g] + STEP * (rng.random(draws) - 0.5)
    walk, moves = np.array(kept.walks)[w], chains.reverting[1].cumsum(axis=1)
    rates = np.empty((draws, weeks))
    for week in range(weeks):
        jumps = rng.random(draws) < kept.jump_chance
        level = level + np.where(jumps, kept.jump_sd, walk) * rng.standard_normal(draws)
        m = (moves[m][:, :-1] < rng.random(draws)[:, None]).sum(axis=1)
        rates[:, week] = level + chains.reverting[0][s, m]
    return rates, np.array(kept.shapes)[r]


def _drawn(chances: np.ndarray, draws: int, rng) -> list[np.ndarray]:
    """States drawn by their chances, evenly spread over them: five (draws,) of places."""
    flat = chances.ravel().cumsum()
    spread = rng.permutation((np.arange(draws) + rng.random(draws)) / draws)
    place = np.searchsorted(flat[:-1], spread * flat[-1], side="right")
    return list(np.unravel_index(place, chances.shape))
