"""What the commands share: options, messages, checks before the work."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim import extras

Name = Annotated[str, typer.Argument(help="A scenario: a name from `tiercurve list`, or a path.")]
Seed = Annotated[int, typer.Option(help="Any whole number; the same seed gives the same rows.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Draws = Annotated[int, typer.Option(help="Sets of the uncertain parameters.")]
AskedDraws = Annotated[int | None, typer.Option(help="Sets of the uncertain parameters.")]
Luck = Annotated[int, typer.Option(help="Worlds under each set.")]
AskedLuck = Annotated[int | None, typer.Option(help="Worlds under each set.")]
Threads = Annotated[int | None, typer.Option(help="Threads; all cores by default.")]
All = Annotated[bool, typer.Option("--all", help="Show every metric.")]
Out = Annotated[
    Path | None, typer.Option(help="New folder for its tables (Parquet), or NAME.xlsx.")
]
Plot = Annotated[Path | None, typer.Option(help="Figure file: png, svg or pdf.")]


EXCEL = ".xlsx"


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
) -> None:
    """Save a record, draw its figure and print it, as the options of a command ask.

    what : what is said to be written into the folder
    figure : kind of the figure; the record's first by default
    """
    if out is not None:
        say(f"{what} written to {keep(record, out)}")
    if plot is not None:
        save_figure(record.plot(figure), plot)
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


def refuse_early(out: Path | None, plot: Path | None) -> None:
    """Refuse what could not be written before the work is done, not after."""
    if out is not None and out.exists():
        raise typer.BadParameter(f"{out}: exists already; choose another", param_hint="--out")
    for option, path in (("--out", out), ("--plot", plot)):
        if path is not None and not path.absolute().parent.is_dir():
            text = f"{path}: the folder {path.absolute().parent.name} does not exist"
            raise typer.BadParameter(text, param_hint=option)
    if out is not None and out.suffix == EXCEL:
        extras.require("an Excel workbook", "xlsxwriter")
    if plot is not None and plot.suffix not in (".png", ".svg", ".pdf"):
        raise typer.BadParameter(f"{plot}: must end in .png, .svg or .pdf", param_hint="--plot")
    if plot is not None and plot.suffix == ".pdf":
        extras.require("a PDF figure with its run record", "pypdf")


def say_if_compiling(engine: Engine) -> None:
    from sim.engine import is_compiled

    if engine is Engine.compiled and not is_compiled():
        say("compiling the simulation, once: about a minute, several on a busy machine ...")


class Progress:
    """A bar on a terminal for what takes over a second; silent elsewhere."""

    def __init__(self, unit: str = "world") -> None:
        self.unit = unit
        self.bar: Any = None

    def __enter__(self) -> "Progress":
        return self

    def __call__(self, done: int, total: int) -> None:
        if self.bar is None or self.bar.total != total or done < self.bar.n:
            from tqdm import tqdm

            self.__exit__()
            file = getattr(sys.stderr, "stream", sys.stderr)  # it moves the cursor itself
            self.bar = tqdm(
                total=total, unit=self.unit, delay=1, disable=None, leave=False, file=file
            )
        self.bar.update(done - self.bar.n)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()
