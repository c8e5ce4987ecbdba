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
    "ScenarioError": "sim.scenario",
    "register": "sim.parameters",
    "RegisterError": "sim.parameters",
    "CurveError": "sim.engine.curves",
    "TeamModel": "sim.engine.team_model",
    "Developer": "sim.engine.team_model",
    "Task": "sim.engine.task_view",
    "ModelError": "sim.engine.team_model",
    "run": "sim.experiments.run",
    "trace": "sim.experiments.run",
    "RunError": "sim.experiments.run",
    "Result": "sim.experiments.results",
    "ResultError": "sim.experiments.results",
    "AnswerError": "sim.experiments.answers",
    "load_result": "sim.experiments.results",
    "assess": "sim.experiments.assess",
    "Assessment": "sim.experiments.assess",
    "AssessError": "sim.experiments.assess",
    "tier_curves": "sim.experiments.tiers",
    "TierCurves": "sim.experiments.tiers",
    "TierError": "sim.experiments.tiers",
    "compare": "sim.experiments.compare",
    "Comparison": "sim.experiments.comparison",
    "CompareError": "sim.experiments.pairing",
    "calibrate": "calibration.local",
    "Calibration": "calibration.local",
    "TicketError": "calibration.tickets",
    "load_comparison": "sim.experiments.comparison",
    "sensitivity": "sim.experiments.sensitivity",
    "Sensitivity": "sim.experiments.sensitivity",
    "Ranking": "sim.experiments.sensitivity",
    "given": "sim.experiments.sensitivity",
    "SensitivityError": "sim.experiments.sensitivity",
    "load_sensitivity": "sim.experiments.sensitivity",
    "decide": "sim.experiments.decide",
    "mixes": "sim.experiments.decide",
    "Decision": "sim.experiments.decide",
    "DecideError": "sim.experiments.decide",
    "search": "sim.experiments.decide",
    "load_decision": "sim.experiments.decide",
    "study": "sim.experiments.studies",
    "Study": "sim.experiments.studies",
    "StudyError": "sim.experiments.studies",
    "deck": "sim.reporting.deck",
    "Deck": "sim.reporting.deck",
    "DeckError": "sim.reporting.deck",
    "load_study": "sim.experiments.studies",
    "sweep": "sim.experiments.sweep",
    "design": "sim.experiments.sweep",
    "load_sweep": "sim.experiments.sweep",
    "replay": "sim.experiments.sweep",
    "Sweep": "sim.experiments.sweep",
    "SweepError": "sim.experiments.sweep",
    "SweepStopped": "sim.experiments.sweep",
    "SweepWarning": "sim.experiments.sweep",
    "check": "sim.reporting.checking",
    "Check": "sim.reporting.checking",
    "CheckError": "sim.reporting.embedded",
    "Claim": "sim.experiments.claims",
    "claims": "sim.experiments.records",
    "validate": "sim.validation",
    "Validation": "sim.validation",
    "ValidationError": "sim.validation",
    "PatternError": "sim.validation",
}

__all__ = sorted(_NAMES)


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        # Import late: naming the package must stay cheap.
        return getattr(import_module(_NAMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
