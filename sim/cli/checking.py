"""`tiercurve check`: whether the numbers of a file are still what the model says."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import common
from sim.cli.common import Json, Threads


def check(
    file: Annotated[
        Path,
        typer.Argument(help="A figure, deck or report, or the folder of a saved result."),
    ],
    everything: Annotated[bool, typer.Option("--all", help="List identical numbers too.")] = False,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Run again what a figure, deck or report was made of, and compare number by number.

    Exit code 0 if all numbers are as recorded, 1 if one is different, 2 if nothing can be checked.
    """
    from sim.checking import check

    common.say_if_compiling(common.Engine.compiled)
    with common.Progress() as progress:
        found = check.check(file, threads, progress)
    common.show(found.to_json() if as_json else found.text(everything))
    if not found.ok:
        raise typer.Exit(1)
