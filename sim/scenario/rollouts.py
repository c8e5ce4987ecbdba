"""The rows of rollouts: who begins to use which tool, from which week on."""

import math
from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from sim.scenario.tools import Profile
from sim.scenario.values import LEVELS, LevelName, Text, number

MAX_ROLLOUTS = 8  # of a plan


class Rollout(Profile):
    """A tool that people begin to use during the run; keys of its profile may stand here too."""

    profile: Text = Field(description="A file of scenarios/tools, by name or path")
    week: int = number("weeks", "Weeks into the run when the first begin to use it", ge=0, le=520)
    weeks: int = number("weeks", "Over how many weeks they begin; all at once by default", 0, ge=0,
        le=520,
    )  # fmt: skip
    curve: Literal["even", "s"] = Field(
        default="even", description="How many have begun by when, over those weeks"
    )
    share: float = number(
        "share",
        "Share of those of its role and levels who use it in the end, to the nearest "
        "person: half of nine is five",
        1.0,
        ge=0,
        le=1,
    )
    role: Literal["any", "engineer", "adjacent"] = Field(
        default="any", description="Role of those who use it"
    )
    levels: list[LevelName] | None = Field(
        default=None, description="Levels at the start of those who use it; by default all",
        min_length=1,
    )  # fmt: skip
    first: Literal["spread", "lowest", "highest"] = Field(
        default="spread", description="Which of them are the first to use it"
    )
    familiarity: float | None = number(
        "share", "Familiarity with it when they begin; by default none, or what is kept of another "
        "agent's", None, ge=0, le=1,
    )  # fmt: skip
    cost_per_person_month: float | None = number(
        "money", "Price, a person and month; by default `money.tool_per_person_month`", None,
        ge=0, le=1e9,
    )  # fmt: skip


def users(row: Rollout, people: Sequence[tuple[str, Sequence[float]]]) -> list[tuple[int, int]]:
    """Who uses the tool of a row, and from which week on: (place in `people`, week) of each.

    people : (role, level in each domain at the start) of each

    More users of a larger share are those of a smaller one and others; who is first is first
    whatever the share.
    """
    able, named = [], {LEVELS[name] for name in row.levels or LEVELS}
    for place, (role, levels) in enumerate(people):
        nearest = min(5, int(sum(levels) / len(levels) + 0.5))
        if row.role in ("any", role) and nearest in named:
            able.append((nearest, place))
    places = [place for _, place in sorted(able)]
    order = _order(row.first, len(places))[: int(row.share * len(places) + 0.5)]
    return [
        (places[at], row.week + begins_after(row, (number + 0.5) / len(order)))
        for number, at in enumerate(order)
    ]


def begins_after(row: Rollout, part: float) -> int:
    """Weeks after the first week of a row by which a part of its users has begun.

    part : above 0 and below 1
    """
    time = part if row.curve == "even" else 0.5 - math.sin(math.asin(1.0 - 2.0 * part) / 3.0)
    return math.floor(row.weeks * time)


def _order(first: str, count: int) -> list[int]:
    """Places of `count` people in order of level, in the order in which they begin.

    "spread" reads the digits of a place backwards, so that the first half is every other one.
    """
    if first != "spread":
        return list(range(count)) if first == "lowest" else list(range(count))[::-1]
    digits = max(1, (count - 1).bit_length())
    return sorted(range(count), key=lambda place: f"{place:0{digits}b}"[::-1])
