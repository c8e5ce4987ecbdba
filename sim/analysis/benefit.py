"""Net benefit: which plan is best where a unit of what plans give is worth so much money.

Net benefit is worth x gain - cost, in each world. Arrays in and out: gains and costs are
(plans, draws, luck), paired by world; gains are in units of what is bought, more is better, costs
in money. Only differences between plans count.

Source: Stinnett and Mullahy 1998, "Net health benefits", Medical Decision Making 18(2): the
measure; Fenwick, Claxton and Sculpher 2001, "Representing uncertainty: the role of
cost-effectiveness acceptability curves", Health Economics 10(8): curve and frontier.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.analysis import best, clusters

TOLERANCE = 1e-4  # relative, of the ends of an interval of a worth
TIE = 1e-9  # relative, by which two worths differ by rounding only


@dataclass(frozen=True, eq=False)
class Switch:
    """The worth from which one plan is expected best where another was.

    worth       money a unit of gain, at which both have the same expected net benefit
    below       place of the plan that is best below it
    above       place of the plan that is best from it
    more        (draws,), what the plan above gives more, and `dearer` what it costs more
    groups      int (draws,), draws that share a row of the posterior, or None
    candidates  int, plans of which the one above came out first
    """

    worth: float
    below: int
    above: int
    more: np.ndarray
    dearer: np.ndarray
    groups: np.ndarray | None
    candidates: int

    @cached_property
    def ends(self):
        """95% interval of the worth by the number of draws; infinite where gains may be equal."""
        return interval(self.more, self.dearer, self.groups, self.candidates)

    @property
    def low(self):
        """Lower end of the interval."""
        return self.ends[0]

    @property
    def high(self):
        """Upper end of the interval."""
        return self.ends[1]


def frontier(gains, costs, groups=None):
    """Switches from the plan that is best where gains are worth nothing up, the least worth first.

    gains, costs : (plans, draws, luck)
    groups : int (draws,), draws that share a row of the posterior
    returns : place of the plan that costs least, and a tuple of Switch
    """
    gain, cost = _means(gains), _means(costs)
    first = at = int(np.lexsort((-gain, cost))[0])
    least = best.ROUNDING * np.abs(gains).max()
    switches = []
    while (more := np.flatnonzero(gain - gain[at] > least)).size:
        worths = (cost[more] - cost[at]) / (gain[more] - gain[at])
        tied = more[worths <= worths.min() + TIE * abs(worths.min())]
        above = int(tied[gain[tied].argmax()])
        switches.append(_switch(gains, costs, at, above, len(more), groups))
        at = above
    return first, tuple(switches)


def gives_more(gains, place, groups=None):
    """Whether any plan may give more than the one at a place, by the 95% interval of its mean."""
    others = (gains - gains[place]).mean(axis=2)
    return any(
        one.any() and one.mean() + clusters.Z * clusters.mean_error(one, groups) > 0
        for one in np.delete(others, place, axis=0)
    )


def _means(worlds):
    """Mean of each plan over the first's, and exactly 0 where they differ by rounding only."""
    found = (worlds - worlds[0]).mean(axis=(1, 2))
    found[np.abs(found) < best.ROUNDING * np.abs(worlds).max()] = 0.0
    return found


def _switch(gains, costs, below, above, candidates, groups):
    more = (gains[above] - gains[below]).mean(axis=1)
    dearer = (costs[above] - costs[below]).mean(axis=1)
    worth = float(dearer.mean() / more.mean())
    return Switch(worth, below, above, more, dearer, groups, candidates)


def interval(gain, cost, groups=None, candidates=1):
    """95% interval of the worth at which a plan that gives more, and costs more, pays: (low, high).

    gain, cost : (draws,), of one plan over another; the means of both are above 0
    groups : int (draws,), draws that share a row of the posterior
    candidates : int, plans of which this one came out first, which flatters it: the interval is
        as wide as one for each of them that all hold together (Bonferroni)

    The worths at which the mean net benefit is not told from nothing (Fieller 1954), each by
    `clusters.mean_error`. high is infinite where the gain itself is not told from nothing.
    """
    from scipy.special import ndtri  # late: slow to import

    worth, errors = cost.mean() / gain.mean(), ndtri(1 - 0.025 / candidates)

    def told(at):  # above 0 where net benefit at this worth is told from nothing
        net = at * gain - cost
        return abs(net.mean()) - errors * clusters.mean_error(net, groups)

    low = 0.0 if told(0.0) <= 0 else _root(told, 0.0, worth)
    if abs(gain.mean()) <= errors * clusters.mean_error(gain, groups):
        return low, np.inf
    far = 2 * worth
    while told(far) <= 0:
        far *= 2
    return low, _root(told, far, worth)


def _root(told, outside, inside):
    """Where net benefit stops to be told from nothing, between a worth outside and one inside."""
    while abs(outside - inside) > TOLERANCE * max(abs(outside), abs(inside)):
        middle = (outside + inside) / 2
        if told(middle) > 0:
            outside = middle
        else:
            inside = middle
    return float(inside)


def acceptability(gains, costs, worths, groups=None):
    """Probability that each plan's expected net benefit is the best, at some worths.

    gains, costs : (plans >= 2, draws, luck >= 2)
    worths : (n,), money a unit of gain, 0 or more
    groups : int (draws,), draws that share a row of the posterior
    returns : (n, plans, 3), probability and 95% interval, see `best.best`
    """
    return np.stack([best.best(worth * gains - costs, groups) for worth in worths])
