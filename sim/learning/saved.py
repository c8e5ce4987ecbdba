"""What a saved learning must hold, so that one that is damaged is refused and shows nothing."""

import numpy as np

_BOTH = tuple(f"{when}_{end}" for when in ("before", "after") for end in ("p10", "p50", "p90"))
_SHARES = ("ignorance", "drift", "chance")
COLUMNS = {  # of each table, those without which it cannot be shown
    "observed": ("measure", "words", "unit", "observed", *_BOTH, "surprise"),
    "parameters": ("parameter", *_BOTH, "narrowed"),
    "answers": ("answer", "unit", *_BOTH, "fold_before", "fold_after"),
    "next_numbers": ("measure", "words", "fold_now", "fold_then"),
    "forecasts": ("monday", "p10", "p50", "p90", *_SHARES, "came"),
    "coming": ("week", "q2.5", "q10", "q50", "q90", "q97.5"),
}
TEXTS = ("measure", "words", "unit", "parameter", "answer", "monday")  # columns; others are numbers
ROWS = {"observed": 1, "answers": 2, "forecasts": 1, "coming": 1}  # at least
ABOUT = {"ends": str, "weeks": int, "measures": list}
QUARTER = ("p10", "p90", "came")


def tables(about):
    """Tables of a saved learning as rows, with NaN where a number was not known.

    about : dict, as it was saved

    Raises ValueError, TypeError or KeyError where something is missing or is of another type.
    """
    for key, kind in ABOUT.items():
        if type(about["about"][key]) is not kind:
            raise ValueError(f"about: {key}: not as saved")
    if about["quarter"] and (missing := [key for key in QUARTER if key not in about["quarter"]]):
        raise ValueError(f"quarter: {missing[0]} is missing")
    if not any(row["measure"] == "tickets" for row in about["observed"]):
        raise ValueError("observed: tickets are missing")
    return {name: _table(name, about[name]) for name in COLUMNS}


def _table(name, rows):
    if len(rows) < ROWS.get(name, 0):
        raise ValueError(f"{name}: {len(rows)} rows")
    for row in rows:
        if missing := [key for key in COLUMNS[name] if key not in row]:
            raise ValueError(f"{name}: {missing[0]} is missing")
    return [{key: _value(key, value) for key, value in row.items()} for row in rows]


def _value(key, value):
    if key in TEXTS:
        if not isinstance(value, str):
            raise ValueError(f"{key}: not a text")
        return value
    return np.nan if value is None else float(value)
