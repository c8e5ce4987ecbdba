"""What plans give for what they cost more, and the worth of a unit from which a dearer one pays.

What decides is often a chance or an amount of work, which says nothing of money. Here each plan's
net benefit, worth x what it gives - what it costs, is looked at over what a unit may be worth: an
hour of expert work, a ticket, or for a deadline a week earlier. Nobody can look that worth up;
it is the planner's, so the worth at which the choice flips is told instead of assumed.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis import benefit, best, clusters, value
from sim.experiments.decide import trade_sentences
from sim.records.words import DIRECTIONS


class Unit(NamedTuple):
    """What money buys, by the metric that decides.

    metric  whose amounts are bought
    one     one unit of it, in words
    """

    metric: str
    one: str


FINISH = "finish_week"  # of a deadline: what is late is later by so much, to the horizon
_HOUR = Unit("work_delivered", "an hour of expert work")
UNITS = {
    "done_by": Unit(FINISH, "a week earlier"),
    "weeks_to_done": Unit("weeks_to_done", "a week earlier"),
    "work_delivered": _HOUR,
    "net_value": _HOUR,
    "tasks_done": Unit("tasks_done", "a task done"),
    "tasks_done_average": Unit("tasks_done_average", "an average task done"),
    "tasks_done_advanced": Unit("tasks_done_advanced", "an advanced task done"),
    "backlog_done": Unit("backlog_done", "a ticket done"),
    "escaped_defects": Unit("escaped_defects", "a defect less"),
}
STEPS = (0.0, 0.5, 1.0, 2.0, 4.0)  # times the last switch, at which chances are told
MOST_PLANS = 12  # whose chances are told


@dataclass(frozen=True)
class Trade:
    """Plans to choose from, in what money buys and in money.

    unit      `Unit`
    labels    of the plans
    gains     (plans, draws, luck), units, more is better
    costs     (plans, draws, luck), money, to the horizon; hours where none states money
    currency  of costs, `trade_sentences.PAID_HOURS` of hours
    groups    int (draws,), draws that share a row of the posterior, or None
    """

    unit: Unit
    labels: tuple[str, ...]
    gains: np.ndarray
    costs: np.ndarray
    currency: str
    groups: np.ndarray | None

    @cached_property
    def _frontier(self):
        return benefit.frontier(self.gains, self.costs, self.groups)

    @property
    def cheapest(self):
        """Label of the plan that is best where a unit is worth nothing."""
        return self.labels[self._frontier[0]]

    @property
    def switches(self):
        """`benefit.Switch` of each worth at which another plan is best on average, upwards."""
        return self._frontier[1]

    @property
    def frontier(self):
        """The plan with the best expected net benefit, by the worth of a unit, the least first.

        A row a plan: `plan`; `worth` from which it is best, with `low`, `high` (95%, by the number
        of draws; infinite where what it gives more is not told from nothing).
        """
        rows = [(self.cheapest, 0.0, 0.0, 0.0)]
        rows += [(self.labels[s.above], s.worth, s.low, s.high) for s in self.switches]
        return pd.DataFrame(rows, columns=["plan", "worth", "low", "high"])

    @cached_property
    def gives_more(self):
        """Whether any plan may give more than the one that costs least."""
        return benefit.gives_more(self.gains, self._frontier[0], self.groups)

    @property
    def places(self):
        """Places of the plans whose chances are told: of many, those of the frontier first."""
        if len(self.labels) <= MOST_PLANS:
            return np.arange(len(self.labels))
        kept = [self._frontier[0], *(s.above for s in reversed(self.switches))]
        at = self.switches[-1].worth if self.switches else 0.0
        order = np.argsort(-(at * self.gains - self.costs).mean(axis=(1, 2)), kind="stable")
        return np.array(list(dict.fromkeys([*kept, *order.tolist()]))[:MOST_PLANS])

    @property
    def worths(self):
        """Worths at which chances are told: (n,), about the last switch; none without one."""
        if not self.switches:
            return np.zeros(0)
        return np.unique([_round(step * self.switches[-1].worth) for step in STEPS])

    def headline(self):
        """From what worth of a unit the dearest plan that pays does: a sentence without its dot."""
        return trade_sentences.flip(self)

    def shown(self, switch):
        """The worth of a `benefit.Switch` with both ends of its interval, as they are printed."""
        return trade_sentences.shown(switch)

    def acceptability(self, worths=None):
        """How probably each plan has the best expected net benefit, by the worth of a unit.

        worths : (n,), `worths` by default
        returns : DataFrame, a row a worth and plan: worth, plan, p, low, high (95%)
        """
        worths = self.worths if worths is None else np.asarray(worths, float)
        places = self.places
        parts = self.gains[places], self.costs[places]
        found = benefit.acceptability(*parts, worths, self.groups) if len(worths) else []
        rows = [
            (worth, self.labels[place], *numbers)
            for worth, chances in zip(worths, found, strict=True)
            for place, numbers in zip(places, chances, strict=True)
        ]
        return pd.DataFrame(rows, columns=["worth", "plan", "p", "low", "high"])

    def at(self, worth, parameters, key, levels):
        """`Verdict` where a unit is worth so much money.

        parameters, key, levels : as for `value.partial`; of single numbers, since what is
            measured has a price each
        """
        net = worth * self.gains - self.costs
        first, *others = np.argsort(-net.mean(axis=(1, 2)), kind="stable")
        lead = (net[first] - net[others[0]]).mean(axis=1)
        error = clusters.Z * clusters.mean_error(lead, self.groups)
        chosen = value.chosen(net, key, self.groups)
        known = value.partial(net.mean(axis=2), parameters, key, levels)
        return Verdict(
            worth, self.labels[first], self.labels[others[0]], chosen.lead,
            (chosen.lead - error, chosen.lead + error),
            tuple(best.best(net, self.groups)[first]), known,
        )  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """The choice by net benefit, where a unit is worth so much money.

    worth      money a unit
    plan       label of the plan expected best, and `next` of the second
    lead       its lead in expected net benefit, less what it owes to the choice, and `ends` (95%)
    p          probability that it is expected best, and both ends (95%)
    knowing    name of a number -> `value.Value` of knowing it before choosing, in money
    """

    worth: float
    plan: str
    next: str
    lead: float
    ends: tuple[float, float]
    p: tuple[float, float, float]
    knowing: dict

    @property
    def first(self):
        """Name and `value.Value` of the number most worth knowing; None where none is clear."""
        clear = {name: one for name, one in self.knowing.items() if one.clear}
        return max(clear.items(), key=lambda item: item[1].value) if clear else None

    @property
    def null(self):
        """What the most of all numbers may seem worth by chance, in money."""
        return max(one.null for one in self.knowing.values())


def amount_of(metric):
    """The metric whose amounts money buys where `metric` decides, or None."""
    return UNITS[metric].metric if metric in UNITS else None


def trade(metric, labels, amounts, costs, currency, groups):
    """The `Trade` of plans to choose from; None where money buys nothing that decides.

    amounts, costs : (plans, draws, luck), of `amount_of(metric)` and of money; None where not known
    """
    if metric not in UNITS or amounts is None or len(labels) < 2 or not np.ptp(costs, axis=0).any():
        return None
    if not np.isfinite(amounts).all():
        return None
    unit = UNITS[metric]
    return Trade(unit, labels, DIRECTIONS[unit.metric] * amounts, costs, currency, groups)


def _round(worth):
    """A worth to two figures."""
    return float(f"{worth:.1e}") if worth else 0.0
