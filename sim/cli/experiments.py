"""Commands that run scenarios: run, compare, trace, curves, sweep, replay, new, list, schema."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.common import (
    EXCEL,
    All,
    AskedDraws,
    AskedLuck,
    Drawn,
    Draws,
    DryRun,
    Engine,
    FigureSize,
    Ground,
    Json,
    Luck,
    Name,
    Plot,
    Progress,
    Seed,
    Size,
    Theme,
    Threads,
    Uncertainty,
    Yes,
    deliver,
    keep,
    print_trace,
    refuse_early,
    refuse_path,
    save_figure,
    say,
    say_if_compiling,
    say_if_past,
    show,
    weigh,
)


class RunFigure(StrEnum):
    """Which figure of a run."""

    work = "work"
    levels = "levels"
    hours = "hours"
    hours_by_week = "hours-by-week"
    queues = "queues"
    swimlanes = "swimlanes"


class CompareFigure(StrEnum):
    """Which figure of a comparison."""

    difference = "difference"
    weeks = "weeks"


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
    out: Annotated[
        Path | None, typer.Option(help="New folder for the rows (Parquet), or .xlsx.")
    ] = None,
    plot: Plot = None,
    size: Size = FigureSize.screen,
    theme: Ground = Theme.light,
    figure: Annotated[
        RunFigure | None, typer.Option(help="Which figure; by default the one that answers.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(help="The forecast before: a plan, or the folder of its rows (--out)."),
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Run a scenario: what the team delivers, with intervals, and the answer to its question."""
    from sim.experiments import answers
    from sim.experiments.run import run as run_scenario
    from sim.experiments.run import workload_of
    from sim.scenario import load

    plan = load(name)
    answers.check(plan)
    say_if_past([plan])
    before = None if since is None else _before(plan, since)
    refuse_early(out, plot, figure)
    asked = (draws, luck, seed, precision, engine.value, uncertainty.value, threads)
    weigh(workload_of(plan, *asked, answer=True), dry_run, yes, as_json)
    say_if_compiling(engine)
    with Progress() as progress:
        result = run_scenario(plan, *asked, progress)
        answer = answers.answer(result, threads, progress)
    changed = None if before is None else _since(result, before, threads)
    if out is not None:
        say(f"rows written to {keep(result, out, answer=answer)}")
    if plot is not None:
        answering = answer.comparison if figure is None and answer.comparison else result
        save_figure(answering.plot(figure, size=size.value, theme=theme.value), plot)
    if as_json:
        show(result.to_json(answer) | ({} if changed is None else {"since": changed.to_json()}))
        return
    show(result.text(everything, answer))
    for table in [] if changed is None else changed.tables():
        show("\n" + "\n".join(table.lines()))


def _since(result: Any, before: Any, threads: int | None) -> Any:
    from sim.experiments.since import since

    with Progress() as progress:
        return since(result, before, threads, progress)


def _before(plan: Any, name: str) -> Any:
    """The forecast before that of a plan: a saved Result or its Scenario, held against the plan."""
    from sim.experiments import since
    from sim.experiments.result import Result
    from sim.scenario import load

    if Result.is_saved(Path(name)):
        result = Result.load(Path(name))
        since.check(plan, result.scenario)
        return result
    before = load(name)
    since.check(plan, before)
    return before


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
    mechanisms: Annotated[
        bool,
        typer.Option("--mechanisms", help="What the difference hangs on; takes some minutes."),
    ] = False,
    threads: Threads = None,
    everything: All = False,
    as_json: Json = False,
    out: Annotated[
        Path | None, typer.Option(help="New folder for all rows (Parquet), or .xlsx.")
    ] = None,
    plot: Plot = None,
    size: Size = FigureSize.screen,
    theme: Ground = Theme.light,
    figure: Annotated[
        CompareFigure | None, typer.Option(help="Which figure; by default the difference.")
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Compare plans with the first of them, on the same draws and luck."""
    from sim.experiments import compare as experiment
    from sim.experiments.robustness import analysis as robustness

    plans = experiment.labelled(*names, weeks=weeks)
    say_if_past(plans.values())
    refuse_early(out, plot, figure)
    work: dict[str, Any] = {"draws": draws, "luck": luck, "seed": seed, "threads": threads}
    if mechanisms:
        _check_mechanisms(uncertainty, plot)
        weigh(robustness.workload_of(plans, **work), dry_run, yes, as_json)
        _robustness(plans, work, everything, as_json, out)
        return
    work["uncertainty"] = uncertainty.value
    weigh(experiment.workload_of(plans, **work), dry_run, yes, as_json)
    say_if_compiling(Engine.compiled)
    with Progress() as progress:
        comparison = experiment.compare(plans, **work, progress=progress)
    deliver(comparison, "rows", out, plot, as_json, everything, figure, size=size, theme=theme)


def _check_mechanisms(uncertainty: Uncertainty, plot: Path | None) -> None:
    if plot is not None:
        raise typer.BadParameter("no figure is drawn with --mechanisms", param_hint="--plot")
    if uncertainty is not Uncertainty.full:
        raise typer.BadParameter("takes draws: leave it at full", param_hint="--uncertainty")


def _robustness(
    plans: Any, work: dict[str, Any], everything: bool, as_json: bool, out: Path | None
) -> None:
    """Compare plans again with each mechanism off and at both ends of each doubtful prior."""
    from sim.experiments.robustness import robustness

    say_if_compiling(Engine.compiled)
    with Progress("setting") as progress:
        record = robustness(plans, **work, progress=progress)
    deliver(record, "settings", out, None, as_json, everything)


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
    from sim.experiments.traces import trace as trace_scenario
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
    size: Size = FigureSize.screen,
    theme: Ground = Theme.light,
    kind: Annotated[Kind, typer.Option(help="Which figure.")] = Kind.curves,
) -> None:
    """Show how sessions with an agent end, by level, work and size; nothing is simulated."""
    from sim.experiments.tiers import tier_curves
    from sim.scenario import load

    plan = load(name)
    refuse_early(None, plot)
    record = tier_curves(plan, draws, seed)
    deliver(record, "curves", None, plot, as_json, figure=kind.value, size=size, theme=theme)


# ---- sweeps --------------------------------------------------------------------------------------


def sweep(
    name: Annotated[
        str, typer.Argument(help="A study, or a scenario with --vary: a name, or a path.")
    ],
    vary: Annotated[
        list[str] | None,
        typer.Option(help="PATH=VALUES: team.novice=0,1,2; all combinations. May be repeated."),
    ] = None,
    points: Annotated[
        Path | None, typer.Option(help="CSV of points instead, a column a path.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(help="A plan with which every point is compared, on the same draws and luck."),
    ] = None,
    draws: AskedDraws = None,
    luck: AskedLuck = None,
    seed: Annotated[int | None, typer.Option(help="Any whole number.")] = None,
    uncertainty: Annotated[
        Uncertainty | None, typer.Option(help="Draw the parameters, or keep them at their centre.")
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="Which metric to rank and draw; by default the answer's.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(help="Folder or fsspec URL; results/NAME by default. Or a workbook, .xlsx."),
    ] = None,
    weekly: Annotated[bool, typer.Option("--weekly", help="Keep weekly flows too.")] = False,
    threads: Threads = None,
    cluster: Annotated[
        str | None, typer.Option(help="A Dask scheduler, such as tcp://10.0.0.1:8786.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first failure.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Show every point.")] = False,
    as_json: Json = False,
    plot: Plot = None,
    size: Size = FigureSize.screen,
    theme: Ground = Theme.light,
    dry_run: DryRun = False,
) -> None:
    """Run many points of a scenario into a folder; the same command again goes on."""
    import warnings

    from sim.errors import SweepStopped, SweepWarning
    from sim.experiments.sweep import start

    factors = start.asked_factors(vary or [], points)
    refuse_early(None, plot)
    book, out = workbook_of(out)
    if out is not None and "://" not in out:
        refuse_path("--out", Path(out), folder_is_made=True)
    if metric is not None:
        start.check_metric(metric, against)
    asked: dict[str, Any] = {
        "draws": draws, "luck": luck, "seed": seed, "threads": threads,
        "uncertainty": uncertainty and uncertainty.value, "weekly": weekly or None,
        "against": against,
    }  # fmt: skip
    if dry_run or cluster is None:  # other machines have their own speed and memory
        weigh(start.workload_of(name, factors, **asked), dry_run, True, as_json)
    say_if_compiling(Engine.compiled)
    with warnings.catch_warnings(record=True) as messages, Progress() as progress:
        warnings.simplefilter("always", SweepWarning)
        try:
            record = start.sweep(
                name, factors, out, **asked, cluster=cluster, strict=strict,
                progress=None if sys.stderr.isatty() else progress,  # it has a bar of its own
            )  # fmt: skip
        except SweepStopped as stopped:  # typer would only say that it was aborted
            say(f"tiercurve: {stopped}")
            raise typer.Exit(130) from None
    for warning in messages:
        if issubclass(warning.category, SweepWarning):
            say(f"tiercurve: {warning.message}")
    say(f"rows in {record.path}")
    if book is not None:
        say(f"workbook written to {record.to_excel(book, overwrite=True)}")
    if plot is not None:
        save_figure(record.plot(metric=metric, size=size.value, theme=theme.value), plot)
    show(record.to_json(metric) if as_json else record.text(everything, metric))


def workbook_of(out: str | None) -> tuple[Path | None, str | None]:
    """The workbook that --out of a sweep asks for, and the folder of its rows: "a" of "a.xlsx".

    One that is there is written over only by the sweep whose rows lie in that folder.
    """
    if out is None or not out.endswith(EXCEL):
        return None, out
    from sim.experiments.sweep.result import Sweep

    book, rows = Path(out), Path(out).with_suffix("")
    refuse_early(None if Sweep.is_saved(rows) and book.is_file() else book, None)
    return book, str(rows)


def replay(
    path: Annotated[str, typer.Argument(help="Folder of a sweep.")],
    row: Annotated[
        str, typer.Argument(help="Row number of its frame, or POINT,DRAW,LUCK of a world.")
    ],
    rows: Annotated[int, typer.Option(help="Rows of the trace to print; 0 for all.", min=0)] = 40,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="Write all rows to this CSV file.")] = None,
) -> None:
    """Run one row of a sweep again, check it against the store, and show its trace."""
    from sim.experiments.sweep import replaying

    refuse_early(out, None)
    say_if_compiling(Engine.compiled)
    again = replaying.replay(path, replaying.row_of(row))
    say(f"{path}: {again.text()}")
    print_trace(again.trace, rows, as_json, out)


# ---- what there is -------------------------------------------------------------------------------


def new(
    name: Annotated[str, typer.Argument(help="Name of the plan: letters, digits, - and _.")],
) -> None:
    """Write a commented plan to start from: NAME.toml, a small backlog with a deadline."""
    from sim.scenario.starting import new as write

    path = write(name)
    say(f"{path} written; put your own numbers, then: tiercurve run {path.stem}")


def list_(as_json: Json = False) -> None:
    """List the scenarios there are, and the question each answers."""
    from sim import report
    from sim.scenario import available, grouped

    rows = [*available(), *grouped()]
    if as_json:
        keys = ("name", "question", "where")
        print(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2))
        return
    told = [
        (name, question if where == "package" else f"{question} ({where})")
        for name, question, where in rows
    ]
    print("\n".join(report.items([("scenario", "question"), *told])))


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from sim.scenario import schema as scenario_schema

    print(json.dumps(scenario_schema(), indent=2))
