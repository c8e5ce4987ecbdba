"""The first screen of a decision: which plan, how sure that is, what to measure, a short table."""

from sim.experiments.decide import sentences
from sim.records import words
from sim.report import Table

MOST = 6  # plans in the table, and
NAMED = 4  # plans up to which the next command names all
HEAD = ("plan", "", "mean", "95% interval", "best", "best, one world", "extra cost")
EXPECTED = "Best: how probably a plan is the best in expectation."
LAST = ("best, one world", "95% interval")  # columns that go first where labels are long


def of_decision(decision):
    """The five lines and the table of plans: list of Table."""
    lines = [
        ("answer", f"{decision.headline()}."),
        ("range", _range(decision)),
        ("odds", " ".join(filter(None, (sentences.when(decision), sentences.odds(decision))))),
        ("narrow", f"{sentences.measure(decision, most=1)}."),
        ("next", _next(decision)),
    ]
    return [Table((), lines), plans(decision, MOST)]


def _range(decision):
    """What decides, of the best and the next; of a search also what the best owes to luck."""
    luck = "" if decision.screened is None else sentences.optimism(decision)
    return " ".join(filter(None, (sentences.levels(decision), luck)))


def plans(decision, most):
    """The first plans, the best first: what decides, how probably each is best, what it costs.

    most : how many

    Where labels are so long that a line does not hold all columns, some of LAST are left out.
    """
    ordered = decision.table.sort_values("regret", kind="stable")
    rows = [_row(decision, label, row) for label, row in ordered.head(most).iterrows()]
    more = len(ordered) - most
    unit = "%" if decision.unit == "share" else decision.unit
    money = next(iter(decision.plans.values())).money
    event = sentences.is_event(decision)  # no chance of a chance
    note = f"Mean: {sentences.in_words(decision)} [{unit}]."
    note += "" if event else f" {EXPECTED}"
    note += f" Extra cost over {sentences.over(decision)} [{money.currency}]." if money else ""
    note += f" {more} more plans, which --all shows." if more > 0 else ""
    for count in range(len(LAST) + 1):
        left = (*LAST[:count], *(("best", LAST[0]) if event else ()))
        kept = [i for i, column in enumerate(HEAD) if column not in left]
        head, *shown = (tuple(row[i] for i in kept) for row in (HEAD, *rows))
        table = Table(head, shown, note=note)
        if table.fits:
            break
    return table


def _row(decision, label, row):
    scale = sentences.scale(decision)
    numbers = (scale * row[name] for name in ("mean", "ci_low", "ci_high"))
    return (
        label,
        "" if row["within_budget"] else "beyond budget",
        *words.estimate(*numbers, error=words.error_told(row["mc_error"], decision.unit)),
        words.share(row["p_best_expected"]),
        words.share(row["p_best_world"]),
        decision.bounded_shown(label),
    )


def _next(decision):
    first, *others = (plan.called for plan in decision.plans.values())
    apart = decision.screened is None and len({first, *others}) == 1 + len(others)
    if not apart or len(others) >= NAMED:
        return "decide --all shows every plan, number and turning point."
    return (
        f"tiercurve compare {' '.join((first, *others))} says how they differ; decide --all shows "
        "every plan, number and turning point."
    )
