"""Settings under which a comparison is made again: mechanisms off, doubtful priors at their ends.

Which priors are doubtful is a rule over the register, stated in `is_doubtful`, and no list.
"""

import tomllib
from dataclasses import dataclass, field
from importlib.resources import files

from sim import parameters
from sim.engine import mechanisms
from sim.records import words

AS_IS, OTHER_LUCK, OFF, LOW, HIGH = "as is", "other luck", "off", "low", "high"
NO, UNCLEAR, YES = "no", "within numerical error", "yes"  # whether the answer turns
TURNS = (NO, UNCLEAR, YES)
ENDS = {LOW: 0.05, HIGH: 0.95}  # quantiles of a prior
KINDS = (AS_IS, OTHER_LUCK, OFF, *ENDS)
WIDE = 3.0  # times the low end that the high end of a wide prior is, at least
WORDS = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Setting:
    """One way to run all plans.

    kind     AS_IS, OTHER_LUCK, OFF (a mechanism), LOW or HIGH (an end of a prior)
    name     the mechanism or parameter; "" where nothing is changed
    value    of the parameter, in its unit; NaN for others
    changes  of every plan, as `Scenario.replace` takes them
    """

    kind: str
    name: str = ""
    value: float = float("nan")
    changes: dict = field(default_factory=dict)


def is_doubtful(parameter, belief):
    """Whether both ends of a prior are tried.

    It is no single value, and rests on assumption alone or is wide: its 95% point is at least
    WIDE times its 5% point, or they have different signs.

    parameter : parameters.Parameter; belief : Distribution, the register's or the plan's own
    """
    if belief.pinned:
        return False
    low, high = (float(belief.quantile(at)) for at in ENDS.values())
    return low < high and (parameter.assumed or low <= 0.0 <= high or high >= WIDE * low)


def settings_of(plan):
    """Settings for plans that share the beliefs of one: as is, mechanisms, ends of priors.

    A belief that the plan's [world] states takes the place of the register's.
    """
    return (
        Setting(AS_IS),
        Setting(OTHER_LUCK),
        *(Setting(OFF, name, changes=mechanisms.off(name)) for name in mechanisms.MECHANISMS),
        *(
            Setting(kind, name, value, {f"world.{name}": value})
            for name, belief in _doubtful(plan)
            for kind, at in ENDS.items()
            for value in [float(belief.quantile(at))]
        ),
    )


def _doubtful(plan):
    """(name, Distribution) of each doubtful prior, in the order of the register."""
    for name, parameter in parameters.world_parameters().items():
        stated = plan.world.get(name, parameter.distribution)
        belief = parameters.parse_distribution(stated, parameter.bounds)
        if is_doubtful(parameter, belief):
            yield name, belief


def words_of(kind, name):
    """What a setting changes, in words."""
    if kind in (AS_IS, OTHER_LUCK):
        return WORDS["settings"][kind]
    return WORDS["mechanisms"][name] if kind == OFF else words.parameters()[name]
