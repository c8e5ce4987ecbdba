"""A decision as text for a terminal."""

import math

from sim import markup
from sim.records.words import percent, rounded

MOST_ROWS = 15  # plans, and parameters, that are printed


def text(decision):
    """Plans, what to measure first, what was found, what to keep in mind."""
    p = decision.design
    return "\n".join(
        (
            f"What decides: {decision.metric} [{decision.unit}]; {p['draws']} draws x "
            f"{p['luck']} luck, the same in every plan",
            "",
            *_plans(decision),
            "",
            "Expected gain from knowing a number before choosing; * more than chance may make:",
            *_measure(decision),
            "",
            *(f"- {line}" for line in decision.sentences()),
            "",
            "Keep in mind:",
            *(f"- {caveat}" for caveat in decision.caveats),
            "",
            f"tiercurve {p['version']}, seed {p['seed']}, curves {p['curves']}, evidence "
            f"{p['evidence_sha256'][:12]}",
        )
    )


def _plans(decision):
    table = decision.table.sort_values("regret", kind="stable")
    rows = [
        (
            label, "" if row["within_budget"] else "beyond budget",
            markup.number(row["mean"]), markup.span(row["ci_low"], row["ci_high"]),
            markup.number(row["difference"]),
            markup.span(row["difference_low"], row["difference_high"]),
            _percent(row["p_best_expected"]), _percent(row["p_best_world"]),
            markup.number(row["regret"]), markup.number(row["cost"]),
        )
        for label, row in table.head(MOST_ROWS).iterrows()
    ]  # fmt: skip
    head = (
        "plan", "", "mean", "95% interval", "against best", "95% interval", "best, expected",
        "best, one world", "regret", "cost",
    )  # fmt: skip
    more = len(table) - MOST_ROWS
    return [*markup.grid(head, rows), *([f"and {more} more plans"] if more > 0 else [])]


def _measure(decision):
    rows = [
        (name, "*" if row["clear"] else "", markup.number(row["value"]),
         markup.span(row["low"], row["high"]))
        for name, row in decision.measure_first.head(8).iterrows()
    ]  # fmt: skip
    return markup.grid(("number", "", f"worth [{decision.unit}]", "95% interval"), rows)


def _percent(share):
    return "-" if math.isnan(share) else f"{share:.0%}"


def cell(record):
    """A notebook cell: sentences, a table, a figure and caveats, as HTML."""
    rows = []
    for label, row in record.table.iterrows():
        mean, low, high = rounded(*row[["mean", "ci_low", "ci_high"]])
        odds = [
            "-" if math.isnan(row[p]) else percent(row[p])
            for p in ("p_best_expected", "p_best_world")
        ]
        rows.append((label, mean, markup.between(low, high), *odds))
    what = f"{record.metric} [{record.unit}]"
    head = ("plan", what, "95% interval", "best expected", "best in a world")
    return markup.cell(record.sentences(), head, rows[:MOST_ROWS], record.plot(), record.caveats)
