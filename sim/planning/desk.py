"""What the planning page asks of a scenario: its controls, answers by stage, and plans as files."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.caveats import ALWAYS, Caveat
from sim.errors import PlannerError, count
from sim.experiments import terms
from sim.experiments.pairing import workforce
from sim.experiments.run import caveats
from sim.planning.answers import answer, leading_metric
from sim.planning.basis import basis
from sim.planning.controls import controls_of, to_json
from sim.planning.kept import beside, kept
from sim.planning.plans import plans
from sim.planning.worlds import LUCK, SEED, STAGES, WorldCache, stages_of
from sim.scenario import Scenario
from sim.scenario.calendar_days import first_day

EXAMPLE = "done-by-march/today"  # what opens where no plan is named
EXAMPLE_STATE = {"plan.engineer.expert": 2, "join": 4}
EXAMPLE_QUESTION = "Do two more experts from week 4 bring the end of March nearer?"
FILES = ("plan", "today")


@dataclass(frozen=True)
class Desk:
    """A scenario on the page.

    base     Scenario that the controls change
    state    of the controls when the page opens
    question asked when it opens
    more     what the plan changes besides the controls: dotted path -> value
    cache    of worlds
    """

    base: Scenario
    state: dict[str, Any] = field(default_factory=dict)
    question: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    cache: WorldCache = field(default_factory=WorldCache, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base", _without_reference(self.base))
        stages_of(*self.plans(self.state))  # refused before the page opens

    @classmethod
    def of_two(cls, reference: Scenario, plan: Scenario) -> "Desk":
        """A page that opens with a plan against a reference, which is today.

        Raises PlannerError, ScenarioError or CompareError, one line, where no page holds both.
        """
        state, more = beside(reference, plan)
        desk = cls(reference, state, plan.question, more)
        if lost := terms.changes(plan, desk.plans(state)[1]):
            raise PlannerError(
                f"{plan.name}: {'; '.join(lost)}: no control of the page makes it so"
            )
        return desk

    def plans(self, state: Any) -> tuple[Scenario, Scenario]:
        """Today and the plan as a state has them; raises what `sim.planning.plans.plans` does."""
        return plans(self.base, state, self.more)

    @property
    def name(self) -> str:
        """What `tiercurve plan` takes for the scenario, but for a path of this machine."""
        (called,) = shlex.split(self.base.called)
        return self.base.name if Path(called).is_absolute() else called

    def opening(self) -> dict[str, Any]:
        """What the page shows before the first answer: plain data."""
        return {
            "name": self.name,
            "question": self.question or self.base.question,
            "first_day": first_day(self.base.horizon.start).isoformat(),
            "controls": to_json(controls_of(self.base)),
            "state": self.state,
            "stages": [draws * LUCK for draws in STAGES],
            "caveat": workforce("page"),
            "kept": {
                "both": kept(self.base),
                "plan": list(terms.changes(self.base, self.base.replace(self.more)))
                if self.more
                else [],
            },
        }

    def answer(
        self, state: Any, stage: int, superseded: Callable[[], bool] = bool
    ) -> dict[str, Any]:
        """The answer to a state of the controls: `answers.answer`, and what is around it.

        stage : 0 while something moves, then 1 and 2; the largest that the plans allow at most

        Keys besides: stage, last (whether no finer stage comes), changes and facts that differ, in
        words, warnings, caveats, basis (with the last stage alone).

        Raises PlannerError, ScenarioError or CompareError, one line; Superseded.
        """
        today, plan = self.plans(state)
        offered = stages_of(today, plan)
        count("stage", stage, PlannerError, 0, len(STAGES) - 1)
        stage = min(stage, len(offered) - 1)
        metric = leading_metric(today, plan)
        of_today, of_plan = (
            self.cache.worlds(each, offered[stage], metric, superseded) for each in (today, plan)
        )
        last = stage == len(offered) - 1
        kept = dict.fromkeys((*_caveats(today), *_caveats(plan)))
        return answer(of_today, of_plan, today != plan) | {
            "stage": stage,
            "last": last,
            "changes": list(terms.changes(today, plan)),
            "facts": list(terms.changes(self.base, today)),
            "warnings": [caveat for caveat in kept if caveat.kind in ALWAYS],
            "caveats": [caveat for caveat in kept if caveat.kind not in ALWAYS],
            "basis": basis(plan) if last else None,
        }

    def one_run(
        self, state: Any, which: str, superseded: Callable[[], bool] = bool
    ) -> dict[str, Any]:
        """One run of the plan, or of today, to watch: `one_run.one_run`.

        which : one of FILES

        Raises what `answer` raises.
        """
        from sim.planning.one_run import one_run  # late: Mesa is slow to import

        today, plan = self.plans(state)
        chosen, metric = _chosen(which, today, plan), leading_metric(today, plan)
        draws = stages_of(today, plan)[-1]
        return one_run(self.cache.worlds(chosen, draws, metric, superseded))

    def toml(self, state: Any, which: str) -> str:
        """The plan, or today, as the text of a file that states everything.

        which : one of FILES

        Raises PlannerError or ScenarioError, one line.
        """
        chosen = _chosen(which, *self.plans(state))
        draws = stages_of(chosen)[-1]
        return (
            f"# {which}.toml: made on the planning page from {self.name}. The same numbers:\n"
            f"#   tiercurve compare today.toml plan.toml --draws {draws} --luck {LUCK} "
            f"--seed {SEED}\n{chosen.to_toml()}"
        )


def _without_reference(plan: Scenario) -> Scenario:
    """A plan that asks of nothing beside it: today stands beside it on the page."""
    stated = plan.to_dict()
    stated["answer"].pop("against", None)
    return Scenario(stated, plan.name, plan._notes, plan._folder)


@lru_cache(maxsize=64)
def _caveats(plan: Scenario) -> tuple[Caveat, ...]:
    return caveats(plan, {"uncertainty": "full", "luck": LUCK})


def _chosen(which: str, today: Scenario, plan: Scenario) -> Scenario:
    if which not in FILES:
        raise PlannerError(f"which of the two must be one of {', '.join(FILES)}")
    return plan if which == "plan" else today


def example() -> Desk:
    """The page where no plan is named: an example with its question."""
    from sim.scenario import load

    return Desk(load(EXAMPLE), dict(EXAMPLE_STATE), EXAMPLE_QUESTION)
