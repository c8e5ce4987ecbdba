"""What a plan assumes: the uncertain parameters it uses, and what of it the study never saw."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim import parameters
from sim.assessment.other_studies import (
    TEXTS,
    ledger,
    month_number,
    study_window,
    value,
)
from sim.engine import posterior, setup
from sim.engine.curves import CurveSet
from sim.engine.tool_setup import months
from sim.parameters import Distribution, Parameter
from sim.scenario import Scenario


def with_agent(plan: Scenario) -> bool:
    """Whether the plan holds sessions with an agent."""
    return plan.uses_agent


def _moves(plan: Scenario) -> bool:
    """Whether a tool's curve is carried away from its date."""
    return with_agent(plan) and any(
        months(plan, tool) != 0 or bool(tool.improves) for tool in plan.tools
    )


def months_beyond(plan: Scenario) -> float:
    """Months a tool's curve is carried beyond the window of its evidence, at most."""
    if not with_agent(plan):
        return 0.0
    window = setup.curve_set(plan).window_months
    return max(0.0, *(abs(months(plan, tool)) - window for tool in plan.tools))


def adjacent_people(plan: Scenario) -> int:
    """People in adjacent roles."""
    return sum(group.count for group in plan.groups if group.role == "adjacent")


def _adjacent_average(plan: Scenario) -> bool:
    return with_agent(plan) and adjacent_people(plan) > 0


def has_advanced(plan: Scenario) -> bool:
    """Whether any arriving work is advanced."""
    return bool(plan.advanced_share.quantile(0.999) > 0)


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
# averaged out in them, also say how often work by hand breaks. tests/assessment/test_assess.py runs
# worlds to check that what is left out changes nothing.
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
        lambda plan: any(tool.kind == "assistive" for tool in plan.tools),
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
    "training_efficacy": lambda plan: any(row.efficacy is None for row in plan.cohorts.values()),
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
    curves = setup.curve_set(plan)
    return tuple(_belief(plan, parameter, curves) for parameter in used(plan).values())


def _belief(plan: Scenario, parameter: Parameter, curves: CurveSet) -> Belief:
    stated = plan.world.get(parameter.name)
    central, low, high = _points(parameter, stated, curves)
    rows = () if stated or parameter.assumed else parameter.evidence
    of_study = [ledger()[row].of_the_study for row in rows if row in ledger()]
    fitted = parameter.name in posterior.work().fitted
    source = "you" if stated else "published" if rows or fitted else "assumption"
    source = "study" if of_study and all(of_study) else source
    reasoning = "" if stated else parameter.reasoning
    if fitted and not stated:
        reasoning += f" Then fitted to field studies with others ({posterior.work().label})."
    return Belief(parameter.name, parameter.unit, central, low, high, source, rows, reasoning)


def _points(
    parameter: Parameter, stated: Distribution | None, curves: CurveSet
) -> tuple[float, float, float]:
    """Central value, 5% and 95% points: as stated, as fitted, or as registered.

    curves : the posterior's rows; their centre is what a run without uncertainty takes
    """
    distribution = stated or posterior.belief(parameter)
    assert distribution is not None  # world parameters have one
    low, high = distribution.quantile([0.05, 0.95])
    central = stated.central if stated else parameter.central
    if stated is None and parameter.name in curves.updates:
        central = float(curves.central[curves.columns.index(parameter.name)])
    return central, float(low), float(high)


# ---- inside or outside what the study observed ---------------------------------------------------


@dataclass(frozen=True)
class Aspect:
    """One side of the plan, held against the study.

    plan    what the plan has there
    inside  whether the study observed it
    why     the reason, with numbers and units
    """

    name: str
    plan: str
    inside: bool
    why: str
    evidence: tuple[str, ...]


_WORDS = TEXTS["window"]
NO_AGENT: str = _WORDS["no_agent"]


def aspects(plan: Scenario, today: date) -> tuple[Aspect, ...]:
    """Tool, version, dates, roles and kinds of work, each inside or outside."""
    return (
        _tool(plan), _version(plan), _dates(plan, today), _engineers(plan), _adjacent(plan),
        _average(plan), _advanced(plan), _sizes(plan), _fixes(plan),
    )  # fmt: skip


def age_months(plan: Scenario, today: date) -> tuple[int, int]:
    """Months since the study's data end: (to the run's start, to today)."""
    end = month_number(study_window()[1])
    return month_number(plan.horizon.month) - end, today.year * 12 + today.month - end


def studied_tool(plan: Scenario) -> bool:
    """Whether the plan's curve is that of the product the study observed."""
    return with_agent(plan) and plan.main_tool.anchor == "study"


def version_of(plan: Scenario) -> str:
    """Month of the tool's version in use, "YYYY-MM"; empty where a tool has none."""
    tool = plan.main_tool
    months = {"start": plan.horizon.month, "date": tool.date, "None": tool.date}
    return str(months.get(str(tool.version), tool.version) or "")


def _aspect(
    key: str, plan: str, inside: bool, why: str, cites: bool = True, **values: Any
) -> Aspect:
    """An aspect in the words of the text file.

    why : name of the reason there, or the reason itself
    cites : whether it rests on the rows named there
    """
    words = _WORDS[key]
    rows = tuple(words["evidence"]) if cites else ()
    return Aspect(words["name"], plan, inside, words.get(why, why).format(**values), rows)


def _tool(plan: Scenario) -> Aspect:
    inside = studied_tool(plan)
    why = NO_AGENT
    if plan.main_tool.kind == "agentic":
        why = "inside" if inside else "other" if with_agent(plan) else "never"
    return _aspect("tool", f"{plan.main_tool.profile} ({plan.main_tool.kind})", inside, why)


def _version(plan: Scenario) -> Aspect:
    first, last = study_window()
    if not with_agent(plan):
        return _aspect("version", "no agent", False, NO_AGENT, cites=False)
    version, ahead, beyond = version_of(plan), months(plan), months_beyond(plan)
    inside = first <= version <= last and studied_tool(plan)
    why = "beyond" if beyond > 0 else "inside" if inside else "outside"
    way = "on" if ahead > 0 else "back"
    return _aspect(
        "version", f"as of {version}", inside, why, first=first, last=last, months=abs(ahead),
        way=way, beyond=beyond,
    )  # fmt: skip


def _dates(plan: Scenario, today: date) -> Aspect:
    first, last = study_window()
    at_start, now = map(_age, age_months(plan, today))
    inside = first <= plan.horizon.month <= last
    what = f"{plan.horizon.weeks} weeks from {plan.horizon.start}"
    return _aspect(
        "dates", what, inside, "why", first=first, last=last, at_start=at_start, now=now,
        today=today.isoformat(),
    )  # fmt: skip


def _age(months: int) -> str:
    unit = "month" if abs(months) == 1 else "months"
    return f"{abs(months)} {unit} {'before' if months >= 0 else 'after'}"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _engineers(plan: Scenario) -> Aspect:
    count = plan.headcount - adjacent_people(plan)
    why = "inside" if count else _WORDS["nobody"]
    agent = with_agent(plan)
    return _aspect("engineers", _people(count), agent, why if agent else NO_AGENT)


def _adjacent(plan: Scenario) -> Aspect:
    count = adjacent_people(plan)
    inside, why = True, "average"
    if not with_agent(plan):
        inside, why = False, NO_AGENT
    elif not count:
        why = _WORDS["nobody"]
    elif has_advanced(plan):
        inside, why = False, "advanced"
    gaps = " and ".join(f"{value(row):g}" for row in _WORDS["adjacent"]["evidence"][:2])
    return _aspect("adjacent", _people(count), inside, why, gaps=gaps)


def _average(plan: Scenario) -> Aspect:
    what, agent = f"{1 - plan.advanced_share.central:.0%} of tasks", with_agent(plan)
    return _aspect("average", what, agent, "inside" if agent else NO_AGENT, cites=agent)


def _advanced(plan: Scenario) -> Aspect:
    what = f"{plan.advanced_share.central:.0%} of tasks"
    if not has_advanced(plan):
        return _aspect("advanced", what, True, _WORDS["nobody"])
    return _aspect("advanced", what, False, "outside" if with_agent(plan) else NO_AGENT)


def _sizes(plan: Scenario) -> Aspect:
    median, agent = (
        plan.tasks.average.median_hours or plan.tasks.average.mean_hours or 0.0,
        with_agent(plan),
    )
    what = f"average work {median:g} expert-h, pieces up to {plan.policy.scope_hours:g}"
    return _aspect("sizes", what, False, "outside" if agent else NO_AGENT, cites=agent)


def _fixes(plan: Scenario) -> Aspect:
    what = f"{plan.tasks.fix_share:.0%} of tasks"
    if not with_agent(plan):
        return _aspect("fixes", what, False, NO_AGENT)
    first, last = (value(row) for row in _WORDS["fixes"]["evidence"][:2])
    inside = min(first, last) <= 100 * plan.tasks.fix_share <= max(first, last)
    return _aspect("fixes", what, inside, "why", first=first, last=last)
