"""Figures of the studies, by name: the record in, a matplotlib Figure out."""

from sim.reporting.figures import study_composition, study_headline, study_spread, study_training

DRAWN = {
    "average-share": study_spread.spread_figure,
    "composition": study_composition.composition_figure,
    "headline-or-study": study_headline.headline_figure,
    "train-or-hire": study_training.training_figure,
}


def study_figure(study, size="screen", theme="light"):
    """The figure of a study.

    study : Study
    size, theme : names in `look`
    returns : matplotlib.figure.Figure
    """
    return DRAWN[study.name](study, size=size, theme=theme)
