"""Tier curves of a scenario: how sessions end by level, work and size, before anything is run.

A closed form: the odds of sim.engine.curves, averaged over people, tasks and sizes
by quadrature, for each draw of what is not known. No world is simulated, so there
is no chance in these numbers: their intervals are ignorance alone.
"""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim import ledger
from sim.engine import curves, setup, state
from sim.engine.curves import LEVEL_NUMBERS as LEVELS
from sim.engine.curves import ROLES
from sim.errors import TierError, count
from sim.experiments import workload
from sim.experiments.claims import of_curves, record_of_curves
from sim.experiments.run import caveats
from sim.records import folders, provenance
from sim.records.record import Record
from sim.report import Table
from sim.scenario import as_scenario
from sim.scenario.snapshot import Kept

TABLES = ("rates", "outcomes", "by_size")
MEASURE_WORDS = {"verified": "verified", "judged": "judged done", "partial": "at least partial"}
HOW = (
    "95% interval: over what is not known. Judged done: with or without hard evidence; verified: "
    "with tests, a commit or confirmation. Compare levels on one measure only."
)
MEASURES = ("verified", "judged", "partial")
WORK = ("average", "advanced")
SIZES = 2.0 ** (np.arange(-10, 16) / 3)  # 0.1 to 32, three a doubling, 1 among them [expert-h]
MOST_DRAWS = 10_000  # all draws are held in memory at once
_CUT = {"partial": "cut_partial", "judged": "cut_unverified", "verified": "cut_verified"}
_EDGE = 6.0  # sizes beyond so many standard deviations, one in 10^9, are left out


@dataclass(frozen=True, repr=False)
class TierCurves(Record):
    """How sessions end, over what is not known: tidy tables of shares in [0, 1].

    Each has `mean`, `median` and the 95% interval `ci_low` to `ci_high` over the draws.

    scenario    the Scenario they belong to
    rates       level, name, measure ("verified", "judged", "partial"), published: first
                sessions of the studied population with the tool as studied; `published`
                is NaN where the study gives no number
    outcomes    level, name, work, role, outcome: first sessions on this scenario's tasks
                with its tool at the run's start; `at_least`, `at_least_low`,
                `at_least_high` are those of this outcome or a better one
    by_size     level, name, work, measure, size_hours [expert-h]: an engineer's session on
                a piece of that size, with the scenario's tool at the run's start
    caveats     sentences that belong to every use of these numbers
    provenance  dict, all that is needed to make them again
    """

    _kind = "curves"
    error = TierError

    scenario: Kept
    rates: pd.DataFrame
    outcomes: pd.DataFrame
    by_size: pd.DataFrame
    caveats: tuple[str, ...]
    provenance: dict

    def summary(self):
        """One row a level and measure: `rates`, beside the published ones."""
        return self.rates

    def sentences(self):
        """How sessions of novices and experts end as studied, on one measure, with intervals."""
        rows = self.rates[self.rates["measure"] == "verified"].set_index("name")
        ends = (rows.loc[name] for name in (curves.LEVELS[0], curves.LEVELS[-1]))
        shown = (f"{_share(row['mean'])} ({_span(row)}) of {_level(row.name)}s" for row in ends)
        return [
            f"First sessions as studied end verified: {' and '.join(shown)} (95% intervals over "
            "what is not known)."
        ]

    def claims(self):
        """Every share that can be quoted of them: tuple of Claim."""
        return of_curves(self)

    def run_record(self, metric=None):
        """The RunRecord that makes them again."""
        return record_of_curves(self)

    def to_json(self):
        """The record as `tiercurve curves --json` prints it: plain data, NaN as None."""
        tables = {name: _plain(getattr(self, name)) for name in TABLES}
        return {
            "scenario": self.scenario.name,
            "question": self.scenario.question,
            **tables,
            "caveats": list(self.caveats),
            "provenance": self.provenance,
        }

    def _about(self):
        p, plan = self.provenance, self.scenario
        return [
            f"{plan.name}: how sessions with an agent end, by level of expertise",
            f"curves {p['curves']}, {p['draws']} draws, seed {p['seed']}",
        ]

    def _tables(self, everything):
        plan = self.scenario
        rates = Table(
            ("level", "measure", "mean", "95% interval", "published"),
            [
                (
                    _level(row.name),
                    MEASURE_WORDS[str(row.measure)],
                    _share(row.mean),
                    _span(row),
                    _share(row.published),
                )
                for row in self.rates.itertuples(index=False)
            ],
            "First sessions as studied: average work, sizes, people and tool of the study",
        )
        outcomes = Table(
            ("level", "work", "verified", "95% interval", "judged done", "95% interval",
             "partial", "failed"),
            list(_outcome_rows(self.outcomes)),
            f"First sessions on this scenario's tasks, engineers, tool {plan.tool.profile} at the "
            f"run's start, pieces of at most {plan.policy.scope_hours:g} expert-h",
            HOW,
        )  # fmt: skip
        return [rates, outcomes]

    def _figures(self):
        from sim.figures import tiers  # late: Matplotlib is slow to import

        return {"curves": tiers.tier_figure, "outcomes": tiers.outcome_figure}

    def _cited(self):
        return "tier curves", "scenario"

    def _saved(self):
        return folders.packed(self)

    @classmethod
    def _read(cls, about, path):
        return folders.unpacked(cls, about)

    def __repr__(self):
        p = self.provenance
        return f"<TierCurves {self.scenario.name}: {p['draws']} draws, seed {p['seed']}>"


def _level(name):
    """A level in words that no kind of work has."""
    return "advanced-level" if name == "advanced" else name


def _share(value):
    return "-" if np.isnan(value) else f"{100 * value:.1f}%"


def _span(row):
    return f"{100 * row.ci_low:.1f} to {100 * row.ci_high:.1f}%"


def _outcome_rows(table):
    """Rows by level and work; judged done is the unverified outcome or better."""
    engineers = table[table["role"] == "engineer"]
    for (_, work), part in engineers.groupby(["level", "work"], sort=False):
        ends = part.set_index("outcome")
        cells: list = []
        for outcome in ("verified", "unverified"):
            row = ends.loc[outcome]
            low, high = 100 * row["at_least_low"], 100 * row["at_least_high"]
            cells += [_share(row["at_least"]), f"{low:.1f} to {high:.1f}%"]
        rest = (_share(ends.loc[outcome, "mean"]) for outcome in ("partial", "failed"))
        yield (_level(part["name"].iloc[0]), work, *cells, *rest)


def tier_curves(scenario="baseline", draws=200, seed=1):
    """How sessions with an agent end, by level, work and size, with intervals.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or the name or path of one. Its tool must be agentic.
    draws : int, 2 to 10,000
        Sets of the uncertain parameters, the same ones a run at this seed uses.
    seed : int
        Any integer.

    Returns
    -------
    TierCurves

    Raises
    ------
    ScenarioError, CurveError, TierError
        One line that says where, what and what would do.
    """
    plan = as_scenario(scenario)
    _check(plan, draws, seed)
    values = setup.draw(plan, seed, 0, draws)
    rows = setup.worlds(plan, seed, values)
    design = {"seed": seed, "draws": draws, "luck": 0, "engine": None, "uncertainty": "full"}
    return TierCurves(
        plan,
        _rates(anchor_rates(setup.curve_set(plan), values)),
        _outcomes(first_sessions(rows, plan)),
        _by_size(sessions_by_size(rows)),
        caveats(plan, design),
        provenance.record(plan, **design),
    )


def _check(plan, draws, seed):
    if plan.tool.kind != "agentic":
        raise TierError(
            f"{plan.name}: tool.profile = {plan.tool.profile!r} is of kind {plan.tool.kind!r}: "
            "there is no session with an agent, so no tier curve"
        )
    if plan.policy.agent_use == "never":
        raise TierError(
            f"{plan.name}: policy.agent_use = 'never': there is no session with an agent, so no "
            "tier curve"
        )
    count("draws", draws, TierError, 2, MOST_DRAWS)
    count("seed", seed, TierError)


DRAW_SECONDS, DRAW_BYTES = 0.8e-3, 20e3  # of all tables, measured in November 2026


def workload_of(draws=200):
    """The Workload of tier curves, for which nothing is simulated; draws as for `tier_curves`."""
    count("draws", draws, TierError, 2, MOST_DRAWS)
    seconds, kept = draws * DRAW_SECONDS, draws * DRAW_BYTES
    return workload.Workload(0, 0.0, seconds, kept, kept, threads=1)


# ---- probabilities, an axis for the draws first ------------------------------------------------


def anchor_rates(found, values):
    """Rates of the studied population with the tool as studied: (draws, 3 MEASURES, 5 levels).

    found : CurveSet
    values : as setup.draw returns them

    Average work, engineers, lognormal sizes; person, task and size averaged out together,
    as calibration/fit.py does. No progress and no team offset.
    """
    spread = setup.latent_spread(values)
    cuts, shifts = found.conditional(spread, values["curve"])
    # A set holds its cuts from the loosest to the strictest, MEASURES run the other way.
    return curves.averaged(cuts[:, ::-1, None] + shifts[:, None, :], spread)


def first_sessions(rows, plan):
    """P(a first session ends as MEASURES[c] or better): (draws, 3, 5 levels, 2 WORK, 2 ROLES).

    rows : structured (draws,) of state.WORLD
    """
    found = np.empty((len(rows), 3, 5, 2, 2))
    for w, sizes in enumerate((plan.tasks.average, plan.tasks.advanced)):
        hours, weights = pieces(sizes, plan.policy)
        for r in range(2):
            found[..., w, r] = _at_least(rows, session_logits(rows, hours, w, r)) @ weights
    return found


def sessions_by_size(rows):
    """P(an engineer's session ends as MEASURES[c] or better): (draws, 3, 5 levels, 2, sizes)."""
    found = [_at_least(rows, session_logits(rows, SIZES, w, 0)) for w in range(2)]
    return np.stack(found, axis=3)


def session_logits(rows, hours, work, role):
    """Log-odds before the cuts, person and task at their mean: (draws, 5 levels, hours).

    As curves.session_logit with the tool of the run's start, for whole levels at once.
    hours : (n,), sizes of the piece attacked [expert-h]
    work, role : places in WORK and ROLES
    """
    knots = rows["shift"].reshape(-1, 4, 4)  # four cubics, highest power first
    shifts = np.column_stack([knots[:, :, 3], knots[:, 3].sum(axis=1)])
    wider = np.maximum(0.0, 1.0 + rows["gap_drift"] * rows["years"])[:, None]
    mean = rows["shift_mean"][:, None]
    shifts = mean + (shifts - mean) * wider
    eta = rows["progress"] + rows["team_offset"] - work * rows["advanced_penalty"]
    if role:
        eta = eta - rows[f"adjacent_penalty_{WORK[work]}"]
    doublings = np.log2(hours / rows["size_ref_hours"][:, None])
    size = rows["slope_per_doubling"][:, None] * doublings
    return shifts[:, :, None] + eta[:, None, None] - size[:, None, :]


def _at_least(rows, eta):
    """P(outcome >= each of MEASURES), person and task averaged out: (draws, 3, 5, hours)."""
    spread = np.hypot(rows["sd_task"], rows["sd_developer"])
    cuts = (rows[_CUT[measure]][:, None, None] for measure in MEASURES)
    return np.stack([curves.averaged(cut + eta, spread) for cut in cuts], axis=1)


def pieces(sizes, policy, nodes=24):
    """Sizes of the pieces of first sessions [expert-h], and their probabilities: two (n,).

    A task above the split starts with one of its equal parts; the first piece of either is at
    most the scope of a session. Equation 29 of docs/model.md.

    sizes  : tasks.average or tasks.advanced of a Scenario
    policy : of a Scenario
    """
    if sizes.size == "constant" or not (sizes.sigma or sizes.mean_hours):
        hours, weights = np.array([sizes.mean_hours or sizes.median_hours]), np.ones(1)
    else:
        edges = [policy.scope_hours, *policy.split_hours * np.arange(1, state.MOST_PARTS + 1)]
        hours, weights = _nodes(sizes, np.unique(edges), nodes)
    parts = np.clip(np.ceil(hours / policy.split_hours), 1, state.MOST_PARTS)
    hours, place = np.unique(np.minimum(hours / parts, policy.scope_hours), return_inverse=True)
    return hours, np.bincount(place, weights)


def _nodes(sizes, edges, nodes):
    """Sizes and their probabilities by Gauss-Legendre quadrature between edges: two (n,).

    edges : (e,), sizes at which what is integrated may jump or bend [expert-h]
    """
    from scipy.special import log_ndtr, ndtr, ndtri  # late: slow to import

    if sizes.size == "lognormal":
        z = np.log(edges / sizes.median_hours) / sizes.sigma
    else:
        z = ndtri(-np.expm1(-edges / sizes.mean_hours))
    z = np.unique([-_EDGE, *np.clip(z, -_EDGE, _EDGE), _EDGE])
    place, width = np.polynomial.legendre.leggauss(nodes)
    z, low, high = z[:-1, None] + (place + 1) * np.diff(z)[:, None] / 2, z[:-1], z[1:]
    weights = width * np.exp(-0.5 * z**2)
    # The mass between two edges, as a difference of whichever tails lose no digits.
    mass = np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    weights *= (mass / weights.sum(axis=1))[:, None]
    if sizes.size == "lognormal":
        hours = sizes.median_hours * np.exp(sizes.sigma * z)
    else:
        hours = -sizes.mean_hours * log_ndtr(-z)
    return hours.ravel(), weights.ravel() / weights.sum()


# ---- tidy tables -------------------------------------------------------------------------------


def published():
    """The study's adjusted rates (3 MEASURES, 5 levels); NaN where it gives none."""
    evidence = ledger.read()
    rates = [ledger.rates(evidence, measure) for measure in MEASURES]
    return np.array([[of.get(level, np.nan) for level in LEVELS] for of in rates])


def _rates(values):
    table = _tidy(values.swapaxes(1, 2), level=LEVELS, measure=MEASURES)
    return table.assign(published=published().T.ravel())


def _outcomes(values):
    """Shares of the four outcomes from those of at least partial, judged done and verified."""
    best_first = np.moveaxis(values, 1, -1)
    ends = np.concatenate([best_first, np.ones((*best_first.shape[:-1], 1))], axis=-1)
    axes = {"level": LEVELS, "work": WORK, "role": ROLES, "outcome": curves.OUTCOMES[::-1]}
    table = _tidy(np.diff(ends, axis=-1, prepend=0.0), **axes)
    above = _tidy(ends, **axes)
    return table.assign(
        at_least=above["mean"], at_least_low=above["ci_low"], at_least_high=above["ci_high"]
    )


def _by_size(values):
    axes = {"level": LEVELS, "work": WORK, "measure": MEASURES, "size_hours": SIZES}
    return _tidy(np.moveaxis(values, 1, 3), **axes)


def _tidy(values, **axes):
    """Long table of mean, median and 95% interval over the draws of values (draws, *axes)."""
    low, median, high = np.quantile(values, [0.025, 0.5, 0.975], axis=0)
    columns = {"mean": values.mean(axis=0), "median": median, "ci_low": low, "ci_high": high}
    table = pd.MultiIndex.from_product(list(axes.values()), names=list(axes)).to_frame(index=False)
    table.insert(1, "name", [curves.LEVELS[level - 1] for level in table["level"]])
    return table.assign(**{name: column.ravel() for name, column in columns.items()})


def _plain(table):
    return json.loads(table.to_json(orient="records", double_precision=15))
