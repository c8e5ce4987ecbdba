"""The tables of a decision: its plans, and what each number is worth knowing."""

from sim.experiments.decide import sentences, trade_sentences
from sim.records import words
from sim.records.factors import factor
from sim.report import Table

MOST_ROWS, MOST_NUMBERS = 15, 8  # plans, and numbers, of a cell
# No answers where what decides is itself a chance.
EXPECTED, WORLD = "best, expected", "best, one world"
HEAD = (
    "plan", "", "mean", "95% interval", "against best", "95% interval", EXPECTED,
    WORLD, "regret", "extra cost",
)  # fmt: skip
WORTH = "Expected gain from knowing a number before choosing; * more than chance may make:"
MEMBERS = "A number of a block of the posterior varies with it; --json has key and block of each."


def everything(decision):
    """Every plan and every number, in words, as a terminal shows them: list of Table."""
    chances = trade_sentences.chances(decision.trade) if decision.trade else []
    return [_plans(decision), *chances, _numbers(decision, keys=False)]


def with_keys(decision):
    """The first plans and numbers, key and block of each number beside its words: list of Table."""
    return [_plans(decision, MOST_ROWS), _numbers(decision, keys=True, most=MOST_NUMBERS)]


def _plans(decision, most=None):
    """Plans from the least regret up; `most` of them, all by default."""
    table = decision.table.sort_values("regret", kind="stable")
    rows = [_plan(decision, label, row) for label, row in table[:most].iterrows()]
    more = len(table) - len(rows)
    unit = "%" if decision.unit == "share" else decision.unit
    told = f"{sentences.in_words(decision)} [{unit}]"
    head = tuple(told if name == "mean" else name for name in HEAD)
    event = sentences.is_event(decision)
    kept = [i for i, name in enumerate(HEAD) if not (event and name in (EXPECTED, WORLD))]
    note = f"and {more} more plans" if more else ""
    head, *rows = (tuple(row[i] for i in kept) for row in (head, *rows))
    return Table(head, rows, note=note)


def _plan(decision, label, row):
    """A plan's row, in words."""
    scale = sentences.scale(decision)
    numbers = scale * row[["mean", "ci_low", "ci_high"]].to_numpy(float)
    gaps = scale * row[["difference", "difference_low", "difference_high"]].to_numpy(float)
    error = words.error_told(row["mc_error"], decision.unit)
    gap = words.estimate(*gaps, signs=True, error=error)
    return (
        label,
        "" if row["within_budget"] else "beyond budget",
        *words.estimate(*numbers, error=error),
        *(("", "") if label == decision.best else gap),
        words.share(row["p_best_expected"]),
        words.share(row["p_best_world"]),
        words.number(scale * row["regret"]),
        decision.bounded_shown(label),
    )


def _numbers(decision, keys, most=None):
    """What each number is worth knowing, the most first; `most` of them, all by default.

    keys : whether key and block of each stand beside its words
    """
    beside = ("key", "block") if keys else ()
    head = ("number", *beside, "", f"worth [{sentences.unit_told(decision)}]", "95% interval")
    rows = [
        _number(decision, name, row, keys) for name, row in decision.measure_first[:most].iterrows()
    ]
    return Table(head, rows, WORTH, note="" if keys else MEMBERS)


def _number(decision, name, row, keys):
    size, low, high = sentences.worth(decision, row["value"], row["low"], row["high"])
    beside = (name, row["block"]) if keys else ()
    return factor(name), *beside, "*" if row["clear"] else "", size, f"{low} to {high}"
