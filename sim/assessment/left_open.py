"""The three questions that the study leaves open."""

from collections.abc import Iterator

from sim.assessment import convergence
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
from sim.assessment.evidence import value
from sim.assessment.work_sample import WorkSample


def other_tools(case: Case) -> Finding:
    """Whether studies of other tools converge, by the rule of `convergence`."""
    verdict = convergence.overall(case.verdicts)
    if case.own_effect:
        status, because = MEASURED, "the plan states your own tool's effect on this team"
    elif verdict == convergence.OPEN:
        status, because = UNKNOWN, "whether studies of other tools converge cannot be judged"
    else:
        status, because = ASSUMED, f"studies of other tools {verdict}, by the rule stated"
    says = [
        f"{one.group.what}: {one.verdict} ({one.why}); {one.group.remark}." for one in case.verdicts
    ]
    own = "state world.team_offset as a range from your own success rates"
    if case.plan.tool.kind == "assistive":
        own = "state world.assist_saving_novice and assist_saving_expert as ranges of your own"
    todo = (
        f"Measure it here: {own}, with the reason in a comment; until then run the plan also with "
        "the nearest other profile and see whether the decision changes."
    )
    rows = tuple(row.id for one in case.verdicts for row in one.rows)
    question = "Do the findings hold for other tools?"
    return Finding("other_tools", "open", question, status, because, tuple(says), rows, todo)


def average_task(case: Case) -> Finding:
    """Whether the team's own two words are understood alike."""
    status, because = _definition_status(case.sample)
    says = ["The study does not define an average task, and publishes no sizes of sessions."]
    if case.sample:
        says += _agreement(case.sample) + _size_texts(case.sample)
    sizes = case.plan.tasks.average
    median = sizes.median_hours or sizes.mean_hours
    what = "a median" if sizes.median_hours else "a mean"
    says.append(f"The plan takes average work to have {what} size of {median:g} expert-h.")
    reference = next((one for one in case.beliefs if one.name == "size_ref_hours"), None)
    if reference:
        says.append(f"The studied sessions' median size enters as {belief_text(reference)}")
    todo = (
        "Write down what counts as advanced (architecture, performance-critical, "
        "security-sensitive, novel failures of distributed systems) and let two people label the "
        "same tickets."
    )
    if status == MEASURED:
        todo = "Talk the disputed tickets through, sharpen the two words, and label again."
    rows = ("conflict-c14", "turns-per-session", "sip-median", "metr-oss-median")
    question = "What is an average task, here?"
    return Finding("average_task", "open", question, status, because, tuple(says), rows, todo)


def _definition_status(sample: WorkSample | None) -> tuple[str, str]:
    if sample is None:
        return UNKNOWN, "not defined in the study, and no labelled tickets are given"
    agreed = sample.agreement
    if agreed is None:
        return ASSUMED, "one rater's reading of the two words"
    if agreed.kappa_low is None or agreed.kappa_low <= 0:
        return ASSUMED, "two raters agree no better than chance might"
    return MEASURED, "two raters read the two words alike beyond chance"


def _agreement(sample: WorkSample) -> list[str]:
    agreed = sample.agreement
    if agreed is None:
        return ["One rater: how far another would agree is not known."]
    raw = interval(agreed.raw, agreed.raw_low, agreed.raw_high)
    beyond = "kappa is not defined: each rater used the same one word only"
    if agreed.kappa is not None:
        beyond = (
            f"Cohen's kappa {agreed.kappa:.2f} (95% interval {agreed.kappa_low:.2f} to "
            f"{agreed.kappa_high:.2f})"
        )
    each = " and ".join(share_text(share) for share in sample.by_rater)
    return [
        f"Two raters gave {agreed.n:,} tickets the same label in {raw}; {beyond}.",
        f"Taken alone they find advanced work in {each}; disputes are inside the share above.",
    ]


def _size_texts(sample: WorkSample) -> list[str]:
    return [
        f"{name.capitalize()} work in the sample: median {s.median:.2g} h (95% interval "
        f"{s.median_low:.2g} to {s.median_high:.2g}), sigma {s.sigma:.2f} ({s.sigma_low:.2f} to "
        f"{s.sigma_high:.2f}), {s.n:,} tickets."
        for name, s in sample.sizes.items()
    ]


def gap(case: Case) -> Finding:
    """Nobody has published it; a plan may state a drift."""
    stated = list(_stated_gaps(case))
    if stated:
        status, because = ASSUMED, "the plan states a drift; nothing published stands behind it"
    else:
        status, because = UNKNOWN, "no series by level is published, and the plan states no drift"
    occupations = [value("occupation-gap-all"), value("occupation-gap-code")]
    says = (
        "; ".join(stated) + "."
        if stated
        else "The plan keeps the steps between levels as they are.",
        f"Between occupations the gap in verified success was {occupations[0]:g} to "
        f"{occupations[1]:g} pp and moved neither way in seven months; by level no month is "
        "published.",
        f"Delegating cost {-value('shen-tamkin'):g} pp of mastery in one trial, and six months of "
        f"use went with {value('economic-index-tenure'):g} pp more success in another study: "
        "forces in both directions.",
    )
    todo = (
        "Run the plan with a gap that narrows and one that widens; where the decision differs, "
        "wait, or choose what can be undone. Rate levels again every half year."
    )
    rows = ("occupation-gap-all", "occupation-gap-code", "shen-tamkin", "economic-index-tenure")
    question = "Will the novice-expert gap narrow or widen?"
    return Finding("gap", "open", question, status, because, says, rows, todo)


def _stated_gaps(case: Case) -> Iterator[str]:
    """Values of the plan named for a gap, where they are not zero: levers, then parameters."""
    for table, keys in case.plan.to_dict().items():
        if table != "world" and isinstance(keys, dict):
            for key, stated in keys.items():
                if "gap" in key.split("_") and stated:
                    yield f"{table}.{key} = {stated}"
    for belief in case.beliefs:
        if "gap" in belief.name.split("_") and belief.source == "you":
            yield belief_text(belief).removesuffix(".")
