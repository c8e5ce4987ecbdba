"""The answer of a run as text for a terminal."""

import math
import textwrap

from sim.engine import metrics
from sim.experiments import answers
from sim.markup import WIDTH, between, cell, grid, number, plain, span
from sim.records.words import rounded

# What is shown unless everything is asked for; the rest is detail.
MAIN = metrics.listed("headline")


def run_text(result, everything=False, found=None):
    """The answer of a run as text: question, answer, table, how to read it, caveats, provenance.

    everything : bool, show every metric, not the main ones only
    found : answers.Answer, if it is already known
    """
    found = found or answers.answer(result)
    table = result.summary()
    names = (
        metrics.NAMES
        if everything
        else [n for n in MAIN if table.loc[n, "mean"] == table.loc[n, "mean"]]
    )
    rows = []
    for name in names:
        row = table.loc[name]
        share = "-" if math.isnan(row["chance_share"]) else f"{row['chance_share']:.0%}"
        cells = (
            number(row["mean"]),
            span(row["ci_low"], row["ci_high"]),
            span(row["p10"], row["p90"]),
        )
        rows.append((name, row["unit"], *cells, share, int(row["undefined"]) or ""))
    head = ("metric", "unit", "mean", "95% interval", "10-90% of worlds", "chance", "undefined")
    counted = any(row[-1] for row in rows)
    p, plan = result.provenance, result.scenario
    what = (
        "95% interval: of the expected output, over what is not known."
        if result.uncertain
        else "95% interval: numerical error only; parameters are at their centre."
    )
    return "\n".join(
        (
            f"{plan.name}: {plan.question}",
            "",
            *textwrap.wrap(plain(found.sentence), WIDTH),
            "",
            f"{sum(g.count for g in plan.groups)} people, {plan.horizon.weeks} weeks from "
            f"{plan.horizon.start}, tool {plan.tool.profile}, {p['draws']} draws x "
            f"{p['luck']} luck",
            "",
            *(grid(head, rows) if counted else grid(head[:-1], [row[:-1] for row in rows])),
            "",
            f"{what} 10-90%: where one world falls, chance and",
            "ignorance together. chance: share of that spread that is luck.",
            *(["undefined: worlds in which the metric has no value."] if counted else []),
            *_forecast(result, found),
            "",
            "Keep in mind:",
            *(f"- {caveat}" for caveat in (*found.caveats, *result.caveats)),
            "",
            f"tiercurve {p['version']}, seed {p['seed']}, curves {p['curves']}, scenario "
            f"{p['scenario_sha256'][:12]}, evidence {p['evidence_sha256'][:12]}",
        )
    )


def _forecast(result, found):
    """When a finite backlog is done, unless that is the answer itself."""
    if result.scenario.tasks.backlog is None:
        return []
    said = str(result.forecast())
    return [] if said in found.sentence else ["", *textwrap.wrap(plain(f"Forecast: {said}"), WIDTH)]


def run_cell(record):
    """A notebook cell: sentences, a table, a figure and caveats, as HTML."""
    table = record.summary()
    rows = []
    for name in MAIN:
        row = table.loc[name]
        if row["mean"] != row["mean"]:
            continue
        mean, low, high = rounded(*row[["mean", "ci_low", "ci_high"]])
        worlds = between(*rounded(*row[["p10", "p90"]]))
        rows.append((name, row["unit"], mean, between(low, high), worlds))
    head = ("metric", "unit", "mean", "95% interval", "8 of 10 worlds")
    lines = (record.scenario.question, answers.of_one(record))
    return cell(lines, head, rows, record.plot(), record.caveats)
