"""The command line: `tiercurve run platform-team`, and what goes with it."""

import sys

import typer

from sim.cli import (
    analyses,
    evidence,
    experiments,
    forecasts,
)
from sim.cli.common import say
from sim.cli.terminal import clean_output

app = typer.Typer(
    help="What a software team delivers with agentic AI tools, and how sure that is.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

COMMANDS = (
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
    """Entry point: one clear line and exit code 2 for bad input, never a traceback."""
    with clean_output():
        _main()


def _main() -> None:
    try:
        app()
    except BrokenPipeError:  # the reader of a pipe has left
        sys.stderr.close()
        sys.exit(0)
    except (ValueError, OSError) as error:
        if not _is_ours(error):
            raise
        say(f"tiercurve: {error}")
        sys.exit(2)


def _is_ours(error: Exception) -> bool:
    """Whether an error is a one-line error of this project, or of a file."""
    ours = type(error).__module__.split(".")[0] in ("sim", "calibration")
    return ours or isinstance(error, OSError)


if __name__ == "__main__":
    main()
