"""Figures of the studies, by name: the record in, a matplotlib Figure out."""

from sim.reporting.figures import (
    study_average_share,
    study_composition,
    study_gap,
    study_headline,
    study_review,
    study_spread,
    study_training,
    study_working,
)

DRAWN = {
    "average-share": study_average_share.average_share_figure,
    "composition": study_composition.composition_figure,
    "gap": study_gap.gap_figure,
    "headline-or-study": study_headline.headline_figure,
    "review-bottleneck": study_review.review_figure,
    "spread": study_spread.spread_figure,
    "train-or-hire": study_training.training_figure,
    "ways-of-working": study_working.working_figure,
}


def study_figure(study, size="screen", theme="light"):
    """The figure of a study.

    study : Study
    size, theme : names in `look`
    returns : matplotlib.figure.Figure
    """
    return DRAWN[study.name](study, size=size, theme=theme)
