"""The slides that say what an answer rests on: assumptions, caveats, how to make it again."""

from sim.decks.content import Given, Slide, Table
from sim.decks.story import foot
from sim.parameters import world_parameters

ROWS = 12  # of the register on a slide
SOURCES = 2  # rows of evidence named
LEGAL = (
    "Using such figures in decisions about people's work may fall under employment law and the EU "
    "AI Act: consult those who know them, and those concerned, first."
)


def slides(brief):
    """Caveats, how to reproduce, then the register as an appendix."""
    return [caveats(brief), reproduce(brief), *register(brief)]


def caveats(brief):
    """What belongs to every use of these numbers."""
    lines = [(Given(line),) for line in brief.caveats]
    title = ("One vendor, one tool, one window: not a basis for workforce change on its own.",)
    return Slide("caveats", title, (*lines, (Given(LEGAL),)), foot=foot(brief))


def reproduce(brief):
    """How to make the numbers again, and hold this file against them."""
    found, plan = brief.comparison, brief.plan
    p = found.results[found.reference].provenance
    body = [
        (Given(f"tiercurve deck {plan.name} -o plan.pptx"), " makes this deck again;"),
        ("tiercurve check FILE", " holds each number in it against the record it carries."),
        (Given(f"Design: {p['draws']} draws × {p['luck']} luck, seed {p['seed']}; Tiercurve "
               f"{p['version']}{_commit(p)}, Python {p['python']}."),),
        (Given(f"Rests on curves {p['curves']} and evidence {p['evidence_sha256'][:12]}."),),
    ]  # fmt: skip
    body += [
        (Given(f"{label}: scenario {result.scenario.name}, sha256 "
               f"{result.provenance['scenario_sha256'][:12]}."),)
        for label, result in found.results.items()
    ]  # fmt: skip
    body.append((Given(f"To cite: {found.cite().splitlines()[0]}"),))
    title = ("Anyone can make these numbers again, and check this file.",)
    return Slide("reproduce", title, tuple(body), foot=foot(brief))


def _commit(p):
    return f", commit {p['git']}" if p["git"] else ""


def register(brief):
    """The assumption register, on as many slides as it needs; what matters most first."""
    rows = [_row(brief, name, parameter) for name, parameter in _ordered(brief)]
    parts = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    header = (("Number",), (Given("Middle (5 to 95%)"),), ("Unit",), ("Source",))
    made = []
    for place, part in enumerate(parts, 1):
        of = f"Assumption register, {place} of {len(parts)}: what is not known, and where the "
        table = Table(header, tuple(part), (1.5, 1.2, 1.4, 2.4))
        made.append(
            Slide("register", (Given(f"{of}ranges come from."),), (), table, foot=foot(brief))
        )
    return made


def _ordered(brief):
    """Uncertain parameters: those worth knowing first, then assumptions, then the rest."""
    known = world_parameters()
    found = brief.decision
    worth = dict(found.measure_first["value"]) if found is not None else {}
    return sorted(known.items(), key=lambda row: (-worth.get(row[0], 0.0), not row[1].assumed))


def _row(brief, name, parameter):
    plan = brief.comparison.results[brief.comparison.reference].scenario
    belief = plan.world.get(name, parameter.distribution)
    low, high = belief.quantile(0.05), belief.quantile(0.95)
    own = name in plan.world
    middle = belief.central if own else parameter.central
    numbers = f"{middle:.3g} ({low:.3g} to {high:.3g})".replace("-", "−")
    if low == high:
        numbers = f"{middle:.3g}, one value".replace("-", "−")
    texts = (name, numbers, parameter.unit, _source(plan, name, parameter))
    return tuple((Given(words),) for words in texts)


def _source(plan, name, parameter):
    """Where a range comes from: the plan, an assumption, or rows of evidence."""
    if name in plan.pinned:
        return "pinned by you"
    if name in plan.world:
        return "stated by the plan or its tool"
    if parameter.assumed:
        return "assumption"
    named, more = parameter.evidence[:SOURCES], len(parameter.evidence) - SOURCES
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")
