"""Fit the curve sets: ordered logits whose *averaged* rates match the published ones.

The study's rates are averages over people, tasks and sizes. With a latent
spread s, the standard deviation of everything averaged out,

    P(outcome >= c | level) = E[expit(cut_c + shift_level + s Z)],  Z ~ N(0, 1).

For each s on a grid, `fit` finds the cuts and shifts of greatest posterior
density (flat prior) given the published rates and their tolerances
(EVIDENCE.md section 3), and the Laplace covariance around it. `python -m
calibration.fit` writes calibration/curves/*.json, the only thing the model reads.
"""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import brentq, least_squares
from scipy.special import expit

from calibration import ledger

SPREAD = np.arange(0.0, 5.01, 0.1)
# Tolerances of targets A1 to A3 are read as 95% half-widths: sd = tolerance / 1.96.
TOLERANCE = {"verified": 0.015, "judged": 0.02, "partial": 0.02}
CUTS = ("partial", "judged", "verified")
CURVES = Path(__file__).parent / "curves"

STUDY_CAVEATS = (
    "Curves rest on one vendor's study of its own tool (about 400,000 sessions, October 2025 to "
    "April 2026); expertise and outcome were read from the same transcripts.",
    "Not a basis for workforce change on its own; employment law and the EU AI Act may apply.",
)
HEADLINE_CAVEATS = (
    "HEADLINE CURVES: 'experts 91%, novices 15%' joins two measures: 15% is the novice rate of "
    "verified success, 91% the expert rate of at least partial success. Shown to make the error "
    "visible; do not plan with it.",
    "On one measure the study gives 15% against 33% (verified), 39% against 65% (judged) or 77% "
    "against 91% (at least partial).",
)
# The headline gives two numbers and calls the gap from intermediate to expert "modest"; the
# three between are this project's reading of that word (assumption), even on the logit scale.
HEADLINE_RATES = {1: 0.15, 2: 0.52, 3: 0.87, 4: 0.89, 5: 0.91}

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(61)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def averaged(eta, spread):
    """Average of expit(eta + spread Z) over a standard normal Z; any shape of eta."""
    return expit(np.asarray(eta)[..., None] + spread * _NODES) @ _WEIGHTS


def conditional(rate, spread):
    """Log-odds whose average over the spread is `rate`, the inverse of `averaged`."""
    return brentq(lambda eta: averaged(eta, spread) - rate, -60, 60, xtol=1e-12)


def targets(rows, levels=(1, 2, 3, 4, 5)):
    """Published adjusted rates as (cut index, level, rate, sd); verified at `levels` only."""
    listed = []
    for cut, measure in enumerate(CUTS):
        for level, rate in ledger.rates(rows, measure).items():
            if measure != "verified" or level in levels:
                listed.append((cut, level, rate, TOLERANCE[measure] / 1.96))
    return listed


def fit(listed, spread):
    """Cuts and shifts (8,) of greatest density, and a root of their covariance (8, 7).

    The novice shift is 0 by definition. Logit P(>= partial) > P(>= judged) > P(>=
    verified) needs no constraint: the published rates are far apart.
    """
    cut, level, rate, sd = (np.array(column) for column in zip(*listed, strict=True))

    def residuals(theta):
        shifts = np.concatenate([[0.0], theta[3:]])
        return (averaged(theta[cut] + shifts[level - 1], spread) - rate) / sd

    found = least_squares(residuals, np.array([1.2, -0.4, -1.8, 0.4, 0.8, 0.9, 1.0]), xtol=1e-12)
    covariance = np.linalg.inv(found.jac.T @ found.jac)
    root = np.insert(np.linalg.cholesky(covariance), 3, 0.0, axis=0)
    return np.insert(found.x, 3, 0.0), root


def study(rows, levels=(1, 2, 3, 4, 5)):
    """The study's curve set on the grid of spreads, as plain data."""
    fits = [fit(targets(rows, levels), spread) for spread in SPREAD]
    return {
        "name": "study",
        "date": "2026-01",  # middle of the study's window, October 2025 to April 2026
        "window_months": 3.5,
        "caveats": STUDY_CAVEATS,
        "spread": SPREAD.round(3).tolist(),
        "theta": [theta.round(9).tolist() for theta, _ in fits],
        "error": [root.round(9).tolist() for _, root in fits],
    }


def headline():
    """The headline pairing as a set with one cut: nothing between failed and verified."""
    theta = []
    for spread in SPREAD:
        eta = np.array([conditional(HEADLINE_RATES[level], spread) for level in range(1, 6)])
        theta.append([*[round(eta[0], 9)] * 3, *(eta - eta[0]).round(9).tolist()])
    return {
        "name": "headline",
        "date": "2026-01",
        "window_months": 3.5,
        "caveats": HEADLINE_CAVEATS,
        "spread": SPREAD.round(3).tolist(),
        "theta": theta,
        "error": np.zeros((len(SPREAD), 8, 1)).tolist(),
    }


def predicted(theta, spread):
    """Averaged rates (3 measures, 5 levels) that a fit implies."""
    return averaged(theta[:3, None] + theta[None, 3:], spread)


def main():
    """Write both curve sets beside this file."""
    CURVES.mkdir(exist_ok=True)
    rows = ledger.read()
    for curves in (study(rows), headline()):
        text = json.dumps(curves, indent=None, separators=(",", ":"))
        (CURVES / f"{curves['name']}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
