"""The questions of an assessment but that on levels, and what must not be concluded.

Each question is *measured*, *assumed* or *unknown* for this team, by one rule:

measured  a range from the team's own work stands behind it: the work sample given here, levels
          rated with the rubric, a curve set fitted to own data, or a range the scenario states
          in place of the register's or of a bare number (taken on the user's word)
assumed   the plan rests on a published number, on an assumption, or on a bare number
unknown   nobody has published it, and the plan states nothing

A bare number is never measured: a measurement has an interval. The words are in `questions.toml`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sim.assessment import assumptions, other_studies
from sim.assessment.assumptions import Belief
from sim.assessment.other_studies import TEXTS, Verdict, by_level, ledger, value
from sim.assessment.work_sample import Share, WorkSample
from sim.engine import setup
from sim.engine.tool_setup import months
from sim.scenario import Scenario

MEASURED, ASSUMED, UNKNOWN = STATUSES = "measured", "assumed", "unknown"
SHIPPED_CURVES = ("study", "headline")
EFFECTS = {  # parameters that say what a kind of tool does to this team
    "agentic": ("team_offset",),
    "assistive": ("assist_saving_novice", "assist_saving_expert"),
}


@dataclass(frozen=True)
class Inputs:
    """All that a question may look at.

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
        own = self.plan.tool.curves not in SHIPPED_CURVES
        # A team's record of work says nothing of how sessions end.
        return assumptions.with_agent(self.plan) and own and not setup.tier_curves(self.plan).record

    @property
    def own_effect(self) -> bool:
        """Whether what the tool does to this team is stated from its own numbers."""
        return self.fitted or bool(self.own_ranges(*EFFECTS.get(self.plan.main_tool.kind, ("",))))

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


def finding(
    key: str,
    status: str,
    because: str,
    says: Iterable[str],
    rows: Iterable[str] = (),
    next: str = "next",
    question: str = "question",
) -> Finding:
    """A finding in the words of the text file; `next` and `question` name the text there."""
    words = TEXTS[key]
    evidence = (*rows, *words.get("evidence", ()))
    return Finding(
        key, words["asked"], words[question], status, because, tuple(says), evidence, words[next]
    )


def interval(middle: float, low: float, high: float) -> str:
    """`27% (95% interval 19 to 35%)`, in as many figures as the width deserves."""
    width = high - low
    digits = 0 if width >= 0.05 else 1 if width >= 0.005 else 2
    a, b, c = (f"{100 * x:.{digits}f}" for x in (middle, low, high))
    return f"{a}% (95% interval {b} to {c}%)"


def _share(share: Share) -> str:
    return interval(share.value, share.low, share.high)


def _belief(belief: Belief) -> str:
    """One parameter with its range and unit, as a sentence."""
    span = (
        "pinned by you" if belief.pinned else f"90% between {belief.low:.4g} and {belief.high:.4g}"
    )
    return f"{belief.name}: {belief.central:.4g} {belief.unit} ({span})."


# ---- what planners are asked to do -------------------------------------------------------------


def average_share(inputs: Inputs) -> Finding:
    """From the work sample, or from what the scenario states."""
    words, belief = TEXTS["average_share"], inputs.plan.advanced_share
    status, because = _share_status(inputs, belief.pinned)
    if belief.pinned:
        shares = {"share": belief.central, "rest": 1 - belief.central}
        says = [words["takes_number"].format(**shares)]
    else:
        low, high = (float(x) for x in belief.quantile([0.025, 0.975]))
        says = [words["takes_range"].format(interval=interval(belief.central, low, high))]
    if inputs.sample is None:
        says.append(words["no_sample"])
    else:
        says += _sample(inputs.sample, belief.central)
    todo = "next_measured" if status == MEASURED else "next"
    return finding("average_share", status, because, says, next=todo)


def _share_status(inputs: Inputs, pinned: bool) -> tuple[str, str]:
    words, sample = TEXTS["average_share"], inputs.sample
    if sample and sample.informative:
        return MEASURED, words["sampled"].format(share=sample.share)
    if sample or pinned:
        return ASSUMED, words["too_few" if sample else "bare"]
    return MEASURED, words["stated"]


def _sample(sample: WorkSample, stated: float) -> Iterator[str]:
    words, share, more = TEXTS["average_share"], sample.share, sample.tickets_to_halve
    average = interval(1 - share.value, 1 - share.high, 1 - share.low)
    yield words["sample"].format(sample=sample, advanced=_share(share), average=average)
    where = "inside" if share.low <= stated <= share.high else "outside"
    yield words[where].format(stated=stated)
    yield words["settle" if more is None else "halve"].format(more=more)
    if sample.settled:
        yield words["reading"].format(settled="; ".join(sample.settled))
    if sample.left_out:
        counts = ", ".join(f"{reason} {count:,}" for reason, count in sample.left_out.items())
        yield words["left_out"].format(counts=counts)


def sole_basis(inputs: Inputs) -> Finding:
    """Where the plan's numbers come from."""
    words = TEXTS["sole_basis"]
    counts = {name: sum(b.source == name for b in inputs.beliefs) for name in words["source"]}
    own = _own_measures(inputs)
    status, because = UNKNOWN, words["only_study"]
    if own:
        status, because = MEASURED, words["own"].format(measures=", ".join(own))
    elif counts["published"] or counts["assumption"] or counts["you"]:
        status, because = ASSUMED, words["not_own"]
    parts = ", ".join(f"{counts[name]} {what}" for name, what in words["source"].items())
    says = (
        words["sources"].format(count=len(inputs.beliefs), parts=parts),
        words[_anchor(inputs)].format(curves=inputs.plan.tool.curves),
        words["sessions"],
    )
    rows = dict.fromkeys(row for belief in inputs.beliefs for row in belief.evidence)
    return finding("sole_basis", status, because, says, rows)


def _own_measures(inputs: Inputs) -> list[str]:
    names = [one.name for one in inputs.own_ranges()]
    if not inputs.plan.advanced_share.pinned:
        names.insert(0, "tasks.advanced_share")
    sampled = inputs.sample is not None and inputs.sample.informative
    measures = {
        "work sample": sampled, "levels rated": inputs.rated, "fitted curves": inputs.fitted,
    }  # fmt: skip
    return [*(name for name, there in measures.items() if there), *(f"range of {n}" for n in names)]


def _anchor(inputs: Inputs) -> str:
    """Name of the sentence that says whose curve it is."""
    if inputs.fitted:
        return "fitted"
    if not assumptions.with_agent(inputs.plan):
        return "no_agent"
    if inputs.plan.tool.curves == "headline":
        return "headline"
    return "studied" if assumptions.studied_tool(inputs.plan) else "other"


def other_tools_studied(inputs: Inputs) -> Finding:
    """Which published rows the plan can be held against."""
    words, plan = TEXTS["other_studies"], inputs.plan
    kind, no_tool = plan.main_tool.kind, plan.main_tool.kind == "none"
    sources = sorted({row.source for one in inputs.verdicts for row in one.rows})
    status, why = UNKNOWN, "no_tool" if no_tool else "none"
    if not no_tool and inputs.own_effect:
        status, why = MEASURED, "own"
    elif not no_tool and inputs.verdicts:
        status, why = ASSUMED, "published"
    tools = "tools of any kind" if no_tool else f"{kind} tools"
    at_start, now = map(_months, assumptions.age_months(plan, inputs.today))
    says = (
        words["sources"].format(count=len(sources), kind=tools, sources="; ".join(sources)),
        words["window"].format(
            end=other_studies.study_window()[1], at_start=at_start, start=plan.horizon.month,
            now=now, today=inputs.today.isoformat(),
        ),
    )  # fmt: skip
    question = "question_no_tool" if no_tool else "question"
    rows = _rows(inputs.verdicts)
    return finding("other_studies", status, words[why], says, rows, question=question)


def _rows(verdicts: tuple[Verdict, ...]) -> list[str]:
    return [row.id for one in verdicts for row in one.rows]


def _months(count: int) -> str:
    return f"{count} months old" if count >= 0 else f"{-count} months in the future"


def trend(inputs: Inputs) -> Finding:
    """Whether the plan carries the tool along its trend, and how far."""
    words = TEXTS["trend"]
    carried = [one for one in inputs.beliefs if one.name in ("doubling_days", "trend_drift")]
    status, why = (ASSUMED, "published") if carried else (UNKNOWN, "as_it_stands")
    if carried and inputs.own_ranges("doubling_days", "trend_drift"):
        status, why = MEASURED, "own"
    times = (
        ledger()[f"metr-{row}"].shown()
        for row in (
            "2026-doubling", "2026-doubling-all", "doubling-2025", "doubling-th11",
            "doubling-since-2024",
        )
    )  # fmt: skip
    moves = words["moves"].format(
        before=value("fix-share-oct"), after=value("fix-share-apr"), rise=ledger()["value-change"]
    )
    differ = words["differ"].format(times=", ".join(times))
    says = [_carried(inputs.plan), *map(_belief, carried), differ, moves]
    todo = "next_carried" if carried else "next"
    return finding("trend", status, words[why], says, next=todo)


def _carried(plan: Scenario) -> str:
    words = TEXTS["trend"]
    if not assumptions.with_agent(plan):
        return words["no_agent"]
    ahead, beyond = months(plan), assumptions.months_beyond(plan)
    return words["carried" if ahead else "dated"].format(
        date=plan.main_tool.date,
        months=abs(ahead),
        way="on" if ahead > 0 else "back",
        past=f", {beyond:.1f} of them beyond the evidence" if beyond else "",
        within="improves on the way" if plan.main_tool.improves else "stands still inside the run",
    )


# ---- what the study leaves open ----------------------------------------------------------------


def other_tools(inputs: Inputs) -> Finding:
    """Whether studies of other tools converge, by the rule of `other_studies`."""
    words, verdict = TEXTS["other_tools"], other_studies.overall(inputs.verdicts)
    status, why = ASSUMED, "judged"
    if inputs.own_effect:
        status, why = MEASURED, "own"
    elif verdict == other_studies.OPEN:
        status, why = UNKNOWN, "not_judged"
    says = (
        f"{one.group.what}: {one.verdict} ({one.why}); {one.group.remark}."
        for one in inputs.verdicts
    )
    because = words[why].format(verdict=verdict)
    answer = finding("other_tools", status, because, says, _rows(inputs.verdicts))
    own = words["assistive" if inputs.plan.main_tool.kind == "assistive" else "agent"]
    return replace(answer, next=answer.next.format(own=own))


def average_task(inputs: Inputs) -> Finding:
    """Whether the team's own two words are understood alike."""
    words, sample, sizes = TEXTS["average_task"], inputs.sample, inputs.plan.tasks.average
    status, why = _definition_status(sample)
    says = [words["study"]]
    if sample:
        says += _agreement(sample)
        says += [
            words["sizes"].format(name=name.capitalize(), s=s) for name, s in sample.sizes.items()
        ]
    kind, hours = "a median" if sizes.median_hours else "a mean", sizes.median_hours
    says.append(words["plan"].format(kind=kind, hours=hours or sizes.mean_hours))
    reference = (_belief(one) for one in inputs.beliefs if one.name == "size_ref_hours")
    says += [words["reference"].format(belief=belief) for belief in reference]
    todo = "next_measured" if status == MEASURED else "next"
    return finding("average_task", status, words[why], says, next=todo)


def _definition_status(sample: WorkSample | None) -> tuple[str, str]:
    """Status of how the two words are read, and name of the reason."""
    if sample is None:
        return UNKNOWN, "not_defined"
    if sample.agreement is None:
        return ASSUMED, "one_rater"
    low = sample.agreement.kappa_low
    return (ASSUMED, "by_chance") if low is None or low <= 0 else (MEASURED, "alike")


def _agreement(sample: WorkSample) -> list[str]:
    words, agreement = TEXTS["average_task"], sample.agreement
    if agreement is None:
        return [words["alone"]]
    raw = interval(agreement.raw, agreement.raw_low, agreement.raw_high)
    kappa = words["no_kappa" if agreement.kappa is None else "kappa"].format(a=agreement)
    shares = " and ".join(map(_share, sample.by_rater))
    return [
        words["agreement"].format(n=agreement.n, raw=raw, kappa=kappa),
        words["each"].format(shares=shares),
    ]


def gap(inputs: Inputs) -> Finding:
    """Nobody has published it; a plan may state a drift."""
    words, stated = TEXTS["gap"], list(_stated_gaps(inputs))
    status, why = (ASSUMED, "stated") if stated else (UNKNOWN, "not_stated")
    says = (
        "; ".join(stated) + "." if stated else words["kept"],
        words["occupations"].format(
            low=value("occupation-gap-all"), high=value("occupation-gap-code")
        ),
        words["forces"].format(cost=-value("shen-tamkin"), tenure=value("economic-index-tenure")),
    )
    return finding("gap", status, words[why], says)


def _stated_gaps(inputs: Inputs) -> Iterator[str]:
    """Values of the plan named for a gap, where they are not zero: levers, then parameters."""
    for table, keys in inputs.plan.to_dict().items():
        if table != "world" and isinstance(keys, dict):
            for key, stated in keys.items():
                if "gap" in key.split("_") and stated:
                    yield f"{table}.{key} = {stated}"
    for belief in inputs.beliefs:
        if "gap" in belief.name.split("_") and belief.source == "you":
            yield _belief(belief).removesuffix(".")


# ---- what must not be concluded ----------------------------------------------------------------


@dataclass(frozen=True)
class Caution:
    """One conclusion to keep from, why, and the rows that say so."""

    what: str
    why: str
    evidence: tuple[str, ...]


def must_not_conclude() -> tuple[Caution, ...]:
    """What must not be concluded from the study, nor from a plan that leans on it."""
    numbers = {
        "verified": by_level("study-verified-adj-"), "partial": by_level("study-partial-"),
        "causal": ledger()["causal-share"], "explained": ledger()["study-regression-r2-1"],
        "gap_all": ledger()["occupation-gap-all"], "gap_code": ledger()["occupation-gap-code"],
    }  # fmt: skip
    return tuple(
        Caution(one["what"], one["why"].format(**numbers), tuple(one["evidence"]))
        for one in TEXTS["must_not_conclude"]
    )
