"""A reading in words: what each column means, and the map that would read the file again."""

from datetime import date
from typing import Any

from sim.exports import durations, headers, numbers, outcomes, times
from sim.exports.agents import Use
from sim.exports.source import Source
from sim.exports.vocabulary import meanings, plain


def columns(source: Source, unit: str) -> dict[str, str]:
    """Column -> meaning, of those that are used.

    unit : of times spent
    """
    named: dict[str, str] = {}
    for role, here in source.several.items():
        meaning = headers.MEANINGS.get(role)
        if role == "hours":
            meaning = f"hours spent, written in {durations.IN_WORDS[unit]}"
        if meaning and len({column.header for column in here}) < len(here):
            meaning += f" ({len(here)} columns, united)"
        for column in here if meaning else []:
            named.setdefault(column.header, meaning or "")
    return named


def tables(source: Source, use: Use, since: date | None, unit: str) -> dict[str, dict[str, Any]]:
    """The reading as the tables of a map."""
    stated = source.stated
    roles: dict[str, Any] = {}
    for role, here in source.several.items():
        if role in headers.MEANINGS and role != "estimates":
            names = list(dict.fromkeys(column.header for column in here))
            roles[role] = names if len(names) > 1 else names[0]
    tables: dict[str, dict[str, Any]] = {"columns": roles, "outcomes": _words(source)}
    if use.source.startswith("labels"):
        tables["agent"] = {word: True for words in use.words for word in words}
    if since:
        tables.setdefault("agent", {})["since"] = since
    tables |= source.notes.map
    if "hours" in source.columns:
        mark = numbers.mark_for_a_map(times.marked(source.columns["hours"]), stated.decimal)
        tables["numbers"] = {"decimal": mark} if mark else {}
        tables["time"] = {
            "unit": unit,
            "day_hours": stated.day_hours,
            "week_days": stated.week_days,
        }
    tables["file"] = {"encoding": stated.encoding} if stated.encoding else {}
    return tables


def _words(source: Source) -> dict[str, str]:
    """Words of outcomes that are known, with what each means."""
    known: dict[str, str] = {}
    for role in (*outcomes.STRONG, "category"):
        for text in source.columns[role].texts if role in source.columns else []:
            word = plain(text)
            answer = source.stated.outcomes.get(word) or meanings("outcomes").get(word)
            if answer and source.masked(source.columns[role], text) == text:
                known[text] = answer.replace("_", " ")
    return known
