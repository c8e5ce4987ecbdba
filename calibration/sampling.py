"""Draws from a posterior by an ensemble of walkers, with what says whether they can be trusted.

The one door to emcee. Bit-reproducible on one platform for one seed.
"""

from dataclasses import asdict, dataclass

import numpy as np

WALKERS, STEPS, BURN = 64, 9000, 1000


@dataclass(frozen=True)
class Diagnostics:
    """Whether a chain has settled.

    autocorrelation  steps until a walker has forgotten, worst coordinate [steps]
    effective        effective draws, worst coordinate
    rhat             split R-hat over the walkers, worst coordinate; 1 when they agree
    acceptance       share of moves taken
    walkers, steps, burn  of the run; steps count without burn
    """

    autocorrelation: float
    effective: float
    rhat: float
    acceptance: float
    walkers: int
    steps: int
    burn: int

    def to_plain(self):
        return {key: round(value, 4) for key, value in asdict(self).items()}


def sample(density, mode, seed, walkers=WALKERS, steps=STEPS, burn=BURN):
    """Chain (steps, walkers, d) of a density, started around its mode, and its Diagnostics.

    density : log density, (n, d) -> (n,)
    mode : laplace.Mode
    """
    import emcee  # late: only fitting needs it

    size = len(mode.place)
    luck = np.random.RandomState(seed)
    root = np.linalg.cholesky(mode.covariance)
    start = mode.place + luck.standard_normal((walkers, size)) @ root.T
    # Not DESnookerMove: emcee 3.1.6's gives a standard normal in 12 dimensions a spread of 0.77.
    moves = [(emcee.moves.DEMove(), 0.7), (emcee.moves.StretchMove(), 0.3)]
    sampler = emcee.EnsembleSampler(walkers, size, density, moves=moves, vectorize=True)
    state = emcee.State(start, random_state=luck.get_state())
    sampler.run_mcmc(state, burn + steps)
    chain = sampler.get_chain(discard=burn)
    tau = float(np.max(emcee.autocorr.integrated_time(chain, quiet=True)))
    found = Diagnostics(
        autocorrelation=tau,
        effective=walkers * steps / tau,
        rhat=float(np.max(split_rhat(chain))),
        acceptance=float(np.mean(sampler.acceptance_fraction)),
        walkers=walkers,
        steps=steps,
        burn=burn,
    )
    return chain, found


def split_rhat(chain):
    """Gelman and Rubin's statistic (d,) over walkers cut in halves of a chain (steps, n, d)."""
    half = len(chain) // 2
    parts = np.concatenate([chain[:half], chain[half : 2 * half]], axis=1)
    within = parts.var(axis=0, ddof=1).mean(axis=0)
    between = parts.mean(axis=0).var(axis=0, ddof=1)
    return np.sqrt((half - 1) / half + between / within)


def thinned(chain, count):
    """`count` draws (count, d), spread evenly over steps and walkers."""
    flat = chain.reshape(-1, chain.shape[2])
    return flat[np.linspace(0, len(flat) - 1, count).round().astype(int)]
