"""A team's past, as a file tells it: tickets by week, and what else is known of the same weeks."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from sim import files
from sim.errors import BacktestError, LearnError
from sim.exports import TicketRecord
from sim.exports import read as read_export
from sim.exports.outcomes import DONE, GIVEN_UP
from sim.forecasting import weekly
from sim.learning import measures

FEWEST = 20  # tickets that a mean or a share is taken of
SHORTEST = 8  # weeks


@dataclass(frozen=True, eq=False)
class History:
    """What is known of a team's past.

    name      of the file
    sha256    of its bytes
    first     the Monday of its first week
    counts    (n,) int, tickets done in each week of the file
    window    how many of the last weeks are learned from
    observed  key of a measure -> value over those weeks, in its unit
    people    who did tickets in those weeks; 0 where the file does not say
    notes     how it was read: sentences
    """

    name: str
    sha256: str
    first: date
    counts: np.ndarray
    window: int
    observed: dict[str, float]
    people: int
    notes: tuple[str, ...]

    @property
    def ends(self) -> date:
        """The Monday after its last week."""
        return self.first + timedelta(weeks=len(self.counts))

    @property
    def begins(self) -> date:
        """The Monday of the first week that is learned from."""
        return self.ends - timedelta(weeks=self.window)

    def before(self, weeks: int) -> "History":
        """The same without its last weeks, of tickets alone."""
        counts = self.counts[:-weeks]
        window = min(self.window, len(counts))
        observed = {measures.TICKETS: _rate(counts, window)}
        return History(self.name, self.sha256, self.first, counts, window, observed, 0, ())


def read(path, map=None, dates=None, weeks=26, known=None) -> History:
    """The History of a file.

    path : an export that `sim.read` reads, or a table of the columns week and closed
    map, dates : of an export, as `sim.read` takes them
    weeks : how many of its last weeks are learned from, where it has as many
    known : key of a measure -> value over these weeks, which goes before the file's own

    Raises LearnError or TicketError, a line a fault.
    """
    path = Path(path)
    own = measures.check(known)
    try:
        tickets = None if weekly.is_counts(path) else read_export(path, map, dates)
        if tickets is None:
            projects = weekly.of_table(path)
            if len(projects) > 1:
                raise LearnError(
                    f"{path.name}: {len(projects)} projects: must be the record of one team"
                )
            one = projects[0]
        else:
            one = weekly.of_record(tickets)
    except BacktestError as error:
        raise LearnError(str(error)) from None
    if fault := weekly.too_little(one):
        raise LearnError(f"{path.name}: {fault}")
    window = min(weeks, len(one.counts))
    observed = {measures.TICKETS: _rate(one.counts, window)}
    notes, people = list(one.notes), 0
    if tickets is not None:
        end = one.first.toordinal() + 7 * len(one.counts)
        within = (tickets.closed >= end - 7 * window) & (tickets.closed < end)
        more, told = _of_tickets(tickets, within)
        observed |= more
        notes += told
        people = len(np.unique(tickets.person[within & (tickets.person >= 0)]))
    if window < len(one.counts):
        notes.append(
            f"Learned from the last {window} of {len(one.counts)} weeks; the drift from all of "
            "them."
        )
    return History(
        path.name, files.sha256(path), one.first, one.counts, window,
        observed | own, people, tuple(notes),
    )  # fmt: skip


def _rate(counts, window) -> float:
    """Tickets a week over the last weeks, half a ticket added as to every world's."""
    return (float(counts[-window:].sum()) + 0.5) / window


def _of_tickets(tickets: TicketRecord, within):
    """Measures that the tickets closed within the weeks tell, and notes."""
    done = within & (tickets.outcome == DONE)
    given_up = int((within & (tickets.outcome == GIVEN_UP)).sum())
    count = int(done.sum())
    found, notes = {}, []
    if count + given_up >= FEWEST and (tickets.outcome == GIVEN_UP).any():
        found["given_up"] = (given_up + 0.5) / (count + given_up + 1.0)
    for key, column, words in (
        ("hours", tickets.hours, "hours spent"), ("advanced", tickets.advanced, "a class"),
    ):  # fmt: skip
        told = column[done & ~np.isnan(column)]
        if len(told) and (len(told) < FEWEST or 2 * len(told) < count):
            notes.append(
                f"{len(told)} of {count} done tickets tell {words}: too few to learn it from."
            )
        elif len(told) and told.mean() > 0:
            found[key] = float(told.mean())
    return found, notes
