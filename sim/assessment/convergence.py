"""Whether studies of other tools say the same, by one stated rule.

Only rows that measure the same thing in the same unit are held against each other;
which do is a judgement, and stands in GROUPS. Intervals of two or more independent
studies (or, on the benchmark, of two vendors' models of like date) must all overlap to
converge; one pair that does not, or effects of different sign, and they diverge; with
fewer than two intervals it cannot be judged. Overlap of wide intervals is weak
evidence of agreement, and its absence with narrow ones weak evidence against.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from sim.assessment.evidence import ledger, month_number
from sim.ledger import Evidence

CONVERGE, DIVERGE, OPEN = "converge", "diverge", "cannot be judged"
LIKE_DATES = 2  # months between two models' release for them to be held against each other
RULE = (
    "Rule: like measures only. Converge: the intervals of two or more independent studies all "
    "overlap and effects have one sign. Diverge: a pair does not overlap, or signs differ. With "
    "fewer than two intervals it cannot be judged. A range over sites is not an interval."
)


@dataclass(frozen=True)
class Group:
    """Rows that measure like things.

    kind      tool kind it bears on: "agentic" or "assistive"
    what      the measure, with its setting
    rows      ids of the ledger
    by_model  whether rows are models on one benchmark rather than studies
    remark    what the verdict does not cover
    """

    kind: str
    what: str
    rows: tuple[str, ...]
    by_model: bool = False
    remark: str = ""


_MODELS = ("sonnet-3-7", "o3", "opus-4", "gpt-5", "opus-4-5", "gpt-5-2", "opus-4-6")
GROUPS = (
    Group(
        "agentic",
        "pull requests in the field, agents and mixed tools",
        ("sarkar-25", "heilman-26-low", "heilman-26-moderate", "heilman-26-high"),
        remark="merged in one, opened in the other; completions and chat in the second",
    ),
    Group(
        "agentic",
        "acceptance by experience, another agent",
        ("sarkar-25-experience",),
        remark="the only row on expertise with another agent; acceptance is not success",
    ),
    Group(
        "agentic",
        "50% time horizon on one benchmark, two vendors' models within two months",
        tuple(f"metr-{model}-h50" for model in _MODELS),
        by_model=True,
        remark="models without people, measured by one laboratory; says nothing about expertise",
    ),
    Group(
        "assistive",
        "time saved by completions in the laboratory",
        ("peng-23", "paradis-24"),
        remark="one greenfield task each",
    ),
    Group(
        "assistive",
        "output with completions in the field",
        ("cui-field", "mit-24-microsoft", "mit-24-accenture"),
        remark="ranges of the second are its sites, early and imprecise",
    ),
    Group(
        "assistive",
        "output by experience, another trade",
        ("blr-25", "blr-25-less-experienced", "blr-25-top"),
        remark="support agents, not software; the gain falls with experience there",
    ),
)


@dataclass(frozen=True)
class Verdict:
    """What one group of rows says.

    verdict  "converge", "diverge" or "cannot be judged"
    why      how the rule was met
    """

    group: Group
    rows: tuple[Evidence, ...]
    verdict: str
    why: str


def verdicts(kind: str) -> tuple[Verdict, ...]:
    """Every group that bears on a kind of tool; all of them for "none"."""
    return tuple(judge(group) for group in GROUPS if kind in (group.kind, "none"))


def overall(found: tuple[Verdict, ...]) -> str:
    """One verdict: a benchmark of models alone does not settle how people fare with tools."""
    if any(one.verdict == DIVERGE for one in found):
        return DIVERGE
    with_people = [one for one in found if not one.group.by_model]
    agree = bool(with_people) and all(one.verdict == CONVERGE for one in with_people)
    return CONVERGE if agree else OPEN


def judge(group: Group) -> Verdict:
    """Apply the rule to the rows of a group."""
    rows = tuple(ledger()[id_] for id_ in group.rows)
    return Verdict(group, rows, *verdict_of(rows, group.by_model))


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
        return DIVERGE, f"{_pair(apart[0])} do not overlap ({len(apart)} of {len(pairs)} pairs)"
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
    return "Anthropic" if row.level.startswith("Claude") else "OpenAI"


def _pair(pair: tuple[Evidence, Evidence]) -> str:
    return " and ".join(row.id for row in pair)
