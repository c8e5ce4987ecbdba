"""The sentences and the claims of a sensitivity analysis: what moves an output, by how much."""

import pandas as pd

from sim.analysis import sobol
from sim.experiments.sensitivity.factors import OTHERS
from sim.records.claims import INTERVAL, made, name, shared
from sim.records.factors import factor, member
from sim.records.words import capital, is_noise, output_label, percent, shares_of_all

MENTIONED = 3  # factors named in a sentence


def sentences(analysis):
    """Sentences for each output of a Sensitivity."""
    lines = []
    for metric in analysis.metrics:
        lines += [line for line in _of(analysis, metric) if line]
    return lines


def _of(analysis, metric):
    table = analysis.indices[analysis.indices["metric"] == metric]
    verdict = f"{capital(output_label(metric))}: {analysis.verdict(metric).text}"
    if table["ST"].isna().all():
        return [verdict]
    lines = (
        _ranked(analysis, metric), _members(analysis, metric), pairs(analysis, metric),
        split(analysis, metric), _below(table), _dropped(analysis, metric),
    )  # fmt: skip
    return [*lines, verdict]


def finding(analysis, metric):
    """The named factor that matters most for an output, as a sentence without its dot.

    Where its place is not settled it names those that may be first; where its share is not, the
    interval stands alone.
    """
    what = output_label(metric)
    table = above(analysis, metric)
    if table is None:
        return f"No variance of {what} can be told from chance"
    row = first_named(analysis, metric)
    if row is None:
        return _rivals(analysis, metric, what)
    first = "most" if row.factor == table.iloc[0].factor else "most of what is named"
    size, span = _total(row)
    lead = f"{capital(factor(row.factor))} moves {what} {first}"
    if is_open(row):
        return f"{lead}; its share of the variance is open (95% interval {span})"
    return f"{lead}: {size} of its variance ({span})"


def _rivals(analysis, metric, what):
    """The named factors that may be the first, where which of them is, is not settled."""
    names = [factor(name) for name in analysis.verdict(metric).rivals]
    if not names:
        return f"No named factor moves {what} more than chance may"
    samples = f"{analysis.blocks:,} samples"
    if len(names) == 1:
        return f"{capital(names[0])} moves {what}; {samples} do not settle that it does so most"
    if len(names) > MENTIONED:
        names = [*names[:MENTIONED], f"{len(names) - MENTIONED} more"]
    joined = capital(f"{', '.join(names[:-1])} and {names[-1]}")
    return f"{joined} move {what}; {samples} do not settle which of them does so most"


def first_named(analysis, metric):
    """The row of the named factor that matters most, or None where that is not settled."""
    table = above(analysis, metric)
    verdict = analysis.verdict(metric)
    if table is None or not verdict.places:
        return None
    return table[table["factor"] == verdict.rivals[0]].iloc[0]


def is_open(row):
    """Whether the interval of a factor's total is so wide that its size is no finding."""
    error = (row.ST_high - row.ST_low) / 4  # some four standard errors
    return is_noise(row.ST, error)


def above(analysis, metric):
    """Factors whose total is above the noise floor, the largest first; None without indices."""
    table = analysis.indices[analysis.indices["metric"] == metric]
    if table["ST"].isna().all():
        return None
    return table[table["ST"] > table["floor"]].sort_values("ST", ascending=False)


def _ranked(analysis, metric):
    """The first named factors with their totals, as far as their order is settled."""
    table, verdict = above(analysis, metric), analysis.verdict(metric)
    what = output_label(metric)
    if table.empty:
        return f"No factor moves {what} more than chance may."
    table = pd.concat([table[table["factor"] != OTHERS], table[table["factor"] == OTHERS]])
    places = min(verdict.places, MENTIONED)
    rows = ["{} {} ({})".format(factor(row.factor), *_total(row)) for row in table.itertuples()]
    meaning = "shares of the variance of its expectation, interactions included, 95% intervals"
    if not places:
        listed = ", ".join(sorted(rows[:MENTIONED]))
        return f"{finding(analysis, metric)}. Above chance, in no order: {listed}; {meaning}."
    rest = len(rows) - places
    after = (
        f"; the order of {rest} more is not settled" if places == verdict.places and rest else ""
    )
    return f"What moves {what} most: {', then '.join(rows[:places])}; {meaning}{after}."


def _members(analysis, metric):
    """Parameters of blocks that tell more than chance shows, the largest first; "" if none."""
    table = analysis.members[analysis.members["metric"] == metric]
    table = table[table["S1"] > table["floor"]].head(MENTIONED)
    if table.empty:
        return ""
    rows = [
        f"{member(row.parameter, row.block)} {_share(row.S1)} ({_share(row.S1_low)} to "
        f"{_share(row.S1_high)})"
        for row in table.itertuples()
    ]
    return (
        f"Of single parameters in these blocks, {', '.join(rows)} of the variance of "
        f"{output_label(metric)}, each by itself; a parameter varies with its block, in brackets."
    )


def pair(analysis, metric):
    """The pair that does most together, as a sentence without its dot."""
    told, what = _told(analysis, metric), output_label(metric)
    if told.empty:
        return f"No pair of factors moves {what} together by more than chance may"
    row = told.iloc[0]
    return (
        f"{capital(_both(row))} moves {what} most of all pairs, beyond each alone: "
        f"{_share(row.S2)} of its variance ({_share(row.S2_low)} to {_share(row.S2_high)})"
    )


def _both(row):
    """A pair of factors in words."""
    return f"{factor(row.factor)} with {factor(row.other)}"


def _told(analysis, metric):
    """Pairs of an output that chance does not make, the largest first."""
    table = analysis.second[analysis.second["metric"] == metric]
    return table[sobol.clear(table)]


def pairs(analysis, metric):
    """The pairs of factors that do more together than each alone; "" where not asked for."""
    if not analysis.moments.second:
        return ""
    told = _told(analysis, metric)
    if told.empty:
        return f"{pair(analysis, metric)}."
    rows = [
        f"{_both(row)} {_share(row.S2)} ({_share(row.S2_low)} to {_share(row.S2_high)})"
        for row in told.head(MENTIONED).itertuples()
    ]
    return f"Pairs that move {output_label(metric)} together, beyond each alone: {', '.join(rows)}."


def _share(value):
    """A share that may be below nothing, in words."""
    return f"−{percent(-value)}" if value < -1e-9 else percent(max(value, 0.0))


def _total(row):
    """Total of a factor and its interval in words; a share is none at least, and all at most."""
    size, *ends = shares_of_all(row.ST, row.ST_low, row.ST_high)
    return size, " to ".join(ends)


def split(analysis, metric):
    """What the variance of an output in one world is made of, as a sentence."""
    table = analysis.split()
    rows = table[table["metric"] == metric].set_index("part")
    words = [
        "{} ({} to {}) {}".format(*shares_of_all(row.share, row.low, row.high), what)
        for row, what in zip(
            (rows.loc[part] for part in ("factors", "interactions", "chance")),
            ("is of factors alone", "of their interactions", "is chance"),
            strict=True,
        )
    ]
    return f"Of the variance of {output_label(metric)} in one world, {', '.join(words)}."


def _below(table):
    below = [factor(name_) for name_ in table.loc[table["ST"] <= table["floor"], "factor"]]
    if not below:
        return ""
    return f"No effect that can be told from chance: {', '.join(below)}."


def _dropped(analysis, metric):
    count = analysis.dropped[metric]
    if not count:
        return ""
    blocks = "1 block was" if count == 1 else f"{count:,} blocks were"
    return f"{blocks} left out of {analysis.blocks:,}: not defined in all of their worlds."


# ---- the claims of a sensitivity analysis --------------------------------------------------------


def of_sensitivity(analysis, common=None, within=lambda numbers: numbers):
    """Claims of a sensitivity analysis: `METRIC/total/FACTOR` and `METRIC/variance/PART`.

    common : what the claims share, see `sim.records.claims.shared`; of the analysis by default
    within : what keeps three numbers within bounds, where they must be
    """
    if common is None:
        provenance = {analysis.scenario.name: analysis.provenance}
        common = shared(provenance, analysis.caveats, analysis.cite())
    claims = []
    for row in analysis.indices.dropna(subset=["ST"]).itertuples():
        what = output_label(row.metric)
        sentence = f"{factor(row.factor)} moves {{}} of the variance of {what}"
        numbers = within((row.ST, row.ST_low, row.ST_high))
        claims.append(
            _claim_of_share(name(row.metric, "total", row.factor), sentence, numbers, common)
        )
    for row in analysis.split().dropna(subset=["share"]).itertuples():
        sentence = f"{{}} of the variance of {output_label(row.metric)} in one world is {row.part}"
        numbers = within((row.share, row.low, row.high))
        claims.append(
            _claim_of_share(name(row.metric, "variance", row.part), sentence, numbers, common)
        )
    return tuple(claims)


def _claim_of_share(id_, sentence, numbers, common):
    shown = shares_of_all(*numbers)
    sentence = f"{sentence.format(shown[0])} ({INTERVAL} {shown[1]} to {shown[2]})."
    return made(id_, capital(sentence), numbers, INTERVAL, "share", shown, "", common)
