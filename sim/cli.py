"""The command line: `tiercurve run platform-team`, and what goes with it."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    help="What a software team delivers with agentic AI tools, and how sure that is.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="A scenario: a name from `tiercurve list`, or a path.")]
Seed = Annotated[int, typer.Option(help="Any whole number; the same seed gives the same rows.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


class Engine(StrEnum):
    """Which clock runs; the rows are the same."""

    compiled = "compiled"
    mesa = "mesa"


class Uncertainty(StrEnum):
    """Whether parameters are drawn from the register, or all at their centre."""

    full = "full"
    central = "central"


class RunFigure(StrEnum):
    """Which figure of a run."""

    work = "work"
    levels = "levels"
    hours = "hours"


class Kind(StrEnum):
    """Which figure of the tier curves."""

    curves = "curves"
    outcomes = "outcomes"


class Method(StrEnum):
    """How factors are weighed: shares of variance, or a ranking by one of SALib's methods."""

    sobol = "sobol"
    morris = "morris"
    efast = "efast"
    pawn = "pawn"
    delta = "delta"
    rbd_fast = "rbd_fast"


@app.command()
def run(
    name: Name,
    draws: Annotated[int, typer.Option(help="Sets of the uncertain parameters.")] = 100,
    luck: Annotated[int, typer.Option(help="Worlds under each set.")] = 2,
    seed: Seed = 1,
    precision: Annotated[
        str | None, typer.Option(help="Such as 2%: add draws until mean work is known so well.")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Which clock; same rows.")] = Engine.compiled,
    uncertainty: Annotated[
        Uncertainty, typer.Option(help="Draw the parameters, or keep them at their centre.")
    ] = Uncertainty.full,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores by default.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every metric.")] = False,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="New folder for the rows (Parquet).")] = None,
    plot: Annotated[Path | None, typer.Option(help="Figure file: png, svg or pdf.")] = None,
    figure: Annotated[RunFigure, typer.Option(help="Which figure.")] = RunFigure.work,
) -> None:
    """Run a scenario: what the team delivers, with intervals, and the answer to its question."""
    from sim.experiments import answers, provenance
    from sim.experiments.run import run as run_scenario
    from sim.reporting import tables
    from sim.scenario import load

    plan = load(name)
    answers.check(plan)
    _refuse_early(out, plot)
    _say_if_compiling(engine)
    with _Progress() as progress:
        result = run_scenario(
            plan, draws, luck, seed, precision, engine.value, uncertainty.value, threads, progress
        )
        found = answers.answer(result, threads, progress)
    if out is not None:
        _say(f"rows written to {result.save(out)}")
    if plot is not None:
        from sim.reporting import figures

        figures.save(result.plot(figure.value), plot)
        _say(f"figure written to {plot}")
    shown = provenance.dumps(result.to_json(found)) if as_json else None
    print(shown or tables.run_text(result, everything, found))


@app.command()
def compare(
    names: Annotated[
        list[str],
        typer.Argument(metavar="A B [C...]", help="Two scenarios or more; first: reference."),
    ],
    draws: Annotated[int, typer.Option(help="Sets of the uncertain parameters.")] = 100,
    luck: Annotated[int, typer.Option(help="Worlds under each set.")] = 2,
    seed: Seed = 1,
    weeks: Annotated[int | None, typer.Option(help="Horizon of all plans, not their own.")] = None,
    uncertainty: Annotated[
        Uncertainty, typer.Option(help="Draw the parameters, or keep them at their centre.")
    ] = Uncertainty.full,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores by default.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every metric.")] = False,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="New folder for all rows (Parquet).")] = None,
    plot: Annotated[Path | None, typer.Option(help="Figure file: png, svg or pdf.")] = None,
) -> None:
    """Compare plans with the first of them, on the same draws and luck."""
    from sim.experiments import compare as experiment
    from sim.experiments import provenance
    from sim.reporting import compare_text

    plans = experiment.labelled(*names, weeks=weeks)
    _refuse_early(out, plot)
    _say_if_compiling(Engine.compiled)
    with _Progress() as progress:
        found = experiment.compare(
            plans, draws=draws, luck=luck, seed=seed, uncertainty=uncertainty.value,
            threads=threads, progress=progress,
        )  # fmt: skip
    if out is not None:
        _say(f"rows written to {found.save(out)}")
    if plot is not None:
        from sim.reporting import figures

        figures.save(found.plot(), plot)
        _say(f"figure written to {plot}")
    shown = provenance.dumps(found.to_json()) if as_json else None
    print(shown or compare_text.compare_text(found, everything))


@app.command()
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
    _refuse_early(out, None)
    _say_if_compiling(engine)
    table = trace_scenario(plan, seed, draw, luck, engine=engine.value)
    _print_trace(table, rows, as_json, out)


@app.command()
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
    draws: Annotated[int | None, typer.Option(help="Sets of the uncertain parameters.")] = None,
    luck: Annotated[int | None, typer.Option(help="Worlds under each set.")] = None,
    seed: Annotated[int | None, typer.Option(help="Any whole number.")] = None,
    uncertainty: Annotated[
        Uncertainty | None, typer.Option(help="Draw the parameters, or keep them at their centre.")
    ] = None,
    metric: Annotated[str, typer.Option(help="Which metric to rank and draw.")] = "work_delivered",
    out: Annotated[
        str | None, typer.Option(help="Folder or fsspec URL; results/NAME by default.")
    ] = None,
    weekly: Annotated[bool, typer.Option("--weekly", help="Keep weekly flows too.")] = False,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores by default.")] = None,
    cluster: Annotated[
        str | None, typer.Option(help="A Dask scheduler, such as tcp://10.0.0.1:8786.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first failure.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Show every point.")] = False,
    as_json: Json = False,
    plot: Annotated[Path | None, typer.Option(help="Figure file: png, svg or pdf.")] = None,
) -> None:
    """Run many points of a scenario into a folder; the same command again goes on."""
    import warnings

    from sim.experiments import provenance
    from sim.experiments.sweep import SweepStopped, SweepWarning, start, words
    from sim.reporting import sweep_text

    factors = words.asked_factors(vary or [], points)
    _refuse_early(None, plot)
    words.check_metric(metric)
    _say_if_compiling(Engine.compiled)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", SweepWarning)
        try:
            found = start.sweep(
                name, factors, out, draws, luck, seed, threads=threads, cluster=cluster,
                uncertainty=uncertainty and uncertainty.value, weekly=weekly or None, strict=strict,
            )  # fmt: skip
        except SweepStopped as stopped:  # typer would only say that it was aborted
            _say(f"tiercurve: {stopped}")
            raise typer.Exit(130) from None
    for warning in said:
        if issubclass(warning.category, SweepWarning):
            _say(f"tiercurve: {warning.message}")
    _say(f"rows in {found.path}")
    if plot is not None:
        from sim.reporting import figures

        figures.save(found.plot(metric), plot)
        _say(f"figure written to {plot}")
    shown = provenance.dumps(found.to_json(metric)) if as_json else None
    print(shown or sweep_text.sweep_text(found, metric, everything))


@app.command()
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
    from sim.reporting import sweep_text

    _refuse_early(out, None)
    again = replaying.replay(path, replaying.row_of(row))
    _say(sweep_text.replay_text(again, path))
    _print_trace(again.trace, rows, as_json, out)


@app.command()
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
    threads: Annotated[int | None, typer.Option(help="Threads; all cores by default.")] = None,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="New folder to keep the analysis in.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Figure file: png, svg or pdf.")] = None,
) -> None:
    """Say which factors move what the team delivers, and how much is chance."""
    from sim.experiments import provenance
    from sim.experiments.sensitivity import sensitivity as analyse
    from sim.reporting import sensitivity_text
    from sim.scenario import load

    plan = load(name)
    _refuse_early(out, plot)
    if out is not None and method is not Method.sobol:
        raise typer.BadParameter("only for --method sobol", param_hint="--out")
    _say_if_compiling(Engine.compiled)
    with _Progress() as progress:
        found = analyse(
            plan, _words(factors), method.value, samples, luck, seed, _words(metrics), groups,
            threads=threads, progress=progress,
        )  # fmt: skip
    if out is not None:
        _say(f"analysis written to {found.save(out)}")
    if plot is not None:
        from sim.reporting import figures

        figures.save(found.plot(), plot)
        _say(f"figure written to {plot}")
    print(provenance.dumps(found.to_json()) if as_json else sensitivity_text.text(found))


@app.command()
def decide(
    names: Annotated[
        list[str], typer.Argument(metavar="A [B...]", help="Plans; with --mixes, one to vary.")
    ],
    metric: Annotated[
        str | None, typer.Option(help="What decides: net value if priced, else work delivered.")
    ] = None,
    budget: Annotated[float | None, typer.Option(help="Most a plan may cost, all told.")] = None,
    mixes: Annotated[
        bool, typer.Option("--mixes", help="All mixes of novice, intermediate, expert.")
    ] = False,
    draws: Annotated[int, typer.Option(help="Sets of the uncertain parameters.")] = 400,
    luck: Annotated[int, typer.Option(help="Worlds under each set.")] = 8,
    seed: Seed = 1,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores by default.")] = None,
    as_json: Json = False,
    plot: Annotated[Path | None, typer.Option(help="Figure file: png, svg or pdf.")] = None,
) -> None:
    """Say which plan to choose, how sure that is, and what to measure first."""
    from sim.experiments import compare as experiment
    from sim.experiments import decide as decisions
    from sim.experiments import provenance
    from sim.reporting import decide_text

    if mixes and len(names) > 1:
        raise typer.BadParameter("takes one plan to vary", param_hint="--mixes")
    plans = decisions.mixes(names[0]) if mixes else experiment.labelled(*names)
    _refuse_early(None, plot)
    _say_if_compiling(Engine.compiled)
    with _Progress() as progress:
        found = decisions.decide(plans, metric, budget, draws, luck, seed, threads, progress)
    if plot is not None:
        from sim.reporting import figures

        figures.save(found.plot(), plot)
        _say(f"figure written to {plot}")
    print(provenance.dumps(found.to_json()) if as_json else decide_text.text(found))


@app.command()
def study(
    name: Annotated[str | None, typer.Argument(help="A study; none lists them.")] = None,
    draws: Annotated[int | None, typer.Option(help="Sets of the uncertain parameters.")] = None,
    luck: Annotated[int | None, typer.Option(help="Worlds under each set.")] = None,
    seed: Seed = 1,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores by default.")] = None,
    as_json: Json = False,
    plot: Annotated[Path | None, typer.Option(help="Figure file: png, svg or pdf.")] = None,
) -> None:
    """Run one of the mission's studies, or list them."""
    from sim.experiments import provenance, studies
    from sim.reporting import study_text

    if name is None:
        print(study_text.listed())
        return
    _refuse_early(None, plot)
    _say_if_compiling(Engine.compiled)
    with _Progress() as progress:
        found = studies.study(name, draws, luck, seed, threads, progress)
    if plot is not None:
        from sim.reporting import figures

        figures.save(found.plot(), plot)
        _say(f"figure written to {plot}")
    print(provenance.dumps(found.to_json()) if as_json else study_text.text(found))


@app.command()
def assess(
    name: Name,
    work: Annotated[Path | None, typer.Option(help="CSV of labelled tickets.")] = None,
    record: Annotated[Path | None, typer.Option(help="New .md file: the one-page record.")] = None,
    rated: Annotated[
        bool, typer.Option("--rated", help="Levels in [team] were rated with the rubric.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what is measured, assumed and unknown before you act on the study.

    \b
    --work takes a CSV file (comma, semicolon or tab), a row a ticket, columns in any order:
      class             average or advanced; or, with two raters who do not confer:
      rater_1, rater_2  average or advanced each
      hours             optional: hours an expert would need by hand
      ticket            optional: an id; a ticket listed twice counts once
    Average work: routine data work, scripting, API calls, file operations, CRUD. Advanced work:
    architecture, performance-critical, security-sensitive, novel failures of distributed systems.
    """
    from sim.experiments import provenance
    from sim.experiments.assess import assess as assess_scenario

    found = assess_scenario(name, work, record, rated=rated)
    if record is not None:
        _say(f"record written to {record}")
    print(provenance.dumps(found.to_json()) if as_json else found.text())


@app.command()
def curves(
    name: Name,
    draws: Annotated[int, typer.Option(help="Sets of the uncertain parameters.")] = 200,
    seed: Seed = 1,
    as_json: Json = False,
    plot: Annotated[Path | None, typer.Option(help="Figure file: png, svg or pdf.")] = None,
    kind: Annotated[Kind, typer.Option(help="Which figure.")] = Kind.curves,
) -> None:
    """Show how sessions with an agent end, by level, work and size; nothing is simulated."""
    from sim.experiments import provenance
    from sim.experiments.tiers import tier_curves
    from sim.reporting import tier_table
    from sim.scenario import load

    plan = load(name)
    _refuse_early(None, plot)
    record = tier_curves(plan, draws, seed)
    if plot is not None:
        from sim.reporting import figures

        figures.save(record.plot(kind.value), plot)
        _say(f"figure written to {plot}")
    print(provenance.dumps(record.to_json()) if as_json else tier_table.tiers_text(record))


class ClosedAs(StrEnum):
    """What a closed ticket is declared to be."""

    own = "own"
    partial = "partial"
    judged = "judged"
    verified = "verified"


@app.command()
def calibrate(
    tickets: Annotated[
        Path | None, typer.Argument(help="CSV of your tickets, a row a piece of work.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Name of the curve set: writes NAME.json and NAME.md.")
    ] = None,
    closed_as: Annotated[
        ClosedAs, typer.Option(help="Your own measure, or one of the study's.")
    ] = ClosedAs.own,
    check: Annotated[
        bool, typer.Option("--check", help="Published numbers beside what the fit says of them.")
    ] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="What each row of evidence moved.")
    ] = False,
    study: Annotated[
        Path | None, typer.Option(help="TOML of further studies, for --evidence.")
    ] = None,
    seed: Seed = 1,
    as_json: Json = False,
    plot: Annotated[
        Path | None, typer.Option(help="Figure file for --check: png, svg or pdf.")
    ] = None,
) -> None:
    """Hold the curves against evidence, or against your own tickets.

    \b
    tiercurve calibrate tickets.csv --out my-team   your tickets, pooled with the study
    tiercurve calibrate --check                     published numbers beside the fit
    tiercurve calibrate --evidence                  what each row of evidence moved
    """
    from sim.experiments import provenance
    from sim.reporting import calibration_text

    _one_of_three(tickets, check, evidence, study, out, plot)
    if check:
        from calibration import checks

        found: Any = checks.check()
        if plot is not None:
            from sim.reporting import figures

            figures.save(figures.check_figure(found), plot)
            _say(f"figure written to {plot}")
        text = calibration_text.check_text(found)
    elif evidence:
        from calibration.synthesis import synthesis

        _say("leaving each row out in turn (about half a minute) ...")
        found = synthesis(study, out, seed)
        text = calibration_text.evidence_text(found)
    else:
        from calibration.local import calibrate as pool

        found = pool(tickets, out, closed_as.value, seed)
        text = found.report()
        if out is not None:
            _say(f"curve set written to {found.path}, report to {found.path.with_suffix('.md')}")
    print(provenance.dumps(found.to_json()) if as_json else text)


def _one_of_three(
    tickets: Path | None, check: bool, evidence: bool, study: Path | None, out: Path | None,
    plot: Path | None,
) -> None:  # fmt: skip
    """Refuse what does not say one thing to do."""
    if (tickets is not None) + check + evidence != 1:
        raise typer.BadParameter("give a file of tickets, --check or --evidence, one of them")
    for option, value, fits in (
        ("--study", study, evidence), ("--plot", plot, check), ("--out", out, not check),
    ):  # fmt: skip
        if value is not None and not fits:
            raise typer.BadParameter("does not go with what was asked for", param_hint=option)
    _refuse_early(None, plot)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the scenarios there are, and the question each answers."""
    from sim.reporting import tables
    from sim.scenario import available

    rows = [(str(name), str(question), str(where)) for name, question, where in available()]
    if as_json:
        import json

        keys = ("name", "question", "where")
        print(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2))
        return
    print("\n".join(tables.grid(("scenario", "question", "where"), rows)))


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json

    from sim.scenario import schema as scenario_schema

    print(json.dumps(scenario_schema(), indent=2))


def _words(text: str | None) -> list[str] | None:
    """Names with commas between them, or None."""
    return None if text is None else [word.strip() for word in text.split(",") if word.strip()]


def _print_trace(table: Any, rows: int, as_json: bool, out: Path | None) -> None:
    """A trace, to a file or in its first rows."""
    if out is not None:
        table.to_csv(out, index=False)
        _say(f"{len(table)} rows written to {out}")
        return
    if as_json:
        print(table.to_json(orient="records", indent=1))
        return
    shown = table if rows == 0 else table.head(rows)
    print(shown.to_string(index=False, float_format=lambda x: f"{x:.2f}") if len(table) else "")
    if len(shown) < len(table):
        _say(f"{len(shown)} of {len(table)} stretches; --rows 0 shows all")


def _say(text: str) -> None:
    """To the person, not into the output a machine may read."""
    print(text, file=sys.stderr)


def _refuse_early(out: Path | None, plot: Path | None) -> None:
    """Refuse what could not be written before the work is done, not after."""
    if out is not None and out.exists():
        raise typer.BadParameter(f"{out}: exists already; choose another", param_hint="--out")
    for option, path in (("--out", out), ("--plot", plot)):
        if path is not None and not path.absolute().parent.is_dir():
            text = f"{path}: the folder {path.absolute().parent.name} does not exist"
            raise typer.BadParameter(text, param_hint=option)
    if plot is not None and plot.suffix not in (".png", ".svg", ".pdf"):
        raise typer.BadParameter(f"{plot}: must end in .png, .svg or .pdf", param_hint="--plot")


def _say_if_compiling(engine: Engine) -> None:
    from sim.engine import is_compiled

    if engine is Engine.compiled and not is_compiled():
        _say("compiling, once on this machine (about half a minute) ...")


class _Progress:
    """A bar on a terminal for what takes over a second; silent elsewhere."""

    def __init__(self) -> None:
        self.bar: Any = None

    def __enter__(self) -> "_Progress":
        return self

    def __call__(self, done: int, total: int) -> None:
        if self.bar is None or self.bar.total != total or done < self.bar.n:
            from tqdm import tqdm

            self.__exit__()
            self.bar = tqdm(total=total, unit="world", delay=1, disable=None, leave=False)
        self.bar.update(done - self.bar.n)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()


def main() -> None:
    """Entry point: one clear line and exit code 2 for bad input, never a traceback."""
    try:
        app()
    except BrokenPipeError:  # the reader of a pipe has left
        sys.stderr.close()
        sys.exit(0)
    except (ValueError, OSError) as error:
        if not _is_ours(error):
            raise
        _say(f"tiercurve: {error}")
        sys.exit(2)


def _is_ours(error: Exception) -> bool:
    """Whether an error is a one-line error of this project, or of a file."""
    ours = type(error).__module__.split(".")[0] in ("sim", "calibration")
    return ours or isinstance(error, OSError)


if __name__ == "__main__":
    main()
