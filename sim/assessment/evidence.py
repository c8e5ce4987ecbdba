"""The ledger's rows, read as data: what a finding may cite, and how a row is shown.

`calibration.ledger` checks the ledger; here it is only read, because data flows one
way and experiments stand before calibration.
"""

import csv
import io
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sim.errors import AssessError

STUDY = "Hitzig"  # the first author names the central study in the ledger's sources
LEVELS = ("novice", "beginner", "intermediate", "advanced", "expert")


@dataclass(frozen=True)
class Row:
    """One fact of the ledger.

    value, low, high  in `unit`; None where not published
    window            when it was measured, "2025-10 to 2026-04" or a month
    grade             P, T, F, S, M or R: calibration/README.md says what each means
    """

    id: str
    quantity: str
    level: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    population: str
    window: str
    source: str
    grade: str
    note: str

    @property
    def of_the_study(self) -> bool:
        """Whether the central study says so, or it was computed from its numbers."""
        return self.source.startswith(STUDY)

    @property
    def has_interval(self) -> bool:
        """A value between bounds; bounds alone are a range over sites or readings."""
        return None not in (self.value, self.low, self.high)

    def shown(self) -> str:
        """Value, bounds and unit: `26 [6, 46] % change`, or that none is published."""
        bounds = [x for x in (self.low, self.high) if x is not None]
        if self.value is not None:
            span = f" [{self.low:g}, {self.high:g}]" if len(bounds) == 2 else ""
            return f"{self.value:g}{span} {self.unit}"
        if len(bounds) == 2:
            return f"{self.low:g} to {self.high:g} {self.unit}"
        return f"bound {bounds[0]:g} {self.unit}" if bounds else "direction only"


@cache
def ledger() -> dict[str, Row]:
    """Every row of `calibration/evidence.csv`, by id, in the order of the file."""
    try:
        text = files("calibration").joinpath("evidence.csv").read_text(encoding="utf-8-sig")
        rows = [_row(cells) for cells in csv.DictReader(io.StringIO(text, newline=""))]
    except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise AssessError(f"evidence.csv: cannot be read: {error}") from None
    return {row.id: row for row in rows}


def _row(cells: dict[str, str]) -> Row:
    text = {
        name: cells[name].strip()
        for name in Row.__dataclass_fields__
        if name not in ("value", "low", "high")
    }
    number = {name: _number(cells[name]) for name in ("value", "low", "high")}
    return Row(**text, **number)  # type: ignore[arg-type]


def _number(cell: str) -> float | None:
    return float(cell) if cell.strip() else None


def value(id_: str) -> float:
    """The value of a row that has one, in its unit."""
    found = ledger()[id_].value
    if found is None:
        raise AssessError(f"evidence.csv, row {id_}: value: missing")
    return found


def by_level(prefix: str) -> dict[str, Row]:
    """Published rows of one measure: level name -> row; unpublished levels are absent."""
    found = {name: ledger().get(f"{prefix}{i}") for i, name in enumerate(LEVELS, 1)}
    return {name: row for name, row in found.items() if row is not None}


def tolerance(rows: dict[str, Row]) -> float | None:
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
