"""Forecasts of a team's tickets: a level that walks, and how well it would have forecast."""

from sim.forecasting.backtest import backtest
from sim.forecasting.level import Level
from sim.forecasting.record import Backtest
from sim.forecasting.settings import Settings

__all__ = ["Backtest", "Level", "Settings", "backtest"]
