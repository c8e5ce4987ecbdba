"""The record of a validation: checks, coverage, patterns, and where they come from."""

import json
import platform
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pandas as pd

from sim.engine import source_hash
from sim.errors import ValidationError
from sim.records import provenance
from sim.validation import coverage_run, pages
from sim.validation.pages import FILES, MARK

DIGITS = 6  # significant, in JSON: beyond them machines differ


@dataclass(frozen=True, repr=False)
class Validation:
    """What is known of whether to believe the model.

    checks    of verification: list of check.Check
    coverage  of intervals: list of coverage.Coverage
    patterns  that the model was not fitted to, and some that it was: list of pattern_run.Outcome
    quick     whether only a fast subset was run
    """

    checks: list
    coverage: list
    patterns: list
    quick: bool

    @property
    def failures(self):
        """Sentences of what fails verification; a known limit of coverage is not among them."""
        unknown = [c for c in self.coverage if not c.passed and not coverage_run.limit(c)]
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
        names = ("group", "claim", "formula", "expected", "found", "std_error", "tolerance",
                 "unit", "worlds", "passed")  # fmt: skip
        return pd.DataFrame([{n: getattr(c, n) for n in names} for c in self.checks])

    @property
    def coverage_table(self):
        """A row an interval of an output."""
        names = ("interval", "output", "kind", "draws", "luck", "repetitions", "nominal", "held",
                 "inside", "std_error", "tolerance", "share", "passed")  # fmt: skip
        rows = [
            {n: getattr(c, n) for n in names} | {"limit": coverage_run.limit(c)}
            for c in self.coverage
        ]
        return pd.DataFrame(rows)

    @property
    def patterns_table(self):
        """A row a pattern."""
        rows = []
        for found in self.patterns:
            asked = found.pattern
            published = asked.published or (float("nan"), float("nan"))
            rows.append({
                "pattern": asked.name, "claim": asked.claim, "kind": asked.kind,
                "unit": asked.unit, "published_low": published[0], "published_high": published[1],
                "passes_low": asked.passes[0], "passes_high": asked.passes[1],
                "median": found.median, "low": found.low, "high": found.high,
                "share_inside": found.share_inside, "undefined": found.undefined,
                "draws": found.draws, "luck": found.luck, "passed": found.passed,
                "source": " ".join(asked.source),
            })  # fmt: skip
        return pd.DataFrame(rows)

    @property
    def provenance(self):
        """What made it, by hash and version: nothing that differs between two equal runs."""
        return {
            "version": provenance.version(),
            "engine_sources": source_hash(),
            "evidence_sha256": provenance.evidence_sha256(),
            "curves": provenance.curves(coverage_run.small()),
            "python": ".".join(platform.python_version_tuple()[:2]),
            "packages": {name: metadata.version(name) for name in provenance.PACKAGES},
            "quick": self.quick,
        }

    def to_json(self):
        """Plain data."""
        tables = {name: _rows(getattr(self, f"{name}_table"))
                  for name in ("checks", "coverage", "patterns")}  # fmt: skip
        return {
            "passed": self.passed, "failures": self.failures, **tables,
            "provenance": self.provenance,
        }  # fmt: skip

    def save(self, path):
        """Write the pages, figures and JSON into a folder; what was there stays until all is made.

        Raises ValidationError, one line, for a folder that holds anything else.
        """
        return pages.write(self, check_folder(path))

    def __repr__(self):
        held = sum(c.passed for c in self.checks)
        shown = sum(p.passed for p in self.patterns)
        return (
            f"<Validation: {held} of {len(self.checks)} checks hold, "
            f"{sum(c.passed for c in self.coverage)} of {len(self.coverage)} intervals, "
            f"{shown} of {len(self.patterns)} patterns>"
        )


def _rows(table):
    rows = json.loads(table.to_json(orient="records", double_precision=15))
    return [{key: _short(value) for key, value in row.items()} for row in rows]


def _short(value):
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


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
