"""What a comparison hangs on, in words: sentences, rows of a table, claims."""

import math
from typing import NamedTuple

from sim.caveats import Caveat
from sim.engine import metrics
from sim.experiments.robustness.settings import (
    AS_IS,
    ENDS,
    NO,
    OFF,
    OTHER_LUCK,
    UNCLEAR,
    YES,
    words_of,
)
from sim.records.claims import EXPECTED, NUMERICAL, ODDS, made, name
from sim.records.words import error_told, estimate, label, percent, signed, weeks

MENTIONED = 3  # settings named in a sentence
NOT_REFITTED = Caveat(
    "A mechanism off, or a prior at an end, is not fitted anew: such a world need not show the "
    "published numbers that the posterior was fitted to."
)
HEAD = (
    "what is changed", "to", "difference", "95% interval", "moved by", "other sign", "turns",
)  # fmt: skip
NOTE = (
    "difference: plan less reference, in expectation. moved by: that difference less the one "
    "with nothing changed, on the same draws and luck. other sign: share of draws whose expected "
    "difference has the other sign than with nothing changed; with other luck it is what chance "
    "alone does. turns: whether the mean difference has the other sign. Ends: 5% and 95% points "
    "of the prior."
)


class Frame(NamedTuple):
    """What the rows of one plan are of.

    plan, reference  labels
    metric, unit     what leads, and its unit
    weeks            the horizon [weeks]
    """

    plan: str
    reference: str
    metric: str
    unit: str
    weeks: int

    @property
    def scale(self):
        """Factor from a value to what is told: shares are told in points."""
        return 100 if self.unit == "share" else 1

    @property
    def shown_unit(self):
        """The unit as it is told."""
        return "points" if self.unit == "share" else self.unit

    @property
    def interval(self):
        """What the interval of a difference is."""
        return NUMERICAL if metrics.BY_NAME[self.metric].event else EXPECTED


def setting(row):
    """A setting in words, for a sentence: "failed sessions cost hours off"."""
    words = words_of(row["kind"], row["name"])
    if row["kind"] in (AS_IS, OTHER_LUCK):
        return words
    return f"{words} (off)" if row["kind"] == OFF else f"{words} at its {to(row)}"


def to(row):
    """What a setting sets, in words."""
    if row["kind"] in ENDS:
        return f"{row['kind']} end, {row['value']:.3g}".replace("-", "−")
    return "off" if row["kind"] == OFF else ""


def sentences(table, frame):
    """Sentences on the rows of one plan: the answer, what turns it, what moves it, signs."""
    as_is, luck = (_row(table, kind) for kind in (AS_IS, OTHER_LUCK))
    changed = table[~table["kind"].isin([AS_IS, OTHER_LUCK])]
    told = [
        answer(as_is, frame), turning(changed), _moving(changed, frame), _signs(changed, luck),
        _idle(changed),
    ]  # fmt: skip
    return [sentence for sentence in told if sentence]


def _row(table, kind):
    return table[table["kind"] == kind].iloc[0]


def answer(row, frame):
    """The difference as the full model has it."""
    size, ends = _estimate(row, frame)
    return (
        f"With every mechanism as it is, {frame.plan} against {frame.reference}: "
        f"{label(frame.metric)} {size} {frame.shown_unit} in {weeks(frame.weeks)} "
        f"({frame.interval} {ends})."
    )


def turning(changed):
    """Which settings turn the answer."""
    clear, unclear = (changed[changed["turns"] == word] for word in (YES, UNCLEAR))
    told = f"None of {len(changed)} changes turns the answer"
    if len(clear):
        named = "; ".join(setting(row) for _, row in clear.iterrows())
        told = f"{len(clear)} of {len(changed)} changes turn the answer: {named}"
    if len(unclear):
        named = "; ".join(setting(row) for _, row in unclear.head(MENTIONED).iterrows())
        more = len(unclear) - MENTIONED
        told += f". Within numerical error it may turn with: {named}"
        told += f"; and {more} more" if more > 0 else ""
    return f"{told}."


def _moving(changed, frame):
    top = changed[changed["moved"] != 0].dropna(subset=["moved"]).head(MENTIONED)
    if top.empty:
        return "No change moves the answer."
    rows = "; ".join(f"{setting(row)} ({_moved(row, frame)})" for _, row in top.iterrows())
    return f"What moves it most [{frame.shown_unit}]: {rows}."


def _signs(changed, luck):
    top = changed.sort_values("other_sign", ascending=False, kind="stable").head(MENTIONED)
    top = top[top["other_sign"] > 0]
    chance = f"other luck alone changes it in {percent(luck['other_sign'])}"
    if top.empty:
        return f"No draw changes sign with any of them; {chance}."
    rows = "; ".join(
        f"{percent(row['other_sign'])} with {setting(row)}" for _, row in top.iterrows()
    )
    return f"Draws that change sign, most first: {rows}; {chance}."


def _idle(changed):
    idle = changed[changed["moved"] == 0]
    return f"{len(idle)} of {len(changed)} changes do nothing to these plans." if len(idle) else ""


def _estimate(row, frame):
    numbers = (frame.scale * row[c] for c in ("mean", "ci_low", "ci_high"))
    return estimate(*numbers, signs=True, error=error_told(row["mc_error"], frame.unit))


def _moved(row, frame):
    return signed(frame.scale * row["moved"])[0]


def cells(row, frame):
    """A setting's row of the table (HEAD), in words."""
    first = row["kind"] == AS_IS
    return (
        words_of(row["kind"], row["name"]),
        to(row),
        *_estimate(row, frame),
        "" if first else _moved(row, frame),
        "" if first or math.isnan(row["other_sign"]) else percent(row["other_sign"]),
        "" if row["turns"] == NO else row["turns"],
    )


# ---- claims --------------------------------------------------------------------------------------


def claims_of(table, frame, common):
    """Claims of one plan: `METRIC/difference/SETTING/PLAN`, `METRIC/other_sign/SETTING/PLAN`."""
    for _, row in table.iterrows():
        if not math.isnan(row["ci_low"]):
            yield _difference(row, frame, common)
        if row["kind"] != AS_IS and not math.isnan(row["other_sign"]):
            yield _sign(row, frame, common)


def _id(what, row, frame):
    return name(frame.metric, what, f"{row['name']} {row['kind']}".strip(), frame.plan)


def _difference(row, frame, common):
    numbers = [row[c] for c in ("mean", "ci_low", "ci_high")]
    shown = signed(
        *(frame.scale * x for x in numbers), error=error_told(row["mc_error"], frame.unit)
    )
    sentence = (
        f"With {_changed(row)}, {frame.plan} differs from {frame.reference} in "
        f"{label(frame.metric)} by {shown[0]} {frame.shown_unit} in {weeks(frame.weeks)} "
        f"({frame.interval} {shown[1]} to {shown[2]})."
    )
    return made(
        _id("difference", row, frame), sentence, numbers, frame.interval, frame.unit, shown,
        frame.shown_unit, common, row["mc_error"],
    )  # fmt: skip


def _sign(row, frame, common):
    numbers = [row[c] for c in ("other_sign", "other_sign_low", "other_sign_high")]
    shown = tuple(map(percent, numbers))
    sentence = (
        f"With {_changed(row)}, {shown[0]} of draws change the sign of what {frame.plan} is "
        f"expected to change against {frame.reference} in {label(frame.metric)} "
        f"({ODDS} {shown[1]} to {shown[2]})."
    )
    error = (numbers[2] - numbers[1]) / 4
    return made(
        _id("other_sign", row, frame), sentence, numbers, ODDS, "share", shown, "", common, error
    )


def _changed(row):
    words = setting(row)
    return f"{words} changed" if row["kind"] == AS_IS else words
