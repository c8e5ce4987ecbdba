"""What would mend a fault of a file: words that planners use, and where they are stated here."""

import re
from typing import Any

from sim.errors import did_you_mean, is_int_or_float, near
from sim.scenario import prices
from sim.scenario.calendar_days import is_day

_LEVELS = "novice, beginner, intermediate, advanced, expert"
_BY_LEVEL = f"state people by level: {_LEVELS}"
_ADJACENT = "state them in [team.adjacent], by level"
_SENIOR = f"say expert or advanced; the levels are {_LEVELS}"
_MIDDLE = f"say intermediate; the levels are {_LEVELS}"
_JUNIOR = f"say novice or beginner; the levels are {_LEVELS}"
_OF_LEVELS = (  # words for people of a level, and what is said here
    dict.fromkeys(("senior", "seniors", "lead", "leads", "principal", "staff"), _SENIOR)
    | dict.fromkeys(("mid", "mids", "middle", "midlevel", "mid-level", "medior"), _MIDDLE)
    | dict.fromkeys(("junior", "juniors", "graduate", "graduates", "trainee"), _JUNIOR)
)
_EVERYBODY = ("devs", "dev", "developers", "developer", "engineers", "engineer", "people", "size")
_TEAM = (
    _OF_LEVELS
    | dict.fromkeys(_EVERYBODY, _BY_LEVEL)
    | dict.fromkeys(("analyst", "analysts", "testers", "designers"), _ADJACENT)
)
_SALARY = f"state [money.salary.engineer], a salary a year by level: {_LEVELS}"
_JOINS = "who joins is a row of [[joiners]], with count, level, role and week"
_LEAVES = "who leaves is a row of [[leavers]], with level, role and week"
_TRAINING = "a training is [training], with seats, target and weeks; more are rows of [[trainings]]"
_ROLLOUT = "a tool that comes later is a row of [[rollout]], with week and profile"
_ABSENCE = "who is away is [absence], with holidays, leave and sickness"
_FREEZE = "a freeze is [freeze], with reviews or releases, lists of days"
_CHAINS = "tickets that wait for another are tasks.blocked_share, with tasks.chain_length"
_NOW = "a project that runs is [now], with open, in_hand and waiting_review"
_DEADLINE = 'a deadline is answer.by = "2027-03-31" or answer.by_week = 20'
_BACKLOG = "work that is there at the start is tasks.backlog"
_PROFILE = 'state profile, such as profile = "claude-code-2026", or "none"'
_MONTHLY = ("salary_per_month", "monthly_salary", "salary_month", "month", "monthly", "per_month")
_EXAMPLES = {  # key -> what is stated where it is missing
    "currency": 'currency = "EUR"',
    "role": 'role = "engineer", or "adjacent" for who does not code by hand',
    "level": 'level = "expert"',
    "count": "count = 1",
    "week": "week = 6, weeks into the run",
    "seats": "seats = 2",
    "target": 'target = "intermediate"',
    "start_week": "start_week = 6, weeks into the run",
    "open": "open = 97, the tickets that are not done",
    "per_year": "per_year = 0.1, for one in ten a year",
    "refill": "refill = true",
    "weeks_to_fill": "weeks_to_fill = 8",
}
_WORDS = {  # table -> word -> what would do
    "": {
        **_TEAM,
        "deadline": _DEADLINE,
        "due": _DEADLINE,
        **dict.fromkeys(("salary", "salaries", "pay", "cost"), _SALARY),
        **dict.fromkeys(("hire", "hires", "hiring", "join", "joiner", "recruit"), _JOINS),
        **dict.fromkeys(("leave", "leaves", "leaver", "quit"), _LEAVES),
        **dict.fromkeys(("train", "course", "courses", "cohorts", "cohort"), _TRAINING),
        **dict.fromkeys(("holidays", "holiday", "vacation", "sickness", "absences"), _ABSENCE),
        **dict.fromkeys(("rollouts", "pilot", "trial", "tools", "licences", "licenses"), _ROLLOUT),
        **dict.fromkeys(("freezes", "code_freeze", "release_freeze", "embargo"), _FREEZE),
        **dict.fromkeys(("dependencies", "blocked", "chains"), _CHAINS),
        **dict.fromkeys(("today", "progress", "in_hand", "wip", "state"), _NOW),
        "weeks": "the length of a run is horizon.weeks",
        "start": "the first day is horizon.start",
        "backlog": _BACKLOG,
        "tickets": _BACKLOG,
        "name": "a plan has the name of its file",
    },
    "team": _TEAM,
    "answer": {"deadline": _DEADLINE, "due": _DEADLINE, "until": _DEADLINE, "date": _DEADLINE},
    "horizon": {
        "months": "state weeks; six months are 26",
        "deadline": _DEADLINE,
        "end": "state weeks, or a deadline as answer.by",
    },
    "tasks": {
        **dict.fromkeys(("tickets", "stories", "issues"), _BACKLOG),
        **dict.fromkeys(("deadline", "due", "by", "by_week"), _DEADLINE),
        **dict.fromkeys(("blocked", "dependent_share", "dependencies", "waiting"), _CHAINS),
    },
    "joiners": {
        **dict.fromkeys(("start", "from", "start_week", "from_week", "by_week"), "state week"),
        "cost": "the cost of filling the seat is hiring_cost",
        "salary": "salaries are money.salary.engineer, by level; or cost_per_hour of the row",
        "name": "state level and role; nobody is named here",
    },
    "leavers": dict.fromkeys(("start", "from", "start_week", "by_week"), "state week"),
    "money.salary": dict.fromkeys((*_LEVELS.split(", "), *_OF_LEVELS, *_EVERYBODY, "all"), _SALARY)
    | dict.fromkeys(("analyst", "analysts"), "their role is adjacent: [money.salary.adjacent]"),
    "money.salary.engineer": _OF_LEVELS,
    "money.salary.adjacent": _OF_LEVELS,
    "team.adjacent": _OF_LEVELS,
    "absence": {
        **dict.fromkeys(("holiday", "days", "closed"), "state holidays, a list of days"),
        **dict.fromkeys(("weeks", "week"), "state holiday_weeks, a list of weeks into the run"),
        **dict.fromkeys(("vacation", "annual_leave"), "state leave, a share of the working time"),
        **dict.fromkeys(("sick", "illness"), "state sickness, a share of the working time"),
    },
    "freeze": {
        **dict.fromkeys(("days", "holidays"), "state reviews or releases, lists of days"),
        **dict.fromkeys(("weeks", "week"), "state review_weeks or release_weeks"),
        **dict.fromkeys(("review", "code"), "state reviews, a list of days"),
        **dict.fromkeys(("release", "deploys", "deployments"), "state releases, a list of days"),
    },
    "now": {
        **dict.fromkeys(("tickets", "backlog", "left", "remaining"), "state open"),
        **dict.fromkeys(("in_progress", "wip", "doing", "begun"), "state in_hand"),
        **dict.fromkeys(("in_review", "review", "reviews"), "state waiting_review"),
        **dict.fromkeys(("closed", "finished"), "state done"),
    },
    "training": {
        **dict.fromkeys(("start", "from", "start_date", "week", "begin"), "state start_week"),
        **dict.fromkeys(("people", "count", "participants"), "state seats"),
        **dict.fromkeys(("level", "to", "to_level", "target_level"), "state target"),
        **dict.fromkeys(("cost", "price", "seat_cost"), "state cost_per_seat, the price of a seat"),
        "hours": "state hours_per_week, of each seat",
        **dict.fromkeys(("end", "length", "duration"), "state weeks, how long it lasts"),
    },
    "tool": {
        **dict.fromkeys(("name", "tool", "model", "agent", "file"), _PROFILE),
        **dict.fromkeys(("week", "from_week", "start_week", "share"), _ROLLOUT),
    },
    "rollout": {
        **dict.fromkeys(("name", "tool", "model", "agent", "file"), _PROFILE),
        **dict.fromkeys(("start", "from", "start_week", "from_week", "begin"), "state week"),
        **dict.fromkeys(("date", "start_date", "day"), "state week, weeks into the run"),
        **dict.fromkeys(("level", "from_level", "group"), 'state levels, such as ["expert"]'),
        **dict.fromkeys(("users", "people", "seats", "count"), "state share, of those it is for"),
        **dict.fromkeys(("cost", "price", "licence"), "state cost_per_person_month"),
        "end": 'state a row with profile = "none" and the week when it is taken away',
    },
    "money": {
        **dict.fromkeys(_MONTHLY, "salaries are a year's: state [money.salary.engineer], by level"),
        "salaries": "state salary.engineer, by level",
        "pay": "state salary.engineer a year, or engineer an hour, by level",
        "cost_per_hour": "state engineer, the cost of an hour by level",
        "tool": "state tool_per_person_month",
    },
}
_WORDS["trainings"] = _WORDS["training"]
MOST_LISTED = 30
LISTS = ("people", "joiners", "leavers", "trainings", "rollout")  # of tables


def unknown_key(table: str | None, word: str, known: set[str]) -> str:
    """`; did you mean 'expert'?`, or what planners' words are here, or what there is.

    table : dotted path of a scenario's table, empty for the file itself; None in other files
    """
    mend = None if table is None else _WORDS.get(table.split("[")[0], {}).get(word.lower())
    if mend:
        return f"; {mend}"
    return near(word, sorted(known)) if len(known) <= MOST_LISTED else did_you_mean(word, known)


def missing(path: str) -> str:
    """That a key is missing, and where it is known what would do."""
    if path == f"money.{prices.KEY}":
        return prices.MISSING
    example = _EXAMPLES.get(path.rpartition(".")[2])
    return f"missing; state it, such as {example}" if example else "missing"


def value(path: str, stated: Any, unit: str) -> str:
    """What a value that is refused may have been meant as, or nothing."""
    table, _, key = path.rpartition(".")
    if path in LISTS and isinstance(stated, dict):
        return f"; write [[{path}]], a table in double brackets for each row"
    if unit == "weeks" and isinstance(stated, str) and is_day(stated):
        return f"; {in_weeks(key, stated)}"
    if table in ("team", "team.adjacent") and isinstance(stated, float):
        return "; for part of a person add a row of [[people]] with hours_per_week"
    if path == "now.in_hand_left":
        return "; half of a ticket is 0.5"
    if unit == "share" and (share := _percent(stated)) is not None:
        return f"; {share:g}% is {share / 100:g}"
    if path == "money.overhead" and (more := _overhead(stated)) is not None:
        return f"; {more:g}% over salary is {1 + more / 100:g}"
    if path in ("money.salary.engineer", "money.salary.adjacent"):
        return f" by level: {_LEVELS}"
    if path == "money.salary":
        return "; state money.salary.engineer, a salary a year by level"
    of_level = path.endswith((".level", ".target", ".from_level", "_level")) or ".levels[" in path
    if of_level and isinstance(stated, str):
        mend = _OF_LEVELS.get(stated.lower())
        return f"; {mend.partition(';')[0]}" if mend else ""
    if path.endswith(".role") and isinstance(stated, str):
        return "; who knows the domain and does not code by hand is 'adjacent'"
    if unit and isinstance(stated, str) and (number := _number(stated)):
        return f"; write the number alone, without quotes: {key} = {number}"
    return ""


def in_weeks(key: str, day: Any) -> str:
    """What would do where a key of weeks is given a day."""
    if key == "by_week":
        return f'a day is answer.by = "{day}"'
    return "count weeks from horizon.start: 0 is its first day, 10 is ten weeks later"


def _number(stated: str) -> str:
    """The number that a text such as "160 tickets" or "48.000 EUR" begins with, or nothing.

    Groups of three figures are thousands, whichever mark is between them.
    """
    match = re.match(r"[^\d\w]?\s*(\d+(?:[.,' _]\d{3})+|\d+(?:\.\d+)?)(?![\d.,])", stated)
    if match is None:
        return ""
    groups = re.split(r"[.,' _]", match[1])
    thousands = len(groups) > 1 and all(len(group) == 3 for group in groups[1:])
    return "_".join(groups) if thousands else match[1]


def _overhead(stated: Any) -> float | None:
    """Percent over salary that 30, 0.3 or "30%" is taken to mean; None where it is something else.

    A number from 1 to 10 would do, so it is a factor.
    """
    if isinstance(stated, str):
        return _percent(stated) if stated.strip().endswith("%") else None
    if not is_int_or_float(stated) or not 0 < stated <= 100 or 1 <= stated <= 10:
        return None
    return float(stated) if stated > 1 else 100 * float(stated)


def _percent(stated: Any) -> float | None:
    """A number of percent, from a number above 1 or a text such as "40%"; None where it is none."""
    if isinstance(stated, str):
        try:
            number = float(stated.strip().removesuffix("%"))
        except ValueError:
            return None
    elif isinstance(stated, int | float) and not isinstance(stated, bool):
        number = float(stated)
    else:
        return None
    return number if 1 < number <= 100 else None
