"""Levers in words: what one plan changes against another, as a planner would say it."""

from sim.parameters import SHAPES
from sim.records.factors import factor
from sim.records.words import date, unit_of_factor, weeks
from sim.scenario import LEVELS
from sim.scenario.calendar_days import is_day
from sim.scenario.merging import leaves
from sim.scenario.people import middles
from sim.scenario.rollouts import users

NAMES = {number: level for level, number in LEVELS.items()}
TOOL = ("tool.profile", "tool.curves")
_ABOUT = {  # lever -> the one without which it changes nothing
    "tasks.chain_length": "tasks.blocked_share",
    "policy.unreviewed_hours": "policy.unreviewed_share",
    "now.in_hand_left": "now.in_hand",
}
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
    paths = [path for path in paths if not (_is_idle(path, old) and _is_idle(path, new))]
    if "tool.profile" in paths:  # the rest of [tool] comes with its profile
        paths = [p for p in paths if not p.startswith("tool.") or p in TOOL]
    return paths


def are_one(reference, plan):
    """Whether two plans are one, by what is planned and up to when it is counted."""
    counted = all(
        getattr(reference, key) == getattr(plan, key) for key in ("by_week", "up_to_week")
    )
    return counted and levers(reference) == levers(plan)


def _adds_none(path, reference, plan):
    """Whether a lever is 0 in a table that one of the plans does not state: as without it."""
    table, _, rest = path.partition(".")
    stated = [one for one in (reference, plan) if getattr(one, table, None) is not None]
    return bool(rest) and len(stated) == 1 and levers(stated[0])[path] in (0, 0.0)


def _is_idle(path, stated):
    """Whether a lever changes nothing in a plan, as another that it is about is 0 there."""
    about = _ABOUT.get(path)
    if path.startswith("training.") and path != "training.seats":
        about = "training.seats"
    return about is not None and not stated.get(about)


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
            told += _rows(table, reference, plan)
        elif table == "training" and plan.training.seats and not reference.training.seats:
            told.append(_training(plan.training, _currency(plan)))
        else:
            told.append(f"{factor(path)}: {_from_to(path, old.get(path), new.get(path))}")
    return tuple(dict.fromkeys(told))


def _currency(plan):
    return plan.money.currency if plan.money else ""


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
        parts = ([part] if isinstance(part, str) else part for part in value)
        return ", ".join(" to ".join(map(_text, part)) for part in parts)
    if isinstance(value, list):
        return ", ".join(_value(part, unit) for part in value)
    if unit == "share" and isinstance(value, float):
        return f"{100 * value:g}%"
    return _text(value) if isinstance(value, str) else f"{value:,g}"


def _text(value):
    """A name as it is; a day in words."""
    return date(value) if is_day(value) else value


# ---- people and trainings ------------------------------------------------------------------------


def _training(training, unit, _=None):
    """A training, in words."""
    cost = f", {training.cost_per_seat:,g} {unit} a seat" if unit and training.cost_per_seat else ""
    week = f" from week {training.start_week}" if training.start_week else ""
    return (
        f"{training.seats} trained towards {training.target} for {weeks(training.weeks)}{week}, "
        f"{training.hours_per_week:g} h a week each and {training.trainer_hours_per_week:g} h a "
        f"week of a trainer{cost}"
    )


def _rows(table, reference, plan):
    """Rows that a plan has more, or less, than the reference."""
    say, unit = _ROWS[table], _currency(plan)
    before, after = getattr(reference, table), getattr(plan, table)
    more = [say(row, unit, plan) for row in after if row not in before]
    return [*more, *(f"not: {say(row, unit, reference)}" for row in before if row not in after)]


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


def _joins(row, unit, _):
    fill = f" and filled {row.weeks_to_fill:g} weeks later" if row.weeks_to_fill else ""
    cost = f", hired for {row.hiring_cost:,g} {unit}" if unit and row.hiring_cost else ""
    each = " each" if cost and row.count > 1 else ""
    return (
        f"{_who(row)} more, the seat open from week {row.week}{fill}{cost}{each}{_more(row, unit)}"
    )


def _leaves(row, unit, _):
    return f"{_who(row)} less from week {row.week}"


def _there(row, unit, _):
    return f"{_who(row)} more{_more(row, unit)}"


def _levels(names):
    """Levels as words for people: "novice, beginner and advanced-level"."""
    *first, last = ("advanced-level" if name == "advanced" else name for name in names)
    return f"{', '.join(first)} and {last}" if first else last


def reached(row, plan):
    """Whom a rollout reaches of those there at the start: "all 9 people", "5 of 9 engineers"."""
    role = {"engineer": "engineers", "adjacent": "people in adjacent roles"}.get(row.role, "people")
    who = f"{_levels(row.levels)} {role}" if row.levels else role
    people = middles(plan.groups)
    able = len(users(row.model_copy(update={"share": 1.0}), people))
    count = len(users(row, people))
    if not able:
        return f"no {who} at the start"
    return f"all {able} {who}" if count == able else f"{count} of {able} {who}"


def begins(row):
    """When a rollout begins, in words: "from week 6 on, over 12 weeks"."""
    return f"from week {row.week}" + (f" on, over {weeks(row.weeks)}" if row.weeks else "")


def _rolled_out(row, unit, plan):
    """A rollout, in words."""
    cost = row.cost_per_person_month
    price = f", {cost:,g} {unit} a person and month" if unit and cost is not None else ""
    return f"tool {row.profile} for {reached(row, plan)} {begins(row)}{price}"


_ROWS = {
    "joiners": _joins, "leavers": _leaves, "people": _there, "trainings": _training,
    "rollout": _rolled_out,
}  # fmt: skip
