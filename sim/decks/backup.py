"""The slides behind the answer: each number, the method, the register, how to make it again."""

import math
import re
import shlex
from functools import partial

from sim.analysis import paired
from sim.caveats import once
from sim.decks.answer import odds
from sim.decks.claims import weeks_quoted
from sim.decks.content import Chart, Given, Line, Picture, Series, Slide, Table
from sim.decks.drivers import variance
from sim.decks.lines import extra_costs, interval, is_tied, sentences
from sim.decks.plan import OF_PYTHON
from sim.experiments.findings import EXTRA
from sim.experiments.leading import OF_BACKLOG
from sim.parameters import world_parameters
from sim.records.claims import name
from sim.records.factors import factor as words_of
from sim.records.words import capital, weeks
from sim.records.words import label as label_of

PARAMETER = re.compile(r"\bworld\.\w+")  # what a plan states itself, in a caveat
REGISTER_ROWS = 12  # of the register on a slide
SOURCES = 2  # rows of evidence named


def slides(analyses):
    """The slides of the backup in order, those not asked for left out."""
    each = (_divider, odds, _difference, _break_even, variance, _queues, _caveats, _reproduce)
    drawn = (draw(analyses) for draw in each)
    return [*filter(None, drawn), *_register(analyses)]


def _divider(analyses):
    body = "Every difference, what it rests on, and how anyone can make these numbers again."
    return Slide("backup", ("Backup",), ((body,),))


def _difference(analyses):
    """Charts of the difference in what leads and, besides, in work delivered.

    Of a backlog the extra cost stands beside what leads.
    """
    comparison, claims = analyses.comparison, analyses.claims
    reference = comparison.reference
    extra = [name(EXTRA, "difference", label) for label in comparison.plans]
    by_when = comparison.metric in OF_BACKLOG and all(id_ in claims for id_ in extra)
    charts: list[Chart] = []
    first: Line
    for metric in dict.fromkeys((comparison.metric, EXTRA if by_when else "work_delivered")):
        drawn = tuple(claims[name(metric, "difference", label)] for label in comparison.plans)
        what = label_of(metric)
        title = f"{what.capitalize()} against {reference}, {interval(comparison, metric)}"
        unit = "percentage points" if drawn[0].unit == "share" else drawn[0].unit
        axis = f"Difference in {what} [{unit}]"
        charts.append(Chart("columns", title, axis, comparison.plans, (Series(what, drawn),)))
    if by_when:
        changed = f"What each plan changes and costs more than {reference}, with 95% intervals."
        first, body = (Given(changed),), extra_costs(analyses)
    else:
        prices = sentences(analyses, [name("price", "pays_from", p) for p in comparison.plans])
        ids = [name("work_delivered", "percent", label) for label in comparison.plans]
        # Of work that may be none there is no share: its difference then is in hours.
        hours = [name("work_delivered", "difference", label) for label in comparison.plans]
        gains = sentences(analyses, ids)
        tied = is_tied(comparison, comparison.plans[0], comparison.metric)
        told = [*gains, *prices] if tied else [*prices[:1], *gains, *prices[1:]]
        first, *body = told or sentences(analyses, hours)
    return Slide("difference", first, tuple(body), charts=tuple(charts))


def _break_even(analyses):
    """When each plan has caught up with the reference."""
    comparison, claims = analyses.comparison, analyses.claims
    if "break_even" not in analyses.plan.stated.analyses or comparison.metric in OF_BACKLOG:
        return None  # of a backlog all are done in the end, so nobody stays ahead
    flow, plans, ends = comparison.flow, comparison.plans, weeks_quoted(comparison)
    series = tuple(
        Series(label, tuple(claims[name(flow, "so_far", label, str(week))] for week in ends))
        for label in plans
    )
    title = f"{capital(label_of(flow))} so far against {comparison.reference}, "
    axis = f"Difference so far [{comparison.units[flow]}]"
    title += interval(comparison, flow)
    chart = Chart("lines", title, axis, tuple(ends), series, "Time [weeks]")
    each = [(one, label) for one in dict.fromkeys((flow, "work_delivered")) for label in plans]
    judged = paired.last_judged(comparison.weeks)
    late = [(one, label) for one, label in each if _is_late(claims, one, label, judged)]
    ids = [name(one, "break_even", label) for one, label in each if (one, label) not in late]
    told = sentences(analyses, ids)
    if late and not told:
        told = sentences(analyses, [name(flow, "difference", label) for label in plans])
    none: list[Line] = [(f"No plan differs from {comparison.reference}.",)]
    first, *body = told or none
    body += [_too_late(comparison, *one, judged) for one in late]
    return Slide("break-even", first, tuple(body), charts=(chart,))


def _is_late(claims, flow, label, judged):
    """Whether a plan is ahead for good in half of the worlds only in weeks that cannot tell it."""
    claim = claims.get(name(flow, "break_even", label))
    return claim is not None and judged < claim.value < math.inf


def _too_late(comparison, flow, label, judged):
    """What can be said of such a plan."""
    what = f"{label} is not ahead of {comparison.reference} in {label_of(flow)}"
    until = f"for good by week {judged} in half of the worlds"
    later = f"whether it is later cannot be told within {weeks(comparison.weeks)}"
    return (Given(f"{capital(what)} {until}; {later}."),)


def _queues(analyses):
    """What waits for review with the reference, and where its work has an end for work, by week."""
    from sim.figures import queues  # late: Matplotlib is slow to import

    reference = analyses.comparison.reference
    result = analyses.comparison.results[reference]
    if result.scenario.policy.review == "none":
        return None
    waits = sentences(analyses, [name("review_wait_mean", "mean", reference)])
    body = f"Tasks that wait at the end of each week with {reference}."
    words = (
        "A line over the weeks: tasks that wait for review, on average, within shades where 50, 80 "
        "and 95 of 100 simulated worlds fall. Beside it, where there is more to tell, layers: who "
        "may review them, and what waits to be worked on."
    )
    picture = Picture(partial(result.plot, "queues"), words)
    title = (Given(f"{queues.finding(result, reference)}."),)
    return Slide("queues", title, ((Given(body),), *waits), picture=picture)


def _caveats(analyses):
    """What belongs to every use of these numbers."""
    told = (PARAMETER.sub(lambda key: words_of(key[0]), line) for line in once(analyses.caveats))
    lines = tuple((Given(capital(line)),) for line in told)
    return Slide("caveats", ("What belongs to every use of these numbers.",), lines)


def _reproduce(analyses):
    """How to make the numbers again, and hold this file against them."""
    comparison, plan = analyses.comparison, analyses.plan
    p = comparison.results[comparison.reference].provenance
    commit = f", commit {p['git']}" if p["git"] else ""
    plans = (
        f"{label}: scenario {result.scenario.name}, sha256 "
        f"{result.provenance['scenario_sha256'][:12]}."
        for label, result in comparison.results.items()
    )
    stated = (
        f"Design: {p['draws']} draws × {p['luck']} luck, seed {p['seed']}; Tiercurve "
        f"{p['version']}{commit}, Python {p['python']}.",
        f"Rests on curves {p['curves']} and evidence {p['evidence_sha256'][:12]}.",
        *plans,
        f"To cite: {comparison.cite().splitlines()[0]}",
    )
    body = (
        _remake(plan.name),
        ("tiercurve check FILE", " holds each number in it against the record it carries."),
        *((Given(line),) for line in stated),
    )
    title = "Anyone can make these numbers again, and check this file."
    return Slide("reproduce", (title,), body)


def _remake(name):
    """The line that makes the deck again, as it is typed; a plan of Python has no file."""
    if name == OF_PYTHON:
        return ("sim.deck(plan), in Python, makes this deck again from the plan it was made of;",)
    words = shlex.join(["tiercurve", "deck", name, "-o", f"{name}-again.pptx"])
    return (Given(words), ", where its plan lies, makes this deck again;")


def _register(analyses):
    """The assumption register: what matters most on a slide, the others hidden behind it."""
    known, decision = world_parameters(), analyses.decision
    worth = dict(decision.measure_first["value"]) if decision is not None else {}
    order = sorted(known, key=lambda key: (-worth.get(key, 0.0), not known[key].assumed))
    rows = [_row(analyses, key, known[key]) for key in order]
    parts = [rows[start : start + REGISTER_ROWS] for start in range(0, len(rows), REGISTER_ROWS)]
    header = (("Number",), (Given("Middle (5 to 95%)"),), ("Unit",), ("Source",), ("Key",))
    first = (
        f"Of {len(rows)} numbers that are not known these matter most here; the others follow, to "
        "be looked up."
    )
    for place, part in enumerate(parts, 1):
        title = f"Assumption register, {place} of {len(parts)}: what is not known, and where the "
        title = first if place == 1 else f"{title}ranges come from."
        table = Table(header, tuple(part), (1.8, 1.1, 1.2, 1.6, 1.5))
        yield Slide("register", (Given(title),), (), table, hidden=place > 1)


def _row(analyses, key, parameter):
    plan = analyses.comparison.results[analyses.comparison.reference].scenario
    belief = plan.world.get(key, parameter.distribution)
    low, high = belief.quantile(0.05), belief.quantile(0.95)
    middle = belief.central if key in plan.world else parameter.central
    ends = ", one value" if low == high else f" ({low:.3g} to {high:.3g})"
    numbers = f"{middle:.3g}{ends}".replace("-", "−")
    texts = (capital(words_of(key)), numbers, parameter.unit, _source(plan, key, parameter), key)
    return tuple((Given(words),) for words in texts)


def _source(plan, key, parameter):
    """Where a range comes from: the plan, an assumption, or rows of evidence."""
    if key in plan.pinned:
        return "pinned by you"
    if key in plan.world:
        return "stated by the plan or its tool"
    if parameter.assumed:
        return "assumption"
    named, more = parameter.evidence[:SOURCES], len(parameter.evidence) - SOURCES
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")
