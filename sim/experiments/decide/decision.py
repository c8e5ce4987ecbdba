"""The record of a decision: plans, odds, regret, and the value of measuring."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim import files
from sim.analysis import best, clusters, estimates, paired, value
from sim.engine import luck, metrics, posterior, setup
from sim.errors import DecideError, is_int_or_float
from sim.experiments import drivers, limits, screens
from sim.experiments.decide import sentences, tables, timing
from sim.experiments.decide.claims import of_decision
from sim.experiments.decide.screen import of_decision as of_first_screen
from sim.experiments.decide.trade import trade
from sim.experiments.decide.trade_sentences import PAID_HOURS
from sim.parameters import register
from sim.records import folders, provenance, sheets, words
from sim.records.factors import factor
from sim.records.record import Record
from sim.records.run_record import RunRecord, about
from sim.records.words import DIRECTIONS
from sim.scenario import snapshot

STATED = ("worth", "measuring")  # arguments that a record may hold, and older ones do not
MOST_MONEY = 1e15  # that can be stated
TRADED = ("amounts", "costs")  # worlds of what money buys, by field
_EXTRA = ("extra cost, high", "extra cost, low", "extra cost")  # columns of a sheet, the last first
_GAPS = ("difference", "difference_low", "difference_high", "regret")


@dataclass(frozen=True, repr=False)
class Decision(Record):
    """Plans to choose from, on the same draws and luck.

    plans       dict, label -> Scenario
    metric      what decides
    y           (plans, draws, luck), the metric
    cost        (plans,), expected cost in all; NaN where no money is stated
    parameters  dict, name -> (draws,) or (draws, e), what is not known
    caveats     sentences that belong to every use of these numbers
    provenance  dict, label -> record
    screened    DataFrame, a row a mix or training, where plans are what a search left of many; else
                None
    extra       (plans, 3), cost over that of the first plan and its 95% interval; NaN where no
                money is stated; None in records of before it was kept
    given_up    (plans,), tickets nobody could do by the end, mean of worlds; None as `extra`
    amounts     (plans, draws, luck), of what money buys, see `trade.amount_of`; None where it buys
                nothing that decides, and in records of before it was kept
    costs       (plans, draws, luck), cost in all to the horizon, in paid hours where no plan states
                money; None as `amounts`

    Raises DecideError where no two plans are within the budget.
    """

    _kind = "decision"
    error = DecideError

    plans: dict
    metric: str
    y: np.ndarray
    cost: np.ndarray
    parameters: dict
    caveats: tuple[str, ...]
    provenance: dict
    screened: pd.DataFrame | None = None
    extra: np.ndarray | None = None
    given_up: np.ndarray | None = None
    amounts: np.ndarray | None = None
    costs: np.ndarray | None = None

    def __post_init__(self):
        if not self.allowed.any():
            place = int(np.nanargmin(self._bounded))
            beyond_all(self.budget, self.labels[place], self._bounded[place])

    @property
    def labels(self):
        """Labels of the plans."""
        return tuple(self.plans)

    @property
    def design(self):
        """Seed, draws, luck, metric, budget: what all plans share."""
        return next(iter(self.provenance.values()))

    @property
    def budget(self):
        """Most that a plan may cost more than the first in expectation, or None."""
        return self.design["budget"]

    @property
    def unit(self):
        """Unit of the metric, the currency where it is money."""
        unit, money = metrics.UNITS[self.metric], next(iter(self.plans.values())).money
        return unit.replace("money", money.currency) if money else unit

    @property
    def allowed(self):
        """Which plans are within the budget: bool (plans,)."""
        if self.budget is None:
            return np.ones(len(self.labels), bool)
        return self._bounded <= self.budget

    @property
    def _bounded(self):
        """What a budget bounds (plans,): extra cost; cost in all in records of before that."""
        return self.cost if self.extra is None else self.extra[:, 0]

    @cached_property
    def gains(self):
        """The metric of allowed plans, more is better: (allowed plans, draws, luck)."""
        return DIRECTIONS[self.metric] * self.y[self.allowed]

    @property
    def choices(self):
        """Labels of the allowed plans, in the order of `gains`."""
        return tuple(np.array(self.labels, object)[self.allowed])

    @property
    def best(self):
        """Label of the allowed plan with the best expected value."""
        return self.choices[self._best]

    @property
    def _best(self):
        return int(self.gains.mean(axis=(1, 2)).argmax())

    @property
    def _key(self):
        return luck.key_of(self.design["seed"])

    @cached_property
    def chosen(self):
        """`value.Chosen`: how much having come out best flatters the best plan; None if alone.

        `table` holds plain means; sentences and claims of the best plan are less this.
        """
        if len(self.choices) < 2:
            return None
        return value.chosen(self.gains, self._key, self.groups)

    @property
    def optimism(self):
        """What is taken off the mean of the best plan, in the unit and direction of the metric."""
        return DIRECTIONS[self.metric] * self.chosen.optimism if self.chosen else 0.0

    @cached_property
    def lead_error(self):
        """Simulation error of the lead over the next plan, and the part that no draws take out."""
        means = self.gains.mean(axis=2)
        lead = means[self.chosen.best] - means[self.chosen.runner_up]
        return clusters.mean_error(lead, self.groups), clusters.floor_of(lead, self.groups)

    @cached_property
    def table(self):
        """One row a plan: expected value, difference to the best, odds of being best, regret.

        `mean`, `ci_low`, `ci_high` (95%, of the expectation); `cost` expected; `within_budget`;
        `difference` to the best plan with `difference_low`, `difference_high` (95%, of the
        expectation); `p_best_expected` over what is not known, with `p_best_expected_low`,
        `p_best_expected_high` (95%, see `best`); `p_best_world` in one world, ties shared;
        `regret`, what choosing it is expected to lose against choosing with all that can be known.
        NaN for plans beyond the budget.
        """
        odds = dict(zip(self.choices, self._odds(), strict=True))
        rows = [
            {"plan": label, **self._expected(place), **odds.get(label, _NOTHING)}
            for place, label in enumerate(self.labels)
        ]
        return pd.DataFrame(rows).set_index("plan")

    def _expected(self, place):
        row = self._estimate(place)
        kept = {name: row[name] for name in ("mean", "ci_low", "ci_high", "p10", "p90", "mc_error")}
        kept["cost"], kept["within_budget"] = self.cost[place], bool(self.allowed[place])
        best, event = self.y[self.labels.index(self.best)], metrics.BY_NAME[self.metric].event
        row = paired.compare(best, self.y[place], 1, event=event, groups=self.groups)
        names = ("difference", "difference_low", "difference_high")
        return kept | dict(zip(names, (row["mean"], row["ci_low"], row["ci_high"]), strict=True))

    def _estimate(self, place):
        plan = self.plans[self.labels[place]]
        row = limits.estimate(plan, self.metric, self.y[place], groups=self.groups)
        return dict(zip(estimates.COLUMNS, row, strict=True))

    def _odds(self):
        expected = value.advantages(self.gains, self._best)
        odds = np.array([[1.0, 1.0, 1.0]])
        if len(self.gains) > 1:
            odds = best.best(self.gains, self.groups)
        regret = expected.max(axis=0).mean() - expected.mean(axis=1)
        return [
            dict(zip(_ODDS, (*odd, world, lost), strict=True))
            for odd, world, lost in zip(odds, _shares(self.gains), regret, strict=True)
        ]

    @cached_property
    def blocks(self):
        """Blocks of the posterior that are drawn: name -> names of its parameters."""
        return drivers.blocks_of(self.parameters, next(iter(self.plans.values())).world.keys())

    @cached_property
    def _inputs(self):
        """What can be known: each block whole, then every number by itself."""
        whole = {
            block: drivers.together(self.parameters, block, names)
            for block, names in self.blocks.items()
        }
        return whole | {name: x for name, x in self.parameters.items() if name not in whole}

    @cached_property
    def levels(self):
        """Which draws share a row of the posterior, the coarsest first: `posterior.levels`."""
        return posterior.levels(self.parameters, next(iter(self.plans.values())).world.keys())

    @property
    def groups(self):
        """Draws that share what is one row of the posterior: int (draws,), or None."""
        return self.levels[0] if self.levels else None

    @cached_property
    def _known(self):
        whole = value.perfect(self.gains, self._key, self.groups)
        means = self.gains.mean(axis=2)
        parts = value.partial(means, self._inputs, self._key, self.levels)
        for block, names in self.blocks.items():
            parts[block], own = value.in_order(parts[block], {name: parts[name] for name in names})
            parts |= own
        return value.in_order(whole, parts)

    @property
    def evpi(self):
        """Value of knowing all that can be known: `value.Value`, in the unit of the metric."""
        return self._known[0]

    @property
    def null(self):
        """What a number may seem worth by chance, given how many are looked at; the most of all."""
        return max(self.nulls.values())

    @property
    def nulls(self):
        """What each number may seem worth by chance, given how many are looked at: dict by name.

        `clear` in `measure_first` is worth more; single numbers share one, those taken together
        another.
        """
        return {name: part.null for name, part in self._known[1].items()}

    @cached_property
    def measure_first(self):
        """What each parameter is worth knowing (EVPPI), the most first: one row a parameter.

        `words` name it; `value`, `low`, `high` (95%); `share` of the value of knowing all;
        `clear` whether it is more than the null check allows for chance, given how many
        parameters are looked at;
        `unit` of the parameter; `block` of the posterior that it belongs to, and varies with.
        The blocks, `curve`, `how people work` and `tool trend`, have rows of their own, for all
        their parameters together.
        """
        whole, parts = self._known
        block_of = {name: block for block, names in self.blocks.items() for name in names}
        rows = [
            {
                "parameter": name, "words": factor(name), "value": part.value, "low": part.low,
                "high": part.high, "share": part.value / whole.value if whole.value > 0 else np.nan,
                "clear": part.clear, "unit": _unit(name), "block": block_of.get(name, ""),
            }
            for name, part in parts.items()
        ]  # fmt: skip
        found = pd.DataFrame(rows).sort_values("value", ascending=False, kind="stable")
        return found.set_index("parameter")

    @cached_property
    def flips(self):
        """Which value of which parameter changes the choice: one row a threshold.

        For each parameter that is clear in `measure_first`: `threshold` with `low`, `high`
        (95%), `below` and `above`, the plans expected best on either side; or one row of NaN,
        where the choice is the same throughout its range.
        """
        rows = []
        means = self.gains.mean(axis=2)
        for name, row in self.measure_first.iterrows():
            x = self.parameters.get(name)
            if not row["clear"] or x is None or x.ndim > 1:
                continue
            found = value.flips(means, x, self._key, self.levels)
            for at, low, high, before, after in found or [(np.nan,) * 3 + (self._best,) * 2]:
                plans = (self.choices[before], self.choices[after])
                rows.append((name, at, low, high, *plans, _unit(name)))
        columns = ("parameter", "threshold", "low", "high", "below", "above", "unit")
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def trade(self):
        """`trade.Trade` of the plans to choose from; None where money buys nothing that decides."""
        if self.amounts is None or self.costs is None or np.isnan(self.costs).any():
            return None
        if self.screened is not None and not timing.is_of_trainings(self.screened):
            return None  # its plans were picked by the metric, whatever they cost
        amounts, costs = self.amounts[self.allowed], self.costs[self.allowed]
        money = next(iter(self.plans.values())).money
        currency = money.currency if money else PAID_HOURS
        return trade(self.metric, self.choices, amounts, costs, currency, self.groups)

    @cached_property
    def verdict(self):
        """`trade.Verdict` at the worth of a unit that was stated; None where none was."""
        worth = self.design.get("worth")
        if worth is None or self.trade is None:
            return None
        single = {name: x for name, x in self.parameters.items() if x.ndim == 1}
        return self.trade.at(worth, single, self._key, self.levels)

    @property
    def timing(self):
        """Train now, later or not: `timing.timing`; None where no trainings were searched."""
        return timing.timing(self)

    def summary(self):
        """One row a plan: expected value, odds of being best, regret; `table` says of each."""
        return self.table

    def differences(self, label):
        """A plan less the first in each world in which both have a value: (worlds,)."""
        d = paired.difference(self.y[0], self.y[self.labels.index(label)]).ravel()
        return d[np.isfinite(d)]

    def expected_difference(self, label):
        """A plan less the first in expectation: mean and both ends of its 95% interval."""
        place = self.labels.index(label)
        row = paired.compare(self.y[0], self.y[place], 1, groups=self.groups)
        return row["mean"], row["ci_low"], row["ci_high"]

    def choice(self):
        """Which plan to choose, without the worth of a unit, as `headline` has it."""
        return sentences.title(self)

    def headline(self):
        """Which plan to choose, and by how much: a sentence without its dot."""
        return sentences.headline(self)

    def sentences(self):
        """What to choose, how sure that is and what to measure first, in plain words."""
        return sentences.sentences(self)

    def to_json(self):
        """The decision as `tiercurve decide --json` prints it: plain data, NaN as None."""
        evpi = self.evpi
        return {
            "metric": self.metric,
            "unit": self.unit,
            "best": self.best,
            "optimism": self.optimism,
            "findings": self.sentences(),
            "plans": provenance.records(self.table),
            "evpi": {
                "value": evpi.value, "low": evpi.low, "high": evpi.high, "clear": evpi.clear,
            },
            "measure_first": provenance.records(self.measure_first),
            "flips": provenance.records(self.flips),
            "extra_cost": self._extra_rows(),
            "given_up": None if self.given_up is None else self.tickets_left,
            "net_benefit": self._net_benefit(),
            "screened": None if self.screened is None else provenance.records(self.screened),
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }  # fmt: skip

    def _net_benefit(self):
        """What money buys, and the plan that is best by its worth: dict or None."""
        if self.trade is None:
            return None
        trade, found = self.trade, self.verdict
        told = {"unit": trade.unit.one, "currency": trade.currency}
        told |= {"best": provenance.records(trade.frontier)}
        if found is None:
            return told
        knowing = {name: vars(one) | {"clear": one.clear} for name, one in found.knowing.items()}
        low, high = found.ends
        at = {
            "worth": found.worth,
            "plan": found.plan,
            "lead": found.lead,
            "low": low,
            "high": high,
        }
        return told | {"at": at | {"p": list(found.p), "knowing": knowing}}

    @property
    def tickets_left(self):
        """Tickets nobody could do by the end, mean of worlds, by plan: dict, empty if not kept."""
        means = () if self.given_up is None else self.given_up.tolist()
        return dict(zip(self.labels, means, strict=False))

    def _extra_rows(self):
        """Cost over the first plan and its interval, by plan: dict, None where not known."""
        if self.extra is None or np.isnan(self.extra).any():
            return None
        return {label: row.tolist() for label, row in zip(self.labels, self.extra, strict=True)}

    def _about(self):
        p = self.design
        return [
            f"What decides: {sentences.in_words(self)}; {p['draws']} draws x {p['luck']} luck, the "
            "same in every plan",
            *timing.searched(self),
        ]

    def _sentences_shown(self, everything):
        return self.sentences() if everything else []

    def _caveats_shown(self, everything):
        return self.caveats if everything else screens.caveats(self.caveats)

    def _tables(self, everything):
        return tables.everything(self) if everything else of_first_screen(self)

    def _cell_tables(self):
        lines, _ = of_first_screen(self)
        return [lines, *tables.with_keys(self)]

    def bounded_shown(self, label):
        """What a budget bounds, of a plan, in words: extra cost, or cost in all in old records."""
        amount = self._bounded[self.labels.index(label)]
        as_text = words.rounded if self.extra is None else words.signed
        return "-" if np.isnan(amount) else as_text(amount)[0]

    def claims(self):
        """Every number that can be quoted of it: tuple of Claim."""
        return of_decision(self)

    def run_record(self, metric=None):
        """The RunRecord that makes it again."""
        names = ("metric", "budget", "draws", "luck", "seed")
        stated = {name: self.design[name] for name in STATED if self.design.get(name) is not None}
        return RunRecord(
            "decide",
            {label: snapshot.keep(plan) for label, plan in self.plans.items()},
            self.provenance,
            {name: self.design[name] for name in names} | stated,
            self.claims(),
            about("decide", list(self.plans)[:3], self.design),
        )

    def _figures(self):
        from sim.figures.decide import decide_figure  # late: Matplotlib is slow to import
        from sim.figures.worth import worth_figure

        return {"plans": decide_figure, **({"worth": worth_figure} if self.trade else {})}

    def _origins(self):
        return self.provenance

    def _first_lines(self):
        plan = next(iter(self.plans.values()))
        return [("question", plan.question), ("answer", f"{self.headline()}.")]

    def _main_sheet(self):
        """Plans by their regret: what decides, then cost and what it is over the first plan."""
        table = self.table.drop(columns="cost")
        place = table.columns.get_loc("ci_high") + 1
        if self.tickets_left:
            table.insert(place, "tickets nobody could do", self.tickets_left.values())
        if not np.isnan(self.cost).all():
            table.insert(place, "cost to the horizon", self.cost)
        if self.extra is not None and not np.isnan(self.extra).any():
            for name, values in zip(_EXTRA, self.extra.T[::-1], strict=True):
                table.insert(place, name, values)
        table = table.sort_values("regret", kind="stable").reset_index()
        table.insert(1, "metric", words.label(self.metric))
        table.insert(2, "unit", self.unit)
        money = next(iter(self.plans.values())).money
        currency = money.currency if money else ""
        of = dict.fromkeys((*_EXTRA, "cost to the horizon"), currency)
        of |= dict.fromkeys(_GAPS, self.unit)
        return sheets.in_units(table, {k: v for k, v in of.items() if k in table}, currency)

    def _sheets(self):
        return {
            "measure first": self.measure_first.reset_index(), "flips": self.flips,
        }  # fmt: skip

    def _cited(self):
        return f"to choose by {self.metric}", "scenario"

    def _plans(self):
        return tuple(self.plans.values())

    def _saved(self):
        plans = {
            label: {"name": plan.name, "stated": plan.to_dict()}
            for label, plan in self.plans.items()
        }
        return self.to_json() | {
            "scenarios": plans, "parameters": list(self.parameters), "traded": self._traded,
        }  # fmt: skip

    @property
    def _traded(self):
        """Names of the arrays there are of what money buys: list."""
        return [name for name in TRADED if getattr(self, name) is not None]

    def _write(self, folder):
        parameters = {f"parameter {name}": x for name, x in self.parameters.items()}
        traded = {name: getattr(self, name) for name in self._traded}
        np.savez_compressed(folder / "worlds.npz", y=self.y, cost=self.cost, **traded, **parameters)
        if self.screened is not None:
            self.screened.to_csv(folder / "screened.csv", index=False)

    @classmethod
    def _read(cls, about, path):
        plans = {
            label: folders.scenario(one["stated"], one["name"], path)
            for label, one in about["scenarios"].items()
        }
        names = {f"parameter {name}": name for name in about["parameters"]}
        kept = [name for name in about.get("traded", ()) if name in TRADED]  # young
        arrays = files.arrays(path / "worlds.npz", ("y", "cost", *kept, *names))
        y, cost = arrays["y"], arrays["cost"]
        traded = {name: arrays[name] for name in kept}
        parameters = {name: arrays[key] for key, name in names.items()}
        origins = {label: provenance.checked(about["provenance"][label]) for label in plans}
        _check(y, cost, traded, parameters, tuple(origins.values()), about["metric"])
        screened = files.csv(path / "screened.csv") if about["screened"] is not None else None
        caveats = folders.caveats_of(about)
        extra = about.get("extra_cost")  # young: records of before it was kept lack it
        if extra is not None:
            extra = np.array([extra[label] for label in plans], float).reshape(len(plans), 3)
        given_up = about.get("given_up")  # young too
        if given_up is not None:
            given_up = np.array([given_up[label] for label in plans], float)
        return cls(
            plans, about["metric"], y, cost, parameters, caveats, origins, screened, extra,
            given_up, **traded,
        )  # fmt: skip

    def __repr__(self):
        p = self.design
        return f"<Decision: {sentences.choice(self)}; {p['draws']} draws x {p['luck']}>"


_ODDS = (
    "p_best_expected", "p_best_expected_low", "p_best_expected_high", "p_best_world", "regret",
)  # fmt: skip
_NOTHING = dict.fromkeys(_ODDS, np.nan)


def is_money(value):
    """Whether a stated amount is none, or money of 0 or more that can be counted."""
    return value is None or bool(is_int_or_float(value) and 0 <= value <= MOST_MONEY)


def beyond_all(budget, label, least):
    """Refuse a budget that no plan meets: DecideError.

    label, least : of the cheapest plan, and what it is expected to cost more
    """
    raise DecideError(
        f"budget = {budget:,.0f}: no plan is within it; the cheapest, {label}, is expected to "
        f"cost {least:,.0f} more"
    )


def _shares(gains):
    """How often each plan is the best (plans,); plans that tie share."""
    best = gains == gains.max(axis=0)
    return (best / best.sum(axis=0)).mean(axis=(1, 2))


LEVERS = {setup.ADVANCED_SHARE: "share", setup.HORIZON: "expert-h"}  # known as a distribution


def _unit(name):
    if name in LEVERS:
        return LEVERS[name]
    return register()[name].unit if name in register() else "several"


def _check(y, cost, traded, parameters, made, metric):
    """Refuse worlds that are not those of the plans, draws and luck of `made`: ValueError."""
    if metric not in metrics.NAMES:
        raise ValueError(f"metric: {metric!r}")
    if not made:
        raise ValueError("no plans")
    draws, lucks = made[0]["draws"], made[0]["luck"]
    if y.dtype != float or y.shape != (len(made), draws, lucks) or cost.shape != (len(made),):
        raise ValueError(f"worlds.npz: not numbers of {len(made)} plans and {draws} draws")
    for name, values in traded.items():
        if values.dtype != float or values.shape != y.shape or np.isinf(values).any():
            raise ValueError(f"worlds.npz: {name}: not a number a world")
    for name in STATED:
        if not is_money(value := made[0].get(name)):
            raise ValueError(f"provenance: {name} = {value!r}: not money")
    for name, values in parameters.items():
        if values.dtype.kind not in "fiub" or values.ndim not in (1, 2) or len(values) != draws:
            raise ValueError(f"worlds.npz: {name}: not a number a draw")
