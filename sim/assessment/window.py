"""What of a plan lies inside what the central study observed, and what outside."""

from dataclasses import dataclass
from datetime import date

from sim.assessment import assumptions, evidence
from sim.assessment.evidence import month_number
from sim.engine import setup
from sim.scenario import Scenario

NO_AGENT = "no session with an agent in this plan"


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


def aspects(plan: Scenario, today: date) -> tuple[Aspect, ...]:
    """Tool, version, dates, roles and kinds of work, each inside or outside."""
    return (
        _tool(plan),
        _version(plan),
        _dates(plan, today),
        _engineers(plan),
        _adjacent(plan),
        _average(plan),
        _advanced(plan),
        _sizes(plan),
        _fixes(plan),
    )


def age_months(plan: Scenario, today: date) -> tuple[int, int]:
    """Months from the end of the study's window to the run's start, and to today."""
    end = month_number(evidence.study_window()[1])
    return month_number(plan.horizon.start) - end, today.year * 12 + today.month - end


def studied_tool(plan: Scenario) -> bool:
    """Whether the plan's curve is that of the product the study observed."""
    return assumptions.with_agent(plan) and plan.tool.anchor == "study"


def version_of(plan: Scenario) -> str:
    """Month of the tool's version in use, "YYYY-MM"; empty where a tool has none."""
    tool = plan.tool
    months = {"start": plan.horizon.start, "date": tool.date, "None": tool.date}
    return str(months.get(str(tool.version), tool.version) or "")


def _tool(plan: Scenario) -> Aspect:
    inside = studied_tool(plan)
    if inside:
        why = "Claude Code, one vendor's product, used interactively by early adopters"
    elif plan.tool.kind == "agentic" and not assumptions.with_agent(plan):
        why = "policy.agent_use = 'never': " + NO_AGENT
    elif plan.tool.kind == "agentic":
        why = "another agent: level shifts are borrowed from the study, which saw one product"
    else:
        why = NO_AGENT
    what = f"{plan.tool.profile} ({plan.tool.kind})"
    return Aspect("tool", what, inside, why, ("study-sessions", "study-users"))


def _version(plan: Scenario) -> Aspect:
    first, last = evidence.study_window()
    if not assumptions.with_agent(plan):
        return Aspect("version of the tool", "no agent", False, NO_AGENT, ())
    version = version_of(plan)
    inside = first <= version <= last and studied_tool(plan)
    ahead, beyond = setup.months(plan), assumptions.months_beyond(plan)
    if beyond > 0:
        way = "on" if ahead > 0 else "back"
        why = (
            f"the curve is carried {abs(ahead):.1f} months {way} by the published doubling time, "
            f"{beyond:.1f} months beyond its evidence"
        )
    elif inside:
        why = f"observed from {first} to {last}"
    else:
        why = f"the study observed {first} to {last} of its own product"
    rows = ("metr-doubling", "metr-doubling-all")
    return Aspect("version of the tool", f"as of {version}", inside, why, rows)


def _dates(plan: Scenario, today: date) -> Aspect:
    first, last = evidence.study_window()
    at_start, now = age_months(plan, today)
    inside = first <= plan.horizon.start <= last
    why = (
        f"the study's window is {first} to {last}; its end is {_age(at_start)} the run's start and "
        f"{_age(now)} {today.isoformat()}"
    )
    what = f"{plan.horizon.weeks} weeks from {plan.horizon.start}"
    return Aspect("dates", what, inside, why, ("study-sessions",))


def _age(months: int) -> str:
    unit = "month" if abs(months) == 1 else "months"
    return f"{abs(months)} {unit} {'before' if months >= 0 else 'after'}"


def _engineers(plan: Scenario) -> Aspect:
    count = sum(group.count for group in plan.groups) - assumptions.adjacent_people(plan)
    rows = ("occupation-verified-all-software", "occupation-verified-code-software")
    what = _people(count)
    if not assumptions.with_agent(plan):
        return Aspect("engineers", what, False, NO_AGENT, rows)
    why = "software occupations are a group of the study" if count else "none in the plan"
    return Aspect("engineers", what, True, why, rows)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _adjacent(plan: Scenario) -> Aspect:
    count = assumptions.adjacent_people(plan)
    rows = ("occupation-gap-all", "occupation-gap-code", "conflict-c14")
    what = _people(count)
    if not assumptions.with_agent(plan):
        return Aspect("adjacent roles", what, False, NO_AGENT, rows)
    if not count:
        return Aspect("adjacent roles", what, True, "none in the plan", rows)
    if assumptions.has_advanced(plan):
        why = "near parity is documented on average; on advanced work it is not known"
        return Aspect("adjacent roles", what, False, why, rows)
    gaps = " and ".join(f"{evidence.value(row):g}" for row in rows[:2])
    why = f"other occupations were {gaps} pp below software in verified success, on average"
    return Aspect("adjacent roles", what, True, why, rows)


def _share(plan: Scenario) -> float:
    return assumptions.advanced_share(plan).central


def _average(plan: Scenario) -> Aspect:
    what = f"{1 - _share(plan):.0%} of tasks"
    if not assumptions.with_agent(plan):
        return Aspect("average work", what, False, NO_AGENT, ())
    why = "what people brought, taken together; the study does not define an average task"
    return Aspect("average work", what, True, why, ("mode-group-code-direct",))


def _advanced(plan: Scenario) -> Aspect:
    what = f"{_share(plan):.0%} of tasks"
    if not assumptions.has_advanced(plan):
        return Aspect("advanced work", what, True, "none in the plan", ("conflict-c14",))
    why = "the study does not split its rates by difficulty; the penalty here is an assumption"
    if not assumptions.with_agent(plan):
        why = NO_AGENT
    return Aspect("advanced work", what, False, why, ("conflict-c14",))


def _sizes(plan: Scenario) -> Aspect:
    median = plan.tasks.average.median_hours or plan.tasks.average.mean_hours or 0.0
    what = f"average work {median:g} expert-h, pieces up to {plan.policy.scope_hours:g}"
    if not assumptions.with_agent(plan):
        return Aspect("task sizes", what, False, NO_AGENT, ())
    why = "sizes of the studied sessions were not published; the curve's reference is an assumption"
    return Aspect("task sizes", what, False, why, ("turns-per-session", "turn-median"))


def _fixes(plan: Scenario) -> Aspect:
    rows = ("fix-share-oct", "fix-share-apr", "mode-share-fix")
    what = f"{plan.tasks.fix_share:.0%} of tasks"
    if not assumptions.with_agent(plan):
        return Aspect("fixes", what, False, NO_AGENT, rows)
    shares = [evidence.value(row) for row in rows[:2]]
    inside = min(shares) <= 100 * plan.tasks.fix_share <= max(shares)
    why = (
        f"fixing was {shares[0]:g}% of sessions at the start of the window and {shares[1]:g}% at "
        "its end; success by kind of work is not published"
    )
    return Aspect("fixes", what, inside, why, rows)


def cited(found: tuple[Aspect, ...]) -> tuple[str, ...]:
    """Rows of the ledger behind them, each once."""
    return tuple(dict.fromkeys(row for aspect in found for row in aspect.evidence))
