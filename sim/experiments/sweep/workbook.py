"""The sheets of a sweep in a workbook."""

from sim.experiments import leading
from sim.experiments.sweep import sentences
from sim.records import sheets
from sim.records.words import units


def main_sheet(sweep):
    """Points of a Sweep from the best down by what leads, and what each costs more: DataFrame."""
    metric, currency = sweep.metric, _currency(sweep)
    table, costs = sweep.best(metric), sentences.extra_costs(sweep)
    of = {"mean": sweep.unit(metric)} | dict.fromkeys(("ci_low", "ci_high"), sweep.unit(metric))
    place = table.columns.get_loc("ci_high") + 1
    for end in ("high", "low", "mean") if costs is not None else ():
        name = f"extra cost over {sweep.reference}" + (f", {end}" if end != "mean" else "")
        table.insert(place, name, table["point"].map(costs[end]))
        of[name] = currency
    if sweep.against is not None:
        table = table.rename(columns=lambda name: _named(sweep, name))
        ends = ("", "_low", "_high")
        of |= {_named(sweep, f"difference{end}"): sweep.unit(metric) for end in ends}
    table.insert(1, "metric", sentences.in_words(sweep, metric))
    table.insert(2, "unit", sweep.unit(metric))
    return sheets.in_units(table, of, currency)


def sheets_of(sweep):
    """The further sheets of a Sweep: dict name -> DataFrame."""
    table = sweep.summary()
    table["unit"] = table["metric"].map(units(sweep.scenario))
    table = table[table["mean"].notna()]
    leads = (sweep.metric, sentences.EXTRA, leading.WORK)
    held = {}
    if sweep.against is not None:
        own = sweep.differences().assign(reference=sweep.reference)
        own["unit"] = own["metric"].map(units(sweep.against.scenario))
        held = {"differences": sheets.by_metric(own, leads, _currency(sweep))}
    return held | {"metrics": sheets.by_metric(table, leads, _currency(sweep))}


def _named(sweep, name):
    """The name of a column of differences, with the reference in it."""
    if not name.startswith("difference"):
        return name
    return f"difference to {sweep.reference}{name[len('difference') :].replace('_', ', ')}"


def _currency(sweep):
    money = sweep.scenario.money
    return money.currency if money else ""
