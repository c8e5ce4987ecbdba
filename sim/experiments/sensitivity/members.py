"""The parameters of the posterior's blocks that an analysis varied, and what each of them tells.

A block is exchanged whole, so its total is that of all its parameters. What one of them tells alone
is its closed share, Var E[y | x] / V, from the rows that were run: it counts what varies with it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis import given, moments
from sim.engine import curves, posterior
from sim.engine import luck as luck_of
from sim.experiments.sensitivity import rows

COLUMNS = ("metric", "block", "parameter", "S1", "S1_low", "S1_high", "floor")


@dataclass(frozen=True)
class Members:
    """Values of the blocks' parameters in rows A and B of each Saltelli block.

    names   (m,), parameters
    blocks  (m,), the block of each
    values  (n, 2, m), in the parameters' units
    """

    names: tuple[str, ...]
    blocks: tuple[str, ...]
    values: np.ndarray


def drawn(plan, factors, first, count, seed):
    """`Members` of Saltelli blocks first ... first + count - 1; None where no block is varied."""
    inputs = [one for factor in factors for one in factor.inputs]
    own = {one.name for one in inputs}
    key = luck_of.key_of(seed)
    ends = moments.points(sum(one.columns for one in inputs), first, count, key)
    names, blocks, values, start = [], [], [], 0
    for one in inputs:
        columns = slice(start, start + one.columns)
        start += one.columns
        if one.name not in posterior.BLOCKS:
            continue
        parts = [rows.members_of(plan, one, end[:, columns]) for end in ends]
        for name in one.members:
            if name not in own:
                names.append(name)
                blocks.append(one.name)
                values.append(np.stack([part[name] for part in parts], axis=1))
    return Members(tuple(names), tuple(blocks), np.stack(values, axis=2)) if names else None


def single(plan, inputs, u):
    """Single inputs for methods that work on given data: names, values (rows, m), and levels.

    A block stands for its parameters, the curve's rates among them; others for the numbers u that
    name their values. Levels label the rows of the posterior that each block took, see `given`.
    """
    names, values, levels = [], [], []
    own = {one.name for one in inputs}
    for one, mine in rows.own(inputs, u):
        if one.name not in posterior.BLOCKS:
            names += rows.columns([one])
            values += list(mine.T)
            continue
        drawn = rows.members_of(plan, one, mine)
        rates = drawn.pop(posterior.CURVE, np.empty((len(u), 0)))
        named = dict(zip(curves.RATES, rates.T, strict=False)) | drawn
        names += [name for name in named if name not in own]
        values += [value for name, value in named.items() if name not in own]
        of_rows = [value for name, value in named.items() if name != posterior.OF_TREND[1]]
        levels += [posterior.label(of_rows)] if of_rows else []
    return names, np.column_stack(values), tuple(levels)


def joined(first, more):
    """The values of one after those of the other."""
    if first is None or more is None:
        return None
    return Members(first.names, first.blocks, np.concatenate([first.values, more.values]))


def table(members, metric, y, variance, key):
    """Closed share of each parameter for one output: DataFrame of COLUMNS, the largest first.

    y : (n, 2), the output in rows A and B, NaN where left out
    variance : float, of the expected output

    `floor` is the largest share of its block that parameters of no use would show in 95 of 100
    analyses.
    """
    found = []
    kept = np.isfinite(y).all(axis=1)
    values, y = members.values[kept].reshape(-1, len(members.names)), y[kept].reshape(-1, 1)
    for block in dict.fromkeys(members.blocks):
        places = [i for i, name in enumerate(members.blocks) if name == block]
        of_rows = [i for i in places if members.names[i] != posterior.OF_TREND[1]]
        levels = (posterior.label([values[:, i] for i in of_rows]),) if of_rows else ()
        shares = given.shares(
            y, {members.names[i]: values[:, i] for i in places}, key, levels, [variance]
        )
        found += [
            (metric, block, name, share.value[0], share.low[0], share.high[0], share.null[0])
            for name, share in shares.items()
        ]
    made = pd.DataFrame(found, columns=COLUMNS)
    return made.sort_values("S1", ascending=False, kind="stable", ignore_index=True)
