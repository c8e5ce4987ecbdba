"""Assess a plan: what is measured, assumed and unknown before anyone acts on the study."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from sim.assessment import assumptions, impact_note, levels, other_studies, pages, questions
from sim.assessment.assumptions import Aspect, Belief
from sim.assessment.levels import Rubric
from sim.assessment.other_studies import TEXTS, Verdict
from sim.assessment.page_files import check_page, write_page
from sim.assessment.questions import STATUSES, Caution, Finding, Inputs
from sim.assessment.work_sample import WorkSample, measure
from sim.caveats import WORKFORCE, Caveat, noted
from sim.errors import AssessError, choice
from sim.records import folders, provenance
from sim.records.record import Record
from sim.report import Table
from sim.scenario import Scenario, as_scenario
from sim.scenario.snapshot import Kept

QUESTIONS = (
    questions.average_share,
    levels.composition,
    questions.sole_basis,
    questions.other_tools_studied,
    questions.trend,
    questions.other_tools,
    questions.average_task,
    questions.gap,
)
RECORDS, NOTES = (".md",), (".md", ".html")  # endings of their files
_ROW = ("id", "source", "quantity", "level", "value", "low", "high", "unit", "grade", "window")


@dataclass(frozen=True, repr=False)
class Assessment(Record):
    """What to know before acting on the study, for one team.

    scenario           the Scenario that was assessed
    today              date of the assessment
    rated              whether the user says that levels were rated with the rubric
    findings           the eight questions, each measured, assumed or unknown
    window             what of the plan lies inside what the study observed
    verdicts           whether studies of other tools converge, group by group
    beliefs            every uncertain parameter the plan uses, and where its values come from
    must_not_conclude  what must not be concluded
    sample             the team's work sample, or None
    rubric             how to rate a level without asking for a title
    provenance         versions and hashes
    """

    _kind = "assessment"
    error = AssessError

    scenario: Kept
    today: date
    rated: bool
    findings: tuple[Finding, ...]
    window: tuple[Aspect, ...]
    verdicts: tuple[Verdict, ...]
    beliefs: tuple[Belief, ...]
    must_not_conclude: tuple[Caution, ...]
    sample: WorkSample | None
    rubric: Rubric
    provenance: dict[str, Any]

    def finding(self, key: str) -> Finding:
        """The finding of a short name, such as "trend"."""
        for finding in self.findings:
            if finding.key == key:
                return finding
        raise AssessError(f"{key!r}: must be one of {', '.join(f.key for f in self.findings)}")

    def summary(self) -> pd.DataFrame:
        """One row a question: `asked`, `question`, `status`, `because`; by its short name."""
        columns = ["key", "asked", "question", "status", "because"]
        rows = [asdict(finding) for finding in self.findings]
        return pd.DataFrame(rows, columns=columns).set_index("key")

    def sentences(self) -> list[str]:
        """What is known of each question, and why no more."""
        return [f"{f.question} {f.status.capitalize()}: {f.because}." for f in self.findings]

    @property
    def caveats(self) -> tuple[Caveat, ...]:
        """What must not be concluded, and what a reader should be told."""
        lines = (f"Not to be concluded: {c.what} {c.why}" for c in self.must_not_conclude)
        advice = Caveat(TEXTS["pages"]["not_advice"], WORKFORCE)
        return noted((*lines, *self.scenario.notes, advice))

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
        counts = Counter(finding.status for finding in self.findings)
        return {status: counts[status] for status in STATUSES}

    @property
    def evidence(self) -> tuple[str, ...]:
        """Rows of the ledger behind the assessment, each once, in the ledger's order."""
        cited = {row for finding in self.findings for row in finding.evidence}
        cited |= {row for aspect in self.window for row in aspect.evidence}
        cited |= {row for caution in self.must_not_conclude for row in caution.evidence}
        return tuple(row for row in other_studies.ledger() if row in cited)

    def text(self, everything: bool = False) -> str:
        """A page for a terminal, 100 columns wide; it always shows everything."""
        return pages.text(self)

    def record(self) -> str:
        """One page of Markdown for an AI impact assessment, with fields to fill in."""
        return pages.record(self)

    def save_record(self, path: str | Path) -> Path:
        """Write the record to a new file that ends in .md; whole, or not at all.

        Raises AssessError, one line, if the file exists or cannot be written.
        """
        return write_page(check_page(path, "a record", RECORDS), self.record())

    def note(self, form: str = "md") -> str:
        """One page for works councils and impact assessments, with lines left to fill in.

        form : "md" for Markdown, "html" for a page that needs nothing else
        """
        choice("form", form, impact_note.WRITERS, AssessError)
        return impact_note.WRITERS[form](self)

    def save_note(self, path: str | Path) -> Path:
        """Write the note to a new file that ends in .md or .html; whole, or not at all.

        Raises AssessError, one line, if the file exists or cannot be written.
        """
        path = check_page(path, "a note", NOTES)
        return write_page(path, self.note(path.suffix.lower()[1:]))

    def to_json(self) -> dict[str, Any]:
        return {
            "scenario": self.scenario.name,
            "question": self.scenario.question,
            "date": self.today.isoformat(),
            "levels_rated": self.rated,
            "counts": self.counts,
            "findings": [asdict(finding) for finding in self.findings],
            "window": [asdict(aspect) for aspect in self.window],
            "other_tools": {
                "rule": other_studies.RULE,
                "overall": other_studies.overall(self.verdicts),
                "groups": [_group(one) for one in self.verdicts],
            },
            "assumed": [asdict(one) for one in self.assumed],
            "stated_by_you": [asdict(one) for one in self.stated],
            "pinned_by_you": [asdict(one) for one in self.pinned],
            "stated_but_not_used": list(self.unused),
            "must_not_conclude": [asdict(one) for one in self.must_not_conclude],
            "work_sample": self.sample.to_json() if self.sample else None,
            "rubric": self.rubric.to_json(),
            "evidence": list(self.evidence),
            "notes": list(self.scenario.notes),
            "provenance": self.provenance,
        }

    def _tables(self, everything):
        rows = [(f.question, f.status, f.because) for f in self.findings]
        return [Table(("question", "status", "why"), rows)]

    def _cited(self):
        return "assessed before anything is run", "scenario"

    def _saved(self):
        return folders.packed(self)

    @classmethod
    def _read(cls, about, path):
        return folders.unpacked(cls, about)

    def __repr__(self) -> str:
        parts = ", ".join(f"{count} {status}" for status, count in self.counts.items())
        return f"<Assessment {self.scenario.name}: {parts}>"


def _group(one: Verdict) -> dict[str, Any]:
    return {
        "kind": one.group.kind,
        "measure": one.group.what,
        "verdict": one.verdict,
        "why": one.why,
        "remark": one.group.remark,
        "rows": [{key: getattr(row, key) for key in _ROW} for row in one.rows],
    }


def assess(
    scenario: Scenario | str | Path,
    work: str | Path | WorkSample | None = None,
    record: str | Path | None = None,
    today: date | str | None = None,
    rated: bool = False,
    note: str | Path | None = None,
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
    note : str or Path, optional
        A new file, ending in .md or .html, for the note to works councils.

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
        check_page(record, "a record", RECORDS)
    if note is not None:
        check_page(note, "a note", NOTES)
    sample = work if isinstance(work, WorkSample) or work is None else measure(work)
    assessment = _assessed(plan, sample, day, bool(rated))
    if record is not None:
        assessment.save_record(record)
    if note is not None:
        assessment.save_note(note)
    return assessment


def _assessed(plan: Scenario, sample: WorkSample | None, day: date, rated: bool) -> Assessment:
    beliefs, verdicts = assumptions.beliefs(plan), other_studies.verdicts(plan.main_tool.kind)
    inputs = Inputs(plan, sample, rated, day, beliefs, verdicts)
    return Assessment(
        scenario=plan,
        today=day,
        rated=rated,
        findings=tuple(ask(inputs) for ask in QUESTIONS),
        window=assumptions.aspects(plan, day),
        verdicts=verdicts,
        beliefs=beliefs,
        must_not_conclude=questions.must_not_conclude(),
        sample=sample,
        rubric=Rubric(),
        provenance={
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
