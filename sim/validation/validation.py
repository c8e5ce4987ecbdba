"""Whether to believe the model: the record of a validation, and what runs one."""

import platform
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import pandas as pd

from sim.caveats import noted
from sim.engine import source_hash
from sim.errors import ValidationError, count
from sim.experiments import workload
from sim.records import folders, provenance
from sim.records.record import Record
from sim.validation import (
    coverage,
    decisions,
    decisions_page,
    known_answers,
    laws,
    multiplier,
    outcomes,
    patterns,
    report,
    settings,
)
from sim.validation.check import Check
from sim.validation.coverage import Coverage, limit
from sim.validation.outcomes import Outcome
from sim.validation.report import FILES, KEPT, MARK

# Seconds of one thread, with the patterns that ship (docs/limits.md).
QUICK_SECONDS, FULL_SECONDS = 110.0, 710.0
PARTS = ("checks", "coverage", "patterns")
CHECK = (
    "group", "claim", "formula", "expected", "found", "std_error", "tolerance", "unit", "worlds",
    "passed",
)  # fmt: skip
COVERAGE = (
    "interval", "output", "kind", "draws", "luck", "repetitions", "nominal", "held", "inside",
    "std_error", "tolerance", "share", "passed",
)  # fmt: skip
VERIFICATION: dict[
    str, tuple[Callable, tuple[int, ...]]
] = {  # name -> what gives a Check or a list of them, and its size: (in full, quick)
    "one server": (lambda n: known_answers.many_servers(1, n), (160, 40)),
    "three servers": (lambda n: known_answers.many_servers(3, n), (120, 20)),
    "lognormal sizes": (known_answers.lognormal_sizes, (300, 60)),
    "two classes": (known_answers.two_classes, (160, 40)),
    "retries": (lambda n: known_answers.retries(tasks=n), (4000, 1000)),
    "persistent failures": (lambda n: known_answers.retries(1.5, n), (4000, 1000)),
    "defects": (known_answers.defects, (4000, 1000)),
    "counts": (known_answers.counts, (2000, 200)),
    "arrivals": (known_answers.arrivals, (2000, 200)),
    "training": (known_answers.payoffs, ()),
    "laws": (laws.conserved, (400, 40)),
    "common luck": (laws.common_luck, ()),
    "two clocks": (laws.clocks_apart, (60, 8)),
    "threads": (laws.threads_apart, ()),
    "error rate": (laws.error_rate, (12_800, 3200)),
}


def verify(name, quick=False):
    """A verification check by its name in VERIFICATION: list of Check."""
    check, sizes = VERIFICATION[name]
    checks = check(*sizes[quick : quick + 1])
    return checks if isinstance(checks, list) else [checks]


def origin():
    """What made a validation, by hash and version: nothing that two equal runs differ in."""
    return {
        "version": provenance.version(),
        "engine_sources": source_hash(),
        "evidence_sha256": provenance.evidence_sha256(),
        "curves": provenance.curves(coverage.small()),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "packages": {name: metadata.version(name) for name in provenance.PACKAGES},
    }


@dataclass(frozen=True, repr=False)
class Validation(Record):
    """What is known of whether to believe the model.

    checks    of verification: list of Check
    coverage  of intervals: list of Coverage
    patterns  that the model was not fitted to, and some that it was: list of Outcome
    quick     whether only a fast subset was run
    made_by   what made it, by hash and version
    decisions   what the decisions hang on: rows of `decisions.run`; none in older records
    multiplier  whether expertise multiplies: rows of `multiplier.run`; none in older records
    targets     of how people work, as the fit meets them: rows of `settings.targets`; likewise
    """

    _kind = "validation"
    error = ValidationError

    checks: list[Check]
    coverage: list[Coverage]
    patterns: list[Outcome]
    quick: bool
    made_by: dict = field(default_factory=origin)
    decisions: pd.DataFrame = field(default_factory=pd.DataFrame)
    multiplier: pd.DataFrame = field(default_factory=pd.DataFrame)
    targets: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def failures(self):
        """Sentences of what fails verification; a known limit of coverage is not among them."""
        unknown = [c for c in self.coverage if not c.passed and not limit(c)]
        return [c.claim for c in self.checks if not c.passed] + [
            f"{c.interval} of {c.output} holds {c.held:.1%}, not {c.nominal:.0%}" for c in unknown
        ]

    @property
    def passed(self):
        """Whether verification holds. Patterns that are missed are findings, not failures."""
        return not self.failures

    @property
    def checks_table(self):
        """A row a check."""
        return _frame(self.checks, CHECK)

    @property
    def coverage_table(self):
        """A row an interval of an output."""
        return _frame(self.coverage, COVERAGE).assign(limit=[limit(c) for c in self.coverage])

    @property
    def patterns_table(self):
        """A row a pattern."""
        return pd.DataFrame([outcome.row() for outcome in self.patterns])

    @property
    def provenance(self):
        """What made it, by hash and version: nothing that differs between two equal runs."""
        return self.made_by | {"quick": self.quick}

    @property
    def caveats(self):
        """Intervals that miss for a reason that is known, and patterns that are missed."""
        missed = [o.pattern for o in self.patterns if not o.passed]
        return noted([
            *(f"{c.interval} of {c.output} holds {c.held:.1%} instead of {c.nominal:.0%}. {why}"
              for c in self.coverage if (why := limit(c))),
            *(f"Not shown by the model: {one.claim}. {one.if_missed}" for one in missed),
        ])  # fmt: skip

    def summary(self):
        """How much holds: one row a part, with `held` of how many in `all`."""
        tables = (self.checks_table, self.coverage_table, self.patterns_table)
        rows = [{"held": int(one["passed"].sum()), "all": len(one)} for one in tables]
        return pd.DataFrame(rows, index=pd.Index(PARTS, name="part"))

    def sentences(self):
        """Whether verification holds, or what of it fails; how many patterns are missed."""
        return report.verdict(self).split("\n")

    def to_json(self):
        tables = {name: decisions_page.plain(getattr(self, f"{name}_table"))
                  for name in PARTS}  # fmt: skip
        return {
            "passed": self.passed, "failures": self.failures, **tables,
            "decisions": decisions_page.plain(self.decisions),
            "multiplier": decisions_page.plain(self.multiplier),
            "targets": decisions_page.plain(self.targets),
            "provenance": self.provenance,
        }  # fmt: skip

    def save(self, path, overwrite=False):
        """Write the pages, figures and JSON into a folder; what was there stays until all is made.

        overwrite : whether an earlier validation may be replaced

        Raises ValidationError, one line, for a folder that holds anything else.
        """
        path = check_folder(path)
        if not overwrite and (path / MARK).exists():
            raise ValidationError(f"{path}: exists already; say overwrite=True")
        return report.write(self, path)

    @classmethod
    def is_saved(cls, path):
        """Whether a folder holds a validation that can be read again."""
        return (Path(path) / KEPT).is_file()

    @classmethod
    def load(cls, path):
        """The validation of a folder that `save` wrote.

        Raises ValidationError, one line, where the folder is not one or is damaged.
        """
        return folders.read(path, Path(KEPT).stem, cls._read, cls.error)

    @classmethod
    def _read(cls, about, path):
        return folders.unpacked(cls, {"decisions": [], "multiplier": [], "targets": []} | about)

    def _about(self):
        return ["Whether to believe the model" + (": a fast subset" if self.quick else "")]

    def _tables(self, everything):
        return report.tables(self)

    def _figures(self):
        from sim.validation import figures  # late: Matplotlib is slow to import

        return {"coverage": figures.coverage_figure, "patterns": figures.patterns_figure}

    def _origins(self):
        return {"validation": self.provenance}

    def _cited(self):
        return "", "record"

    def text(self, everything=False):
        """Tables of checks, intervals and patterns, and what fails; it always shows everything."""
        return report.text(self)

    def __repr__(self):
        held = sum(c.passed for c in self.checks)
        shown = sum(p.passed for p in self.patterns)
        return (
            f"<Validation: {held} of {len(self.checks)} checks hold, "
            f"{sum(c.passed for c in self.coverage)} of {len(self.coverage)} intervals, "
            f"{shown} of {len(self.patterns)} patterns>"
        )


def _frame(parts, names):
    return pd.DataFrame([{name: getattr(one, name) for name in names} for one in parts])


def check_folder(path):
    """The folder to write to, refused unless it is new, empty or holds an earlier validation."""
    path = Path(path)
    if not path.absolute().parent.is_dir():
        raise ValidationError(f"{path}: the folder {path.absolute().parent} does not exist")
    if path.exists() and not path.is_dir():
        raise ValidationError(f"{path}: is a file; name a folder")
    names = {one.name for one in path.iterdir()} if path.exists() else set()
    names = {name for name in names if not re.fullmatch(r"\..*\.part", name)}
    strange = sorted(names - set(FILES) - {"README.md"})
    if strange:
        raise ValidationError(f"{path}: holds {strange[0]}, which no validation wrote")
    if names and MARK not in names:
        raise ValidationError(f"{path}: holds {min(names)} and no {MARK}; choose a new folder")
    return path


def workload_of(quick=False, out=None, patterns_in=None, threads=None):
    """The Workload of a validation, for which nothing runs; arguments as for `validate`.

    Raises what `validate` raises of its arguments.
    """
    count("threads", 1 if threads is None else threads, ValidationError, 1, 1024)
    _asked(out, patterns_in)
    return workload.measured(QUICK_SECONDS if quick else FULL_SECONDS, threads=threads)


def _asked(out, patterns_in):
    """The patterns that are wanted; refuses a folder that cannot be written to."""
    wanted = patterns.available(patterns_in)
    if out is not None:
        check_folder(out)
    return wanted


def validate(quick=False, out=None, patterns_in=None, threads=None, progress=None):
    """Whether to believe the model: known answers, coverage of intervals, patterns, decisions.

    Parameters
    ----------
    quick : bool
        Fewer repetitions and draws: seconds to a minute, for a first look. The report is made
        of the whole, which takes some minutes.
    out : str or Path, optional
        Folder to write `verification.md`, `validation.md`, `decisions.md`, their figures and
        numbers (JSON) to; new, empty or of an earlier validation.
    patterns_in : str or Path, optional
        Folder of pattern files; those that ship by default.
    threads : int, optional
        All cores by default; the results do not depend on it.
    progress : callable, optional
        Called with (done, in all) as each of the four parts goes on.

    Returns
    -------
    Validation

    Raises
    ------
    ValidationError, PatternError
        One line, before anything is run or written.
    """
    wanted = _asked(out, patterns_in)
    tell = progress or (lambda done, total: None)
    checks = []
    for place, name in enumerate(VERIFICATION, 1):
        checks += verify(name, quick)
        tell(place, len(VERIFICATION))
    counted = coverage.run(coverage.QUICK if quick else coverage.FULL, threads, tell)
    size = outcomes.QUICK if quick else outcomes.FULL
    shown = []
    for place, pattern in enumerate(wanted, 1):
        shown.append(outcomes.run(pattern, *size, threads))
        tell(place, len(wanted))
    decided = decisions.run(quick, threads, tell)
    gains = multiplier.run(quick, threads)
    validation = Validation(
        checks, counted, shown, quick, decisions=decided, multiplier=gains,
        targets=settings.targets(),
    )  # fmt: skip
    if out is not None:
        validation.save(out, overwrite=True)
    return validation
