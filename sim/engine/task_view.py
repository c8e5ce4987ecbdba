"""A task as a Mesa user sees it: read-only, by the names a person would use."""

from dataclasses import dataclass, field
from typing import Any

from sim.engine import state

STATES = (
    "dormant", "waiting", "held", "running", "submitted", "queued", "in review", "done",
    "abandoned", "waiting for another", "not released",
)  # fmt: skip
KINDS = ("new", "fix")
TAKEABLE = (state.WAITING, state.QUEUED, state.ABANDONED)  # in a list that nobody owns


@dataclass(frozen=True)
class Task:
    """One task of a TeamModel, live: it shows how the task stands now, and cannot change it.

    index  row of the model's `tasks`; a Task may stand wherever that number may
    """

    model: Any = field(repr=False)
    index: int

    def __index__(self):
        return self.index

    def __deepcopy__(self, memo):
        return self  # a data collector copies what it keeps; this would be the whole model

    def __repr__(self):
        kind = f"{'advanced' if self.is_advanced else 'average'} {self.kind}"
        return f"Task({self.index}: {kind}, {self.size_hours:.3g} expert-h, {self.state})"

    @property
    def _row(self):
        return self.model.tasks[self.index]

    @property
    def key(self):
        """What its luck is named by: the same task in another world of the same luck."""
        return int(self._row["key"])

    @property
    def kind(self):
        """new or fix."""
        return KINDS[self._row["kind"]]

    @property
    def is_advanced(self):
        """Whether it is of the advanced class."""
        return bool(self._row["advanced"])

    @property
    def domain(self):
        """Name of its domain of work; None where the scenario has none."""
        names = list(self.model.plan.domains)
        return names[self._row["domain"]] if names else None

    @property
    def size_hours(self):
        """Hours an expert of the domain would need by hand [expert-h]."""
        return float(self._row["size_hours"])

    @property
    def hours_left(self):
        """What is not done of them [expert-h]."""
        return float(self._row["left"])

    @property
    def sessions(self):
        """Attempts with an agent so far."""
        return int(self._row["sessions"])

    @property
    def is_rework(self):
        """Whether a review has sent it back."""
        return bool(self._row["rework"])

    @property
    def is_escalated(self):
        """Whether it has been passed to a colleague."""
        return bool(self._row["escalated"])

    @property
    def state(self):
        """Where it stands, a word of STATES."""
        return STATES[self._row["state"]]

    @property
    def waiting_since(self):
        """When it began to wait for somebody to take it [working h]; None unless it waits."""
        row = self._row
        return float(row["since"]) if row["state"] in TAKEABLE else None

    @property
    def owner(self):
        """The Developer whose work it is, also while others review it; None if nobody's."""
        owner = self._row["owner"]
        return self.model.people[owner] if owner >= 0 else None
