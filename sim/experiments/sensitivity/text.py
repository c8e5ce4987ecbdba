"""Sensitivity analyses as text for a terminal."""

import math

from sim import markup
from sim.records.words import percent, rounded

MOST_ROWS = 15  # of a ranking


def text(found):
    """What was found, its tables and what to keep in mind, of a Sensitivity or a Ranking."""
    body = _shares if hasattr(found, "moments") else _ranks
    p = found.provenance
    return "\n".join(
        (
            f"{found.scenario.name}: {found.scenario.question}",
            "",
            *body(found),
            "",
            *(f"- {line}" for line in found.sentences()),
            "",
            "Keep in mind:",
            *(f"- {caveat}" for caveat in found.caveats),
            "",
            f"tiercurve {p['version']}, seed {p['seed']}, curves {p['curves']}, scenario "
            f"{p['scenario_sha256'][:12]}, evidence {p['evidence_sha256'][:12]}",
        )
    )


def _shares(found):
    rows = [
        (
            row.metric, row.factor, _share(row.ST, row.ST_low, row.ST_high),
            _share(row.S1, row.S1_low, row.S1_high), _number(row.floor),
        )
        for row in found.indices.itertuples()
    ]  # fmt: skip
    head = ("metric", "factor", "total, interactions included", "alone", "noise floor")
    return [
        f"{len(found.factors)} factors, {found.blocks:,} blocks x {found.provenance['luck']} luck; "
        "shares of the variance of the expected output, with 95% intervals",
        "",
        *markup.grid(head, rows),
    ]


def _ranks(found):
    rows = []
    for metric, table in found.indices.groupby("metric", sort=False):
        rows += [
            (metric, row.factor, _number(row.value), _span(row.low, row.high))
            for row in table.head(MOST_ROWS).itertuples()
        ]
    head = ("metric", "factor", found.indices["measure"].iloc[0], "95% interval")
    return [
        f"{found.method}, the first {MOST_ROWS} inputs of each output",
        "",
        *markup.grid(head, rows),
    ]


def _share(value, low, high):
    return "-" if math.isnan(value) else f"{_number(value)} ({_span(low, high)})"


def _span(low, high):
    return "-" if math.isnan(low) else f"{_number(low)} to {_number(high)}"


def _number(value):
    if math.isnan(value):
        return "-"
    shown = f"{value:.2f}" if abs(value) < 10 else f"{value:,.0f}"
    return shown.replace("-0.00", "0.00").replace("-", "−")


def shares_cell(record):
    """A notebook cell of a Sensitivity: sentences, a table, a figure and caveats, as HTML."""
    rows = []
    ordered = record.indices.dropna(subset=["ST"]).sort_values(
        ["metric", "ST"], ascending=[True, False], kind="stable"
    )
    for row in ordered.itertuples():
        shares = (
            percent(max(0.0, value)) for value in (row.ST, row.ST_low, row.ST_high, row.floor)
        )
        total, low, high, floor = shares
        rows.append((row.metric, row.factor, row.group, total, markup.between(low, high), floor))
    head = ("metric", "factor", "group", "total share", "95% interval", "noise floor")
    return markup.cell(record.sentences(), head, rows, record.plot(), record.caveats)


def ranks_cell(record):
    """A notebook cell of a Ranking: sentences, a table, a figure and caveats, as HTML."""
    rows = [
        (row.metric, row.factor, row.measure, *_ranked(row))
        for row in record.indices.head(MOST_ROWS).itertuples()
    ]
    head = ("metric", "factor", "measure", "value", "95% interval")
    return markup.cell(record.sentences(), head, rows, record.plot(), record.caveats)


def _ranked(row):
    if math.isnan(row.low):
        return rounded(row.value, finest=2)[0], "-"
    value, low, high = rounded(row.value, row.low, row.high, finest=2)
    return value, markup.between(low, high)
