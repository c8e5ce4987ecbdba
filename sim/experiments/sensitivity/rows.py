"""From rows of uniform numbers to points that worlds start from."""

import numpy as np

from sim.engine import jobs, levers, setup


def points(plan, seed, inputs, u, cache=None):
    """The points of rows u (rows, columns), in their order: Points.

    inputs : sequence of Input; their columns follow each other in u
    cache : dict, optional, keeps scenarios from one call to the next

    Parameters that no input names are at their centre. The curve is a row of the posterior,
    with the parameters that were fitted with it, but for those that have an input of their own.
    """
    cache = {} if cache is None else cache
    values = _central(plan, seed, len(u), cache)
    numbers, places, choices = {}, [], []
    first = 0
    for one in inputs:
        mine = u[:, first : first + one.columns]
        first += one.columns
        if one.choices:
            places.append(one.place(mine))
            choices.append(one.choices)
        elif one.belief is None:
            values = _with_posterior(plan, values, mine[:, 0], {other.name for other in inputs})
        elif one.name in levers.FIELDS:
            numbers[one.name] = one.belief.quantile(mine[:, 0])
        else:
            values[one.name] = one.belief.quantile(mine[:, 0])
    made, order = _of_choices(plan, seed, values, places, choices, cache)
    for path, found in numbers.items():
        levers.put(made.worlds, path, found[order])
    back = np.argsort(order, kind="stable")
    return jobs.Points(made.worlds[back], made.team, made.begin[back], made.end[back])


def _with_posterior(plan, values, u, named):
    found = setup.curve_set(plan)
    rows = found.draws[np.minimum((u * len(found.draws)).astype(int), len(found.draws) - 1)]
    drawn = setup.put_posterior(dict(values), plan, found, rows)
    return drawn | {name: values[name] for name in named if name in values}


def _central(plan, seed, rows, cache):
    if "central" not in cache:
        cache["central"] = setup.draw(plan, seed, 0, 1, uncertain=False)
    return {name: np.repeat(value, rows, axis=0) for name, value in cache["central"].items()}


def _of_choices(plan, seed, values, places, choices, cache):
    """Points by combination of choices, and which row each is."""
    rows = len(next(iter(values.values())))
    if not places:
        return jobs.points_of(plan, seed, values), np.arange(rows)
    combinations, which = np.unique(np.stack(places, axis=1), axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(which.ravel(), minlength=len(combinations)))
    several = []
    for combination, start, end in zip(combinations, [0, *ends[:-1]], ends, strict=True):
        mine = order[start:end]
        changed = _changed(plan, combination, choices, cache)
        here = {name: value[mine] for name, value in values.items()}
        if changed.tasks.advanced_share != plan.tasks.advanced_share:
            here[setup.ADVANCED_SHARE] = changed.advanced_share.quantile(np.full(len(mine), 0.5))
        several.append(jobs.points_of(changed, seed, here))
    return jobs.joined(several), order


def _changed(plan, combination, choices, cache):
    key = tuple(combination.tolist())
    if key not in cache:
        changes: dict = {}
        for place, found in zip(key, choices, strict=True):
            changes |= found[place]
        cache[key] = plan.replace(changes)
    return cache[key]


def columns(inputs):
    """A name for each column of the inputs: the input's, numbered where it has several."""
    return [
        one.name if one.columns == 1 else f"{one.name}.{i}"
        for one in inputs
        for i in range(one.columns)
    ]
