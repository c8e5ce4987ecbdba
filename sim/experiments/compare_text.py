"""A comparison as text for a terminal: findings, a table a plan, how to read it, caveats."""

import math
import textwrap

from sim.engine import metrics
from sim.experiments.cautions import people
from sim.markup import WIDTH, between, cell, grid, number, plain, span
from sim.records.words import LABELS, percent, signed

MAIN = metrics.listed("headline")
HOW = (
    "difference: plan less reference, world by world. 95% interval: of the expected difference, "
    "over what is not known. 10-90%: where the difference falls in one world. better: probability "
    "that the plan is, in expectation over what is not known / in one world; its intervals are in "
    "--json. luck: share of the variance of the difference that is chance."
)
HOW_CENTRAL = (
    "difference: plan less reference, world by world. 95% interval: numerical error only; "
    "parameters are at their centre. 10-90%: where the difference falls in one world. better: "
    "probability that the plan is, in one world."
)


def compare_text(comparison, everything=False):
    """The answer of a comparison as text.

    everything : bool, show every metric, not the main ones only
    """
    reference, table = comparison.reference, comparison.summary()
    lines = _about(comparison, reference)
    for plan in comparison.plans:
        lines += [*_about(comparison, plan), *_changes(comparison.changes[plan])]
    lines += ["", "Findings:", *_listed(comparison.sentences())]
    for plan in comparison.plans:
        lines += ["", f"{plan} against {reference}:"]
        lines += _table(table.loc[plan], reference, everything)
    how = HOW if comparison.uncertain else HOW_CENTRAL
    lines += ["", *textwrap.wrap(how, WIDTH), *_saved(table)]
    if table["undefined"].any():
        lines.append("undefined: worlds in which the metric has no value in either plan.")
    lines += ["", "Keep in mind:", *_listed(comparison.caveats), "", *_provenance(comparison)]
    return plain("\n".join(lines))


def _about(comparison, label):
    scenario = comparison.results[label].scenario
    role = "reference" if label == comparison.reference else "plan"
    said = (
        f"{role} {label}: {scenario.question} {people(scenario)} people, "
        f"{scenario.horizon.weeks} weeks from {scenario.horizon.start}, tool "
        f"{scenario.tool.profile}."
    )
    return textwrap.wrap(said, WIDTH, subsequent_indent="  ")


def _changes(lines):
    return textwrap.wrap(
        "; ".join(lines) or "nothing differs", WIDTH, initial_indent="  ", subsequent_indent="  "
    )


def _listed(sentences):
    return [
        line
        for sentence in sentences
        for line in textwrap.wrap(sentence, WIDTH, initial_indent="- ", subsequent_indent="  ")
    ]


def _table(table, reference, everything):
    """Lines of one plan's table; columns that say nothing anywhere are left out."""
    names = metrics.NAMES if everything else [n for n in MAIN if _told(table.loc[n])]
    head = (
        "metric", "unit", reference, "difference", "95% interval", "10-90% of worlds",
        "better", "luck", "undefined",
    )  # fmt: skip
    rows = [(name, *_cells(table.loc[name])) for name in names]
    kept = [i for i in range(len(head)) if i < 6 or any(row[i] not in ("", "-") for row in rows)]
    return grid(*([head[i] for i in kept], [[row[i] for i in kept] for row in rows]))


def _told(row):
    return not math.isnan(row["mean"])


def _cells(row):
    odds = [row["p_better_expected"], row["p_better_world"]]
    shown = [_short(p) for p in odds if not math.isnan(p)]
    luck = row["chance_share"]
    return (
        row["unit"],
        number(row["reference_mean"]),
        _signed(row["mean"]),
        span(row["ci_low"], row["ci_high"]),
        span(row["p10"], row["p90"]),
        " / ".join(shown) or "-",
        "-" if math.isnan(luck) else _short(luck),
        int(row["undefined"]) or "",
    )


def _short(share):
    return percent(share).replace("over ", ">").replace("under ", "<")


def _signed(value):
    return f"+{number(value)}" if value > 0 else number(value)


def _saved(table):
    """How much the pairing saves, where it can be said."""
    lines = []
    for plan in table.index.unique("plan"):
        saved = table.loc[(plan, "work_delivered"), "variance_saved"]
        if math.isfinite(saved):
            lines.append(
                f"{plan}: draws and luck in common make the variance of the mean "
                f"difference in work {number(saved)} times smaller."
            )
    return lines


def _provenance(comparison):
    records = {label: r.provenance for label, r in comparison.results.items()}
    p = records[comparison.reference]
    plans = ", ".join(
        f"{label} {record['scenario_sha256'][:12]} (curves {record['curves']})"
        for label, record in records.items()
    )
    said = (
        f"tiercurve {p['version']}, {p['draws']} draws x {p['luck']} luck, seed {p['seed']}, "
        f"scenarios {plans}, evidence {p['evidence_sha256'][:12]}"
    )
    return textwrap.wrap(said, WIDTH)


def compare_cell(record):
    """A notebook cell: sentences, a table, a figure and caveats, as HTML."""
    table = record.summary()
    rows = []
    for plan in record.plans:
        for name in LABELS:
            row = table.loc[(plan, name)]
            if row["mean"] != row["mean"]:
                continue
            mean, low, high = signed(*row[["mean", "ci_low", "ci_high"]])
            share = row["p_better_world"]
            odds = "-" if math.isnan(share) else percent(share)
            rows.append((plan, name, row["unit"], mean, between(low, high), odds))
    head = ("plan", "metric", "unit", "difference", "95% interval", "better in a world")
    return cell(record.sentences(), head, rows, record.plot(), record.caveats)
