"""One page of Markdown for an AI impact assessment, with fields for people to fill in."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.assessment import convergence, evidence
from sim.assessment.assumptions import Belief
from sim.assessment.composition import level_counts, people_at
from sim.assessment.window import version_of
from sim.ledger import Evidence

if TYPE_CHECKING:
    from sim.assessment.assessment import Assessment

BLANK = "____________________"


def record(found: "Assessment") -> str:
    """The page: what was looked at, on which evidence, its limits, and who decides."""
    lines = [
        f"# Record for an AI impact assessment: {_cell(found.scenario.name)}",
        "",
        *_about(found),
        *_section("What is known for this team", _findings(found)),
        *_section("Evidence used", _evidence(found)),
        *_section("Known limits", _limits(found)),
        *_section("What is assumed", _assumed(found)),
        *_section("What must not be concluded", (f"- {one.what}" for one in found.must_not)),
        *_section("Human decision", _decision()),
    ]
    return "\n".join(lines) + "\n"


def _section(title: str, lines: Iterator[str]) -> list[str]:
    return ["", f"## {title}", "", *lines]


def _cell(words: str) -> str:
    """Text that stays in its cell or line of Markdown."""
    plain = " ".join(words.split()).replace("|", "\\|")
    return plain.replace("<", "&lt;").replace(">", "&gt;")


def _about(found: "Assessment") -> Iterator[str]:
    plan, p, tool = found.scenario, found.provenance, found.scenario.tool
    code = f", commit {p['git']}" if p["git"] else ""
    described = f"{tool.profile} ({tool.kind}), {tool.description}"
    rows = {
        "Date": found.today.isoformat(),
        "Purpose": plan.question,
        "System assessed": described + (f"; as of {version_of(plan)}" if tool.date else ""),
        "Assessed with": f"Tiercurve {p['version']}{code}",
        "Plan": f"{plan.horizon.weeks} weeks from {plan.horizon.start}",
        "People": _people(found),
        "Scenario, sha256": p["scenario_sha256"],
        "Evidence and register, sha256": p["evidence_sha256"],
    }
    yield from ("| | |", "|---|---|")
    yield from (f"| {name} | {_cell(str(value))} |" for name, value in rows.items())


def _people(found: "Assessment") -> str:
    counts = {level: n for level, n in level_counts(found.scenario).items() if n}
    parts = ", ".join(f"{n} {people_at(level)}" for level, n in counts.items()) or "none"
    how = "rated with the rubric" if found.rated else "levels assumed"
    return f"{parts} ({how}; counts, never names)"


def _findings(found: "Assessment") -> Iterator[str]:
    yield from ("| question | status | why |", "|---|---|---|")
    for one in found.findings:
        yield f"| {_cell(one.question)} | {one.status} | {_cell(one.because)} |"
    sample = found.sample
    if sample:
        low, high = f"{sample.share.low:.1%}", f"{sample.share.high:.1%}"
        yield ""
        yield (
            f"Work sample {_cell(sample.name)}: {sample.share.n:,} tickets, advanced work "
            f"{sample.share.value:.1%} (95% interval {low} to {high})."
        )


def _evidence(found: "Assessment") -> Iterator[str]:
    rows = [evidence.ledger()[id_] for id_ in found.evidence]
    study = [row for row in rows if row.of_the_study]
    others = [row for row in rows if not row.of_the_study]
    yield f"- Central study ({len(study)} rows: {_grades(study)}): {study[0].source}."
    sources = dict.fromkeys(row.source for row in others)
    each = (
        f"{source} ({_grades([row for row in others if row.source == source])})"
        for source in sources
    )
    yield f"- {len(others)} rows of {len(sources)} other sources: {_cell('; '.join(each))}."
    yield ""
    yield (
        "Grades: P primary text, T primary table, F primary figure, S secondary, M computed here, "
        "R recalled. `tiercurve assess --json` names every row."
    )


def _grades(rows: list[Evidence]) -> str:
    found = [row.grade for row in rows]
    return ", ".join(f"{found.count(g)} {g}" for g in "PTFSMR" if g in found)


def _limits(found: "Assessment") -> Iterator[str]:
    for one in found.window:
        if not one.inside:
            yield f"- Outside the study: {one.name}, {_cell(one.plan)}: {_cell(one.why)}."
    yield f"- Studies of other tools: {convergence.overall(found.verdicts)}."
    yield from (f"- {_cell(note)}" for note in found.scenario.notes)


def _assumed(found: "Assessment") -> Iterator[str]:
    yield (
        f"{len(found.assumed)} of {len(found.beliefs)} uncertain parameters in use rest on "
        "assumption alone (90% ranges):"
    )
    yield ""
    yield _list(found.assumed)
    for what, beliefs in (("Stated as a range", found.stated), ("Pinned", found.pinned)):
        if beliefs:
            yield from ("", f"{what} by whoever wrote the plan: {_list(beliefs)}")


def _list(beliefs: tuple[Belief, ...]) -> str:
    return "; ".join(map(_belief, beliefs)) + "."


def _belief(one: Belief) -> str:
    span = f"{one.central:.4g}" if one.pinned else f"{one.low:.3g} to {one.high:.3g}"
    return f"`{one.name}` {span} {one.unit}"


def _decision() -> Iterator[str]:
    for field in (
        "Decision",
        "Reasons, and what else it rests on",
        "People concerned were heard: how, when",
        "Decided by, when",
        "Classification reviewed: by whom, when",
        "To be looked at again on",
    ):
        yield from (f"{field}: {BLANK}", "")
    yield (
        "The EU AI Act and employment law may apply; so may rules on data protection and "
        "co-determination. This page is not legal advice, says nothing about any one person, and "
        "is no sole basis for a decision about people's work."
    )
