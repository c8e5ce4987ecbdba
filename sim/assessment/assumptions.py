"""Which uncertain parameters a plan uses, and which of them are assumption or the user's own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim import parameters
from sim.assessment import evidence
from sim.engine import posterior, setup
from sim.engine.curves import CurveSet
from sim.parameters import Distribution, Parameter
from sim.scenario import Scenario


def with_agent(plan: Scenario) -> bool:
    """Whether the plan holds sessions with an agent."""
    return plan.tool.kind == "agentic" and plan.policy.agent_use != "never"


def _moves(plan: Scenario) -> bool:
    """Whether the tool's curve is carried away from its date."""
    return with_agent(plan) and (setup.months(plan) != 0 or bool(plan.tool.improves))


def months_beyond(plan: Scenario) -> float:
    """Months the tool's curve is carried beyond the window of its evidence."""
    if not with_agent(plan):
        return 0.0
    return max(0.0, abs(setup.months(plan)) - setup.curve_set(plan).window_months)


def adjacent_people(plan: Scenario) -> int:
    """People in adjacent roles."""
    return sum(group.count for group in plan.groups if group.role == "adjacent")


def _adjacent_average(plan: Scenario) -> bool:
    return with_agent(plan) and adjacent_people(plan) > 0


def has_advanced(plan: Scenario) -> bool:
    """Whether any arriving work is advanced."""
    return bool(advanced_share(plan).quantile(0.999) > 0)


def _adjacent_advanced(plan: Scenario) -> bool:
    return _adjacent_average(plan) and has_advanced(plan)


def _reviews(plan: Scenario) -> bool:
    return plan.policy.review != "none"


def _drifts(plan: Scenario, name: str) -> bool:
    """Whether the plan states a drift; the register assumes none."""
    return name in plan.world and plan.world[name].numbers != (0.0,)


def _newcomers(plan: Scenario) -> bool:
    leaves = plan.attrition is not None and plan.attrition.per_year > 0
    return bool(plan.joiners) or (leaves and plan.attrition is not None and plan.attrition.refill)


def _waits(plan: Scenario) -> bool:
    """Whether any seat takes time to fill."""
    refill = plan.attrition.weeks_to_fill if plan.attrition else 0.0
    return refill > 0 or any(row.weeks_to_fill > 0 for row in plan.joiners)


# A parameter not named here is used by every plan: the level shifts, and with them all that was
# averaged out in them, also say how often work by hand breaks. tests/test_assess.py runs worlds to
# check that what is left out changes nothing.
_USED_IF: dict[str, Callable[[Scenario], Any]] = {
    **dict.fromkeys(
        (
            "size_ref_hours", "team_offset", "planning_hours", "oversight_share",
            "instruction_gain", "session_noise_sd", "runtime_share", "switching_hours",
            "partial_share", "defect_verified", "defect_unverified",
        ),
        with_agent,
    ),
    "doubling_days": _moves,
    "trend_drift": lambda plan: months_beyond(plan) > 0,
    "advanced_penalty": lambda plan: with_agent(plan) and has_advanced(plan),
    "adjacent_penalty_average": _adjacent_average,
    "adjacent_penalty_advanced": _adjacent_advanced,
    "belief_bias": lambda plan: with_agent(plan) and plan.policy.agent_use == "pays",
    "hand_success_advanced": has_advanced,
    **dict.fromkeys(
        ("assist_coding_share", "assist_saving_novice", "assist_saving_expert"),
        lambda plan: plan.tool.kind == "assistive",
    ),
    **dict.fromkeys(
        (
            "review_rate", "review_look_hours", "review_skill_intermediate",
            "review_skill_per_level", "self_review_factor",
        ),
        _reviews,
    ),
    "review_agent_factor": lambda plan: with_agent(plan) and _reviews(plan),
    "delegation_damping": with_agent,
    "gap_drift": lambda plan: with_agent(plan) and _drifts(plan, "gap_drift"),
    "task_growth": lambda plan: _drifts(plan, "task_growth"),
    "training_efficacy": lambda plan: plan.training.seats > 0,
    **dict.fromkeys(("ramp_start", "ramp_weeks", "mentor_share"), _newcomers),
    "fill_sd": lambda plan: _newcomers(plan) and _waits(plan),
}  # fmt: skip


def used(plan: Scenario) -> dict[str, Parameter]:
    """World parameters that can change what this plan delivers, in the register's order."""
    return {
        name: parameter
        for name, parameter in parameters.world_parameters().items()
        if _USED_IF.get(name, lambda _: True)(plan)
    }


@dataclass(frozen=True)
class Belief:
    """What a plan takes one uncertain parameter to be.

    central    its median
    low, high  90% of the belief lies between; equal where it is pinned
    source     "assumption", "study", "published" or "you"
    evidence   rows of the ledger; empty for assumption and for your own values
    """

    name: str
    unit: str
    central: float
    low: float
    high: float
    source: str
    evidence: tuple[str, ...]
    reasoning: str

    @property
    def pinned(self) -> bool:
        """Whether it is one value without a range."""
        return self.low == self.high


def beliefs(plan: Scenario) -> tuple[Belief, ...]:
    """Every parameter that the plan uses, and where its values come from."""
    found = setup.curve_set(plan)
    return tuple(_belief(plan, parameter, found) for parameter in used(plan).values())


def _belief(plan: Scenario, parameter: Parameter, found: CurveSet) -> Belief:
    stated = plan.world.get(parameter.name)
    central, low, high = _points(parameter, stated, found)
    rows = () if stated or parameter.assumed else parameter.evidence
    of_study = [evidence.ledger()[row].of_the_study for row in rows if row in evidence.ledger()]
    fitted = parameter.name in posterior.work().fitted
    source = "you" if stated else "published" if rows or fitted else "assumption"
    source = "study" if of_study and all(of_study) else source
    reasoning = "" if stated else parameter.reasoning
    if fitted and not stated:
        reasoning += f" Then fitted to field studies with others ({posterior.work().label})."
    return Belief(parameter.name, parameter.unit, central, low, high, source, rows, reasoning)


def _points(
    parameter: Parameter, stated: Distribution | None, found: CurveSet
) -> tuple[float, float, float]:
    """Central value, 5% and 95% points: as stated, as fitted, or as registered.

    found : the posterior's rows; their centre is what a run without uncertainty takes
    """
    distribution = stated or posterior.belief(parameter)
    assert distribution is not None  # world parameters have one
    low, high = distribution.quantile([0.05, 0.95])
    central = stated.central if stated else parameter.central
    if stated is None and parameter.name in found.updates:
        central = float(found.central[found.columns.index(parameter.name)])
    return central, float(low), float(high)


def advanced_share(plan: Scenario) -> Distribution:
    """What the plan says of its share of advanced work: a number, or a range."""
    return parameters.parse_distribution(plan.tasks.advanced_share, (0.0, 1.0))
