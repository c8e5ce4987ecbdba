"""The claims and the run record of tier curves: a claim a row of a table."""

import math

from sim.records.claims import made, name, shared
from sim.records.run_record import RunRecord
from sim.records.words import percent
from sim.scenario import snapshot

INTERVAL = "95% interval over what is not known"


def record_of_curves(found):
    """The RunRecord of tier curves."""
    p, plan = found.provenance, found.scenario
    return RunRecord(
        "curves",
        {plan.name: snapshot.keep(plan)},
        {plan.name: p},
        {"draws": p["draws"], "seed": p["seed"]},
        of_curves(found),
        f"tier curves of {plan.name}: {p['draws']} draws, seed {p['seed']}, Tiercurve "
        f"{p['version']}",
    )


def of_curves(found):
    """Claims of tier curves: `rate/MEASURE/LEVEL` and `outcome/WORK/ROLE/LEVEL/OUTCOME`."""
    label = found.scenario.name
    common = shared({label: found.provenance}, found.caveats, "")
    return (
        *(_rate(row, common) for row in _defined(found.rates)),
        *(_outcome(row, common) for row in _defined(found.outcomes)),
    )


def _defined(table):
    return table[table["mean"].notna()].itertuples(index=False)


def _rate(row, common):
    said = f"{{}} of first sessions of studied {row.name}-level people are {row.measure}"
    return _share(name("rate", row.measure, row.name), row, said, common)


def _outcome(row, common):
    people = f"{row.name}-level people ({row.role})"
    said = f"{{}} of first sessions of {people} on {row.work} work end {row.outcome}"
    id_ = name("outcome", row.work, row.role, row.name, row.outcome)
    return _share(id_, row, said, common)


def _share(id_, row, said, common):
    numbers = (row.mean, row.ci_low, row.ci_high)
    shown = tuple(map(percent, numbers))
    said = f"{said.format(shown[0])} ({INTERVAL} {shown[1]} to {shown[2]})."
    said = said[0].upper() + said[1:]
    spread = (row.ci_high - row.ci_low) / 4  # about four standard deviations of normal draws
    error = spread / math.sqrt(common["draws"])
    return made(id_, said, numbers, INTERVAL, "share", shown, "", common, error)
