"""Done tickets by week: from an export of a tracker, or from a plain table of counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from sim.errors import BacktestError, TicketError, did_you_mean, fault_lines, short
from sim.exports import TicketRecord, json_table, table
from sim.exports import read as read_export
from sim.exports.outcomes import DONE
from sim.exports.vocabulary import plain_header

NAMES = ("project", "week", "closed")  # columns of a table of counts
LEAST_WEEKS = 8  # below them nothing is said of a team
MOST_WEEKS = 5_200  # a century: more is a mistyped date
MOST_CLOSED = 1_000_000  # in a week
FRIDAY = 4


@dataclass(frozen=True, eq=False)
class Weekly:
    """Done tickets of one project by week.

    name    of the project, "" where the file has but one
    first   the Monday of the first week
    counts  (n,) int [tickets/week], weeks without a ticket as 0
    notes   how they were counted: sentences
    days    (d,) days on which tickets closed, ordinals; empty for a table of counts
    """

    name: str
    first: date
    counts: np.ndarray
    notes: tuple[str, ...] = ()
    days: tuple[int, ...] = ()

    def monday(self, week: int) -> date:
        """The Monday of a week, the first being 0."""
        return self.first + timedelta(weeks=week)


def read(path: str | Path, map=None, dates: str | None = None) -> tuple[Weekly, ...]:
    """Done tickets by week of every project in a file, in the order of their names.

    path : an export that `sim.read` reads, or a table of the columns week and closed, and project
        where it holds several
    map, dates : of an export, as `sim.read` takes them

    Raises BacktestError for a table, all its faults at once, a line each; TicketError, one line,
    for an export.
    """
    path = Path(path)
    if is_counts(path):
        return of_table(path)
    return (of_record(read_export(path, map, dates)),)


def of_record(record: TicketRecord) -> Weekly:
    """Done tickets by week of a record of tickets.

    The record ends in the week of its last date of closing or creation; a week that it ends before
    Friday of is left out as unfinished.
    """
    done = record.outcome == DONE
    days = record.closed[done & (record.closed > 0)]
    if not len(days):
        raise BacktestError(
            f"{record.name}: {int(done.sum()):,} tickets done, none with a date of closing: export "
            "the date on which each was closed"
        )
    notes = [f"{len(days):,} done tickets by the week of their closing; weeks without one are 0."]
    if undated := int(done.sum()) - len(days):
        notes.append(f"{undated:,} done tickets without a date of closing are left out.")
    if record.people == 1:
        notes.append("All are of one person: these are the weeks of a person, not of a team.")
    end = int(max(record.closed.max(), record.created.max()))
    first, last = _monday(int(days.min())), _monday(end)
    weeks = (last - first) // 7 + 1
    if weeks > MOST_WEEKS:
        raise BacktestError(f"{record.name}: {_too_long(first, last)}")
    counts = np.bincount((days - first) // 7, minlength=weeks)
    if date.fromordinal(end).weekday() < FRIDAY and weeks > 1:
        counts = counts[:-1]
        notes.append(
            f"The record ends on {date.fromordinal(end)}, before its week did: that week is left "
            "out."
        )
    distinct = tuple(np.unique(days).tolist())
    return Weekly("", date.fromordinal(first), counts, tuple(notes), distinct)


def too_little(weekly: Weekly) -> str:
    """Why nothing can be learned from weeks, in one clause; "" where something can."""
    counts, busy = weekly.counts, np.flatnonzero(weekly.counts)
    total = int(counts.sum())
    if not total:
        return f"{len(counts):,} weeks and no ticket closed in any: needs weeks with closed tickets"
    if len(weekly.days) == 1:
        day = date.fromordinal(weekly.days[0])
        return f"all {total:,} tickets were closed on {day}: a clean-up or an import, not a record"
    if len(counts) < LEAST_WEEKS:
        return f"{_weeks(len(counts))}: must be {LEAST_WEEKS} or more"
    if len(busy) == 1:
        week = weekly.monday(int(busy[0]))
        return (
            f"all {total:,} tickets were closed in the week of {week}: a clean-up or an import, "
            "not a record"
        )
    return ""


def of(project: str) -> str:
    """`project 'x': `, or nothing for the only one of a file."""
    return f"project '{short(project)}': " if project else ""


# ---- a table of counts ---------------------------------------------------------------------------


def of_table(path: Path) -> tuple[Weekly, ...]:
    """Done tickets by week, of a table of the columns project, week and closed.

    A week is any of its days, as 2026-03-30, or 2026-W14. Raises BacktestError, a line a fault.
    """
    try:
        content = table.read(path, NAMES, partial(_places, path.name))
    except TicketError as error:
        raise BacktestError(str(error)) from None
    columns = {plain_header(column.header): column for column in content.columns}
    cells = {name: column.map(str, object) for name, column in columns.items()}
    lines = content.lines.tolist()
    if not lines:
        raise BacktestError(f"{path.name}: has a header and no rows; needs a row a week")
    projects = cells.get("project", np.full(len(lines), "", object)).tolist()
    faults: list[str] = []
    rows: dict[str, dict[int, int]] = {}
    stated = zip(lines, projects, cells["week"].tolist(), cells["closed"].tolist(), strict=True)
    for line, project, week, closed in stated:
        monday, count = _week(week), _count(closed)
        if monday is None:
            faults.append(f"line {line}: week = '{short(week)}': must be a day such as 2026-03-30")
        if count is None:
            faults.append(
                f"line {line}: closed = '{short(closed)}': must be tickets, whole, from 0 to "
                f"{MOST_CLOSED:,}"
            )
        if monday is None or count is None:
            continue
        kept = rows.setdefault(project, {})
        if monday in kept:
            faults.append(
                f"line {line}: {of(project)}week of {date.fromordinal(monday)} stands twice: must "
                "be one row a week"
            )
        kept[monday] = count
    faults += [f"{of(name)}{fault}" for name, kept in rows.items() if (fault := _span(kept))]
    if faults:
        raise BacktestError(fault_lines(path.name, faults))
    return tuple(_weekly(name, rows[name]) for name in sorted(rows))


def _weekly(name: str, kept: dict[int, int]) -> Weekly:
    first = min(kept)
    counts = np.zeros((max(kept) - first) // 7 + 1, dtype=np.int64)
    counts[(np.array(list(kept)) - first) // 7] = list(kept.values())
    gaps = len(counts) - len(kept)
    notes = (f"{_weeks(gaps)} without a row: 0.",) if gaps else ()
    return Weekly(name, date.fromordinal(first), counts, notes)


def is_counts(path: Path) -> bool:
    """Whether a file is a table of counts; whatever cannot be told is left to the other reader."""
    headers: list[str] = []

    def none(names: tuple[str, ...]) -> tuple[int, ...]:
        headers.extend(filter(None, map(plain_header, names)))
        return ()

    try:
        if json_table.is_json(path):
            return False
        table.read(path, NAMES, none, most_rows=1)
    except TicketError:
        if not headers:
            return False
    near = all(name in NAMES or did_you_mean(name, NAMES) for name in headers)
    if near and not {"week", "closed"} <= set(headers):
        raise BacktestError(
            f"{path.name}: columns {', '.join(map(short, headers))}: a table of weeks has the "
            "columns week and closed, and project where it holds several"
        )
    return set(headers) <= set(NAMES)


def _places(file: str, headers: tuple[str, ...]) -> list[int]:
    """Places of the columns of a table of counts; TicketError where one stands twice."""
    names = list(filter(None, map(plain_header, headers)))
    for name in NAMES:
        if names.count(name) > 1:
            raise TicketError(f"{file}: column '{name}' stands twice in the header")
    return [place for place, header in enumerate(headers) if plain_header(header) in NAMES]


def _week(text: str) -> int | None:
    """The Monday of a day or of an ISO week, as an ordinal; None for anything else."""
    try:
        return _monday(date.fromisoformat(text.removesuffix(" 00:00:00")).toordinal())
    except ValueError:
        return None


def _count(text: str) -> int | None:
    """A count of tickets, or None."""
    whole = text.removesuffix(".0")  # as a column with gaps is written by many programs
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 9):
        return None
    return int(whole) if int(whole) <= MOST_CLOSED else None


def _span(mondays: Iterable[int]) -> str:
    """Why weeks cannot stand in one record, or ""."""
    first, last = min(mondays), max(mondays)
    return _too_long(first, last) if (last - first) // 7 >= MOST_WEEKS else ""


def _too_long(first: int, last: int) -> str:
    return (
        f"weeks from {date.fromordinal(first)} to {date.fromordinal(last)}: over a century; one of "
        "these dates is wrong"
    )


def _monday(day: int) -> int:
    return day - date.fromordinal(day).weekday()


def _weeks(count: int) -> str:
    return "1 week" if count == 1 else f"{count:,} weeks"
