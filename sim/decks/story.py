"""The slides that answer: from a Brief to Slides; nothing is estimated here."""

from sim.decks import quoted
from sim.decks.content import Chart, Given, Line, Picture, Quote, Series, Slide, Table
from sim.engine import metrics
from sim.experiments import pairing
from sim.experiments.sensitivity.factors import OTHERS
from sim.parameters import register
from sim.records import provenance
from sim.records.claims import name
from sim.records.words import LABELS, weeks
from sim.scenario import LEVELS

ROWS = metrics.listed("slide")
MOST_FACTORS, MOST_NUMBERS, SENTENCES = 10, 6, 3


def slides(brief):
    """The slides of a Brief up to what to measure first, in order."""
    made = (
        opening(brief), question(brief), answer(brief), comparison(brief), difference(brief),
        composition(brief), break_even(brief), sensitivity(brief), decision(brief),
    )  # fmt: skip
    return [slide for slide in made if slide is not None]


def foot(brief, record=None, label=None):
    """The line that is needed to trace a slide."""
    found = brief.comparison
    first = found.results[found.reference].provenance
    label = label or " vs ".join(found.results)
    return provenance.footnote(record or first, label)


def opening(brief):
    """Title, question, and what it rests on."""
    found, stated = brief.comparison, brief.plan.stated
    plans = Given(", ".join(found.results))
    caution = Given(
        "A simulation of a team, not a judgement of anybody in it. Not a basis for workforce "
        "change on its own."
    )
    body = ((Given(stated.question),), ("Plans: ", plans), (caution,))
    return Slide("title", (Given(stated.title),), body, foot=foot(brief))


def question(brief):
    """What was asked, of which plans, over how long."""
    found = brief.comparison
    reference = found.results[found.reference].scenario
    body: list[Line] = [
        (
            Given(f"{found.reference}: {reference.headcount} people, {weeks(found.weeks)} from ")
            , Given(reference.horizon.start), ". It is what the other plans are set against.",
        ),
    ]  # fmt: skip
    for label in found.plans:
        said = "; ".join(_changes(reference, found.results[label].scenario))
        body.append((Given(f"{label}: {said or 'no lever differs'}."),))
    p = found.design
    body.append(
        (
            Given(f"{p['draws'] * p['luck']:,} simulated worlds a plan: {p['draws']} draws"),
            " of what is not known, ", Given(f"{p['luck']} times"), " the luck of each. All plans "
            "meet the same tasks with the same luck, so they differ only by what was changed.",
        )
    )  # fmt: skip
    body.append((_meaning(found),))
    return Slide("question", (Given(brief.plan.stated.question),), tuple(body), foot=foot(brief))


def _changes(reference, plan):
    """Levers in which a plan differs; a training, and those who join, in words."""
    told = ("joiners:", "training.")
    lines = [line for line in pairing.changes(reference, plan) if not line.startswith(told)]
    unit = plan.money.currency if plan.money else ""
    if plan.training != reference.training and plan.training.seats:
        lines.append(_trained(plan.training, unit))
    return [*lines, *(_joins(row, unit) for row in plan.joiners if row not in reference.joiners)]


def _trained(training, unit):
    cost = f", {training.cost_per_seat:g} {unit} a seat" if unit else ""
    return (
        f"{training.seats} trained towards {training.target} for {weeks(training.weeks)}, "
        f"{training.hours_per_week:g} h a week each and {training.trainer_hours_per_week:g} h a "
        f"week of a trainer{cost}"
    )


def _joins(row, unit):
    names = {number: level for level, number in LEVELS.items()}
    level = names.get(row.level, f"level {row.level}")
    who = f"{row.count} {level}-level {row.role}{'s' if row.count > 1 else ''}"
    cost = f", hired for {row.hiring_cost:g} {unit} each" if unit else ""
    when = f"from week {row.week}, {row.weeks_to_fill:g} weeks to fill"
    return f"{who} more, the seat open {when}{cost}"


def _meaning(found):
    if found.flow != "net_value":
        return "What decides is work delivered, in hours an expert would need by hand [expert-h]."
    price = found.results[found.reference].scenario.money.price_per_expert_hour
    return Given(
        f"What decides is net value: work delivered at {price:g} {found.units['net_value']} an "
        "expert-hour, less all pay, tools, training and hiring."
    )


def answer(brief):
    """The answer in one sentence with its interval, and what stands behind it."""
    found, claims = brief.comparison, brief.claims
    metric = found.flow
    choice = claims.get(name(metric, "choice"))
    ids = [name(metric, "p_best", label) for label in found.results] if choice else []
    for label in found.plans:
        ids += [name(metric, "difference", label), name(metric, "better_world", label)]
    body = [(Quote(claims[id_], "sentence"),) for id_ in ids if id_ in claims]
    title = (Quote(choice, "sentence"),) if choice else _first(body)
    return Slide("answer", title, tuple(body), foot=foot(brief))


def _first(body):
    return body[0] if body else ("The plans do not differ in any world.",)


def comparison(brief):
    """A table of the plans: the reference as it is, the others as differences."""
    found, claims = brief.comparison, brief.claims
    rows = []
    for metric in ROWS:
        mine = [claims.get(name(metric, "mean", found.reference))]
        mine += [claims.get(name(metric, "difference", label)) for label in found.plans]
        if None in mine or not any(claim.value for claim in mine):
            continue
        rows.append((_metric(metric, mine[-1]), *((Quote(claim, "short"),) for claim in mine)))
    header = (
        ("",),
        (Given(found.reference),),
        *((Given(f"{p}, difference"),) for p in found.plans),
    )
    table = Table(header, tuple(rows), (1.5, *(1.0 for _ in found.results)))
    note = f"In brackets: {_kind(found)}. Of each difference: plan less {found.reference}."
    title = claims.get(name("work_delivered", "difference", _most(brief)))
    return Slide(
        "comparison", (Quote(title, "sentence"),), ((Given(note),),), table, foot=foot(brief)
    )


def _metric(metric, claim):
    return (Given(f"{LABELS[metric].capitalize()} [{_unit(metric, claim)}]"),)


def _unit(metric, claim):
    return "%, differences in points" if claim.unit == "share" else claim.unit


def _most(brief):
    """The plan that is expected to deliver most more than the reference."""
    found = brief.comparison
    ids = {label: name("work_delivered", "difference", label) for label in found.plans}
    return max(ids, key=lambda label: brief.claims[ids[label]].value)


def difference(brief):
    """Charts of the difference in work and, where priced, in net value."""
    found, claims = brief.comparison, brief.claims
    metrics = list(dict.fromkeys(("work_delivered", found.flow)))
    charts = []
    for metric in metrics:
        mine = tuple(claims[name(metric, "difference", label)] for label in found.plans)
        what = LABELS[metric]
        charts.append(
            Chart(
                "columns", f"{what.capitalize()} against {found.reference}, "
                f"{_kind(found)}", f"Difference in {what} [{mine[0].unit}]",
                found.plans, (Series(what, mine),),
            )
        )  # fmt: skip
    prices = [claims.get(name("price", "pays_from", label)) for label in found.plans]
    percent = [claims.get(name("work_delivered", "percent", label)) for label in found.plans]
    said = [c for c in (*percent, *prices) if c]
    title = said.pop(said.index(prices[0])) if prices[0] else said.pop(0)
    body = tuple((Quote(claim, "sentence"),) for claim in said)
    return Slide("difference", (Quote(title, "sentence"),), body, charts=tuple(charts),
                 foot=foot(brief))  # fmt: skip


def _kind(found):
    """What the interval of a difference is, in words."""
    return found.interval.rstrip(",")


def composition(brief):
    """The map of mixes of levels."""
    study = brief.composition
    if study is None:
        return None
    ids = (
        name("work_per_dev_week", "best_mix"), name("work_per_dev_week", "p_best_mix"),
        name("work_per_pay", "best_mix"), name("work_per_pay", "p_best_mix"),
        name("pay_ratio", "moves"),
    )  # fmt: skip
    first, *others = (brief.claims[id_] for id_ in ids)
    return Slide(
        "composition", (Quote(first, "sentence"),), tuple((Quote(c, "sentence"),) for c in others),
        picture=Picture(study.plot, "Maps of what each mix of eight people delivers, per "
                        "developer-week and per pay, and the best mix by the pay ratio."),
        foot=foot(brief, study.provenance, f"mixes of levels, {brief.comparison.reference}"),
    )  # fmt: skip


def break_even(brief):
    """When each plan has caught up with the reference."""
    if "break_even" not in brief.plan.stated.analyses:
        return None
    found, claims = brief.comparison, brief.claims
    ends = quoted.weeks_quoted(brief)
    unit = found.units[found.flow]
    what = LABELS[found.flow]
    series = tuple(
        Series(label, tuple(claims[name(found.flow, "so_far", label, str(week))] for week in ends))
        for label in found.plans
    )
    chart = Chart(
        "lines", f"{what.capitalize()} so far against {found.reference}, "
        f"{_kind(found)}", f"Difference so far [{unit}]", tuple(ends), series,
        "Time [weeks]",
    )  # fmt: skip
    flows = dict.fromkeys((found.flow, "work_delivered"))
    ids = [name(flow, "pays_back", label) for flow in flows for label in found.plans]
    ids += [name(found.flow, "break_even", label) for label in found.plans]
    body: list[Line] = [(Quote(claims[id_], "sentence"),) for id_ in ids if id_ in claims]
    title, *rest = body or [(f"No plan differs from {found.reference}.",)]
    return Slide("break-even", title, tuple(rest), charts=(chart,), foot=foot(brief))


def sensitivity(brief):
    """Which factors move what the reference delivers."""
    found = brief.sensitivity
    if found is None:
        return None
    metric = found.metrics[0]
    drawn = [
        (factor, brief.claims[id_])
        for factor in found.names
        if (id_ := name(metric, "total", factor)) in brief.claims
    ]
    if not drawn:
        return Slide("sensitivity", ("No variance can be told from chance.",), foot=foot(brief))
    drawn.sort(key=lambda row: (row[0] == OTHERS, -row[1].value))  # what has no name last
    drawn = drawn[:MOST_FACTORS]
    title, *others = [claim for factor, claim in drawn if factor != OTHERS][:SENTENCES]
    parts = [
        brief.claims[id_]
        for part in ("factors", "interactions", "chance")
        if (id_ := name(metric, "variance", part)) in brief.claims
    ]
    chart = Chart(
        "bars", "Total share of the variance, interactions included, 95% interval",
        f"Share of the variance of {LABELS[metric]} [%]", tuple(factor for factor, _ in drawn),
        (Series("total share", tuple(claim for _, claim in drawn)),),
    )  # fmt: skip
    body = [_meant(factor) for factor, _ in drawn[:1]]
    body += [(Quote(claim, "sentence"),) for claim in (*others, *parts)]
    body.append((Given(found.verdict(metric).text),))
    body = [line for line in body if line]
    return Slide(
        "sensitivity", (Quote(title, "sentence"),), tuple(body), charts=(chart,),
        foot=foot(brief, found.provenance, f"what moves {brief.comparison.reference}"),
    )  # fmt: skip


def decision(brief):
    """Which number to measure before choosing."""
    found = brief.decision
    if found is None:
        return None
    metric = found.metric
    table = found.measure_first
    named = [
        (label, brief.claims[id_])
        for label in table.index
        if (id_ := name(metric, "knowing", label)) in brief.claims
    ][:MOST_NUMBERS]
    whole = brief.claims[name(metric, "knowing", "everything")]
    clear = [claim for label, claim in named if table.loc[label, "clear"]]
    body: list[Line] = [(Quote(claim, "sentence"),) for claim in (whole, *clear[1:SENTENCES])]
    nothing = "No single number, measured first, would improve this choice by more than chance may."
    title: Line = (Quote(clear[0], "sentence"),) if clear else (nothing,)
    body += [line for line in (_meant(table.index[0]), (Given(_floor(found)),)) if line]
    charts: tuple[Chart, ...] = ()
    if named:
        charts = (
            Chart(
                "bars", "Expected gain from knowing one number before choosing, 95% interval",
                f"Gain [{found.unit}]", tuple(label for label, _ in named),
                (Series("worth knowing", tuple(claim for _, claim in named)),),
            ),
        )  # fmt: skip
    return Slide("measure", title, tuple(body), charts=charts, foot=foot(brief))


def _meant(factor):
    """What a number of the register is, with its range; nothing for other factors."""
    known = register().get(factor)
    if known is None or known.distribution is None:
        return ()
    low, high = (f"{known.distribution.quantile(end):.2g}" for end in (0.05, 0.95))
    rests = "an assumption" if known.assumed else "from evidence"
    return (Given(f"{factor}: {known.unit}; believed to be {low} to {high}, {rests}."),)


def _floor(found):
    if found.measure_first["clear"].any():
        return (
            "The title and the sentences name numbers that are worth more than chance may make "
            "them seem, given how many are looked at. Knowing is worth nothing where it would not "
            "change the choice."
        )
    return "Knowing is worth nothing where it would not change the choice."
