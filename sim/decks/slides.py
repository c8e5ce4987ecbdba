"""From the analyses of a deck to its slides; nothing is estimated here.

First the slides that answer, then those that say what the answer rests on.
"""

import re
import shlex
from dataclasses import replace

from sim.decks.claims import weeks_quoted
from sim.decks.content import Chart, Given, Line, Picture, Quote, Series, Slide, Table, text
from sim.decks.plan import OF_PYTHON
from sim.engine import metrics
from sim.experiments import development
from sim.experiments.decide.sentences import unit_told
from sim.experiments.findings import EXTRA, GIVEN_UP
from sim.experiments.leading import OF_BACKLOG
from sim.experiments.sensitivity.factors import OTHERS
from sim.parameters import register, world_parameters
from sim.records import provenance
from sim.records.claims import name
from sim.records.factors import factor as words_of
from sim.records.words import DIRECTIONS, by_when, capital, is_noise, weeks
from sim.records.words import label as label_of
from sim.studies import mixes

ROWS = metrics.listed("slide")
MOST_FACTORS, MOST_NUMBERS, SENTENCES = 10, 6, 3
PARAMETER = re.compile(r"\bworld\.\w+")  # what a plan states itself, in a caveat
REGISTER_ROWS = 12  # of the register on a slide
SOURCES = 2  # rows of evidence named
LEGAL = (
    "Using such figures in decisions about people's work may fall under employment law and the EU "
    "AI Act: consult those who know them, and those concerned, first."
)


def slides(analyses):
    """The slides of Analyses in order, those not asked for left out, each with its foot."""
    each = (
        _opening, _question, _answer, _odds, _comparison, _difference, _composition, _break_even,
        _sensitivity, _decision, _caveats, _reproduce,
    )  # fmt: skip
    drawn = [slide for draw in each if (slide := draw(analyses)) is not None]
    foot = _foot(analyses.comparison)
    return [replace(slide, foot=slide.foot or foot) for slide in (*drawn, *_register(analyses))]


def _foot(comparison, record=None, label=None):
    """The line that is needed to trace a slide."""
    first = comparison.results[comparison.reference].provenance
    return provenance.footnote(record or first, label or " vs ".join(comparison.results))


def _sentence(claim) -> Line:
    """The line of a claim's sentence."""
    return (Quote(claim, "sentence"),)


def _sentences(analyses, ids) -> list[Line]:
    """The lines of those claims that there are."""
    return [_sentence(analyses.claims[id_]) for id_ in ids if id_ in analyses.claims]


# ---- the question and its answer -----------------------------------------------------------------


def _opening(analyses):
    """Title, question, and what it rests on."""
    stated = analyses.plan.stated
    caution = (
        "A simulation of a team, not a judgement of anybody in it. Not a basis for workforce "
        "change on its own."
    )
    plans = Given(", ".join(analyses.comparison.results))
    body = ((Given(stated.question),), ("Plans: ", plans), (Given(caution),))
    return Slide("title", (Given(stated.title),), body)


def _question(analyses):
    """What was asked, of which plans, over how long."""
    comparison = analyses.comparison
    label, p = comparison.reference, comparison.design
    reference = comparison.results[label].scenario
    people = f"{label}: {reference.headcount} people, {weeks(comparison.weeks)} from "
    start = Given(reference.horizon.start)
    body: list[Line] = [(Given(people), start, ". It is what the other plans are set against.")]
    for label in comparison.plans:
        changes = "; ".join(comparison.changes[label])
        body.append((Given(f"{label}: {changes or 'no lever differs'}."),))
    body.append(
        (
            Given(f"{p['draws'] * p['luck']:,} simulated worlds a plan: {p['draws']} draws"),
            " of what is not known, ", Given(f"{p['luck']} times"), " the luck of each. All plans "
            "meet the same tasks with the same luck, so they differ only by what was changed.",
        )
    )  # fmt: skip
    body.append((_meaning(comparison),))
    if asked := development.unknown(reference, key=False):
        body.append((Given(asked),))
    return Slide("question", (Given(analyses.plan.stated.question),), tuple(body))


def _meaning(comparison):
    if comparison.metric == "work_delivered":
        return "What decides is work delivered, in hours an expert would need by hand [expert-h]."
    if comparison.metric == "done_by":
        when = by_when(comparison.results[comparison.reference].scenario)
        return Given(f"What decides is the chance that the backlog is done {when}.")
    if comparison.metric != "net_value":
        return Given(f"What decides is {label_of(comparison.metric)}.")
    price = comparison.results[comparison.reference].scenario.money.price_per_expert_hour
    unit = comparison.units["net_value"]
    return Given(
        f"What decides is net value: work delivered at {price:g} {unit} an expert-hour, less all "
        "pay, tools, training and hiring."
    )


def _answer(analyses):
    """The answer in one sentence with its interval, and single worlds or dates as a picture."""
    comparison = analyses.comparison
    title, _ = _answered(analyses)
    beside = _sentences(analyses, _beside(analyses))
    timed = comparison.metric in OF_BACKLOG
    what = "The chance to be done by each date"
    if not timed:
        what = f"A hundred equally likely {_gaps(analyses)}"
    words = " ".join([f"{what}, a plan each.", *map(text, beside)])
    return Slide("answer", title, tuple(beside), picture=Picture(comparison.plot, words))


def _gaps(analyses):
    comparison = analyses.comparison
    return f"differences to {comparison.reference} in {label_of(comparison.metric)}"


def _beside(analyses):
    """Claims that stand beside the picture of the answer: odds in one world, or the extra cost."""
    comparison, metric = analyses.comparison, analyses.comparison.metric
    ids = [name(metric, "better_world", label) for label in comparison.plans]
    if not any(id_ in analyses.claims for id_ in ids):
        ids = [name(EXTRA, "difference", label) for label in comparison.plans]
    return ids


def _odds(analyses):
    """What stands behind the answer: how sure it is, and what each plan changes and costs."""
    _, body = _answered(analyses)
    if not body:
        return None
    return Slide("odds", ("How sure that is, and what each plan changes and costs.",), tuple(body))


def _answered(analyses):
    """The answer as a title, and the sentences behind it but those beside the picture."""
    comparison, metric = analyses.comparison, analyses.comparison.metric
    choice = _sentences(analyses, [name(metric, "choice")])
    claim = analyses.claims.get(name(metric, "choice"))
    ids = [name(metric, "p_best", label) for label in comparison.results] if choice else []
    for label in comparison.plans:
        ids += [name(metric, "difference", label), name(EXTRA, "difference", label)]
    if metric in OF_BACKLOG:  # what keeps its chance low
        ids += [name(GIVEN_UP, "mean", label) for label in comparison.results]
    beside = _beside(analyses)
    body = _sentences(analyses, [id_ for id_ in ids if id_ not in beside])
    title = (choice or body or [("The plans do not differ in any world.",)])[0]
    if claim is None and comparison.plans:
        claim = analyses.claims.get(name(metric, "difference", comparison.plans[0]))
    if claim is not None and is_noise(claim.value, claim.error):
        decision = analyses.decision if choice else None
        headline = (decision or comparison).headline()
        title, body = (Given(f"{headline}."),), [*choice, *body]
    return title, body


# ---- the plans -----------------------------------------------------------------------------------


def _comparison(analyses):
    """A table of the plans: the reference as it is, the others as differences."""
    comparison, claims = analyses.comparison, analyses.claims
    rows: list[tuple[Line, ...]] = []
    for metric in dict.fromkeys((comparison.metric, *ROWS)):
        extra = metrics.BY_NAME[metric].compared  # the reference has none over itself
        ids = [] if extra else [name(metric, "mean", comparison.reference)]
        ids += [name(metric, "difference", label) for label in comparison.plans]
        cells = [claims[id_] for id_ in ids if id_ in claims]
        if len(cells) == len(ids) and any(claim.value for claim in cells):
            unit = cells[-1].unit
            unit = "%, differences in points" if unit == "share" else unit
            heading = (Given(f"{capital(label_of(metric))} [{unit}]"),)
            quotes = ((Quote(claim, "short"),) for claim in cells)
            rows.append((heading, *([(Given("–"),)] if extra else []), *quotes))
    others = (f"{label}, difference" for label in comparison.plans)
    header = (("",), *((Given(label),) for label in (comparison.reference, *others)))
    table = Table(header, tuple(rows), (1.5, *(1.0 for _ in comparison.results)))
    note = f"In brackets: {_interval(comparison)}. Of each difference: plan less "
    note += f"{comparison.reference}."
    ids = [name(comparison.metric, "difference", label) for label in comparison.plans]
    led = [claims[id_] for id_ in ids if id_ in claims]
    sign = DIRECTIONS[comparison.metric] or 1
    most = max(led, key=lambda claim: sign * claim.value)
    return Slide("comparison", _sentence(most), ((Given(note),),), table)


def _interval(comparison):
    """What the interval of a difference is, in words."""
    return comparison.interval.rstrip(",")


def _difference(analyses):
    """Charts of the difference in what leads and, besides, in work delivered.

    Of a backlog the extra cost stands beside what leads.
    """
    comparison, claims = analyses.comparison, analyses.claims
    extra = [name(EXTRA, "difference", label) for label in comparison.plans]
    by_when = comparison.metric in OF_BACKLOG and all(id_ in claims for id_ in extra)
    charts = []
    for metric in dict.fromkeys((comparison.metric, EXTRA if by_when else "work_delivered")):
        drawn = tuple(claims[name(metric, "difference", label)] for label in comparison.plans)
        what = label_of(metric)
        title = f"{what.capitalize()} against {comparison.reference}, {_interval(comparison)}"
        unit = "percentage points" if drawn[0].unit == "share" else drawn[0].unit
        axis = f"Difference in {what} [{unit}]"
        charts.append(Chart("columns", title, axis, comparison.plans, (Series(what, drawn),)))
    prices = _sentences(analyses, [name("price", "pays_from", p) for p in comparison.plans])
    ids = [name("work_delivered", "percent", label) for label in comparison.plans]
    # Of work that may be none there is no share: its difference then is in hours.
    hours = [name("work_delivered", "difference", label) for label in comparison.plans]
    told = [*prices[:1], *_sentences(analyses, ids), *prices[1:]]
    first, *body = told or _sentences(analyses, hours)
    if by_when:
        first, *body = [*_sentences(analyses, extra), *prices]
    return Slide("difference", first, tuple(body), charts=tuple(charts))


def _composition(analyses):
    """The map of mixes of levels."""
    study = analyses.composition
    if study is None:
        return None
    if study.name == mixes.NAME:
        return _mixes(analyses, study)
    ids = (
        name("work_per_dev_week", "best_mix"), name("work_per_dev_week", "p_best_mix"),
        name("work_per_pay", "best_mix"), name("work_per_pay", "p_best_mix"),
        name("pay_ratio", "moves"),
    )  # fmt: skip
    title, *body = _sentences(analyses, ids)
    words = (
        "Maps of what each mix of eight people delivers, per developer-week and per pay, and the "
        "best mix by the pay ratio."
    )
    label = f"mixes of levels, {analyses.comparison.reference}"
    foot = _foot(analyses.comparison, study.provenance, label)
    return Slide("composition", title, tuple(body), picture=Picture(study.plot, words), foot=foot)


def _mixes(analyses, study):
    """The map of mixes by the plan's own metric, and what the best of them costs more."""
    comparison = analyses.comparison
    reference, row = comparison.reference, study.tables["best"].iloc[0]
    plan = comparison.results[reference].scenario
    title = _sentence(analyses.claims[name(row["metric"], "best_mix")])
    meaning = (
        "Each dot is a mix of as many engineers as there are; other people, work and rules are "
        "those of the plan. Mixes with a ring cannot be told apart from the best by so many worlds."
    )
    cost = mixes.cost_sentence(plan, row, reference)
    words = f"A map of the {mixes.in_words(plan)} of each mix of levels, the best mix starred"
    words += ", and one of the extra cost beside it." if cost else "."
    foot = _foot(comparison, study.provenance, f"mixes of levels, {reference}")
    body = [(Given(f"{cost}."),)] if cost else []
    picture = Picture(study.plot, words)
    return Slide("composition", title, (*body, (meaning,)), picture=picture, foot=foot)


def _break_even(analyses):
    """When each plan has caught up with the reference."""
    if "break_even" not in analyses.plan.stated.analyses:
        return None
    comparison, claims = analyses.comparison, analyses.claims
    flow, plans, ends = comparison.flow, comparison.plans, weeks_quoted(comparison)
    series = tuple(
        Series(label, tuple(claims[name(flow, "so_far", label, str(week))] for week in ends))
        for label in plans
    )
    title = f"{capital(label_of(flow))} so far against {comparison.reference}, "
    axis = f"Difference so far [{comparison.units[flow]}]"
    title += _interval(comparison)
    chart = Chart("lines", title, axis, tuple(ends), series, "Time [weeks]")
    flows = dict.fromkeys((flow, "work_delivered"))
    ids = [name(each, "break_even", label) for each in flows for label in plans]
    none: list[Line] = [(f"No plan differs from {comparison.reference}.",)]
    first, *body = _sentences(analyses, ids) or none
    return Slide("break-even", first, tuple(body), charts=(chart,))


# ---- what matters --------------------------------------------------------------------------------


def _sensitivity(analyses):
    """Which factors move what the reference delivers."""
    analysis, claims = analyses.sensitivity, analyses.claims
    if analysis is None:
        return None
    metric = analysis.metrics[0]
    drawn = [
        (factor, claims[id_])
        for factor in analysis.names
        if (id_ := name(metric, "total", factor)) in claims
    ]
    if not drawn:
        return Slide("sensitivity", ("No variance can be told from chance.",))
    drawn.sort(key=lambda row: (row[0] == OTHERS, -row[1].value))  # what has no name last
    drawn = drawn[:MOST_FACTORS]
    title, *others = [_sentence(c) for factor, c in drawn if factor != OTHERS][:SENTENCES]
    if not analysis.verdict(metric).places:
        title, others = (Given(f"{analysis.finding(metric)}."),), [title, *others]
    parts = [name(metric, "variance", part) for part in ("factors", "interactions", "chance")]
    chart = _bars(
        "Total share of the variance, interactions included, 95% interval",
        f"Share of the variance of {label_of(metric)} [%]", "total share", drawn,
    )  # fmt: skip
    body = [
        _meant(drawn[0][0]), *others, *_sentences(analyses, parts),
        (Given(analysis.verdict(metric).text),),
    ]  # fmt: skip
    label = f"what moves {analyses.comparison.reference}"
    return Slide(
        "sensitivity", title, tuple(filter(None, body)), charts=(chart,),
        foot=_foot(analyses.comparison, analysis.provenance, label),
    )  # fmt: skip


def _bars(title, axis, label, drawn):
    """A chart of one series of bars: pairs of name and claim."""
    names, claims = zip(*drawn, strict=True)
    places = tuple(capital(words_of(name)) for name in names)
    return Chart("bars", title, axis, places, (Series(label, claims),))


def _decision(analyses):
    """Which number to measure before choosing."""
    decision, claims = analyses.decision, analyses.claims
    if decision is None:
        return None
    metric, table = decision.metric, decision.measure_first
    named = [
        (label, claims[id_])
        for label in table.index
        if (id_ := name(metric, "knowing", label)) in claims
    ][:MOST_NUMBERS]
    clear = [_sentence(claim) for label, claim in named if table.loc[label, "clear"]]
    nothing = "No single number, measured first, would improve this choice by more than chance may."
    worth = _sentences(analyses, [name(metric, "knowing", "everything")])
    body = [*worth, *clear[1:SENTENCES], _meant(table.index[0]), (Given(_floor(decision)),)]
    charts: tuple[Chart, ...] = ()
    if named:
        title = "Expected gain from knowing one number before choosing, 95% interval"
        axis = f"Gain [{unit_told(decision)}]".replace("[points]", "[percentage points]")
        charts = (_bars(title, axis, "worth knowing", named),)
    first: Line = clear[0] if clear else (nothing,)
    return Slide("measure", first, tuple(filter(None, body)), charts=charts)


def _meant(factor):
    """What a number of the register is, with its range; nothing for other factors."""
    known = register().get(factor)
    if known is None or known.distribution is None:
        return ()
    low, high = (f"{known.distribution.quantile(end):.2g}" for end in (0.05, 0.95))
    rests = "an assumption" if known.assumed else "from evidence"
    what = capital(words_of(factor))
    return (Given(f"{what}: {known.unit}; believed to be {low} to {high}, {rests}."),)


def _floor(decision):
    if decision.measure_first["clear"].any():
        return (
            "The title and the sentences name numbers that are worth more than chance may make "
            "them seem, given how many are looked at. Knowing is worth nothing where it would not "
            "change the choice."
        )
    return "Knowing is worth nothing where it would not change the choice."


# ---- what the answer rests on --------------------------------------------------------------------


def _caveats(analyses):
    """What belongs to every use of these numbers."""
    told = (PARAMETER.sub(lambda key: words_of(key[0]), line) for line in analyses.caveats)
    lines = tuple((Given(line),) for line in (*told, LEGAL))
    title = "One vendor, one tool, one window: not a basis for workforce change on its own."
    return Slide("caveats", (title,), lines)


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
    """The assumption register, on as many slides as it needs; what matters most first."""
    known, decision = world_parameters(), analyses.decision
    worth = dict(decision.measure_first["value"]) if decision is not None else {}
    order = sorted(known, key=lambda key: (-worth.get(key, 0.0), not known[key].assumed))
    rows = [_row(analyses, key, known[key]) for key in order]
    parts = [rows[start : start + REGISTER_ROWS] for start in range(0, len(rows), REGISTER_ROWS)]
    header = (("Number",), (Given("Middle (5 to 95%)"),), ("Unit",), ("Source",))
    for place, part in enumerate(parts, 1):
        title = f"Assumption register, {place} of {len(parts)}: what is not known, and where the "
        table = Table(header, tuple(part), (1.5, 1.2, 1.4, 2.4))
        yield Slide("register", (Given(f"{title}ranges come from."),), (), table)


def _row(analyses, key, parameter):
    plan = analyses.comparison.results[analyses.comparison.reference].scenario
    belief = plan.world.get(key, parameter.distribution)
    low, high = belief.quantile(0.05), belief.quantile(0.95)
    middle = belief.central if key in plan.world else parameter.central
    ends = ", one value" if low == high else f" ({low:.3g} to {high:.3g})"
    numbers = f"{middle:.3g}{ends}".replace("-", "−")
    texts = (key, numbers, parameter.unit, _source(plan, key, parameter))
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
