"""The controls of the planning page: what can be moved, where it stands, where that comes from.

Facts, such as hours of development, a deadline or pay, hold today and with the plan; what the plan
changes is told against today.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sim.parameters import register
from sim.scenario import LEVELS, Scenario, load
from sim.scenario.development import FULL_WEEK, PARAMETER
from sim.scenario.files import packaged_tools
from sim.scenario.merging import leaves
from sim.scenario.money import PAID_HOURS_A_YEAR

ROLES = ("engineer", "adjacent")
MOST_PEOPLE, MOST_WEEKS, MOST_TICKETS = 60, 156, 2000  # of a plan on the page
FACTS, TODAY, PLAN, MONEY = "facts", "today", "plan", "money"
AS_TODAY = "as today"  # of a choice of the plan
REVIEWS = {"all": "All work", "unverified": "Work without hard evidence", "none": "Nothing"}
LEVEL_WORDS = {
    "novice": "Novices", "beginner": "Beginners", "intermediate": "Intermediates",
    "advanced": "Advanced-level", "expert": "Experts",
}  # fmt: skip
ASSUMPTION = "assumption"
STATED, TRIED = "as the plan's file states it", "what the plan tries"
HIRING_SHARE = 0.2  # of a year's pay of an expert; assumption
JOIN_WEEK = 6  # weeks until somebody who is added starts; assumption


@dataclass(frozen=True)
class Control:
    """One thing that can be moved.

    id       key of a state
    group    facts, today, plan or money
    label    words beside it
    kind     "range", "pair" (two ends of a range), "people", "number" or "choice"
    value    where it stands unless moved; of a choice one of `choices`
    unit     of the value; empty for a choice
    low, high, step   of numbers
    choices  value -> words
    source   where the value comes from, in words
    """

    id: str
    group: str
    label: str
    kind: str
    value: Any
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    choices: dict[str, str] | None = None
    source: str = ""


@lru_cache(maxsize=8)
def controls_of(plan: Scenario) -> Mapping[str, Control]:
    """The controls of a scenario: id -> Control, in the order of the page."""
    every = (*_facts(plan), *_team(plan), *_ways(plan), *_training(plan), *_money(plan))
    return MappingProxyType({control.id: control for control in every})


def to_json(known: Mapping[str, Control]) -> list[dict[str, Any]]:
    """Controls as plain data, in their order."""
    return [asdict(control) for control in known.values()]


def seats(group: str) -> list[tuple[str, str, str]]:
    """(role, level, id) of every count of people of a group, "today" or "plan"."""
    return [(role, level, f"{group}.{role}.{level}") for role in ROLES for level in LEVELS]


def people(plan: Scenario, role: str, level: str) -> int:
    """How many people of a role and level [team] states."""
    return int(getattr(plan.team if role == "engineer" else plan.team.adjacent, level))


# ---- of a scenario -------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _baseline() -> dict[str, Any]:
    """What a plan has that states nothing: dotted path -> value."""
    return dict(leaves(load("baseline").to_dict()))


def _source(path: str, plan: Scenario | None = None) -> str:
    """Where the number of a path comes from, as the register has it; else the plan's file.

    plan : whose number it is; one that is not that of the baseline is of its file
    """
    entry = register().get(path)
    own = plan is not None and dict(leaves(plan.to_dict())).get(path) != _baseline().get(path)
    if entry is None or own:
        return STATED
    kind = ASSUMPTION if entry.assumed else "published studies"
    return f"{kind}: {entry.reasoning}"


def _facts(plan: Scenario) -> list[Control]:
    stated = plan.world.get(PARAMETER)
    belief = stated or register()[PARAMETER].distribution
    assert belief is not None  # a world parameter has one
    low, high = (round(float(end) * FULL_WEEK) for end in belief.quantile([0.05, 0.95]))
    source = "yours: as the plan's file states it" if stated else _source(PARAMETER)
    controls = [
        Control(
            "hours", FACTS, "Hours of a week that go into development", "pair", [low, high],
            "h of 40", 2, 38, 1, source=source,
        )
    ]  # fmt: skip
    weeks = plan.horizon.weeks
    if plan.tasks.backlog is not None:
        backlog = plan.tasks.backlog
        controls += [
            Control("backlog", FACTS, "Tickets to be done", "range", backlog, "tickets",
                    max(1, backlog // 4), min(MOST_TICKETS, max(20, 3 * backlog)),
                    source=_source("tasks.backlog")),
            Control("done_share", FACTS, "Share that must be done", "range",
                    round(100 * plan.tasks.done_share), "%", 50, 100,
                    source=_source("tasks.done_share", plan)),
            Control("blocked", FACTS, "Tickets that wait for another one", "range",
                    round(100 * plan.tasks.blocked_share), "%", 0,
                    math.floor(100 * (1 - 1 / plan.tasks.chain_length)),
                    source=_source("tasks.blocked_share", plan)),
        ]  # fmt: skip
        if plan.by_week is not None:
            controls.append(
                Control("deadline", FACTS, "Deadline: end of week", "range",
                        math.ceil(plan.by_week), "weeks", 1, min(MOST_WEEKS, max(26, 2 * weeks)),
                        source=_source("answer.by_week"))
            )  # fmt: skip
    controls += [
        Control("weeks", FACTS, "Weeks simulated", "range", weeks, "weeks", 2,
                max(weeks, min(MOST_WEEKS, 2 * max(26, weeks))),
                source=_source("horizon.weeks", plan)),
        Control("advanced", FACTS, "Advanced work among it", "range",
                round(100 * plan.advanced_share.central), "%", 0, 100,
                source=_source("tasks.advanced_share", plan)),
    ]  # fmt: skip
    return controls


def _team(plan: Scenario) -> list[Control]:
    controls = [
        Control(key, TODAY, f"{LEVEL_WORDS[level]}, {_ROLE_WORDS[role]}", "people",
                people(plan, role, level), "people", 0, MOST_PEOPLE,
                source=STATED)
        for role, level, key in seats("today")
    ]  # fmt: skip
    controls += [
        Control(key, PLAN, f"{LEVEL_WORDS[level]}, {_ROLE_WORDS[role]}: more or fewer", "people",
                0, "people", -MOST_PEOPLE, MOST_PEOPLE, source=TRIED)
        for role, level, key in seats("plan")
    ]  # fmt: skip
    controls.append(
        Control("join", PLAN, "Who is added starts in week", "range", JOIN_WEEK, "weeks", 0, 52,
                source="assumption: six weeks to find somebody")
    )  # fmt: skip
    return controls


_ROLE_WORDS = {"engineer": "engineers", "adjacent": "analysts and other roles that do not code"}


def _ways(plan: Scenario) -> list[Control]:
    """Tool and review, today and with the plan."""
    profiles = {plan.tool.profile: plan.tool.description} | packaged_tools()
    same = {AS_TODAY: "As today"}
    return [
        Control("today.tool", TODAY, "Tool today", "choice", plan.tool.profile, choices=profiles,
                source=STATED),
        Control("today.review", TODAY, "Reviewed today", "choice", plan.policy.review,
                choices=REVIEWS, source=STATED),
        Control("plan.tool", PLAN, "Tool", "choice", AS_TODAY, choices=same | profiles,
                source=TRIED),
        Control("plan.tool_start", PLAN, "That tool starts in week", "range", 0, "weeks", 0,
                min(52, plan.horizon.weeks - 1), source=TRIED),
        Control("plan.review", PLAN, "Reviewed", "choice", AS_TODAY, choices=same | REVIEWS,
                source=TRIED),
    ]  # fmt: skip


def _training(plan: Scenario) -> list[Control]:
    training = plan.training
    weeks = min(52, plan.horizon.weeks)
    return [
        Control("seats", PLAN, "People trained, the lowest levels first", "range", training.seats,
                "people", 0, max(training.seats, min(20, plan.headcount)),
                source=TRIED),
        Control("target", PLAN, "Trained towards", "choice", training.target,
                choices={level: LEVEL_WORDS[level] for level in list(LEVELS)[1:]},
                source=TRIED),
        Control("train_weeks", PLAN, "Training lasts", "range", training.weeks, "weeks", 1,
                max(training.weeks, weeks), source=_source("training.weeks")),
        Control("train_hours", PLAN, "Training takes", "range", training.hours_per_week,
                "h a week", 1, 20, source=_source("training.hours_per_week")),
        Control("train_start", PLAN, "Training starts in week", "range", training.start_week,
                "weeks", 0, max(training.start_week, weeks), source=TRIED),
    ]  # fmt: skip


def _money(plan: Scenario) -> list[Control]:
    money = plan.money
    if money is None:
        return []
    unit, given = money.currency, STATED
    pay = money.cost_per_hour("engineer") or money.cost_per_hour("adjacent") or {"expert": 0.0}
    hiring = float(f"{HIRING_SHARE * pay['expert'] * PAID_HOURS_A_YEAR / money.overhead:.1g}")
    controls = [
        Control("hiring", MONEY, "Finding and hiring a person", "number", hiring, unit, 0, 1e9,
                source="assumption: a fifth of an expert's yearly pay"),
        Control("seat_price", MONEY, "A seat of the training", "number",
                plan.training.cost_per_seat, unit, 0, 1e9, source=given),
        Control("tool_price", MONEY, "Tool, a person and month", "number",
                money.tool_per_person_month, unit, 0, 1e6, source=given),
        Control("plan.tool_price", MONEY, "Another tool of the plan, a person and month", "number",
                money.tool_per_person_month, unit, 0, 1e6,
                source="assumption: as today's; nothing without a tool"),
    ]  # fmt: skip
    if money.price_per_expert_hour is not None:
        controls.append(
            Control("work_price", MONEY, "Worth of an expert's hour of work", "number",
                    money.price_per_expert_hour, unit, 0, 1e6, source=given)
        )  # fmt: skip
    for role in ROLES:
        salary = getattr(money.salary, role, None)
        controls += [
            Control(f"pay.{role}.{level}", MONEY, f"{LEVEL_WORDS[level]}, {_ROLE_WORDS[role]}",
                    "number", getattr(salary, level), f"{unit} a year", 0, 1e9, source=given)
            for level in LEVELS
            if salary is not None
        ]  # fmt: skip
    if money.salary is not None:
        controls.append(
            Control("overhead", MONEY, "Cost of a person over salary", "number", money.overhead,
                    "times", 1, 10, 0.05, source=given)
        )  # fmt: skip
    return controls
