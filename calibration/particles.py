"""The prior of stage two, and draws of it weighed by targets: adaptive importance sampling.

A draw is a row of the tier curves and a coordinate for each belief, all independent of each other.
A coordinate is standard normal under the prior, whatever the belief's shape, so that a weight needs
no other density. Later rounds of draws lie where earlier ones found weight; all are weighed against
the mixture that they come from (Veach and Guibas 1995; Cornuet et al. 2012).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim import parameters
from sim.engine import curves, setup

BLOCKS = 20  # parts of the draws that the Monte Carlo error is read off
STUDY = Path(__file__).parent / "curves" / "study.json"
PRIOR_SHARE = 0.1  # of each round's draws
WIDER = 1.05  # how much wider than what was found a round draws, in variance
EFFECTIVE = 0.02  # share of a round that must count before it is taken further


class Space:
    """The prior of everything that is fitted, or seen by an emulator.

    names    (d,) of (place, name); place "" for what all places have in common
    beliefs  (d,) of Distribution
    study    CurveSet, whose rows a draw has
    cuts, shifts  of each row of it (rows, 3), (rows, 5) [logit]
    """

    def __init__(self, settings, study=None):
        beliefs = {
            ("", name): parameters.prior(name) for name in (*settings.carried, settings.null)
        }
        for place in settings.places.values():
            beliefs |= {(place.name, name): parameters.prior(name) for name in place.parameters}
            beliefs |= {(place.name, name): one for name, one in (place.own or {}).items()}
        self.names, self.beliefs = tuple(beliefs), tuple(beliefs.values())
        self.study = curves.read(STUDY) if study is None else study
        size = len(curves.RATES)
        rates, rest = self.study.draws[:, :size], self.study.draws[:, size:]
        self.of_row = dict(zip(self.study.updates, rest.T, strict=True))
        self.cuts, self.shifts = self.study.conditional(setup.latent_spread(self.of_row), rates)
        self._curve = _standardised(np.concatenate([np.log(rates / (1.0 - rates)), rest], axis=1))

    @property
    def size(self):
        """Number of coordinates."""
        return len(self.names)

    def prior(self, count, luck):
        """Draws of the prior."""
        return Draws(
            self, luck.standard_normal((count, self.size)),
            luck.integers(len(self.study.draws), size=count),
        )  # fmt: skip

    def places(self, chosen):
        """Coordinates that all places have in common, and those of the chosen places: (k,) int."""
        return np.array([i for i, (place, _) in enumerate(self.names) if place in ("", *chosen)])

    def curve_inputs(self, rows):
        """What emulators see of rows of the curves: (n, columns), of mean 0 and variance 1."""
        return self._curve[rows]


def _standardised(x):
    scale = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(scale > 0, scale, 1.0)


@dataclass(frozen=True)
class Draws:
    """Draws of all that is uncertain.

    z     (n, d) coordinates
    rows  (n,) row of the tier curves of each
    """

    space: Space
    z: np.ndarray
    rows: np.ndarray

    def __len__(self):
        return len(self.rows)

    def picked(self, places):
        """Some of the draws, in the order of `places`."""
        return Draws(self.space, self.z[places], self.rows[places])

    def column(self, name, place=""):
        """Values (n,) of one name, in its unit."""
        from scipy.special import ndtr  # late: slow to import

        i = self.space.names.index((place, name))
        return self.space.beliefs[i].quantile(ndtr(self.z[:, i]))

    def values(self, place=""):
        """Values of all that a population at a place depends on: name -> (n,)."""
        named = {name: at for at, name in self.space.names if at in ("", place)}
        own = {name: self.column(name, at) for name, at in named.items()}
        return own | {name: column[self.rows] for name, column in self.space.of_row.items()}

    def inputs(self, places):
        """What an emulator sees that depends on these places: (n, k)."""
        chosen = self.space.places(places)
        return np.concatenate([self.z[:, chosen], self.space.curve_inputs(self.rows)], axis=1)


# ---- weights -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pool:
    """Draws of several rounds, and how much less likely they are under the prior than as drawn.

    said       (n, targets), what is predicted at each
    log_ratio  (n,), log density of the prior over that of the mixture drawn from
    """

    draws: Draws
    said: np.ndarray
    log_ratio: np.ndarray

    def weights(self, log_likelihood, classes=None):
        """Importance weights (n,), summing to 1.

        classes : int (n,), optional
            The group of each draw. Groups are equally likely, as under the prior; only weights
            within them change.
        """
        log = self.log_ratio + log_likelihood(self.said)
        found = np.exp(log - log.max())
        if classes is not None:
            found = found / np.maximum(np.bincount(classes, found), 1e-300)[classes]
        return found / found.sum()


@dataclass(frozen=True)
class Proposal:
    """What a round draws from, but for a share of the prior.

    centres   (rows, d), mean of the coordinates given a row of the curves
    root      (d, d), Cholesky factor of their covariance
    log_rows  (rows,), log probability of each row
    """

    centres: np.ndarray
    root: np.ndarray
    log_rows: np.ndarray

    def move(self, draws, luck):
        """Turn draws of the prior into this proposal's, but for a share of them."""
        chosen = luck.random(len(draws)) >= PRIOR_SHARE
        rows = luck.choice(len(self.log_rows), len(draws), p=np.exp(self.log_rows))
        draws.rows[chosen] = rows[chosen]
        draws.z[chosen] = self.centres[rows[chosen]] + draws.z[chosen] @ self.root.T

    def log_density(self, draws):
        """Log density (n,), up to the constant that the prior's has too."""
        from scipy.linalg import solve_triangular  # late: slow to import

        off = solve_triangular(self.root, (draws.z - self.centres[draws.rows]).T, lower=True)
        normal = -0.5 * (off**2).sum(axis=0) - np.log(np.diag(self.root)).sum()
        return normal + self.log_rows[draws.rows]


def pool(space, predict, log_likelihood, luck, rounds, count):
    """Draws that lie where the posterior does: a Pool of rounds x count of them.

    predict : Draws -> (n, targets)
    log_likelihood : (n, targets) -> (n,)

    Each round draws from what the weighted draws so far are like and, for a share, from the prior.
    The likelihood counts in full only once enough draws do: before, it is taken to a power.
    """
    draws = space.prior(count, luck)
    found = Pool(draws, predict(draws), np.zeros(count))
    proposals = []
    for _ in range(rounds - 1):
        proposals.append(_proposal(found, log_likelihood, count))
        fresh = space.prior(count, luck)
        proposals[-1].move(fresh, luck)
        draws = _joined(found.draws, fresh)
        said = np.concatenate([found.said, predict(fresh)])
        found = Pool(draws, said, _log_ratio(draws, proposals))
    return found


def _joined(draws, more):
    return Draws(
        draws.space, np.concatenate([draws.z, more.z]), np.concatenate([draws.rows, more.rows])
    )


def _log_ratio(draws, proposals):
    """Log density of the prior over that of the mixture of all rounds (n,)."""
    prior = -0.5 * (draws.z**2).sum(axis=1) - np.log(len(draws.space.study.draws))
    moved = (1.0 - PRIOR_SHARE) / (len(proposals) + 1)
    total = np.log(1.0 - moved * len(proposals)) + prior
    for one in proposals:
        total = np.logaddexp(total, np.log(moved) + one.log_density(draws))
    return prior - total


def _proposal(found, log_likelihood, count):
    """What the next round draws from."""
    likelihood = log_likelihood(found.said)
    power = 1.0
    while True:
        weight = found.weights(lambda said, p=power: p * likelihood)
        if effective(weight) > EFFECTIVE * count or power < 1e-3:
            break
        power *= 0.7
    space, d = found.draws.space, found.draws.z.shape[1]
    seen = np.concatenate([found.draws.z, space.curve_inputs(found.draws.rows)], axis=1)
    centre, spread = _fitted(seen, weight)
    whole = space.curve_inputs(np.arange(len(space.study.draws)))
    before = _fitted(whole, np.full(len(whole), 1.0 / len(whole)))
    # A row is drawn as much more often as those like it were found to count.
    tilt = _log_normal(whole, centre[d:], spread[d:, d:]) - _log_normal(whole, *before)
    slopes = np.linalg.solve(spread[d:, d:], spread[d:, :d])
    centres = centre[:d] + (whole - centre[d:]) @ slopes
    within = spread[:d, :d] - spread[:d, d:] @ slopes
    return Proposal(centres, np.linalg.cholesky(within), tilt - np.logaddexp.reduce(tilt))


def _fitted(x, weight):
    """Mean and covariance of a round: weighted, wider, and the prior's where few draws count."""
    centre = weight @ x
    off = x - centre
    spread = (weight[:, None] * off).T @ off
    shrink = min(0.9, x.shape[1] / effective(weight))
    return centre, WIDER * ((1.0 - shrink) * spread + shrink * np.eye(x.shape[1]))


def _log_normal(x, centre, spread):
    root = np.linalg.cholesky(spread)
    off = np.linalg.solve(root, (x - centre).T)
    return -0.5 * (off**2).sum(axis=0) - np.log(np.diag(root)).sum()


def classes_of(z, count):
    """Which of `count` classes, equally likely under the prior, coordinates z (n,) fall into."""
    from scipy.special import ndtr  # late: slow to import

    return np.minimum((ndtr(z) * count).astype(np.int64), count - 1)


def effective(weight):
    """Effective number of draws with these weights."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def resampled(weight, count, u):
    """Places of `count` equally likely draws, by systematic resampling with one uniform u."""
    until = np.cumsum(weight) / weight.sum()
    return np.minimum(np.searchsorted(until, (np.arange(count) + u) / count), len(weight) - 1)


def spread(x, weight):
    """Standard deviation of values x (n,) under weights."""
    mean = np.average(x, weights=weight)
    return float(np.sqrt(np.average((x - mean) ** 2, weights=weight)))


def contraction(x, weight, prior_sd=1.0):
    """1 - posterior variance / prior variance of x (n,), and its Monte Carlo standard error.

    The error is that between blocks of the draws, each of which has some of every round.
    """
    parts = np.array([
        1.0 - (spread(x[block::BLOCKS], weight[block::BLOCKS]) / prior_sd) ** 2
        for block in range(BLOCKS)
    ])  # fmt: skip
    whole = 1.0 - (spread(x, weight) / prior_sd) ** 2
    return float(whole), float(parts.std(ddof=1) / np.sqrt(BLOCKS))


def quantiles(x, weight, at):
    """Quantiles of values x (n,) under weights: (at,)."""
    order = np.argsort(x, kind="stable")
    until = np.cumsum(weight[order]) / weight.sum()
    return x[order][np.minimum(np.searchsorted(until, at), len(x) - 1)]
