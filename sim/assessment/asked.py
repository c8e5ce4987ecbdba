"""Four of the five things planners are asked to do; `composition` is the other."""

from sim.assessment import assumptions, evidence, window
from sim.assessment.case import (
    ASSUMED,
    MEASURED,
    UNKNOWN,
    Case,
    Finding,
    belief_text,
    interval,
    share_text,
)
from sim.assessment.evidence import ledger, value
from sim.assessment.work_sample import Share, WorkSample
from sim.engine import setup
from sim.scenario import Scenario


def average_share(case: Case) -> Finding:
    """From the work sample, or from what the scenario states."""
    belief = assumptions.advanced_share(case.plan)
    status, because = _share_status(case, belief.pinned)
    says = [_stated_share(case.plan), *_sampled_share(case)]
    todo = (
        "Label 50 to 100 tickets drawn at random from the last quarter as average or advanced, by "
        "two people apart, and give them as --work sample.csv."
    )
    if status == MEASURED:
        todo = "Put the range into [tasks] of the scenario; label again when the work changes."
    question = "What share of our own tasks is average work?"
    rows = ("conflict-c14", "mode-group-code-direct")
    return Finding("average_share", "do", question, status, because, tuple(says), rows, todo)


def _share_status(case: Case, pinned: bool) -> tuple[str, str]:
    if case.sample and case.sample.informative:
        return MEASURED, f"{case.sample.share.n:,} labelled tickets of this team"
    if case.sample:
        return ASSUMED, "the sample's 95% interval is wider than half the scale: too few tickets"
    if pinned:
        return ASSUMED, "a bare number in [tasks], without an interval"
    return MEASURED, "the scenario states a range, taken on your word"


def _stated_share(plan: Scenario) -> str:
    belief = assumptions.advanced_share(plan)
    share = belief.central
    if belief.pinned:
        return (
            f"The plan takes {share:.0%} of arriving tasks as advanced work and {1 - share:.0%} as "
            "average work, and states no interval."
        )
    low, high = (float(x) for x in belief.quantile([0.025, 0.975]))
    return f"The plan takes {interval(share, low, high)} of arriving tasks as advanced work."


def _sampled_share(case: Case) -> list[str]:
    if case.sample is None:
        return ["The study does not split its rates by difficulty, so it cannot say this share."]
    sample, share = case.sample, case.sample.share
    average = interval(1 - share.value, 1 - share.high, 1 - share.low)
    said = [
        f"Sample {sample.name}, {share.n:,} tickets: advanced work {share_text(share)}, average "
        f"work {average}.",
        _against_plan(assumptions.advanced_share(case.plan).central, share),
        _more_tickets(sample),
    ]
    if sample.settled:
        said.append(f"How the sample was read: {'; '.join(sample.settled)}.")
    counted = ", ".join(f"{reason} {count:,}" for reason, count in sample.left_out.items())
    return [*said, f"Left out of the sample: {counted}."] if counted else said


def _against_plan(stated: float, share: Share) -> str:
    where = "inside" if share.low <= stated <= share.high else "outside"
    todo = "" if where == "inside" else ": change the plan"
    return f"The plan's {stated:.0%} lies {where} that interval{todo}."


def _more_tickets(sample: WorkSample) -> str:
    more = sample.tickets_to_halve
    if more is None:
        return "No number of tickets would halve the interval: settle the disputed ones instead."
    return f"About {more:,} more tickets would halve the interval."


def sole_basis(case: Case) -> Finding:
    """Where the plan's numbers come from."""
    counts = {name: sum(b.source == name for b in case.beliefs) for name in _SOURCES}
    own = _own_measures(case)
    if own:
        status, because = MEASURED, "own: " + ", ".join(own)
    elif counts["published"] or counts["assumption"] or counts["you"]:
        status, because = ASSUMED, "nothing of the plan was measured in this team"
    else:
        status, because = UNKNOWN, "only the study stands behind the plan"
    parts = ", ".join(f"{counts[name]} {what}" for name, what in _SOURCES.items())
    says = (
        f"Of the {len(case.beliefs)} uncertain parameters this plan uses: {parts}.",
        _anchor(case),
        "A plan that takes people away must not rest on it: the study counts sessions, not jobs.",
    )
    rows = tuple(dict.fromkeys(row for belief in case.beliefs for row in belief.evidence))
    todo = (
        "Before a workforce change, add your own throughput before and after, and let the people "
        "concerned and whoever answers for employment law look at it."
    )
    question = "What besides this one study would a workforce decision rest on?"
    return Finding("sole_basis", "do", question, status, because, says, rows, todo)


_SOURCES = {
    "study": "from the study alone",
    "published": "from other published rows",
    "assumption": "from assumption alone",
    "you": "stated by you",
}


def _own_measures(case: Case) -> list[str]:
    ranges = [f"range of {one.name}" for one in case.own_ranges()]
    if not assumptions.advanced_share(case.plan).pinned:
        ranges.insert(0, "range of tasks.advanced_share")
    return [
        *(["work sample"] if case.sample and case.sample.informative else []),
        *(["levels rated"] if case.rated else []),
        *(["fitted curves"] if case.fitted else []),
        *ranges,
    ]


def _anchor(case: Case) -> str:
    if case.fitted:
        return f"The curve is the set '{case.plan.tool.curves}', not one shipped with Tiercurve."
    if not assumptions.with_agent(case.plan):
        return (
            "No session with an agent: of the study only the steps between levels are used, for "
            "how often work by hand breaks."
        )
    if case.plan.tool.curves == "headline":
        return (
            "How sessions end is the headline curve set, which joins two measures: do not use it."
        )
    if window.studied_tool(case.plan):
        return "How sessions end is the study's curve: one vendor, its own product."
    return "The tool has a horizon of its own; the steps between levels are still the study's."


def other_studies(case: Case) -> Finding:
    """Which published rows the plan can be held against."""
    kind = case.plan.tool.kind
    groups = case.verdicts
    sources = sorted({row.source for one in groups for row in one.rows})
    if kind == "none":
        status, because = UNKNOWN, "the plan has no tool to hold against any study"
    elif case.own_effect:
        status, because = MEASURED, "the plan states the tool's effect from your own numbers"
    elif groups:
        status, because = ASSUMED, "published studies exist; none is of this team"
    else:
        status, because = UNKNOWN, "the ledger has no study of this kind of tool"
    says = [
        f"{len(sources)} sources in the ledger bear on {_kind(kind)}: {'; '.join(sources)}.",
        f"The central study's window ends with {evidence.study_window()[1]}: {_old(case)}.",
    ]
    todo = (
        "Compare the ledger with what has come out since; add a row for each new study and the "
        "verdict below follows. Log your own merged changes by week and by use of the tool."
    )
    rows = tuple(row.id for one in groups for row in one.rows)
    question = "Which studies of other tools can this plan be held against?"
    if kind == "none":
        question = "Which studies would the choice of a tool rest on?"
    return Finding("other_studies", "do", question, status, because, tuple(says), rows, todo)


def _kind(kind: str) -> str:
    return "tools of any kind" if kind == "none" else f"{kind} tools"


def _old(case: Case) -> str:
    at_start, now = window.age_months(case.plan, case.today)
    return (
        f"{_months(at_start)} at the run's start ({case.plan.horizon.start}), {_months(now)} on "
        f"{case.today.isoformat()}"
    )


def _months(count: int) -> str:
    return f"{count} months old" if count >= 0 else f"{-count} months in the future"


def trend(case: Case) -> Finding:
    """Whether the plan carries the tool along its trend, and how far."""
    plan = case.plan
    carried = [one for one in case.beliefs if one.name in ("doubling_days", "trend_drift")]
    if not carried:
        status, because = UNKNOWN, "the plan takes the tool as it stands and states no trend"
    elif case.own_ranges("doubling_days", "trend_drift"):
        status, because = MEASURED, "the scenario states the trend as a range, on your word"
    else:
        status, because = ASSUMED, "carried by a published doubling time that need not hold here"
    says = [_carried(plan), *map(belief_text, carried), _other_rates(), _moves()]
    todo = "Run the same plan with a dated agent profile beside this one, and weigh where it leads."
    if carried:
        todo = (
            "Plan with the tool's version at the run's start and again with one a year on "
            "(tool.version); redo this when a new month of evidence appears."
        )
    rows = (
        "metr-doubling", "metr-doubling-all", "metr-doubling-2025", "metr-doubling-th11",
        "metr-doubling-since-2024", "fix-share-oct", "fix-share-apr", "value-change",
    )  # fmt: skip
    question = "Does the plan weigh the trend above the endpoint?"
    return Finding("trend", "do", question, status, because, tuple(says), rows, todo)


def _carried(plan: Scenario) -> str:
    if not assumptions.with_agent(plan):
        return "No agent in the plan: nothing in it changes with the tools of the day."
    ahead, beyond = setup.months(plan), assumptions.months_beyond(plan)
    within = "improves on the way" if plan.tool.improves else "stands still inside the run"
    if not ahead:
        return f"The tool is taken as of {plan.tool.date} and {within}."
    past = f", {beyond:.1f} of them beyond the evidence" if beyond else ""
    way = "on" if ahead > 0 else "back"
    return (
        f"The tool's curve of {plan.tool.date} is carried {abs(ahead):.1f} months {way}{past}, and "
        f"{within}."
    )


def _other_rates() -> str:
    rows = [
        ledger()[f"metr-doubling{end}"] for end in ("", "-all", "-2025", "-th11", "-since-2024")
    ]
    return "Published doubling times differ: " + ", ".join(row.shown() for row in rows) + "."


def _moves() -> str:
    before, after = value("fix-share-oct"), value("fix-share-apr")
    rise = ledger()["value-change"]
    return (
        f"Inside the study's window fixing fell from {before:g} to {after:g}% of sessions and the "
        f"value of a task rose by {rise.low:g} to {rise.high:g}%: the endpoint is not a level."
    )
