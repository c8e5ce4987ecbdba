"""Published settings in one table: targets of the fit at their own place, patterns elsewhere.

A target is one row of the fit of how people work, met by the engine on the people it was measured
on; a pattern is a scenario set up as published. Fitted rows are fit, not passes.
"""

from dataclasses import dataclass

from calibration import checks

TARGET = (
    "name", "what", "unit", "fit", "published", "median", "low", "high", "share_inside", "inside",
    "why",
)  # fmt: skip
BAND = ("band_low", "band_high")
FITTED, PREDICTED = "fitted", "part of fitted ones, predicted"
HELD_OUT = {"held-out": "held out", "target": "fitted, at another place", "direction": "sign only"}


@dataclass(frozen=True)
class Setting:
    """One row: a published setting and what the model says of it.

    what        in words; unit of the numbers
    published   value, or (low, high); None where only a direction is
    passes      the band (low, high), fixed before anything ran
    median, low, high   of the model, 95% over what is not known
    inside      share of draws in the band; ok: the median too, and enough of them
    use         whether the row was fitted to
    why         of a miss: which sources pull apart, and what it does to decisions; "" otherwise
    """

    name: str
    what: str
    unit: str
    published: tuple[float, float] | None
    passes: tuple[float, float]
    median: float
    low: float
    high: float
    inside: float
    ok: bool
    use: str
    why: str


def targets():
    """What the fit says of the targets of how people work: DataFrame, a row a target."""
    table = checks.work_targets()
    bands = dict(zip(BAND, zip(*table["band"], strict=True), strict=True))
    return table.assign(**bands)[[*TARGET, *BAND]]


def of(validation):
    """All published settings of a validation, targets first: list of Setting."""
    return [*map(_target, validation.targets.to_dict("records")),
            *map(_pattern, validation.patterns)]  # fmt: skip


def _target(row):
    return Setting(
        row["name"], row["what"], row["unit"], (row["published"],) * 2,
        (row["band_low"], row["band_high"]),
        row["median"], row["low"], row["high"], row["share_inside"], bool(row["inside"]),
        FITTED if row["fit"] else PREDICTED, row["why"],
    )  # fmt: skip


def _pattern(outcome):
    one = outcome.pattern
    return Setting(
        one.name, one.claim, one.unit, one.published, one.passes, outcome.median, outcome.low,
        outcome.high, outcome.share_inside, outcome.passed, HELD_OUT[one.kind],
        "" if outcome.passed else one.if_missed,
    )  # fmt: skip
