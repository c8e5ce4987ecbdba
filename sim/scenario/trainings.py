"""The table of a training: who takes part, how long, with whose hours."""

from typing import Literal

from pydantic import Field

from sim.scenario.values import MAX_PEOPLE, LevelName, TableOfFile, Text, number


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
