"""The tables of a scenario file: their keys, units and limits, and what keys ask of each other.

Types of value come first; each checks one value by itself. Then the tables, and what the values of
one table ask of each other.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from sim.errors import RegisterError, near
from sim.parameters import is_number, parse_distribution, world_parameters
from sim.scenario import own_record
from sim.scenario.calendar_days import day_fault, first_day, is_day, is_month, week_at_end_of
from sim.scenario.development import KEY, SCHEMA
from sim.scenario.merging import FINITE

LEVELS = {"novice": 1, "beginner": 2, "intermediate": 3, "advanced": 4, "expert": 5}
SIZES = (1e-3, 10_000.0)  # what a size may be believed to be [expert-h]
LevelName = Literal["novice", "beginner", "intermediate", "advanced", "expert"]
MAX_PEOPLE = 500
MAX_DOMAINS = 4
ROUNDING = 1e-6  # by how much shares of the work may miss 1


# ---- values --------------------------------------------------------------------------------------


def fault_at(key: str, message: str) -> PydanticCustomError:
    """A fault found by a check of ours: the key below the table checked, and what must hold."""
    return PydanticCustomError("fault", "{message}", {"key": key, "message": message})


def _month(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value, re.ASCII):
        raise fault_at("", 'must be a month in quotes, such as "2026-12"')
    if not "2020-01" <= value <= "2040-12":
        raise fault_at("", "must be from 2020-01 to 2040-12")
    return value


def _start(value: Any) -> Any:
    if isinstance(value, str) and (fault := day_fault(value)):
        raise fault_at("", fault)
    if not isinstance(value, str) or not (is_month(value) or is_day(value)):
        raise fault_at(
            "", 'must be a month or a day in quotes, such as "2027-03" or "2027-03-15", from 2020 '
            "to 2040",
        )  # fmt: skip
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str) and (fault := day_fault(value)):
        raise fault_at("", fault)
    if not isinstance(value, str) or not is_day(value):
        raise fault_at(
            "", 'must be a day in quotes, such as "2027-03-31" for the end of March 2027'
        )
    return value


def _version(value: Any) -> Any:
    try:
        return value if value in ("start", "date") else _month(value)
    except PydanticCustomError:
        raise fault_at("", "must be 'start', 'date' or a month from 2020-01 to 2040-12") from None


def _text(value: Any) -> Any:
    if not isinstance(value, str) or not value.strip():
        raise fault_at("", "must be a text in quotes that is not empty")
    return value


def _arrivals(value: Any) -> Any:
    if value == "saturated" and isinstance(value, str):
        return value
    if not is_number(value) or value < 0:
        raise fault_at("", "must be 'saturated', or a number of 0 or more")
    return float(value)


def _level(value: Any) -> float:
    if isinstance(value, str) and value in LEVELS:
        return float(LEVELS[value])
    if isinstance(value, str):
        raise fault_at("", "unknown level" + near(value, LEVELS))
    if not is_number(value) or not 1 <= value <= 5:
        raise fault_at("", "must be a level's name, a number from 1 to 5, or [low, high]")
    return float(value)


def _level_or_range(value: Any) -> Any:
    if not isinstance(value, list):
        return _level(value)
    if len(value) != 2:
        raise fault_at("", "must be [low, high] when it is a range")
    low, high = map(_level, value)
    if low > high:
        raise fault_at("", "must have its lower level first")
    return [low, high]


def _level_of_domains(value: Any) -> Any:
    if isinstance(value, dict):
        if not value:
            raise fault_at("", "must state a level for each of [domains]")
        return {name: _level_or_range(level) for name, level in value.items()}
    return _level_or_range(value)


def _belief(value: Any, bounds: tuple[float, float]) -> Any:
    try:
        return parse_distribution(value, bounds).to_plain()
    except RegisterError as error:
        raise fault_at("", str(error)) from None


def _hours_or_belief(value: Any) -> Any:
    if isinstance(value, dict):
        return _belief(value, SIZES)
    if not is_number(value):
        raise fault_at("", "must be a number above 0, or a distribution")
    if not value > 0:
        raise fault_at("", "must be above 0")
    if value > SIZES[1]:
        raise fault_at("", f"must be {SIZES[1]:g} or less")
    return float(value)


def _share_or_belief(value: Any) -> Any:
    if isinstance(value, dict):
        return _belief(value, (0.0, 1.0))
    if not is_number(value):
        raise fault_at("", "must be a number from 0 to 1, or a distribution")
    if not 0 <= value <= 1:
        raise fault_at("", f"must be {0 if value < 0 else 1} or {'more' if value < 0 else 'less'}")
    return float(value)


Start = Annotated[str, BeforeValidator(_start), WithJsonSchema({"type": "string"})]
Day = Annotated[str, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Month = Annotated[str, BeforeValidator(_month), WithJsonSchema({"type": "string"})]
Version = Annotated[str, BeforeValidator(_version), WithJsonSchema({"type": "string"})]
Text = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": "string", "minLength": 1})]
Arrivals = Annotated[
    Any,
    BeforeValidator(_arrivals),
    WithJsonSchema({"anyOf": [{"const": "saturated"}, {"type": "number", "minimum": 0}]}),
]
_LEVEL_SCHEMA = {"anyOf": [{"enum": list(LEVELS)}, {"type": "number", "minimum": 1, "maximum": 5}]}
_RANGE_SCHEMA = {"type": "array", "items": _LEVEL_SCHEMA, "minItems": 2, "maxItems": 2}
_ANY_LEVEL = {"anyOf": [*_LEVEL_SCHEMA["anyOf"], _RANGE_SCHEMA]}
_BY_DOMAIN = {"type": "object", "additionalProperties": _ANY_LEVEL, "minProperties": 1}
Level = Annotated[Any, BeforeValidator(_level), WithJsonSchema(_LEVEL_SCHEMA)]
LevelOfDomains = Annotated[
    Any,
    BeforeValidator(_level_of_domains),
    WithJsonSchema({"anyOf": [*_ANY_LEVEL["anyOf"], _BY_DOMAIN]}),
]
_DISTRIBUTION = {"type": "object", "minProperties": 1, "maxProperties": 1}
ShareOrBelief = Annotated[
    Any,
    BeforeValidator(_share_or_belief),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, _DISTRIBUTION]}),
]
HoursOrBelief = Annotated[
    Any,
    BeforeValidator(_hours_or_belief),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, _DISTRIBUTION]}),
]


def number(unit: str, description: str, default: Any = ..., **limits: Any) -> Any:
    """A field with its unit, which error lines and editors show."""
    return Field(default, description=description, json_schema_extra={"unit": unit}, **limits)


def share(description: str, default: Any = ...) -> Any:
    """A field from 0 to 1."""
    return number("share", description, default, ge=0, le=1)


# ---- tables --------------------------------------------------------------------------------------


class TableOfFile(BaseModel):
    """A table of a file: unknown keys and values of another kind are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def _people() -> Any:
    return number("people", "People of this level", 0, ge=0, le=MAX_PEOPLE)


class Horizon(TableOfFile):
    """How long the run lasts, and when it begins."""

    start: Start = Field(
        description="Day on which the run begins, YYYY-MM-DD; a month, YYYY-MM, is its first Monday"
    )
    weeks: int = number("weeks", "Length of the run, in working weeks of 40 h", ge=1, le=520)

    @property
    def month(self) -> str:
        """Month in which the run begins, YYYY-MM."""
        return self.start[:7]


class Adjacent(TableOfFile):
    """People who know the domain and do not code by hand, by level."""

    novice: int = _people()
    beginner: int = _people()
    intermediate: int = _people()
    advanced: int = _people()
    expert: int = _people()


class Team(Adjacent):
    """Engineers by level, and people in adjacent roles."""

    adjacent: Adjacent = Field(default=Adjacent())


Role = Literal["engineer", "adjacent"]


class People(TableOfFile):
    """A row of people that [team] cannot state: a level between names, a range, part-time."""

    count: int = number("people", "How many such people", ge=1, le=MAX_PEOPLE)
    level: LevelOfDomains = Field(
        description="Level name, number from 1 to 5, [low, high], or one of these for each domain"
    )
    role: Role = Field(description="Role of these people")
    hours_per_week: float = number("h/week", "Hours each works a week", 40.0, gt=0, le=60)
    cost_per_hour: float | None = number(
        "money/h", "Cost of a paid hour, instead of that of role and level", None, ge=0, le=1e9
    )
    familiarity: float | None = share(
        "Familiarity with the tool they begin with; by default the team's, or none who join", None
    )


class Joiner(People):
    """People who join: the seat opens at a week, is filled some weeks later, and then ramps up."""

    week: int = number("weeks", "Weeks into the run when the seat opens", ge=0, le=520)
    weeks_to_fill: float = number("weeks", "Mean time to fill the seat", 0.0, ge=0, le=520)
    hiring_cost: float = number("money", "Cost of filling one seat", 0.0, ge=0, le=1e12)


class Leaver(TableOfFile):
    """People of the team who leave at a week."""

    count: int = number("people", "How many leave", 1, ge=1, le=MAX_PEOPLE)
    level: Level = Field(description="Level name or number they are stated with")
    role: Role = Field(description="Role they are stated with")
    week: int = number("weeks", "Weeks into the run when they leave", ge=0, le=520)


class Attrition(TableOfFile):
    """People leave by chance, and their seats may be refilled at the level they had."""

    per_year: float = number("share/year", "Rate at which people leave", ge=0, le=5)
    refill: bool = Field(description="Whether the seat is filled again")
    weeks_to_fill: float = number("weeks", "Mean time to fill a seat", ge=0, le=520)
    hiring_cost: float = number("money", "Cost of filling one seat", 0.0, ge=0, le=1e12)


class Training(TableOfFile):
    """A training towards a level: who takes part, how long, with whose hours."""

    seats: int = number("people", "Seats; the lowest levels come first", ge=0, le=MAX_PEOPLE)
    role: Literal["any", "engineer", "adjacent"] = Field(description="Role that is eligible")
    from_level: LevelName = Field(description="Lowest level that is eligible")
    target: LevelName = Field(description="Level aimed at; who is below is eligible")
    domain: Text | None = Field(default=None, description="Domain trained in; all by default")
    start_week: int = number("weeks", "Weeks into the run when it begins", ge=0, le=520)
    weeks: int = number("weeks", "How long it lasts", ge=1, le=520)
    hours_per_week: float = number("h/week", "Hours of each seat, out of development", ge=0, le=60)
    trainer_hours_per_week: float = number(
        "h/week", "Hours of colleagues, shared by the most expert; 0 where outsiders train",
        ge=0, le=1000,
    )  # fmt: skip
    cost_per_seat: float = number("money", "Price of a seat", ge=0, le=1e12)


class Pay(TableOfFile):
    """Cost of a paid hour by level; between levels in proportion."""

    novice: float = number("money/h", "Cost of an hour at this level", ge=0, le=1e9)
    beginner: float = number("money/h", "Cost of an hour at this level", ge=0, le=1e9)
    intermediate: float = number("money/h", "Cost of an hour at this level", ge=0, le=1e9)
    advanced: float = number("money/h", "Cost of an hour at this level", ge=0, le=1e9)
    expert: float = number("money/h", "Cost of an hour at this level", ge=0, le=1e9)


class Salary(TableOfFile):
    """Salary a year of forty paid hours a week, by level; between levels in proportion."""

    novice: float = number("money/year", "Salary at this level", ge=0, le=1e9)
    beginner: float = number("money/year", "Salary at this level", ge=0, le=1e9)
    intermediate: float = number("money/year", "Salary at this level", ge=0, le=1e9)
    advanced: float = number("money/year", "Salary at this level", ge=0, le=1e9)
    expert: float = number("money/year", "Salary at this level", ge=0, le=1e9)


class Salaries(TableOfFile):
    """Salaries by role."""

    engineer: Salary | None = Field(default=None, description="Engineers', by the level hired at")
    adjacent: Salary | None = Field(
        default=None, description="Adjacent people's, by the level hired at"
    )


PAID_HOURS_A_YEAR = 52 * 40.0  # leave and holidays are paid


class Money(TableOfFile):
    """What people and the tool cost, and what work is worth; without it no money is counted."""

    currency: Text = Field(description="Unit of every amount")
    salary: Salaries | None = Field(default=None, description="Salaries a year, by role and level")
    overhead: float = number(
        "factor", "Cost of a person over salary: insurance, place of work; 1 counts salary alone",
        1.0, ge=1, le=10,
    )  # fmt: skip
    engineer: Pay | None = Field(
        default=None, description="Cost of an engineer's hour, by the level hired at"
    )
    adjacent: Pay | None = Field(
        default=None, description="Cost of an adjacent person's hour, by the level hired at"
    )
    tool_per_person_month: float = number("money", "Tool, a person and month", ge=0, le=1e9)
    price_per_expert_hour: float | None = number(
        "money/expert-h", "Worth of work delivered; net value needs it", None, ge=0, le=1e9
    )

    @model_validator(mode="after")
    def _one_statement_of_pay(self) -> "Money":
        for role in ("engineer", "adjacent"):
            if getattr(self, role) is not None and getattr(self.salary, role, None) is not None:
                raise fault_at("", f"must state either salary.{role} or {role}, not both")
        if self.overhead != 1 and self.salary is None:
            raise fault_at("overhead", "is over a salary; state salary.engineer, or leave it out")
        return self

    def cost_per_hour(self, role: str) -> dict[str, float] | None:
        """Cost of a paid hour by level [money/h], or None where the role's is not stated."""
        pay, salary = getattr(self, role), getattr(self.salary, role, None)
        if salary is not None:
            yearly = self.overhead / PAID_HOURS_A_YEAR
            return {level: getattr(salary, level) * yearly for level in LEVELS}
        return None if pay is None else {level: getattr(pay, level) for level in LEVELS}


class Size(TableOfFile):
    """Sizes of tasks: hours an expert engineer of the domain would need by hand."""

    size: Literal["lognormal", "exponential", "constant"] = Field(
        description="Shape of the distribution of sizes"
    )
    median_hours: float | None = number("expert-h", "Median size", None, gt=0, le=10_000)
    sigma: float | None = number("log h", "Standard deviation of the log", None, ge=0, le=5)
    mean_hours: float | None = number("expert-h", "Mean size", None, gt=0, le=10_000)

    @model_validator(mode="after")
    def _numbers_of_its_shape(self) -> "Size":
        needed = ("median_hours", "sigma") if self.size == "lognormal" else ("mean_hours",)
        _needs_only(self, needed, ("median_hours", "sigma", "mean_hours"), f"size = '{self.size}'")
        return self


class Tasks(TableOfFile):
    """The work: how much arrives, of which class and kind, and how large it is."""

    arrivals_per_week: Arrivals | None = number("tasks/week", "New tasks a week", None)
    backlog: int | None = number(
        "tasks", "Tickets there at the start; no new ones arrive", None, ge=0, le=1_000_000
    )
    done_share: float = number(
        "share", "Share of a backlog's tasks that must be done for it to count as done", 1.0,
        gt=0, le=1,
    )  # fmt: skip
    advanced_share: ShareOrBelief = Field(
        description="Share of arriving tasks that are advanced work, or its distribution",
        json_schema_extra={"unit": "share"},
    )
    fix_share: float = share("Share of arriving tasks that fix what existed before")
    own_share: float = share("Share of arriving tasks on code that their author knows", 0.0)
    average: Size
    advanced: Size

    @model_validator(mode="after")
    def _one_source_of_work(self) -> "Tasks":
        if (self.arrivals_per_week is None) == (self.backlog is None):
            raise fault_at("", "must state either arrivals_per_week or backlog, not both")
        return self


class Profile(TableOfFile):
    """A tool profile: what the team works with, and of which date."""

    kind: Literal["agentic", "assistive", "none"] = Field(description="What the tool does")
    description: Text = Field(description="What it is, in one line")
    source: Text | None = Field(default=None, description="Where its figures come from")
    date: Month | None = Field(default=None, description="Month its curve describes, YYYY-MM")
    anchor: Literal["study"] | None = Field(default=None, description="Curve of the study")
    horizon_hours: HoursOrBelief | None = number(
        "expert-h", "Size of task that a benchmark has done half the time; or its distribution",
        None,
    )  # fmt: skip
    slope_per_doubling: float | None = number(
        "logit/doubling", "Log-odds lost per doubling of size", None, gt=0, le=5
    )
    version: Version | None = Field(
        default=None, description="Version used: 'start' of the run, as of its 'date', or a month"
    )
    improves: bool | None = Field(default=None, description="Whether it improves inside a run")
    adoption: float | None = share("Share of the work taken to the tool", None)
    world: dict[str, Any] | None = Field(
        default=None, description="What the register does not know of this tool, with its source"
    )

    @model_validator(mode="after")
    def _keys_of_its_kind(self) -> "Profile":
        own = ("source", "date", "adoption")
        agentic = ("anchor", "horizon_hours", "slope_per_doubling", "version", "improves")
        if self.kind == "none":
            _needs_only(self, (), ("adoption", *agentic), "kind = 'none'")
        elif self.kind == "assistive":
            _needs_only(self, own, (*own, *agentic), "kind = 'assistive'")
        else:
            by_horizon = self.horizon_hours is not None or self.slope_per_doubling is not None
            if by_horizon == (self.anchor is not None):
                fault = "must state either anchor = 'study' or horizon_hours and slope_per_doubling"
                raise fault_at("", fault)
            curve = ("horizon_hours", "slope_per_doubling") if by_horizon else ("anchor",)
            needed = (*own, *curve, "version", "improves")
            _needs_only(self, needed, needed, "kind = 'agentic'")
        return self


class Tool(Profile):
    """The merged tool profile, its name, and the curve set."""

    profile: Text = Field(description="A file of scenarios/tools, by name or path")
    curves: Text = Field(description="Curve set: study, headline, or a fitted set")
    familiarity: float | None = share(
        "Familiarity with the tool of the team at the start; by default as the studied users", None
    )
    changed: bool = Field(
        default=False, description="Whether the team comes from another tool and keeps a part of it"
    )


class Policy(TableOfFile):
    """What the team has decided about how it works."""

    routing: Literal["fifo", "matched", "strict"] = Field(description="Who picks which work")
    matched_level: LevelName = Field(description="From which level people do advanced work")
    lookahead: int = number(
        "tasks", "Waiting tasks that may be passed over to find a suitable one", ge=0, le=1000
    )
    agent_use: Literal["always", "never", "pays"] = Field(description="When work goes to the agent")
    scope_hours: float = number("expert-h", "Largest piece given to a session", gt=0, le=10_000)
    max_sessions: int = number(
        "sessions", "Sessions on a piece before it is done by hand", ge=1, le=20
    )
    stretch_hours: float = number("h", "Longest stretch by hand", gt=0, le=10_000)
    # Where a default stands the key is younger than plans that are saved: as it was without it.
    split_hours: float = number(
        "expert-h", "Largest task not split into parts that several people take", 10_000.0,
        ge=1, le=10_000,
    )  # fmt: skip
    tries_per_level: int = number(
        "tries", "People of one level who give a task up before it waits for somebody abler", 1,
        ge=1, le=1000,
    )  # fmt: skip
    review: Literal["none", "unverified", "all"] = Field(description="Which work is reviewed")
    review_order: Literal["first", "turn", "last"] = Field(description="When reviews come")
    reviewer_level: LevelName = Field(description="From which level people review")
    review_hours_per_week: float = number(
        "h/week", "Hours set aside for reviews, a person; capacity may allow fewer", ge=0, le=168
    )
    wip_limit: int = number("items", "Own items that may wait for review", ge=1, le=1_000_000)
    at_limit: Literal["review", "wait", "continue"] = Field(
        default="review", description="What an author at that limit does"
    )
    adjacent_by_hand: bool = Field(description="Whether adjacent roles code by hand")
    adjacent_work: Literal["all", "average"] = Field(
        default="all", description="Which class of work adjacent roles take"
    )
    parallel_sessions: int = number(
        "sessions", "Agent sessions that a person keeps going at once", ge=1, le=50
    )
    subteam_size: int = number(
        "people", "Largest group in which everybody talks to everybody", ge=1, le=MAX_PEOPLE
    )


# Levers younger than plans that are saved: table -> key -> field, whose default is as without it.
YOUNG = {
    "tasks": {key: Tasks.model_fields[key] for key in ("done_share", "own_share")},
    "tool": {key: Tool.model_fields[key] for key in ("changed",)},
    "policy": {
        key: Policy.model_fields[key]
        for key in ("split_hours", "tries_per_level", "at_limit", "adjacent_work")
    },
    "money": {"overhead": Money.model_fields["overhead"]},
}


DEADLINES = ("by", "by_week")  # keys of a deadline


class Answer(TableOfFile):
    """What answers the question: a metric, of this plan or against another one."""

    metric: Text = Field(default="work_delivered", description="Metric that answers the question")
    against: Text | None = Field(
        default=None, description="Scenario it is compared with, by name or path"
    )
    by: Day | None = Field(
        default=None, description="Day by whose end the backlog is to be done, YYYY-MM-DD"
    )
    by_week: float | None = number(
        "weeks", "Week of the run by whose end the backlog is to be done", None, gt=0, le=520
    )
    up_to_week: float | None = number(
        "weeks", "Week up to which time and cost until done are counted, the same in all plans; "
        "by default the deadline, or else the end of the run", None, gt=0, le=520,
    )  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _deadline_is_the_answer(cls, stated: Any) -> Any:
        """Who states a deadline and no metric asks whether it is met."""
        if isinstance(stated, dict) and "metric" not in stated and set(stated) & set(DEADLINES):
            return {"metric": "done_by"} | stated
        return stated

    @model_validator(mode="after")
    def _one_deadline(self) -> "Answer":
        if self.by is not None and self.by_week is not None:
            raise fault_at("", "must state either by or by_week, not both")
        return self


class Levers(TableOfFile):
    question: Text = Field(description="The question this scenario answers")
    answer: Answer = Field(default=Answer(), description="What answers the question")
    horizon: Horizon
    team: Team
    people: list[People] = Field(default=[], description="Rows that [team] cannot state")
    tasks: Tasks
    tool: Tool
    policy: Policy
    training: Training
    joiners: list[Joiner] = Field(default=[], description="People who join during the run")
    leavers: list[Leaver] = Field(default=[], description="People who leave at a known week")
    attrition: Attrition | None = Field(default=None, description="People who leave by chance")
    domains: dict[str, float] = Field(default={}, description="Domains of work, and their shares")
    money: Money | None = Field(default=None, description="Costs, and the price of work")
    world: dict[str, Any] = Field(
        default={}, description="What is believed of the world, instead of the register's values"
    )

    @model_validator(mode="before")
    @classmethod
    def _when_a_backlog_is_done(cls, stated: Any) -> Any:
        """Who states a backlog, and neither a metric nor a deadline, asks when it is done."""
        if not isinstance(stated, dict) or not isinstance(stated.get("tasks"), dict):
            return stated
        answer = stated.get("answer", {})
        silent = isinstance(answer, dict) and not {"metric", *DEADLINES} & set(answer)
        if silent and stated["tasks"].get("backlog") is not None:
            return stated | {"answer": {"metric": FINITE} | answer}
        return stated

    @model_validator(mode="after")
    def _not_too_many(self) -> "Levers":
        there = sum(group.count for group in groups_of(self.team, self.people))
        total = there + sum(row.count for row in self.joiners)
        if total > MAX_PEOPLE:
            rows = "[[people]] and [[joiners]]"
            raise fault_at("team", f"{total} people with {rows}: must be {MAX_PEOPLE} or fewer")
        return self

    @model_validator(mode="after")
    def _domains_are_all_of_the_work(self) -> "Levers":
        names, shares = list(self.domains), list(self.domains.values())
        if len(names) > MAX_DOMAINS:
            raise fault_at("domains", f"{len(names)} of them: must be {MAX_DOMAINS} or fewer")
        if not all(value >= 0 for value in shares):
            raise fault_at("domains", "shares must be 0 or more")
        if names and abs(sum(shares) - 1) > ROUNDING:
            raise fault_at("domains", f"shares sum to {sum(shares):g}: must sum to 1")
        if self.training.domain is not None and self.training.domain not in names:
            raise fault_at("training.domain", "unknown domain" + _near(self.training.domain, names))
        for table, rows in (("people", self.people), ("joiners", self.joiners)):
            for place, row in enumerate(rows):
                if isinstance(row.level, dict) and set(row.level) != set(names):
                    stated = ", ".join(names) or "none"
                    raise fault_at(
                        f"{table}[{place + 1}].level",
                        f"states {', '.join(row.level)}: must state each of [domains] ({stated})",
                    )
        return self

    @model_validator(mode="after")
    def _in_time(self) -> "Levers":
        weeks, training = self.horizon.weeks, self.training
        if training.seats and training.start_week + training.weeks > weeks:
            end = f"{training.start_week} + {training.weeks}"
            raise fault_at(
                "training", f"start_week + weeks = {end}: must not exceed horizon.weeks = {weeks}"
            )
        turns = {"joiners": [row.week for row in self.joiners]}
        turns |= {"leavers": [row.week for row in self.leavers]}
        for table, stated in turns.items():
            for place, week in enumerate(stated):
                if week >= weeks:
                    must = f"{week}: must be below horizon.weeks = {weeks}"
                    raise fault_at(f"{table}[{place + 1}].week", must)
        return self

    @model_validator(mode="after")
    def _pay_of_everybody(self) -> "Levers":
        if self.money is None:
            return self
        there = [*groups_of(self.team, self.people), *(group_of(r, []) for r in self.joiners)]
        for role in ("engineer", "adjacent"):
            paid = any(g.role == role and g.cost_per_hour is None for g in there)
            if paid and self.money.cost_per_hour(role) is None:
                levels = ", ".join(LEVELS)
                raise fault_at(
                    "money", f"no pay of role {role}: state money.salary.{role}, a salary a year "
                    f"for each of {levels}; or money.{role}, the cost of an hour",
                )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _deadline_in_time(self) -> "Levers":
        weeks, answer = self.horizon.weeks, self.answer
        within = f"must not exceed horizon.weeks = {weeks}"
        for key in ("by", "by_week", "up_to_week"):
            value = getattr(answer, key)
            if value is None:
                continue
            if self.tasks.backlog is None:
                raise fault_at(f"answer.{key}", "needs tasks.backlog, the work that is to be done")
            week = week_at_end_of(value, self.horizon.start) if key == "by" else value
            if week <= 0:
                raise fault_at("answer.by", _too_early(value, self.horizon.start))
            if week > weeks:
                said = f'"{value}" is the end of week {week:g}' if key == "by" else f"{value:g}"
                longer = f"; raise horizon.weeks to {math.ceil(week)} or more"
                raise fault_at(f"answer.{key}", f"{said}: {within}{longer}")
        return self

    @model_validator(mode="after")
    def _leavers_are_there(self) -> "Levers":
        for place, row in enumerate(self.leavers):
            like = [g for g in groups_of(self.team, self.people) if g.is_stated_as(row)]
            there = sum(group.count for group in like)
            asked = sum(r.count for r in self.leavers if (r.level, r.role) == (row.level, row.role))
            if asked > there:
                raise fault_at(
                    f"leavers[{place + 1}]", f"{asked} people of this level and role leave, "
                    f"{there} are in the team",
                )  # fmt: skip
        return self


def _needs_only(
    table: BaseModel, needed: tuple[str, ...], possible: tuple[str, ...], why: str
) -> None:
    for key in needed:
        if getattr(table, key) is None:
            raise fault_at(key, f"missing; {why} needs it")
    for key in possible:
        if key not in needed and getattr(table, key) is not None:
            raise fault_at(key, f"not used by {why}; remove it")


def _too_early(day: str, start: str) -> str:
    """Why no week of a run is over when a day ends."""
    first = first_day(start)
    begins = f"on {first:%A} {first}" + (
        f', the first Monday of "{start}"' if is_month(start) else ""
    )
    if day < first.isoformat():
        return f'"{day}" is before the run, which begins {begins}; state a later day'
    return f'"{day}": no working day is over by then, as the run begins {begins}; state a later day'


def _near(word: str, known: list[str]) -> str:
    return near(word, known or ["[domains], which is empty"])


@dataclass(frozen=True)
class Group:
    """People who are alike.

    count           people
    levels          (low, high) of their level [1 to 5] in each domain, in the order of [domains]
    role            "engineer" or "adjacent"
    hours_per_week  [h/week]
    cost_per_hour   [money/h], or None where role and level decide
    familiarity     with the tool when they begin, or None: as others who begin then
    """

    count: int
    levels: tuple[tuple[float, float], ...]
    role: str
    hours_per_week: float
    cost_per_hour: float | None = None
    familiarity: float | None = None

    def is_stated_as(self, row: Leaver) -> bool:
        """Whether a leaver's level and role are those of these people."""
        return self.role == row.role and set(self.levels) == {(row.level, row.level)}


def groups_of(
    team: Team, people: Iterable[People], domains: Iterable[str] = ()
) -> tuple[Group, ...]:
    """[team] and [[people]] together, alike people in one row."""
    names = list(domains)
    rows = [
        Group(getattr(table, name), ((float(level),) * 2,) * max(1, len(names)), role, 40.0)
        for role, table in (("engineer", team), ("adjacent", team.adjacent))
        for name, level in LEVELS.items()
        if getattr(table, name)
    ]
    return (*rows, *(group_of(row, names) for row in people))


def group_of(row: People, domains: list[str]) -> Group:
    """A row of [[people]] or [[joiners]]."""
    stated = row.level
    each = [stated[name] for name in domains] if isinstance(stated, dict) else [stated]
    ranges = [tuple(x) if isinstance(x, list) else (x, x) for x in each]
    if len(ranges) < len(domains):
        ranges = ranges * len(domains)
    return Group(
        row.count, tuple(ranges), row.role, row.hours_per_week, row.cost_per_hour, row.familiarity
    )


def schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, for editors; no key is required."""
    result = Levers.model_json_schema()
    for table in result["$defs"].values():
        table.pop("required", None)
    for name, needed in (
        ("People", ["count", "level", "role"]),
        ("Joiner", ["count", "level", "role", "week"]),
        ("Leaver", ["level", "role", "week"]),
        ("Attrition", ["per_year", "refill", "weeks_to_fill"]),
        ("Money", ["currency"]),
        ("Pay", list(LEVELS)),
        ("Salary", list(LEVELS)),
    ):
        result["$defs"][name]["required"] = needed
    result.pop("required", None)
    result["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    result["title"] = "Tiercurve scenario"
    extends = {"type": "string", "description": "Scenario this one extends (default: baseline)"}
    result["properties"] = {
        "extends": extends, KEY: SCHEMA, own_record.KEY: own_record.SCHEMA
    } | result["properties"]  # fmt: skip
    shape = {"type": "object", "minProperties": 1, "maxProperties": 1}
    result["properties"]["world"] = {
        "type": "object",
        "description": "Overrides of calibration/register.toml: a number, or a distribution",
        "additionalProperties": False,
        "properties": {
            name: {"anyOf": [{"type": "number"}, shape], "description": f"{p.reasoning} [{p.unit}]"}
            for name, p in world_parameters().items()
        },
    }
    return result
