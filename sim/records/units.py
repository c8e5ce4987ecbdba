"""Units of metrics, outputs and factors, in words."""

from sim.engine import metrics
from sim.parameters import register
from sim.scenario import schema


def units(plan):
    """Unit of every metric: name -> text, with the plan's currency where it states one."""
    currency = plan.money.currency if plan.money else metrics.MONEY
    return {name: unit.replace(metrics.MONEY, currency) for name, unit in metrics.UNITS.items()}


def unit_of_output(name):
    """Unit of an output of an analysis, such as "work_delivered" or "tasks_done@13"."""
    flow = name.partition("@")[0]
    return metrics.UNITS.get(flow) or metrics.FLOW_UNITS[flow]


def unit_of_factor(path):
    """Unit of a factor, such as "people" or "share"; empty where it has none."""
    name = path.removeprefix("world.")
    if path.startswith("world.") and name in register():
        return register()[name].unit
    tables = schema()
    place = tables
    for part in path.split("."):
        place = place.get("properties", {}).get(part, {})
        places = [place, *place.get("anyOf", ()), *place.get("allOf", ())]
        named = next((p["$ref"] for p in places if "$ref" in p), None)
        if named:
            place = tables["$defs"][named.rpartition("/")[2]]
    return place.get("unit", "")
