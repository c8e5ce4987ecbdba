"""An export opened: its table, which column has which role, and how it is read, in words."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, SupportsInt

from sim.errors import did_you_mean
from sim.exports import durations, headers, json_table, numbers, outcomes, people, table, times
from sim.exports.agents import Use
from sim.exports.map_file import Map
from sim.exports.table import Column, Table
from sim.exports.vocabulary import meanings, plain, words

SAMPLE = 2_000  # rows looked at for a column that may tell outcomes
NAME_IT = (
    "; export the tickets' status too, or name its column in a map (--map): [columns] status = …; "
    "see the template calibration/examples/template.csv"
)
MOST_WORDS = 12  # distinct words of such a column


@dataclass
class Notes:
    """Notes on how an export was read.

    settled   how dates, units and marks were settled, and what was taken over what
    assumed   what nothing in the file says
    left_out  what was left out or blank: reason -> count
    joined    how rows were joined to tickets
    map       the reading as the tables of a map
    """

    settled: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    map: dict[str, dict[str, Any]] = field(default_factory=dict)

    def count(self, reason: str, number: SupportsInt) -> None:
        """Add to what was left out."""
        if int(number):
            self.left_out[reason] = self.left_out.get(reason, 0) + int(number)


class Source:
    """One export, opened: its table and the roles of its columns.

    name     of the file
    table    its rows, in the columns that have a role
    several  role -> columns
    columns  role -> the first of them
    profile  of the tracker
    stated   the map
    notes    on the reading
    """

    def __init__(self, path: Path, stated: Map) -> None:
        self.path, self.name, self.stated = path, path.name, stated
        self.notes = Notes()
        self._known: dict[int, people.Names] = {}  # by column
        self.is_json = json_table.is_json(path)
        self.table, roles = self._json() if self.is_json else self._table()
        places = sorted(roles.all) if not self.is_json else range(len(self.table.columns))
        by_place = dict(zip(places, self.table.columns, strict=False))
        self.several = {
            role: [by_place[i] for i in here if i in by_place]
            for role, here in roles.places.items()
        }
        self.several = {role: columns for role, columns in self.several.items() if columns}
        self.columns: dict[str, Column] = {role: here[0] for role, here in self.several.items()}
        self.profile = roles.profile
        for reason, count in self.table.notes.items():
            self.notes.count(reason, count)

    def __len__(self) -> int:
        return len(self.table)

    def _json(self) -> tuple[Table, headers.Roles]:
        content = json_table.read(self.path)
        return content, headers.roles(self.name, content.headers, self.stated)

    def _table(self) -> tuple[Table, headers.Roles]:
        chosen: list[headers.Roles] = []

        def wanted(names: tuple[str, ...]) -> frozenset[int]:
            chosen.append(headers.roles(self.name, names, self.stated))
            return chosen[0].all

        known = headers.known_names(self.stated)
        content = table.read(self.path, known, wanted, self.stated.encoding)
        return content, chosen[0]

    def move(self, role: str, to: str) -> None:
        """Give a column another role, unless a column has it."""
        columns = self.several.pop(role)
        del self.columns[role]
        if to not in self.columns:
            self.columns[to], self.several[to] = columns[0], columns

    def quote(self, column: Column, texts) -> str:
        """Texts of a column as an error line may show them: no name of a person."""
        return self._names(column).quoted(texts)

    def masked(self, column: Column, text: str) -> str:
        """A text of a column as a record may hold it: a name of a person is masked."""
        return people.A_NAME if self._names(column).are_in(text) else text

    def _names(self, column: Column) -> people.Names:
        """Names of people in other columns than this."""
        place = id(column)
        if place not in self._known:
            others = (other for role in ("person", "other_people")
                      for other in self.several.get(role, []) if other is not column)  # fmt: skip
            self._known[place] = people.Names(text for other in others for text in other.texts)
        return self._known[place]

    def no_outcome(self) -> str:
        """The refusal where no column tells what became of the tickets: what would do."""
        names = [header for header in self.table.headers if header]
        known = [name for role in ("outcome", "status") for name in words()["columns"][role]]
        near = [did_you_mean(plain(name), known) for name in names]
        hint = next(filter(None, near), NAME_IT)
        if {"class", "rater 1"} & {plain(name) for name in names}:
            hint = "; labelled work goes to `tiercurve assess PLAN --work FILE`"
        elif not any(near) and (candidate := self._candidate()):
            header, shown = candidate
            hint = (
                f"; if '{header}' tells ({shown}), say so in a map (--map): [columns] status = "
                f'"{header}", and under [outcomes] what each word means'
            )
        roles = headers.known_names(self.stated)
        met = [
            name[:20] for name in names if plain(name) in roles or did_you_mean(plain(name), known)
        ][:6]
        if others := len(names) - len(met):  # they may be names of people
            met.append(f"{others} other{'s' if others > 1 else ''}")
        shown = ", ".join(met)
        return f"{self.name}: no column 'outcome' among {shown}{hint}"

    def _candidate(self) -> tuple[str, str] | None:
        """A column with few words, one of them of an outcome at least, and those words."""
        sample = self.table
        if not self.is_json:
            encoding = self.stated.encoding
            sample = table.read(self.path, (), lambda n: range(len(n)), encoding, SAMPLE)
        for column in sample.columns:
            texts = [text for text in column.texts if text]
            known = [t for t in texts if len(t) > 3 and plain(t) in meanings("outcomes")]
            if known and len(texts) <= MOST_WORDS:
                return column.header, people.Names(()).quoted(known)
        return None


def meanings_of(source: Source, unit: str) -> dict[str, str]:
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


def as_map(source: Source, use: Use, since: date | None, unit: str) -> dict[str, dict[str, Any]]:
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
