"""Evidence synthesis: what each row of evidence moved, and whether the sources agree.

Every row is left out in turn and the rest fitted anew. A row is surprising when it lies further
from what the others predict than its own error, its discount and theirs allow.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from calibration import curve_set, fit, laplace, observations
from calibration.model import MEASURES, Z, covariance

DRAWS = 2000
QUANTITIES = {
    "expert minus novice, judged done": "pp",
    "judged done, intermediate": "%",
    "slope": "logit/doubling",
}


@dataclass(frozen=True, repr=False)
class Synthesis:
    """What each row moved.

    rows      a row an observation: value, `others` (what the rest predicts) with the 95% interval
              of such a row, `z` the distance in standard errors, `verdict` "agrees" or "diverges",
              and `moved: ...`, how far each of QUANTITIES moves when the row is left in
    groups    a row a source of several rows or one: chi-square of its rows given the rest, with
              its degrees of freedom, p value and verdict
    all_in    medians and 95% intervals of QUANTITIES with every row
    added     ids of rows that the caller brought
    """

    rows: pd.DataFrame
    groups: pd.DataFrame
    all_in: pd.DataFrame
    added: tuple[str, ...]

    def to_json(self):
        """Plain data."""
        tables = {name: json.loads(getattr(self, name).to_json(orient="records"))
                  for name in ("rows", "groups", "all_in")}  # fmt: skip
        return {**tables, "added": list(self.added)}


def synthesis(study=None, out=None, seed=1):
    """Leave every row of evidence out in turn.

    Parameters
    ----------
    study : str or Path, optional
        A file of further rows, in the form of fit.toml.
    out : str or Path, optional
        Writes the curve set of all rows, the packaged and the added, as NAME.json.
    seed : int

    Raises ObservationError or CurveSetError, one line, before any fitting.
    """
    extra = () if study is None else _extra(Path(study))
    target = None if out is None else _target(out)
    model = fit.evidence_model(extra)
    luck = np.random.default_rng(seed)
    whole = _posterior(model, luck)
    if target is not None:
        _write(target, model, whole, seed, extra)
    all_in = _quantities(model, whole)
    lines = [_left_out(model, row, all_in, luck) for row in model.rows]
    groups = [_group(model, name, luck) for name in dict.fromkeys(r.group for r in model.rows)]
    ends = [
        (name, unit, *np.quantile(values, [0.5, 0.025, 0.975]))
        for (name, unit), values in zip(QUANTITIES.items(), all_in, strict=True)
    ]
    return Synthesis(
        pd.DataFrame(lines),
        pd.DataFrame([group for group in groups if group]),
        pd.DataFrame(ends, columns=("what", "unit", "median", "low", "high")),
        tuple(row.id for row in extra),
    )


def _extra(path):
    """Rows of a user's file; priors and ids of the package stay its own."""
    priors, rows = observations.read(path)
    if priors:
        raise observations.ObservationError(f"{path.name}: prior: only fit.toml has priors")
    if not rows:
        raise observations.ObservationError(f"{path.name}: no [[rows]]; see calibration/fit.toml")
    packaged = {row.id for row in observations.read()[1]}
    for row in rows:
        if row.id in packaged:
            raise observations.ObservationError(
                f"{path.name}, row {row.id}: is in fit.toml already"
            )
    return rows


def _target(out):
    path = Path(out)
    path = path if path.suffix == ".json" else path.with_name(f"{path.name}.json")
    if not path.absolute().parent.is_dir():
        raise curve_set.CurveSetError(f"{out}: the folder {path.parent} does not exist")
    if path.exists() or path.stem in ("study", "headline"):
        raise curve_set.CurveSetError(f"{path}: exists already, or ships; choose another name")
    return path


def _posterior(model, luck):
    found = laplace.settled(model.log_density, fit.mode(model), DRAWS, luck)
    return found.resampled(DRAWS, luck)


def _write(path, model, z, seed, extra):
    made = curve_set.provenance(seed, rows=[row.id for row in model.rows],
                                added=[row.source for row in extra])  # fmt: skip
    rows = model.to_rows(z[: curve_set.ROWS])
    curve_set.write(path, curve_set.plain(path.stem, rows, fit.STUDY_CAVEATS, made))


def _quantities(model, z):
    rates = model.rates(z)[:, MEASURES.index("judged")]
    return (
        100 * (rates[:, 4] - rates[:, 0]),
        100 * rates[:, 2],
        model.parameters(z)["slope_per_doubling"],
    )


def _left_out(model, row, all_in, luck):
    rest = model.without(row.id)
    z = _posterior(rest, luck)
    at = model.rows.index(row)
    expected = model.predicted(z)[:, at]
    others = [other for other in model.rows if other is not row]
    shift, error = _conditional(model, at, rest, z)
    predicted = expected + shift
    sd = np.hypot(predicted.std(ddof=1), error)
    distance = (row.value - predicted.mean()) / sd
    moved = {
        f"moved: {name}": float(np.median(whole) - np.median(left))
        for name, whole, left in zip(QUANTITIES, all_in, _quantities(rest, z), strict=True)
    }
    return {
        "row": row.id, "group": row.group, "unit": row.unit, "value": row.value,
        "others": predicted.mean(), "low": predicted.mean() - Z * sd,
        "high": predicted.mean() + Z * sd, "z": distance, "n_others": len(others),
        "verdict": "agrees" if abs(distance) <= Z else "diverges", **moved,
    }  # fmt: skip


def _conditional(model, at, rest, z):
    """What the errors of the other rows say of this row's: shift (n,), and what is left, its sd."""
    whole = covariance(model.rows)
    keep = np.arange(len(model.rows)) != at
    weights = np.linalg.solve(whole[np.ix_(keep, keep)], whole[keep, at])
    shift = (rest.values - rest.predicted(z)) @ weights
    return shift, float(np.sqrt(max(whole[at, at] - whole[at, keep] @ weights, 0.0)))


def _group(model, name, luck):
    """Whether the rows of one source agree with all the others together."""
    from scipy.stats import chi2  # late: slow to import

    rows = [row for row in model.rows if row.group == name]
    rest = model.without(*(row.id for row in rows))
    if not rest.rows:
        return None
    at = [model.rows.index(row) for row in rows]
    expected = model.predicted(_posterior(rest, luck))[:, at]
    spread = np.atleast_2d(np.cov(expected.T)) + covariance(rows)
    apart = model.values[at] - expected.mean(axis=0)
    distance = float(apart @ np.linalg.solve(spread, apart))
    p = float(chi2.sf(distance, len(rows)))
    verdict = "agrees" if p >= 0.05 else "diverges"
    return {"group": name, "rows": len(rows), "chi_square": distance, "p": p, "verdict": verdict}
