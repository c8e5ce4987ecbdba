"""The claims of runs, comparisons and tier curves: every number that can be quoted of them."""

import math

from sim.analysis.estimates import Z
from sim.engine import luck, metrics
from sim.experiments import drivers, findings
from sim.records.claims import NUMERICAL, ODDS, WORLD, made, name, shared
from sim.records.run_record import RunRecord
from sim.records.words import (
    DIRECTIONS,
    break_even_weeks,
    by_when,
    counted_to,
    error_told,
    kind_of_interval,
    percent,
    rounded,
    signed,
    weeks,
    within_interval,
)
from sim.records.words import label as label_of
from sim.scenario import snapshot

# Standard error of a median over the 10-90% range, per root of n, for normal values.
MEDIAN = math.sqrt(math.pi / 2) / 2.563


def of_result(result, label=None):
    """Claims of a run: of each metric `METRIC/mean/LABEL` and `METRIC/world/LABEL`.

    label : the plan's name by default
    """
    label = label or result.scenario.name
    table = result.summary()
    table = table[table["ci_low"].notna()]
    common = _shared({label: result}, result.caveats, result.cite())
    carried = _carried(result.values(*table.index).mean(axis=1), result) if len(table) else []
    claims = []
    for (metric, row), first in zip(table.iterrows(), carried, strict=True):
        claims.append(_mean(label, metric, row, result, first, common))
        if not math.isnan(row["p50"]):  # an event has no value in one world but yes or no
            claims.append(_world(label, metric, row, result, first, common))
    return tuple(claims)


def _mean(label, metric, row, result, first, common):
    event = metrics.BY_NAME[metric].event
    kind = ODDS if event else kind_of_interval(result.uncertain, common["luck"])
    numbers = [row[c] for c in ("mean", "ci_low", "ci_high")]
    shown, unit = _shown(numbers, row["unit"], row["mc_error"])
    sentence = (
        f"{label}: {label_of(metric)} {shown[0]}{_space(unit)} in {_span(result, metric)} "
        f"({kind} {shown[1]} to {shown[2]}){_left_out(result, row)}."
    )
    return _claim(
        name(metric, "mean", label), sentence, numbers, kind, row["unit"], shown, unit,
        row["mc_error"], first, common,
    )  # fmt: skip


def _span(result, metric):
    """Over how long a metric is: until done is told with who is not done by then."""
    plan = result.scenario
    if metrics.BY_NAME[metric].event:
        return f"{weeks(plan.horizon.weeks)}, {by_when(plan)}"
    if metric in findings.UNTIL_DONE:
        return f"{weeks(plan.horizon.weeks)}, {counted_to(plan)}, {findings.left(result)}"
    return weeks(plan.horizon.weeks)


def _left_out(result, row):
    """How many worlds have no value, where some have none."""
    if not row["undefined"]:
        return ""
    return "; " + findings.undefined(row["undefined"], len(result.replications))


def _world(label, metric, row, result, first, common):
    numbers = [row[c] for c in ("p50", "p10", "p90")]
    error = _median_error(numbers, common["draws"])
    shown, unit = _shown(numbers, row["unit"], error)
    sentence = (
        f"{label}: in 8 of 10 single worlds of {weeks(result.scenario.horizon.weeks)} "
        f"{label_of(metric)} is {shown[1]} to {shown[2]}{_space(unit)}, in half of them "
        f"{shown[0]} or less."
    )
    return _claim(
        name(metric, "world", label), sentence, numbers, WORLD, row["unit"], shown, unit,
        error, first, common,
    )  # fmt: skip


def of_comparison(comparison):
    """Claims of a comparison: of each plan those of a run, of each difference five more.

    `METRIC/difference/LABEL`, `METRIC/percent/LABEL`, `METRIC/world_difference/LABEL`,
    `METRIC/better_expected/LABEL`, `METRIC/better_world/LABEL`, and of the flow of the weekly
    paths, and of work delivered, `FLOW/break_even/LABEL`. LABEL is the plan's, set against the
    reference.
    """
    claims = []
    for label, result in comparison.results.items():
        claims += of_result(result, label)
    for label in comparison.plans:
        claims += _differences(comparison, label)
    return tuple(claims)


def _differences(comparison, label):
    """Claims of one plan against the reference."""
    both = {key: comparison.results[key] for key in (comparison.reference, label)}
    a, b = both.values()
    common = _shared(both, comparison.caveats, comparison.cite())
    table = comparison.summary().loc[[label]]
    table = table[table["ci_low"].notna()]
    metrics_ = [metric for _, metric in table.index]
    gaps = (b.values(*metrics_) - a.values(*metrics_)).mean(axis=1)
    claims = []
    for (_, row), first in zip(table.iterrows(), _carried(gaps, a, b), strict=True):
        for make in (_difference, _percent, _one_world, _better):
            claims += make(comparison, row, first, common)
    for flow in dict.fromkeys((comparison.flow, "work_delivered")):
        first = _first_of(claims, name(flow, "difference", label))
        claims += _break_even(comparison, label, flow, first, common)
    return claims


def of_point(comparison, row, common):
    """Claims of a point of a sweep against the reference, in one metric: list.

    `METRIC/difference/LABEL`, `METRIC/better_expected/LABEL`, `METRIC/better_world/LABEL`.

    comparison : Comparison or PointComparison, row : of its summary
    """
    if math.isnan(row["ci_low"]):
        return []
    return [claim for make in (_difference, _better) for claim in make(comparison, row, (), common)]


def _first_of(claims, id_):
    return next((claim.carried_by for claim in claims if claim.id == id_), ())


def _difference(comparison, row, first, common):
    label, metric = row.name
    numbers = [row[c] for c in ("mean", "ci_low", "ci_high")]
    shown = signed(
        *findings.amounts(row, "mean", "ci_low", "ci_high"), error=findings.error_of(row)
    )
    sentence = findings.finding(comparison, row) + "."
    yield _claim(
        name(metric, "difference", label), sentence, numbers,
        NUMERICAL if metrics.BY_NAME[metric].event else comparison.interval,
        row["unit"], shown, findings.unit(row), row["mc_error"], first, common,
    )  # fmt: skip


def _percent(comparison, row, first, common):
    label, metric = row.name
    if math.isnan(row["percent"]):
        return
    numbers = [row[c] for c in ("percent", "percent_low", "percent_high")]
    error = findings.percent_error(row)
    shown = tuple(f"{text}%" for text in signed(*numbers, finest=1, error=error))
    kind = "95% interval" if comparison.uncertain else "95% numerical error"
    change = f"changes {label_of(metric)} by {shown[0]} of {comparison.reference}"
    if not shown[0].strip("0.%"):  # too small for the step its error bears
        change = (
            f"shows no difference from {comparison.reference} in {label_of(metric)}, in percent"
        )
    sentence = f"{label} {change} ({kind} {shown[1]} to {shown[2]})."
    sentence = findings.on_terms(comparison, label, metric, sentence)
    yield _claim(
        name(metric, "percent", label), sentence, numbers, kind, "%", shown, "", error, first,
        common,
    )  # fmt: skip


def _one_world(comparison, row, first, common):
    label, metric = row.name
    if math.isnan(row["p50"]):
        return
    numbers = [row[c] for c in ("p50", "p10", "p90")]
    error = _median_error(numbers, common["draws"])
    told = error_told(error, row["unit"])
    shown = signed(*findings.amounts(row, "p50", "p10", "p90"), error=told)
    unit = findings.unit(row)
    sentence = (
        f"In 8 of 10 single worlds {label} differs from {comparison.reference} in "
        f"{label_of(metric)} by {shown[1]} to {shown[2]} {unit}, in half of them by "
        f"{shown[0]} or less."
    )
    sentence = findings.on_terms(comparison, label, metric, sentence)
    yield _claim(
        name(metric, "world_difference", label), sentence, numbers, WORLD, row["unit"], shown, unit,
        error, first, common,
    )  # fmt: skip


def _better(comparison, row, first, common):
    label, metric = row.name
    for what, words in (("expected", "in expectation"), ("world", "in any one world")):
        column = f"p_better_{what}"
        numbers = [row[column], row[f"{column}_low"], row[f"{column}_high"]]
        if math.isnan(numbers[0]):
            continue
        shown = tuple(map(percent, numbers))
        way = "more" if DIRECTIONS[metric] > 0 else "less"
        sentence = (
            f"{label} has {way} {label_of(metric)} than {comparison.reference} {words} with "
            f"probability {shown[0]} ({ODDS} {shown[1]} to {shown[2]})."
        )
        sentence = findings.on_terms(comparison, label, metric, sentence)
        error = (numbers[2] - numbers[1]) / (2 * Z)
        yield _claim(
            name(metric, f"better_{what}", label), sentence, numbers, ODDS, "share", shown, "",
            error, first, common,
        )  # fmt: skip


def _break_even(comparison, label, flow, first, common):
    row = comparison.break_even(flow).loc[label]
    if math.isnan(row["week"]):
        return
    numbers = [float(row[c]) for c in ("week", "week_low", "week_high")]
    shown = break_even_weeks(numbers, comparison.weeks)
    way, when = ("is", f"by {shown[0]}")
    if math.isinf(numbers[0]):
        way, when = "is not", f"within {weeks(comparison.weeks)}"
    sentence = (
        f"{label} {way} ahead of {comparison.reference} in {label_of(flow)} for good in half of "
        f"the worlds {when} {within_interval(NUMERICAL, *shown[1:])}."
    )
    sentence = findings.on_terms(comparison, label, flow, sentence)
    error = (numbers[2] - numbers[1]) / (2 * Z) if math.isfinite(numbers[2]) else math.nan
    yield _claim(
        name(flow, "break_even", label), sentence, numbers, ODDS, "weeks", shown, "",
        error, first, common,
    )  # fmt: skip


def _shown(numbers, unit, error):
    """Numbers as they are printed, and the unit to print after them.

    error : simulation error of the first, in `unit`
    """
    if unit == "share":
        texts = rounded(*(100 * n for n in numbers), error=error_told(error, unit))
        return tuple(f"{text}%" for text in texts), ""
    return rounded(*numbers, error=error), unit


def _space(unit):
    return f" {unit}" if unit else ""


def _median_error(numbers, draws):
    """Standard error of the middle of three numbers p50, p10, p90, from draws alone."""
    _, low, high = numbers
    return MEDIAN * (high - low) / math.sqrt(draws) if math.isfinite(high - low) else math.nan


def _carried(means, *results):
    """Carriers of each column of means (draws, n), by the parameters of any of the results."""
    if not results[0].uncertain:
        return [()] * means.shape[1]
    drawn: dict = {}
    for result in reversed(results):
        drawn |= result.drawn | result.rates
    first = results[0]
    stated = first.scenario.world.keys()
    return drivers.ranked(means, drawn, luck.key_of(first.provenance["seed"]), stated)


def _shared(results, caveats, citation):
    """What all claims of some results share: label -> Result."""
    provenance = {label: result.provenance for label, result in results.items()}
    first = next(iter(provenance.values()))
    how = drivers.HOW if first["uncertainty"] == "full" else drivers.CENTRAL
    return shared(provenance, caveats, citation, carried_how=how)


def _claim(id_, sentence, numbers, interval, unit, shown, shown_unit, error, first, common):
    sentence = sentence[0].upper() + sentence[1:]  # a plan's label may be words
    common = common | {"carried_by": first}
    return made(id_, sentence, numbers, interval, unit, shown, shown_unit, common, error)


# ---- the claims and the run record of tier curves ------------------------------------------------


INTERVAL = "95% interval over what is not known"


def record_of_curves(curves):
    """The RunRecord of tier curves."""
    p, plan = curves.provenance, curves.scenario
    return RunRecord(
        "curves",
        {plan.name: snapshot.keep(plan)},
        {plan.name: p},
        {"draws": p["draws"], "seed": p["seed"]},
        of_curves(curves),
        f"tier curves of {plan.name}: {p['draws']} draws, seed {p['seed']}, Tiercurve "
        f"{p['version']}",
    )


def of_curves(curves):
    """Claims of tier curves: `rate/MEASURE/LEVEL` and `outcome/WORK/ROLE/LEVEL/OUTCOME`."""
    label = curves.scenario.name
    common = shared({label: curves.provenance}, curves.caveats, "")
    return (
        *(_rate(row, common) for row in _defined(curves.rates)),
        *(_outcome(row, common) for row in _defined(curves.outcomes)),
    )


def _defined(table):
    return table[table["mean"].notna()].itertuples(index=False)


def _rate(row, common):
    sentence = f"{{}} of first sessions of studied {row.name}-level people are {row.measure}"
    return _share(name("rate", row.measure, row.name), row, sentence, common)


def _outcome(row, common):
    people = f"{row.name}-level people ({row.role})"
    sentence = f"{{}} of first sessions of {people} on {row.work} work end {row.outcome}"
    id_ = name("outcome", row.work, row.role, row.name, row.outcome)
    return _share(id_, row, sentence, common)


def _share(id_, row, sentence, common):
    numbers = (row.mean, row.ci_low, row.ci_high)
    shown = tuple(map(percent, numbers))
    sentence = f"{sentence.format(shown[0])} ({INTERVAL} {shown[1]} to {shown[2]})."
    sentence = sentence[0].upper() + sentence[1:]
    spread = (row.ci_high - row.ci_low) / 4  # about four standard deviations of normal draws
    error = spread / math.sqrt(common["draws"])
    return made(id_, sentence, numbers, INTERVAL, "share", shown, "", common, error)
