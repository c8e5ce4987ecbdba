"""An assessment as pages: for a terminal, 100 columns wide, and as a record in Markdown."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sim.assessment import other_studies
from sim.assessment.assumptions import Belief, version_of
from sim.assessment.levels import Rubric, level_counts, people_at
from sim.assessment.other_studies import RULE, TEXTS, Verdict, ledger
from sim.assessment.questions import Finding
from sim.experiments import development
from sim.ledger import Evidence
from sim.report import WIDTH, markdown, one_line, wrapped

if TYPE_CHECKING:
    from sim.assessment.assessment import Assessment

MOST_ROWS = 8  # rows of evidence named before the rest is counted
BLANK = "____________________"
_WORDS = TEXTS["pages"]


def _span(one: Belief) -> str:
    return f"{one.central:.4g}" if one.pinned else f"{one.low:.3g} to {one.high:.3g}"


# ---- for a terminal: a page a manager can read ---------------------------------------------------


def text(assessment: "Assessment") -> str:
    """The whole assessment: overview, questions, window, studies, assumptions, warnings."""
    parts: list[Iterable[str]] = [
        _head(assessment),
        _overview(assessment),
        _questions(assessment),
        _window(assessment),
        _studies(assessment),
        _sample(assessment),
        _assumptions(assessment),
        _must_not_conclude(assessment),
        _rubric(assessment.rubric) if not assessment.rated else [],
        _foot(assessment),
    ]
    blocks = ["\n".join(lines) for part in parts if (lines := list(part))]
    return "\n\n".join(blocks)


def _title(words: str) -> list[str]:
    return [words, "-" * min(len(words), WIDTH)]


def _head(assessment: "Assessment") -> Iterator[str]:
    plan = assessment.scenario
    counts = ", ".join(f"{count} {status}" for status, count in assessment.counts.items())
    for line in (
        f"{plan.name}: what to know before acting on the study",
        f"The plan asks: {plan.question}",
        f"{plan.headcount} people, {plan.horizon.weeks} weeks from {plan.horizon.start}, tool "
        f"{plan.main_tool.profile}; assessed {assessment.today.isoformat()}",
        f"Of eight questions: {counts}.",
        development.unknown(plan),
    ):
        yield from wrapped(line) if line else ()


def _overview(assessment: "Assessment") -> Iterator[str]:
    for number, one in enumerate(assessment.findings, 1):
        yield from wrapped(one.question, f"{number}  {one.status:<8}  ")
    yield from ("", *wrapped(_WORDS["statuses"]))


def _questions(assessment: "Assessment") -> Iterator[str]:
    before = ""
    for number, one in enumerate(assessment.findings, 1):
        if not before:
            yield from _title("What planners are asked to do")
        elif one.asked != before:
            yield from ("", *_title("What the study leaves open"))
        before = one.asked
        yield from ("", *_question(number, one))


def _question(number: int, one: Finding) -> Iterator[str]:
    yield from wrapped(f"{one.question}  [{one.status}: {one.because}]", f"{number}. ")
    for sentence in one.says:
        yield from wrapped(sentence, "   - ")
    more = len(one.evidence) - MOST_ROWS
    rows = ", ".join(one.evidence[:MOST_ROWS]) or "none"
    yield from wrapped(f"Next: {one.next}", "   ")
    yield from wrapped(f"Evidence: {rows}{f' and {more} more' if more > 0 else ''}", "   ")


def _window(assessment: "Assessment") -> Iterator[str]:
    yield from _title("Inside or outside what the study observed")
    for one in assessment.window:
        where = "inside" if one.inside else "OUTSIDE"
        yield from wrapped(f"{one.plan}: {one.why}", f"{where:<8}{one.name:<20}")


def _studies(assessment: "Assessment") -> Iterator[str]:
    yield from _title("Do studies of other tools converge?")
    yield from wrapped(f"Overall: {other_studies.overall(assessment.verdicts)}. {RULE}")
    for one in assessment.verdicts:
        yield from ("", *_study(one))


def _study(one: Verdict) -> Iterator[str]:
    yield from wrapped(f"{one.group.what}: {one.verdict} ({one.why})")
    for row in one.rows:
        level = f", {row.level}" if row.level else ""
        line = f"{row.shown()}, grade {row.grade} ({row.source}{level})"
        yield from wrapped(line, "   ", " " * 6)
    yield from wrapped(f"Mind: {one.group.remark}.", "   ")


def _sample(assessment: "Assessment") -> Iterator[str]:
    sample = assessment.sample
    if sample is None:
        return
    yield from _title("Your work, as lines for the scenario")
    yield from (f"  {line}" for line in sample.to_toml().splitlines())
    yield from wrapped("or, where one number is wanted:")
    yield from (f"  {line}" for line in sample.to_toml(number=True).splitlines()[1:2])


def _assumptions(assessment: "Assessment") -> Iterator[str]:
    yield from _title("What is assumption")
    counts = {"assumed": len(assessment.assumed), "all": len(assessment.beliefs)}
    yield from wrapped(_WORDS["assumed"].format(**counts))
    yield from _beliefs(assessment.assumed)
    if assessment.stated:
        yield from ("", "Stated by you as a range:", *_beliefs(assessment.stated))
    if assessment.pinned:
        yield from ("", "Pinned by you, without a range:", *_beliefs(assessment.pinned))
    if assessment.unused:
        names = ", ".join(assessment.unused)
        yield from ("", *wrapped(f"Stated by you and not used by this plan: {names}."))


def _beliefs(beliefs: tuple[Belief, ...]) -> Iterator[str]:
    for one in beliefs:
        yield from wrapped(f"{_span(one):<18} {one.unit}", f"  {one.name:<28}", " " * 49)


def _must_not_conclude(assessment: "Assessment") -> Iterator[str]:
    yield from _title("What must not be concluded")
    for one in assessment.must_not_conclude:
        yield from wrapped(f"{one.what} {one.why}", "- ")


def _rubric(rubric: Rubric) -> Iterator[str]:
    yield from _title("Rating a level of expertise in one kind of work")
    for number, step in enumerate(rubric.method, 1):
        yield from wrapped(step, f"{number}. ")
    for steps in rubric.signals.values():
        yield from ("", steps[0])
        for level, step in enumerate(steps[1:], 1):
            yield from wrapped(step, f"  {level}  ")
    yield from ("", *wrapped(rubric.note))


def _foot(assessment: "Assessment") -> Iterator[str]:
    p = assessment.provenance
    for note in assessment.scenario.notes:
        yield from wrapped(note, "- ")
    yield from wrapped(_WORDS["not_advice"])
    yield from wrapped(
        f"tiercurve {p['version']}, curves {p['curves']}, scenario {p['scenario_sha256'][:12]}, "
        f"evidence {p['evidence_sha256'][:12]}"
    )


# ---- a record for an AI impact assessment, with fields for people to fill in -------------------


def record(assessment: "Assessment") -> str:
    """The page: what was looked at, on which evidence, its limits, and who decides."""
    sections = {
        "What is known for this team": _known(assessment),
        "Evidence used": _evidence(assessment),
        "Known limits": _limits(assessment),
        "What is assumed": _assumed(assessment),
        "What must not be concluded": (f"- {one.what}" for one in assessment.must_not_conclude),
        "Human decision": _decision(),
    }
    name = one_line(assessment.scenario.name)
    lines = [f"# Record for an AI impact assessment: {name}", "", *_about(assessment)]
    for title, section in sections.items():
        lines += ["", f"## {title}", "", *section]
    return "\n".join(lines) + "\n"


def _about(assessment: "Assessment") -> Iterator[str]:
    plan, p, tool = assessment.scenario, assessment.provenance, assessment.scenario.main_tool
    code = f", commit {p['git']}" if p["git"] else ""
    described = f"{tool.profile} ({tool.kind}), {tool.description}"
    rows = {
        "Date": assessment.today.isoformat(),
        "Purpose": plan.question,
        "System assessed": described + (f"; as of {version_of(plan)}" if tool.date else ""),
        "Assessed with": f"Tiercurve {p['version']}{code}",
        "Plan": f"{plan.horizon.weeks} weeks from {plan.horizon.start}",
        "People": _people(assessment),
        "Scenario, sha256": p["scenario_sha256"],
        "Evidence and register, sha256": p["evidence_sha256"],
    }
    return markdown(("", ""), [(name, one_line(str(words))) for name, words in rows.items()])


def _people(assessment: "Assessment") -> str:
    counts = {level: n for level, n in level_counts(assessment.scenario).items() if n}
    parts = ", ".join(f"{n} {people_at(level)}" for level, n in counts.items()) or "none"
    basis = "rated with the rubric" if assessment.rated else "levels assumed"
    return f"{parts} ({basis}; counts, never names)"


def _known(assessment: "Assessment") -> Iterator[str]:
    rows = [
        (one_line(one.question), one.status, one_line(one.because)) for one in assessment.findings
    ]
    yield from markdown(("question", "status", "why"), rows)
    sample = assessment.sample
    if sample:
        share = sample.share
        yield ""
        yield (
            f"Work sample {one_line(sample.name)}: {share.n:,} tickets, advanced work "
            f"{share.value:.1%} (95% interval {share.low:.1%} to {share.high:.1%})."
        )


def _evidence(assessment: "Assessment") -> Iterator[str]:
    rows = [ledger()[id_] for id_ in assessment.evidence]
    study = [row for row in rows if row.of_the_study]
    others = [row for row in rows if not row.of_the_study]
    yield f"- Central study ({len(study)} rows: {_grades(study)}): {study[0].source}."
    sources = dict.fromkeys(row.source for row in others)
    each = (
        f"{source} ({_grades([row for row in others if row.source == source])})"
        for source in sources
    )
    yield f"- {len(others)} rows of {len(sources)} other sources: {one_line('; '.join(each))}."
    yield from ("", _WORDS["grades"])


def _grades(rows: list[Evidence]) -> str:
    grades = [row.grade for row in rows]
    return ", ".join(f"{grades.count(g)} {g}" for g in "PTFSMR" if g in grades)


def _limits(assessment: "Assessment") -> Iterator[str]:
    for one in assessment.window:
        if not one.inside:
            yield f"- Outside the study: {one.name}, {one_line(one.plan)}: {one_line(one.why)}."
    yield f"- Studies of other tools: {other_studies.overall(assessment.verdicts)}."
    yield from (f"- {one_line(note)}" for note in assessment.scenario.notes)


def _assumed(assessment: "Assessment") -> Iterator[str]:
    yield (
        f"{len(assessment.assumed)} of {len(assessment.beliefs)} uncertain parameters in use rest "
        "on assumption alone (90% ranges):"
    )
    yield from ("", _list(assessment.assumed))
    for what, beliefs in (("Stated as a range", assessment.stated), ("Pinned", assessment.pinned)):
        if beliefs:
            yield from ("", f"{what} by whoever wrote the plan: {_list(beliefs)}")


def _list(beliefs: tuple[Belief, ...]) -> str:
    return "; ".join(f"`{one.name}` {_span(one)} {one.unit}" for one in beliefs) + "."


def _decision() -> Iterator[str]:
    for field in _WORDS["fields"]:
        yield from (f"{field}: {BLANK}", "")
    yield _WORDS["decision"]
