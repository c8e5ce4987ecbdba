"""What holds of every test: the width of the terminal changes none; who waits is told why."""

import os

os.environ.pop("COLUMNS", None)


def pytest_sessionstart(session):
    """Say once that the first tests wait for the simulation to compile."""
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        return  # nothing compiles, and a mutation run must not have the engine yet
    from sim.engine import is_compiled  # late: where the width is not that of the terminal

    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if reporter and not hasattr(session.config, "workerinput") and not is_compiled():
        reporter.write_line("compiling the simulation, once: a minute or more without a dot ...")
