"""The work posterior: joint draws of how people work, each with its row of the tier curves.

Made by `python -m calibration.work` from targets that tier curves cannot meet alone. A draw says
which row of the central study's curve set it belongs to, so that a run takes both together. A
curve set with other rows (a team's own) is joined draw by draw: its rows and the work posterior's
are then independent of each other.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from sim import parameters, scenario
from sim.engine import curves

CURVE, WORKING, TREND = "curve", "how people work", "tool trend"
BLOCKS = (CURVE, WORKING, TREND)  # what the posterior leaves open, in three independent parts
OF_TREND = ("doubling_days", "trend_drift")  # how fast tools improve; the second has its own prior
PAIRED = ("normal", "lognormal", "logitnormal")  # shapes stated by their 5% and 95% points


@dataclass(frozen=True)
class Work:
    """Joint draws of register parameters, equally likely.

    columns   names, each in the register's unit
    central   (c,), the row used when uncertainty is off
    draws     (n, c)
    rows      (n,), row of the tier curves each draw belongs to
    of        hash of the parameters of those tier curves, `fitted_sha256`
    fitted    names of which the targets say something; the others are as the register has them
    sha256    of the file
    """

    columns: tuple[str, ...]
    central: np.ndarray
    draws: np.ndarray
    rows: np.ndarray
    of: str
    fitted: frozenset[str]
    sha256: str

    @property
    def label(self):
        """Name and short hash, for provenance."""
        return f"work {self.sha256[:12]}"


@cache
def work():
    """The packaged work posterior."""
    return parse(files("calibration").joinpath("posterior/work.json").read_bytes())


def parse(raw):
    """A Work from the bytes of its file. Raises CurveError, one line."""
    try:
        data = json.loads(raw)
        rows = np.array([row[0] for row in data["draws"]], np.int64)
        found = Work(
            columns=tuple(map(str, data["columns"])),
            central=np.array(data["central"], float),
            draws=np.array([row[1:] for row in data["draws"]], float),
            rows=rows,
            of=str(data["curves"]["fitted_sha256"]),
            fitted=frozenset(
                one["name"]
                for one in data["contraction"]
                if one["fitted"] and one["name"] in data["columns"] and not one["place"]
            ),
            sha256=hashlib.sha256(raw).hexdigest(),
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise curves.CurveError(f"work.json: not a work posterior ({error!r})") from None
    _check(found)
    return found


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
    one = work() if with_work is None else with_work
    kept = [place for place, name in enumerate(one.columns) if name not in found.columns]
    count = len(one.rows)
    if fitted_sha256(found) == one.of:
        first, second = one.rows, np.arange(count)
    else:
        several = np.arange(max(count, len(found.draws)))
        first, second = several % len(found.draws), several % count
    return replace(
        found,
        columns=(*found.columns, *(one.columns[place] for place in kept)),
        central=np.concatenate([found.central, one.central[kept]]),
        draws=np.concatenate([found.draws[first], one.draws[second][:, kept]], axis=1),
    )


def blocks(found):
    """Names of the parameters in each of BLOCKS, for the rows of a curve set: dict of tuples.

    The tier curve's rates belong to CURVE beside the names given. Columns of one block are
    correlated and taken from one row; the blocks are independent of each other.
    """
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
