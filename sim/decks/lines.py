"""Lines that slides share: sentences of claims, costs, and what is needed to trace a slide."""

import math

from sim.decks.content import Given, Line, Quote
from sim.engine import metrics
from sim.experiments.decide import sentences as decided
from sim.experiments.decide.trade import FINISH
from sim.experiments.findings import EXTRA, includes_zero
from sim.records import provenance
from sim.records.claims import name
from sim.records.words import capital, weeks


def foot(comparison, record=None, label=None):
    """The line that is needed to trace a slide."""
    first = comparison.results[comparison.reference].provenance
    return provenance.trace(record or first, label or " vs ".join(comparison.results))


def sentence(claim) -> Line:
    """The line of a claim's sentence."""
    return (Quote(claim, "sentence"),)


def sentences(analyses, ids) -> list[Line]:
    """The lines of those claims that there are."""
    return [sentence(analyses.claims[id_]) for id_ in ids if id_ in analyses.claims]


def is_exact(claim):
    """Whether a number is the same in every world, so that it has no range."""
    ends = (claim.low, claim.high)
    return all(math.isclose(claim.value, end, rel_tol=1e-9) for end in ends)


def short(claim):
    """A claim as it stands in a table: with its interval, or alone where it has no range."""
    return Quote(claim, "value" if is_exact(claim) else "short")


def extra_costs(analyses) -> list[Line]:
    """What each plan costs more than the first, a line each."""
    comparison = analyses.comparison
    lines: list[Line] = []
    for label in comparison.plans:
        claim = analyses.claims.get(name(EXTRA, "difference", label))
        if claim is None:
            continue
        if not is_exact(claim):
            lines.append(sentence(claim))
            continue
        span = f" {claim.unit} over {comparison.reference} in {weeks(comparison.weeks)}"
        first, cost = Given(f"{capital(label)}: extra cost "), Quote(claim, "value")
        lines.append((first, cost, Given(span), "."))
    return lines


def worth_of_a_unit(analyses) -> list[Line]:
    """From what worth of a unit a dearer plan is best, a line; none without money."""
    trade = analyses.decision.trade if analyses.decision else None
    if trade is None:
        return []
    ids = [name(analyses.comparison.metric, "worth", label) for label in trade.labels]
    told = f"{trade.headline()}."
    lines = sentences(analyses, ids) or [(Given(told[0].upper() + told[1:]),)]
    if trade.unit.metric == FINISH:  # the table of the plans counts to the deadline
        end = analyses.plan.reference.horizon.weeks
        lines.append((Given(f"Weeks earlier are counted here to week {end}, past the deadline."),))
    return lines


def beyond_budget(analyses) -> list[Line]:
    """Which plans a budget leaves out, a line; none where it leaves out none."""
    told = decided.beyond(analyses.decision) if analyses.decision else ""
    return [(Given(told),)] if told else []


def marked(analyses, label):
    """A plan's label, marked where the budget leaves it out."""
    decision = analyses.decision
    out = decision is not None and label not in decision.choices
    return f"{label} (beyond budget)" if out else label


def interval(comparison, metric):
    """What the interval of a difference is, in words; of a chance it is an error of the worlds."""
    if metrics.BY_NAME[metric].event:
        return f"95% interval, the error of {worlds(comparison):,} worlds"
    return comparison.interval.rstrip(",")


def worlds(comparison):
    """How many worlds of each plan are simulated."""
    return comparison.design["draws"] * comparison.design["luck"]


def is_tied(comparison, label, metric):
    """Whether the difference of a plan, as it is told, may be none."""
    return includes_zero(comparison.row(label, metric))
