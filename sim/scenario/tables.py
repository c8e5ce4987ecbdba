"""The tables of a scenario file: their keys, units and limits, and what keys ask of each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.parameters import world_parameters
from sim.scenario.values import (
    LEVELS,
    Arrivals,
    LevelName,
    LevelOrRange,
    Month,
    Text,
    Version,
    fault_at,
    number,
    share,
)

MAX_PEOPLE = 500


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def _people() -> Any:
    return number("people", "People of this level", 0, ge=0, le=MAX_PEOPLE)


class Horizon(_Table):
    """How long the run lasts, and when it begins."""

    start: Month = Field(description="Month in which the run begins, YYYY-MM")
    weeks: int = number("weeks", "Length of the run, in working weeks of 40 h", ge=1, le=520)


class Adjacent(_Table):
    """People who know the domain and do not code by hand, by level."""

    novice: int = _people()
    beginner: int = _people()
    intermediate: int = _people()
    advanced: int = _people()
    expert: int = _people()


class Team(Adjacent):
    """Engineers by level, and people in adjacent roles."""

    adjacent: Adjacent = Field(default=Adjacent())


class People(_Table):
    """A row of people that [team] cannot state: a level between names, a range, part-time."""

    count: int = number("people", "How many such people", ge=1, le=MAX_PEOPLE)
    level: LevelOrRange = Field(description="Level name, number from 1 to 5, or [low, high]")
    role: Literal["engineer", "adjacent"] = Field(description="Role of these people")
    hours_per_week: float = number("h/week", "Hours each works a week", 40.0, gt=0, le=60)


class Size(_Table):
    """Sizes of tasks: hours an expert engineer of the domain would need by hand."""

    size: Literal["lognormal", "exponential", "constant"] = Field(description="Shape")
    median_hours: float | None = number("expert-h", "Median size", None, gt=0, le=10_000)
    sigma: float | None = number("log h", "Standard deviation of the log", None, ge=0, le=5)
    mean_hours: float | None = number("expert-h", "Mean size", None, gt=0, le=10_000)

    @model_validator(mode="after")
    def _numbers_of_its_shape(self) -> "Size":
        needed = ("median_hours", "sigma") if self.size == "lognormal" else ("mean_hours",)
        _needs_only(self, needed, ("median_hours", "sigma", "mean_hours"), f"size = '{self.size}'")
        return self


class Tasks(_Table):
    """The work: how much arrives, of which class and kind, and how large it is."""

    arrivals_per_week: Arrivals | None = number("tasks/week", "'saturated', or a rate", None)
    backlog: int | None = number("tasks", "Finite backlog", None, ge=0, le=1_000_000)
    advanced_share: float = share("Share of arriving tasks that are advanced work")
    fix_share: float = share("Share of arriving tasks that fix what existed before")
    average: Size
    advanced: Size

    @model_validator(mode="after")
    def _one_source_of_work(self) -> "Tasks":
        if (self.arrivals_per_week is None) == (self.backlog is None):
            raise fault_at("", "must state either arrivals_per_week or backlog, not both")
        return self


class Profile(_Table):
    """A tool profile: what the team works with, and of which date."""

    kind: Literal["agentic", "assistive", "none"] = Field(description="What the tool does")
    description: Text = Field(description="What it is, in one line")
    source: Text | None = Field(default=None, description="Where its figures come from")
    date: Month | None = Field(default=None, description="Month its curve describes, YYYY-MM")
    anchor: Literal["study"] | None = Field(default=None, description="Curve of the study")
    horizon_hours: float | None = number(
        "expert-h", "Size an expert's session is judged done half the time", None, gt=0, le=10_000
    )
    slope_per_doubling: float | None = number(
        "logit/doubling", "Log-odds lost per doubling of size", None, gt=0, le=5
    )
    version: Version | None = Field(
        default=None, description="Version used: 'start' of the run, as of its 'date', or a month"
    )
    improves: bool | None = Field(default=None, description="Whether it improves inside a run")
    adoption: float | None = share("Share of the work taken to the tool", None)

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


class Policy(_Table):
    """What the team has decided about how it works."""

    routing: Literal["fifo", "matched", "strict"] = Field(description="Who picks which work")
    matched_level: LevelName = Field(description="From which level people do advanced work")
    lookahead: int = number("tasks", "Tasks that may be passed over", ge=0, le=1000)
    agent_use: Literal["always", "never", "pays"] = Field(description="When work goes to the agent")
    scope_hours: float = number("expert-h", "Largest piece given to a session", gt=0, le=10_000)
    max_sessions: int = number("sessions", "Sessions on one piece before by hand", ge=1, le=20)
    stretch_hours: float = number("h", "Longest stretch by hand", gt=0, le=10_000)
    review: Literal["none", "unverified", "all"] = Field(description="Which work is reviewed")
    review_order: Literal["first", "turn", "last"] = Field(description="When reviews come")
    reviewer_level: LevelName = Field(description="From which level people review")
    review_hours_per_week: float = number("h/week", "Review allowance a person", ge=0, le=168)
    wip_limit: int = number("items", "Own unreviewed items before reviewing", ge=1, le=1_000_000)
    adjacent_by_hand: bool = Field(description="Whether adjacent roles code by hand")


class Levers(_Table):
    question: Text = Field(description="The question this scenario answers")
    horizon: Horizon
    team: Team
    people: list[People] = Field(default=[], description="Rows that [team] cannot state")
    tasks: Tasks
    tool: Tool
    policy: Policy
    world: dict[str, Any] = Field(default={}, description="Overrides of the register")

    @model_validator(mode="after")
    def _not_too_many(self) -> "Levers":
        total = sum(row.count for row in groups_of(self.team, self.people))
        if total > MAX_PEOPLE:
            raise fault_at("team", f"{total} people with [[people]]: must be {MAX_PEOPLE} or fewer")
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


@dataclass(frozen=True)
class Group:
    """People who are alike.

    count           people
    low, high       range of their levels [1 to 5]; equal when all are of one level
    role            "engineer" or "adjacent"
    hours_per_week  [h/week]
    """

    count: int
    low: float
    high: float
    role: str
    hours_per_week: float


def groups_of(team: Team, people: Iterable[People]) -> tuple[Group, ...]:
    """[team] and [[people]] together, alike people in one row."""
    rows = [
        Group(getattr(table, name), float(level), float(level), role, 40.0)
        for role, table in (("engineer", team), ("adjacent", team.adjacent))
        for name, level in LEVELS.items()
        if getattr(table, name)
    ]
    for row in people:
        low, high = row.level if isinstance(row.level, list) else (row.level, row.level)
        rows.append(Group(row.count, low, high, row.role, row.hours_per_week))
    return tuple(rows)


def schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, for editors; no key but `question` is required."""
    result = Levers.model_json_schema()
    for table in result["$defs"].values():
        table.pop("required", None)
    result["$defs"]["People"]["required"] = ["count", "level", "role"]
    result["required"] = ["question"]
    result["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    result["title"] = "Tiercurve scenario"
    extends = {"type": "string", "description": "Scenario this one extends (default: baseline)"}
    result["properties"] = {"extends": extends} | result["properties"]
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
