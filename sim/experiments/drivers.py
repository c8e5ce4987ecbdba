"""Which factors carry most of a number, from the draws of its own run.

The factors are those of a sensitivity analysis, and so is the measure of one by itself: its closed
share of the variance, here of the draw means, from given data. The posterior's blocks are taken
whole, with the parameter in them that tells most. Factors that matter only together are missed,
and few draws show only the strongest.
"""

import numpy as np

from sim.engine import posterior, setup
from sim.engine.curves import OF_RECORD
from sim.parameters import register

HOW = (
    "closed shares of the variance of its expectation, from the draws of this run, above what "
    "noise shows in 95 of 100 cases; a single parameter varies with its block"
)
CENTRAL = "all parameters are at their centre, so nothing is ranked"
MOST = 3  # factors named
FEWEST = 30  # draws below which a spline of five terms explains anything


def ranked(means, drawn, key, stated=(), intervals=False):
    """The first factors for each of some numbers.

    means    (draws, n), each number in each draw, averaged over its luck; NaN where undefined
    drawn    dict, name -> (draws,) values; "curve" -> (draws, 7), where the rates are known
    key      int >= 0, names the noise
    stated   names that the scenario states itself, in place of the posterior
    intervals  whether each share comes with its 95% interval, as low and high
    returns  list of n tuples of dicts, the most first: parameter (or block), share (of the
             variance of the draw means, 0 to 1), rests_on ("an assumption", or its evidence)
    """
    from sim.analysis import given  # late: few need it

    draws, n = means.shape
    varied = {name: x for name, x in drawn.items() if np.ptp(x, axis=0).any()}
    if draws < FEWEST or not varied:
        return [()] * n
    clean = np.isfinite(means).all(axis=0) & (np.ptp(means, axis=0) > 0)
    blocks = blocks_of(varied, stated)
    whole = {block: together(varied, block, names) for block, names in blocks.items()}
    alone = {name: x for name, x in varied.items() if x.ndim == 1}
    levels = posterior.levels(varied, stated)
    found = given.shares(means[:, clean], whole | alone, key, levels, intervals=intervals)
    rows = iter([_first(found, blocks, place, intervals) for place in range(int(clean.sum()))])
    return [next(rows) if good else () for good in clean]


def blocks_of(drawn, stated=()):
    """Blocks of the posterior that are drawn: name -> names of their parameters.

    None where rows are of a team's own record: they are one block, of which single parameters tell.
    """
    if OF_RECORD.keys() & drawn.keys():
        return {}
    blocks = {
        block: [name for name in names if name in drawn and name not in stated]
        for block, names in posterior.packaged().items()
    }
    return {block: names for block, names in blocks.items() if names}


def together(drawn, block, names):
    """Values of a block's parameters (draws, e), the curve's rates among them where known."""
    rates = [posterior.CURVE] if block == posterior.CURVE and block in drawn else []
    return np.column_stack([drawn[name] for name in [*rates, *names]])


def _first(found, blocks, place, intervals):
    """The first factors of one number, of those whose share is above noise."""
    members = {name for names in blocks.values() for name in names}
    clear = {
        name: float(share.value[place])
        for name, share in found.items()
        if share.value[place] > share.null[place]
    }
    order = sorted((name for name in clear if name not in members), key=lambda name: -clear[name])
    return tuple(
        {
            "parameter": name,
            "share": round(clear[name], 3),
            "rests_on": _block(clear, blocks[name]) if name in blocks else _source(name),
            **(_ends(found[name], place) if intervals else {}),
        }
        for name in order[:MOST]
    )


def _ends(share, place):
    """Both ends of the 95% interval of a share of one number."""
    return {"low": float(share.low[place]), "high": float(share.high[place])}


def _block(clear, names):
    """What a block rests on, and which of its parameters tells most by itself."""
    known = {name: clear[name] for name in names if name in clear}
    if not known:
        return "evidence and assumptions, fitted jointly"
    name = max(known, key=lambda name: known[name])
    return f"fitted jointly; most by {name}, {known[name]:.0%}, which varies with the rest"


def _source(name):
    if name in (setup.ADVANCED_SHARE, setup.HORIZON):
        return "a range in the scenario"
    if name in OF_RECORD:
        return "the team's own record"
    return "an assumption" if register()[name].assumed else "evidence"
