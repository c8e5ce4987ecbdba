"""The tables of a scenario file: their keys, units and limits, and what keys ask of each other."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from sim.parameters import world_parameters
from sim.scenario import own_record
from sim.scenario.absence import Absence
from sim.scenario.cross_checks import CROSS_CHECKS
from sim.scenario.development import KEY, SCHEMA
from sim.scenario.freeze import Freeze
from sim.scenario.merging import FINITE
from sim.scenario.money import Money
from sim.scenario.people import Attrition, Joiner, Leaver, People, Team
from sim.scenario.rollouts import Rollout
from sim.scenario.running import Now
from sim.scenario.tools import Tool, needs_only
from sim.scenario.trainings import Cohort, Training, as_the_training
from sim.scenario.values import (
    LEVELS,
    MAX_PEOPLE,
    ROUNDING,
    Arrivals,
    Day,
    Fault,
    LevelName,
    ShareOrBelief,
    Start,
    TableOfFile,
    Text,
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


def _numbers_of_its_shape(size: Any) -> Iterator[Fault]:
    needed = ("median_hours", "sigma") if size.size == "lognormal" else ("mean_hours",)
    possible = ("median_hours", "sigma", "mean_hours")
    yield from needs_only(size, needed, possible, f"size = '{size.size}'")


class Size(TableOfFile):
    """Sizes of tasks: hours an expert engineer of the domain would need by hand."""

    size: Literal["lognormal", "exponential", "constant"] = Field(
        description="Shape of the distribution of sizes"
    )
    median_hours: float | None = number("expert-h", "Median size", None, gt=0, le=10_000)
    sigma: float | None = number("log h", "Standard deviation of the log", None, ge=0, le=5)
    mean_hours: float | None = number("expert-h", "Mean size", None, gt=0, le=10_000)

    rules = (_numbers_of_its_shape,)


def _one_source_of_work(tasks: Any) -> Iterator[Fault]:
    if (tasks.arrivals_per_week is None) == (tasks.backlog is None):
        yield "", "must state either arrivals_per_week or backlog, not both"


def _chains_of_a_backlog(tasks: Any) -> Iterator[Fault]:
    if tasks.blocked_share > 0 and tasks.backlog is None:
        yield "blocked_share", "needs backlog: tickets that arrive wait for no other"


def _chains_have_a_first(tasks: Any) -> Iterator[Fault]:
    most = 1 - 1 / tasks.chain_length
    if tasks.blocked_share > most + ROUNDING:
        yield (
            "blocked_share",
            (
                f"{tasks.blocked_share:g}: must not exceed {most:.4g}, since the first of "
                f"{tasks.chain_length} waits for none; raise chain_length"
            ),
        )


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

    rules = (_one_source_of_work, _chains_of_a_backlog, _chains_have_a_first)


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


def _one_deadline(answer: Any) -> Iterator[Fault]:
    if answer.by is not None and answer.by_week is not None:
        yield "", "must state either by or by_week, not both"


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

    @classmethod
    def completed(cls, stated: Any) -> Any:
        """Who states a deadline and no metric asks whether it is met."""
        if isinstance(stated, dict) and "metric" not in stated and set(stated) & set(DEADLINES):
            return {"metric": "done_by"} | stated
        return stated

    rules = (_one_deadline,)


def _when_a_backlog_is_done(stated: dict[str, Any]) -> dict[str, Any]:
    """Who states a backlog, and neither a metric nor a deadline, asks when it is done."""
    tasks, answer = stated.get("tasks"), stated.get("answer", {})
    silent = isinstance(answer, dict) and not {"metric", *DEADLINES} & set(answer)
    if silent and isinstance(tasks, dict) and tasks.get("backlog") is not None:
        return stated | {"answer": {"metric": FINITE} | answer}
    return stated


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

    @classmethod
    def completed(cls, stated: Any) -> Any:
        """What is stated with the answer of a backlog; a row of [[trainings]] is as [training].

        A list of no rollouts is as none, so that it leaves no trace in a plan.
        """
        if not isinstance(stated, dict):
            return stated
        if stated.get("rollout") == []:
            stated = {key: value for key, value in stated.items() if key != "rollout"}
        return _when_a_backlog_is_done(as_the_training(stated))

    @property
    def cohorts(self) -> dict[str, Training]:
        """Trainings that have seats by their paths, that of [training] first."""
        rows = {f"trainings[{n}]": row for n, row in enumerate(self.trainings or [], 1)}
        return {path: t for path, t in ({"training": self.training} | rows).items() if t.seats}

    rules = CROSS_CHECKS


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
