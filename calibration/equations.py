"""What equations of the model say of a population, without a run: targets that need no engine.

Each takes draws of all that is uncertain, with their cuts and level shifts, and returns outputs on
the scale of errors: logarithms of ratios, log-odds of shares, points of differences. What they say
of sessions and reviews is from sim/engine/predictions.py.

second_sessions  verified at the second session on a piece, given that the first was not even a
                 partial success: of a novice, of an expert [log-odds]
fifths           time by hand of the slowest fifth of people over that of the fastest, fifths formed
                 on half of ten tasks and measured on the other half [ln ratio]
merge            benchmark patches past their tests and merged, less those past their tests, both
                 relative to human patches [pp]
horizon          size that a benchmark would have the study's tool do half the time [ln min]
"""

import numpy as np

from sim.engine import curves, predictions, setup

EQUATIONS = {
    "second_sessions": ("novice", "expert"),
    "fifths": ("ratio",),
    "merge": ("gap",),
    "horizon": ("minutes",),
}
OWN = ("level_sd", "level_share")  # what a place may have beside levers: equation `fifths`
CHUNK = 8192  # draws at a time
FIFTH = 1.3998  # mean of the highest fifth of a standard normal
HALF = 5  # tasks of ten
# Benchmark issues (rows swe-bench-tasks-15m, -1h and -4h): 39% under 15 min, 91% under 1 h. Eleven
# sizes, equally likely; the largest, above an hour, is advanced work (assumption).
MEDIAN, SIGMA, SIZES = 0.32, 0.85, 11
PASS = 0.48  # of patches pass: 24 points are about half of them (metr-passing-unmerged)


def outputs(name, values, cuts, shifts):
    """Outputs (n, outputs of the equation) of draws.

    values : name -> (n,), parameters and what is a place's own
    cuts : (n, 3), shifts : (n, 5) [logit]
    """
    rule = {
        "second_sessions": second_sessions, "fifths": fifths, "merge": merge, "horizon": horizon,
    }[name]  # fmt: skip
    parts = np.array_split(np.arange(len(cuts)), 1 + len(cuts) // CHUNK)
    return np.concatenate([
        rule(known({key: column[part] for key, column in values.items()}, cuts[part], shifts[part]))
        for part in parts
    ])  # fmt: skip


def known(values, cuts, shifts):
    """The Curve of draws, of the study's tool and a team like the studied users."""
    return predictions.Curve(values, cuts, curves.interpolation(shifts), np.zeros(len(cuts)))


def second_sessions(draws):
    """Person, task and size are the same at the second session."""
    spread = setup.latent_spread(draws.values)
    said = [
        predictions.second_session(draws, level, spread, failed=curves.PARTIAL)
        for level in (1.0, 5.0)
    ]
    return _logit(np.stack(said, axis=1))


def fifths(draws):
    """Equation 9, people's levels and what is theirs beside it normal.

    A person's mean ln time has the standard deviation b = ln(hand_ratio) / 4 x level_sd over the
    root of the share of its variance that is level. Fifths are formed on means of HALF tasks, whose
    correlation with the person's own is the root of the reliability.
    """
    values = draws.values
    between = np.log(values["hand_ratio"]) / 4.0 * values["level_sd"]
    between = between / np.sqrt(values["level_share"])
    noise = np.maximum(values["hand_noise_sd"] ** 2 / HALF, 1e-12)
    reliability = between**2 / (between**2 + noise)
    return (2.0 * FIFTH * between * np.sqrt(reliability))[:, None]


def sizes():
    """Sizes of benchmark issues [expert-h] (SIZES,), and which of them are advanced work."""
    from scipy.special import ndtri  # late: slow to import

    hours = MEDIAN * np.exp(SIGMA * ndtri((np.arange(SIZES) + 0.5) / SIZES))
    return hours, hours > 1.0


def merge(draws):
    """Whole issues: an expert's verified sessions against an expert's work by hand on the same.

    Acceptable is what an expert's review does not send back.
    """
    by_hand = merged = np.zeros(len(draws.cuts))
    for hours, advanced in zip(*sizes(), strict=True):
        passed, accepted = predictions.verified_accepted(draws, 5.0, hours, advanced=advanced)
        back = predictions.hand_sent_back(draws, 5.0, hours, advanced=advanced)
        merged = merged + accepted
        by_hand = by_hand + passed * (1.0 - back)
    return (100.0 * PASS * (merged / by_hand - 1.0))[:, None]


def horizon(draws):
    """An expert's horizon on sessions, on the scale of benchmarks; equation 34."""
    hours = predictions.expert_horizon(draws) * draws.values["horizon_factor"]
    return np.log(60.0 * hours)[:, None]


def _logit(p):
    return np.log(p / (1.0 - p))
