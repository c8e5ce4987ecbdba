"""Assess a plan: what is measured, assumed and unknown before anyone acts on the study."""

import os
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sim.assessment import (
    asked,
    assumptions,
    composition,
    convergence,
    evidence,
    left_open,
    must_not,
    window,
)
from sim.assessment.assumptions import Belief
from sim.assessment.case import Case, Finding
from sim.assessment.convergence import Verdict
from sim.assessment.must_not import Caution
from sim.assessment.rubric import Rubric
from sim.assessment.window import Aspect
from sim.assessment.work_sample import WorkSample, measure
from sim.errors import AssessError
from sim.records import provenance
from sim.scenario import Scenario, as_scenario

QUESTIONS = (
    asked.average_share,
    composition.composition,
    asked.sole_basis,
    asked.other_studies,
    asked.trend,
    left_open.other_tools,
    left_open.average_task,
    left_open.gap,
)


@dataclass(frozen=True, repr=False)
class Assessment:
    """What to know before acting on the study, for one team.

    scenario    the Scenario that was assessed
    today       date of the assessment
    rated       whether the user says that levels were rated with the rubric
    findings    the eight questions, each measured, assumed or unknown
    window      what of the plan lies inside what the study observed
    verdicts    whether studies of other tools converge, group by group
    beliefs     every uncertain parameter the plan uses, and where its values come from
    must_not    what must not be concluded
    sample      the team's work sample, or None
    rubric      how to rate a level without asking for a title
    provenance  versions and hashes
    """

    scenario: Scenario
    today: date
    rated: bool
    findings: tuple[Finding, ...]
    window: tuple[Aspect, ...]
    verdicts: tuple[Verdict, ...]
    beliefs: tuple[Belief, ...]
    must_not: tuple[Caution, ...]
    sample: WorkSample | None
    rubric: Rubric
    provenance: dict[str, Any]

    def finding(self, key: str) -> Finding:
        """The finding of a short name, such as "trend"."""
        for found in self.findings:
            if found.key == key:
                return found
        raise AssessError(f"{key!r}: must be one of {', '.join(f.key for f in self.findings)}")

    @property
    def assumed(self) -> tuple[Belief, ...]:
        """Parameters in use that rest on assumption alone and that you do not state."""
        return tuple(one for one in self.beliefs if one.source == "assumption")

    @property
    def stated(self) -> tuple[Belief, ...]:
        """Parameters in use that the scenario states as a range."""
        return tuple(one for one in self.beliefs if one.source == "you" and not one.pinned)

    @property
    def pinned(self) -> tuple[Belief, ...]:
        """Parameters in use that the scenario fixes to one value."""
        return tuple(one for one in self.beliefs if one.source == "you" and one.pinned)

    @property
    def unused(self) -> tuple[str, ...]:
        """Parameters the scenario states although this plan does not use them."""
        return tuple(sorted(set(self.scenario.world) - {one.name for one in self.beliefs}))

    @property
    def counts(self) -> dict[str, int]:
        """How many findings have each status."""
        found = Counter(finding.status for finding in self.findings)
        return {status: found[status] for status in ("measured", "assumed", "unknown")}

    @property
    def evidence(self) -> tuple[str, ...]:
        """Rows of the ledger behind the assessment, each once, in the ledger's order."""
        cited = {row for found in self.findings for row in found.evidence}
        cited |= {row for found in self.window for row in found.evidence}
        cited |= {row for found in self.must_not for row in found.evidence}
        return tuple(row for row in evidence.ledger() if row in cited)

    def text(self) -> str:
        """For a terminal, 100 columns wide."""
        from sim.assessment import text

        return text.text(self)

    def record(self) -> str:
        """One page of Markdown for an AI impact assessment, with fields to fill in."""
        from sim.assessment import record

        return record.record(self)

    def save_record(self, path: str | Path) -> Path:
        """Write the record to a new file that ends in .md; whole, or not at all.

        Raises AssessError, one line, if the file exists or cannot be written.
        """
        path = check_record(path)
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            part.write_text(self.record(), encoding="utf-8")
            _place(part, path)
        except OSError as error:
            reason = error.strerror or error
            raise AssessError(f"{path}: cannot be written ({reason})") from None
        finally:
            part.unlink(missing_ok=True)
        return path

    def to_json(self) -> dict[str, Any]:
        """Plain data: what `tiercurve assess --json` prints."""
        return {
            "scenario": self.scenario.name,
            "question": self.scenario.question,
            "date": self.today.isoformat(),
            "levels_rated": self.rated,
            "counts": self.counts,
            "findings": [asdict(found) for found in self.findings],
            "window": [asdict(found) for found in self.window],
            "other_tools": {
                "rule": convergence.RULE,
                "overall": convergence.overall(self.verdicts),
                "groups": [_group(one) for one in self.verdicts],
            },
            "assumed": [asdict(one) for one in self.assumed],
            "stated_by_you": [asdict(one) for one in self.stated],
            "pinned_by_you": [asdict(one) for one in self.pinned],
            "stated_but_not_used": list(self.unused),
            "must_not_conclude": [asdict(one) for one in self.must_not],
            "work_sample": self.sample.to_json() if self.sample else None,
            "rubric": self.rubric.to_json(),
            "evidence": list(self.evidence),
            "notes": list(self.scenario.notes),
            "provenance": self.provenance,
        }

    def __repr__(self) -> str:
        parts = ", ".join(f"{count} {status}" for status, count in self.counts.items())
        return f"<Assessment {self.scenario.name}: {parts}>"


def _group(one: Verdict) -> dict[str, Any]:
    rows = [
        {key: getattr(row, key) for key in ("id", "source", "quantity", "level", "value")}
        | {key: getattr(row, key) for key in ("low", "high", "unit", "grade", "window")}
        for row in one.rows
    ]
    group = one.group
    return {
        "kind": group.kind,
        "measure": group.what,
        "verdict": one.verdict,
        "why": one.why,
        "remark": group.remark,
        "rows": rows,
    }


def assess(
    scenario: Scenario | str | Path,
    work: str | Path | WorkSample | None = None,
    record: str | Path | None = None,
    today: date | str | None = None,
    rated: bool = False,
) -> Assessment:
    """What to know before acting on the study, for one team.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or the name or path of one.
    work : str, Path or WorkSample, optional
        A CSV file of labelled tickets; `work_file.read` says which columns. It makes
        the share of average work measured rather than assumed.
    record : str or Path, optional
        A new file, ending in .md, for the one-page record; refused if it exists.
    today : date or "YYYY-MM-DD", optional
        Date of the assessment; the ages of evidence are counted to it.
    rated : bool
        Say that the levels in [team] were rated with the rubric, by two raters.

    Returns
    -------
    Assessment

    Raises
    ------
    ScenarioError, AssessError
        One line, before anything is written.
    """
    plan = as_scenario(scenario)
    day = _date(today)
    if record is not None:
        check_record(record)
    sample = work if isinstance(work, WorkSample) or work is None else measure(work)
    found = _assessed(plan, sample, day, bool(rated))
    if record is not None:
        found.save_record(record)
    return found


def _assessed(plan: Scenario, sample: WorkSample | None, day: date, rated: bool) -> Assessment:
    verdicts = convergence.verdicts(plan.tool.kind)
    case = Case(plan, sample, rated, day, assumptions.beliefs(plan), verdicts)
    return Assessment(
        plan,
        day,
        rated,
        tuple(ask(case) for ask in QUESTIONS),
        window.aspects(plan, day),
        verdicts,
        case.beliefs,
        must_not.conclusions(),
        sample,
        Rubric(),
        {
            "version": provenance.version(),
            "git": provenance.git(),
            "scenario_sha256": plan.sha256,
            "evidence_sha256": provenance.evidence_sha256(),
            "curves": provenance.curves(plan),
        },
    )


def _date(today: date | str | None) -> date:
    if today is None:
        return date.today()
    if isinstance(today, date):
        return today
    try:
        return date.fromisoformat(today)
    except (TypeError, ValueError):
        raise AssessError(f"today = {today!r}: must be a date such as '2026-12-01'") from None


def check_record(path: str | Path) -> Path:
    """A path that a record can be written to.

    Raises AssessError, one line, if it is no new .md file in a folder that exists.
    """
    path = Path(path)
    if path.suffix.lower() != ".md":
        raise AssessError(f"{path}: a record must end in .md")
    if path.exists() or path.is_symlink():
        raise AssessError(f"{path}: exists already; choose another")
    if not path.absolute().parent.is_dir():
        raise AssessError(f"{path}: the folder {path.absolute().parent.name} does not exist")
    return path


def _place(part: Path, path: Path) -> None:
    """Give a finished file its name, without ever replacing another."""
    try:
        os.link(part, path)  # fails where somebody was quicker; a rename would replace it
    except FileExistsError:
        raise AssessError(f"{path}: exists already; choose another") from None
    except OSError:  # a file system without links
        part.rename(path)
