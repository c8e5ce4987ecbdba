"""Whether to believe the model: validate."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import Engine, Json, Progress, Threads, say, say_if_compiling, show


def validate(
    quick: Annotated[bool, typer.Option("--quick", help="Fewer repetitions and draws.")] = False,
    patterns: Annotated[
        Path | None, typer.Option(help="Folder of pattern files; those that ship by default.")
    ] = None,
    threads: Threads = None,
    as_json: Json = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the pages: new, or of an earlier validation.")
    ] = None,
) -> None:
    """Hold the model against known answers and published patterns; exit code 1 if it fails."""
    from sim.validation import validate as run

    say_if_compiling(Engine.compiled)
    with Progress("step") as progress:
        validation = run(quick, out, patterns, threads, progress)
    if out is not None:
        say(f"pages written to {out}")
    show(validation.to_json() if as_json else validation.text())
    if not validation.passed:
        raise typer.Exit(1)
