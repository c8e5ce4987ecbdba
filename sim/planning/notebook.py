"""The planning page in a notebook: answered by the kernel; a picture where it cannot move."""

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from sim import extras
from sim.errors import PlannerError, ScenarioError, short
from sim.experiments.comparison import Comparison
from sim.experiments.result import Result
from sim.planning.desk import Desk, example
from sim.planning.worlds import LUCK, SEED, Superseded, stages_of
from sim.scenario import Scenario, as_scenario

TURN = 0.15  # seconds of work before a newer message is looked for


def planner(
    plan: Any = None, reference: Any = None, state: Mapping[str, Any] | None = None
) -> "Planner":
    """The planning page in a cell of a notebook: move what you could change, see the answer move.

    Parameters
    ----------
    plan : Scenario, str or Path, optional
        Today's plan; with a reference the plan beside it. An example by default.
    reference : Scenario, str or Path, optional
        What is done today, against which the plan is told. The two ask for the same work in the
        same world.
    state : dict, optional
        Controls moved at the start, id -> value, as `Planner.state` tells them.

    Returns
    -------
    Planner
        As the last line of a cell it is the page, in Jupyter, VS Code and Colab (in marimo:
        `mo.ui.anywidget(page.widget)`); a picture and a table where anywidget is not installed,
        or in a notebook that was exported.

    Raises
    ------
    PlannerError, ScenarioError, CompareError
        One line.
    """
    if plan is None and reference is not None:
        raise PlannerError("reference: needs a plan beside it")
    if plan is None:
        desk = example()
    elif reference is None:
        desk = Desk(as_scenario(plan))
    else:
        desk = Desk.of_two(as_scenario(reference), as_scenario(plan))
    page = Planner(desk)
    if state is not None:
        page.state = state
    return page


class Planner:
    """A planning page of a notebook.

    desk     what answers it
    state    controls that are moved, id -> value: as the page has them, and to be set before it is
             shown
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._state = dict(desk.state)

    @property
    def state(self) -> dict[str, Any]:
        """Controls that are moved, id -> value."""
        return dict(self._state)

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        self.desk.plans(dict(state))  # refused before it is kept
        self._state = dict(state)

    @property
    def today(self) -> Scenario:
        """Today as the page has it: a Scenario."""
        return self.desk.plans(self._state)[0]

    @property
    def plan(self) -> Scenario:
        """The plan as the page has it: a Scenario."""
        return self.desk.plans(self._state)[1]

    def record(self, draws: int | None = None) -> Comparison | Result:
        """The plan compared with today, or today's run where nothing is changed: a record.

        draws : of both; by default those of the page's last answer, whose numbers these are
        """
        from sim.experiments.compare import compare  # late: a page may never ask
        from sim.experiments.run import run

        today, plan = self.desk.plans(self._state)
        draws = stages_of(today, plan)[-1] if draws is None else draws
        if today == plan:
            return run(today, draws, LUCK, SEED)
        return compare({"today": today, "the plan": plan}, draws=draws, luck=LUCK, seed=SEED)

    @cached_property
    def widget(self) -> Any:
        """The page as an anywidget. Raises ExtraError, one line, where that is not installed."""
        extras.require("a page that moves", "anywidget")
        from sim.planning.widget import cell_of  # late: a small library of its own

        return cell_of(self)

    def reply(self, message: Any) -> dict[str, Any]:
        """What a message of the page is answered: `id`, and one of value, more or error.

        message : {"id", "what", "params"}; anything else is an error of one line
        value   what was asked; more: that it takes longer, so that it is to be asked again
        """
        asked = message if isinstance(message, dict) else {}
        found: dict[str, Any] = {"id": asked.get("id")}
        try:
            return found | {"value": self._value(asked.get("what"), asked.get("params"))}
        except Superseded:
            return found | {"more": True}
        except (PlannerError, ScenarioError, ValueError) as error:
            return found | {"error": short(str(error).splitlines()[0], 400)}

    def _value(self, what: Any, params: Any) -> Any:
        """What one of `_CALLS` gives for its parameters."""
        wanted = _CALLS.get(what) if isinstance(what, str) else None
        if wanted is None or not isinstance(params, dict) or set(params) != set(wanted):
            raise PlannerError("a message must ask for what the page knows")
        if what == "opening":
            return self.desk.opening() | {"state": self._state}
        if what == "moved":
            self.state = params["state"]
            return None
        if what == "file":
            return self.desk.toml(params["state"], params["which"])
        works: dict[str, Callable[..., Any]] = {"ask": self.desk.answer, "run": self.desk.one_run}
        return works[what](*(params[name] for name in wanted), _turn())

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The page, and beside it what stands in its place where it cannot move."""
        from sim import figures  # late: Matplotlib is slow to import

        record = self.record()
        still = {
            "text/plain": repr(self),
            "text/html": record._repr_html_(),
            "image/svg+xml": figures.to_bytes(record.plot(), "svg").decode(),
        }
        if not extras.has("anywidget"):
            return still, {}
        shown = self.widget._repr_mimebundle_()
        data, about = shown if isinstance(shown, tuple) else (shown, {})
        return data | still, about

    def __repr__(self) -> str:
        moved = ", ".join(f"{key} = {value!r}" for key, value in self._state.items())
        return f"<Planner {self.desk.name}: {moved or 'nothing is moved'}>"


_CALLS = {
    "opening": (), "ask": ("state", "stage"), "run": ("state", "which"), "file": ("state", "which"),
    "moved": ("state",),
}  # fmt: skip


def _turn() -> Callable[[], bool]:
    """Whether a turn of work is over, asked before each step of it; never before the first."""
    began, steps = time.monotonic(), 0

    def is_over() -> bool:
        nonlocal steps
        steps += 1
        return steps > 1 and time.monotonic() - began > TURN

    return is_over
