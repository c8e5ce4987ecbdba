"""The impact note: one page on a plan for works councils and impact assessments.

Its words are in `questions.toml`; of the law it says what is known, its source and its date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from sim.assessment.levels import level_counts, people_at
from sim.assessment.other_studies import TEXTS, ledger
from sim.caveats import ACT_DATE
from sim.engine import setup
from sim.experiments import development, run
from sim.experiments.pairing import who
from sim.report import one_line
from sim.scenario import persons

if TYPE_CHECKING:
    from sim.assessment.assessment import Assessment

BLANK = "____________________"
MOST_LIMITS = 4  # sides outside the study that are named
_WORDS = TEXTS["note"]
_MARKS = re.compile(r"([\\`*_\[\]#])")
STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 48rem; margin: 1.5rem auto;
  padding: 0 1.2rem; overflow-wrap: break-word; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.05rem; margin: 1rem 0 .2rem; }
p { margin: .3rem 0; } ul { margin: .2rem 0; padding-left: 1.3rem; }
@page { margin: 14mm 16mm; }
@media print {
  body { font-size: 10.5px; line-height: 1.35; max-width: none; margin: 0; padding: 0; }
  h1 { font-size: 17px; margin: 0 0 4px; } h2 { font-size: 12px; margin: 7px 0 1px; }
  p { margin: 2px 0; } ul { margin: 0; }
}
"""


@dataclass(frozen=True)
class Section:
    """A part of the note: its title, a list of sentences, and `fields` that are left blank."""

    title: str
    lines: tuple[str, ...]
    fields: tuple[str, ...] = ()


def _sections(assessment: "Assessment") -> list[Section]:
    """The parts of the note, in their order."""
    fields = tuple(field.format(date=ACT_DATE) for field in _WORDS["fields"])
    return [
        Section("Purpose", (f"The plan asks: {assessment.scenario.question}", _WORDS["purpose"])),
        Section("Who is affected", tuple(_people(assessment))),
        Section("What data", tuple(_data(assessment))),
        Section("Measured, assumed, unknown", tuple(_known(assessment))),
        Section("What it must not be used for", tuple(_uses(assessment))),
        Section("The law", (_WORDS["act"].format(date=ACT_DATE), _WORDS["near"], _WORDS["other"])),
        Section("Before acting", tuple(_before(assessment))),
        Section("To be filled in", (), fields),
    ]


def _people(assessment: "Assessment") -> Iterator[str]:
    plan = assessment.scenario
    counts = level_counts(plan).items()
    parts = ", ".join(f"{n} {people_at(level)}" for level, n in counts if n) or "nobody"
    basis = "rated with the rubric" if assessment.rated else "assumed, not rated"
    yield f"{who(plan)}. Levels ({basis}): {parts}."
    seats = plan.training.seats
    if seats:
        yield f"{seats} of them {'takes' if seats == 1 else 'take'} part in a training."
    yield _WORDS["counts"]
    sizes = [row.count for rows in (plan.groups, plan.joiners, plan.leavers) for row in rows]
    alone = sizes.count(1)
    if alone:
        yield _WORDS["alone"].format(n=alone)
    yield from (f"Warning: {line}" for line in persons.of_plan(plan))


def _data(assessment: "Assessment") -> Iterator[str]:
    own = list(_own_data(assessment))
    yield from own or [_WORDS["no_data"]]
    rows = [ledger()[id_] for id_ in assessment.evidence]
    yield _WORDS["published"].format(
        n=len(rows),
        sources=len({row.source for row in rows}),
        assumed=run.assumed_words(),
        here=len(assessment.assumed),
        used=len(assessment.beliefs),
    )


def _own_data(assessment: "Assessment") -> Iterator[str]:
    """What of the team's own the plan rests on."""
    sample = assessment.sample
    if sample:
        hours = ", some with hours" if sample.sizes else ""
        yield _WORDS["sample"].format(n=sample.share.n, hours=hours)
    if setup.tier_curves(assessment.scenario).record:
        yield _WORDS["record"]
    for key, beliefs in (("stated", assessment.stated), ("pinned", assessment.pinned)):
        if beliefs:
            yield _WORDS[key].format(n=len(beliefs))


def _known(assessment: "Assessment") -> Iterator[str]:
    for status in assessment.counts:
        asked = [one.question for one in assessment.findings if one.status == status]
        yield f"{status.capitalize()}: {' '.join(asked) or 'nothing.'}"
    outside = [one.name for one in assessment.window if not one.inside]
    if outside:
        more = len(outside) - MOST_LIMITS
        rest = f" and {more} more" if more > 0 else ""
        yield f"Outside what the study observed: {', '.join(outside[:MOST_LIMITS])}{rest}."


def _uses(assessment: "Assessment") -> Iterator[str]:
    yield _WORDS["uses"]
    yield _WORDS["not"].format(what=" ".join(one.what for one in assessment.must_not_conclude))


def _before(assessment: "Assessment") -> Iterator[str]:
    open_ = next((one.next for one in assessment.findings if one.status != "measured"), "")
    first = development.unknown(assessment.scenario, key=False) or open_
    yield from (line.format(first=first).strip() for line in _WORDS["before"])


def _about(assessment: "Assessment") -> tuple[str, str]:
    """Title, and the line that says what was looked at, when and with what."""
    plan, p = assessment.scenario, assessment.provenance
    tool = plan.main_tool
    return f"Impact note on the plan “{plan.name}”", (
        f"{assessment.today.isoformat()}; {plan.horizon.weeks} weeks from {plan.horizon.start}; "
        f"tool {tool.profile} ({tool.kind}); assessed with Tiercurve {p['version']}, "
        f"scenario {p['scenario_sha256'][:12]}, evidence {p['evidence_sha256'][:12]}."
    )


# ---- writers -----------------------------------------------------------------------------------


def to_markdown(assessment: "Assessment") -> str:
    """The note in Markdown; words of the plan stay words."""
    title, about = _about(assessment)
    lines = [f"# {_plain(title)}", "", _plain(about), "", _WORDS["lead"]]
    for section in _sections(assessment):
        lines += ["", f"## {section.title}", "", *(f"- {_plain(one)}" for one in section.lines)]
        lines += [f"- {_plain(field)}: {BLANK}" for field in section.fields]
    return "\n".join(lines) + "\n"


def _plain(words: str) -> str:
    return _MARKS.sub(r"\\\1", one_line(words))


def to_html(assessment: "Assessment") -> str:
    """The note as a page that needs nothing else, light or dark, for a screen or one sheet."""
    title, about = map(escape, _about(assessment))
    parts = [f"<h1>{title}</h1>", f"<p>{about}</p>", f"<p>{escape(_WORDS['lead'])}</p>"]
    for section in _sections(assessment):
        items = [escape(one) for one in section.lines]
        items += [f"{escape(field)}: {BLANK}" for field in section.fields]
        lines = "\n".join(f"<li>{item}</li>" for item in items)
        parts.append(f"<h2>{section.title}</h2>\n<ul>\n{lines}\n</ul>")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


WRITERS = {"md": to_markdown, "html": to_html}
