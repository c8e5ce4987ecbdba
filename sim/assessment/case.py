"""What a finding may look at, what it says, and the rule for its status.

Each question is *measured*, *assumed* or *unknown* for this team, by one rule:

measured  a range from the team's own work stands behind it: the work sample given here, levels
          rated with the rubric, a curve set fitted to own data, or a range the scenario states
          in place of the register's or of a bare number (taken on the user's word)
assumed   the plan rests on a published number, on an assumption, or on a bare number
unknown   nobody has published it, and the plan states nothing

A bare number is never measured: a measurement has an interval.
"""

from dataclasses import dataclass
from datetime import date

from sim.assessment import assumptions
from sim.assessment.assumptions import Belief
from sim.assessment.convergence import Verdict
from sim.assessment.work_sample import Share, WorkSample
from sim.scenario import Scenario

MEASURED, ASSUMED, UNKNOWN = "measured", "assumed", "unknown"
SHIPPED_CURVES = ("study", "headline")
EFFECTS = {  # parameters that say what a kind of tool does to this team
    "agentic": ("team_offset",),
    "assistive": ("assist_saving_novice", "assist_saving_expert"),
}


@dataclass(frozen=True)
class Case:
    """All that a finding may look at.

    rated     whether the user says that levels were rated with the rubric
    beliefs   the uncertain parameters the plan uses
    verdicts  groups of studies of other tools that bear on the plan's kind of tool
    """

    plan: Scenario
    sample: WorkSample | None
    rated: bool
    today: date
    beliefs: tuple[Belief, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def fitted(self) -> bool:
        """Whether the plan's curves were fitted to data that the study did not ship."""
        return assumptions.with_agent(self.plan) and self.plan.tool.curves not in SHIPPED_CURVES

    @property
    def own_effect(self) -> bool:
        """Whether what the tool does to this team is stated from its own numbers."""
        return self.fitted or bool(self.own_ranges(*EFFECTS.get(self.plan.tool.kind, ("",))))

    def own_ranges(self, *names: str) -> tuple[Belief, ...]:
        """Parameters of these names (or all) that the scenario states as a range."""
        yours = (one for one in self.beliefs if one.source == "you" and not one.pinned)
        return tuple(one for one in yours if not names or one.name in names)


@dataclass(frozen=True)
class Finding:
    """One question, and what is known about it for this team.

    key       short name
    asked     "do" (what planners are asked to do) or "open" (what the study leaves open)
    status    "measured", "assumed" or "unknown"
    because   why that status
    says      what scenario and evidence say, a sentence each, with units and intervals
    evidence  rows of the ledger it rests on
    next      what would move the status, or keep it true
    """

    key: str
    asked: str
    question: str
    status: str
    because: str
    says: tuple[str, ...]
    evidence: tuple[str, ...]
    next: str


def share_text(share: Share) -> str:
    """A share of advanced work with its interval, in percent."""
    return interval(share.value, share.low, share.high)


def interval(middle: float, low: float, high: float) -> str:
    """`27% (95% interval 19 to 35%)`, in as many figures as the width deserves."""
    width = high - low
    digits = 0 if width >= 0.05 else 1 if width >= 0.005 else 2
    a, b, c = (f"{100 * x:.{digits}f}" for x in (middle, low, high))
    return f"{a}% (95% interval {b} to {c}%)"


def belief_text(belief: Belief) -> str:
    """One parameter with its range and unit, as a sentence."""
    span = (
        "pinned by you" if belief.pinned else f"90% between {belief.low:.4g} and {belief.high:.4g}"
    )
    return f"{belief.name}: {belief.central:.4g} {belief.unit} ({span})."
