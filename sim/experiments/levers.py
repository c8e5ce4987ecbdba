"""Levers in words: what one plan changes against another, as a planner would say it."""

from sim.parameters import SHAPES
from sim.records.factors import factor
from sim.records.words import unit_of_factor, weeks
from sim.scenario import LEVELS
from sim.scenario.merging import leaves

NAMES = {number: level for level, number in LEVELS.items()}
TOOL = ("tool.profile", "tool.curves")
_UNITS_TOLD = ("weeks", "h", "h/week", "expert-h", "tasks/week")  # the name holds all others


def levers(plan):
    """Levers of a plan that make it another plan: dotted path -> value.

    The question and the answer are not among them.
    """
    stated = (_whole(path, value) for path, value in leaves(plan.to_dict()) if value != [])
    return {path: v for path, v in stated if path != "question" and not path.startswith("answer.")}


def _whole(path, value):
    """A lever's path and value; a distribution is one value."""
    above, _, shape = path.rpartition(".")
    return (above, {shape: value}) if shape in SHAPES else (path, value)


def differences(reference, plan):
    """Dotted paths of the levers in which a plan differs from the reference: list of str."""
    old, new = levers(reference), levers(plan)
    paths = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    paths = [path for path in paths if not _adds_none(path, reference, plan)]
    if "tool.profile" in paths:  # the rest of [tool] comes with its profile
        paths = [p for p in paths if not p.startswith("tool.") or p in TOOL]
    return paths


def _adds_none(path, reference, plan):
    """Whether a lever is 0 in a table that one of the plans does not state: as without it."""
    table, _, rest = path.partition(".")
    stated = [one for one in (reference, plan) if getattr(one, table, None) is not None]
    return bool(rest) and len(stated) == 1 and levers(stated[0])[path] in (0, 0.0)


def in_words(reference, plan, paths=None):
    """What a plan changes against the reference, a line each: "expert engineers: 2 → 3".

    paths : only these levers; all that differ by default
    """
    paths = differences(reference, plan) if paths is None else paths
    old, new = levers(reference), levers(plan)
    told = []
    for path in paths:
        table = path.split(".")[0]
        if table in _ROWS:
            told += _rows(table, getattr(reference, table), getattr(plan, table), _currency(plan))
        elif table == "training" and plan.training.seats and not reference.training.seats:
            told.append(_training(plan.training, _currency(plan)))
        else:
            told.append(f"{factor(path)}: {_from_to(path, old.get(path), new.get(path))}")
    return tuple(dict.fromkeys(told))


def _currency(plan):
    return plan.money.currency if plan.money else ""


def tools(plan):
    """What people of a plan work with, and what they begin to use, in a few words."""
    later = [f"{row.profile} from week {row.week}" for row in plan.rollout]
    return ", ".join([plan.tool.profile, *later])


# ---- one lever -----------------------------------------------------------------------------------


def _from_to(path, old, new):
    unit = unit_of_factor(path)
    before, after = (_value(value, unit) for value in (old, new))
    said = f"{before} → {after}"
    told = unit in _UNITS_TOLD and after != "not stated"
    return f"{said} {unit}" if told else said


def _value(value, unit):
    """A lever's value in words; a distribution by its shape."""
    if value is None or value == []:
        return "not stated"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in SHAPES:
        shape, numbers = next(iter(value.items()))
        told = [_value(number, unit) for number in numbers]
        return " to ".join(told) if shape == "uniform" else f"{shape} {', '.join(told)}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(part, unit)}" for key, part in value.items())
    if isinstance(value, list) and value and all(isinstance(part, str | list) for part in value):
        days = (part if isinstance(part, str) else " to ".join(part) for part in value)
        return ", ".join(days)
    if isinstance(value, list):
        return ", ".join(_value(part, unit) for part in value)
    if unit == "share" and isinstance(value, float):
        return f"{100 * value:g}%"
    return str(value) if isinstance(value, str) else f"{value:,g}"


# ---- people and trainings ------------------------------------------------------------------------


def _training(training, unit):
    """A training, in words."""
    cost = f", {training.cost_per_seat:,g} {unit} a seat" if unit and training.cost_per_seat else ""
    week = f" from week {training.start_week}" if training.start_week else ""
    return (
        f"{training.seats} trained towards {training.target} for {weeks(training.weeks)}{week}, "
        f"{training.hours_per_week:g} h a week each and {training.trainer_hours_per_week:g} h a "
        f"week of a trainer{cost}"
    )


def _rows(table, before, after, unit):
    """Rows that a plan has more, or less, than the reference."""
    say = _ROWS[table]
    more = [say(row, unit) for row in after if row not in before]
    return [*more, *(f"not: {say(row, unit)}" for row in before if row not in after)]


def _who(row):
    count = "one" if row.count == 1 else f"{row.count}"
    level = _level(row.level)
    if row.role == "engineer":
        return f"{count} {level} engineer{'s' if row.count > 1 else ''}"
    return f"{count} {level} {'people' if row.count > 1 else 'person'} in an adjacent role"


def _level(level):
    if isinstance(level, dict):
        return " and ".join(f"{_level(value)} ({domain})" for domain, value in level.items())
    if isinstance(level, list):
        return " to ".join(_level(end) for end in level)
    return NAMES.get(level, f"level {level:g}")


def _more(row, unit):
    hours = f", {row.hours_per_week:g} h a week" if row.hours_per_week != 40 else ""
    cost = row.cost_per_hour
    return f"{hours}{f', {cost:,g} {unit} an hour' if unit and cost is not None else ''}"


def _joins(row, unit):
    fill = f" and filled {row.weeks_to_fill:g} weeks later" if row.weeks_to_fill else ""
    cost = f", hired for {row.hiring_cost:,g} {unit}" if unit and row.hiring_cost else ""
    each = " each" if cost and row.count > 1 else ""
    return (
        f"{_who(row)} more, the seat open from week {row.week}{fill}{cost}{each}{_more(row, unit)}"
    )


def _leaves(row, unit):
    return f"{_who(row)} less from week {row.week}"


def _there(row, unit):
    return f"{_who(row)} more{_more(row, unit)}"


def _levels(names):
    """Levels as words for people: "novice, beginner and advanced-level"."""
    *first, last = ("advanced-level" if name == "advanced" else name for name in names)
    return f"{', '.join(first)} and {last}" if first else last


def _rolled_out(row, unit):
    """A rollout, in words."""
    role = {"engineer": "engineers", "adjacent": "people in adjacent roles"}.get(row.role, "people")
    levels = f"{_levels(row.levels)} " if row.levels else ""
    who = f"all {levels}{role}" if row.share == 1 else f"{100 * row.share:g}% of {levels}{role}"
    when = f"from week {row.week}"
    when += f" on, over {weeks(row.weeks)}" if row.weeks else ""
    cost = row.cost_per_person_month
    price = f", {cost:,g} {unit} a person and month" if unit and cost is not None else ""
    return f"tool {row.profile} for {who} {when}{price}"


_ROWS = {
    "joiners": _joins, "leavers": _leaves, "people": _there, "trainings": _training,
    "rollout": _rolled_out,
}  # fmt: skip
