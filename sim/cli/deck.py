"""The command that makes a deck from a plan file."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import Engine, Progress, Threads, say, say_if_compiling


def deck(
    plan: Annotated[
        str | None, typer.Argument(help="A plan file, or a packaged one by name; none lists them.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write: .pptx, .html or .md.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="Brand template (.pptx) whose look the deck takes.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file that is there.")
    ] = False,
    threads: Threads = None,
) -> None:
    """Build a deck, an HTML report or Markdown, each number with its claim card."""
    from sim.decks import plan as plans

    if plan is None:
        print("\n".join(f"{name}  {question}" for name, question in plans.available()))
        return
    read = plans.load(plan)
    out = Path(f"{read.name}.pptx") if out is None else out
    from sim.decks import deck as make  # late: python-pptx is slow to import

    with Progress() as progress:
        say_if_compiling(Engine.compiled)
        made = make(read, out, template, overwrite, threads, progress)
    say(f"{len(made.slides)} slides, {len(made.claims)} claims, written to {out}")
