"""What studies say: rows of the ledger, and whether studies of other tools say the same.

Only rows that measure the same thing in the same unit are held against each other; which do is a
judgement, and stands in `questions.toml`. Intervals of two or more independent studies (or, on the
benchmark, of two vendors' models of like date) must all overlap to converge; one pair that does
not, or effects of different sign, and they diverge; with fewer than two intervals it cannot be
judged. Overlap of wide intervals is weak evidence of agreement, and its absence with narrow ones
weak evidence against.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any

from sim.errors import AssessError
from sim.ledger import Evidence, read
from sim.scenario import LEVELS

CONVERGE, DIVERGE, OPEN = "converge", "diverge", "cannot be judged"
LIKE_DATES = 2  # months between two models' release for them to be held against each other
TEXTS: dict[str, Any] = tomllib.loads(
    files("sim.assessment").joinpath("questions.toml").read_text(encoding="utf-8")
)
RULE: str = TEXTS["studies"]["rule"]

# ---- the ledger --------------------------------------------------------------------------------

ledger = cache(read)  # every row of calibration/evidence.csv, by id, in the order of the file


def value(id_: str) -> float:
    """The value of a row that has one, in its unit."""
    number = ledger()[id_].value
    if number is None:
        raise AssessError(f"evidence.csv, row {id_}: value: missing")
    return number


def by_level(prefix: str) -> dict[str, Evidence]:
    """Published rows of one measure: level name -> row; unpublished levels are absent."""
    rows = {name: ledger().get(f"{prefix}{i}") for name, i in LEVELS.items()}
    return {name: row for name, row in rows.items() if row is not None}


def tolerance(rows: dict[str, Evidence]) -> float | None:
    """How far, in percentage points, the fit may miss the rates of one measure."""
    stated = [re.search(r"tolerance ([\d.]+) pp", row.note) for row in rows.values()]
    return max((float(match[1]) for match in stated if match), default=None)


def study_window() -> tuple[str, str]:
    """First and last month the central study observed, "YYYY-MM" each."""
    window = ledger()["study-sessions"].window
    months = re.fullmatch(r"(\d{4}-\d{2}) to (\d{4}-\d{2})", window)
    if not months:
        raise AssessError(f"evidence.csv, row study-sessions: window = {window!r}: two months")
    return months[1], months[2]


def month_number(month: str) -> int:
    """Months since year 0 of "YYYY-MM", to count between two of them."""
    return int(month[:4]) * 12 + int(month[5:7])


# ---- whether studies converge ------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Rows that measure like things; the fields are explained in `questions.toml`."""

    kind: str
    what: str
    rows: tuple[str, ...]
    by_model: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether the studies of one group agree.

    group    what they measured, on which kind of tool
    rows     their rows of the evidence ledger
    verdict  "converge", "diverge" or "cannot be judged"
    why      what led to it, in words
    """

    group: Group
    rows: tuple[Evidence, ...]
    verdict: str
    why: str


def verdicts(kind: str) -> tuple[Verdict, ...]:
    """Every group that bears on a kind of tool; all of them for "none"."""
    groups = (Group(**one | {"rows": tuple(one["rows"])}) for one in TEXTS["studies"]["groups"])
    return tuple(_judged(group) for group in groups if kind in (group.kind, "none"))


def _judged(group: Group) -> Verdict:
    rows = tuple(ledger()[id_] for id_ in group.rows)
    return Verdict(group, rows, *verdict_of(rows, group.by_model))


def overall(verdicts: tuple[Verdict, ...]) -> str:
    """One verdict: a benchmark of models alone does not settle how people fare with tools."""
    if any(one.verdict == DIVERGE for one in verdicts):
        return DIVERGE
    with_people = [one for one in verdicts if not one.group.by_model]
    agree = bool(with_people) and all(one.verdict == CONVERGE for one in with_people)
    return CONVERGE if agree else OPEN


def verdict_of(rows: tuple[Evidence, ...], by_model: bool = False) -> tuple[str, str]:
    """The verdict on rows of like measures, and why.

    by_model : compare vendors' models of like date, not studies
    """
    sources = {row.source for row in rows}
    if not by_model and len(sources) < 2:
        return OPEN, "one study"
    signs = set() if by_model else {sign for row in rows for sign in _signs(row)}
    if {-1, 1} <= signs:
        return DIVERGE, "effects of different sign"
    pairs = list(_comparable(rows, by_model))
    apart = [pair for pair in pairs if not _overlap(*pair)]
    if apart:
        names = " and ".join(row.id for row in apart[0])
        return DIVERGE, f"{names} do not overlap ({len(apart)} of {len(pairs)} pairs)"
    if pairs:
        return CONVERGE, f"all {len(pairs)} pairs of intervals overlap"
    with_interval = {row.source for row in rows if row.has_interval}
    sign = "one sign in all" if len(signs) == 1 else "no common sign"
    return OPEN, f"{len(with_interval)} of {len(sources)} studies print an interval; {sign}"


def _comparable(rows: tuple[Evidence, ...], by_model: bool) -> Iterator[tuple[Evidence, Evidence]]:
    for one, other in combinations([row for row in rows if row.has_interval], 2):
        if by_model:
            gap = abs(month_number(one.window) - month_number(other.window))
            if gap <= LIKE_DATES and _vendor(one) != _vendor(other):
                yield one, other
        elif one.source != other.source:
            yield one, other


def _overlap(one: Evidence, other: Evidence) -> bool:
    bounds = (one.low, one.high, other.low, other.high)
    low, high, other_low, other_high = (x for x in bounds if x is not None)  # have intervals
    return low <= other_high and other_low <= high


def _signs(row: Evidence) -> set[int]:
    points = [x for x in (row.value, *((row.low, row.high) if row.value is None else ())) if x]
    return {1 if x > 0 else -1 for x in points}


def _vendor(row: Evidence) -> str:
    for name, vendor in (("Claude", "Anthropic"), ("Gemini", "Google")):
        if row.level.startswith(name):
            return vendor
    return "OpenAI"
