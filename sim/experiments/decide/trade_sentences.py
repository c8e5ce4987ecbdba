"""The sentences of a trade: from what worth of a unit a dearer plan pays, and what then decides."""

import math

from sim.records.claims import NUMERICAL
from sim.records.factors import factor
from sim.records.words import (
    Z,
    includes_none,
    is_noise,
    numerical_error,
    percent,
    rounded,
    signed,
    too_close,
)  # fmt: skip
from sim.report import Table

PAID_HOURS = "paid hours"  # the currency of plans that state no money
HOURS_ALIKE = "; a paid hour counts alike at every level, which [money] tells apart"


def flip(trade):
    """The worth from which the dearest plan that pays does, as half a sentence."""
    one, switches = trade.unit.one, trade.switches
    if not switches and trade.gives_more:
        return f"no dearer plan is shown to give more than '{trade.cheapest}', which costs least"
    if not switches:
        return f"no dearer plan pays, whatever {one} is worth: '{trade.cheapest}' costs least"
    last = switches[-1]
    above, below = trade.labels[last.above], trade.labels[last.below]
    size, low, high = shown(last)
    if is_settled(last):
        pays = f"where {one} is worth {size} {trade.currency} or more ({low} to {high})"
        return f"'{above}' pays {pays}, below it {_below(trade)}"
    if not low.strip("0,."):  # as it is printed
        return f"no worth of {one} is shown from which '{above}' pays against '{below}'"
    return (
        f"'{above}' pays against '{below}', if at all, where {one} is worth {low} "
        f"{trade.currency} or more"
    )


def is_settled(switch):
    """Whether what a plan gives more is told from nothing, so that it does pay from some worth."""
    return math.isfinite(switch.high)


def _below(trade):
    """Which plan is best below the last switch: one, or those that are in turn."""
    before = trade.switches[-1]
    if len(trade.switches) == 1:
        return f"'{trade.cheapest}'"
    return f"at first '{trade.labels[before.below]}', then cheaper ones"


def shown(switch):
    """The worth of a switch with both ends of its interval, as they are printed."""
    numbers = (switch.worth, switch.low, switch.high)
    texts = rounded(*numbers, error=numerical_error(*numbers))
    return tuple("never" if math.isinf(n) else text for n, text in zip(numbers, texts, strict=True))


def quotable(trade):
    """The last switch as a sentence that can be quoted, with its interval."""
    last = trade.switches[-1]
    size, low, high = shown(last)
    return (
        f"Where {trade.unit.one} is worth {size} {trade.currency} or more ({NUMERICAL} {low} to "
        f"{high}), '{trade.labels[last.above]}' pays; below it {_below(trade)} have the best "
        "expected net benefit."
    ).replace(f"'{trade.cheapest}' have", f"'{trade.cheapest}' has")


def frontier(trade, counted=""):
    """Which plan is expected best over all that a unit may be worth, as a sentence.

    counted : up to which week time is counted, in words; empty where it is none that is bought
    """
    until = f"; weeks are {counted}" if counted else ""
    until += HOURS_ALIKE if trade.currency == PAID_HOURS else ""
    if not trade.switches:
        return f"Net benefit: {flip(trade)}{until}."
    parts = [f"'{trade.cheapest}' is expected best where {trade.unit.one} is worth nothing"]
    for switch in trade.switches:
        size, low, high = shown(switch)
        plan = trade.labels[switch.above]
        parts.append(f"'{plan}' from {size} {trade.currency} (95% interval {low} to {high})")
    return f"Net benefit: {', '.join(parts)}; intervals are of the simulation{until}."


def chances(trade):
    """How probably each plan has the best expected net benefit, a row a worth: list of Table."""
    if not len(trade.worths):
        return []
    table = trade.acceptability()
    plans = list(dict.fromkeys(table["plan"]))
    best = trade.frontier
    head = (f"{trade.unit.one} is worth [{trade.currency}]", *plans)
    rows = []
    for worth, part in table.groupby("worth"):
        leads = best[best["worth"] <= worth]["plan"].iloc[-1]
        p = dict(zip(part["plan"], part["p"], strict=True))
        cells = (percent(p[plan]) + (" *" if plan == leads else "") for plan in plans)
        rows.append((rounded(worth)[0], *cells))
    title = "How probably a plan has the best expected net benefit; * the best on average:"
    more = len(trade.labels) - len(plans)
    return [
        Table(
            head, rows, title, note=f"Among these {len(plans)}; {more} more plans." if more else ""
        )
    ]


def verdict(trade, found, measuring):
    """The choice where a unit is worth so much, and whether measuring first pays: sentences.

    found     : `trade.Verdict`
    measuring : money that measuring one number costs, or None
    """
    yield f"Where {trade.unit.one} is worth {_choice(trade, found)}."
    yield _first_measured(found, measuring, trade.currency)


def at_worth(trade, found):
    """The choice where a unit is worth so much, as half a sentence."""
    return f"where {trade.unit.one} is worth {_choice(trade, found)}"


def _choice(trade, found):
    worth, currency = rounded(found.worth)[0], trade.currency
    error = (found.ends[1] - found.lead) / Z
    size, *ends = signed(found.lead, *found.ends, error=error)
    lead = f"{size} {currency} against the next, '{found.next}' (95% interval {' to '.join(ends)})"
    if is_noise(found.lead, error) or includes_none(*ends):
        leads = too_close(f"'{found.plan}' leads")
        return f"{worth} {currency}, {leads[0].lower()}{leads[1:]}: {lead}"
    p, *ends = map(percent, found.p)
    return (
        f"{worth} {currency}, '{found.plan}' is expected best on net benefit with probability {p} "
        f"({ends[0]} to {ends[1]}): {lead}"
    )


def _first_measured(found, measuring, currency):
    """What the number most worth knowing is worth, less what measuring it costs."""
    (by_chance,) = rounded(found.null)
    many = len(found.knowing)
    chance = f"by chance alone the largest of {many} may seem worth up to {by_chance} {currency}"
    if found.first is None:
        price = "anything" if measuring is None else f"{rounded(measuring)[0]} {currency}"
        return f"No single number, measured first, is shown to be worth {price}: {chance}."
    name, one = found.first
    size, low, high = rounded(one.value, one.low, one.high)
    told = f"Knowing {factor(name)} first is worth {size} {currency} (95% interval {low} to {high})"
    high_side = f"as the largest of {many} it is more likely too high than too low, and {chance}"
    if measuring is None:
        return f"{told} before what measuring costs; {high_side}."
    price, net = rounded(measuring)[0], rounded(abs(one.value - measuring))[0]
    pays = one.low > measuring, one.high < measuring
    ending = {
        (True, False): f"so that measuring pays by {net} {currency}",
        (False, True): f"so that measuring costs {net} {currency} more than it is worth",
    }.get(pays, "and which of the two is more is not settled")
    return f"{told}, measuring it costs {price} {currency}, {ending}; {high_side}."
