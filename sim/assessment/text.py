"""An assessment for a terminal: a page a manager can read, 100 columns wide."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sim.assessment import convergence
from sim.assessment.assumptions import Belief
from sim.assessment.case import Finding
from sim.assessment.convergence import Verdict
from sim.assessment.rubric import Rubric

if TYPE_CHECKING:
    from sim.assessment.assessment import Assessment

WIDTH = 100
MOST_ROWS = 8  # rows of evidence named before the rest is counted


def text(found: "Assessment") -> str:
    """The whole assessment: overview, questions, window, studies, assumptions, warnings."""
    parts: list[Iterable[str]] = [
        _head(found),
        _overview(found),
        _questions(found),
        _window(found),
        _studies(found),
        _sample(found),
        _assumptions(found),
        _must_not(found),
        _rubric(found.rubric) if not found.rated else [],
        _foot(found),
    ]
    blocks = ["\n".join(lines) for part in parts if (lines := list(part))]
    return "\n\n".join(blocks)


def _wrap(words: str, first: str = "", rest: str | None = None) -> list[str]:
    """Lines of at most 100 columns."""
    indent = " " * len(first) if rest is None else rest
    return textwrap.wrap(
        words, WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    )


def _title(words: str) -> list[str]:
    return [words, "-" * min(len(words), WIDTH)]


def _head(found: "Assessment") -> Iterator[str]:
    plan = found.scenario
    people = sum(group.count for group in plan.groups)
    yield from _wrap(f"{plan.name}: what to know before acting on the study")
    yield from _wrap(f"The plan asks: {plan.question}")
    yield from _wrap(
        f"{people} people, {plan.horizon.weeks} weeks from {plan.horizon.start}, tool "
        f"{plan.tool.profile}; assessed {found.today.isoformat()}"
    )
    counts = ", ".join(f"{count} {status}" for status, count in found.counts.items())
    yield from _wrap(f"Of eight questions: {counts}.")


def _overview(found: "Assessment") -> Iterator[str]:
    for number, one in enumerate(found.findings, 1):
        yield from _wrap(one.question, f"{number}  {one.status:<8}  ")
    yield ""
    yield from _wrap(
        "measured: a range from your own work stands behind it. assumed: a published or a bare "
        "number. unknown: nobody has published it and the plan states nothing."
    )


def _questions(found: "Assessment") -> Iterator[str]:
    for number, one in enumerate(found.findings, 1):
        if number == 1:
            yield from _title("What planners are asked to do")
        if one.asked == "open" and found.findings[number - 2].asked == "do":
            yield from ("", *_title("What the study leaves open"))
        yield from ("", *_question(number, one))


def _question(number: int, one: Finding) -> Iterator[str]:
    yield from _wrap(f"{one.question}  [{one.status}: {one.because}]", f"{number}. ")
    for sentence in one.says:
        yield from _wrap(sentence, "   - ")
    yield from _wrap(f"Next: {one.next}", "   ")
    yield from _wrap(f"Evidence: {_rows(one.evidence)}", "   ")


def _rows(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - MOST_ROWS} more" if len(ids) > MOST_ROWS else ""
    return ", ".join(ids[:MOST_ROWS]) + more if ids else "none"


def _window(found: "Assessment") -> Iterator[str]:
    yield from _title("Inside or outside what the study observed")
    for one in found.window:
        where = "inside" if one.inside else "OUTSIDE"
        yield from _wrap(f"{one.plan}: {one.why}", f"{where:<8}{one.name:<20}")


def _studies(found: "Assessment") -> Iterator[str]:
    yield from _title("Do studies of other tools converge?")
    yield from _wrap(f"Overall: {convergence.overall(found.verdicts)}. {convergence.RULE}")
    for one in found.verdicts:
        yield from ("", *_study(one))


def _study(one: Verdict) -> Iterator[str]:
    yield from _wrap(f"{one.group.what}: {one.verdict} ({one.why})")
    for row in one.rows:
        level = f", {row.level}" if row.level else ""
        yield from _wrap(f"{row.shown()}, grade {row.grade} ({row.source}{level})", "   ", " " * 6)
    yield from _wrap(f"Mind: {one.group.remark}.", "   ")


def _sample(found: "Assessment") -> Iterator[str]:
    if found.sample is None:
        return
    yield from _title("Your work, as lines for the scenario")
    yield from (f"  {line}" for line in found.sample.to_toml().splitlines())
    yield from _wrap("or, where one number is wanted:")
    yield from (f"  {line}" for line in found.sample.to_toml(number=True).splitlines()[1:2])


def _assumptions(found: "Assessment") -> Iterator[str]:
    yield from _title("What is assumption")
    yield from _wrap(
        f"{len(found.assumed)} of the {len(found.beliefs)} uncertain parameters that this plan "
        "uses have no published figure behind them (90% of the belief lies between):"
    )
    yield from _table(found.assumed)
    if found.stated:
        yield from ("", "Stated by you as a range:", *_table(found.stated))
    if found.pinned:
        yield from ("", "Pinned by you, without a range:", *_table(found.pinned))
    if found.unused:
        yield from ("", *_wrap(f"Stated by you and not used by this plan: {_all(found.unused)}."))


def _all(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _table(beliefs: tuple[Belief, ...]) -> Iterator[str]:
    for one in beliefs:
        span = f"{one.central:.4g}" if one.pinned else f"{one.low:.3g} to {one.high:.3g}"
        yield from _wrap(f"{span:<18} {one.unit}", f"  {one.name:<28}", " " * 49)


def _must_not(found: "Assessment") -> Iterator[str]:
    yield from _title("What must not be concluded")
    for one in found.must_not:
        yield from _wrap(f"{one.what} {one.why}", "- ")


def _rubric(rubric: Rubric) -> Iterator[str]:
    yield from _title("Rating a level of expertise in one kind of work")
    for number, step in enumerate(rubric.method, 1):
        yield from _wrap(step, f"{number}. ")
    for steps in rubric.signals.values():
        yield from ("", steps[0])
        for level, step in enumerate(steps[1:], 1):
            yield from _wrap(step, f"  {level}  ")
    yield from ("", *_wrap(rubric.note))


def _foot(found: "Assessment") -> Iterator[str]:
    p = found.provenance
    for note in found.scenario.notes:
        yield from _wrap(note, "- ")
    yield from _wrap(
        "Not legal advice; the EU AI Act and employment law may apply. Plans for teams, and says "
        "nothing about any one person."
    )
    yield from _wrap(
        f"tiercurve {p['version']}, curves {p['curves']}, scenario {p['scenario_sha256'][:12]}, "
        f"evidence {p['evidence_sha256'][:12]}"
    )
