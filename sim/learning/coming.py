"""The weeks after a record, week by week: what the team will have done if it goes on as it is."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from sim.errors import LearnError

WEEKS = 104  # ahead
SHARES = (
    0.025,
    0.05,
    0.1,
    0.15,
    0.2,
    0.25,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.75,
    0.8,
    0.85,
    0.9,
    0.95,
    0.975,
)
COLUMNS = tuple(f"q{100 * share:g}" for share in SHARES)
LIKELY, SURE = 0.5, 0.85  # shares of worlds whose dates are told


def table(part, rows, level, window, lasting, transient, seed) -> pd.DataFrame:
    """Quantiles of tickets done since the record: a row a week ahead, `week` and COLUMNS.

    part : MeasureEmulator of tickets; rows : Weighted; level : Level
    lasting : (rows,), what parameters leave of the rate for good [ln]
    transient : share of the variance about the emulator that is chance of single weeks

    Chance of a week is lognormal of mean 1, such that the sum over the window has the share of the
    emulator's variance that passes.
    """
    rng = np.random.default_rng([seed, 8])
    mean, sd = part.at(rows.scores)
    path = level.ahead_of(window, WEEKS, len(mean), seed)
    spread = sd[:, None] * np.sqrt(transient * window)
    chance = spread * rng.standard_normal(path.shape) - 0.5 * spread**2
    tickets = np.exp(np.minimum((mean + lasting)[:, None] + path + chance, 16.0)).cumsum(axis=1)
    ends = np.quantile(tickets, SHARES, axis=0).T
    found = pd.DataFrame(ends, columns=list(COLUMNS))
    found.insert(0, "week", np.arange(1.0, WEEKS + 1))
    return found


def week_of(coming: pd.DataFrame, tickets: float, share: float) -> float | None:
    """Week ahead by whose end so many tickets are done in a share of worlds; None within none."""
    column = coming[f"q{100 * (1 - share):g}"]
    reached = coming["week"][column >= tickets]
    return float(reached.iloc[0]) if len(reached) else None


def chance(coming: pd.DataFrame, tickets: float, week: float) -> float:
    """Chance that so many tickets are done by the end of a week ahead, from 0 to 1."""
    ends = coming.loc[coming["week"] == week, list(COLUMNS)].to_numpy(float)[0]
    return float(1.0 - np.interp(tickets, ends, SHARES, left=0.0, right=1.0))


def sentence(coming: pd.DataFrame, ends: str, tickets: int, by: str | None = None) -> str:
    """When so many tickets more are done if the team goes on, in words.

    ends : the Monday after the record; by : a day up to which the chance is told

    Raises LearnError, one line.
    """
    if not 1 <= tickets <= 1_000_000:
        raise LearnError(f"tickets = {tickets}: must be from 1 to 1,000,000")
    first = date.fromisoformat(ends)

    def day(share):
        week = week_of(coming, tickets, share)
        if week is None:
            return f"not within {WEEKS} weeks"
        return f"by {first + timedelta(weeks=int(week)) - timedelta(days=3)}"

    text = (
        f"{tickets:,} tickets more, if the team goes on as it is: half of the worlds are done "
        f"{day(LIKELY)}, 85 of 100 {day(SURE)}"
    )
    if by is None:
        return f"{text}."
    return f"{text}; with {_chance_by(coming, first, tickets, by)} chance by {by}."


def _chance_by(coming, first, tickets, by):
    try:
        week = (date.fromisoformat(by) - first).days // 7 + 1
    except ValueError:
        raise LearnError(f"by = {by}: must be a day such as 2027-03-15") from None
    if not 1 <= week <= WEEKS:
        last = first + timedelta(weeks=WEEKS)
        raise LearnError(f"by = {by}: must be from {first}, where the record ends, to {last}")
    share = chance(coming, tickets, week)
    return "under 3%" if share < 0.025 else "over 97%" if share > 0.975 else f"{share:.0%}"
