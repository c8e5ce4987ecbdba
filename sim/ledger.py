"""The evidence ledger: every fact the calibration may lean on, one row each.

Reads and checks `calibration/evidence.csv`, and is the one reader of it: calibration fits to its
rows, tier curves show what was published, the assessment cites. It knows what a row must look
like, and nothing of what the model does with it.
"""

import csv
import io
import math
import re
from dataclasses import dataclass, fields
from importlib.resources import files as resources
from itertools import pairwise
from pathlib import Path

from sim import files
from sim.errors import EvidenceError, choice, short

MOST_BYTES = 5_000_000
GRADES = ("P", "T", "F", "S", "M", "R")
USES = ("target", "input", "prior", "held-out", "context", "conflict", "superseded")
REPLACED = re.compile(r"superseded by ([a-z0-9-]+)")  # in the note of a superseded row
RATE_ROWS = {
    "verified": "study-verified-adj-",
    "judged": "study-judged-",
    "partial": "study-partial-",
}
NUMBERS = ("value", "low", "high")
STUDY = "Hitzig"  # the first author names the central study in the sources
REQUIRED = ("topic", "quantity", "unit", "definition", "source")


@dataclass(frozen=True)
class Evidence:
    """One fact, with where it comes from and what it may be used for.

    Attributes
    ----------
    id : str
        Stable short name, lower case with hyphens.
    topic, quantity : str
        What the fact is about; what was measured.
    level : str
        Expertise level ``"1"`` to ``"5"``, or the group, mode or model; may be empty.
    value, low, high : float or None
        Central value and bounds, in `unit`. None where not published.
    unit : str
        ``"%"`` is a share in [0, 100]; changes are ``"% change"`` or ``"pp"``.
    definition, population, window : str
        How it was measured, on whom, and when.
    source, address : str
        Who says so; URL, DOI or arXiv id, may be empty.
    grade : str
        P primary text, T primary table, F primary figure, S secondary, M computed here,
        R recalled.
    use : str
        target, input, prior, held-out, context, conflict, or superseded: kept to be read, used by
        nothing.
    note : str
        Method of grade M, tolerances, cautions; of a superseded row, ``superseded by ID``.
    """

    id: str
    topic: str
    quantity: str
    level: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    definition: str
    population: str
    window: str
    source: str
    address: str
    grade: str
    use: str
    note: str

    @property
    def of_the_study(self) -> bool:
        """Whether the central study says so, or it was computed from its numbers."""
        return self.source.startswith(STUDY)

    @property
    def replacement(self) -> str:
        """Id of the row that stands in the place of a superseded one; empty for others."""
        named = REPLACED.search(self.note) if self.use == "superseded" else None
        return named[1] if named else ""

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


HEADER = tuple(field.name for field in fields(Evidence))


def read(path: str | Path | None = None) -> dict[str, Evidence]:
    """Read and check the ledger.

    Parameters
    ----------
    path : str or Path, optional
        The packaged ``evidence.csv`` by default.

    Returns
    -------
    dict of str to Evidence
        Rows by id, in file order.

    Raises
    ------
    EvidenceError
        At the first row that breaks a rule, in one line.
    """
    path = Path(str(resources("calibration"))) / "evidence.csv" if path is None else Path(path)
    lines = _lines(path)
    _check_header(path.name, lines)
    ledger: dict[str, Evidence] = {}
    for number, cells in lines[1:]:
        row = _row(path.name, number, cells)
        if row.id in ledger:
            raise EvidenceError(f"{_at(path.name, row.id)}: id = {row.id!r}: must be unique")
        ledger[row.id] = row
    for row in ledger.values():
        if row.use == "superseded":
            _check_replacement(path.name, row, ledger)
    return ledger


def rates(ledger: dict[str, Evidence], measure: str) -> dict[int, float]:
    """Adjusted success rates of the study, by expertise level.

    Parameters
    ----------
    ledger : dict of str to Evidence
        As `read` returns it.
    measure : {"verified", "judged", "partial"}
        Which of the three success measures; they are never mixed.

    Returns
    -------
    dict of int to float
        Level 1 to 5 to probability in [0, 1]; unpublished levels are absent.
    """
    choice("measure", measure, RATE_ROWS, EvidenceError)
    rows = {level: ledger.get(f"{RATE_ROWS[measure]}{level}") for level in range(1, 6)}
    return {
        level: row.value / 100
        for level, row in rows.items()
        if row is not None and row.value is not None
    }


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """All non-empty records, each with the number of the file line it ends on."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise EvidenceError(f"{path.name}, line {reader.line_num}: {error}") from None


def _text(path: Path) -> str:
    """The whole file; a byte order mark, as spreadsheets leave, is dropped."""
    try:
        return files.content(path, MOST_BYTES).decode("utf-8").removeprefix("\ufeff")
    except FileNotFoundError:
        raise EvidenceError(f"{path.name}: no such file in {path.parent}") from None
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{path.name}, byte {error.start}: must be UTF-8 text") from None
    except OSError as error:
        raise EvidenceError(f"{path.name}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise EvidenceError(f"{path.name}: {error}") from None


def _check_header(name: str, lines: list[tuple[int, list[str]]]) -> None:
    header = lines[0][1] if lines else []
    if tuple(header) != HEADER:
        found = short(",".join(header), 200)
        raise EvidenceError(f"{name}, header = {found!r}: must be {','.join(HEADER)}")


def _row(name: str, number: int, cells: list[str]) -> Evidence:
    """One checked row."""
    id_ = cells[0].strip()
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_):
        raise EvidenceError(
            f"{name}, line {number}: id = {id_!r}: must be lower-case words joined by hyphens"
        )
    where = _at(name, id_)
    if len(cells) != len(HEADER):
        raise EvidenceError(f"{where}: {len(cells)} cells: must be {len(HEADER)}")
    text = dict(zip(HEADER, (cell.strip() for cell in cells), strict=True))
    numbers = {field: _number(where, field, text[field]) for field in NUMBERS}
    row = Evidence(**(text | numbers))  # type: ignore[arg-type]
    _check_words(where, row)
    _check_numbers(where, row)
    return row


def _at(name: str, id_: str) -> str:
    return f"{name}, row {id_}"


def _number(where: str, field: str, text: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise EvidenceError(f"{where}: {field} = {text!r}: must be a number, or empty")
    return number


def _check_words(where: str, row: Evidence) -> None:
    for field in REQUIRED:
        if not getattr(row, field):
            raise EvidenceError(f"{where}: {field} = '': must not be empty")
    for field, known in (("grade", GRADES), ("use", USES)):
        choice(f"{where}: {field}", getattr(row, field), known, EvidenceError)
    if row.grade == "R" and row.use != "context":
        raise EvidenceError(f"{where}: use = {row.use!r}: must be context where grade is R")
    if row.grade == "M" and not row.note:
        raise EvidenceError(f"{where}: note = '': must state the method where grade is M")


def _check_replacement(name: str, row: Evidence, ledger: dict[str, Evidence]) -> None:
    """A superseded row names the row that replaces it, and that one is in use."""
    other = ledger.get(row.replacement)
    if other is None or other.use == "superseded":
        raise EvidenceError(
            f"{_at(name, row.id)}: note = {short(row.note, 80)!r}: must say 'superseded by ID', "
            "the id of a row that is not superseded itself"
        )


def _check_numbers(where: str, row: Evidence) -> None:
    given = [(field, getattr(row, field)) for field in ("low", "value", "high")]
    given = [(field, number) for field, number in given if number is not None]
    for field, number in given:
        if row.unit == "%" and not 0 <= number <= 100:
            raise EvidenceError(f"{where}: {field} = {number:g}: must be 0 to 100 where unit is %")
    for (lower, small), (upper, large) in pairwise(given):
        if small > large:
            raise EvidenceError(
                f"{where}: {lower} = {small:g}: must not exceed {upper} = {large:g}"
            )
