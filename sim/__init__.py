"""Tiercurve: what a software team delivers with agentic AI tools, and how sure that is.

import sim
result = sim.run("platform-team")
result.summary()
result.plot()
"""

from importlib import import_module
from typing import Any

_NAMES = {
    "load": "sim.scenario",
    "available": "sim.scenario",
    "schema": "sim.scenario",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.errors",
    "register": "sim.parameters",
    "RegisterError": "sim.errors",
    "CurveError": "sim.errors",
    "TeamModel": "sim.engine.team_model",
    "Developer": "sim.engine.team_model",
    "Task": "sim.engine.task_view",
    "ModelError": "sim.errors",
    "run": "sim.experiments.run",
    "trace": "sim.experiments.traces",
    "RunError": "sim.errors",
    "Result": "sim.experiments.result",
    "ResultError": "sim.errors",
    "AnswerError": "sim.errors",
    "load_record": "sim.loading",
    "load_result": "sim.loading",
    "assess": "sim.assessment",
    "Assessment": "sim.assessment",
    "AssessError": "sim.errors",
    "tier_curves": "sim.experiments.tiers",
    "TierCurves": "sim.experiments.tiers",
    "TierError": "sim.errors",
    "compare": "sim.experiments.compare",
    "Comparison": "sim.experiments.comparison",
    "ask": "sim.experiments.ask",
    "Worlds": "sim.experiments.ask",
    "since": "sim.experiments.since",
    "Since": "sim.experiments.since",
    "CompareError": "sim.errors",
    "robustness": "sim.experiments.robustness",
    "Robustness": "sim.experiments.robustness",
    "read": "sim.exports",
    "TicketRecord": "sim.exports",
    "calibrate": "calibration.local",
    "Calibration": "calibration.local",
    "TicketError": "sim.errors",
    "load_comparison": "sim.loading",
    "sensitivity": "sim.experiments.sensitivity",
    "Sensitivity": "sim.experiments.sensitivity",
    "Ranking": "sim.experiments.sensitivity",
    "given": "sim.experiments.sensitivity",
    "SensitivityError": "sim.errors",
    "load_sensitivity": "sim.loading",
    "decide": "sim.experiments.decide",
    "mixes": "sim.experiments.decide",
    "Decision": "sim.experiments.decide",
    "DecideError": "sim.errors",
    "search": "sim.experiments.decide",
    "search_trainings": "sim.experiments.decide",
    "load_decision": "sim.loading",
    "backtest": "sim.forecasting",
    "Backtest": "sim.forecasting",
    "BacktestError": "sim.errors",
    "Level": "sim.forecasting",
    "learn": "sim.learning",
    "Learning": "sim.learning",
    "LearnError": "sim.errors",
    "planner": "sim.planning.notebook",
    "Planner": "sim.planning.notebook",
    "PlannerError": "sim.errors",
    "study": "sim.studies",
    "Study": "sim.studies",
    "StudyError": "sim.errors",
    "deck": "sim.decks",
    "Deck": "sim.decks",
    "DeckError": "sim.errors",
    "load_study": "sim.loading",
    "sweep": "sim.experiments.sweep",
    "design": "sim.experiments.sweep",
    "load_sweep": "sim.experiments.sweep",
    "replay": "sim.experiments.sweep",
    "Sweep": "sim.experiments.sweep",
    "SweepError": "sim.errors",
    "SweepStopped": "sim.errors",
    "SweepWarning": "sim.errors",
    "check": "sim.checking.check",
    "Check": "sim.checking.check",
    "CheckError": "sim.errors",
    "Claim": "sim.records.claims",
    "Record": "sim.records.record",
    "RecordError": "sim.errors",
    "claims": "sim.records.record",
    "in_words": "sim.records.factors",
    "validate": "sim.validation",
    "Validation": "sim.validation",
    "ValidationError": "sim.errors",
    "PatternError": "sim.errors",
}

__all__ = sorted(_NAMES)


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        # Import late: naming the package must stay cheap.
        return getattr(import_module(_NAMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
