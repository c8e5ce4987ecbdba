"""The team's levels of expertise: beside the study's, and how to rate one.

The words are in `questions.toml`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sim.assessment import assumptions, other_studies
from sim.assessment.other_studies import TEXTS, by_level, ledger, value
from sim.assessment.questions import ASSUMED, MEASURED, UNKNOWN, Finding, Inputs, finding
from sim.errors import AssessError, is_int_or_float
from sim.ledger import Evidence
from sim.scenario import LEVELS, Scenario


def composition(inputs: Inputs) -> Finding:
    """The team's levels beside the study's sessions and rates, one measure at a time."""
    words, counts = TEXTS["composition"], level_counts(inputs.plan)
    people = sum(counts.values())
    why, status = ("rated", MEASURED) if inputs.rated else ("not_rated", ASSUMED)
    why, status = (why, status) if people else ("nobody", UNKNOWN)
    parts = (
        f"{people_at(level)} {counts[level]} of {people} against {value(f'study-share-{i}'):g}%"
        for level, i in LEVELS.items()
    )
    says = [words["team"].format(parts=", ".join(parts)), *map(_rates, words["measures"]), _gain()]
    if people:
        says.append(_team_mean(counts))
    says.append(words["noise"].format(row=ledger()["label-exact-agreement"]))
    says.append(words[_bearing(inputs.plan)])
    rows = [f"study-share-{i}" for i in range(1, 6)]
    for prefix, odds in words["measures"].values():
        rows += [row.id for row in by_level(prefix).values()] + [odds]
    rows += [f"study-verified-raw-{i}" for i in (1, 3, 5)]
    rows += ["study-verified-mean", "study-gain-by-intermediate", "causal-share"]
    rows += ["label-exact-agreement"]
    todo = "next_measured" if inputs.rated else "next"
    return finding("composition", status, words[why], says, rows, next=todo)


def level_counts(plan: Scenario) -> dict[str, int]:
    """People of both roles by the level nearest to the middle of their range."""
    counts = dict.fromkeys(LEVELS, 0)
    for group in plan.groups:
        middle = sum(low + high for low, high in group.levels) / (2 * len(group.levels))
        counts[tuple(LEVELS)[int(middle + 0.5) - 1]] += group.count
    return counts


def people_at(level: str) -> str:
    """`advanced-level` for a level's name that would be a class of work too."""
    return f"{level}-level" if level == "advanced" else level


def _rates(measure: str) -> str:
    prefix, odds = TEXTS["composition"]["measures"][measure]
    rows = by_level(prefix)
    parts = ", ".join(f"{people_at(level)} {_rate(row)}" for level, row in rows.items())
    missing = [people_at(level) for level in LEVELS if level not in rows]
    allowed = other_studies.tolerance(rows)
    return TEXTS["composition"]["rates"].format(
        measure=measure,
        parts=parts,
        gaps=f"; {', '.join(missing)} not published" if missing else "",
        width=f" (each read as ±{allowed:g} pp)" if allowed is not None else "",
        odds=value(odds),
        span=_odds_span(rows, allowed),
    )


def _rate(row: Evidence) -> str:
    known = row.low is not None and row.high is not None
    return f"{row.low:g} to {row.high:g}%" if known else f"{row.value:g}%"


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


def _gain() -> str:
    novice, middle, expert = (value(f"study-verified-raw-{i}") for i in (1, 3, 5))
    raw, gain = (middle - novice) / (expert - novice), value("study-gain-by-intermediate")
    words, causal = TEXTS["composition"]["gain"], ledger()["causal-share"]
    return words.format(gain=gain, raw=raw, causal=causal)


def _team_mean(counts: dict[str, int]) -> str:
    words = TEXTS["composition"]
    rows = by_level(words["measures"]["verified success"][0])
    here = sum(counts[level] * (row.value or 0.0) for level, row in rows.items())
    return words["mean"].format(
        here=here / sum(counts.values()),
        allowed=other_studies.tolerance(rows) or 0.0,
        study=value("study-verified-mean"),
    )


def _bearing(plan: Scenario) -> str:
    """Name of the sentence that says how the multiplier enters a plan."""
    if assumptions.with_agent(plan):
        return "headline" if plan.tool.curves == "headline" else "apart"
    return "assistive" if plan.main_tool.kind == "assistive" else "no_agent"


# ---- rating a level ----------------------------------------------------------------------------


def _signals() -> dict[str, tuple[str, ...]]:
    return {name: tuple(steps) for name, steps in TEXTS["rubric"]["signals"].items()}


@dataclass(frozen=True)
class Rubric:
    """How to rate a level of expertise from pieces of work, without asking for a title.

    signals  name -> (title, what is seen at level 1, ..., at level 5)
    method   how to rate, a sentence each
    note     what it is, and what it is not
    """

    signals: dict[str, tuple[str, ...]] = field(default_factory=_signals)
    method: tuple[str, ...] = tuple(TEXTS["rubric"]["method"])
    note: str = TEXTS["rubric"]["note"]

    def level(self, pieces: Iterable[tuple[float, float, float]]) -> float:
        """Level that rated pieces of work give: the median over pieces of their medians.

        pieces : (framing, verification, correction) of each, 1 to 5
        """
        rated = [tuple(piece) for piece in pieces]
        if not rated:
            raise AssessError("pieces: needs one rated piece of work at least")
        for number, piece in enumerate(rated, 1):
            if len(piece) != 3 or not all(_is_step(step) for step in piece):
                text = f"piece {number} = {piece}: must be three numbers from 1 to 5"
                raise AssessError(text)
        return float(median(median(piece) for piece in rated))

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        signals = {
            name: {"title": steps[0], "levels": dict(zip(LEVELS, steps[1:], strict=True))}
            for name, steps in self.signals.items()
        }
        return {"signals": signals, "method": list(self.method), "note": self.note}


def _is_step(step: Any) -> bool:
    return is_int_or_float(step) and 1 <= step <= 5  # nan and inf are not
