"""The tables of trainings: who takes part, how long, with whose hours; and who gets which seat."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from sim.scenario.values import (
    LEVELS,
    MAX_PEOPLE,
    LevelName,
    TableOfFile,
    Text,
    number,
    share,
)

MAX_COHORTS = 8  # of a plan, that of [training] among them
# What a row of [[trainings]] that does not say takes from [training].
_SHARED = (
    "role", "from_level", "weeks", "hours_per_week", "trainer_hours_per_week", "cost_per_seat",
)  # fmt: skip


class Training(TableOfFile):
    """A training towards a level: who takes part, how long, with whose hours."""

    seats: int = number("people", "Seats; the lowest levels come first", ge=0, le=MAX_PEOPLE)
    role: Literal["any", "engineer", "adjacent"] = Field(description="Role that is eligible")
    from_level: LevelName = Field(description="Lowest level that is eligible")
    target: LevelName = Field(description="Level aimed at; who is below is eligible")
    domain: Text | None = Field(default=None, description="Domain trained in; all by default")
    start_week: int = number("weeks", "Weeks into the run when it begins", ge=0, le=520)
    weeks: int = number("weeks", "How long it lasts", ge=1, le=520)
    hours_per_week: float = number(
        "h/week", "Hours of each seat, out of development; what it brings does not depend on them",
        ge=0, le=60,
    )  # fmt: skip
    trainer_hours_per_week: float = number(
        "h/week", "Hours of colleagues, shared by the most expert; 0 where outsiders train",
        ge=0, le=1000,
    )  # fmt: skip
    cost_per_seat: float = number("money", "Price of a seat", ge=0, le=1e12)
    efficacy: float | None = share(
        "Share of the way to the target that it brings; by default what is believed of "
        "`world.training_efficacy`", None,
    )  # fmt: skip
    trainer_level: LevelName | None = Field(
        default=None, description="Level from which colleagues train; by default the most expert do"
    )
    needs_trainers: bool | None = Field(
        default=None,
        description="Whether it brings less in proportion where its trainers lack the hours; "
        "by default in a row of [[trainings]] alone",
    )


class Cohort(Training):
    """One of several trainings; nobody is in two at once, and who has been trained may train."""

    needs_trainers: bool | None = Field(
        default=True,
        description="Whether it brings less in proportion where its trainers lack the hours",
    )


def as_the_training(stated: Any) -> Any:
    """A plan's tables with what rows of [[trainings]] do not say taken from [training].

    stated : nested dicts of a whole plan, or what is no plan; a list without rows is left out
    """
    if not isinstance(stated, Mapping) or not isinstance(stated.get("trainings"), list):
        return stated
    rest = {key: value for key, value in stated.items() if key != "trainings"}
    whole = stated.get("training")
    whole = whole if isinstance(whole, Mapping) else {}
    shared = {key: whole[key] for key in _SHARED if key in whole}
    rows = [shared | dict(row) if isinstance(row, Mapping) else row for row in stated["trainings"]]
    return rest | {"trainings": rows} if rows else rest


def default_path(path: str) -> str:
    """Where the default of a key of a row of [[trainings]] is stated: `training.weeks`, or here."""
    table, _, key = path.partition(".")
    return f"training.{key}" if table == "trainings" and key in _SHARED else path


def participants(
    cohorts: Sequence[Training], people: Sequence[tuple[str, Sequence[float]]], domains: list[str]
) -> list[list[int]]:
    """Who takes which seats, cohort by cohort in the order in which they begin.

    cohorts : in any order
    people : (role, level in each domain at the start) of each, one level where there is no domain
    returns : places in `people` for each cohort, in the order of `cohorts`

    Seats go to the lowest levels of those eligible. Nobody is in two cohorts at once; who has ended
    one counts as being at its target.
    """
    chosen: list[list[int]] = [[] for _ in cohorts]
    order = sorted(range(len(cohorts)), key=lambda c: cohorts[c].start_week)
    for c in order:
        able = []
        for place, (role, levels) in enumerate(people):
            mine = [other for other in order if place in chosen[other]]
            if any(_overlap(cohorts[c], cohorts[other]) for other in mine):
                continue
            reached = _reached(levels, [cohorts[other] for other in mine], domains)
            level = _level_in(reached, cohorts[c].domain, domains)
            low, high = LEVELS[cohorts[c].from_level], LEVELS[cohorts[c].target]
            if cohorts[c].role in ("any", role) and low <= level < high:
                able.append((level, place))
        chosen[c] = [place for _, place in sorted(able)[: cohorts[c].seats]]
    return chosen


def _overlap(one: Training, other: Training) -> bool:
    """Whether two cohorts run at once in some week."""
    first, last = sorted((one, other), key=lambda cohort: cohort.start_week)
    return last.start_week < first.start_week + first.weeks


def _reached(levels: Sequence[float], ended: Sequence[Training], domains: list[str]) -> list[float]:
    """Levels somebody counts at who has been in these cohorts, in each domain."""
    reached = list(levels)
    for cohort in ended:
        about = [domains.index(cohort.domain)] if cohort.domain else range(len(reached))
        for place in about:
            reached[place] = max(reached[place], LEVELS[cohort.target])
    return reached


def _level_in(levels: Sequence[float], domain: str | None, domains: list[str]) -> float:
    """Level that a training goes by: in its domain, or the lowest where it is about all."""
    return min(levels) if domain is None else levels[domains.index(domain)]
