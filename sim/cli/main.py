"""The command line: `tiercurve run platform-team`, and what goes with it."""

import os
import sys

import typer

from sim.cli import (
    analyses,
    evidence,
    experiments,
    forecasts,
    planning,
)
from sim.cli.common import say
from sim.cli.terminal import clean_output

TRACEBACK = "TIERCURVE_TRACEBACK"  # set, an error is raised and not told
FAULT = 3  # exit code of a fault of the program
MOST = 1200  # letters of a line of an error
NO_MEMORY = "not enough memory; ask for fewer draws, worlds or weeks"

app = typer.Typer(
    help="What a software team delivers with agentic AI tools, and how sure that is.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

COMMANDS = (
    planning.plan,
    experiments.run,
    experiments.compare,
    experiments.trace,
    experiments.sweep,
    experiments.replay,
    analyses.sensitivity,
    analyses.decide,
    analyses.study,
    evidence.deck,
    evidence.read,
    forecasts.learn,
    forecasts.backtest,
    evidence.assess,
    experiments.curves,
    evidence.calibrate,
    evidence.check,
    evidence.validate,
    experiments.new,
    experiments.list_,
    experiments.schema,
)
for command in COMMANDS:
    app.command(command.__name__.rstrip("_"))(command)


def main() -> None:
    """Entry point: one clear line and exit code 2 for bad input, never a traceback.

    What nobody foresaw is one line too, with exit code 3.
    """
    with clean_output():
        _main()


def _main() -> None:
    try:
        app()
    except BrokenPipeError:  # the reader of a pipe has left
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        say(f"tiercurve: {_line(error)}")
        sys.exit(FAULT if _is_fault(error) else 2)


def _line(error: Exception) -> str:
    """What is said of an error: its own line or lines, each of a length that can be read."""
    if _is_of_memory(error):
        return NO_MEMORY
    if isinstance(error, OSError) and type(error).__module__ == "builtins" and error.filename:
        return f"{_cut(str(error.filename))}: {error.strerror}"
    if not _is_fault(error):
        return "\n".join(_cut(line) for line in str(error).splitlines())
    first = _cut(" ".join(str(error).split()))
    name = type(error).__name__
    return (
        f"a fault of Tiercurve ({name}: {first}); please report it with what {TRACEBACK}=1 prints"
    )


def _cut(line: str) -> str:
    """A line without its middle, where a word on the command line was endless."""
    return line if len(line) <= MOST else f"{line[: MOST // 2]} … {line[-MOST // 2 :]}"


def _is_fault(error: Exception) -> bool:
    """Whether an error is one that no part of this project foresaw."""
    ours = type(error).__module__.split(".")[0] in ("sim", "calibration")
    return not (ours or isinstance(error, OSError) or _is_of_memory(error))


def _is_of_memory(error: Exception) -> bool:
    """Whether an error says that there was no room, for data or for the stack of a thread."""
    no_thread = isinstance(error, RuntimeError) and str(error).startswith("can't start new thread")
    return isinstance(error, MemoryError) or no_thread


if __name__ == "__main__":
    main()
