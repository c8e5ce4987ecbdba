"""The mission's own studies: named, one command each."""

import inspect

from sim import report
from sim.errors import StudyError, count, near
from sim.experiments import workload
from sim.experiments.traces import MOST_DRAWS, MOST_LUCK
from sim.studies import (
    average_share,
    composition,
    gap,
    headline,
    mixes,
    review,
    spread,
    training,
    working,
)
from sim.studies.study import FIGURES, Study

__all__ = ["NAMES", "Study", "StudyError", "listed", "study"]

_MODULES = (composition, training, average_share, review, headline, gap, spread, working)
STUDIES: dict = {module.NAME: module for module in _MODULES}
NAMES = tuple(STUDIES)
FIGURES.update({name: module.figure for name, module in STUDIES.items()})
FIGURES[mixes.NAME] = mixes.figure  # of decks alone: it needs a plan
FEWEST = 50  # draws from which intervals over what is not known can be read off


def study(name, draws=None, luck=None, seed=1, threads=None, progress=None):
    """Run one of the mission's studies: `Study`.

    name : one of NAMES
    draws, luck : int, optional, the study's own by default; luck 2 at least
    seed : int; the same seed gives the same study

    Raises StudyError, one line, before anything runs; also where the rows cannot fit into memory.
    """
    workload_of(name, draws, luck, seed, threads).refuse_unfit(StudyError, f"{name}: ")
    stated = {
        what: value for what, value in (("draws", draws), ("luck", luck)) if value is not None
    }
    return STUDIES[name].run(**stated, seed=seed, threads=threads, progress=progress)


def workload_of(name, draws=None, luck=None, seed=1, threads=None):
    """The Workload of a study, for which nothing runs; arguments as for `study`.

    Raises what `study` raises of its arguments, but for memory.
    """
    _check(name, draws, luck, seed, threads)
    own = inspect.signature(STUDIES[name].run).parameters
    draws, luck = (
        own[what].default if value is None else value
        for what, value in (("draws", draws), ("luck", luck))
    )
    return work_of(STUDIES[name].runs(), draws, luck, threads)


def work_of(runs, draws, luck, threads):
    """The Workload of what a study's `runs` names, over so many draws and luck."""
    each = (workload.of_worlds(one, draws, luck, threads).times(count) for one, count in runs)
    return sum(each, workload.NOTHING).stacked().freed()


def _check(name, draws, luck, seed, threads):
    if name not in STUDIES:
        raise StudyError(f"{name}: no such study{near(name, NAMES)}")
    for what, value, low, high in (
        ("draws", draws, FEWEST, MOST_DRAWS),
        ("luck", luck, 2, MOST_LUCK),
        ("threads", threads, 1, 1024),
    ):
        if value is not None:
            count(what, value, StudyError, low, high)
    count("seed", seed, StudyError)


def listed():
    """The studies there are, and what each answers, as a table for a terminal."""
    rows = [(name, module.QUESTION) for name, module in STUDIES.items()]
    return "\n".join(report.items([("study", "question"), *rows]))
