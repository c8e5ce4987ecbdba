"""The tables of a scenario file: their keys, units and limits, and what keys ask of each other."""

import math
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, model_validator

from sim.errors import near
from sim.parameters import world_parameters
from sim.scenario import own_record
from sim.scenario.absence import Absence
from sim.scenario.calendar_days import first_day, is_month, week_at_end_of
from sim.scenario.development import KEY, SCHEMA
from sim.scenario.freeze import MAX_FREEZES, Freeze
from sim.scenario.merging import FINITE
from sim.scenario.money import Money
from sim.scenario.people import (
    Attrition,
    Joiner,
    Leaver,
    People,
    Team,
    group_of,
    groups_of,
)
from sim.scenario.rollouts import MAX_ROLLOUTS, Rollout
from sim.scenario.running import Now
from sim.scenario.tools import Tool, needs_only
from sim.scenario.trainings import MAX_COHORTS, Cohort, Training, as_the_training
from sim.scenario.values import (
    LEVELS,
    MAX_DOMAINS,
    MAX_PEOPLE,
    ROUNDING,
    Arrivals,
    Day,
    LevelName,
    ShareOrBelief,
    Start,
    TableOfFile,
    Text,
    fault_at,
    number,
    share,
)


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
        needs_only(self, needed, ("median_hours", "sigma", "mean_hours"), f"size = '{self.size}'")
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
    blocked_share: float = share(
        "Share of a backlog's tickets that wait until another one is done", 0.0
    )
    chain_length: int = number(
        "tickets", "Tickets of a chain, each but the first waiting for the one before it", 2,
        ge=2, le=1_000_000,
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

    @model_validator(mode="after")
    def _chains_of_a_backlog(self) -> "Tasks":
        if self.blocked_share > 0 and self.backlog is None:
            raise fault_at("blocked_share", "needs backlog: tickets that arrive wait for no other")
        most = 1 - 1 / self.chain_length
        if self.blocked_share > most + ROUNDING:
            raise fault_at(
                "blocked_share", f"{self.blocked_share:g}: must not exceed {most:.4g}, since the "
                f"first of {self.chain_length} waits for none; raise chain_length",
            )  # fmt: skip
        return self


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
    unreviewed_share: float = share(
        "Share of small average work that needs no review, whatever `review` says", 0.0
    )
    unreviewed_hours: float = number(
        "expert-h", "Largest average task that counts as small", 1.0, ge=0, le=10_000
    )
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


CHAINS = ("blocked_share", "chain_length")  # keys of tickets that wait for another
# Levers younger than plans that are saved: table -> key -> field, whose default is as without it.
YOUNG = {
    "tasks": {key: Tasks.model_fields[key] for key in ("done_share", "own_share", *CHAINS)},
    "tool": {key: Tool.model_fields[key] for key in ("changed",)},
    "policy": {
        key: Policy.model_fields[key]
        for key in (
            "split_hours",
            "tries_per_level",
            "at_limit",
            "adjacent_work",
            "unreviewed_share",
            "unreviewed_hours",
        )
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
    rollout: list[Rollout] | None = Field(
        default=None, description="Tools that people begin to use during the run"
    )
    policy: Policy
    training: Training
    trainings: list[Cohort] | None = Field(
        default=None, description="Cohorts of trainings beside the one of [training]"
    )
    joiners: list[Joiner] = Field(default=[], description="People who join during the run")
    leavers: list[Leaver] = Field(default=[], description="People who leave at a known week")
    attrition: Attrition | None = Field(default=None, description="People who leave by chance")
    absence: Absence | None = Field(default=None, description="When people are not there")
    freeze: Freeze | None = Field(default=None, description="When no review or release happens")
    now: Now | None = Field(default=None, description="Where a project stands that runs")
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

    @model_validator(mode="before")
    @classmethod
    def _cohorts_are_as_the_training(cls, stated: Any) -> Any:
        """A row of [[trainings]] is as [training] where it does not say."""
        return as_the_training(stated)

    @model_validator(mode="before")
    @classmethod
    def _no_rollout_is_none(cls, stated: Any) -> Any:
        """A list of no rollouts is as none, so that it leaves no trace in a plan."""
        if isinstance(stated, dict) and stated.get("rollout") == []:
            return {key: value for key, value in stated.items() if key != "rollout"}
        return stated

    @model_validator(mode="after")
    def _rollouts_share_a_world(self) -> "Levers":
        rows = self.rollout or []
        if len(rows) > MAX_ROLLOUTS:
            raise fault_at("rollout", f"{len(rows)} rows: must be {MAX_ROLLOUTS} or fewer")
        for place, row in enumerate(rows, 1):
            if row.world and row.world != self.tool.world:
                raise fault_at(
                    f"rollout[{place}].world", "what is believed of the world is one for all "
                    "tools; state it in [world]",
                )  # fmt: skip
        return self

    @property
    def cohorts(self) -> dict[str, Training]:
        """Trainings that have seats by their paths, that of [training] first."""
        rows = {f"trainings[{n}]": row for n, row in enumerate(self.trainings or [], 1)}
        return {path: t for path, t in ({"training": self.training} | rows).items() if t.seats}

    @model_validator(mode="after")
    def _not_too_many_cohorts(self) -> "Levers":
        if len(self.cohorts) > MAX_COHORTS:
            must = f"must be {MAX_COHORTS} or fewer, that of [training] among them"
            raise fault_at("trainings", f"{len(self.cohorts)} cohorts: {must}")
        return self

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
        for path, training in ({"training": self.training} | self.cohorts).items():
            if training.domain is not None and training.domain not in names:
                raise fault_at(f"{path}.domain", "unknown domain" + _near(training.domain, names))
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
        weeks = self.horizon.weeks
        for path, training in self.cohorts.items():
            if training.start_week + training.weeks > weeks:
                end = f"{training.start_week} + {training.weeks}"
                must = f"must not exceed horizon.weeks = {weeks}"
                raise fault_at(path, f"start_week + weeks = {end}: {must}")
        turns = {"joiners": [row.week for row in self.joiners]}
        for path, stated in self._weeks_of_calendar():
            for place, week in enumerate(stated):
                if week >= weeks:
                    must = f"{week}: must be below horizon.weeks = {weeks}"
                    raise fault_at(f"{path}[{place + 1}]", must)
        turns |= {"leavers": [row.week for row in self.leavers]}
        for table, stated in turns.items():
            for place, week in enumerate(stated):
                if week >= weeks:
                    must = f"{week}: must be below horizon.weeks = {weeks}"
                    raise fault_at(f"{table}[{place + 1}].week", must)
        return self

    def _weeks_of_calendar(self) -> Iterator[tuple[str, list[int]]]:
        """Lists of weeks of the run in which something is off, by their paths."""
        if self.absence is not None:
            yield "absence.holiday_weeks", self.absence.holiday_weeks
        if self.freeze is not None:
            yield "freeze.review_weeks", self.freeze.review_weeks
            yield "freeze.release_weeks", self.freeze.release_weeks

    @model_validator(mode="after")
    def _not_too_many_freezes(self) -> "Levers":
        if self.freeze is None:
            return self
        for kind in ("review", "release"):
            count = len(self.freeze.spans(kind, self.horizon.start, self.horizon.weeks))
            if count > MAX_FREEZES:
                must = f"must be {MAX_FREEZES} or fewer, days in a row being one"
                raise fault_at(f"freeze.{kind}s", f"{count} freezes in the run: {must}")
        return self

    @model_validator(mode="after")
    def _now_is_of_the_backlog(self) -> "Levers":
        if self.now is None:
            return self
        if self.tasks.backlog != self.now.open:
            stated = "missing" if self.tasks.backlog is None else f"{self.tasks.backlog}"
            raise fault_at(
                "tasks.backlog", f"{stated}: must be now.open = {self.now.open}; change now.open"
            )
        if self.now.waiting_review and self.policy.review == "none":
            raise fault_at("now.waiting_review", "nothing is reviewed: policy.review is 'none'")
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


def schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, for editors; no key is required."""
    result = Levers.model_json_schema()
    for table in result["$defs"].values():
        table.pop("required", None)
    for name, needed in (
        ("People", ["count", "level", "role"]),
        ("Joiner", ["count", "level", "role", "week"]),
        ("Leaver", ["level", "role", "week"]),
        ("Cohort", ["seats", "target", "start_week"]),
        ("Rollout", ["profile", "week"]),
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
