"""Figures of the studies, by name: the record in, a matplotlib Figure out."""

from sim.studies import (
    average_share_figure,
    composition_figure,
    gap_figure,
    headline_figure,
    review_figure,
    spread_figure,
    training_figure,
    working_figure,
)

DRAWN = {
    "average-share": average_share_figure.average_share_figure,
    "composition": composition_figure.composition_figure,
    "gap": gap_figure.gap_figure,
    "headline-or-study": headline_figure.headline_figure,
    "review-bottleneck": review_figure.review_figure,
    "spread": spread_figure.spread_figure,
    "train-or-hire": training_figure.training_figure,
    "ways-of-working": working_figure.working_figure,
}


def study_figure(study, size="screen", theme="light"):
    """The figure of a study.

    study : Study
    size, theme : names in `look`
    returns : matplotlib.figure.Figure
    """
    return DRAWN[study.name](study, size=size, theme=theme)
