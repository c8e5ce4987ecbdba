"""Time spent, as trackers and people write it: "1h 30m", "2d", "1:30", "PT1H30M", or a number.

A bare number is in the unit of its column. Days and weeks are of work: 8 hours and 5 days unless
a map says otherwise.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from sim.exports import numbers
from sim.exports.vocabulary import plain

SECONDS, MINUTES, HOURS, DAYS = "s", "min", "h", "d"
UNITS = {SECONDS: 1 / 3600, MINUTES: 1 / 60, HOURS: 1.0}
IN_WORDS = {SECONDS: "seconds", MINUTES: "minutes", HOURS: "hours", DAYS: "days of work"}
LONGEST = 200  # letters of a duration; what is longer is none, and would be searched for ever
DAY_HOURS, WEEK_DAYS = 8.0, 5.0  # Jira's default of a day and a week of work

_UNIT_WORDS = {
    "w": "w wk wks week weeks woche wochen semaine semaines sem semana semanas settimana settimane",
    "d": "d day days tag tage t j jour jours dia dias giorno giorni g dag dagen",
    "h": "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren",
    "m": "m min mins minute minutes minuten minuto minutos minuti",
    "s": "s sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos secondi",
}
_WORDS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
_PART = re.compile(
    r"(\d+(?:[.,'’]\d+)*)\s*([^\W\d_]+)\.?,?\s*(?:and|und|et|y|e|en)?\s*", re.IGNORECASE
)
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")
_ISO = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


@dataclass(frozen=True)
class Lengths:
    """How long a day and a week of work are.

    day_hours  [h]
    week_days  [days]
    """

    day_hours: float = DAY_HOURS
    week_days: float = WEEK_DAYS


def hours(text: str, unit: str, number: Callable[[str], float], lengths: Lengths) -> float:
    """Hours of a text; NaN where it is no duration.

    unit   of a bare number
    number reads one
    """
    bare = number(text)
    if not math.isnan(bare):
        return bare * (lengths.day_hours if unit == DAYS else UNITS[unit])
    if match := _CLOCK.fullmatch(text):
        return int(match[1]) + int(match[2]) / 60 + int(match[3] or 0) / 3600
    if text.startswith("P") and (match := _ISO.fullmatch(text)):
        weeks, days, whole, minutes, seconds = (float(part or 0) for part in match.groups())
        days += weeks * lengths.week_days
        return days * lengths.day_hours + whole + minutes / 60 + seconds / 3600
    return _in_words(numbers.compact(text), number, lengths)


def has_days(text: str) -> bool:
    """Whether a text names days or weeks of work."""
    parts = _PART.findall(text) if len(text) <= LONGEST else ()
    return any(_WORDS.get(plain(unit)) in ("d", "w") for _, unit in parts)


def numbers_in(text: str) -> list[str]:
    """The numbers of a text, which settle their column's decimal mark: itself, or its parts'."""
    parts = _PART.findall(numbers.compact(text)) if len(text) <= LONGEST else ()
    if not parts or any(plain(unit) not in _WORDS for _, unit in parts):
        return [text]
    return [part for part, _ in parts]


def _in_words(text: str, number: Callable[[str], float], lengths: Lengths) -> float:
    if len(text) > LONGEST:
        return math.nan
    total, end = 0.0, 0
    day = lengths.day_hours
    of = {"w": day * lengths.week_days, "d": day, "h": 1.0, "m": 1 / 60, "s": 1 / 3600}
    while match := _PART.match(text, end):
        unit = _WORDS.get(plain(match[2]))
        if unit is None:
            return math.nan
        total += number(match[1]) * of[unit]
        end = match.end()
    if end and (rest := re.fullmatch(r"([0-5]?\d)", text[end:])) and " " not in text:
        return total + int(rest[1]) / 60  # 1h30
    return total if end == len(text) and end else math.nan
