"""What was learned, in numbers: before and after, surprises, next quarter, next question."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim import parameters
from sim.engine import posterior as posterior_of_work
from sim.forecasting import Level
from sim.forecasting.replay import WEEKS as WEEKS_AHEAD
from sim.learning import coming, likelihood, measures, posterior
from sim.records import words

ENDS = (0.1, 0.5, 0.9)
P = ("p10", "p50", "p90")
NOISE = 4.0  # standard errors of a correlation, above the largest of some 40 by chance
SURPRISE = 0.01  # prior predictive probability below which a value is told as surprising
_TICKETS = list(measures.MEASURES).index(measures.TICKETS)


class Summary:
    """Tables of what was learned.

    bank      Bank
    every     key of a measure -> MeasureEmulator
    observed  key -> value on its scale
    rows      Weighted, of the posterior
    past      History
    level     Level of its tickets
    plan      Scenario, the team as it was
    seed      int >= 0
    """

    def __init__(self, bank, every, observed, rows, past, level, plan, seed):
        self.bank, self.every, self.observed_values = bank, every, observed
        self.posterior, self.past, self.level, self.plan, self.seed = rows, past, level, plan, seed

    @cached_property
    def _rng(self):
        return np.random.default_rng([self.seed, 5])

    @cached_property
    def _work(self):
        """The MeasureEmulator of ln work delivered a week."""
        return likelihood.emulate(self.bank.scores, self.bank.work)

    # ---- before and after ----------------------------------------------------------------------

    def observed(self) -> pd.DataFrame:
        """A row a measure: what the record says, what draws gave before and give after learning.

        Quantiles are of worlds, chance within. `surprise` is the two-sided probability of a value
        at least so far out before anything was learned.
        """
        found = []
        for key, part in self.every.items():
            one = measures.MEASURES[key]
            place = list(measures.MEASURES).index(key)
            before = self.bank.outcome[:, place]
            before = before[np.isfinite(before)]
            after = _world(part, self.posterior.scores, self._rng)
            value = self.observed_values.get(key, np.nan)
            noisy = before + one.discrepancy * self._rng.standard_normal(len(before))
            below = ((noisy < value).sum() + 0.5) / (len(noisy) + 1.0)
            surprise = 2.0 * min(below, 1.0 - below) if np.isfinite(value) else np.nan
            found.append(
                (key, one.words, one.unit, float(one.unscaled(value)),
                 *one.unscaled(np.quantile(before, ENDS)), *one.unscaled(np.quantile(after, ENDS)),
                 surprise)
            )  # fmt: skip
        columns = ("measure", "words", "unit", "observed", *(f"before_{p}" for p in P),
                   *(f"after_{p}" for p in P), "surprise")  # fmt: skip
        return pd.DataFrame(found, columns=list(columns))

    def parameters(self) -> pd.DataFrame:
        """A row a parameter that varies: quantiles before and after, the most narrowed first.

        `narrowed` is one less the ratio of the spread of its normal scores after and before.
        """
        bank, rows = self.bank, self.posterior
        found = [
            (name, *np.quantile(bank.values[:, i], ENDS), *np.quantile(rows.values[:, i], ENDS),
             1.0 - rows.scores[:, i].std() / bank.scores[:, i].std())
            for i, name in enumerate(bank.names) if bank.scores[:, i].any()
        ]  # fmt: skip
        columns = ["parameter", *(f"before_{p}" for p in P), *(f"after_{p}" for p in P), "narrowed"]
        table = pd.DataFrame(found, columns=columns)
        return table.sort_values("narrowed", ascending=False, kind="stable", ignore_index=True)

    def answers(self) -> pd.DataFrame:
        """Tickets and work a week, before and after: quantiles of worlds, drift aside."""
        found = []
        rates = ((measures.TICKETS, "tickets/week", self.bank.outcome[:, _TICKETS], self._tickets),
                 ("work", "expert-h/week", self.bank.work, self._work))  # fmt: skip
        for name, unit, before, part in rates:
            after = _world(part, self.posterior.scores, self._rng)
            ends = [*np.exp(np.quantile(before, ENDS)), *np.exp(np.quantile(after, ENDS))]
            found.append((name, unit, *ends, ends[2] / ends[0], ends[5] / ends[3]))
        columns = ["answer", "unit", *(f"before_{p}" for p in P), *(f"after_{p}" for p in P),
                   "fold_before", "fold_after"]  # fmt: skip
        return pd.DataFrame(found, columns=columns)

    def next_numbers(self) -> pd.DataFrame:
        """A row a number the record does not tell: how far the range of work would fall with it.

        Ranges are 8 of 10 of the expectation of work delivered, as a ratio of the ends; what is
        left is what the number, with its chance and discrepancy, does not explain in the
        posterior's rows (a straight line in logarithms).
        """
        scores = self.posterior.scores
        work, _ = self._work.at(scores)
        found = []
        for key, part in self.every.items():
            if key in self.observed_values:
                continue
            mean, sd = part.at(scores)
            noise = (sd**2).mean() + measures.MEASURES[key].discrepancy ** 2
            explained = np.cov(mean, work)[0, 1] ** 2 / (mean.var() + noise)
            left = np.sqrt(max(work.var() - explained, 0.0))
            found.append((key, measures.MEASURES[key].words, _fold(work.std()), _fold(left)))
        table = pd.DataFrame(found, columns=["measure", "words", "fold_now", "fold_then"])
        return table.sort_values("fold_then", kind="stable", ignore_index=True)

    @cached_property
    def _tickets(self):
        return self.every[measures.TICKETS]

    # ---- ahead -----------------------------------------------------------------------------------

    def quantiles_ahead(self) -> dict[str, float]:
        """Quantiles of the tickets done in the next 13 weeks, and the parts of their spread."""
        value = self.observed_values[measures.TICKETS]
        return self._ahead(self.posterior, self.level, self.past.window, value)

    def coming(self) -> pd.DataFrame:
        """Tickets done since the record by week ahead, as `coming.table` gives them."""
        return coming.table(
            self._tickets, self.posterior, self.level, self.past.window, self.residual(),
            self.transient, self.seed,
        )  # fmt: skip

    def still_assumed(self) -> list[str]:
        """Parameters that rest on assumption and are as wide as before, those that move work first.

        By the correlation of their scores with expected work in the posterior's rows, where that is
        above what rows would show of a parameter of no use; five at most.
        """
        known, scores = parameters.world_parameters(), self.posterior.scores
        work, _ = self._work.at(scores)
        weights = {}
        for i, name in enumerate(self.bank.names):
            if not scores[:, i].any() or name in posterior_of_work.work().fitted:
                continue
            narrowed = 1.0 - scores[:, i].std() / self.bank.scores[:, i].std()
            if narrowed < 0.1 and name in known and known[name].assumed:
                weights[name] = abs(np.corrcoef(scores[:, i], work)[0, 1])
        noise = NOISE / np.sqrt(len(scores))
        weights = {name: weight for name, weight in weights.items() if weight > noise}
        return sorted(weights, key=lambda name: -weights[name])[:5]

    def own_quarter(self) -> dict[str, float]:
        """The last 13 weeks of the record as forecast from those before; empty where too few."""
        if len(self.past.counts) < WEEKS_AHEAD + 13:
            return {}
        before = self.past.before(WEEKS_AHEAD)
        if before.counts.sum() == 0:
            return {}
        level = Level(before.counts)
        part = measures.MEASURES[measures.TICKETS]
        values = np.array([part.scaled(before.observed[measures.TICKETS])])
        fit = likelihood.Likelihood.of(self.every, [measures.TICKETS])
        more = level.overdispersion / before.window
        rows = posterior.sample(self.bank, fit, values, self.seed, more)
        came = float(self.past.counts[-WEEKS_AHEAD:].sum())
        return self._ahead(rows, level, before.window, float(values[0])) | {"came": came}

    @cached_property
    def transient(self) -> float:
        """Share of the variance about the emulator of tickets that passes with its weeks."""
        return likelihood.transient(self.bank, self._tickets)

    def residual(self) -> np.ndarray:
        """What parameters leave of the team's rate for good: (rows,) [ln]."""
        return self._residual(
            self.posterior, self.level, self.past.window, self.observed_values[measures.TICKETS]
        )

    def _residual(self, rows, level, window, value):
        more = level.overdispersion / window
        return posterior.residual(
            self._tickets, rows.scores, value, self.transient, more, self.seed
        )

    def _ahead(self, rows, level, window, value):
        lasting = self._residual(rows, level, window, value)
        return ahead(self._tickets, rows, level, window, lasting, self.transient, self.seed)

    # ---- words -----------------------------------------------------------------------------------

    def cautions(self) -> list[str]:
        """What a reader should know of this record beside that plan."""
        found = []
        for row in each(self.observed()):
            if row.surprise < SURPRISE:
                low, high = words.rounded(row.before_p10, row.before_p90)
                found.append(
                    f"Surprising: {row.words} is {row.observed:.3g} {row.unit}, where 8 of 10 "
                    f"draws gave {low} to {high} before: is the plan that team, and a ticket that "
                    "kind of work?"
                )
        people, stated = self.past.people, self.plan.headcount
        if people and not stated / 1.5 <= people <= 1.5 * stated:
            found.append(
                f"{people} people did the tickets of these weeks, {stated} are in "
                f"{self.plan.name}: is it that team?"
            )
        if self.posterior.effective < len(self.posterior.values):
            found.append(
                f"The record leaves {self.posterior.effective:,.0f} effective draws: few, since it "
                "is far out or tells much; more worlds give more."
            )
        return found

    def start(self) -> float:
        """Tickets a week of the first half of a world's weeks over those of all, a median."""
        return float(2.0 / (1.0 + np.exp(np.median(self.bank.shift))))

    def of_every_use(self) -> list[str]:
        """Caveats that go with whatever uses the posterior."""
        weeks = words.weeks(self.past.window)
        lines = [
            f"Parameters are those of {self.past.name}: learned from {weeks} up to "
            f"{self.past.ends}, as {self.plan.name} describes the team then; its drift goes on."
        ]
        more, half = self.start() - 1.0, self.past.window // 2
        lines.append(
            f"A plan starts from an empty board, the record went on from a full one: in {half} "
            f"weeks from an empty board such a team does {words.percent(abs(more))} "
            f"{'more' if more > 0 else 'fewer'} tickets a week than over {self.past.window}. So a "
            "run and the forecast of the next quarter differ, beside what the tool has gained "
            "since."
        )
        if not {"hours", "development"} <= self.observed_values.keys():
            lines.append(
                "The record tells tickets and not hours: what it narrows is forecasts in tickets "
                "and effects in percent, not work in expert-hours."
            )
        return lines


def each(table: pd.DataFrame) -> Iterator[Any]:
    """Rows of a table, cells by the names of their columns."""
    return iter(table.itertuples())


def _world(part, scores, rng):
    """Values of one world at each row, chance within."""
    mean, sd = part.at(scores)
    return mean + sd * rng.standard_normal(len(mean))


def _fold(sd):
    return float(np.exp(2.0 * 1.2815515655 * sd))


def ahead(part, rows, level, window, lasting, transient, seed):
    """Quantiles of the tickets of the next 13 weeks, and shares of ln variance of what makes them.

    part : MeasureEmulator of tickets; rows : Weighted; level : Level
    lasting : (rows,), what parameters leave of the rate for good [ln]
    transient : share of the variance about the emulator that is chance of the weeks
    """
    rng = np.random.default_rng([seed, 7])
    mean, sd = part.at(rows.scores)
    chance = sd * np.sqrt(transient * window / WEEKS_AHEAD) * rng.standard_normal(len(mean))
    path = level.ahead_of(window, WEEKS_AHEAD, len(mean), seed)
    drift = np.log(np.exp(path).mean(axis=1))
    rate = mean + lasting
    tickets = WEEKS_AHEAD * np.exp(np.minimum(rate + drift + chance, 16.0))
    parts = np.array([rate.var(), drift.var(), chance.var()])
    shares = parts / parts.sum()
    ends = np.quantile(tickets, (0.025, *ENDS, 0.975))
    return {
        **dict(zip(("p2.5", *P, "p97.5"), map(float, ends), strict=True)),
        **dict(zip(("ignorance", "drift", "chance"), map(float, shares), strict=True)),
    }
