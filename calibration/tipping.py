"""How much confounding would explain what tickets show of the gap between levels.

Tickets show a slope over levels, the team's own less what the difficulty of work takes from it.
The tipping points are the difficulties at which nothing else is left: at which the team has the
study's gap, and at which it has none.
"""

import numpy as np

from calibration.local_model import DIFFICULTY
from calibration.model import NAMES

STEPS = 4.0  # levels from novice to expert
Z = 1.959963984540054  # 97.5% point of the standard normal


def tipping(model, draws):
    """Slopes and tipping points, medians over draws (n, d): name -> logit a level.

    shown    slope that the tickets show, were the work of all levels equally hard; work of a level
             up that is easier by as much would leave no gap
    study    slope of the study
    to_study harder work of a level up that would leave the study's gap, below 0 easier
    assumed  the most that the interval of the gap allows for, either way (95%)
    wrong_low, wrong_high  share of levels stated wrong (95%), as fitted
    """
    own = model.conditional(draws)[1]
    study = model.base.conditional(draws[:, : len(NAMES)])[1]
    shown = (own[:, 4] - own[:, 0]) / STEPS - model.difficulty(draws)
    published = (study[:, 4] - study[:, 0]) / STEPS
    wrong = np.quantile(model.labels_wrong(draws), [0.025, 0.975])
    return {
        "shown": float(np.median(shown)),
        "study": float(np.median(published)),
        "to_study": float(np.median(published - shown)),
        "assumed": Z * DIFFICULTY,
        "wrong_low": float(wrong[0]),
        "wrong_high": float(wrong[1]),
    }
