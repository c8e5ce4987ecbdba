"""What equations of the model say of a population, without a run: targets that need no engine.

Each takes draws of all that is uncertain, and their cuts and level shifts, and returns outputs on
the scale of errors: logarithms of ratios, log-odds of shares, points of differences.

second_sessions  verified at the second session on a piece, given that the first was not even a
                 partial success: of a novice, of an expert [log-odds]
fifths           time by hand of the slowest fifth of people over that of the fastest, fifths formed
                 on half of ten tasks and measured on the other half [ln ratio]
merge            benchmark patches past their tests and merged, less those past their tests, both
                 relative to human patches [pp]
"""

import numpy as np

from sim import parameters
from sim.engine import curves

EQUATIONS = {
    "second_sessions": ("novice", "expert"),
    "fifths": ("ratio",),
    "merge": ("gap",),
}
OWN = ("level_sd", "level_share")  # what a place may have beside levers: equation `fifths`
NODES, WEIGHTS = curves.normal_nodes(15)
CHUNK = 8192  # draws at a time
FIFTH = 1.3998  # mean of the highest fifth of a standard normal
HALF = 5  # tasks of ten
# Benchmark issues (rows swe-bench-tasks-15m, -1h and -4h): 39% under 15 min, 91% under 1 h.
SIZES = np.exp(np.log(0.32) + 0.85 * NODES)
PASS = 0.48  # of patches pass: 24 points are about half of them (metr-passing-unmerged)


def outputs(name, values, cuts, shifts):
    """Outputs (n, outputs of the equation) of draws.

    values : name -> (n,), parameters and what is a place's own
    cuts : (n, 3), shifts : (n, 5) [logit]
    """
    rule = {"second_sessions": second_sessions, "fifths": fifths, "merge": merge}[name]
    parts = np.array_split(np.arange(len(cuts)), 1 + len(cuts) // CHUNK)
    return np.concatenate([
        rule({key: column[part] for key, column in values.items()}, cuts[part], shifts[part])
        for part in parts
    ])  # fmt: skip


def second_sessions(values, cuts, shifts):
    """Equations 1 and 3: person, task and size are the same at the second session.

    `recovery_per_level` is what a level above intermediate adds from the second try.
    """
    latent = _spread(values)[:, None] * NODES  # (n, nodes)
    name = "recovery_per_level"
    recovery = values[name] if _known(name) else np.zeros(len(cuts))
    said = []
    for level in (1, 5):
        eta = shifts[:, level - 1, None] + latent
        failed = WEIGHTS * (1.0 - _expit(cuts[:, 0, None] + eta))
        again = _expit(cuts[:, 2, None] + eta + (recovery * (level - 3))[:, None])
        said.append(_logit((failed * again).sum(axis=1) / failed.sum(axis=1)))
    return np.stack(said, axis=1)


def fifths(values, cuts, shifts):
    """Equation 9, people's levels and what is theirs beside it normal.

    A person's mean ln time has the standard deviation b = ln(hand_ratio) / 4 x level_sd over the
    root of the share of its variance that is level. Fifths are formed on means of HALF tasks, whose
    correlation with the person's own is the root of the reliability.
    """
    between = np.log(values["hand_ratio"]) / 4.0 * values["level_sd"]
    between = between / np.sqrt(values["level_share"])
    noise = np.maximum(values["hand_noise_sd"] ** 2 / HALF, 1e-12)
    reliability = between**2 / (between**2 + noise)
    return (2.0 * FIFTH * between * np.sqrt(reliability))[:, None]


def merge(values, cuts, shifts):
    """Whole issues: an expert's verified sessions against an expert's work by hand on the same.

    Acceptable is what a review finds nothing to say against.
    """
    people = np.hypot(values["sd_task"], values["sd_developer"])[:, None] * NODES
    by_hand = verified = np.zeros(len(cuts))
    for size, share in zip(SIZES, WEIGHTS, strict=True):
        doublings = np.log2(size / values["size_ref_hours"])
        eta = (shifts[:, 4] - values["slope_per_doubling"] * doublings)[:, None] + people
        passed = share * WEIGHTS * _expit(cuts[:, 2, None] + eta)
        whole = acceptable(values, "agent", size, eta, shifts)
        verified = verified + (passed * whole).sum(axis=1)
        whole = acceptable(values, "hand", size, shifts[:, 4, None], shifts)
        by_hand = by_hand + (passed * whole).sum(axis=1)
    return (100.0 * PASS * (verified / by_hand - 1.0))[:, None]


def acceptable(values, who, size, eta, shifts):
    """P(a review finds nothing) of work of `size` at log-odds eta (n, m), by "agent" or "hand".

    With visible faults in the register: their hazard, which grows with a power of the size. Without
    them every defect counts, equation 12.
    """
    if _known("visible_agent"):
        hazard = values[f"visible_{who}"] * size ** values["visible_growth"]
        return np.exp(-hazard)[:, None]
    base = values["defect_verified" if who == "agent" else "defect_hand"]
    logit = _logit(np.clip(base, 1e-9, 1 - 1e-9))[:, None]
    slope = values["defect_slope"][:, None]
    return np.exp(-size * np.logaddexp(0.0, logit - slope * (eta - shifts[:, 2, None])))


def _known(name):
    """Whether the register has a parameter: equations are those of the rules that are there."""
    return name in parameters.world_parameters()


def _spread(values):
    """Equation 3 of docs/model.md."""
    from sim.engine import setup

    return setup.latent_spread(values)


def _expit(x):
    from scipy.special import expit  # late: slow to import

    return expit(x)


def _logit(p):
    return np.log(p / (1.0 - p))
