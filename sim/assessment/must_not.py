"""What must not be concluded from the study, nor from a plan that leans on it."""

from dataclasses import dataclass

from sim.assessment.evidence import by_level, ledger, value


@dataclass(frozen=True)
class Caution:
    """One conclusion to keep from, why, and the rows that say so."""

    what: str
    why: str
    evidence: tuple[str, ...]


def conclusions() -> tuple[Caution, ...]:
    """All of them, whatever the plan."""
    return (
        _headline(),
        Caution(
            "That seniority or a job title is expertise.",
            "Levels are rated per task from three signals; the tie to seniority is a gloss of a "
            "secondary article, not a finding.",
            ("conflict-c14",),
        ),
        Caution(
            "That fewer people are needed.",
            "The study counts how sessions end, not jobs, output or value. A shift in capability "
            "is not displacement.",
            ("study-sessions",),
        ),
        _causal(),
        _parity(),
        Caution(
            "That it holds for any tool, or for today's.",
            "One vendor studied its own product, in one window, among early adopters, in "
            "interactive use, without independent replication.",
            ("study-sessions", "study-users"),
        ),
        Caution(
            "How good one person is.",
            f"Expertise explains {value('study-regression-r2-1'):.1%} of how sessions differ, and "
            "labels are often off by one. The rubric gives counts of a team.",
            ("study-regression-r2-1", "label-exact-agreement"),
        ),
        Caution(
            "A workforce decision on this basis alone.",
            "Such a decision needs evidence of your own, the people concerned, and whoever answers "
            "for employment law.",
            ("conflict-c1", "conflict-c14"),
        ),
    )


def _headline() -> Caution:
    verified, partial = by_level("study-verified-adj-"), by_level("study-partial-")
    return Caution(
        "That 91% and 15% are two ends of one scale.",
        "They are different measures. On verified success experts reach "
        f"{verified['expert'].value:g}% where novices reach {verified['novice'].value:g}%; on at "
        f"least partial success {partial['expert'].value:g}% where novices reach "
        f"{partial['novice'].value:g}%.",
        ("conflict-c1", "headline-novice", "headline-expert"),
    )


def _causal() -> Caution:
    row = ledger()["causal-share"]
    return Caution(
        "That training brings the whole difference between levels.",
        "The gradient is between people. About "
        f"{row.value:g} of it ({row.low:g} to {row.high:g}) is taken to follow one who learns, and "
        "training itself may do nothing.",
        ("causal-share", "study-within-person-slope"),
    )


def _parity() -> Caution:
    return Caution(
        "That people who do not code match engineers on advanced work.",
        f"Near parity ({value('occupation-gap-all'):g} to {value('occupation-gap-code'):g} pp in "
        "verified success) is documented on average; rates are not split by difficulty.",
        ("occupation-gap-all", "occupation-gap-code", "conflict-c14"),
    )
