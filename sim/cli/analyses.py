"""Commands that say what matters and what to do: sensitivity, decide, study."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.common import (
    All,
    AskedDraws,
    AskedLuck,
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
    Yes,
    deliver,
    refuse_early,
    say_if_compiling,
    say_if_past,
    weigh,
)


class Method(StrEnum):
    """How factors are weighed: shares of variance, or a ranking by one of SALib's methods."""

    sobol = "sobol"
    morris = "morris"
    efast = "efast"
    pawn = "pawn"
    delta = "delta"
    rbd_fast = "rbd_fast"


class DecideFigure(StrEnum):
    """Which figure of a decision."""

    plans = "plans"
    worth = "worth"


class SensitivityFigure(StrEnum):
    """Which figure of a sensitivity analysis."""

    shares = "shares"
    tornado = "tornado"
    convergence = "convergence"
    pairs = "pairs"


def sensitivity(
    name: Name,
    factors: Annotated[
        str | None, typer.Option(help="Names, with commas between: team_offset,training.seats.")
    ] = None,
    method: Annotated[Method, typer.Option(help="How factors are weighed.")] = Method.sobol,
    samples: Annotated[int, typer.Option(help="Blocks for sobol; a power of two.")] = 1024,
    luck: Annotated[int, typer.Option(help="Worlds a row.")] = 16,
    seed: Seed = 1,
    metrics: Annotated[
        str | None, typer.Option(help="Outputs: work_delivered,work_delivered@13.")
    ] = None,
    groups: Annotated[bool, typer.Option("--groups", help="One factor a group of them.")] = False,
    second_order: Annotated[
        bool, typer.Option("--second-order", help="Also what pairs of factors do together.")
    ] = False,
    threads: Threads = None,
    everything: All = False,
    as_json: Json = False,
    out: Annotated[
        Path | None, typer.Option(help="New folder to keep the analysis in, or .xlsx.")
    ] = None,
    plot: Plot = None,
    figure: Annotated[
        SensitivityFigure | None, typer.Option(help="Which figure; tornado: in the output's unit.")
    ] = None,
    size: Size = FigureSize.screen,
    theme: Ground = Theme.light,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Say which factors move what the team delivers, and how much is chance."""
    from sim.experiments.sensitivity import sensitivity as analyse
    from sim.experiments.sensitivity.analysis import workload_of
    from sim.scenario import load

    plan = load(name)
    say_if_past([plan])
    _refuse_figure(figure, method, second_order)
    refuse_early(out, plot, figure)
    asked: dict[str, Any] = {
        "factors": words_of(factors), "method": method.value, "samples": samples, "luck": luck,
        "seed": seed, "metrics": words_of(metrics), "groups": groups, "second_order": second_order,
        "threads": threads,
    }  # fmt: skip
    weigh(workload_of(plan, **asked), dry_run, yes, as_json)
    say_if_compiling(Engine.compiled)
    with Progress() as progress:
        analysis = analyse(plan, **asked, progress=progress)
    deliver(analysis, "analysis", out, plot, as_json, everything, figure, size=size, theme=theme)


def _refuse_figure(figure: SensitivityFigure | None, method: Method, second_order: bool) -> None:
    """Refuse a figure that an analysis will not have, before it is run."""
    if figure is not None and method is not Method.sobol:
        raise typer.BadParameter("goes with --method sobol", param_hint="--figure")
    if figure is SensitivityFigure.pairs and not second_order:
        raise typer.BadParameter("pairs needs --second-order", param_hint="--figure")


def decide(
    names: Annotated[
        list[str], typer.Argument(metavar="A [B...]", help="Plans; with --mixes, one to vary.")
    ],
    metric: Annotated[
        str | None, typer.Option(help="What decides; by default the answer's metric.")
    ] = None,
    budget: Annotated[
        float | None, typer.Option(help="Most it may cost more than the first.")
    ] = None,
    mixes: Annotated[
        bool, typer.Option("--mixes", help="All mixes of novice, intermediate, expert.")
    ] = False,
    people: Annotated[
        int | None, typer.Option(help="Search the mixes of up to so many people instead.")
    ] = None,
    trainings: Annotated[
        bool, typer.Option("--trainings", help="Search whom to train, how many and when.")
    ] = False,
    hours: Annotated[
        float | None, typer.Option(help="With --trainings: most hours it takes, trainers' too.")
    ] = None,
    worth: Annotated[
        float | None,
        typer.Option(help="Money an hour of expert work, or a week earlier, is worth to you."),
    ] = None,
    measuring: Annotated[
        float | None, typer.Option(help="Money that measuring one number would cost.")
    ] = None,
    draws: Draws = 400,
    luck: Luck = 8,
    seed: Seed = 1,
    threads: Threads = None,
    everything: All = False,
    as_json: Json = False,
    out: Annotated[
        Path | None, typer.Option(help="New folder to keep the decision in, or .xlsx.")
    ] = None,
    plot: Plot = None,
    figure: Annotated[
        DecideFigure | None,
        typer.Option(help="Which figure, by default plans; worth is of what a unit is worth."),
    ] = None,
    size: Size = FigureSize.screen,
    theme: Ground = Theme.light,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Say which plan to choose, how sure that is, and what to measure first."""
    from sim.experiments import compare as experiment
    from sim.experiments import decide as decisions
    from sim.experiments.decide import analysis
    from sim.experiments.decide import trainings as search

    searches = {"--mixes": mixes, "--people": people is not None, "--trainings": trainings}
    asked = [option for option, wanted in searches.items() if wanted]
    if asked and len(names) > 1:
        raise typer.BadParameter("takes one plan to vary", param_hint=asked[0])
    if trainings and len(asked) > 1:
        raise typer.BadParameter(f"and {asked[0]}: state one of them", param_hint="--trainings")
    if hours is not None and not trainings:
        raise typer.BadParameter("bounds trainings: add --trainings", param_hint="--hours")
    if people is not None and (worth, measuring) != (None, None):
        reason = "a search picks its plans by the metric; name plans, or take --mixes"
        raise typer.BadParameter(reason, param_hint="--worth")
    refuse_early(out, plot, figure)
    work: dict[str, Any] = {
        "metric": metric, "budget": budget, "draws": draws, "luck": luck, "seed": seed,
        "threads": threads,
    }  # fmt: skip
    plans: Any = names[0]
    analyse: Any = decisions.search
    workload_of: Any = analysis.workload_of_search
    if people is not None:
        work["people"] = people
    elif trainings:
        work["hours"] = hours
        analyse, workload_of = decisions.search_trainings, search.workload_of_trainings
    else:
        analyse, workload_of = decisions.decide, analysis.workload_of
        plans = analysis.with_own(names[0]) if mixes else experiment.labelled(*names)
        say_if_past(plans.values())
    weigh(workload_of(plans, **work), dry_run, yes, as_json)
    say_if_compiling(Engine.compiled)
    priced = {} if people is not None else {"worth": worth, "measuring": measuring}
    with Progress() as progress:
        decision = analyse(plans, **work, **priced, progress=progress)
    deliver(decision, "decision", out, plot, as_json, everything, figure, size=size, theme=theme)


def study(
    name: Annotated[str | None, typer.Argument(help="A study; none lists them.")] = None,
    draws: AskedDraws = None,
    luck: AskedLuck = None,
    seed: Seed = 1,
    threads: Threads = None,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="New folder for its tables (CSV).")] = None,
    plot: Plot = None,
    size: Size = FigureSize.screen,
    theme: Ground = Theme.light,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Run one of the mission's studies, or list them."""
    from sim import studies

    if name is None:
        print(studies.listed())
        return
    refuse_early(out, plot)
    weigh(studies.workload_of(name, draws, luck, seed, threads), dry_run, yes, as_json)
    say_if_compiling(Engine.compiled)
    with Progress() as progress:
        record = studies.study(name, draws, luck, seed, threads, progress)
    deliver(record, "study", out, plot, as_json, size=size, theme=theme)


def words_of(text: str | None) -> list[str] | None:
    """Names with commas between them, or None."""
    return None if text is None else [word.strip() for word in text.split(",") if word.strip()]
