"""The slide of the context of use: what a deck is for, whom it concerns, how far to trust it."""

from sim.caveats import ACT_DATE, ALWAYS, OTHER_TERMS
from sim.decks.content import Given, Line, Slide, Table
from sim.decks.lines import sentences
from sim.engine import posterior, setup
from sim.experiments.decide import sentences as decided
from sim.parameters import world_parameters
from sim.records.claims import name

TITLE = "One vendor, one tool, one window: not a basis for workforce change on its own."
WIDTHS = (1.0, 4.6)
MOST_CHANGES = 2  # numbers named that would change the choice
_UNCERTAIN = (
    "What the slide of what to measure names: knowing it may change the choice; from which value "
    "on is not known."
)
LEGAL = (
    "Such figures in decisions about people's work may fall under employment law, and from "
    f"{ACT_DATE} under the duties of the EU AI Act for employment: consult those who know "
    "them, and those concerned, first."
)
LIMITS = (
    "It says nothing of any one person, of work after these weeks, nor of what the plans leave "
    "out: what a customer wants, what else the money would buy."
)


def context(analyses):
    """The slide of what the deck is for, whom it concerns, what it cannot say, what changes it."""
    comparison = analyses.comparison
    team = comparison.results[comparison.reference].scenario
    people = f"The {team.headcount} people of {comparison.reference}, and whoever a plan adds."
    rows: list[tuple[Line, ...]] = [
        (("For",), (Given(f"Choosing one of these plans: {', '.join(comparison.results)}."),)),
        (("Concerns",), (Given(people),)),
        (("Rests on",), (Given(_grounds(team)),)),
        (("Cannot say",), (LIMITS,)),
        *((("Would change it",), line) for line in _changes(analyses)),
        *((("Mind",), (Given(caveat),)) for caveat in _warnings(analyses)),
        (("Before acting",), (Given(LEGAL),)),
    ]
    header: tuple[Line, ...] = (("Context of use",), ("",))
    return Slide("context", (TITLE,), (), Table(header, tuple(rows), WIDTHS))


def _grounds(plan):
    """On what the numbers of a plan rest, with how many of them are assumptions."""
    if setup.tier_curves(plan).record:
        return (
            "The team's own record; where that is silent, one vendor's study of its own tool, "
            "field studies of how people work, and assumptions with wide ranges."
        )
    return (
        "One vendor's study of its own tool, field studies of how people work, and wide ranges: "
        f"{len(posterior.assumed())} of {len(world_parameters())} numbers rest on assumption alone."
    )


def _warnings(analyses):
    """Caveats without which these numbers must not be shown."""
    kinds = (*ALWAYS, *OTHER_TERMS)
    return [line for line in analyses.caveats if getattr(line, "kind", None) in kinds]


def _changes(analyses) -> list[Line]:
    """What would change the choice: lines, none where nothing was decided."""
    decision = analyses.decision
    if decision is None or len(decision.choices) < 2:
        return []
    if decided.is_unsettled(decision):
        return [(Given(f"{decided.MORE.capitalize()}: which plan leads."),)]
    if decided.is_noisy(decision):
        return [("Too close to call: small changes may turn the order, more worlds may tell.",)]
    ids = [name(decision.metric, "flips", row) for row in decision.flips["parameter"]]
    lines = sentences(analyses, dict.fromkeys(ids))[:MOST_CHANGES]
    if not lines and len(decided.worth_measuring(decision)):
        return [(_UNCERTAIN,)]
    return lines or [("No single number, anywhere in its range, is known to change the choice.",)]
