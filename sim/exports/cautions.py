"""What to keep in mind of a record, by rule, and what an export does not hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.exports import people
from sim.exports.outcomes import DONE, GIVEN_UP, REOPENED

# The technical preview of GitHub Copilot: before it no team worked with a coding assistant that
# could be bought. *Assumption*: agents came later still.
AGENTS_FROM = date(2021, 6, 29)
ENOUGH = 5  # tickets done without one that failed, above which a filter is likely
MOST_OF_ONE = 0.5  # share of tickets of one person

_FILTERS = {
    "Jira": "in Jira search without `resolution = Done`, so that Won't Do and Declined come too",
    "GitHub": "`gh issue list --state all --limit 5000` brings what was closed as not planned",
    "GitLab": "GitLab keeps no reason of closing: export closed issues with their labels, and "
    "map the "
    "label of what was given up",
    "Linear": "in Linear export all issues, with the Canceled ones",
    "Azure": "in Azure DevOps let the query have `State In (Closed, Done, Removed)`",
    "git": "commits show what was done only: use the tracker's export for failures",
}


@dataclass(frozen=True)
class Facts:
    """Inputs of the rules: columns of tickets (n,), as in the record, and which columns a file has.

    alike     people whose keys look alike
    subtasks  sub-tasks in a file that names no parents
    headers   role -> column
    reviewer  whether a column names who reviewed
    unread    a caution about words of outcomes, "" if none
    """

    tracker: str
    outcome: np.ndarray
    closed: np.ndarray
    created: np.ndarray
    person: np.ndarray
    agent: np.ndarray
    level_low: np.ndarray
    hours: np.ndarray
    agent_source: str
    alike: int
    subtasks: int
    headers: Mapping[str, str]
    reviewer: bool
    unread: str


def of(facts: Facts) -> tuple[str, ...]:
    """Cautions of a record."""
    rules = (
        _no_failures, _no_dates, _before_agents, _after_today, _one_person, _nobody, _alike,
        _no_level, _many_levels, _agent, _unread, _points, _subtasks, _reviewer,
    )  # fmt: skip
    return tuple(sentence for rule in rules if (sentence := rule(facts)))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _no_failures(f: Facts) -> str:
    done = int((f.outcome == DONE).sum())
    if done < ENOUGH or np.isin(f.outcome, (GIVEN_UP, REOPENED)).any():
        return ""
    hint = next((text for name, text in _FILTERS.items() if f.tracker.startswith(name)), "")
    return "No ticket failed or was given up: was the export filtered to Done?" + (
        f" For them, {hint}." if hint else " Export what was given up too."
    )


def _no_dates(f: Facts) -> str:
    if (f.closed > 0).any():
        undated = int((f.closed == 0)[f.outcome != 3].sum())
        return f"{_count(undated, 'closed ticket')} without a date." if undated else ""
    return "No dates: nothing says when the work was done; add the date of closing to the export."


def _before_agents(f: Facts) -> str:
    early = int(((f.closed > 0) & (f.closed < AGENTS_FROM.toordinal())).sum())
    if not early:
        return ""
    stated = int(((f.closed > 0) & (f.closed < AGENTS_FROM.toordinal()) & (f.agent == 1)).sum())
    with_agent = f"; {stated:,} of them are said to be with one" if stated else ""
    return (
        f"{_count(early, 'ticket')} of before {AGENTS_FROM}, before there were agents: they "
        "count as "
        f"done without one{with_agent}."
    )


def _after_today(f: Facts) -> str:
    late = int((np.maximum(f.closed, f.created) > date.today().toordinal()).sum())
    return (
        f"{_count(late, 'ticket')} dated after today: is the order of day and month right?"
        if late
        else ""
    )


def _one_person(f: Facts) -> str:
    named = f.person[f.person != people.NOBODY]
    if len(named) < ENOUGH or np.bincount(named).max() <= MOST_OF_ONE * len(named):
        return ""
    share = np.bincount(named).max() / len(named)
    return f"One person has {100 * share:.0f}% of the tickets: they say more of one than of a team."


def _nobody(f: Facts) -> str:
    nobody = int((f.person == people.NOBODY).sum())
    if "person" not in f.headers:
        return (
            "No column says who did the work: differences between people cannot be told from "
            "chance."
        )
    return f"{_count(nobody, 'ticket')} of nobody (unassigned or blank)." if nobody else ""


def _alike(f: Facts) -> str:
    return (
        f"People whose keys look alike: {f.alike}; one person under two names counts as two."
        if f.alike
        else ""
    )


def _no_level(f: Facts) -> str:
    if (f.level_low > 0).any():
        return ""
    return (
        "No level of expertise: add a column 'level' (novice, beginner, intermediate, advanced, "
        "expert), "
        "or a table [levels] in a map; rate by pieces of work (`tiercurve assess` prints the "
        "rubric), "
        "never by years or title."
    )


def _many_levels(f: Facts) -> str:
    stated = (f.level_low > 0) & (f.person != people.NOBODY)
    pairs = np.unique(np.stack([f.person[stated], f.level_low[stated]]), axis=1)
    if not pairs.size or "level" not in f.headers:
        return ""
    per_person = np.bincount(pairs[0])
    many = int((per_person > 2).sum())
    if not many:
        return ""
    return (
        f"Column '{f.headers['level']}' is taken as the person's level, and "
        f"{_count(many, 'person') if many == 1 else f'{many:,} people'} have up to "
        f"{per_person.max()} "
        "of them: if it is a severity or a priority, say in a map: [columns] level = false."
    )


def _agent(f: Facts) -> str:
    if f.agent_source:
        unsaid = int((f.agent == -1).sum())
        return (
            f"{_count(unsaid, 'ticket')} without a word on whether an agent was used."
            if unsaid
            else ""
        )
    return (
        "Nothing says whether an agent was used: add a column 'agent' (yes or no), a label such as "
        "'copilot', or say from when on with --agent-since DATE."
    )


def _unread(f: Facts) -> str:
    return f.unread


def _points(f: Facts) -> str:
    if "points" not in f.headers or not np.isnan(f.hours).all():
        return ""
    return (
        "Story points are a scale of their own and not hours: hours spent of some tickets would be "
        "needed to say how long a point is."
    )


def _subtasks(f: Facts) -> str:
    return (
        f"{_count(f.subtasks, 'sub-task')} beside their parents, as no column names the parent: "
        "add "
        "'Parent' to the export."
        if f.subtasks
        else ""
    )


def _reviewer(f: Facts) -> str:
    return "" if f.reviewer else "Nothing says who reviewed: review is not read from this export."
