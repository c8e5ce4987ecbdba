"""Runs all that says whether to believe the model: verification, coverage, patterns."""

from sim.validation import coverage_run, pattern_run, patterns, verification
from sim.validation.record import Validation, check_folder


def validate(quick=False, out=None, patterns_in=None, threads=None, progress=None):
    """Whether to believe the model: closed forms and laws, coverage of intervals, patterns.

    Parameters
    ----------
    quick : bool
        Fewer repetitions and draws: seconds to a minute, for a first look. The report is made
        of the whole, which takes some minutes.
    out : str or Path, optional
        Folder to write `verification.md`, `validation.md`, their figures and `validation.json`
        to; new, empty or of an earlier validation.
    patterns_in : str or Path, optional
        Folder of pattern files; those that ship by default.
    threads : int, optional
        All cores by default; the results do not depend on it.
    progress : callable, optional
        Called with (done, in all) as each of the three parts goes on.

    Returns
    -------
    Validation

    Raises
    ------
    ValidationError, PatternError
        One line, before anything is run or written.
    """
    asked = patterns.available(patterns_in)
    if out is not None:
        check_folder(out)
    tell = progress or (lambda done, total: None)
    checks = verification.run(quick, tell)
    size = coverage_run.QUICK if quick else coverage_run.FULL
    counted = coverage_run.run(size, threads, tell)
    found = Validation(checks, counted, _patterns(asked, quick, threads, tell), quick)
    if out is not None:
        found.save(out)
    return found


def _patterns(asked, quick, threads, tell):
    size = (
        (pattern_run.QUICK_DRAWS, pattern_run.QUICK_LUCK)
        if quick
        else (pattern_run.DRAWS, pattern_run.LUCK)
    )
    found = []
    for place, pattern in enumerate(asked, 1):
        found.append(pattern_run.run(pattern, *size, threads))
        tell(place, len(asked))
    return found
