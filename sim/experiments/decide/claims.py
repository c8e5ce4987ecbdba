"""The claims of a decision: every number that can be quoted of it."""

from sim.experiments.decide import sentences, trade_sentences
from sim.records.claims import EXPECTED, INTERVAL, NUMERICAL, ODDS, made, name, shared
from sim.records.factors import factor
from sim.records.words import label as label_of
from sim.records.words import numerical_error


def of_decision(decision):
    """Claims of a decision: `METRIC/mean/LABEL`, `METRIC/choice`, `METRIC/worth/LABEL`,
    `METRIC/knowing/NUMBER`.
    """
    common = shared(decision.provenance, decision.caveats, decision.cite())
    claims = [_mean(decision, label, row, common) for label, row in decision.table.iterrows()]
    clear = decision.measure_first.query("clear")
    return (
        *claims,
        *claim_of_choice(decision, common),
        *claim_of_worth(decision, common),
        *claims_of_knowing(decision, clear, common),
    )


def _mean(decision, label, row, common):
    metric, unit = decision.metric, decision.unit
    numbers = list(sentences.level(decision, label))
    shown, kind = sentences.level_shown(decision, label), EXPECTED
    shown_unit = unit
    if unit == "share":
        shown, shown_unit = tuple(f"{text}%" for text in shown), ""
        kind = ODDS if decision.metric == "done_by" else EXPECTED
    size = f"{shown[0]} {shown_unit}".rstrip()
    sentence = f"{label}: {label_of(metric)} {size} ({kind} {shown[1]} to {shown[2]})."
    id_ = name(metric, "mean", label)
    return made(id_, sentence, numbers, kind, unit, shown, shown_unit, common, row["mc_error"])


def claim_of_choice(decision, common):
    """The claim of the plan to choose, where there is a choice: iterator.

    common : what claims of one origin share, see `sim.records.claims.shared`
    """
    if len(decision.choices) > 1:
        unit, (_, row) = decision.unit, sentences.next_best(decision)
        numbers = [-row[0], *sorted(-row[1:])]
        sentence, shown = sentences.choice(decision) + ".", sentences.lead(decision, row)
        yield made(
            name(decision.metric, "choice"), sentence, numbers, INTERVAL, unit, shown,
            sentences.unit_told(decision), common, decision.lead_error[0],
        )  # fmt: skip


def claim_of_worth(decision, common):
    """The claim of the worth of a unit from which a dearer plan is best, if one is: iterator."""
    trade = decision.trade
    if trade is None or not trade.switches or not trade_sentences.is_settled(trade.switches[-1]):
        return
    last, unit = trade.switches[-1], f"{trade.currency} for {trade.unit.one}"
    numbers = [last.worth, last.low, last.high]
    yield made(
        name(decision.metric, "worth", trade.labels[last.above]), trade_sentences.quotable(trade),
        numbers, NUMERICAL, unit, trade_sentences.shown(last), unit, common,
        numerical_error(*numbers),
    )  # fmt: skip


def claims_of_knowing(decision, rows, common):
    """Claims of what knowing everything, and each of some numbers, is worth: iterator.

    rows : rows of `decision.measure_first`
    """
    unit, evpi, told = decision.unit, decision.evpi, sentences.unit_told(decision)
    every = {"everything": (evpi.value, evpi.low, evpi.high)}
    for label, row in rows.iterrows():
        every[label] = (row["value"], row["low"], row["high"])
    for label, numbers in every.items():
        shown = sentences.worth(decision, *numbers)
        what = "all that can be known" if label == "everything" else factor(label)
        sentence = (
            f"Knowing {what} before choosing is worth {shown[0]} {told} ({INTERVAL} "
            f"{shown[1]} to {shown[2]})."
        )
        id_ = name(decision.metric, "knowing", label)
        error = numerical_error(*numbers)
        yield made(
            id_,
            sentence,
            numbers,
            INTERVAL,
            unit,
            shown,
            sentences.unit_told(decision),
            common,
            error,
        )


def claims_of_flips(decision, common):
    """Claims of the first value of each number that changes the choice: iterator."""
    table = decision.flips
    for row in table[table["threshold"].notna()].drop_duplicates("parameter").itertuples():
        numbers = [row.threshold, row.low, row.high]
        yield made(
            name(decision.metric, "flips", row.parameter), sentences.flip(row), numbers, INTERVAL,
            row.unit, sentences.threshold(row), row.unit, common, numerical_error(*numbers),
        )  # fmt: skip
