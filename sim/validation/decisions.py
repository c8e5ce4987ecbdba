"""What the decisions that people come for hang on.

Each is two plans of `decisions.toml`, compared with every mechanism off in turn and at both ends
of each doubtful prior (`sim.experiments.robustness`). `write_decisions` writes the page anew.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

import pandas as pd

from sim.experiments import leading
from sim.experiments.robustness import sentences
from sim.experiments.robustness.analysis import measured
from sim.experiments.robustness.settings import AS_IS, OFF, OTHER_LUCK, settings_of
from sim.records.words import units
from sim.scenario import load

SEED = 1
FULL, QUICK = (30, 2), (8, 2)  # draws, luck
TEXTS = tomllib.loads(files(__package__).joinpath("decisions.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Decision:
    """Two plans, and what is asked of them.

    name, question  in words
    plans           dict, label -> Scenario, the reference first
    metric          what decides
    """

    name: str
    question: str
    plans: dict
    metric: str

    @property
    def frame(self):
        """What the rows of the plan are of: `sentences.Frame`."""
        (reference, plan), first = self.plans, next(iter(self.plans.values()))
        unit = units(first)[self.metric]
        return sentences.Frame(plan, reference, self.metric, unit, first.horizon.weeks)


def available():
    """The decisions of `decisions.toml`, in its order: tuple of Decision."""
    return tuple(map(_decision, TEXTS["decisions"]))


def _decision(stated):
    common = stated.get("changes", {})
    plans = {}
    for side in (stated["reference"], stated["plan"]):
        changes = common | side.get("changes", {})
        plan = load(side["scenario"])
        plans[side["label"]] = plan.replace(changes) if changes else plan
    metric = stated.get("metric") or leading.metric_of_all(plans.values())
    return Decision(stated["name"], stated["question"], plans, metric)


def run(quick=False, threads=None, tell=None):
    """Rows of `measured` for each decision, with its name in `decision`: DataFrame.

    quick : few draws, and mechanisms alone
    tell : callable, optional, called with (settings done, in all)
    """
    draws, luck = QUICK if quick else FULL
    cache: dict = {}
    decisions, parts = available(), []
    for place, one in enumerate(decisions):
        settings = chosen(one, quick)
        parts.append(
            measured(
                one.plans, one.metric, settings, draws, luck, SEED, threads,
                _part(tell, place, len(decisions), len(settings)), cache,
            ).assign(decision=one.name)
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def chosen(decision, quick=False):
    """Settings of a decision; when quick, of mechanisms alone."""
    every = settings_of(next(iter(decision.plans.values())))
    return [s for s in every if not quick or s.kind in (AS_IS, OTHER_LUCK, OFF)]


def _part(tell, place, parts, settings):
    if tell is None:
        return None
    return lambda done, _: tell(place * settings + done, parts * settings)
