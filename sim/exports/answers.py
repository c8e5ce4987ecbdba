"""Outcomes of an export's rows and tickets, or the refusal where words are not known."""

import numpy as np

from sim.errors import TicketError, short
from sim.exports import map_file, outcomes, people
from sim.exports.outcomes import DONE, OPEN, SILENT, STUDY, UNKNOWN, Outcomes
from sim.exports.source import Source
from sim.exports.tickets import Rows
from sim.exports.vocabulary import plain

MOST_UNKNOWN = 0.2  # share of outcomes that may be no known word


def of(source: Source, study: bool) -> Outcomes:
    """What became of each row. Raises TicketError where no column tells."""
    columns = {role: source.columns[role] for role in
            (*outcomes.STRONG, "category", "merged", "canceled", "closed")
            if role in source.columns}  # fmt: skip
    rows, notes = len(source), source.notes
    if not columns and source.profile.name == "git log":
        notes.assumed.append("every commit is a piece of work that was done")
        return Outcomes(np.full(rows, DONE), np.zeros(rows, np.int64), [("git log", "commit")])
    if not columns:
        raise TicketError(source.no_outcome())
    if not {*outcomes.STRONG, "category"} & columns.keys():
        header = next(iter(columns.values())).header
        notes.assumed.append(
            f"no column of outcomes: a date in '{header}' is taken as done, none as open"
        )
    answers = outcomes.of(columns, rows, source.profile, source.stated, study, source.masked)
    if not {*outcomes.STRONG, "category"} & columns.keys():
        silent = answers.answer == SILENT
        answers.words.append((header, ""))
        answers.answer = np.where(silent, OPEN, answers.answer)
        answers.word = np.where(silent, len(answers.words) - 1, answers.word)
    notes.settled += [f"{text}: {count:,}" for text, count in answers.overruled.items()]
    return answers


def usable(source: Source, rows: Rows, answers: Outcomes) -> tuple[Rows, str]:
    """Tickets whose outcome is known, and a caution of those that are left out.

    Raises TicketError where over a fifth of the words is none that is known.
    """
    unknown, silent = rows.answer == UNKNOWN, rows.answer == SILENT
    caution = ""
    if unknown.any():
        words = sorted(answers.words[i] for i in np.unique(rows.word[unknown]).tolist())
        header = words[0][0]
        column = next(c for c in source.columns.values() if c.header == header)
        shown = source.quote(column, [text for _, text in words])
        known = int((~silent).sum())
        if unknown.sum() > MOST_UNKNOWN * known:
            texts = list(dict.fromkeys(text for _, text in words))
            raise TicketError(
                f"{source.name}: {header} = {shown}: {int(unknown.sum()):,} of {known:,} "
                "outcomes are "
                f"no known word, over 20%; {_mend(texts)}"
            )
        caution = (
            f"Words of outcomes that are not known, left out: {shown}; say what each means in a "
            "map."
        )
    source.notes.count("outcome is no known word", unknown.sum())
    source.notes.count("no outcome told", silent.sum())
    return rows.take(~unknown & ~silent), caution


def _mend(texts: list[str]) -> str:
    if set(map(plain, texts)) & set(STUDY):
        return "words of the study's scale are read with --closed-as verified"
    word = next((text for text in texts if text != people.A_NAME), "WORD")
    return (
        f"say what each means in a map (--map): [outcomes] {map_file.quoted(short(word, 40))} = "
        '"done", "given up", "no attempt" or "open"'
    )
