"""Figures: records in, a matplotlib Figure out; the one door to matplotlib.

A module a record: `run`, `tiers`, `compare`, `sensitivity`, `decide`, `sweep`, `backtest`,
`learning`. What
they share is in `style` and `drawing`; studies, calibration and validation draw with these too.
"""

from sim.errors import FigureError
from sim.figures.backtest import backtest_figure
from sim.figures.compare import compare_figure, weeks_figure
from sim.figures.decide import decide_figure
from sim.figures.drawing import chart_figure
from sim.figures.hours import hours_figure
from sim.figures.hours_by_week import hours_by_week_figure
from sim.figures.lanes import lanes_figure
from sim.figures.learning import burn_up_figure, learning_figure
from sim.figures.people import levels_figure
from sim.figures.queues import queues_figure
from sim.figures.run import finding, run_figure
from sim.figures.sensitivity import (
    convergence_figure,
    pairs_figure,
    ranking_figure,
    sensitivity_figure,
)
from sim.figures.style import rounded, save, to_bytes
from sim.figures.sweep import sweep_figure
from sim.figures.tiers import outcome_figure, tier_figure
from sim.figures.tornado import tornado_figure
from sim.figures.worth import worth_figure

__all__ = [
    "FigureError", "backtest_figure", "burn_up_figure", "chart_figure", "compare_figure",
    "convergence_figure", "decide_figure", "finding", "hours_by_week_figure", "hours_figure",
    "lanes_figure", "learning_figure", "levels_figure", "outcome_figure", "pairs_figure",
    "queues_figure", "ranking_figure", "rounded", "run_figure", "save", "sensitivity_figure",
    "sweep_figure", "tier_figure", "to_bytes", "tornado_figure", "weeks_figure", "worth_figure",
]  # fmt: skip
