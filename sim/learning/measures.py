"""What a team's record may tell, and what the simulation says of the same: one row a measure.

Every measure is compared on the scale of logarithms or log-odds. `discrepancy` is how far model and
record may lie apart there beyond chance, an assumption: a tracker's ticket, wait or hour is not
quite the model's.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.engine import metrics
from sim.errors import LearnError, did_you_mean, is_int_or_float
from sim.scenario.development import FULL_WEEK

Columns = Callable[[str], np.ndarray]


@dataclass(frozen=True)
class Measure:
    """Something a record may tell.

    key          its name in a file
    words        what it is
    unit         of a value
    most         greatest value that is no mistake; 1 for shares
    discrepancy  SD between model and record beyond chance [ln, or log-odds of a share]: assumption
    simulated    from a function that gives metrics by name, each (worlds,), the weeks and the
                 people: values (worlds,)
    """

    key: str
    words: str
    unit: str
    most: float
    discrepancy: float
    simulated: Callable[[Columns, int, float], np.ndarray]

    @property
    def is_share(self) -> bool:
        """Whether it is compared as log-odds."""
        return self.unit == "share"

    def scaled(self, values) -> np.ndarray:
        """Values on the scale on which they are compared; NaN where they have none."""
        values = np.asarray(values, float)
        if self.is_share:
            inside = np.clip(values, 1e-4, 1.0 - 1e-4)
            return np.log(inside / (1.0 - inside))
        return np.log(np.where(values > 0.0, values, np.nan))

    def unscaled(self, scaled) -> np.ndarray:
        """The inverse of `scaled`."""
        if self.is_share:
            return 1.0 / (1.0 + np.exp(-np.asarray(scaled)))
        return np.exp(scaled)


def _given_up(get, weeks, people):
    return (get("abandoned") + 0.5) / (get("abandoned") + get("tasks_done") + 1.0)


def _rework(get, weeks, people):
    hours = sum(get(f"hours_{name}") for name in ("agent", "manual", "review", "rework", "fix"))
    return (get("hours_rework") + get("hours_fix")) / np.maximum(hours, 1e-9)


TICKETS = "tickets"
MEASURES = {
    one.key: one
    for one in (
        Measure(
            TICKETS, "tickets done a week", "tickets/week", 1e5, 0.10,
            lambda get, weeks, people: (get("tasks_done") + 0.5) / weeks,
        ),
        Measure("given_up", "share of tickets given up", "share", 1.0, 0.5, _given_up),
        Measure(
            "hours", "hours spent on a ticket, mean", "h", 1e4, 0.25,
            lambda get, weeks, people: get("hours_per_task"),
        ),
        Measure(
            "cycle", "time from start to done, median", "working h", 1e4, 0.35,
            lambda get, weeks, people: get("lead_time_p50"),
        ),
        Measure(
            "review_wait", "wait for a review, mean", "working h", 1e4, 0.35,
            lambda get, weeks, people: get("review_wait_mean"),
        ),
        Measure(
            "review_hours", "hours of reviewing, a person and week", "h/week", 60.0, 0.25,
            lambda get, weeks, people: get("hours_review") / (weeks * people),
        ),
        Measure("rework", "share of hours on fixes and rework", "share", 1.0, 0.4, _rework),
        Measure(
            "advanced", "share of done tickets that are advanced", "share", 1.0, 0.5,
            lambda get, weeks, people: get("advanced_share_done"),
        ),
        Measure(
            "development", "hours of development in a full week, a person", "h/week", 40.0, 0.07,
            lambda get, weeks, people: FULL_WEEK * get("dev_share"),
        ),
    )
}  # fmt: skip


def of_worlds(values: np.ndarray, dev_share: np.ndarray, weeks: int, people: float) -> np.ndarray:
    """Every measure of worlds, on its scale: (worlds, measures), NaN where it has no value.

    values    (worlds, metrics.NAMES)
    dev_share (worlds,)
    """

    def get(name):
        return dev_share if name == "dev_share" else values[:, metrics.NAMES.index(name)]

    columns = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for one in MEASURES.values():
            columns.append(one.scaled(one.simulated(get, weeks, people)))
    return np.column_stack(columns)


def check(known) -> dict[str, float]:
    """Numbers that somebody states beside a file, checked: key -> value.

    known : mapping of a key of MEASURES to a number above 0; `tickets` comes from the file alone

    Raises LearnError, a line a fault.
    """
    faults, kept = [], {}
    for key, value in dict(known or {}).items():
        one = MEASURES.get(key)
        if one is None or key == TICKETS:
            names = [name for name in MEASURES if name != TICKETS]
            faults.append(
                f"known: '{key}': not one of {', '.join(names)}{did_you_mean(key, names)}"
            )
        elif not is_int_or_float(value) or not 0 < value <= one.most:
            faults.append(
                f"known: {key} = {value}: must be above 0 and at most {one.most:g} ({one.words}, "
                f"{one.unit})"
            )
        else:
            kept[key] = float(value)
    if faults:
        raise LearnError("\n".join(faults))
    return kept
