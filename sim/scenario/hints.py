"""What would mend a fault of a file: words that planners use, and where they are stated here."""

from typing import Any

from sim.errors import did_you_mean, near
from sim.scenario import prices

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
_TRAINING = "a training is [training], with seats, target and weeks"
_DEADLINE = 'a deadline is answer.by = "2027-03-31" or answer.by_week = 20'
_BACKLOG = "work that is there at the start is tasks.backlog"
_WORDS = {  # table -> word -> what would do
    "": {
        **_TEAM,
        "deadline": _DEADLINE,
        "due": _DEADLINE,
        **dict.fromkeys(("salary", "salaries", "pay", "cost"), _SALARY),
        **dict.fromkeys(("hire", "hires", "hiring", "join", "joiner", "recruit"), _JOINS),
        **dict.fromkeys(("leave", "leaves", "leaver", "quit"), _LEAVES),
        **dict.fromkeys(("train", "trainings", "course", "courses"), _TRAINING),
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
    "tasks": {"tickets": _BACKLOG, "stories": _BACKLOG, "issues": _BACKLOG},
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
    "money": {
        "salaries": "state salary.engineer, by level",
        "pay": "state salary.engineer a year, or engineer an hour, by level",
        "cost_per_hour": "state engineer, the cost of an hour by level",
        "tool": "state tool_per_person_month",
    },
}
MOST_LISTED = 30


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
    return prices.MISSING if path == f"money.{prices.KEY}" else "missing"


def value(path: str, stated: Any, unit: str) -> str:
    """What a value that is refused may have been meant as, or nothing."""
    table = path.rpartition(".")[0]
    if table in ("team", "team.adjacent") and isinstance(stated, float):
        return "; for part of a person add a row of [[people]] with hours_per_week"
    if unit == "share" and (share := _percent(stated)) is not None:
        return f"; {share:g}% is {share / 100:g}"
    if path == "money.salary":
        return "; state money.salary.engineer, a salary a year by level"
    if path.endswith((".level", ".target", ".from_level", "_level")) and isinstance(stated, str):
        mend = _OF_LEVELS.get(stated.lower())
        return f"; {mend.partition(';')[0]}" if mend else ""
    if path.endswith(".role") and isinstance(stated, str):
        return "; who knows the domain and does not code by hand is 'adjacent'"
    return ""


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
