"""Records as they show themselves: HTML for a notebook cell (words, table, figure), and text."""

import base64
from functools import singledispatch
from html import escape

from sim.experiments import compare_text
from sim.experiments.answers import Answer, of_one
from sim.experiments.comparison import Comparison
from sim.experiments.decide import Decision, text
from sim.experiments.findings import LABELS
from sim.experiments.result import Result
from sim.experiments.run_text import MAIN, grid, run_text
from sim.experiments.sensitivity import Ranking, Sensitivity, text
from sim.experiments.sweep import Sweep, text
from sim.records.words import percent, rounded, signed
from sim.scenario import Scenario
from sim.scenario.merging import leaves
from sim.studies import Study, text

MOST_ROWS = 15
DPI = 100


@singledispatch
def html(record):
    """A record as HTML that stands alone: what was found, a table, a figure, caveats."""
    raise TypeError(f"no cell is made of a {type(record).__name__}")


@singledispatch
def text(record):
    """A record as lines for a terminal."""
    raise TypeError(f"no text is made of a {type(record).__name__}")


def cell(lines, head, rows, figure=None, caveats=()):
    """The parts of a record one below the other, as HTML."""
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    more = "".join(f"<li>{escape(line)}</li>" for line in caveats)
    kept = f"<details><summary>Keep in mind</summary><ul>{more}</ul></details>" if more else ""
    return f"<div>{said}{_table(head, rows)}{_image(figure)}{kept}</div>"


def _table(head, rows):
    heads = "".join(f"<th>{escape(str(name))}</th>" for name in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(str(value))}</td>' for value in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _image(figure):
    if figure is None:
        return ""
    from sim import figures  # late: slow to import

    data = base64.b64encode(figures.to_bytes(figure, "png", dpi=DPI)).decode()
    words = escape(" ".join(figure.get_suptitle().split()))
    return f'<img alt="{words}" style="max-width:100%" src="data:image/png;base64,{data}">'


def _odds(share):
    return "-" if share != share else percent(share)


def _interval(low, high):
    return f"{low} to {high}"


def _levers(plan):
    """Tables of a scenario with the levers stated in each, those that are nothing left out."""
    found: dict[str, list[str]] = {}
    for path, value in leaves(plan.to_dict()):
        table, _, key = path.partition(".")
        if table != "question" and value not in (0, 0.0, [], {}, None):
            found.setdefault(table, []).append(f"{key} {value}".strip())
    return [(table, "; ".join(values)) for table, values in found.items()]


@html.register
def _of_scenario(record: Scenario):
    lines = (f"{record.name}: {record.question}", *record.notes)
    return cell(lines, ("table", "levers"), _levers(record))


@text.register
def _scenario_text(record: Scenario):
    head = f"{record.name}: {record.question}"
    return "\n".join((head, "", *grid(("table", "levers"), _levers(record)), *record.notes))


@html.register
def _of_result(record: Result):
    table = record.summary()
    rows = []
    for name in MAIN:
        row = table.loc[name]
        if row["mean"] != row["mean"]:
            continue
        mean, low, high = rounded(*row[["mean", "ci_low", "ci_high"]])
        worlds = _interval(*rounded(*row[["p10", "p90"]]))
        rows.append((name, row["unit"], mean, _interval(low, high), worlds))
    head = ("metric", "unit", "mean", "95% interval", "8 of 10 worlds")
    lines = (record.scenario.question, of_one(record))
    return cell(lines, head, rows, record.plot(), record.caveats)


@text.register
def _result_text(record: Result):
    return run_text(record, found=Answer(of_one(record), ()))


@html.register
def _of_comparison(record: Comparison):
    table = record.summary()
    rows = []
    for plan in record.plans:
        for name in LABELS:
            row = table.loc[(plan, name)]
            if row["mean"] != row["mean"]:
                continue
            mean, low, high = signed(*row[["mean", "ci_low", "ci_high"]])
            odds = _odds(row["p_better_world"])
            rows.append((plan, name, row["unit"], mean, _interval(low, high), odds))
    head = ("plan", "metric", "unit", "difference", "95% interval", "better in a world")
    return cell(record.sentences(), head, rows, record.plot(), record.caveats)


@text.register
def _comparison_text(record: Comparison):
    return compare_text.compare_text(record)


@html.register
def _of_sweep(record: Sweep):
    table = record.best().head(MOST_ROWS)
    rows = []
    for _, row in table.iterrows():
        mean, low, high = rounded(*row[["mean", "ci_low", "ci_high"]])
        levers = (text.value(row[path]) for path in record.factors)
        odds = text.chance(row, "p_best_expected")
        rows.append((int(row["point"]), *levers, mean, _interval(low, high), odds))
    head = ("point", *record.factors, "work_delivered [expert-h]", "95% interval", "best expected")
    hidden = len(record.points) - len(table)
    lines = [repr(record).strip("<>"), *([f"{hidden} more points."] if hidden > 0 else [])]
    return cell(lines, head, rows, record.plot(), record.caveats)


@text.register
def _sweep_text(record: Sweep):
    return text.sweep_text(record)


@html.register
def _of_sensitivity(record: Sensitivity):
    rows = []
    ordered = record.indices.dropna(subset=["ST"]).sort_values(
        ["metric", "ST"], ascending=[True, False], kind="stable"
    )
    for row in ordered.itertuples():
        shares = (
            percent(max(0.0, value)) for value in (row.ST, row.ST_low, row.ST_high, row.floor)
        )
        total, low, high, floor = shares
        rows.append((row.metric, row.factor, row.group, total, _interval(low, high), floor))
    head = ("metric", "factor", "group", "total share", "95% interval", "noise floor")
    return cell(record.sentences(), head, rows, record.plot(), record.caveats)


@text.register
def _sensitivity_text(record: Sensitivity):
    return text.text(record)


@html.register
def _of_ranking(record: Ranking):
    rows = [
        (row.metric, row.factor, row.measure, *_ranked(row))
        for row in record.indices.head(MOST_ROWS).itertuples()
    ]
    head = ("metric", "factor", "measure", "value", "95% interval")
    return cell(record.sentences(), head, rows, record.plot(), record.caveats)


def _ranked(row):
    if row.low != row.low:
        return rounded(row.value, finest=2)[0], "-"
    value, low, high = rounded(row.value, row.low, row.high, finest=2)
    return value, _interval(low, high)


@text.register
def _ranking_text(record: Ranking):
    return text.text(record)


@html.register
def _of_decision(record: Decision):
    rows = []
    for label, row in record.table.iterrows():
        mean, low, high = rounded(*row[["mean", "ci_low", "ci_high"]])
        odds = [
            "-" if row[p] != row[p] else percent(row[p])
            for p in ("p_best_expected", "p_best_world")
        ]
        rows.append((label, mean, _interval(low, high), *odds))
    what = f"{record.metric} [{record.unit}]"
    head = ("plan", what, "95% interval", "best expected", "best in a world")
    return cell(record.sentences(), head, rows[:MOST_ROWS], record.plot(), record.caveats)


@text.register
def _decision_text(record: Decision):
    return text.text(record)


@html.register
def _of_study(record: Study):
    return cell(record.findings, (), (), record.plot(), record.caveats)


@text.register
def _study_text(record: Study):
    return text.text(record)
