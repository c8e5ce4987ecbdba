"""Commands that work from a team's own record: learn, backtest."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import (
    DateOrder,
    DryRun,
    Engine,
    FigureSize,
    Ground,
    Json,
    MapFile,
    Plot,
    Progress,
    Seed,
    Size,
    Theme,
    Yes,
    deliver,
    refuse_early,
    say,
    say_if_compiling,
    weigh,
)


class LearningFigure(StrEnum):
    """Which figure of a learning."""

    learning = "learning"
    burn_up = "burn-up"


def learn(
    file: Annotated[Path, typer.Argument(help="Export of a tracker, or CSV of week, closed.")],
    as_: Annotated[str, typer.Option("--as", help="Plan of the team as it was over the record.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the team's posterior; one learned before is updated."),
    ] = None,
    know: Annotated[
        list[str] | None,
        typer.Option(help="KEY=NUMBER known of the same weeks, such as development=14; repeat."),
    ] = None,
    weeks: Annotated[int, typer.Option(help="Last weeks that are learned from.")] = 26,
    map: MapFile = None,
    dates: DateOrder = None,
    tickets: Annotated[
        int | None, typer.Option(help="Say by when so many tickets more are done.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Day by which their chance is told, such as 2027-03-15.")
    ] = None,
    worlds: Annotated[int, typer.Option(help="Simulated pasts.")] = 10_000,
    seed: Seed = 1,
    everything: Annotated[bool, typer.Option("--all", help="Show every parameter.")] = False,
    as_json: Json = False,
    plot: Plot = None,
    size: Size = FigureSize.screen,
    theme: Ground = Theme.light,
    figure: Annotated[
        LearningFigure | None, typer.Option(help="Which figure; by default what was learned.")
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Learn from your own record how your team works, so that your plans' answers narrow.

    \b
    tiercurve learn export.csv --as our-plan --out our-team
    tiercurve learn weeks.csv --as our-plan --know development=14 --out our-team

    Simulates the past, weighs what fits. A plan then says record = "our-team". Numbers to know:
    given_up, hours, cycle, review_wait, review_hours, rework, advanced, development.
    """
    from sim.learning import Learning
    from sim.learning import learn as learn_record
    from sim.learning.learn import workload_of

    if by is not None and tickets is None:
        raise typer.BadParameter(f"{by}: needs --tickets, whose chance is told", param_hint="--by")
    again = out is not None and Learning.is_saved(out)
    refuse_early(None if again else out, plot, figure)
    before = Learning.load(out) if again else None
    asked = (file, as_, weeks, _numbers(know), map, dates and dates.value, worlds, seed)
    weigh(workload_of(*asked), dry_run, yes, as_json)
    say_if_compiling(Engine.compiled)
    with Progress() as progress:
        record = learn_record(*asked, before, progress)
    if again:
        record.save(out, overwrite=True)
        say(f"{out} is learned anew; its forecasts are kept")
    when = record.when(tickets, by) if tickets is not None else ""
    kept = None if again else out
    deliver(record, "posterior", kept, plot, as_json, everything, figure, size, theme)
    if when:
        (say if as_json else print)(when)


def _numbers(known: list[str] | None) -> dict[str, float]:
    """KEY=NUMBER options as a dict; a fault of one is a fault of the option."""
    found: dict[str, float] = {}
    for text in known or ():
        key, _, value = text.partition("=")
        if key.strip() in found:
            raise typer.BadParameter(f"{key.strip()}: stated twice", param_hint="--know")
        try:
            found[key.strip()] = float(value)
        except ValueError:
            raise typer.BadParameter(
                f"{text}: must be KEY=NUMBER, such as development=14", param_hint="--know"
            ) from None
    return found


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
    size: Size = FigureSize.screen,
    theme: Ground = Theme.light,
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
    deliver(record, "forecasts", out, plot, as_json, everything, size=size, theme=theme)
