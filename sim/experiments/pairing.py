"""Whether plans can be compared world by world."""

from sim.errors import CompareError

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
