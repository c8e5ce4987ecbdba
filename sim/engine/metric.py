"""What is known of one output: unit, meaning, limits, which way is better, where it is listed."""

import math
from dataclasses import dataclass

from sim.engine.state import HOURS_PER_WEEK, NEITHER

MONEY = "money"  # in units; a plan that states its currency has that instead
# Limits that depend on the world, in the metric's own unit: hours of development and people there
# are, how long the run lasts, tickets of the backlog, the week up to which time is counted, and all
# costs to the end of the run or to that week.
CAPACITY, HEADCOUNT, HORIZON = "capacity", "headcount", "horizon"
TICKETS, COUNTED_TO = "tickets", "counted to"
COST, COST_COUNTED = "cost", "cost counted"


@dataclass(frozen=True)
class Metric:
    """All that is known of an output.

    better    HIGHER, LOWER or NEITHER. NEITHER: a plan may have more or less of it for good or bad
              reasons (sessions, hours by activity, people by level), so no probability of being
              better is given
    label     in words, where these are not its name
    upper     the most it can be: a number, CAPACITY, HEADCOUNT, HORIZON, TICKETS, COUNTED_TO, COST
              or COST_COUNTED; None if unlimited
    negative  whether it can be below zero
    never     whether it is undefined where something did not happen within the horizon, which is
              later than any week
    event     whether it is 1 where something happened in a world and 0 where not: its mean is a
              probability, whose interval is the error of the number of worlds
    compared  the metric whose difference this one is in a comparison; itself where empty
    young     whether files saved by the version before lack it
    group     metrics side by side that are measured together, as an array of this name

    Its place in lists for people, 0 where it is not in one; in tens, so that another fits between:
    headline  the table of a run
    told      what is told of a comparison
    relative  the figure of relative changes
    slide     the table of a deck
    """

    name: str
    unit: str
    meaning: str
    better: int = NEITHER
    label: str = ""
    upper: float | str | None = None
    negative: bool = False
    never: bool = False
    event: bool = False
    compared: str = ""
    young: bool = False
    group: str = ""
    headline: int = 0
    told: int = 0
    relative: int = 0
    slide: int = 0

    def bounds(
        self,
        people=math.inf,
        weeks=math.inf,
        tickets=math.inf,
        counted_to=math.inf,
        cost=math.inf,
    ):
        """Least and greatest it can be, in its unit, with so many people over so many weeks.

        tickets    : of the backlog
        counted_to : week up to which the time until it is done is counted
        cost       : all costs [money], to the end of the run or to that week, as `upper` says
        """
        hours = HOURS_PER_WEEK * weeks
        limits = {
            **dict.fromkeys((COST, COST_COUNTED), float(cost)),
            HEADCOUNT: float(people),
            CAPACITY: people * hours,
            HORIZON: float(weeks) if self.unit == "weeks" else hours,
            TICKETS: float(tickets),
            COUNTED_TO: float(counted_to),
        }
        most = math.inf if self.upper is None else self.upper
        if isinstance(most, str):
            most = limits[most]
        return (-math.inf if self.negative else 0.0), float(most)

    @property
    def words(self):
        """The metric in words."""
        return self.label or self.name.replace("_", " ")

    @property
    def kind(self):
        """What its estimate takes it for: "event", "never" or ""; see sim.analysis.estimates."""
        return "event" if self.event else "never" if self.never else ""
