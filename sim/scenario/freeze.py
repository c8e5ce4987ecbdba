"""The table of freezes: days on which no review begins, or nothing that is done is released."""

from pydantic import Field

from sim.scenario.absence import Days, Week, in_a_row, working_days
from sim.scenario.values import TableOfFile

MAX_FREEZES = 16  # of one kind in a run, days in a row being one


class Freeze(TableOfFile):
    """When no review begins, and when nothing is released; people work on meanwhile."""

    reviews: list[Days] = Field(
        default=[],
        description="Days on which no review begins, YYYY-MM-DD, each alone, or [first, last] of "
        "several in a row: two days in a list are two, [[first, last]] are all between; those "
        "outside the run do not matter",
    )
    review_weeks: list[Week] = Field(
        default=[],
        description="Weeks in which no review begins, as weeks into the run",
        json_schema_extra={"unit": "weeks"},
    )
    releases: list[Days] = Field(
        default=[],
        description="Days on which nothing is released, written as those above: what is accepted "
        "counts as done after them",
    )
    release_weeks: list[Week] = Field(
        default=[],
        description="Weeks in which nothing is released, as weeks into the run",
        json_schema_extra={"unit": "weeks"},
    )

    def spans(self, kind: str, start: str, weeks: int) -> list[tuple[int, int]]:
        """Working days of a run that are frozen: (first, day after the last) of each in a row.

        kind : "review" or "release"
        start : a month or a day, as horizon.start states it; weeks : length of the run
        """
        frozen = working_days(getattr(self, f"{kind}s"), getattr(self, f"{kind}_weeks"), start)
        return in_a_row(frozen, weeks)
