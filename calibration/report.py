"""One page of Markdown: a team's tickets against the study, and how far they moved the answer."""

import math

from sim.records.words import parameters, percent, rounded, signed, weeks
from sim.report import markdown

ASSUMED = (
    "the median size of the studied work (`size_ref_hours`), and that effects are normal on the "
    "logit scale",
    "that one shift of a level serves every measure, yours and the study's",
    "how often a stated level is wrong: never, or in up to 47% of people, as labels of the study "
    "agree with a stronger model's in 53 to 68% of sessions",
    "how much harder the work of a level up is, beside class and hours: normal(0, 0.12) logit",
    "how much of the difference between levels training brings (`causal_share`), how fast people "
    "learn, what review catches, how long work takes: tickets as read here say nothing of these",
)
WORDS = {
    "own": "“Closed” is your own measure: its cut points are its own, and the study's rates of "
    "verified, judged and partial success do not move with it.",
    "partial": "Outcomes were declared to be the study's “at least partial success”.",
    "judged": "Outcomes were declared to be the study's “judged done”.",
    "verified": "Outcomes were declared to be the study's own measures, up to verified success.",
}

NOTHING = 0.1  # an interval that narrowed by less has not been informed by the tickets


HEAD = ("", "unit", "study", "a team before its tickets", "with your tickets", "narrower by")


def sentences(found):
    """What a Calibration says, without its tables: list of str."""
    check = "" if found.trusted else _check(found)
    hidden = _hidden(found)[:1]
    lines = [_first(found), *_answer(found.answer), _read(found), *hidden, _more(found), check]
    return [line.replace("**", "").strip() for line in lines if line]


def page(found):
    """The report of a Calibration."""
    return "\n".join([
        f"# {found.name}: your tickets against the study",
        "",
        _first(found),
        "",
        "## Your data",
        "",
        *_observed(found),
        "",
        *_contrast(found),
        *_left_out(found),
        *_reading(found),
        "## How far they moved the answer",
        "",
        *_answer(found.answer),
        *_moved(found),
        "",
        _read(found),
        "",
        *_hidden(found),
        "## What only your records say",
        "",
        "These do not enter the curve set; state them under `[world]` if you believe them.",
        "",
        *_own(found),
        "",
        "## What is still assumption",
        "",
        *_assumed(found),
        "",
        "## How many more tickets",
        "",
        _more(found),
        "",
        "## Use",
        "",
        "```toml",
        "[tool]",
        f'curves = "{found.name}"',
        "```",
        "",
        _check(found),
        "Plans for teams: people entered as numbers while the file was read, no key is kept, and "
        "nothing here says anything about any one person.",
        "",
    ])  # fmt: skip


def _first(found):
    when = f", {found.window[0]} to {found.window[1]}" if found.window else ", undated"
    return (
        f"{found.rows:,} rows read, {found.used:,} with the agent used, of {found.people:,} "
        f"people{when}. {WORDS[found.closed_as]}"
    )


def _observed(found):
    rows = [
        (row.name, f"{row.tickets:,}", f"{100 * row.closed:.0f}%",
         f"{100 * row.low:.0f} to {100 * row.high:.0f}%")
        for row in found.observed.itertuples() if row.tickets
    ]  # fmt: skip
    lines = markdown(("level", "tickets", "closed", "95% interval"), rows)
    return [*lines, "", "Raw shares with the agent; work, sizes and people differ between levels."]


def _contrast(found):
    c = found.contrast
    if c is None:
        return []
    return [
        f"With the agent {100 * c['with_agent']:.0f}% of {c['tickets_with_agent']:,} tickets were "
        f"closed, by hand {100 * c['by_hand']:.0f}% of {c['tickets_by_hand']:,}: at the same mix "
        f"of classes {_signed(100 * c['difference'])} points (95% interval "
        f"{_signed(100 * c['low'])} to {_signed(100 * c['high'])}, of people like these). **Not "
        "causal**: people choose which work they take to an agent. It moves nothing in the curve "
        "set.",
        "",
    ]


def _left_out(found):
    if not found.counts:
        return []
    said = "; ".join(f"{reason}: {count:,}" for reason, count in found.counts.items())
    return [f"Left out or blank: {said}.", ""]


def _reading(found):
    """How the file was read, and what the fit took of it."""
    if found.reading is None:
        return []
    lines = [found.reading["page"]]
    if not found.reading["agent"]:
        lines += [
            "Nothing in the file says whether an agent was used: **every ticket is taken as with "
            "one**; `--agent-since DATE`, a column or a label would tell.",
            "",
        ]
    return lines


def _answer(found):
    """A plan with the study's curves and with the team's: sentences."""
    if found is None:
        return []
    before, low, high = rounded(*found["before"])
    after, low_after, high_after = rounded(*found["after"])
    step, least, most = signed(*found["difference"])
    return [
        f"`{found['scenario']}`, {weeks(found['weeks'])}: {before} {found['unit']} of work with "
        f"the study's curves ({low} to {high}), {after} with yours ({low_after} to {high_after}). "
        f"**Your tickets moved it by {step} ({least} to {most})**: 95% intervals of the "
        f"expectation, paired over {found['draws']} draws × {found['luck']} luck, seed "
        f"{found['seed']}; more in "
        f"{percent(found['share_up'])} of draws.",
        "",
    ]


def _moved(found):
    return markdown(HEAD, moved(found))


def moved(found):
    """Rows of the table of what moved, in words, a column each of HEAD."""
    for row in found.moved.itertuples():
        study = _interval(row.unit, row.study, row.study_low, row.study_high)
        study = "–" if row.what == "team_offset" else study
        before = _interval(row.unit, row.before, row.before_low, row.before_high)
        pooled = _interval(row.unit, row.pooled, row.pooled_low, row.pooled_high)
        narrowed = f"{100 * row.narrowed:.0f}%" if row.narrowed >= 0.005 else "–"
        what = parameters().get(row.what, row.what)
        yield what, row.unit, study, before, pooled, narrowed


def _read(found):
    """What the table says, in a sentence."""
    row = found.moved.iloc[0]
    return (
        f"On the study's scale the gap from novice to expert is {row.study:.0f} points in the "
        f"study, {row.before_low:.0f} to {row.before_high:.0f} in a team nothing else is known of, "
        f"and {row.pooled_low:.0f} to {row.pooled_high:.0f} with your tickets. Medians and 95% "
        "intervals of first sessions on the studied mix of work."
    )


def _hidden(found):
    """Confounding that would explain the gap; what the interval allows for; what it does not."""
    t = found.tipping
    if t is None:
        return []
    return [
        f"From novice to expert the tickets show {_logit(t['shown'])} logit a level, the study "
        f"{_logit(t['study'])}. **{_work(t['to_study'])} would explain all of the difference from "
        f"the study**; {_work(-t['shown'])} would explain all of the gap. The interval allows for "
        f"up to {t['assumed']:.2f} logit a level either way, and for stated levels being wrong for "
        f"{100 * t['wrong_low']:.0f} to {100 * t['wrong_high']:.0f}% of people.",
        "",
        "It **cannot exclude** more than that: work that goes to levels by how hard it is, beyond "
        "class, hours and those limits; levels stated in the light of how work went; people who "
        "take other tickets to the agent than their colleagues do; tickets that an export leaves "
        "out more often for one level than for another.",
        "",
    ]


def _logit(value):
    return f"{value:.2f}".replace("-", "−")


def _work(harder):
    """How much harder or easier work a level up is, in words."""
    return f"{abs(harder):.2f} logit of {'harder' if harder >= 0 else 'easier'} work a level"


def _own(found):
    rows = [
        (row.what, row.unit, f"{row.median:.2f}", f"{row.low:.2f} to {row.high:.2f}")
        for row in found.own.itertuples()
    ]
    return markdown(("", "unit", "median", "95% interval"), rows)


def _assumed(found):
    still = [row.what for row in found.moved.itertuples() if row.narrowed < NOTHING]
    lines = []
    if still:
        lines.append(f"- not informed by your tickets (under 10% narrower): {', '.join(still)}")
    return [*lines, *(f"- {text}" for text in ASSUMED)]


def _more(found):
    if found.halve is None:
        return (
            "Your tickets add too little to the gap from novice to expert to say: the study, and "
            "how few levels or people the file has, decide its interval."
        )
    return (
        f"About {_round(found.halve):,} more tickets, of further people like these, would halve "
        "the interval of the gap from novice to expert. More tickets of the same people help less."
    )


def _check(found):
    said = f"Importance check: {found.effective:,.0f} of {found.proposals:,} draws count. "
    if found.trusted:
        return said
    return f"**{said}Too few: read these intervals as rough.** "


def _interval(unit, middle, low, high):
    digits = 1 if unit in ("%", "pp") else 2
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def _signed(value):
    return f"{value:+.1f}".replace("-", "−")


def _round(number):
    """To two figures: the count is an extrapolation."""
    step = 10 ** max(0, int(math.log10(max(number, 1))) - 1)
    return math.ceil(number / step) * step
