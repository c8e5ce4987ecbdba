"""The team's levels beside the study's sessions and rates, one measure at a time."""

from sim.assessment import assumptions, evidence
from sim.assessment.case import ASSUMED, MEASURED, UNKNOWN, Case, Finding
from sim.assessment.evidence import by_level, ledger, value
from sim.ledger import Evidence
from sim.scenario import LEVELS, Scenario

MEASURES = {
    "verified success": ("study-verified-adj-", "study-odds-ratio-verified"),
    "judged success": ("study-judged-", "study-odds-ratio-judged"),
    "at least partial success": ("study-partial-", "study-odds-ratio-partial"),
}


def composition(case: Case) -> Finding:
    """The team's levels beside the study's sessions and rates, one measure at a time."""
    plan = case.plan
    counts = level_counts(plan)
    if not sum(counts.values()):
        status, because = UNKNOWN, "the plan states no people"
    elif case.rated:
        status, because = MEASURED, "rated with the rubric, as you say"
    else:
        status, because = ASSUMED, "levels are your assumption until rated with the rubric"
    says = [_team(counts), *([_level_rates(name) for name in MEASURES]), _gain()]
    if sum(counts.values()):
        says.append(_team_mean(counts))
    says += [_label_noise(), _bearing(plan)]
    todo = "Rate levels by kind of work with the rubric below, two raters; then say --rated."
    if case.rated:
        todo = "Rate again when people or the kind of work change."
    rows = [f"study-share-{i}" for i in range(1, 6)]
    for prefix, odds in MEASURES.values():
        rows += [row.id for row in by_level(prefix).values()] + [odds]
    rows += [f"study-verified-raw-{i}" for i in (1, 3, 5)]
    rows += [
        "study-verified-mean",
        "study-gain-by-intermediate",
        "causal-share",
        "label-exact-agreement",
    ]
    question = "How does our mix of levels stand against the expertise multiplier?"
    return Finding("composition", "do", question, status, because, tuple(says), tuple(rows), todo)


def level_counts(plan: Scenario) -> dict[str, int]:
    """People of both roles by the level nearest to the middle of their range."""
    counts = dict.fromkeys(LEVELS, 0)
    for group in plan.groups:
        middle = sum(low + high for low, high in group.levels) / (2 * len(group.levels))
        nearest = int(middle + 0.5)
        counts[tuple(LEVELS)[nearest - 1]] += group.count
    return counts


def people_at(level: str) -> str:
    """`advanced-level` for a level's name that would be a class of work too."""
    return f"{level}-level" if level == "advanced" else level


def _team(counts: dict[str, int]) -> str:
    total = sum(counts.values())
    parts = [
        f"{people_at(level)} {counts[level]} of {total} against "
        f"{value(f'study-share-{i}'):g}%"
        for level, i in LEVELS.items()
    ]  # fmt: skip
    return "People here against the study's share of sessions: " + ", ".join(parts) + "."


def _level_rates(measure: str) -> str:
    prefix, odds = MEASURES[measure]
    rows = by_level(prefix)
    parts = ", ".join(f"{people_at(level)} {_rate(row)}" for level, row in rows.items())
    missing = [people_at(level) for level in LEVELS if level not in rows]
    gaps = f"; {', '.join(missing)} not published" if missing else ""
    allowed = evidence.tolerance(rows)
    width = f" (each read as ±{allowed:g} pp)" if allowed is not None else ""
    return (
        f"The study's {measure}, adjusted: {parts}{gaps}{width}. Odds of an expert's session over "
        f"a novice's: {value(odds):.1f}{_odds_span(rows, allowed)}."
    )


def _odds_span(rows: dict[str, Evidence], allowed: float | None) -> str:
    """Least and greatest odds ratio when both ends are misread by what is allowed."""
    novice, expert = rows["novice"].value, rows["expert"].value
    if allowed is None or novice is None or expert is None:
        return ""
    low = _odds(expert - allowed) / _odds(novice + allowed)
    high = _odds(expert + allowed) / _odds(novice - allowed)
    return f" ({low:.1f} to {high:.1f} within those readings)"


def _odds(percent: float) -> float:
    return percent / (100 - percent)


def _rate(row: Evidence) -> str:
    if row.low is None or row.high is None:
        return f"{row.value:g}%"
    return f"{row.low:g} to {row.high:g}%"


def _gain() -> str:
    causal = ledger()["causal-share"]
    novice, middle, expert = (value(f"study-verified-raw-{i}") for i in (1, 3, 5))
    raw = (middle - novice) / (expert - novice)
    return (
        f"{value('study-gain-by-intermediate'):g}% of the novice-expert gain in verified success "
        f"({raw:.0%} on raw rates) is there at intermediate. That is between people; of such a "
        f"difference a share of {causal.value:g} ({causal.low:g} to {causal.high:g}) is taken to "
        "follow a person who learns."
    )


def _team_mean(counts: dict[str, int]) -> str:
    rows = by_level(MEASURES["verified success"][0])
    total = sum(counts.values())
    here = sum(counts[level] * (row.value or 0.0) for level, row in rows.items()) / total
    allowed = evidence.tolerance(rows) or 0.0
    return (
        f"Those verified rates, weighted by the people here, average {here:.1f}% (±{allowed:g} pp "
        f"of reading), by the study's sessions {value('study-verified-mean'):g}%: a description, "
        "not a forecast; `tiercurve run` forecasts."
    )


def _label_noise() -> str:
    row = ledger()["label-exact-agreement"]
    return (
        f"The study's own labels of such scales agree exactly in {row.low:g} to {row.high:g}% of "
        "cases, so levels are off by one often."
    )


def _bearing(plan: Scenario) -> str:
    if assumptions.with_agent(plan) and plan.tool.curves == "headline":
        return (
            "This plan uses the headline curves, which take the ends of two different measures for "
            "one scale. Set tool.curves = 'study' before acting on it."
        )
    if assumptions.with_agent(plan):
        return "The plan's curve keeps the three measures apart and shifts all by level alike."
    if plan.tool.kind == "assistive":
        return (
            "The multiplier of sessions does not enter this plan: completions save coding time, "
            "more for the less experienced, by two uncertain parameters of their own."
        )
    return "The multiplier of sessions does not enter this plan: nobody works with an agent."
