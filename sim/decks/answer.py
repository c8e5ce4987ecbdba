"""The slides of the question and of its answer."""

from sim.decks.content import Given, Line, Picture, Quote, Slide, text
from sim.decks.lines import beyond_budget, extra_costs, sentences, worth_of_a_unit
from sim.engine import metrics
from sim.experiments import development, stages
from sim.experiments.decide.sentences import MORE, as_they_came, is_unsettled, next_best
from sim.experiments.findings import GIVEN_UP, is_lowered
from sim.experiments.leading import OF_BACKLOG
from sim.records.claims import name
from sim.records.words import by_when, capital, date, is_noise, weeks, with_titles
from sim.records.words import label as label_of


def opening(analyses):
    """Title, question, and what it rests on."""
    stated = analyses.plan.stated
    caution = (
        "A simulation of a team, not a judgement of anybody in it. Not a basis for workforce "
        "change on its own."
    )
    plans = Given(", ".join(analyses.comparison.results))
    body = ((Given(stated.question),), ("Plans: ", plans), (Given(caution),))
    return Slide("title", (Given(stated.title),), body)


def question(analyses):
    """What was asked, of which plans, over how long."""
    comparison = analyses.comparison
    label, p = comparison.reference, comparison.design
    reference = comparison.results[label].scenario
    people = f"{capital(label)}: {reference.headcount} people, {weeks(comparison.weeks)} from "
    start = Given(date(reference.horizon.start))
    tools = [f"tool {stages.tools(reference)}"] if reference.rollout else []
    named = {tool.profile for one in comparison.results.values() for tool in one.scenario.tools}
    named -= {"none"}  # which is a word of sentences, too
    told = with_titles("".join(f", {one}" for one in (*tools, *stages.line(reference))), named)
    body: list[Line] = [
        (Given(people), start, Given(told), ". It is what the other plans are set against.")
    ]
    for label in comparison.plans:
        changes = with_titles("; ".join(comparison.changes[label]), named)
        body.append((Given(f"{capital(label)}: {changes or 'no lever differs'}."),))
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


def answer(analyses):
    """The answer in one sentence with its interval, and single worlds or dates as a picture."""
    comparison = analyses.comparison
    title = _too_close(analyses) or _answered(analyses)[0]
    beside = [
        *_worse(analyses),
        *(_odds_of_a_world(analyses) or extra_costs(analyses)),
        *worth_of_a_unit(analyses),
        *beyond_budget(analyses),
    ]
    timed = comparison.metric in OF_BACKLOG
    what = "The chance to be done by each date"
    if not timed:
        what = f"A hundred equally likely {_gaps(analyses)}"
    words = " ".join([f"{what}, a plan each.", *map(text, beside)])
    return Slide("answer", title, tuple(beside), picture=Picture(comparison.plot, words))


def _too_close(analyses) -> Line:
    """That no plan is known to have the best chance, with the first two; else nothing.

    A lead by its interval, which more worlds may turn, is told as one.
    """
    comparison, decision = analyses.comparison, analyses.decision
    if decision is None or not as_they_came(decision):
        return ()
    when = capital(by_when(comparison.results[comparison.reference].scenario))
    labels = (decision.best, next_best(decision)[0])
    first, second = (
        Quote(analyses.claims[name(comparison.metric, "mean", label)], "short") for label in labels
    )
    cheapest = decision.trade.cheapest if decision.trade else None
    one, other = (f"{label}, which costs least" if label == cheapest else label for label in labels)
    if is_unsettled(decision):
        claim = analyses.claims[name(comparison.metric, "choice")]
        return (
            Given(f"{when} "), Given(f"{decision.best} leads by "), Quote(claim, "short"),
            Given(f" over {labels[1]}; {MORE}: "), first, Given(" against "), second, ".",
        )  # fmt: skip
    return (
        Given(f"Too close to call. {when}: "), first, Given(f" with {one}, "), second,
        Given(f" with {other}."),
    )  # fmt: skip


def _worse(analyses):
    """Plans that are shown to lower a chance that is too close to call otherwise: lines."""
    comparison, metric = analyses.comparison, analyses.comparison.metric
    if not metrics.BY_NAME[metric].event or not _too_close(analyses):
        return []
    lowered = [plan for plan in comparison.plans if is_lowered(comparison.row(plan, metric))]
    return sentences(analyses, [name(metric, "difference", plan) for plan in lowered])


def _gaps(analyses):
    comparison = analyses.comparison
    return f"differences to {comparison.reference} in {label_of(comparison.metric)}"


def _odds_of_a_world(analyses):
    """How often each plan comes out better in one world, where that is told: lines."""
    comparison = analyses.comparison
    ids = [name(comparison.metric, "better_world", label) for label in comparison.plans]
    return sentences(analyses, ids)


def odds(analyses):
    """What stands behind the answer: how sure it is, and what each plan changes and costs."""
    _, body = _answered(analyses)
    if _odds_of_a_world(analyses):  # else the extra cost stands beside the picture
        body = [*body, *extra_costs(analyses)]
    if not body:
        return None
    return Slide("odds", ("How sure the answer is, and what each plan changes.",), tuple(body))


def _answered(analyses):
    """The answer as a title, and the sentences behind it."""
    comparison, metric = analyses.comparison, analyses.comparison.metric
    choice = sentences(analyses, [name(metric, "choice")])
    ids = [name(metric, "p_best", label) for label in comparison.results] if choice else []
    ids += [name(metric, "difference", label) for label in comparison.plans]
    if metric in OF_BACKLOG:  # what keeps its chance low
        ids += [name(GIVEN_UP, "mean", label) for label in comparison.results]
    body = sentences(analyses, ids)
    title = (choice or body or [("The plans do not differ in any world.",)])[0]
    first = name(metric, "difference", comparison.plans[0]) if comparison.plans else ""
    claim = analyses.claims.get(name(metric, "choice")) or analyses.claims.get(first)
    if claim is not None and is_noise(claim.value, claim.error):
        record = analyses.decision if choice else analyses.comparison
        title, body = (Given(f"{record.headline()}."),), [*choice, *body]
    elif choice:
        body = [*choice, *body]
    return title, body
