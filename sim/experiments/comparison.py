"""A comparison of plans: differences with both kinds of interval, and what to keep in mind."""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sim import report
from sim.analysis import clusters, paired, value
from sim.engine import luck, metrics
from sim.errors import CompareError, ResultError
from sim.experiments import (
    claims,
    differences,
    findings,
    leading,
    levers,
    pairing,
    screens,
    stages,
    terms,
)
from sim.experiments.pairing import SHARED, check_designs, check_plans
from sim.experiments.result import MAIN, Result
from sim.experiments.screens.comparison import of_comparison
from sim.records import provenance, run_record, sheets, words
from sim.records.record import Record
from sim.records.words import DIRECTIONS, kind_of_interval, units
from sim.report import Table

HOW = (
    "difference: plan less reference, world by world. 95% interval: of the expected difference, "
    "over what is not known. 10-90%: where the difference falls in one world. better: probability "
    "that the plan is, in expectation over what is not known / in one world; its intervals are in "
    "--json. luck: share of the variance of the difference that is chance. undefined: worlds in "
    "which the metric has no value in either plan, where there are any."
)
HOW_CENTRAL = (
    "difference: plan less reference, world by world. 95% interval: numerical error only; "
    "parameters are at their centre. 10-90%: where the difference falls in one world. better: "
    "probability that the plan is, in one world. undefined: worlds in which the metric has no "
    "value in either plan, where there are any."
)


@dataclass(frozen=True, repr=False)
class Comparison(Record):
    """Two or more plans, world by world: the same tasks with the same luck.

    results  dict, label -> Result; the first is the reference, set against each other

    Raises CompareError, one line, if the results cannot be paired.
    """

    _kind = "comparison"
    error = CompareError

    results: dict

    def __post_init__(self):
        check_plans({label: r.scenario for label, r in self.results.items()})
        check_designs({label: r.provenance for label, r in self.results.items()})

    @property
    def reference(self):
        """Label of the plan that the others are compared with."""
        return next(iter(self.results))

    @property
    def plans(self):
        """Labels of the other plans."""
        return tuple(self.results)[1:]

    @property
    def design(self):
        """What the results share: seed, draws, luck, uncertainty."""
        shared = self.results[self.reference].provenance
        return {name: shared[name] for name in SHARED}

    @property
    def uncertain(self):
        """Whether the parameters were drawn, or central."""
        return self.results[self.reference].uncertain

    @property
    def groups(self):
        """Draws that share what is one row of the posterior: int (draws,), or None."""
        return self.results[self.reference].groups

    @property
    def weeks(self):
        """The horizon of all plans [weeks]."""
        return self.results[self.reference].scenario.horizon.weeks

    @property
    def units(self):
        """Unit of every metric: name -> text, money in the plans' currency."""
        priced = [r.scenario for r in self.results.values() if r.scenario.money]
        return units((priced or [self.results[self.reference].scenario])[0])

    @property
    def metric(self):
        """The metric that leads: that of the plans' [answer], else net value or work delivered."""
        metric = leading.metric_of_all(result.scenario for result in self.results.values())
        return self.flow if metric in (leading.WORK, leading.NET) else metric

    @property
    def flow(self):
        """The flow weekly paths are of unless another is named: that of the answer.

        Net value where all state it and the answer is of no flow, else work delivered.
        """
        metric = leading.metric_of_all(result.scenario for result in self.results.values())
        if metric in metrics.ADD_UP and metric != leading.WORK and DIRECTIONS[metric]:
            return metric
        has = "net_value" in metrics.FLOWS and not any(
            r.weekly["net_value"].isna().any() for r in self.results.values()
        )
        return "net_value" if has else "work_delivered"

    @property
    def changes(self):
        """Levers in which each plan differs from the reference: label -> lines."""
        scenarios = {label: r.scenario for label, r in self.results.items()}
        reference = scenarios.pop(self.reference)
        return {label: terms.changes(reference, plan) for label, plan in scenarios.items()}

    @property
    def provenance(self):
        """Label of each plan -> the provenance of its result, the reference first."""
        return {label: result.provenance for label, result in self.results.items()}

    @property
    def caveats(self):
        """Sentences that belong to every use of these numbers; the workforce caution first."""
        return pairing.caveats(self.results)

    def summary(self):
        """One row a plan (but the reference) and metric: the difference, plan less reference.

        `reference_mean`, `plan_mean`, and `mean`, their difference; `ci_low`, `ci_high` the
        95% interval of the expected difference over what is not known; `p10`, `p50`, `p90`
        of the difference in one world; `chance_share` of its variance with an interval;
        `percent` the difference relative to the reference [%] with a 95% interval;
        `p_better_expected` the probability over what is not known that the expected output
        is better, `p_better_world` that one world is, each with a 95% interval, ties counted
        half, NaN where neither more nor less is better; `variance_saved` how many times the
        variance of `mean` would be with independent draws and luck; `mc_error`;
        `undefined` the worlds in which either plan has no value. sim.analysis.paired
        says how each is made.
        """
        return self.summary_of(*metrics.NAMES)

    def summary_of(self, *names):
        """The rows of `summary` of some metrics alone."""
        rows = {(label, name): self._row(label, name) for label in self.plans for name in names}
        index = pd.MultiIndex.from_tuples(rows, names=("plan", "metric"))
        table = pd.DataFrame(rows.values(), columns=paired.COLUMNS, index=index)
        table.insert(0, "unit", [self.units[name] for _, name in rows])
        return table

    def row(self, label, name):
        """One row of the summary, of a plan and a metric: Series."""
        named = {"unit": self.units[name], **self._row(label, name)}
        return pd.Series(named, name=(label, name))

    def _row(self, label, name):
        """One row as a dict, estimated once."""
        if (label, name) not in self._rows:
            self._rows[label, name] = self._estimated(label, name)
        return self._rows[label, name]

    @cached_property
    def _rows(self):
        return {}

    def _estimated(self, label, name):
        reference, plan = self._pair(label, name)
        return differences.row_of(
            name, reference, plan, self.uncertain, self.groups, lambda: self._is_reference(label)
        )

    def _is_reference(self, label):
        """Whether a plan is the reference under another name."""
        if label not in self._same:
            one, other = (self.results[key].scenario for key in (self.reference, label))
            self._same[label] = levers.are_one(one, other)
        return self._same[label]

    @cached_property
    def _same(self):
        return {}

    def _pair(self, label, name):
        """Values of a metric, of the reference and of a plan: two of (draws, luck)."""
        of = differences.measured(name)
        return [self.results[key].values(of)[:, :, 0] for key in (self.reference, label)]

    def differences(self, label, metric=None):
        """Plan less reference in each world in which both have a value: (worlds,).

        metric : the one that leads by default
        """
        d = paired.difference(*self._pair(label, metric or self.metric)).ravel()
        return d[np.isfinite(d)]

    def paths(self, label, flow=None):
        """Plan less reference so far, by week, from 0 at the start: (worlds, weeks + 1).

        flow : as for `weekly`
        """
        d = self._path(label, self._flow(flow)).reshape(-1, self.weeks)
        return np.hstack([np.zeros((len(d), 1)), d])

    def weekly(self, flow=None):
        """The difference so far, week by week: plan, week and columns of `summary`.

        flow : a weekly flow such as "work_delivered"; by default net value where every plan
            states money, else work delivered. Cumulative from the start, in its unit.
        """
        flow = self._flow(flow)
        rows = []
        for label in self.plans:
            d = self._path(label, flow)
            for week in range(self.weeks):
                row = paired.estimate(d[:, :, week], self.uncertain, self.groups)
                rows.append({"plan": label, "week": week + 1, **row})
        return pd.DataFrame(
            rows, columns=("plan", "week", "mean", "ci_low", "ci_high", "p10", "p90", "mc_error")
        )

    def break_even(self, flow=None):
        """When each plan has caught up with the reference for good, and whether it ever does.

        A plan is ahead for good by a week if the difference so far (in the better direction) is
        not below zero from then to the horizon. Worlds without any difference are neither ahead nor
        behind, and count half. The break-even week is the first by which the chance of that is half
        or more; infinite where that is not within the horizon. A share of worlds is unbiased for
        any number of draws and lucks.

        flow : as for `weekly`

        Returns
        -------
        DataFrame
            One row a plan: `week`, with `week_low`, `week_high`, its 95% interval; `p10`, `p90`,
            where 8 of 10 single worlds are ahead for good [week]; `never`, the share of worlds
            behind at the horizon, with `never_low`, `never_high` (95%); `same`, the share without
            any difference; `text`, week and interval in words.
        """
        flow = self._flow(flow)
        sign = DIRECTIONS[flow]
        if not sign:
            raise CompareError(f"{flow}: neither more nor less is better, so nothing breaks even")
        rows = []
        for label in self.plans:
            row = paired.break_even_week(sign * self._path(label, flow), self.groups)
            rows.append({"plan": label, **row, "text": findings.break_even_words(row, self.weeks)})
        return pd.DataFrame(rows).set_index("plan")

    def chance_ahead(self, flow=None):
        """Chance to be ahead, and stay so up to the horizon, by each week.

        flow : as for `weekly`
        returns : DataFrame, a row a plan and week: `chance`, `low`, `high` (95%)
        """
        flow = self._flow(flow)
        parts = []
        for label in self.plans:
            chance = paired.ahead(DIRECTIONS[flow] * self._path(label, flow), self.groups)
            rows = dict(zip(("chance", "low", "high"), chance, strict=True))
            parts.append(pd.DataFrame({"plan": label, "week": range(1, self.weeks + 1), **rows}))
        return pd.concat(parts, ignore_index=True)

    def _path(self, label, flow):
        """Difference of a flow so far (draws, luck, weeks)."""
        shape = (self.design["draws"], self.design["luck"], self.weeks)
        a, b = (
            self.results[key].weekly[flow].to_numpy(float).reshape(shape).cumsum(axis=2)
            for key in (self.reference, label)
        )
        return paired.difference(a, b)

    def _flow(self, flow):
        if flow is None:
            return self.flow
        if flow not in metrics.FLOWS:
            raise CompareError(
                f"{flow!r}: not a weekly flow; use one of {', '.join(metrics.FLOWS)}"
            )
        for label, result in self.results.items():
            if result.weekly[flow].isna().any():
                raise CompareError(f"{flow}: not defined for {label!r}")
        return flow

    @property
    def interval(self):
        """What the interval of a difference is, in words."""
        return kind_of_interval(self.uncertain, self.design["luck"])

    @cached_property
    def optimism(self):
        """What the leading difference of the plan that gains most owes to having been chosen.

        In the sign of the difference; by the worlds in which every plan has a value. 0 with one
        plan: nothing was chosen.
        """
        if len(self.plans) < 2:
            return 0.0
        sign = DIRECTIONS[self.metric] or 1
        pairs = (self._pair(label, self.metric) for label in self.plans)
        gains = sign * np.stack([paired.difference(a, b) for a, b in pairs])
        if np.isfinite(gains).all(axis=0).any(axis=1).sum() < value.FOLDS:
            return 0.0
        key = luck.key_of(self.design["seed"])
        return sign * value.chosen(gains, key, self.groups).optimism

    def floor(self, label, metric):
        """Error of a mean difference that no draws take out; 0 where too few tell of it."""
        d = paired.difference(*self._pair(label, metric))
        kept = np.isfinite(d).any(axis=1)
        groups = None if self.groups is None else self.groups[kept]
        return clusters.floor_of(np.nanmean(d[kept], axis=1), groups)

    def headline(self):
        """Its one finding, or that of the plan expected to gain most: a sentence without a dot."""
        return findings.headline(self)

    def sentences(self):
        """What was found, in plain words, each number with its interval."""
        return findings.sentences(self)

    def to_json(self):
        """The comparison as `tiercurve compare --json` prints it: plain data, NaN as None."""
        plans = [
            {
                "plan": label,
                "scenario": result.scenario.name,
                "question": result.scenario.question,
                "people": pairing.people(result.scenario),
                "changes": list(self.changes.get(label, ())),
                "provenance": result.provenance,
            }
            for label, result in self.results.items()
        ]
        return {
            "reference": self.reference,
            "plans": plans,
            "findings": self.sentences(),
            "metrics": provenance.records(self.summary()),
            "metric": self.metric,
            "flow": self.flow,
            "weekly": provenance.records(self.weekly().set_index("plan")),
            "break_even": provenance.records(self.break_even()),
            "caveats": list(self.caveats),
        }

    def _about(self):
        lines = [self._plan_line(self.reference)]
        for label in self.plans:
            changes = "; ".join(self.changes[label]) or "nothing differs"
            lines += [self._plan_line(label), f"  {changes}"]
        return lines

    def _sentences_shown(self, everything):
        return self.sentences() if everything else []

    def text(self, everything=False):
        """The record as lines for a terminal: its first screen, or everything."""
        if everything:
            return super().text(everything)
        plan, design = self.results[self.reference].scenario, self.design
        ends = words.by_when(plan, day=True) if plan.answer.by_week is not None else ""
        about = [
            f"{self.reference}: {plan.question}",
            f"{pairing.people(plan)} people, {self.weeks} weeks from {plan.horizon.start}, tool "
            f"{stages.tools(plan)}, {design['draws']} draws x {design['luck']} luck"
            + (f"; deadline {ends.removeprefix('by ')}" if ends else ""),
            *stages.line(plan),
        ]
        origin = provenance.origin(self._origins())
        kept = screens.caveats(self.caveats)
        return report.terminal(about, [], self._tables(False), kept, origin)

    def _plan_line(self, label):
        plan = self.results[label].scenario
        role = "reference" if label == self.reference else "plan"
        told = ", ".join([f"tool {stages.tools(plan)}", *stages.line(plan)])
        return (
            f"{role} {label}: {plan.question} {pairing.people(plan)} people, "
            f"{plan.horizon.weeks} weeks from {plan.horizon.start}, {told}."
        )

    def _tables(self, everything):
        if not everything:
            return of_comparison(self)
        table = self.summary()
        head = (
            "metric", "unit", self.reference, "difference", "95% interval", "10-90% of worlds",
            "better", "luck", "undefined",
        )  # fmt: skip
        tables = []
        for plan in self.plans:
            rows = table.loc[plan]
            names = leading.first(metrics.NAMES, *self._main(rows))
            rows = [
                _row(rows.loc[name], not findings.other_terms(self, plan, name)) for name in names
            ]
            tables.append(Table(head, rows, f"{plan} against {self.reference}:"))
        how = HOW if self.uncertain else HOW_CENTRAL
        tables[-1] = replace(tables[-1], note=" ".join([how, *_saved_variance(table)]))
        return tables

    def _main(self, rows):
        """Metrics shown of a plan, those that have a value: what leads, extra cost, the others."""
        names = leading.first(MAIN, self.metric, findings.EXTRA)
        return [n for n in names if rows.loc[n, ["mean", "p50"]].notna().any()]

    def claims(self):
        """Every number that can be quoted of its plans and their differences: tuple of Claim."""
        return claims.of_comparison(self)

    def run_record(self, metric=None):
        """The RunRecord that makes it again."""
        return run_record.made("compare", self.results, self.claims())

    def _figures(self):
        from sim import figures  # late: Matplotlib is slow to import

        return {"difference": figures.compare_figure, "weeks": figures.weeks_figure}

    def _origins(self):
        return self.provenance

    def _sheets(self):
        changes = [
            (label, line) for label, lines in self.changes.items() for line in lines
        ]  # fmt: skip
        return {
            "plans": pd.DataFrame(changes, columns=("plan", "change")),
            **self._chance_sheet(),
            "weekly": self.weekly(),
            "break-even": self.break_even(),
            "parameters": self.results[self.reference].parameters,
        }

    def _chance_sheet(self):
        """The chance by week of plans that have a backlog: one sheet, or none."""
        tables = [
            result.chance_by_week().assign(plan=label)
            for label, result in self.results.items()
            if result.scenario.tasks.backlog is not None
        ]
        if not tables:
            return {}
        table = pd.concat(tables, ignore_index=True)
        table = table[["plan", *table.columns.drop("plan")]]
        of = dict.fromkeys(("chance", "low", "high"), sheets.SHARE)
        return {"chance by week": sheets.in_units(table, of)}

    def _first_lines(self):
        plan = self.results[self.reference].scenario
        return [("question", plan.question), ("answer", f"{self.headline()}.")]

    def _main_sheet(self):
        leads = leading.first(MAIN, self.metric, findings.EXTRA)
        return sheets.by_metric(self.summary(), leads, self._currency)

    @property
    def _currency(self):
        return next((r.currency for r in self.results.values() if r.currency), "")

    def _folders(self):
        return {label: f"plan-{i}" for i, label in enumerate(self.results, 1)}

    def _saved(self):
        return {"folders": self._folders(), **self.to_json()}

    def _write(self, folder):
        for label, name in self._folders().items():
            self.results[label].save(folder / name)

    @classmethod
    def _read(cls, about, path):
        try:
            names = about["folders"].items()
            return cls({label: Result.load(path / name) for label, name in names})
        except ResultError as error:
            raise CompareError(str(error)) from None

    def _with_comparer(self, comparer):
        """The same comparison, whose results can be compared with another plan."""
        results = self.results.items()
        return replace(self, results={label: r._with_comparer(comparer) for label, r in results})

    def __repr__(self):
        table, design = self.summary(), self.design
        differences = "; ".join(
            findings.finding(self, table.loc[(label, self.metric)]) for label in self.plans
        )
        return f"<Comparison: {differences}; {design['draws']} draws x {design['luck']} luck>"


def _row(row, same_terms):
    """A metric's row of the table of one plan, in words; better only on the same terms."""
    odds = [row["p_better_expected"], row["p_better_world"]] if same_terms else []
    luck, error = row["chance_share"], words.error_listed(row["mc_error"], row["unit"])
    return (
        row.name,
        row["unit"],
        words.number(row["reference_mean"]),
        *words.estimate(row["mean"], row["ci_low"], row["ci_high"], signs=True, error=error),
        words.span(row["p10"], row["p90"], signs=True, error=error),
        " / ".join(_short(p) for p in odds if not math.isnan(p)) or "-",
        "-" if math.isnan(luck) else _short(luck),
        int(row["undefined"]) or "",
    )


def _short(share):
    return words.percent(share).replace("over ", ">").replace("under ", "<")


def _saved_variance(table):
    """How much the pairing saves, where it can be said: str, a plan each."""
    for plan in table.index.unique("plan"):
        saved = table.loc[(plan, "work_delivered"), "variance_saved"]
        if math.isfinite(saved):
            yield (
                f"{plan}: common random numbers make the variance of the mean difference in work "
                f"{words.number(saved)} times smaller."
            )
