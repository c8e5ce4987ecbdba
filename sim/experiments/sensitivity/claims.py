"""The claims of a sensitivity analysis: every share of variance that can be quoted of it."""

from sim.records.claims import INTERVAL, made, name, shared
from sim.records.words import capital, output_label, percent


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
        sentence = f"{row.factor} moves {{}} of the variance of {output_label(row.metric)}"
        numbers = within((row.ST, row.ST_low, row.ST_high))
        claims.append(_claim_of_share(name(row.metric, "total", row.factor), sentence, numbers, common))
    for row in analysis.split().dropna(subset=["share"]).itertuples():
        sentence = f"{{}} of the variance of {output_label(row.metric)} in one world is {row.part}"
        numbers = within((row.share, row.low, row.high))
        claims.append(_claim_of_share(name(row.metric, "variance", row.part), sentence, numbers, common))
    return tuple(claims)


def _claim_of_share(id_, sentence, numbers, common):
    shown = tuple(percent(min(max(number, 0.0), 1.0)) for number in numbers)
    sentence = f"{sentence.format(shown[0])} ({INTERVAL} {shown[1]} to {shown[2]})."
    return made(id_, capital(sentence), numbers, INTERVAL, "share", shown, "", common)
