"""The sentences of a decision: what to choose, how sure that is, what to measure first."""

import math

import numpy as np

from sim.analysis import paired
from sim.engine import metrics
from sim.experiments import terms
from sim.experiments.decide import timing, trade_sentences
from sim.experiments.decide.trade import FINISH
from sim.experiments.findings import nobody_could
from sim.experiments.leading import OF_BACKLOG
from sim.records.factors import factor, member
from sim.records.words import (
    DIRECTIONS,
    by_when,
    capital,
    chances,
    counted_to,
    decimals,
    error_told,
    includes_none,
    is_noise,
    more_draws,
    numerical_error,
    percent,
    rounded,
    signed,
    too_close,
    weeks,
)
from sim.records.words import label as words

MENTIONED, MOST_LEVELS = 3, 6
MORE = "more worlds may still change this"
NOT_SHOWN = "No single number is shown to be worth measuring first"
NO_NUMBER = "No single number, measured first, would improve the choice by more than chance may"
P_BEST = ("p_best_expected", "p_best_expected_low", "p_best_expected_high")


def choice(decision):
    """Which plan to choose, and by how much, as a sentence without its dot."""
    if len(decision.choices) == 1:
        return f"{decision.best} is the only plan within the budget"
    other, chosen = _other_terms(decision), _chosen(decision)
    return f"{other}: {chosen[0].lower()}{chosen[1:]}" if other else chosen


def _other_terms(decision):
    """Which plan is not on the terms of the first, in words; nothing where all are."""
    first = decision.labels[0]
    reference = decision.plans[first]
    others = {
        label: other
        for label in decision.choices
        if (other := terms.in_words(reference, decision.plans[label], decision.metric))
    }
    if not others:
        return ""
    (label, other), *more = others.items()
    rest = f", nor are {len(more)} more plans" if more else ""
    return f"'{label}' is {other} as '{first}'{rest}"


def _chosen(decision):
    """Which of several plans to choose, and by how much."""
    label, row = next_best(decision)
    if len(same := _same(decision)) == len(decision.choices):
        told = f"None of {len(same)} plans is best: they do not differ in {in_words(decision)} in"
        return "; ".join(filter(None, (f"{told} any world", _extra(decision))))
    start = _start(decision)
    if label in same and not is_event(decision):
        return f"{start}; '{label}' does not differ from it in any world"
    mean, low, high = lead(decision, row)
    against = f"{mean} {unit_told(decision)} against the next, '{label}'"
    if not mean.strip("0."):  # too small for the step its error bears
        against = f"no difference that could be told against the next, '{label}'"
    if as_they_came(decision):
        told = f"{start} by {against} (95% interval {low} to {high})"
    else:
        told = f"{start}: {against} (95% interval {low} to {high})"
    more = MORE if is_unsettled(decision) else ""
    return "; ".join(filter(None, (told, more, _met(decision), _extra(decision))))


def lead(decision, row):
    """The lead over the next, a difference to the best with its interval, as it is printed."""
    numbers = [scale(decision) * n for n in (-row[0], *sorted(-row[1:]))]
    error = decision.lead_error[0]
    if not error and is_event(decision):  # no world differs, and the interval says what is unseen
        error = numerical_error(*-row[[0, 2, 1]])
    return signed(*numbers, error=error_told(error, decision.unit))


def _same(decision):
    """The best plan, and those that do not differ from it in what decides in any world."""
    best = decision.y[decision.labels.index(decision.best)]
    worlds = dict(zip(decision.labels, decision.y, strict=True))
    return [label for label in decision.choices if not paired.difference(best, worlds[label]).any()]


def _start(decision):
    """How far the best plan is known to be the best: that it is too close to call comes first.

    A lead in the probability of an event is no spread of beliefs, so that it has no odds.
    """
    start = f"Of {len(decision.choices)} plans '{decision.best}'"
    if is_event(decision):
        leads = f"{start} leads in {in_words(decision)}"
        told = leads if is_unsettled(decision) else f"{start} has the best chance"
        return too_close(leads) if is_none(decision) else told
    odds = f"with probability {odds_words(decision, decision.best)}"
    if is_none(decision):
        return too_close(f"{start} leads, expected best {odds}")
    return f"{start} is expected best, {odds}"


def odds_words(decision, label):
    """How probable it is that a plan is the best in expectation, with its 95% interval."""
    p, low, high = decision.table.loc[label, list(P_BEST)]
    return f"{percent(p)} ({percent(low)} to {percent(high)})"


def is_none(decision):
    """Whether the interval of the lead over the next, as it is told, includes no lead.

    That alone is called too close to call.
    """
    return includes_none(*lead(decision, next_best(decision)[1])[1:])


def is_event(decision):
    """Whether what decides is the probability of an event."""
    return metrics.BY_NAME[decision.metric].event


def scale(decision):
    """By what numbers of the metric are multiplied as they are told: shares in percent."""
    return 100 if decision.unit == "share" else 1


def unit_told(decision):
    """Unit of a difference in the metric as it is told: shares in percentage points."""
    return "points" if decision.unit == "share" else decision.unit


def _met(decision):
    """Chance that the best plan meets its deadline, where that decides."""
    if decision.metric != "done_by" or is_close(decision):
        return ""
    plan = decision.plans[decision.best]
    p, low, high = map(percent, level(decision, decision.best))
    return f"its backlog is done {by_when(plan)} with probability {p} ({low} to {high})"


def _extra(decision):
    """What the best plan costs more than the first, where money is counted and does not decide.

    Where the best is the first, what the next costs more; where the best is too close to call,
    which of those that cannot be told apart costs least.
    """
    money = next(iter(decision.plans.values())).money
    if money is None or decision.unit.startswith(money.currency) or decision.extra is None:
        return ""
    if np.isnan(decision.extra).any():  # some plans state no money
        return ""
    close = not_told_apart(decision) if is_none(decision) else []
    extra = dict(zip(decision.labels, decision.extra, strict=True))
    costs = {label: float(extra[label][0]) for label in close}
    least = min(costs, key=lambda label: costs[label]) if costs else None
    if least is not None and list(costs.values()).count(costs[least]) == 1:
        told = f"of the {len(close)} that cannot be told apart '{least}' costs least"
        return told if least == decision.best else f"{told}; {_extra_of(decision, decision.best)}"
    first = over(decision)
    return _extra_of(decision, next_best(decision)[0] if decision.best == first else decision.best)


def _extra_of(decision, label):
    """What a plan costs more than the first, in words."""
    plan = next(iter(decision.plans.values()))
    numbers = decision.extra[decision.labels.index(label)]
    if not numbers.any():
        return f"'{label}' has no extra cost over '{over(decision)}'"
    size, low, high = signed(*numbers)
    range_ = "" if low == size == high else f" ({low} to {high})"
    span = f"over '{over(decision)}' in {weeks(plan.horizon.weeks)}"
    return f"extra cost of '{label}' {span} {size} {plan.money.currency}{range_}"


def is_unsettled(decision):
    """Whether there is a lead by its interval, and the noise of so few worlds may yet turn it."""
    return is_close(decision) and not is_none(decision)


def is_close(decision):
    """Whether the lead of the best plan is too close to call, or unsettled.

    Its interval includes no lead, as it is told, or the noise of so few worlds may have made it.
    """
    return is_none(decision) or is_noisy(decision)


def is_noisy(decision):
    """Whether more worlds may turn the lead of the best plan, whatever is believed.

    The interval of a lead in the probability of an event is of nothing else.
    """
    _, row = next_best(decision)
    if is_event(decision):
        return is_none(decision) or is_noise(row[0], decision.lead_error[0])
    return not row[0] or bool(abs(row[0]) < 2 * decision.lead_error[0])


def when(decision):
    """Train now, later or not, where trainings were searched; "" where none were."""
    return timing.sentence(decision, len(decision.choices) > 1 and is_close(decision))


def not_told_apart(decision):
    """The best plan, the next, and those whose difference may be none, in the order of the plans.

    Of a decision that is too close to call; by the intervals as they are told.
    """
    first = (decision.best, next_best(decision)[0])
    return [
        label
        for label in decision.labels
        if label in decision.choices
        and (label in first or includes_none(*gap_shown(decision, label)[1:]))
    ]


def over(decision):
    """Of which plan a cost is told as extra."""
    own = decision.screened is None or timing.is_of_trainings(decision.screened)
    return decision.labels[0] if own else "the plan as it stands"


def headline(decision):
    """`title`, and from what worth of a unit a dearer plan pays, where money buys what decides.

    Where a worth is stated the choice at it follows.
    """
    trade, parts = decision.trade, [title(decision)]
    if trade is not None:
        parts.append(trade_sentences.flip(trade))
    if decision.verdict is not None:
        parts.append(trade_sentences.at_worth(trade, decision.verdict))
    return "; ".join(parts)


def _net_benefit(decision):
    """Which plan is best by what a unit is worth, and at the worth stated: sentences."""
    trade = decision.trade
    if trade is None:
        worth = decision.design.get("worth")
        alike = "What a unit is worth changes nothing: no two plans to choose from differ in cost."
        return [] if worth is None else [alike]
    plan = decision.plans[decision.best]
    counted = {"weeks_to_done": counted_to(plan), FINISH: f"counted to week {plan.horizon.weeks}"}
    lines = [trade_sentences.frontier(trade, counted.get(trade.unit.metric, ""))]
    if decision.verdict is None:
        return lines
    measuring = decision.design.get("measuring")
    return [*lines, *trade_sentences.verdict(trade, decision.verdict, measuring)]


def title(decision):
    """`choice`, or where its lead is within simulation error what it would take.

    A choice by the probability of an event says itself where it is too close to call.
    """
    if len(decision.choices) == 1:
        return choice(decision)
    label, row = next_best(decision)
    lead, (error, floor) = row[0], decision.lead_error
    if is_event(decision) or not error or not is_noise(lead, error):
        return choice(decision)
    draws = decision.design["draws"]
    more = more_draws(draws, lead, error, floor)
    if not is_none(decision):
        chosen = choice(decision)
        return chosen if MORE in chosen else f"{chosen}; {MORE}: {more}"
    return too_close(
        f"Of {len(decision.choices)} plans '{decision.best}' and '{label}' cannot be told apart by "
        f"{draws:,} draws: {more}"
    )


def next_best(decision):
    """The second plan: label, and its difference to the best with both ends of the interval.

    The difference is less what it owes to the best having been chosen: see `value.chosen`.
    """
    table = decision.table.loc[list(decision.choices)].drop(decision.best)
    label = (DIRECTIONS[decision.metric] * table["mean"]).idxmax()
    names = ["difference", "difference_low", "difference_high"]
    row = table.loc[label, names].to_numpy(float)
    flattery = abs(row[0]) - decision.chosen.lead
    return label, row - np.sign(row[0]) * flattery if flattery > 0 else row


def sentences(decision):
    """Choice, its level, odds in one world, worth of knowing, what to measure, what flips."""
    lines = (
        choice(decision) + ".",
        when(decision),
        *_net_benefit(decision),
        _searched(decision),
        _level(decision),
        _nobody_could(decision),
        optimism(decision),
        _world(decision),
        beyond(decision),
        knowing(decision),
        measure(decision) + ".",
        *_flips(decision),
    )
    return [line for line in lines if line]


def _nobody_could(decision):
    """Tickets that nobody could do in the plans to choose from, where a backlog decides."""
    if decision.metric not in OF_BACKLOG:
        return ""
    left = {label: n for label, n in decision.tickets_left.items() if label in decision.choices}
    return nobody_could(left, decision.plans)


def _searched(decision):
    """How many mixes were screened before the choice; "" where none were."""
    table = decision.screened
    if table is None:
        return ""
    within = int(table["within_budget"].sum())
    bound = "" if decision.budget is None else f", {within:,} of them within the budget"
    if timing.is_of_trainings(table):
        return (
            f"Searched: {len(table):,} trainings{bound}; training nobody and the "
            f"{len(decision.labels) - 1} that give most for what they cost were decided between on "
            "draws of their own."
        )
    return (
        f"Searched: {len(table):,} mixes of up to {table['people'].max()} people{bound}; the best "
        f"{len(decision.labels)} were decided between on draws of their own."
    )


def in_words(decision):
    """What decides, in words, a deadline with its week."""
    if decision.metric != "done_by":
        return words(decision.metric)
    return f"chance to be done {by_when(decision.plans[decision.best])}"


def gap_shown(decision, label):
    """Difference of a plan to the best, with both ends of its interval, as they are printed."""
    row = decision.table.loc[label]
    names = ["difference", "difference_low", "difference_high"]
    error = error_told(row["mc_error"], decision.unit)
    return signed(*(scale(decision) * row[names].to_numpy(float)), error=error)


def levels(decision):
    """What decides, of the best plan and the next, or of all where none leads, as a sentence."""
    labels = [decision.best]
    if as_they_came(decision):
        labels = [label for label in decision.labels if label in decision.choices][:MOST_LEVELS]
    elif len(decision.choices) > 1:
        labels.append(next_best(decision)[0])
    unit = "%" if decision.unit == "share" else f" {decision.unit}"
    places = 0
    if is_event(decision) and len(labels) > 1:  # their difference is told beside them
        first = len(level_shown(decision, labels[0])[0].partition(".")[2])
        one, other = (level(decision, label)[0] for label in labels[:2])
        places = chances(one, other, least=first)[2]
    told = []
    for label in labels:
        size, low, high = level_shown(decision, label, places)
        told.append(f"'{label}' {size}{unit} ({low} to {high})")
    return f"{capital(in_words(decision))}: {', '.join(told)}; 95% intervals."


def odds(decision):
    """How probably the best plan is the best, in expectation and in one world, as a sentence."""
    if is_event(decision) or len(decision.choices) == 1:
        return _world(decision)
    world = percent(decision.table.loc[decision.best, "p_best_world"])
    return (
        f"'{decision.best}' is expected best with probability {odds_words(decision, decision.best)}"
        f"; in any one world it comes out best with probability {world}, luck included."
    )


def _level(decision):
    if decision.metric == "done_by":
        return levels(decision) if is_close(decision) else ""  # else told with the choice
    mean, low, high = level_shown(decision, decision.best)
    unit = "%" if decision.unit == "share" else f" {decision.unit}"
    return (
        f"{decision.best}: {words(decision.metric)} {mean}{unit} (95% interval of the "
        f"expectation {low} to {high})."
    )


def level_shown(decision, label, places=0):
    """`level` as it is printed, in `scale`, with `places` decimals at the least."""
    error = error_told(decision.table.loc[label, "mc_error"], decision.unit)
    numbers = scale(decision) * level(decision, label)
    return decimals(*numbers, places=places) if places else rounded(*numbers, error=error)


def level(decision, label):
    """Mean of a plan with both ends of its interval, that of a plan chosen less its optimism."""
    numbers = decision.table.loc[label, ["mean", "ci_low", "ci_high"]].to_numpy(float)
    flattered = label == decision.best and not as_they_came(decision)
    numbers = numbers - decision.optimism if flattered else numbers
    return np.clip(numbers, 0.0, 1.0) if metrics.BY_NAME[decision.metric].event else numbers


def as_they_came(decision):
    """Whether plans are told as they came out, since none is shown to be the best."""
    return is_event(decision) and len(decision.choices) > 1 and is_close(decision)


def optimism(decision):
    """How much the best plan owes to having been chosen, as a sentence; "" where it is nothing."""
    if not decision.optimism:
        return ""
    (amount,) = rounded(scale(decision) * abs(decision.optimism), finest=2)
    told = (
        "chances are told as they came out"
        if as_they_came(decision)
        else ("its numbers here are without")
    )
    return (
        f"Having come out best of {len(decision.choices)} flatters '{decision.best}' by {amount} "
        f"{unit_told(decision)}, on draws that took no part in choosing it; {told}."
    )


def _world(decision):
    if is_event(decision):
        return _turned(decision)
    row = decision.table.loc[decision.best]
    return (
        f"In any one world '{decision.best}' comes out best with probability "
        f"{percent(row['p_best_world'])}, luck included."
    )


def _turned(decision):
    """In how many worlds the best plan is in time where the next, or the first, is not."""
    if len(decision.choices) == 1:
        return ""
    first = decision.labels[0]
    label = next_best(decision)[0] if decision.best == first else first
    label = label if label in decision.choices else next_best(decision)[0]
    best, other = (decision.y[decision.labels.index(name)] for name in (decision.best, label))
    gained, lost = (100 * float((a > b).mean()) for a, b in ((best, other), (other, best)))
    return (
        f"In {gained:.0f} of 100 worlds '{decision.best}' is in time where '{label}' is late, in "
        f"{lost:.0f} the other way round; in all others they do alike."
    )


def beyond(decision):
    """Which plans a budget leaves out, as a sentence; "" where there are none."""
    dear = [label for label in decision.labels if label not in decision.choices]
    if not dear:
        return ""
    which = ", ".join(dear) if len(dear) <= MENTIONED else f"{len(dear)} plans"
    return f"Beyond the budget of {decision.budget:,.0f}, and not chosen: {which}."


def knowing(decision):
    """What knowing all that can be known would be worth, as a sentence."""
    evpi, unit = decision.evpi, unit_told(decision)
    amount, low, high = worth(decision, evpi.value, evpi.low, evpi.high)
    if not evpi.clear and not decision.measure_first["clear"].any():
        return (
            "Knowing all that can be known cannot be told from worth nothing for this choice: "
            f"{amount} {unit} (95% interval {low} to {high})."
        )
    return (
        f"Knowing all that can be known before choosing would be worth {amount} {unit} "
        f"(95% interval {low} to {high})."
    )


def worth(decision, value, low, high):
    """A value of knowing with its interval, which is its numerical error, as it is printed."""
    error = error_told(numerical_error(value, low, high), decision.unit)
    finest = 2 if decision.unit == "share" else 12
    return rounded(*(scale(decision) * n for n in (value, low, high)), finest=finest, error=error)


def measure(decision, most=MENTIONED):
    """What to measure first, as a sentence without its dot.

    most : how many numbers are named
    """
    clear = decision.measure_first.query("clear")
    if clear.empty:
        return NO_NUMBER
    shown = worth_measuring(decision).head(most)
    if shown.empty:
        nearest = _worth_of(decision, clear.index[0], clear.iloc[0])
        return f"{NOT_SHOWN}; nearest: {nearest}, a 95% interval"
    told = "; then ".join(_worth_of(decision, number, row) for number, row in shown.iterrows())
    caution = "; a number varies with its block, in brackets" if shown["block"].any() else ""
    return f"Measure first: {told}; 95% intervals{caution}"


def worth_measuring(decision):
    """The rows of `measure_first` that are shown to be worth measuring first: by more than chance
    may, and with an interval that leaves out nothing.
    """
    clear = decision.measure_first.query("clear")
    return clear.loc[[name for name, row in clear.iterrows() if _is_worth_it(decision, row)]]


def _is_worth_it(decision, row):
    """Whether the interval of what knowing a number is worth, as it is told, leaves out nothing."""
    _, low, _ = worth(decision, row["value"], row["low"], row["high"])
    return bool(low.strip("0."))


def _worth_of(decision, number, row):
    """A number and what knowing it first is worth, in words."""
    amount, low, high = worth(decision, row["value"], row["low"], row["high"])
    what = member(number, row["block"])
    return f"{what}, worth {amount} {unit_told(decision)} ({low} to {high})"


def _flips(decision):
    lines = []
    for row in decision.flips.itertuples():
        if math.isnan(row.threshold):
            what = capital(factor(row.parameter))
            lines.append(f"{what}: never within its range does it change the choice.")
            continue
        lines.append(flip(row))
    return lines


def flip(row):
    """Which value of a number changes the choice, as a sentence: a row of `decision.flips`."""
    at, low, high = threshold(row)
    return (
        f"{capital(factor(row.parameter))}: below {at} {row.unit} (95% interval {low} to "
        f"{high}) '{row.below}' is expected best, above it '{row.above}'."
    )


def threshold(row):
    """The value that changes the choice with both ends of its interval, as they are printed."""
    error = numerical_error(row.threshold, row.low, row.high)
    return rounded(row.threshold, row.low, row.high, error=error)
