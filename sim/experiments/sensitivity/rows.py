"""From rows of uniform numbers to points that worlds start from."""

import json

import numpy as np

from sim import parameters
from sim.engine import batch, curves, levers, posterior, setup

# A change of these makes another team, and leaves the rest of a world as it is.
_PEOPLE = ("team", "people", "joiners", "leavers")


def points(plan, seed, inputs, u, cache=None):
    """The points of rows u (rows, columns), in their order: WorldTemplates.

    inputs : sequence of Input; their columns follow each other in u
    cache : dict, optional, keeps scenarios, teams and worlds from one call to the next

    Parameters that no input names are at their centre. A block of the posterior takes its
    parameters from one row, but for those that have an input of their own.
    """
    cache = {} if cache is None else cache
    values = _central(plan, seed, len(u), cache)
    numbers = {}
    for one, mine in own(inputs, u):
        if one.choices:
            continue
        if one.belief is None:
            named = {other.name for other in inputs}
            drawn = members_of(plan, one, mine)
            values |= {name: value for name, value in drawn.items() if name not in named}
        elif one.name in levers.FIELDS:
            numbers[one.name] = one.belief.quantile(mine[:, 0])
        else:
            values[one.name] = one.belief.quantile(mine[:, 0])
    made = _of_choices(plan, seed, values, inputs, u, cache)
    for path, found in numbers.items():
        levers.put(made.worlds, path, found)
    return made


def prepare(plan, seed, inputs, u, cache):
    """Make what the rows' combinations of choices need; ScenarioError where some do not fit."""
    for combination in _combinations(inputs, u)[0]:
        _combined(plan, seed, combination, inputs, cache)


def own(inputs, u):
    """(Input, its columns of u) of each, for rows u (rows, columns)."""
    ends = np.cumsum([one.columns for one in inputs])
    return zip(inputs, np.split(u, ends[:-1], axis=1), strict=True)


def _combinations(inputs, u):
    """Combinations of choices, as tuples, and which of them each row has: int (rows,)."""
    places = [one.place(mine) for one, mine in own(inputs, u) if one.choices]
    picked = np.stack(places, axis=1) if places else np.zeros((len(u), 0), int)
    found, which = np.unique(picked, axis=0, return_inverse=True)
    return [tuple(one) for one in found.tolist()], which.ravel()


def members_of(plan, block, u):
    """Values of the parameters of a block for its columns u (rows, columns): name -> (rows,).

    `curve` stands for the rates, (rows, 7). What has no place in the rows has its own prior.
    """
    found = setup.curve_set(plan)
    places = np.minimum((u[:, 0] * len(found.draws)).astype(int), len(found.draws) - 1)
    rows, size = found.draws[places], len(curves.RATES)
    of_curve = block.name in (posterior.CURVE, posterior.RECORD)
    drawn = {"curve": rows[:, :size]} if of_curve else {}
    for name in block.members:
        if name in found.updates:
            drawn[name] = rows[:, size + found.updates.index(name)]
        else:
            known = parameters.world_parameters()[name].distribution
            assert known is not None  # every world parameter has one
            drawn[name] = known.quantile(u[:, -1])
    return drawn


def _central(plan, seed, rows, cache):
    if "central" not in cache:
        cache["central"] = setup.draw(plan, seed, 0, 1, uncertain=False)
    return {name: np.repeat(value, rows, axis=0) for name, value in cache["central"].items()}


def _of_choices(plan, seed, values, inputs, u, cache):
    """Points of the plan, each changed by its combination of choices.

    Levers do not depend on what is uncertain: all rows are made at once from the plan, then what
    a combination changes of a world at the centre is put into its rows, and its team beside them.
    """
    worlds = setup.worlds(plan, seed, values)
    combinations, which = _combinations(inputs, u)
    teams = []
    for combination, mine in zip(combinations, _groups(which), strict=True):
        changed, team, words = _combined(plan, seed, combination, inputs, cache)
        teams.append(team)
        if words is None:
            worlds[mine] = setup.worlds(changed, seed, _values(plan, changed, values, mine))
        else:
            _words(worlds)[np.ix_(mine, words[0])] = words[1]
    size = np.array([len(team) for team in teams])
    end = np.cumsum(size)
    return batch.WorldTemplates(worlds, np.concatenate(teams), (end - size)[which], end[which])


def _groups(which):
    """Places of each value 0, 1 ... in which (rows,): a list of arrays."""
    order = np.argsort(which, kind="stable")
    return np.split(order, np.cumsum(np.bincount(which))[:-1])


def _combined(plan, seed, combination, inputs, cache):
    """The changed plan, its team, and the words of a world that it sets; None if all may differ."""
    if combination not in cache:
        changes: dict = {}
        choices = [one.choices for one in inputs if one.choices]
        for place, found in zip(combination, choices, strict=True):
            changes |= found[place]
        changed = plan.replace(changes) if changes else plan
        words = None
        if _tools(changed) == _tools(plan):
            words = _kept(
                cache, _but_people(changed), lambda: _set_words(plan, changed, seed, cache)
            )
        cache[combination] = changed, setup.team(changed), words
    return cache[combination]


def _tools(plan):
    """What people of a plan work with, and how far the curve of each is carried."""
    return [(tool, plan.months_ahead_of(tool)) for tool in plan.tools]


def _kept(cache, key, make):
    if key not in cache:
        cache[key] = make()
    return cache[key]


def _but_people(plan):
    """All that a world's row is made of, as text."""
    stated = {name: table for name, table in plan.to_dict().items() if name not in _PEOPLE}
    return json.dumps(stated, sort_keys=True)


def _set_words(plan, changed, seed, cache):
    """Places and contents of the words in which the changed plan's world differs, at the centre."""

    def centre(one):
        return _words(setup.worlds(one, seed, setup.draw(one, seed, 0, 1, uncertain=False)))[0]

    before, after = _kept(cache, "words", lambda: centre(plan)), centre(changed)
    at = np.flatnonzero(before != after)
    return at, after[at]


def _words(worlds):
    """The rows of state.WORLD as words of eight bytes, a view (rows, words)."""
    return worlds.view(np.int64).reshape(len(worlds), -1)


def _values(plan, changed, values, mine):
    """Values of some rows, with a lever's belief where the change states another."""
    here = {name: value[mine] for name, value in values.items()}
    for name, belief, before in (
        (setup.ADVANCED_SHARE, changed.advanced_share, plan.advanced_share),
        (setup.HORIZON, changed.horizon_belief, plan.horizon_belief),
    ):
        if belief is not None and belief != before:
            here[name] = np.full(len(mine), belief.central)
    for path, belief in changed.horizon_beliefs.items():
        if path not in here:
            here[path] = np.full(len(mine), belief.central)
    return here


def columns(inputs):
    """A name for each column of the inputs: the input's, numbered where it has several."""
    return [
        one.name if one.columns == 1 else f"{one.name}.{i}"
        for one in inputs
        for i in range(one.columns)
    ]
