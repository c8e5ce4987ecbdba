"""The first screen of a sensitivity analysis: what moves the plan's own metric, how sure it is."""

from sim.experiments.sensitivity import sentences
from sim.parameters import register
from sim.records.factors import factor
from sim.records.words import capital, output_label, shares_of_all
from sim.report import Table

MOST = 6  # factors in the table
HEAD = ("factor", "share", "95% interval", "alone")


def of_sensitivity(analysis):
    """The five lines and the table of the first factors: list of Table."""
    metric, name = analysis.metrics[0], analysis.scenario.called
    lines = [
        ("answer", f"{capital(analysis.finding(metric))}."),
        ("range", _varied(analysis, sentences.first_named(analysis, metric))),
        ("odds", sentences.split(analysis, metric)),
        ("narrow", _narrow(analysis, metric)),
        (
            "next",
            f"tiercurve decide {name} OTHER says whether it changes a choice; tiercurve "
            f"sensitivity {name} --all shows every factor and metric.",
        ),
    ]
    return [Table((), [line for line in lines if line[1]]), factors(analysis, metric, MOST)]


def factors(analysis, metric, most):
    """The first factors of an output by their share of its variance: a Table.

    most : how many
    """
    table = analysis.indices[analysis.indices["metric"] == metric].dropna(subset=["ST"])
    table = table.sort_values("ST", ascending=False, kind="stable")
    rows = [_row(row) for row in table.head(most).itertuples()]
    note = (
        f"Share of the variance of {output_label(metric)}, interactions included; alone: without "
        "them."
    )
    return Table(HEAD, rows, note=note, left=1)


def _row(row):
    size, low, high, alone = shares_of_all(row.ST, row.ST_low, row.ST_high, row.S1)
    return factor(row.factor), size, f"{low} to {high}", alone


def _varied(analysis, row):
    """Over which values the first factor was varied, as a sentence; nothing where none is told."""
    if row is None:
        return ""
    name = row.factor
    (first,) = (one for one in analysis.factors if one.name == name)
    what, known = capital(factor(name)), register().get(name)
    if known is not None and known.distribution is not None:
        low, high = (f"{known.distribution.quantile(end):.2g}" for end in (0.05, 0.95))
        rests = "an assumption" if known.assumed else "from evidence"
        return f"{what} is believed to be {low} to {high} [{known.unit}], {rests}."
    if len(first.inputs) > 1 or first.inputs[0].members or not first.inputs[0].varied:
        return f"{what} varies as its evidence leaves it open, all of its numbers together."
    return f"{what} was varied over {first.inputs[0].varied}."


def _narrow(analysis, metric):
    """What would narrow the answer, or what settles order and share where they are not."""
    row = sentences.first_named(analysis, metric)
    if row is None or sentences.is_open(row):
        more = f"--samples {2 * analysis.blocks}"
        return f"More samples: tiercurve sensitivity {analysis.scenario.called} {more}."
    known = register().get(row.factor)
    if known is not None and known.assumed:
        return f"Measuring it: {factor(row.factor)} rests on an assumption, not on evidence."
    return "Your own record: tiercurve learn; what is luck stays."
