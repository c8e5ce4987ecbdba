"""Runs tests on the engine with one mistake in it, each time in a process of its own.

The parent imports everything but the engine once; each run forks it, imports the engine with the
mutated module in place of its file, and runs pytest in the fork. Nothing is written to the
sources. numba must be off: rules then run as plain Python, and a run costs no compilation.
"""

import contextlib
import gc
import importlib.abc
import importlib.machinery
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "sim" / "engine"
SLOWEST = 0.8  # a test that takes longer uncompiled is not asked [s of CPU]
PATIENCE = 4  # a test that takes this much longer with a mistake, and 1 s more, never ends
FIRST = 25  # tests to collect before all others
LONGEST = 60  # whatever happens [s of CPU]
MEMORY = 6 << 30  # and one that asks for more than this is as bad [bytes]
# No plugin that only costs time in a process that runs a few tests and ends.
OPTIONS = ["-x", "-q", "-o", "addopts=", "-o", "filterwarnings=ignore", "--rootdir", str(ROOT)]
OPTIONS += ["--assert=plain", *(f"-pno:{name}" for name in (
    "cacheprovider", "xdist", "benchmark", "unraisableexception", "threadexception", "anyio",
))]  # fmt: skip


def warm_up():
    """Import what tests need, apart from the engine and what imports it."""
    import hypothesis.strategies
    import mesa
    import numba
    import numpy
    import pandas
    import pytest
    import scipy.interpolate
    import scipy.special

    import sim.scenario

    assert numba.config.DISABLE_JIT
    run_pytest(["--collect-only", str(Path(__file__).parent)], object())  # imports its plugins
    assert "sim.engine" not in sys.modules
    gc.collect()
    gc.freeze()  # forks need not look through what is there already
    return hypothesis, mesa, numpy, pandas, pytest, scipy, sim


class Mutated(importlib.machinery.SourceFileLoader, importlib.abc.MetaPathFinder):
    """Finds and loads the mutated module instead of the one on disk."""

    def __init__(self, mutant):
        path = str(ENGINE / f"{mutant.module}.py")
        super().__init__(f"sim.engine.{mutant.module}", path)
        self.code = compile(mutant.tree, path, "exec")

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=self.path)

    def get_code(self, fullname):
        return self.code


class Recorder:
    """A pytest plugin: which lines of the engine each test runs, and how long it takes."""

    def __init__(self):
        self.tests = {}

    def pytest_collection_finish(self, session):
        # As it is imported, the engine runs its own module lines; tests are what comes after.
        tool = sys.monitoring.PROFILER_ID
        sys.monitoring.use_tool_id(tool, "mutation")
        sys.monitoring.register_callback(tool, sys.monitoring.events.LINE, self.line)
        sys.monitoring.set_events(tool, sys.monitoring.events.LINE)

    def line(self, code, number):
        if code.co_filename.startswith(str(ENGINE)):
            self.lines.add(f"{Path(code.co_filename).stem}:{number}")
        return sys.monitoring.DISABLE

    def pytest_runtest_protocol(self, item, nextitem):
        self.lines, self.cpu = set(), time.process_time()
        sys.monitoring.restart_events()

    def pytest_runtest_call(self, item):
        signal.signal(signal.SIGVTALRM, _too_slow)
        signal.setitimer(signal.ITIMER_VIRTUAL, SLOWEST)

    def pytest_runtest_logreport(self, report):
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if report.when == "call" and report.passed:
            taken = time.process_time() - self.cpu
            self.tests[report.nodeid] = {"seconds": taken, "lines": sorted(self.lines)}


def _too_slow(*_):
    raise TimeoutError


class Judge:
    """A pytest plugin: the first test that fails, or takes far longer than it should.

    seconds : what each test takes without a mistake, by node
    """

    found = ""
    verdict = "killed"

    def __init__(self, seconds):
        self.seconds = seconds

    def pytest_runtest_call(self, item):
        signal.signal(signal.SIGVTALRM, self._too_slow)
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE * self.seconds.get(item.nodeid, 1.0) + 1)

    def pytest_runtest_logreport(self, report):
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if report.failed:
            self.found = self.found or report.nodeid

    def pytest_collectreport(self, report):
        if report.failed:
            self.found = self.found or f"{report.nodeid} (not even imported)"

    def _too_slow(self, *_):
        self.verdict = "endless"
        raise TimeoutError


def run_pytest(nodes, plugin):
    """Run tests in this process, in silence."""
    import pytest

    return pytest.main([*OPTIONS, *nodes], plugins=[plugin])


def record(files):
    """Which lines each test of some files runs, asked in a fork: {node: {seconds, lines}}."""

    def work():
        recorder = Recorder()
        run_pytest(["--maxfail=10000", *files], recorder)
        return recorder.tests

    return in_fork(work)


def judge(mutant, seconds, reference):
    """What becomes of a mutant: (verdict, by what).

    seconds : tests to ask, and what each takes without the mistake
    reference : trajectories of the unmutated engine

    verdict : "killed" by a known answer or a law, "endless" if a test does not come to an end,
        "record" if only the trajectories tell the two apart, "survived"
    """

    def work():
        sys.meta_path.insert(0, Mutated(mutant))
        plugin = Judge(seconds)
        nodes = list(seconds)
        for part in filter(None, (nodes[:FIRST], nodes[FIRST:])):  # most need but a few
            code = run_pytest(part, plugin)
            if code != 0:
                return plugin.verdict, plugin.found or f"pytest ended with {code}"
        for number, was in reference.items():
            if trajectory(int(number)) != was:
                return "record", f"world {number}"
        return "survived", ""

    try:
        return in_fork(work, LONGEST)
    except ChildProcessError as error:
        return "endless", str(error)


def references(count):
    """Trajectories of the unmutated engine."""
    return in_fork(lambda: {str(n): trajectory(n) for n in range(count)})


def trajectory(number):
    """Everything a small random world came to, as a hash; or the name of what it raised."""
    import hashlib

    import worlds

    try:
        end = worlds.run(worlds.any_scenario(worlds.picker(9000 + number)), 3, number, 1)
    except Exception as error:  # a mutant may raise whatever it likes
        return repr(error)
    parts = (end.row, end.weekly, end.trace, end.tasks, end.developers)
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def in_fork(work, seconds=0):
    """The result of a function called in a fork; ChildProcessError if that dies."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        with contextlib.suppress(BaseException):
            _silence()
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            if seconds:
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            with os.fdopen(send, "w") as pipe:
                json.dump(work(), pipe)
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    if not text:
        raise ChildProcessError(f"status {status}")
    return json.loads(text)


def _silence():
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    if not os.environ.get("MUTATION_VERBOSE"):
        os.dup2(null, 2)
