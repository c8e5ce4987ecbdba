"""Posterior predictive checks: what the fit says of each published number, beside that number.

Held-out rows (verified success of levels 2 and 4) are predicted by a fit that never saw them and
by a straight line between their neighbours. A miss is a row like any other.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from calibration import fit, label_errors, work, work_settings
from calibration.model import MEASURES, averaged, covariance
from sim import ledger
from sim.engine import curves, setup

FOLDER = Path(__file__).parent
HELD_OUT = FOLDER / "posterior" / "held-out.json"
WORDS = {"partial": "at least partial", "judged": "judged done", "verified": "verified"}
BANDS = {2: (0.185, 0.235), 4: (0.275, 0.315)}  # pass-verified-adj-2 and -4 of the ledger
TABLES = ("targets", "levels", "held_out", "label_noise", "work", "moved")
NOTABLE = 0.25  # prior standard deviations from which a shift is said


@dataclass(frozen=True, repr=False)
class Check:
    """Tables of a posterior predictive check; shares in [0, 1].

    targets     a row an observation: published, tolerance, median and 95% intervals of the
                curve itself (`low`, `high`) and of a study like it (`study_low`, `study_high`),
                whether the median is inside the tolerance
    levels      rates of every level and measure, published or not: median, 95% interval
    held_out    levels 2 and 4 from a fit on 1, 3, 5: median, interval, the band to be met,
                share of draws inside it, and what a straight line gives
    label_noise levels' true rates if labels were as often wrong as published, by share exact
    work        a row a target of stage two, in its unit: what the engine says of it at rows of
                the work posterior, and why it misses where it does (`why`)
    moved       a row a parameter of stage two: prior and posterior (95% ends and median), share of
                the prior's variance gone (`contraction`, `mc_error`), `shift` in prior sd, `status`
    diagnostics of the chain that made the set
    caveats     sentences that belong to it
    """

    targets: pd.DataFrame
    levels: pd.DataFrame
    held_out: pd.DataFrame
    label_noise: pd.DataFrame
    work: pd.DataFrame
    moved: pd.DataFrame
    diagnostics: dict
    caveats: tuple[str, ...]

    def to_json(self):
        """Plain data."""
        tables = {name: json.loads(getattr(self, name).to_json(orient="records"))
                  for name in TABLES}  # fmt: skip
        return {**tables, "diagnostics": self.diagnostics, "caveats": list(self.caveats)}


def rates(found, rows):
    """P(outcome >= MEASURES[c]) by level of rows of a curve set (n, columns): (n, 3, 5)."""
    size = len(curves.RATES)
    values = dict(zip(found.updates, rows[:, size:].T, strict=True))
    spread = setup.latent_spread(values)
    cuts, shifts = found.conditional(spread, rows[:, :size])
    return averaged(cuts[:, :, None] + shifts[:, None, :], spread)


def implied(found):
    """Rates of a set's central row: (3 of MEASURES, 5 levels)."""
    return rates(found, found.central[None])[0]


def check(path=None):
    """The check of a curve set, the study's by default. Returns Check."""
    path = FOLDER / "curves" / "study.json" if path is None else Path(path)
    found = curves.read(path)
    made = json.loads(path.read_text(encoding="utf-8")).get("provenance", {})
    facts, moved = _work(work.read())
    return Check(
        _targets(found),
        _levels(found),
        _held_out(curves.read(HELD_OUT)),
        label_noise(implied(found)[MEASURES.index("verified")]),
        facts,
        moved,
        made.get("diagnostics", {}),
        found.caveats,
    )


def _targets(found):
    model = fit.evidence_model()
    at = rates(found, found.draws)
    values = dict(zip(found.updates, found.draws[:, len(curves.RATES) :].T, strict=True))
    expected = model.expected(at, values)
    luck = np.random.default_rng(fit.SEED)
    noise = luck.standard_normal(expected.shape) @ np.linalg.cholesky(covariance(model.rows)).T
    low, median, high = np.quantile(expected, [0.025, 0.5, 0.975], axis=0)
    study_low, study_high = np.quantile(expected + noise, [0.025, 0.975], axis=0)
    return pd.DataFrame({
        "row": [row.id for row in model.rows],
        "what": [_what(row) for row in model.rows],
        "unit": [row.unit for row in model.rows],
        "published": model.values,
        "tolerance": [float(np.hypot(row.half_width, row.discount)) for row in model.rows],
        "median": median, "low": low, "high": high,
        "study_low": study_low, "study_high": study_high,
        "inside": np.abs(median - model.values)
        <= np.hypot(*np.array([(row.half_width, row.discount) for row in model.rows]).T),
    })  # fmt: skip


def _levels(found):
    """Every rate of the fit, published or a prediction."""
    low, median, high = np.quantile(rates(found, found.draws), [0.025, 0.5, 0.975], axis=0)
    lines = [
        {"measure": measure, "level": level + 1, "median": median[m, level],
         "low": low[m, level], "high": high[m, level]}
        for m, measure in enumerate(MEASURES) for level in range(5)
    ]  # fmt: skip
    return pd.DataFrame(lines)


def _what(row):
    level = curves.LEVELS[row.level - 1] if row.level else ""
    if row.kind == "rate":
        return f"{WORDS[row.measure]}, {level}"
    return {
        "mean_rate": f"{WORDS.get(row.measure, '')}, all levels",
        "level_gap": f"{WORDS.get(row.measure, '')}, gap to {level}",
        "relative_step": f"{WORDS.get(row.measure, '')}, change with 1 SD of level",
        "role_gap": "verified, software minus other people",
        "slope": "slope against size",
    }[row.kind]


def _held_out(found):
    at = rates(found, found.draws)[:, MEASURES.index("verified")]
    model = fit.evidence_model()
    published = {row.level: row.value for row in model.rows
                 if row.kind == "rate" and row.measure == "verified"}  # fmt: skip
    lines = []
    for level, (low, high) in BANDS.items():
        inside = (at[:, level - 1] > low) & (at[:, level - 1] < high)
        ends = np.quantile(at[:, level - 1], [0.025, 0.5, 0.975])
        lines.append({
            "level": level, "name": curves.LEVELS[level - 1], "published": published[level],
            "median": ends[1], "low": ends[0], "high": ends[2],
            "band_low": low, "band_high": high,
            "median_inside": bool(low < ends[1] < high), "share_inside": float(inside.mean()),
            "straight_line": (published[level - 1] + published[level + 1]) / 2,
        })  # fmt: skip
    return pd.DataFrame(lines)


# ---- how people work ---------------------------------------------------------------------------


def work_targets():
    """A row a target of stage two: what was published, what the engine says of it. DataFrame."""
    return _work(work.read())[0]


def _work(data):
    """Targets of stage two, and what they moved: two tables."""
    rows = [{**row, "why": "" if row["inside"] else row["miss"]} for row in data["checks"]]
    settings = work_settings.read()
    moved = [{**row, "status": _status(row, data, settings)} for row in data["contraction"]]
    moved.sort(key=lambda row: (row["place"] != "", -row["contraction"]))
    return pd.DataFrame(rows).drop(columns="miss"), pd.DataFrame(moved)


def _status(row, data, settings):
    """What a parameter rests on, in words; what has not contracted is assumption."""
    if row["name"] == settings.null:
        return "null check"
    if row["name"] == settings.cut:
        return "prior of its own"
    said = "fitted" if row["fitted"] else "assumption"
    if row["name"] not in data["columns"] and not row["place"]:
        said = "tier curves"
    if not row["fitted"] and abs(row["shift"]) >= NOTABLE:
        said += f", moved {row['shift']:+.1f} sd"
    return f"{said} ({row['place']} only)" if row["place"] else said


# ---- label noise -------------------------------------------------------------------------------


def label_noise(observed):
    """True verified rates by level, were labels wrong as often as they disagree with a reference.

    observed : (5,), rates by label

    A sensitivity, not the fit: curves stay on the study's own label scale. The rate of a label is
    the mean over the true levels behind it; shown are the rising rates that give the labels'
    rates back best. `kept` is the share of a level's labels that are right.
    """
    from scipy.optimize import lsq_linear  # late: slow to import

    shares = fit.shares(ledger.read())
    lines = []
    for exact in label_errors.agreement():
        # As many go there as come back: P(true j | label i) = P(label j | true i).
        behind = label_errors.confusion(exact, shares)
        steps = np.tril(np.ones((5, 5)))
        found = lsq_linear(behind @ steps, observed, bounds=(0.0, 1.0))
        for level, rate in enumerate(steps @ found.x):
            lines.append({
                "exact": exact, "level": level + 1, "name": curves.LEVELS[level],
                "share": shares[level], "rate": observed[level], "true_rate": rate,
                "kept": behind[level, level],
            })  # fmt: skip
    return pd.DataFrame(lines)
