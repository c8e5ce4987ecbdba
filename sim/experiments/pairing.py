"""Whether plans can be compared world by world."""

# What two results must share for their worlds to be paired.
SHARED = ("seed", "draws", "luck", "uncertainty", "evidence_sha256", "engine_sources")


class CompareError(ValueError):
    """Plans that cannot be compared, or a question a comparison cannot answer: one line."""


def check_horizons(scenarios):
    """Refuse plans too few to compare, or of different horizons: label -> Scenario."""
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
