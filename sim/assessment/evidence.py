"""Rows of the ledger that a finding cites: values, one measure by level, the study's months."""

import re
from functools import cache

from sim import ledger as evidence
from sim.errors import AssessError
from sim.ledger import Evidence
from sim.scenario import LEVELS


@cache
def ledger() -> dict[str, Evidence]:
    """Every row of the packaged ledger, by id, in the order of the file; read once."""
    return evidence.read()


def value(id_: str) -> float:
    """The value of a row that has one, in its unit."""
    found = ledger()[id_].value
    if found is None:
        raise AssessError(f"evidence.csv, row {id_}: value: missing")
    return found


def by_level(prefix: str) -> dict[str, Evidence]:
    """Published rows of one measure: level name -> row; unpublished levels are absent."""
    found = {name: ledger().get(f"{prefix}{i}") for name, i in LEVELS.items()}
    return {name: row for name, row in found.items() if row is not None}


def tolerance(rows: dict[str, Evidence]) -> float | None:
    """How far, in percentage points, the fit may miss the rates of one measure."""
    stated = [re.search(r"tolerance ([\d.]+) pp", row.note) for row in rows.values()]
    return max((float(found[1]) for found in stated if found), default=None)


def study_window() -> tuple[str, str]:
    """First and last month the central study observed, "YYYY-MM" each."""
    window = ledger()["study-sessions"].window
    found = re.fullmatch(r"(\d{4}-\d{2}) to (\d{4}-\d{2})", window)
    if not found:
        raise AssessError(f"evidence.csv, row study-sessions: window = {window!r}: two months")
    return found[1], found[2]


def month_number(month: str) -> int:
    """Months since year 0 of "YYYY-MM", to count between two of them."""
    return int(month[:4]) * 12 + int(month[5:7])
