"""Commands that forecast from a team's own record: backtest."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import (
    DateOrder,
    Json,
    MapFile,
    Plot,
    Progress,
    Seed,
    deliver,
    refuse_early,
)


def backtest(
    file: Annotated[
        Path, typer.Argument(help="Export of a tracker, or CSV of project, week, closed.")
    ],
    map: MapFile = None,
    dates: DateOrder = None,
    seed: Seed = 1,
    everything: Annotated[
        bool, typer.Option("--all", help="Show a row a project, of one too.")
    ] = False,
    as_json: Json = False,
    plot: Plot = None,
    out: Annotated[Path | None, typer.Option(help="New folder for the forecasts.")] = None,
) -> None:
    """Forecast your past quarters from the weeks before each, and score the forecasts.

    \b
    tiercurve backtest export.csv    done tickets by week of an export that `read` reads
    tiercurve backtest weeks.csv     columns week, closed, and project for several

    Every 13 weeks from the 26th: how often intervals of the next 13 weeks' tickets hold what came,
    and how far off they are, beside Monte Carlo resampling. Needs 39 weeks.
    """
    from sim.forecasting import backtest as forecast

    refuse_early(out, plot)
    with Progress("project") as progress:
        record = forecast(file, map, dates and dates.value, seed, progress=progress)
    deliver(record, "forecasts", out, plot, as_json, everything)
