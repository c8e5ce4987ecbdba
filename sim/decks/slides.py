"""From the analyses of a deck to its slides; nothing is estimated here.

First the slides that answer, then as a backup what the answer rests on.
"""

from dataclasses import replace

from sim.decks import backup
from sim.decks.answer import answer, opening, question
from sim.decks.content import BACKUP, Chart, Given, Line, Picture, Slide, Table
from sim.decks.context import context
from sim.decks.drivers import bars, cautions, effects, meant
from sim.decks.lines import foot, interval, is_tied, marked, sentence, sentences, short
from sim.engine import metrics
from sim.experiments.decide.sentences import NO_NUMBER, NOT_SHOWN, unit_told, worth_measuring
from sim.records.claims import name
from sim.records.words import DIRECTIONS, capital
from sim.records.words import label as label_of
from sim.studies import mixes

ROWS = metrics.listed("slide")
MOST_NUMBERS, SENTENCES = 6, 3


def slides(analyses):
    """The slides of Analyses in order, those not asked for left out, each with its foot."""
    each = (opening, answer, question, _comparison, _composition, _effects, _decision, context)
    drawn = [slide for draw in each if (slide := draw(analyses)) is not None]
    last = foot(analyses.comparison)
    every = (*drawn, *(replace(slide, part=BACKUP) for slide in backup.slides(analyses)))
    return [replace(slide, foot=slide.foot or last) for slide in every]


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
            unit += _counted(comparison, metric)
            heading = (Given(f"{capital(label_of(metric))} [{unit}]"),)
            quotes = ((short(claim),) for claim in cells)
            rows.append((heading, *([(Given("–"),)] if extra else []), *quotes))
    others = (f"{marked(analyses, label)}, difference" for label in comparison.plans)
    first = marked(analyses, comparison.reference)
    header = (("",), *((Given(label),) for label in (first, *others)))
    table = Table(header, tuple(rows), (1.5, *(1.0 for _ in comparison.results)))
    note = f"In brackets: {_intervals(comparison)}. Of each difference: plan less "
    note += f"{comparison.reference}."
    decision = analyses.decision
    within = comparison.plans if decision is None else decision.choices  # led by one to choose
    named = [label for label in comparison.plans if label in within] or comparison.plans
    each = {label: name(comparison.metric, "difference", label) for label in named}
    led = {label: claims[id_] for label, id_ in each.items() if id_ in claims}
    sign = DIRECTIONS[comparison.metric] or 1
    most = max(led, key=lambda label: sign * led[label].value)
    tied = is_tied(comparison, most, comparison.metric)
    title: Line = ("Too close to call. ",) if tied else ()
    title += sentence(led[most])
    return Slide("comparison", title, ((Given(note),),), table)


def _intervals(comparison):
    """What the intervals of the table are, in words: of chances, and of all else."""
    kinds = [interval(comparison, metric) for metric in (comparison.metric, "work_delivered")]
    if kinds[0] == kinds[1]:
        return kinds[0]
    return f"{kinds[1]}; of the chance {kinds[0]}"


def _counted(comparison, metric):
    """What of a backlog is counted, in words: time up to a week, fixes among the tasks done."""
    plan = comparison.results[comparison.reference].scenario
    if metric == "weeks_to_done":
        return f", later counted as {plan.up_to_week:g}"
    if metric == "tasks_done" and plan.tasks.backlog:
        return f" of {plan.tasks.backlog:,} tickets, and fixes of defects"
    return ""


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
    title, *body = sentences(analyses, ids)
    words = (
        "Maps of what each mix of eight people delivers, per developer-week and per pay, and the "
        "best mix by the pay ratio."
    )
    label = f"mixes of levels, {analyses.comparison.reference}"
    trace = foot(analyses.comparison, study.provenance, label)
    return Slide("composition", title, tuple(body), picture=Picture(study.plot, words), foot=trace)


def _mixes(analyses, study):
    """The map of mixes by the plan's own metric, and what the best of them costs more."""
    comparison = analyses.comparison
    reference, row = comparison.reference, study.tables["best"].iloc[0]
    plan = comparison.results[reference].scenario
    title = sentence(analyses.claims[name(row["metric"], "best_mix")])
    meaning = (
        "Each dot is a mix of as many engineers as there are; other people, work and rules are "
        "those of the plan. The square is the team as it is. Mixes with a ring cannot be told "
        "apart from the best in so many simulated worlds."
    )
    cost = mixes.cost_sentence(plan, row, reference)
    words = f"A map of the {mixes.in_words(plan)} of each mix of levels, the best mix starred"
    words += ", and one of the extra cost beside it." if cost else "."
    trace = foot(comparison, study.provenance, f"mixes of levels, {reference}")
    body = [(Given(f"{cost}."),)] if cost else []
    picture = Picture(study.plot, words)
    return Slide("composition", title, (*body, (meaning,)), picture=picture, foot=trace)


# ---- what matters --------------------------------------------------------------------------------


def _effects(analyses):
    """What moves the answer, with what must be kept in mind of it."""
    slide = effects(analyses)
    return slide and replace(slide, body=(*slide.body, *cautions(analyses)))


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
    shown = worth_measuring(decision).index
    clear = [sentence(claim) for label, claim in named if label in shown]
    none = NOT_SHOWN if table["clear"].any() else NO_NUMBER
    nothing = f"For the choice between plans: {none[0].lower()}{none[1:]}."
    worth = sentences(analyses, [name(metric, "knowing", "everything")])
    body = [*worth, *clear[1:SENTENCES], meant(table.index[0]), (Given(_floor(clear)),)]
    charts: tuple[Chart, ...] = ()
    if named:
        title = "Expected gain from knowing one number before choosing, 95% interval"
        axis = f"Gain [{unit_told(decision)}]".replace("[points]", "[percentage points]")
        charts = (bars(title, axis, "worth knowing", named),)
    first: Line = clear[0] if clear else (nothing,)
    return Slide("measure", first, tuple(filter(None, body)), charts=charts)


def _floor(clear):
    if clear:
        return (
            "The title and the sentences name numbers that are worth more than chance may make "
            "them seem, given how many are looked at. Knowing is worth nothing where it would not "
            "change the choice."
        )
    return "Knowing is worth nothing where it would not change the choice."
