"""The tables of people: who is there, who joins and leaves; and people who are alike, as groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from sim.scenario.values import (
    LEVELS,
    MAX_PEOPLE,
    Level,
    LevelOfDomains,
    TableOfFile,
    number,
    share,
)


def _people() -> Any:
    return number("people", "People of this level", 0, ge=0, le=MAX_PEOPLE)


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


def middles(groups: Iterable[Group]) -> list[tuple[str, list[float]]]:
    """(role, middle of their levels in each domain) of everybody in groups."""
    alike = [(g.count, (g.role, [(low + high) / 2 for low, high in g.levels])) for g in groups]
    return [person for count, person in alike for _ in range(count)]
