"""Commands that run scenarios: run, compare, trace, curves."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import (
    All,
    Drawn,
    Draws,
    Engine,
    Json,
    Luck,
    Name,
    Plot,
    Progress,
    Seed,
    Threads,
    Uncertainty,
    print_trace,
    refuse_early,
    save_figure,
    say,
    say_if_compiling,
    show,
)


class RunFigure(StrEnum):
    """Which figure of a run."""

    work = "work"
    levels = "levels"
    hours = "hours"


class Kind(StrEnum):
    """Which figure of the tier curves."""

    curves = "curves"
    outcomes = "outcomes"


def run(
    name: Name,
    draws: Draws = 100,
    luck: Luck = 2,
    seed: Seed = 1,
    precision: Annotated[
        str | None, typer.Option(help="Such as 2%: add draws until mean work is known so well.")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Which clock; same rows.")] = Engine.compiled,
    uncertainty: Drawn = Uncertainty.full,
    threads: Threads = None,
    everything: All = False,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="New folder for the rows (Parquet).")] = None,
    plot: Plot = None,
    figure: Annotated[RunFigure, typer.Option(help="Which figure.")] = RunFigure.work,
) -> None:
    """Run a scenario: what the team delivers, with intervals, and the answer to its question."""
    from sim.experiments import answers
    from sim.experiments.run import run as run_scenario
    from sim.scenario import load

    plan = load(name)
    answers.check(plan)
    refuse_early(out, plot)
    say_if_compiling(engine)
    with Progress() as progress:
        result = run_scenario(
            plan, draws, luck, seed, precision, engine.value, uncertainty.value, threads, progress
        )
        answer = answers.answer(result, threads, progress)
    if out is not None:
        say(f"rows written to {result.save(out)}")
    if plot is not None:
        save_figure(result.plot(figure.value), plot)
    show(result.to_json(answer) if as_json else result.text(everything, answer))


def compare(
    names: Annotated[
        list[str],
        typer.Argument(metavar="A B [C...]", help="Two scenarios or more; first: reference."),
    ],
    draws: Draws = 100,
    luck: Luck = 2,
    seed: Seed = 1,
    weeks: Annotated[int | None, typer.Option(help="Horizon of all plans, not their own.")] = None,
    uncertainty: Drawn = Uncertainty.full,
    threads: Threads = None,
    everything: All = False,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="New folder for all rows (Parquet).")] = None,
    plot: Plot = None,
) -> None:
    """Compare plans with the first of them, on the same draws and luck."""
    from sim.experiments import compare as experiment

    plans = experiment.labelled(*names, weeks=weeks)
    refuse_early(out, plot)
    say_if_compiling(Engine.compiled)
    with Progress() as progress:
        comparison = experiment.compare(
            plans, draws=draws, luck=luck, seed=seed, uncertainty=uncertainty.value,
            threads=threads, progress=progress,
        )  # fmt: skip
    if out is not None:
        say(f"rows written to {comparison.save(out)}")
    if plot is not None:
        save_figure(comparison.plot(), plot)
    show(comparison.to_json() if as_json else comparison.text(everything))


def trace(
    name: Name,
    seed: Seed = 1,
    draw: Annotated[int, typer.Option(help="Which set of uncertain parameters.")] = 0,
    luck: Annotated[int, typer.Option(help="Which world under it.")] = 0,
    engine: Annotated[Engine, typer.Option(help="Which clock; same rows.")] = Engine.compiled,
    rows: Annotated[int, typer.Option(help="Rows to print; 0 for all.", min=0)] = 40,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="Write all rows to this CSV file.")] = None,
) -> None:
    """Show one world, stretch by stretch."""
    from sim.experiments.run import trace as trace_scenario
    from sim.scenario import load

    plan = load(name)
    refuse_early(out, None)
    say_if_compiling(engine)
    table = trace_scenario(plan, seed, draw, luck, engine=engine.value)
    print_trace(table, rows, as_json, out)


def curves(
    name: Name,
    draws: Draws = 200,
    seed: Seed = 1,
    as_json: Json = False,
    plot: Plot = None,
    kind: Annotated[Kind, typer.Option(help="Which figure.")] = Kind.curves,
) -> None:
    """Show how sessions with an agent end, by level, work and size; nothing is simulated."""
    from sim.experiments.tiers import tier_curves
    from sim.scenario import load

    plan = load(name)
    refuse_early(None, plot)
    record = tier_curves(plan, draws, seed)
    if plot is not None:
        save_figure(record.plot(kind.value), plot)
    show(record.to_json() if as_json else record.text())
