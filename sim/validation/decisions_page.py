"""The page of decisions as Markdown and as JSON, from their rows. It runs nothing."""

import json

import pandas as pd

from sim.experiments.robustness import sentences
from sim.experiments.robustness.settings import AS_IS, NO, OFF, OTHER_LUCK, UNCLEAR, YES
from sim.records.words import capital, estimate, label, percent
from sim.report import markdown
from sim.validation import decisions, multiplier

PAGE, NUMBERS = "decisions.md", "decisions.json"
DIGITS = 6  # significant, in JSON: beyond them machines differ
MOST_ENDS = 12  # ends of priors on the page, of each decision; all are in the JSON
HEAD = (
    "decision", "difference", "95% interval", "better in expectation", "turned by",
    "most draws that change sign", "other luck alone",
)  # fmt: skip
GAINS = ("reading", "unit", "published", "simulated median [95% interval]", "probability")


def page(texts, rows, gains, quick, made_by):
    """The page as Markdown.

    texts : templates `decisions`, `decision` and `undefined` of pages.toml
    rows : DataFrame of `decisions.run`; gains : DataFrame of `multiplier.run`
    quick : whether of the fast subset; made_by : the line on what made it
    """
    parts = _parts(rows)
    draws, luck = decisions.QUICK if quick else decisions.FULL
    draws_gain, luck_gain = multiplier.QUICK if quick else multiplier.FULL
    least = int(gains["draws"].min()) if len(gains) else draws_gain
    return texts["decisions"].strip("\n").format(
        turned=turned(parts), draws=draws, luck=luck,
        ends="" if quick else ", and at both ends (5% and 95% points) of each doubtful prior",
        table="\n".join(markdown(HEAD, summaries(rows, draws))),
        decisions="\n\n".join(_decision(texts["decision"], *part) for part in parts),
        gains=who_gains(gains), people=multiplier.PEOPLE, draws_gain=draws_gain,
        luck_gain=luck_gain,
        undefined=texts["undefined"].format(draws=least) if least < draws_gain else "",
        multiplier="\n".join(markdown(GAINS, [_gain(row) for _, row in gains.iterrows()])),
        made_by=made_by,
    ) + "\n"  # fmt: skip


def _parts(rows):
    """(Decision, its rows) of each decision that there are rows of, a list."""
    if rows.empty:
        return []
    every = ((one, rows[rows["decision"] == one.name]) for one in decisions.available())
    return [(one, part) for one, part in every if len(part)]


def summaries(rows, draws):
    """A row of the first table (HEAD) for each decision, of so many draws."""
    return [_summary(one, part, draws) for one, part in _parts(rows)]


def turned(parts):
    """Which decisions turn, in words: parts of (Decision, its rows)."""
    words: dict[str, list[str]] = {YES: [], UNCLEAR: [], NO: []}
    for one, rows in parts:
        found = set(_changed(rows)["turns"])
        words[next(word for word in (YES, UNCLEAR, NO) if word in {*found, NO})].append(one.name)
    said = []
    if words[YES]:
        said.append(f"Some change alone turns: {'; '.join(words[YES])}.")
    if words[UNCLEAR]:
        said.append(f"One may turn, within numerical error: {'; '.join(words[UNCLEAR])}.")
    if words[NO]:
        said.append(f"No change alone turns: {'; '.join(words[NO])}.")
    return " ".join(said)


def _changed(rows):
    return rows[~rows["kind"].isin([AS_IS, OTHER_LUCK])]


def _summary(one, rows, draws):
    """A decision's row of the first table."""
    frame, changed = one.frame, _changed(rows)
    as_is, luck = (rows[rows["kind"] == kind].iloc[0] for kind in (AS_IS, OTHER_LUCK))
    size, ends = estimate(
        *(frame.scale * as_is[c] for c in ("mean", "ci_low", "ci_high")), signs=True
    )
    most = changed.loc[changed["other_sign"].idxmax()]
    turning, unclear = (int((changed["turns"] == word).sum()) for word in (YES, UNCLEAR))
    count = f"{turning} of {len(changed)}"
    return (
        one.name, f"{size} {frame.shown_unit}", ends, odds(as_is["p_better_expected"], draws),
        f"{count}, {unclear} unclear" if unclear else count,
        f"{percent(most['other_sign'])}: {sentences.setting(most)}"
        if most["other_sign"] > 0 else "none",
        percent(luck["other_sign"]),
    )  # fmt: skip


def _decision(text, one, rows):
    frame = one.frame
    ends = ~rows["kind"].isin([AS_IS, OTHER_LUCK, OFF])
    shown = rows[~ends | (ends.cumsum() <= MOST_ENDS)]
    more = len(rows) - len(shown)
    left = f"\n\n{more} more ends of priors move it less; all are in [{NUMBERS}]({NUMBERS})."
    what = f"{capital(label(one.metric))} [{frame.shown_unit}]: {frame.plan}"
    return text.strip("\n").format(
        name=capital(one.name), question=one.question, plan=what, reference=frame.reference,
        sentences="\n".join(f"- {line}" for line in sentences.sentences(rows, frame)),
        table="\n".join(
            markdown(sentences.HEAD, [sentences.cells(row, frame) for _, row in shown.iterrows()])
        ),
        more=left if more else "",
    )  # fmt: skip


def who_gains(gains):
    """In one sentence, with its probability: whether experts gain more with the agent."""
    found = {row["reading"]: odds(row["p"], row["draws"]) for _, row in gains.iterrows()}
    readings = [
        f"experts gain more {measure} with the study's agent than novices"
        for measure in ("output", "expert-hours of output")
    ]
    if any(reading not in found for reading in readings):
        return ""
    relative, absolute = (found[reading] for reading in readings)
    instruction = next(iter(found.values()))
    alike = found.get("were levels alike by hand, experts would gain more output from the agent")
    carried = f" Were levels alike by hand it would be {alike} in percent." if alike else ""
    return (
        f"In work per instruction experts are ahead with probability {instruction}; in output "
        f"they gain more from the agent than novices with probability {relative} in percent and "
        f"{absolute} in expert-hours.{carried}"
    )


def _gain(row):
    size, ends = estimate(row["median"], row["low"], row["high"], signs=row["more_than"] == 0)
    return (
        row["reading"], row["unit"], row["published"] or "–", f"{size} [{ends}]",
        odds(row["p"], row["draws"]),
    )  # fmt: skip


def odds(p, draws):
    """A probability in words, no surer than so many draws can tell."""
    return percent(min(max(p, 0.5 / draws), 1 - 0.5 / draws))


# ---- numbers -------------------------------------------------------------------------------------


def numbers(rows, gains, quick, made_by):
    """All numbers of the page as plain data, in six digits."""
    return {
        "settings": plain(rows), "multiplier": plain(gains), "quick": quick, "made_by": made_by,
    }  # fmt: skip


def plain(table):
    """Rows of a table as plain data: numbers in DIGITS digits, NaN as None."""
    rows = json.loads(table.to_json(orient="records", double_precision=15))
    return [{key: _short(value) for key, value in row.items()} for row in rows]


def _short(value):
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def tables(data):
    """Rows of decisions and of the multiplier, DataFrames, from what `numbers` gave."""
    return pd.DataFrame(data["settings"]), pd.DataFrame(data["multiplier"])
