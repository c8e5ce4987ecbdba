"""Forecasts of a record's own quarters, made from the weeks before each, and scored."""

import platform
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pandas as pd

from sim import files
from sim.errors import BacktestError, count, fault_lines
from sim.forecasting import weekly
from sim.forecasting.record import Backtest
from sim.forecasting.replay import LEAST_RECENT, WEEKS, of_project
from sim.forecasting.rivals import RECENT
from sim.forecasting.settings import SHIPPED, Settings
from sim.forecasting.weekly import Weekly
from sim.records import provenance

Told = Callable[[int, int], None]
MOST_NOTES = 10
PACKAGES = ("numpy", "scipy", "pandas")


def backtest(
    path: str | Path,
    map: str | Path | None = None,
    dates: str | None = None,
    seed: int = 1,
    draws: int = 2000,
    settings: Settings = SHIPPED,
    progress: Told | None = None,
) -> Backtest:
    """Forecast every 13 weeks of a record from the weeks before them, and score the forecasts.

    Parameters
    ----------
    path : str or Path
        An export that `sim.read` reads, or a table of the columns week and closed, with project
        where it holds several.
    map, dates : optional
        Of an export, as `sim.read` takes them.
    seed : int
        Any integer; the same seed gives the same record.
    draws : int, 100 to 100,000
        Samples of each forecast.
    settings : Settings
        Of the drift; those that ship were chosen on public trackers.
    progress : callable, optional
        Told how many projects are done, of how many.

    Returns
    -------
    Backtest

    Raises
    ------
    BacktestError, TicketError
        A line a fault: of a file that cannot be read, or where no project has 39 weeks and 2
        tickets a week.
    """
    count("seed", seed, BacktestError)
    count("draws", draws, BacktestError, 100, 100_000)
    path = Path(path)
    projects = weekly.read(path, map, dates)
    tables, coming, left_out = [], {}, {}
    for done, project in enumerate(projects):
        fault = weekly.too_little(project) or _too_short(project)
        if not fault:
            table, ahead = of_project(project, settings, seed, draws)
            fault = "" if len(table) else TOO_FEW
        if fault:
            left_out[project.name] = fault
        else:
            tables.append(table)
            coming[project.name] = ahead
        if progress is not None:
            progress(done + 1, len(projects))
    if not tables:
        faults = [f"{weekly.of(name)}{fault}" for name, fault in left_out.items()]
        raise BacktestError(fault_lines(path.name, faults))
    return Backtest(
        path.name, pd.concat(tables, ignore_index=True), coming, left_out, _notes(projects),
        _made_by(path, seed, draws, settings),
    )  # fmt: skip


TOO_FEW = (
    f"under {LEAST_RECENT / WEEKS:g} tickets a week before every forecast: too few to score one"
)


def _too_short(project: Weekly) -> str:
    """Why no quarter of a project can be scored, or ""."""
    weeks, least = len(project.counts), RECENT + WEEKS
    if weeks >= least:
        return ""
    return f"{weeks} weeks: must be {least} or more, {RECENT} to forecast from and {WEEKS} to score"


def _notes(projects: tuple[Weekly, ...]) -> tuple[str, ...]:
    """How the tickets were counted, each sentence under the project it is of; the first ten."""
    notes = [f"{weekly.of(one.name)}{note}" for one in projects for note in one.notes]
    more = len(notes) - MOST_NOTES
    cut = (f"And {more:,} notes more of this kind.",) if more > 0 else ()
    return (*notes[:MOST_NOTES], *cut)


def _made_by(path: Path, seed: int, draws: int, settings: Settings) -> dict:
    """All that is needed to make it again, but the file."""
    return {
        "version": provenance.version(),
        "git": provenance.git(),
        "evidence_sha256": provenance.evidence_sha256(),
        "file_sha256": files.sha256(path),
        "seed": seed,
        "samples": draws,
        "settings": settings.to_json(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }
