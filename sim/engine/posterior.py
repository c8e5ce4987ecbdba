"""The work posterior: joint draws of how people work, each with its row of the tier curves.

Made by `python -m calibration.work` from targets that tier curves cannot meet alone. A draw says
which row of the central study's curve set it belongs to, so that a run takes both together. A
curve set with other rows (a team's own) is joined draw by draw: its rows and the work posterior's
are then independent of each other.

Two files: `work.parquet`, a row a draw of 32-bit floats, with the row of the tier curves it belongs
to; `work.json`, what the fit says of itself.
"""

import hashlib
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files as resources
from pathlib import Path

import numpy as np

from sim import files, parameters, scenario
from sim.engine import curves

CURVE, WORKING, TREND = "curve", "how people work", "tool trend"
RECORD = "team record"  # of a team's own record: a row has every parameter
BLOCKS = (CURVE, WORKING, TREND, RECORD)  # what the posterior leaves open
OF_TREND = ("doubling_days", "trend_drift")  # how fast tools improve; the second has its own prior
ROW = "row"  # column of work.parquet: the row of the tier curves
PAIRED = ("normal", "lognormal", "logitnormal")  # shapes stated by their 5% and 95% points


@dataclass(frozen=True, eq=False)
class Work:
    """Joint draws of register parameters, equally likely.

    columns   names, each in the register's unit
    central   (c,), the row used when uncertainty is off
    draws     (n, c)
    rows      (n,), row of the tier curves each draw belongs to
    of        hash of the parameters of those tier curves, `fitted_sha256`
    fitted    names of which the targets say something; the others are as the register has them
    sha256    of both files
    priors    name -> Distribution that was the fit's prior
    """

    columns: tuple[str, ...]
    central: np.ndarray
    draws: np.ndarray
    rows: np.ndarray
    of: str
    fitted: frozenset[str]
    sha256: str
    priors: dict[str, parameters.Distribution] = field(default_factory=dict)

    @property
    def label(self):
        """Name and short hash, for provenance."""
        return f"work {self.sha256[:12]}"


@cache
def work():
    """The packaged work posterior."""
    return read(Path(str(resources("calibration"))) / "posterior")


def read(folder):
    """The Work of a folder. Raises CurveError, one line."""
    try:
        about = files.content(folder / "work.json")
        raw = files.content(folder / "work.parquet")
        table = files.columns(folder / "work.parquet")
        found = _parsed(files.plain_json(about), table, hashlib.sha256(about + raw).hexdigest())
    except (OSError, KeyError, TypeError, ValueError, IndexError) as error:
        reason = " ".join(repr(error).split())[:160]
        raise curves.CurveError(f"work.json: not a work posterior ({reason})") from None
    _check(found)
    return found


def _parsed(data, table, sha256):
    columns = tuple(map(str, data["columns"]))
    known = parameters.world_parameters()
    draws = np.stack([table[name].astype(float) for name in columns], axis=1)
    for place, name in enumerate(columns):
        if name in known:  # a number on its bound may lie beyond it once it has 32 bits
            low, high = known[name].bounds
            draws[:, place] = _rounded_to(draws[:, place], low, high)
    return Work(
        columns=columns,
        central=np.array(data["central"], float),
        draws=draws,
        rows=table[ROW].astype(np.int64, casting="safe"),
        of=str(data["curves"]["fitted_sha256"]),
        fitted=frozenset(
            one["name"]
            for one in data["contraction"]
            if one["fitted"] and one["name"] in columns and not one["place"]
        ),
        sha256=sha256,
        priors={
            str(name): parameters.parse_distribution(belief)
            for name, belief in data.get("priors", {}).items()
        },
    )


def _rounded_to(column, low, high):
    """Values that are a bound but for their last bits, on it."""
    for bound in (low, high):
        if np.isfinite(bound):
            column = np.where(np.isclose(column, bound, rtol=1e-6, atol=1e-12), bound, column)
    return column


def assumed():
    """Names of uncertain parameters that rest on assumption alone: neither sourced nor fitted."""
    known, fitted = parameters.world_parameters(), work().fitted
    return [name for name, one in known.items() if one.assumed and name not in fitted]


def overridden(with_work=None):
    """Names of fitted parameters whose entry of the register is no longer the fit's prior.

    Runs draw from the posterior, so what the register says of these now has no effect.
    """
    one = work() if with_work is None else with_work
    known = parameters.world_parameters()
    return tuple(
        name
        for name, prior in one.priors.items()
        if name in known and known[name].distribution != prior
    )


def _check(found):
    known = parameters.world_parameters()
    size = len(found.columns)
    if found.central.shape != (size,) or found.draws.shape != (len(found.rows), size):
        raise curves.CurveError("work.json: central and draws must have one number a column")
    for place, name in enumerate(found.columns):
        if name not in known:
            hint = parameters.did_you_mean(name, known)
            raise curves.CurveError(f"work.json: column '{name}': not in the register{hint}")
        values = np.append(found.draws[:, place], found.central[place])
        low, high = known[name].bounds
        if not (low <= values.min() and values.max() <= high):  # written so that nan fails too
            raise curves.CurveError(
                f"work.json: column '{name}': must lie from {low:g} to {high:g}"
            )


def fitted_sha256(found):
    """Hash of a curve set's rows without their rates: sets that share them share the pairing."""
    rows = np.ascontiguousarray(found.draws[:, len(curves.RATES) :])
    return hashlib.sha256(repr(found.updates).encode() + rows.tobytes()).hexdigest()


def joined(found, with_work=None):
    """A curve set whose rows bring the work posterior along; its own columns win."""
    return _join(found, work() if with_work is None else with_work)


@lru_cache(maxsize=8)
def _join(found, one):
    kept = [place for place, name in enumerate(one.columns) if name not in found.columns]
    if not kept:
        return found
    count = len(one.rows)
    if fitted_sha256(found) == one.of:
        first, second = one.rows, np.arange(count)
    else:
        several = np.arange(max(count, len(found.draws)))
        first, second = several % len(found.draws), several % count
    return replace(
        found,
        columns=(*found.columns, *(one.columns[place] for place in kept)),
        central=curves.frozen(np.concatenate([found.central, one.central[kept]])),
        draws=curves.frozen(
            np.concatenate([found.draws[first], one.draws[second][:, kept]], axis=1)
        ),
    )


def blocks(found):
    """Names of the parameters in each of BLOCKS, for the rows of a curve set: dict of tuples.

    The tier curve's rates belong to CURVE beside the names given. Columns of one block are
    correlated and taken from one row; the blocks are nearly independent of each other. Rows of a
    team's own record are one block.
    """
    if found.record:
        return {RECORD: found.updates}
    carried = [name for name in joined(found).updates if name not in found.updates]
    working = tuple(name for name in carried if name not in OF_TREND)
    return {CURVE: found.updates, WORKING: working, TREND: OF_TREND}


@cache
def packaged():
    """`blocks` of the central study's curve set, whose names all sets share."""
    return blocks(curves.read(scenario.curves_path("study")))


def levels(drawn, stated=()):
    """Which draws share a row of the posterior: tuple of int (draws,), the coarsest first.

    drawn   dict name -> (draws,) or (draws, e), values of each draw
    stated  names that the scenario states itself, in place of the posterior

    Two labels: of rows that are independent of each other, and of rows of all columns, of which
    several may have one tier curve. Draws of equal values share a row; () where none is drawn.
    """
    members, known = packaged(), drawn.keys() - stated
    tier = [drawn[name] for name in (CURVE, *members[CURVE]) if name in known]
    working = [drawn[name] for name in (*members[WORKING], OF_TREND[0]) if name in known]
    labels = [label(columns) for columns in (tier, working) if columns]
    labels = [one for one in labels if one.any()]
    if not labels:
        return ()
    rows = label(labels)
    return (_components(labels[0], labels[-1]), rows)


def shares(found, stated=()):
    """Share of draws that each of the independent rows of a joined curve set gets (rows,)."""
    size = len(curves.RATES)
    values = dict(zip(found.updates, found.draws[:, size:].T, strict=True))
    sizes = np.bincount(levels(values | {CURVE: found.draws[:, :size]}, stated)[0])
    return sizes / sizes.sum()


def label(columns):
    """Numbers of the distinct rows of columns: int (draws,)."""
    return np.unique(np.column_stack(columns), axis=0, return_inverse=True)[1].ravel()


def _components(a, b):
    """Labels of what hangs together where equal a or equal b belong together."""
    from scipy import sparse  # late: slow to import

    pairs = sparse.coo_matrix((np.ones(len(a)), (a, a.max() + 1 + b)))
    size = a.max() + b.max() + 2
    pairs.resize(size, size)
    return sparse.csgraph.connected_components(pairs, directed=False)[1][a]


def belief(parameter, with_work=None):
    """What is believed of one register parameter alone: as fitted, else as registered.

    The registered shape through the posterior's 5% and 95% points; ties with others are not in it.
    """
    one = work() if with_work is None else with_work
    known = parameter.distribution
    if parameter.name not in one.fitted or known.shape not in PAIRED:
        return known
    ends = np.quantile(one.draws[:, one.columns.index(parameter.name)], [0.05, 0.95])
    return parameters.parse_distribution({known.shape: ends.tolist()}, known.bounds)
