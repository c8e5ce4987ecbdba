"""Terms on which plans are compared: the work asked of them, the world assumed, the prices.

A plan is no better for being asked less, and no dearer for being paid otherwise. What differs here
is named with every number that depends on it.
"""

from functools import lru_cache

from sim.caveats import OTHER_PRICES, OTHER_WORK, OTHER_WORLD, Caveat
from sim.engine import metrics
from sim.experiments import levers
from sim.records.factors import factor
from sim.records.words import unit_of_output
from sim.scenario import LEVELS

WORK, WORLD, PRICES = OTHER_WORK, OTHER_WORLD, OTHER_PRICES  # a kind of caveat each
_TITLES = {
    WORK: "not asked the same",
    WORLD: "not in the same world",
    PRICES: "not at the same prices",
}
_SENTENCES = {
    WORK: ("do not meet the same work", "the difference is of the work"),
    WORLD: ("do not assume the same world", "the difference is of the assumption"),
    PRICES: ("do not count the same prices", "any difference in money is of the prices"),
}
MENTIONED = 2  # levers named in a title
OF_WORK = ("tasks.", "domains")  # levers that say which work is asked for
OF_WORLD = ("world.",)
OF_PRICES = ("money.",)
OF_DEADLINE = ("answer.by", "answer.by_week", "answer.up_to_week")
# Paid by the clock, whatever work there is.
BY_THE_CLOCK = (
    "labour_cost", "tool_cost", "training_cost", "hiring_cost", "cost_to_horizon", "extra_cost",
    "cost",
)  # fmt: skip


# ---- how plans differ ----------------------------------------------------------------------------


def changes(reference, plan):
    """Levers that differ in words, a line each: "expert engineers: 2 → 3"."""
    return levers.in_words(reference, plan)


@lru_cache(maxsize=256)
def other_terms(reference, plan):
    """Terms that are not those of the reference: kind -> lines, each kind that has some."""
    differ = levers.differences(reference, plan)
    found = {
        kind: list(levers.in_words(reference, plan, [p for p in differ if p.startswith(own)]))
        for kind, own in ((WORK, OF_WORK), (WORLD, OF_WORLD))
    }
    found[PRICES] = list(_prices(reference, plan))
    return {kind: lines for kind, lines in found.items() if lines}


def _prices(reference, plan):
    """Prices that both plans state, and that differ, a line each.

    What a plan pays for that the other does not have is its own cost, and no other price.
    """
    old, new = reference.money, plan.money
    if old is None or new is None:
        return
    for role in ("engineer", "adjacent"):
        before, after = old.cost_per_hour(role), new.cost_per_hour(role)
        for level in LEVELS if before and after else ():
            if before[level] != after[level]:
                yield f"hour of {level} {role}s: {before[level]:,.2f} → {after[level]:,.2f}"
    keys = ["price_per_expert_hour"]
    if {tool.profile for tool in reference.tools} == {tool.profile for tool in plan.tools}:
        keys.insert(0, "tool_per_person_month")
    for key in keys:
        before, after = getattr(old, key), getattr(new, key)
        if None not in (before, after) and before != after:
            yield from levers.in_words(reference, plan, [f"money.{key}"])


# ---- in words ------------------------------------------------------------------------------------


def matters(kind, metric):
    """Whether terms of a kind change a metric by themselves."""
    if kind == PRICES:
        return unit_of_output(metric).startswith(metrics.MONEY)
    return metric not in BY_THE_CLOCK


def in_words(reference, plan, metric):
    """Which terms that a metric depends on are not the reference's; nothing where all are."""
    found = other_terms(reference, plan).items()
    kinds = {kind: lines for kind, lines in found if matters(kind, metric)}
    return ", ".join(f"{_TITLES[kind]} ({_some(lines)})" for kind, lines in kinds.items())


def _some(lines):
    """The first of some lines, and how many more there are."""
    more = len(lines) - MENTIONED
    return "; ".join(lines[:MENTIONED]) + (f"; and {more} more" if more > 0 else "")


def caveats(first, reference, label, plan):
    """A caveat for each kind of other terms of a plan: tuple of Caveat.

    first, label : what the reference and the plan are called
    """
    return tuple(
        Caveat(
            f"The plans {_SENTENCES[kind][0]}: {label} against {first} has {'; '.join(lines)}. "
            f"Part of {_SENTENCES[kind][1]}, not of the plan.",
            kind,
        )
        for kind, lines in other_terms(reference, plan).items()
    )


def caveats_of_paths(paths):
    """A caveat for each kind of terms that some levers vary: tuple of Caveat."""
    starts = {WORK: OF_WORK, WORLD: OF_WORLD, PRICES: OF_PRICES}
    varied = {kind: [p for p in paths if p.startswith(own)] for kind, own in starts.items()}
    return tuple(
        Caveat(
            f"The points {_SENTENCES[kind][0]} ({', '.join(map(factor, own))}). Part of "
            f"{_SENTENCES[kind][1]}, not of a plan.",
            kind,
        )
        for kind, own in varied.items()
        if own
    )


def of_paths(paths, metric):
    """Those of some levers that are terms a metric depends on: they vary what is asked."""
    starts: tuple[str, ...] = OF_DEADLINE + OF_WORLD if metric == "done_by" else OF_WORLD
    for kind, own in ((WORK, OF_WORK), (PRICES, OF_PRICES)):
        starts += own if matters(kind, metric) else ()
    return [path for path in paths if path.startswith(starts)]
