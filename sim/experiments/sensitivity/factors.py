"""Factors: what is varied, over which values, and which uniform numbers name them.

A factor is one input or several that are taken together. An input is a world parameter with its
registered distribution, a block of the posterior, or a lever over a range that is stated here or by
the caller. Ranges of levers say what is worth looking at; they are no beliefs.

The parameters of a block (the tier `curve`, `how people work`, the `tool trend`) are correlated,
so the block is exchanged whole, a row of the posterior for another. To name one of its parameters
is to name its block. The blocks are nearly independent of each other (README.md says how nearly).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import parameters
from sim.engine import levers, posterior, setup
from sim.errors import ScenarioError, SensitivityError
from sim.scenario.merging import at
from sim.scenario.values import SIZES

WORKING, CURVE, TREND = posterior.WORKING, posterior.CURVE, posterior.TREND
RECORD = posterior.RECORD
GROUPS = (
    "composition", "training", "task mix", "tool", "evidence", WORKING, RECORD, "organisation"
)  # fmt: skip
COMPOSITION, OTHERS = "composition", "other parameters"
MIXED = ("novice", "intermediate", "expert")  # levels a composition is made of
MOST_PARTS = 139  # of a team, into which it is mixed: 9,870 mixes
_HINTS = {"development_hours_per_week": "; the share of a full week that goes into it is dev_share"}
# Ranges of levers that are named without one.
RANGES: dict[str, Any] = {
    "training.seats": [0, 1, 2, 3, 4],
    "tasks.advanced_share": {"uniform": [0.1, 0.6]},
    "tasks.fix_share": {"uniform": [0.1, 0.3]},
    "tasks.own_share": {"uniform": [0.0, 1.0]},
    "tasks.blocked_share": [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],  # as chains allow
    "policy.scope_hours": {"lognormal": [0.5, 8.0]},
    "policy.review": ["none", "unverified", "all"],
    "policy.review_order": ["first", "turn", "last"],
    "policy.review_hours_per_week": {"uniform": [1.5, 10.0]},
    "policy.unreviewed_share": {"uniform": [0.0, 1.0]},
    "policy.max_sessions": [1, 2, 3, 4],
    "policy.parallel_sessions": [1, 2, 3],
    "policy.routing": ["fifo", "matched", "strict"],
    "policy.agent_use": ["always", "pays", "never"],
}
# Levers that are nothing in most plans, and nowhere measured: factors where a plan has them.
WHERE_STATED = ("tasks.blocked_share", "policy.unreviewed_share")
# Eleven with what is left over: the levers that matter, and what moves the outputs most.
DEFAULT = (
    COMPOSITION, "training.seats", "tasks.advanced_share", "policy.scope_hours", "policy.review",
    "dev_share", "team_offset", CURVE, WORKING, TREND, RECORD, *WHERE_STATED, OTHERS,
)  # fmt: skip
# Levers that a scenario may know only as a distribution, and their limits.
BELIEVED = {setup.ADVANCED_SHARE: (0.0, 1.0), setup.HORIZON: SIZES}
_OF_EVIDENCE = (
    CURVE, "horizon_factor", "recovery_per_level",
    "slope_per_doubling", TREND, "doubling_days", "trend_drift", "size_ref_hours",
    "size_ref_sigma", "sd_task", "sd_developer", "team_offset", "advanced_penalty",
    "adjacent_penalty_average", "adjacent_penalty_advanced", "gap_drift",
)  # fmt: skip
_OF_TOOL = (
    "planning_hours", "oversight_share", "oversight_growth", "failure_cost", "tool_hours_factor",
    "instruction_gain", "session_noise_sd", "runtime_share",
    "switching_hours", "partial_share", "assist_coding_share", "assist_saving_novice",
    "assist_saving_expert", "belief_bias", "policy.scope_hours", "policy.max_sessions",
    "policy.parallel_sessions", "policy.agent_use",
)  # fmt: skip
_OF_TRAINING = (
    "training_efficacy", "causal_share", "learning_rate", "delegation_damping",
    "familiarity_effect", "familiarity_mean", "familiarity_kept",
)  # fmt: skip
_GROUPED = (
    dict.fromkeys(_OF_EVIDENCE, "evidence")
    | dict.fromkeys(_OF_TOOL, "tool")
    | dict.fromkeys(_OF_TRAINING, "training")
    | {COMPOSITION: "composition", "task_growth": "task mix", WORKING: WORKING, RECORD: RECORD}
)
_TABLES = {
    "team": "composition", "training": "training", "trainings": "training", "tasks": "task mix",
    "tool": "tool", "rollout": "tool",
}  # fmt: skip


@dataclass(frozen=True)
class Input:
    """One thing that is varied.

    name     parameter, dotted path of a lever, "composition" or a block of the posterior
    columns  how many uniform numbers name its value
    belief   Distribution of a number; None for choices and blocks
    choices  changes of the scenario, dotted path -> value, equally likely; () for numbers
    members  parameters of a block, () for others
    words    over which values, where that is known from a saved record alone
    """

    name: str
    columns: int
    belief: parameters.Distribution | None = None
    choices: tuple[dict, ...] = ()
    members: tuple[str, ...] = ()
    words: str = ""

    @property
    def varied(self):
        """Over which values, in words."""
        if self.words:
            return self.words
        if self.name == COMPOSITION:
            return f"{len(self.choices):,} mixes of {', '.join(MIXED)}"
        if self.choices:
            return ", ".join(str(next(iter(change.values()))) for change in self.choices)
        if self.belief is None:
            return f"rows of the posterior: {', '.join(self.members)}"
        low, high = self.belief.quantile(np.array([0.05, 0.95]))
        return f"{low:.3g} to {high:.3g} (5 to 95%)"

    def place(self, u):
        """Which choice each row takes: int (rows,) from u (rows, columns)."""
        if self.name == COMPOSITION:
            return _mixes(u, len(self.choices))
        return np.minimum((u[:, 0] * len(self.choices)).astype(int), len(self.choices) - 1)


@dataclass(frozen=True)
class Factor:
    """One or several inputs whose values are taken together.

    name    the input's, the group's, or "other parameters"
    group   one of GROUPS, or "several"
    inputs  tuple of Input
    """

    name: str
    group: str
    inputs: tuple[Input, ...]

    @property
    def columns(self):
        """How many uniform numbers name its value."""
        return sum(one.columns for one in self.inputs)


def group(name):
    """The group an input belongs to, one of GROUPS."""
    return _GROUPED.get(name) or _TABLES.get(name.split(".")[0], "organisation")


def factors_of(plan, asked=None, groups=False, others=True):
    """Factors of a scenario.

    asked : sequence of names, or mapping name -> range; those of DEFAULT if None, of which those of
        WHERE_STATED only if the plan states more than 0 of them
        A parameter of a block without a range stands for its block.
        A range is a list of values, equally likely, or a distribution such as
        {"uniform": [0.1, 0.6]}; None takes the registered distribution or RANGES.
    groups : bool, one factor for each of GROUPS instead of one for each input
    others : bool, whether what is uncertain and not named makes one more factor

    Raises SensitivityError or ScenarioError, one line.
    """
    ranges = _whole(plan, _asked(asked))
    inputs = [_input(plan, name, stated) for name, stated in ranges.items()]
    if asked is None:
        inputs = [one for one in inputs if one is not None and _is_stated(plan, one.name)]
    if None in inputs:
        name = list(ranges)[inputs.index(None)]
        raise SensitivityError(f"{name}: cannot vary in {plan.name}; it has a single value there")
    made = [Factor(one.name, group(one.name), (one,)) for one in inputs]
    rest = _others(plan, [one.name for one in inputs]) if others else ()
    if groups:
        return _grouped([*inputs, *rest])
    if rest:
        made.append(Factor(OTHERS, "several", rest))
    if len(made) < 2:
        raise SensitivityError("factors: name two at least, or leave `others` on")
    return tuple(made)


def _is_stated(plan, name):
    """Whether a lever of WHERE_STATED is more than 0 in a plan; all other factors are."""
    return name not in WHERE_STATED or bool(at(plan.to_dict(), name))


def _asked(asked):
    names: Any = DEFAULT if asked is None else [asked] if isinstance(asked, str) else asked
    ranges = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names)
    if len(ranges) < len(names):
        raise SensitivityError("factors: one is named twice")
    ranges.pop(OTHERS, None)
    if not ranges:
        raise SensitivityError("factors: name one at least")
    return ranges


def _whole(plan, ranges):
    """Ranges with a block in place of those of its parameters that have no range of their own."""
    block_of = {name: block for block, names in setup.blocks(plan).items() for name in names}
    whole: dict = {}
    for name, stated in ranges.items():
        path = name.removeprefix("world.")
        whole |= {block_of[path]: None} if stated is None and path in block_of else {name: stated}
    return whole


def _block(plan, name):
    """A block of the posterior, but for what the scenario states; None where that leaves none."""
    every = setup.blocks(plan)
    members = every.get(name, ())
    if not members and (name != CURVE or CURVE not in every):
        return None
    drifts = name == TREND and posterior.OF_TREND[1] in members
    return Input(name, 2 if drifts and len(members) > 1 else 1, members=members)


def _grouped(inputs):
    by_group = {name: tuple(one for one in inputs if group(one.name) == name) for name in GROUPS}
    return tuple(Factor(name, name, found) for name, found in by_group.items() if found)


def _input(plan, name, stated):
    """The input of a name, or None where the scenario leaves it nothing to vary."""
    if name == COMPOSITION:
        return _composition(plan)
    if name in posterior.BLOCKS:
        return _block(plan, name)
    known = parameters.world_parameters()
    path = name.removeprefix("world.")
    if path in known:
        believed = plan.world.get(path) or known[path].distribution
        belief = stated if stated is not None else believed
        return _number(plan, path, belief, known[path].bounds)
    if stated is None and path in BELIEVED:
        stated = _believed(plan, path)
    if stated is None and name == setup.HORIZON:
        return None
    if stated is None and name not in RANGES:
        known_names = [*known, *RANGES, COMPOSITION, *posterior.BLOCKS]
        hint = (
            _HINTS.get(name)
            or parameters.did_you_mean(name, known_names)
            or ("; give its values in a sweep, or from Python: {'training.weeks': [4, 8, 12]}")
        )
        raise SensitivityError(f"{name}: no range is known{hint}")
    found = RANGES[name] if stated is None else stated
    if isinstance(found, list | tuple | range | np.ndarray):
        return _choices(plan, name, found, lenient=stated is None)
    return _lever(plan, name, found)


def _believed(plan, name):
    """What a scenario believes of a lever, where it knows no one value; else None."""
    belief = plan.horizon_belief if name == setup.HORIZON else plan.advanced_share
    return None if belief is None or belief.pinned else belief.to_plain()


def _number(plan, name, stated, bounds):
    try:
        belief = parameters.parse_distribution(stated, bounds)
    except parameters.RegisterError as error:
        raise SensitivityError(f"{name}: {error}") from None
    return None if belief.numbers[0] == belief.numbers[-1] else Input(name, 1, belief)


def _lever(plan, name, stated):
    """A lever that takes any number of a range."""
    if name not in levers.FIELDS and name not in BELIEVED:
        raise SensitivityError(f"{name}: takes a list of values, not a distribution")
    if name == setup.HORIZON and plan.horizon_belief is None:
        raise SensitivityError(
            f"{name}: the tool of {plan.name} has no horizon of its own; its curve is the study's"
        )
    found = _number(plan, name, stated, BELIEVED.get(name, parameters.ANYWHERE))
    if found is not None:
        for end in found.belief.quantile(np.array([1e-9, 1 - 1e-9])):
            plan.replace({name: float(end)})  # refuses what the scenario would not take
    return found


def _choices(plan, name, values, lenient):
    values = [value.item() if isinstance(value, np.generic) else value for value in values]
    changes = []
    for value in values:
        try:
            changed = plan.replace({name: value})
        except ScenarioError:
            if not lenient:
                raise
            continue
        if (changed.world, changed.tool.curves) != (plan.world, plan.tool.curves):
            said = "changes what is assumed of the world, not only what is done; compare plans"
            raise SensitivityError(f"{name} = {value}: {said}")
        changes.append({name: value})
    return Input(name, 1, choices=tuple(changes)) if len(changes) > 1 else None


def _composition(plan):
    """Mixes of three levels at the number of engineers of [team]; other people stay.

    Of more than MOST_PARTS people mixes in so many even parts of the team.
    """
    stated = plan.to_dict()["team"]
    people = sum(count for count in stated.values() if isinstance(count, int))
    if people == 0:
        return None
    empty = {level: 0 for level, value in stated.items() if isinstance(value, int)}
    changes = tuple(
        {"team": empty | dict(zip(MIXED, mix, strict=True)) | {"adjacent": stated["adjacent"]}}
        for mix in _spread_mixes(people)
    )
    return Input(COMPOSITION, 2, choices=changes)


def mixes(people):
    """All ways to make so many people of three levels: list of (novice, intermediate, expert)."""
    return [(a, b, people - a - b) for a in range(people + 1) for b in range(people - a + 1)]


def _spread_mixes(people):
    """`mixes` of so many people; of more than MOST_PARTS those of as many even parts of them."""
    if people <= MOST_PARTS:
        return mixes(people)
    spread = []
    for a, b, _ in mixes(MOST_PARTS):
        novices, until = (round(part * people / MOST_PARTS) for part in (a, a + b))
        spread.append((novices, until - novices, people - until))
    return spread


def _mixes(u, count):
    """Place in `mixes` of a point spread evenly over the triangle, rounded to whole people.

    u : (rows, 2). The first number is the share of novices, the second that of intermediates
    among the others, so that near numbers are near mixes.
    """
    people = round((np.sqrt(8 * count + 1) - 3) / 2)
    # Cells of equal weight: each mix is as likely as any other.
    sizes = people + 1 - np.arange(people + 1)  # how many mixes have so many novices
    until = np.cumsum(sizes)
    at = np.minimum((u[:, 0] * count).astype(int), count - 1)
    novices = np.searchsorted(until, at, side="right")
    inner = np.minimum((u[:, 1] * sizes[novices]).astype(int), sizes[novices] - 1)
    return until[novices] - sizes[novices] + inner


def _others(plan, named):
    """Inputs for all that is uncertain in `run` and not named."""
    named = {name.removeprefix("world.") for name in named}
    known = parameters.world_parameters()
    blocks = setup.blocks(plan)
    fitted = {name for members in blocks.values() for name in members}  # they come with a row
    inputs = [
        _number(plan, name, plan.world.get(name, parameter.distribution), parameter.bounds)
        for name, parameter in known.items()
        if name not in named | fitted
    ]
    inputs += [_block(plan, name) for name in blocks if name not in named]
    inputs += [
        _input(plan, name, None) for name in BELIEVED if name not in named and _believed(plan, name)
    ]
    return tuple(one for one in inputs if one is not None)
