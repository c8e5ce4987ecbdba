"""No tests: the command line, called in this process."""

import sys

from sim.cli import main


def tiercurve(*words, capsys):
    """Run the command: (exit code, output, what was said to the person)."""
    argv, sys.argv = sys.argv, ["tiercurve", *map(str, words)]
    try:
        main.main()
        code = 0
    except SystemExit as stop:
        code = stop.code or 0
    finally:
        sys.argv = argv
    return code, *capsys.readouterr()
