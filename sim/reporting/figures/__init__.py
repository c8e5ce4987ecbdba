"""Figures: records in, a matplotlib Figure out; the one door to matplotlib.

A module a record: `run`. What they share is in `style`.
"""

from sim.reporting.figures.run import finding, run_figure
from sim.reporting.figures.style import FigureError, rounded, save

__all__ = ["FigureError", "finding", "rounded", "run_figure", "save"]
