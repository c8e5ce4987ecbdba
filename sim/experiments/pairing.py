"""Whether plans can be compared world by world."""

from sim.engine import source_hash
from sim.errors import CompareError
from sim.records import provenance

# What two results must share for their worlds to be paired.
SHARED = ("seed", "draws", "luck", "uncertainty", "evidence_sha256", "engine_sources")


def check_plans(scenarios):
    """Refuse plans too few to compare, of different horizons or currencies: label -> Scenario."""
    if len(scenarios) < 2:
        raise CompareError("a comparison needs two plans at least, the reference first")
    first, *others = scenarios
    for label in others:
        for name in ("weeks", "start"):
            here, there = (getattr(scenarios[key].horizon, name) for key in (label, first))
            if here != there:
                raise CompareError(
                    f"{label}: horizon.{name} = {here}: must be that of {first}, {there}"
                )
    check_currencies(scenarios)


def check_currencies(scenarios):
    """Refuse plans that count money in different currencies: label -> Scenario."""
    stated = {label: plan.money.currency for label, plan in scenarios.items() if plan.money}
    for label, currency in stated.items():
        first = next(iter(stated))
        if currency != stated[first]:
            raise CompareError(
                f"{label}: money.currency = {currency}: must be that of {first}, {stated[first]}"
            )


def check_designs(designs):
    """Refuse results whose worlds do not pair: label -> dict with SHARED, the first as wanted."""
    first, *others = designs
    for label in others:
        for name in SHARED:
            here, there = (designs[key][name] for key in (label, first))
            if here != there:
                raise CompareError(
                    f"{label}: ran with {name} = {_short(here)}: must be that of {first}, "
                    f"{_short(there)}"
                )


def _short(value):
    return value[:12] if isinstance(value, str) else value


def check_current(designs, **design):
    """Refuse results that do not pair with plans that run now: label -> provenance.

    design : what the plans that run now are asked to share, where it is not that of the first
    """
    now = {"evidence_sha256": provenance.evidence_sha256(), "engine_sources": source_hash()}
    check_designs({"this comparison": next(iter(designs.values())) | now | design} | designs)


def apart(name, taken):
    """The name, or "name (2)" and so on where it is taken."""
    label, n = name, 1
    while label in taken:
        n += 1
        label = f"{name} ({n})"
    return label
