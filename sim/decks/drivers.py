"""What moves the answer: between the ends of each factor, and as shares of the variance."""

from dataclasses import replace
from functools import partial

from sim.decks.content import Chart, Given, Line, Picture, Quote, Series, Slide
from sim.decks.lines import foot, sentence
from sim.experiments.sensitivity import sentences
from sim.experiments.sensitivity.effects import first as moved_first
from sim.experiments.sensitivity.ends import TOGETHER
from sim.experiments.sensitivity.factors import OTHERS
from sim.parameters import register
from sim.records.claims import name
from sim.records.factors import factor as words_of
from sim.records.words import capital, output_label
from sim.records.words import label as label_of

MOST_FACTORS = 10
REVIEW = "policy.review"
WORDS = (
    "A bar for each factor, the largest change first: where the average {what} lies with the "
    "factor at its low and at its high end, all others varying."
)


def effects(analyses):
    """What the reference comes to between the ends of each factor; where none has ends, shares."""
    analysis = analyses.sensitivity
    if analysis is None or not len(analysis.ends()):
        return _shares(analyses)
    metric, reference = analysis.metrics[0], analyses.comparison.reference
    row, what = moved_first(analysis, metric), output_label(metric)
    body = f"Bars: {what} of {reference}, from the low to the high end of what moves it."
    lines = [
        (Given(body),), meant(row.factor) if row else (), _plain_luck(analyses, metric),
    ]  # fmt: skip
    return Slide(
        "sensitivity", _change(analyses), tuple(filter(None, lines)),
        picture=Picture(partial(analysis.plot, "tornado"), WORDS.format(what=what)),
        foot=_foot(analyses),
    )  # fmt: skip


def variance(analyses):
    """The shares of the variance behind `effects`, for the backup."""
    analysis = analyses.sensitivity
    if analysis is None or not len(analysis.ends()):
        return None
    slide = _shares(analyses)
    title = (Given("Shares of the variance. "), *slide.title)
    return replace(slide, name="variance", title=title)


def _shares(analyses):
    """Which factors move what the reference delivers, as shares of the variance."""
    analysis = analyses.sensitivity
    if analysis is None:
        return None
    metric, drawn = analysis.metrics[0], _largest_shares(analyses)
    if not drawn:
        return Slide("sensitivity", ("No variance can be told from chance.",))
    chart = bars(
        "Total share of the variance, interactions included, 95% interval",
        f"Share of the variance of {label_of(metric)} [%]", "total share", drawn,
    )  # fmt: skip
    body = [
        meant(drawn[0][0]),
        _plain_luck(analyses, metric),
        (Given(analysis.verdict(metric).text),),
    ]
    return Slide(
        "sensitivity", _title(analyses), tuple(filter(None, body)), charts=(chart,),
        foot=_foot(analyses),
    )  # fmt: skip


def _largest_shares(analyses):
    """Factors with a share of the variance, the largest first: pairs of name and claim."""
    metric = analyses.sensitivity.metrics[0]
    drawn = [
        (factor, analyses.claims[id_])
        for factor in analyses.sensitivity.names
        if (id_ := name(metric, "total", factor)) in analyses.claims
    ]
    drawn.sort(key=lambda row: (row[0] == OTHERS, -row[1].value))  # what has no name last
    return drawn[:MOST_FACTORS]


def _title(analyses):
    """The finding of the analysis; quoted, where the first factor and its share are settled."""
    analysis = analyses.sensitivity
    metric = analysis.metrics[0]
    row = sentences.first_named(analysis, metric)
    claim = analyses.claims.get(name(metric, "total", row.factor)) if row is not None else None
    if claim is None or sentences.is_open(row):
        return (Given(f"{analysis.finding(metric)}."),)
    return sentence(claim)


def _change(analyses):
    """What the longest bar changes, in its unit; quoted, where it is told from none."""
    analysis = analyses.sensitivity
    metric = analysis.metrics[0]
    row = moved_first(analysis, metric)
    if row is None:
        return (Given(f"{analysis.change(metric)}."),)
    return sentence(analyses.claims[name(metric, "change", row.factor)])


def _foot(analyses):
    label = f"what moves {analyses.comparison.reference}"
    return foot(analyses.comparison, analyses.sensitivity.provenance, label)


def _plain_luck(analyses, metric):
    """What share of the differences between worlds no plan and no knowledge changes."""
    claim = analyses.claims.get(name(metric, "variance", "chance"))
    return claim and ("Plain luck: ", Quote(claim, "short"), " of what differs between worlds.")


def bars(title, axis, label, drawn):
    """A chart of one series of bars: pairs of name and claim."""
    names, claims = zip(*drawn, strict=True)
    places = tuple(capital(words_of(name)) for name in names)
    return Chart("bars", title, axis, places, (Series(label, claims),))


def meant(factor):
    """What a number of the register is, with its range; nothing for other factors."""
    known = register().get(factor)
    if known is None or known.distribution is None:
        return ()
    low, high = (f"{known.distribution.quantile(end):.2g}" for end in (0.05, 0.95))
    rests = "an assumption" if known.assumed else "from evidence"
    what = capital(words_of(factor))
    return (Given(f"{what}: {known.unit}; believed to be {low} to {high}, {rests}."),)


def cautions(analyses) -> list[Line]:
    """What must be kept in mind beside the bars of `effects`: lines, one where there is reason."""
    analysis = analyses.sensitivity
    if analysis is None or not len(analysis.ends()):
        return []
    table = analysis.ends(analysis.metrics[0])
    drawn = table[table["change"].abs() > 0]
    lines: list[Line] = []
    if (drawn["factor"] == REVIEW).any():
        lines.append(("Less review lets more defects reach users, which these bars do not count.",))
    if (drawn["kind"] == TOGETHER).any():
        lines.append(
            ("A grey bar is a range of averages: no mix or way of work lies at its ends.",)
        )
    return lines
