"""The claims of a decision: every number that can be quoted of it."""

from sim.experiments.decide import said
from sim.records.claims import EXPECTED, INTERVAL, made, name, shared
from sim.records.words import label as words
from sim.records.words import rounded, signed


def of_decision(decision):
    """Claims of a decision: `METRIC/mean/LABEL`, `METRIC/choice`, `METRIC/knowing/NUMBER`."""
    common = shared(decision.provenance, decision.caveats, decision.cite())
    claims = [_mean(decision, label, row, common) for label, row in decision.table.iterrows()]
    clear = decision.measure_first.query("clear")
    return (*claims, *claim_of_choice(decision, common), *claims_of_knowing(decision, clear, common))


def _mean(decision, label, row, common):
    metric, unit = decision.metric, decision.unit
    numbers = [row[c] for c in ("mean", "ci_low", "ci_high")]
    shown = rounded(*numbers)
    sentence = f"{label}: {words(metric)} {shown[0]} {unit} ({EXPECTED} {shown[1]} to {shown[2]})."
    id_ = name(metric, "mean", label)
    return made(id_, sentence, numbers, EXPECTED, unit, shown, unit, common, row["mc_error"])


def claim_of_choice(decision, common):
    """The claim of the plan to choose, where there is a choice: iterator.

    common : what claims of one origin share, see `sim.records.claims.shared`
    """
    if len(decision.choices) > 1:
        unit, (_, row) = decision.unit, said.next_best(decision)
        numbers = [-row[0], *sorted(-row[1:])]
        sentence = said.choice(decision) + "."
        yield made(
            name(decision.metric, "choice"), sentence, numbers, INTERVAL, unit, signed(*numbers),
            unit, common,
        )  # fmt: skip


def claims_of_knowing(decision, rows, common):
    """Claims of what knowing everything, and each of some numbers, is worth: iterator.

    rows : rows of `decision.measure_first`
    """
    unit, evpi = decision.unit, decision.evpi
    worth = {"everything": (evpi.value, evpi.low, evpi.high)}
    for label, row in rows.iterrows():
        worth[label] = (row["value"], row["low"], row["high"])
    for label, numbers in worth.items():
        shown = rounded(*numbers)
        what = "all that can be known" if label == "everything" else label
        sentence = (
            f"Knowing {what} before choosing is worth {shown[0]} {unit} ({INTERVAL} {shown[1]} to "
            f"{shown[2]})."
        )
        id_ = name(decision.metric, "knowing", label)
        yield made(id_, sentence, numbers, INTERVAL, unit, shown, unit, common)
