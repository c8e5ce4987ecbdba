"""What the commands share: options, messages, checks before the work."""

import sys
import time
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim import extras
from sim.errors import short

Name = Annotated[str, typer.Argument(help="A scenario: a name from `tiercurve list`, or a path.")]
Seed = Annotated[int, typer.Option(help="Any whole number; the same seed gives the same rows.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Draws = Annotated[int, typer.Option(help="Sets of the uncertain parameters.")]
AskedDraws = Annotated[int | None, typer.Option(help="Sets of the uncertain parameters.")]
Luck = Annotated[int, typer.Option(help="Worlds under each set.")]
AskedLuck = Annotated[int | None, typer.Option(help="Worlds under each set.")]
Threads = Annotated[int | None, typer.Option(help="Threads; all cores by default.")]
All = Annotated[bool, typer.Option("--all", help="Show everything, not the first screen alone.")]
Out = Annotated[
    Path | None, typer.Option(help="New folder for its tables (Parquet), or NAME.xlsx.")
]
Plot = Annotated[Path | None, typer.Option(help="Figure file: png, svg or pdf.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Estimate worlds, time and memory; run nothing.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Run it although it takes over an hour.")]


class FigureSize(StrEnum):
    """How large a figure is: 11 inch wide, for a slide, for a page, or for a part of a slide."""

    screen = "screen"
    slide = "slide"
    page = "page"
    inset = "inset"


class Theme(StrEnum):
    """Ground and ink of a figure."""

    light = "light"
    dark = "dark"


Size = Annotated[FigureSize, typer.Option(help="Of the figure; inset is for a part of a slide.")]
Ground = Annotated[Theme, typer.Option("--theme", help="Of the figure.")]
EXCEL = ".xlsx"
EVERY = 60.0  # seconds between lines of progress where no bar is shown
MOST_NAME = 200  # bytes of a name of a file; some more are put to it while it is written


class Engine(StrEnum):
    """Which clock runs; the rows are the same."""

    compiled = "compiled"
    mesa = "mesa"


class Uncertainty(StrEnum):
    """Whether parameters are drawn from their distributions, or all at their central values."""

    full = "full"
    central = "central"


class Dates(StrEnum):
    """Order of day and month."""

    dmy = "dmy"
    mdy = "mdy"


Drawn = Annotated[
    Uncertainty, typer.Option(help="Draw the parameters, or keep them at their centre.")
]
MapFile = Annotated[
    Path | None, typer.Option("--map", help="TOML file with the export's own words (--write-map).")
]
DateOrder = Annotated[
    Dates | None, typer.Option("--dates", help="Day or month first, where no date tells.")
]
AgentSince = Annotated[
    str | None, typer.Option(help="Day from which an agent was used, such as 2025-03-01.")
]


def show(output: Any) -> None:
    """Print text as it is, and anything else as JSON for machines."""
    from sim.records import provenance

    print(output if isinstance(output, str) else provenance.dumps(output))


def save_figure(figure: Any, path: Path) -> None:
    """Write a figure to a file, and say so."""
    from sim import figures

    figures.save(figure, path)
    say(f"figure written to {path}")


def deliver(
    record: Any,
    what: str,
    out: Path | None,
    plot: Path | None,
    as_json: bool,
    everything: bool = False,
    figure: str | None = None,
    size: FigureSize = FigureSize.screen,
    theme: Theme = Theme.light,
) -> None:
    """Save a record, draw its figure and print it, as the options of a command ask.

    what : what is said to be written into the folder
    figure : kind of the figure; the record's first by default
    size, theme : of the figure
    """
    if out is not None:
        say(f"{what} written to {keep(record, out)}")
    if plot is not None:
        save_figure(record.plot(figure, size=size.value, theme=theme.value), plot)
    show(record.to_json() if as_json else record.text(everything))


def keep(record: Any, out: Path, **known: Any) -> Path:
    """Save a record: as a workbook where the path ends in .xlsx, else as a folder.

    known : what a workbook would else work out again
    """
    return record.to_excel(out, **known) if out.suffix == EXCEL else record.save(out)


def print_trace(table: Any, rows: int, as_json: bool, out: Path | None) -> None:
    """A trace, to a file or in its first rows."""
    if out is not None:
        table.to_csv(out, index=False)
        say(f"{len(table)} rows written to {out}")
        return
    if as_json:
        print(table.to_json(orient="records", indent=1))
        return
    shown = table if rows == 0 else table.head(rows)
    shown = shown.drop(columns="task", errors="ignore").rename(columns={"task_name": "task"})
    print(shown.to_string(index=False, float_format=lambda x: f"{x:.2f}") if len(table) else "")
    if len(shown) < len(table):
        say(f"{len(shown)} of {len(table)} stretches; --rows 0 shows all")


def say(text: str) -> None:
    """To the person, not into the output a machine may read."""
    print(text, file=sys.stderr)


def say_if_past(plans: Iterable[Any]) -> None:
    """A line for each plan whose deadline, run or start is past; plans : Scenario or Result."""
    from sim.scenario import past

    for plan in plans:
        for line in past.of_plan(getattr(plan, "scenario", plan), date.today()):
            say(f"tiercurve: {line}")


def refuse_early(out: Path | None, plot: Path | None, figure: StrEnum | None = None) -> None:
    """Refuse what could not be written before the work is done, not after.

    figure : which one was asked for, if any
    """
    for option, path in (("--out", out), ("--plot", plot)):
        if path is not None:
            refuse_path(option, path)
    if plot is None and figure is not None:
        raise typer.BadParameter("needs --plot FILE to be drawn to", param_hint="--figure")
    if out is not None and out.exists():
        raise typer.BadParameter(f"{out}: exists already; choose another", param_hint="--out")
    if out is not None and out.suffix == EXCEL:
        extras.require("an Excel workbook", "xlsxwriter")
    if plot is not None and plot.suffix not in (".png", ".svg", ".pdf"):
        raise typer.BadParameter(f"{plot}: must end in .png, .svg or .pdf", param_hint="--plot")
    if plot is not None and plot.suffix == ".pdf":
        extras.require("a PDF figure with its run record", "pypdf")


def weigh(work: Any, dry_run: bool, yes: bool = False, as_json: bool = False) -> None:
    """Print an estimate and end, or refuse what does not fit into memory, or takes over an hour.

    What takes over a minute is said.

    work : Workload of what the command is about to do
    yes : whether it runs although it takes over an hour
    """
    from sim.errors import RunError
    from sim.experiments import workload

    if dry_run:
        show(work.to_json() if as_json else work.text())
        raise typer.Exit
    work.refuse_unfit(RunError)
    if work.seconds <= workload.A_MINUTE:
        return
    if work.seconds > workload.AN_HOUR and not yes:
        say(f"tiercurve: {work.in_words()}, over an hour: --yes runs it all the same")
        raise typer.Exit(2)
    say(f"this takes {work.in_words()} ...")


def refuse_path(option: str, path: Path, folder_is_made: bool = False) -> None:
    """Refuse a path at which nothing can be written: its folder or its name is none."""
    try:
        there = path.is_symlink() and not path.exists()
        length, folder = len(path.name.encode()), path.absolute().parent.is_dir()
    except (OSError, ValueError) as error:  # a name that is endless, or no text
        why = getattr(error, "strerror", None) or "is no usable name"
        raise typer.BadParameter(f"{short(str(path), 200)}: {why}", param_hint=option) from None
    text = None
    if length > MOST_NAME:
        text = f"{short(path.name)}: a name of more than {MOST_NAME} bytes"
    elif not (folder or folder_is_made):
        text = f"{path}: the folder {path.absolute().parent.name} does not exist"
    elif there:
        text = f"{path}: a link to nothing; choose another"
    if text:
        raise typer.BadParameter(text, param_hint=option)


def say_if_compiling(engine: Engine) -> None:
    from sim.engine import is_compiled

    if engine is Engine.compiled and not is_compiled():
        say("compiling the simulation, once: about half a minute, more on a busy machine ...")


class Progress:
    """A bar on a terminal for what takes over a second; elsewhere a line a minute."""

    def __init__(self, unit: str = "world") -> None:
        self.unit = unit
        self.bar: Any = None
        self.told = time.monotonic()  # when something was last said

    def __enter__(self) -> "Progress":
        return self

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Show how much is done; `note` is said beside it where there is no bar."""
        if self.bar is None or self.bar.total != total or done < self.bar.n:
            from tqdm import tqdm

            self.__exit__()
            file = getattr(sys.stderr, "stream", sys.stderr)  # it moves the cursor itself
            self.bar = tqdm(
                total=total, unit=self.unit, delay=1, disable=None, leave=False, file=file
            )
        self.bar.update(done - self.bar.n)
        if self.bar.disable and (now := time.monotonic()) - self.told > EVERY:
            self.bar.n, self.told = done, now  # which a bar that is not shown does not count
            say(f"{done:,} of {total:,} {self.unit}s so far{note and f', {note}'} ...")

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()
