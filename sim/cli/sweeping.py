"""Commands of sweeps: sweep, replay."""

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import (
    AskedDraws,
    AskedLuck,
    Engine,
    Json,
    Plot,
    Threads,
    Uncertainty,
    print_trace,
    refuse_early,
    save_figure,
    say,
    say_if_compiling,
    show,
)
from sim.errors import SweepError
from sim.experiments.sweep import design, result
from sim.records.words import DIRECTIONS


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
    draws: AskedDraws = None,
    luck: AskedLuck = None,
    seed: Annotated[int | None, typer.Option(help="Any whole number.")] = None,
    uncertainty: Annotated[
        Uncertainty | None, typer.Option(help="Draw the parameters, or keep them at their centre.")
    ] = None,
    metric: Annotated[str, typer.Option(help="Which metric to rank and draw.")] = "work_delivered",
    out: Annotated[
        str | None, typer.Option(help="Folder or fsspec URL; results/NAME by default.")
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
) -> None:
    """Run many points of a scenario into a folder; the same command again goes on."""
    import warnings

    from sim.cli import sweeping
    from sim.errors import SweepStopped, SweepWarning
    from sim.experiments.sweep import start

    factors = sweeping.asked_factors(vary or [], points)
    refuse_early(None, plot)
    sweeping.check_metric(metric)
    say_if_compiling(Engine.compiled)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", SweepWarning)
        try:
            found = start.sweep(
                name, factors, out, draws, luck, seed, threads=threads, cluster=cluster,
                uncertainty=uncertainty and uncertainty.value, weekly=weekly or None, strict=strict,
            )  # fmt: skip
        except SweepStopped as stopped:  # typer would only say that it was aborted
            say(f"tiercurve: {stopped}")
            raise typer.Exit(130) from None
    for warning in said:
        if issubclass(warning.category, SweepWarning):
            say(f"tiercurve: {warning.message}")
    say(f"rows in {found.path}")
    if plot is not None:
        save_figure(found.plot(metric=metric), plot)
    show(found.to_json(metric) if as_json else found.text(everything, metric))


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
    again = replaying.replay(path, replaying.row_of(row))
    say(f"{path}: {again.text()}")
    print_trace(again.trace, rows, as_json, out)


# ---- factors and metrics as a person types them on a command line --------------------------------


def asked_factors(vary, points=None):
    """Factors from texts such as "team.novice=0,1,2", or a table's file; None where none is."""
    if vary and points is not None:
        raise SweepError("--vary and --points: state one of them")
    if points is not None:
        return design.table(points)
    found: dict[str, list] = {}
    for text in vary:
        path, equals, values = text.partition("=")
        if not equals or not path.strip():
            raise SweepError(f"--vary {text}: must read PATH=VALUE,VALUE such as team.novice=0,1,2")
        if path.strip() in found:
            raise SweepError(f"--vary {path.strip()}: stated twice")
        found[path.strip()] = [_word(value) for value in values.split(",") if value.strip()]
    return found or None


def _word(text):
    """A value as a person types it: a number or a truth value if it reads so, else a word."""
    text = text.strip()
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(text)
    return text


def check_metric(name):
    """Refuse a metric that is none before anything runs."""
    result.known(name)
    if not DIRECTIONS[name]:
        raise SweepError(f"{name}: neither more nor less is better, so points cannot be ranked")
