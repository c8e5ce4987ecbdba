"""What would mend a fault of a file: words that planners use, and where they are stated here."""

from typing import Any

from sim.errors import did_you_mean, near

_LEVELS = "novice, beginner, intermediate, advanced, expert"
_BY_LEVEL = f"state people by level: {_LEVELS}"
_TEAM = {
    "seniors": f"say expert or advanced; the levels are {_LEVELS}",
    "senior": f"say expert or advanced; the levels are {_LEVELS}",
    "juniors": f"say novice or beginner; the levels are {_LEVELS}",
    "junior": f"say novice or beginner; the levels are {_LEVELS}",
    "mids": f"say intermediate; the levels are {_LEVELS}",
    "devs": _BY_LEVEL,
    "developers": _BY_LEVEL,
    "engineers": _BY_LEVEL,
    "people": _BY_LEVEL,
    "size": _BY_LEVEL,
    "analysts": "state them in [team.adjacent], by level",
}
_DEADLINE = 'a deadline is answer.by = "2027-03-31" or answer.by_week = 20'
_BACKLOG = "work that is there at the start is tasks.backlog"
_WORDS = {  # table -> word -> what would do
    "": {
        **_TEAM,
        "deadline": _DEADLINE,
        "due": _DEADLINE,
        "salary": "a salary a year is money.salary.engineer, by level",
        "salaries": "a salary a year is money.salary.engineer, by level",
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
    mend = None if table is None else _WORDS.get(table, {}).get(word.lower())
    if mend:
        return f"; {mend}"
    return near(word, sorted(known)) if len(known) <= MOST_LISTED else did_you_mean(word, known)


def value(path: str, stated: Any, unit: str) -> str:
    """What a value that is refused may have been meant as, or nothing."""
    table = path.rpartition(".")[0]
    if table in ("team", "team.adjacent") and isinstance(stated, float):
        return "; for part of a person add a row of [[people]] with hours_per_week"
    if unit == "share" and (share := _percent(stated)) is not None:
        return f"; {share:g}% is {share / 100:g}"
    if path == "money.salary":
        return "; state money.salary.engineer, a salary a year by level"
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
