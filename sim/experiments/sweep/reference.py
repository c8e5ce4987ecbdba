"""The reference of a sweep: a plan with which every point is compared, world by world.

Its worlds are run once, in a store of their own within that of the sweep, by the same workers.
"""

import hashlib
import json
import math
from contextlib import suppress

from sim.caveats import Caveat
from sim.errors import CompareError, ScenarioError, SweepError
from sim.experiments import leading, pairing, terms
from sim.experiments.sweep import design
from sim.scenario import as_scenario
from sim.scenario.merging import at

# Levers of a point that decide whether it can be compared with a reference.
OF_PAIRING = ("horizon", "answer", "money", "tasks.backlog")


def planned(plan, points, against):
    """The plan that points change and its reference, of one horizon, deadline and currency.

    points : Design
    against : Scenario, name or path

    A plan of a backlog without a deadline is asked by that of the other, as `compare` does.

    Raises ScenarioError or SweepError, one line, where the two, or a point, cannot be compared.
    """
    against = as_scenario(against)
    name = pairing.apart(plan.name, {against.name})
    named = leading.with_one_deadline({against.name: against, name: plan})
    leading.check_asked(named, SweepError)
    against, plan = named.values()
    paths = [p for p in points.factors if p.startswith(OF_PAIRING) or p == "tasks"]
    if not paths:
        _check(against, name, plan)
    for place in _unlike(points, paths):
        with suppress(ScenarioError):  # a failing point
            _check(against, f"point {place}", plan.replace(points.point(place)))
    return plan, against


def _unlike(points, paths):
    """Places of the first points with each combination of values of some paths."""
    first: dict = {}
    for place in range(len(points)) if paths else ():
        first.setdefault(design.key({path: points.factors[path][place] for path in paths}), place)
    return first.values()


def _check(against, label, plan):
    try:
        pairing.check_plans({against.name: against, label: plan})
    except CompareError as error:
        raise SweepError(
            f"{error}, the reference; state the same in both, or sweep without a reference"
        ) from None


def levers(plan):
    """All that decides what a plan's worlds are: plain data, without the words of its question."""
    stated = plan.to_dict()
    stated.pop("question")
    return stated


def noted(plan):
    """What the manifest of a sweep notes of its reference: its name, and the hash of its levers."""
    text = json.dumps(levers(plan), sort_keys=True)
    return {"name": plan.name, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def refuse_failed(sweep):
    """Refuse a reference of which worlds failed: SweepError, one line.

    sweep : that of the reference alone
    """
    if len(sweep.failures):
        row = sweep.failures.iloc[0]
        raise SweepError(
            f"{sweep.path}: the reference {sweep.scenario.name} failed in {row['rows']} worlds "
            f"({row['error']}), so no point can be compared; mend the model and sweep into another "
            "folder"
        )


def caveats(sweep):
    """What a sweep's reference adds to what is to be kept in mind: list of Caveat."""
    plan, against = sweep.scenario, sweep.against.scenario
    notes = list(terms.caveats(sweep.reference, against, "what the points change", plan))
    if pairing.people(plan) < pairing.people(against):
        notes.append(pairing.workforce("sweep"))
    number = point_of(plan, against, sweep.store.points.__getitem__, sweep.asked[0])
    if number is not None:
        notes.append(Caveat(f"Point {number} is {sweep.reference} itself: it differs in nothing."))
    return notes


def plain(sweep, metric):
    """The reference as `tiercurve sweep --json` prints it: plain data."""
    row = sweep.against.summary(metric).iloc[0]
    numbers = {name: float(row[name]) for name in ("mean", "ci_low", "ci_high")}
    return {
        "plan": sweep.reference,
        "question": sweep.against.scenario.question,
        **{name: None if math.isnan(number) else number for name, number in numbers.items()},
        "provenance": sweep.against.provenance,
    }


def point_of(plan, against, point, numbers):
    """Number of the point that is the reference itself, or None.

    plan : Scenario that points change
    point : function, number -> values of that point
    """
    if not numbers:
        return None
    stated = against.to_dict()
    own = design.key({path: at(stated, path) for path in point(numbers[0])})
    for number in numbers:
        if design.key(point(number)) == own and same(plan.replace(point(number)), against):
            return number
    return None


def same(plan, other):
    """Whether two plans have the same worlds, whatever they ask."""
    one, two = (levers(each) | {"answer": None} for each in (plan, other))
    return one == two
