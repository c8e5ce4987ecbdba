"""Simulation-based calibration: does a fit's interval hold the truth as often as it says?

Truth is drawn from the prior, data are simulated from it and fitted; the rank of the truth among
the posterior's draws is then uniform (Talts et al. 2018). `python -m calibration.sbc evidence` and
`python -m calibration.sbc local` write the ranks into posterior/. Both use the fast fit: mode,
Laplace, importance draws, 99 of them resampled. Stage two is tested by its own command,
`python -m calibration.work`, from the bank of simulations that it is fitted with.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from calibration import bank, cells, curve_set, fit, laplace, particles, synthetic
from calibration.local_model import LocalModel
from calibration.model import NAMES

REPETITIONS, DRAWS, BINS, SEED = 320, 99, 20, 7
PROPOSALS = 1500  # importance draws a fit
WORK_ROUNDS, WORK_PARTICLES = 4, 4000  # of a fit of stage two
FAMILYWISE = 0.01


@dataclass(frozen=True)
class Ranks:
    """Ranks of the truth among DRAWS posterior draws.

    name       "evidence", "local" or "work"
    names      of the quantities
    ranks      (repetitions, quantities) int, 0 to DRAWS
    effective  (repetitions,), effective importance draws of each fit
    """

    name: str
    names: tuple[str, ...]
    ranks: np.ndarray
    effective: np.ndarray

    @property
    def p_values(self):
        """Of a chi-square test against uniform ranks, a quantity each."""
        from scipy.stats import chisquare  # late: slow to import

        width = (DRAWS + 1) // BINS
        counts = [np.bincount(column // width, minlength=BINS) for column in self.ranks.T]
        return np.array([chisquare(count).pvalue for count in counts])

    @property
    def uniform(self):
        """Whether uniformity stands at a familywise 1% (Bonferroni)."""
        return bool(self.p_values.min() > FAMILYWISE / len(self.names))

    def coverage(self, share=0.9):
        """Share of repetitions whose central interval of that size holds the truth, each."""
        low = (1 - share) / 2 * DRAWS
        return ((self.ranks >= low) & (self.ranks <= DRAWS - low)).mean(axis=0)

    def to_json(self):
        """Plain data."""
        return {
            "name": self.name,
            "names": list(self.names),
            "draws": DRAWS,
            "ranks": self.ranks.tolist(),
            "effective": [round(float(value), 1) for value in self.effective],
        }


def path_of(name):
    """Where the ranks of a fit are kept."""
    return curve_set.HERE / "posterior" / f"sbc-{name}.json"


def read(name):
    """The ranks in posterior/, as made by this module."""
    data = json.loads(path_of(name).read_text(encoding="utf-8"))
    return Ranks(
        data["name"], tuple(data["names"]), np.array(data["ranks"]), np.array(data["effective"])
    )


def run(name, names, simulate, repetitions=REPETITIONS, seed=SEED):
    """Ranks of a fit.

    simulate : luck -> (truth (d,), density of the posterior of its data, start (d,))
    names : of the first coordinates, which are ranked

    A repetition depends on seed and its number only, so fewer of them are the first of more.
    """
    ranks, effective = [], []
    for number in range(repetitions):
        luck = np.random.default_rng([seed, number])
        truth, density, start = simulate(luck)
        found = laplace.settled(density, laplace.maximise(density, start), PROPOSALS, luck)
        draws = found.resampled(DRAWS, luck)[:, : len(names)]
        ranks.append((draws < truth[: len(names)]).sum(axis=0))
        effective.append(found.effective)
    return Ranks(name, tuple(names), np.array(ranks), np.array(effective))


def evidence(repetitions=REPETITIONS, seed=SEED):
    """Ranks of the evidence fit, truth and data from its own priors and errors."""
    model = fit.evidence_model()

    def simulate(luck):
        truth = luck.standard_normal(len(NAMES))
        data = model.with_values(model.simulate(truth[None], luck))
        return truth, data.log_density, np.zeros(len(NAMES))

    return run("evidence", NAMES, simulate, repetitions, seed)


def local(repetitions=REPETITIONS, seed=SEED):
    """Ranks of the local fit: 200 closed or failed tickets of 10 people, every level stated.

    The truth of what pools is drawn from the posterior of the evidence, the rest from its prior.
    """
    model = fit.evidence_model()
    of_evidence = laplace.importance(
        model.log_density, fit.mode(model), 20_000, np.random.default_rng(seed)
    ).resampled(REPETITIONS, np.random.default_rng(seed))
    first, number = len(NAMES), iter(of_evidence)
    blank = LocalModel(model, None, 1)
    start = np.concatenate([fit.mode(model).place, np.zeros(blank.size - first)])

    def simulate(luck):
        truth = np.concatenate([next(number), luck.standard_normal(blank.size - first)])
        made = synthetic.tickets(
            blank.numbers(truth[None]), model.shares, luck, rows=200, people=10
        )
        fitted = LocalModel(model, cells.cells(made, model.shares), 1)
        return truth, fitted.log_density, start

    return run("local", blank.names, simulate, repetitions, seed)


def work(settings, space, stock, tested, tell=print):
    """Ranks of stage two: each repetition takes one simulation of the bank as the published data.

    Its emulators have not seen that simulation. The cut parameter is left out: it keeps its prior
    by intent. Repetition i depends on the bank and i only.
    """
    errors = bank.emulator_errors(settings, tested)
    truth_said = np.stack([stock.predicted(one) for one in settings.targets], axis=1)
    noise = np.linalg.cholesky(bank.covariance(settings, np.zeros(len(errors))))
    names = tuple(name for name in settings.carried if name != settings.cut)
    columns = [space.names.index(("", name)) for name in names]
    cut = space.names.index(("", settings.cut))

    def once(number):
        luck = bank.luck_of(settings, bank.TEST, number)
        aims = truth_said[number] + noise @ luck.standard_normal(len(noise))
        likelihood = bank.log_likelihood(settings, errors, aims)
        predict = bank.predictor(settings, tested, fold=number % settings.folds)
        pool = particles.pool(space, predict, likelihood, luck, WORK_ROUNDS, WORK_PARTICLES)
        classes = particles.classes_of(pool.draws.z[:, cut], settings.bins)
        weight = pool.weights(likelihood, classes)
        chosen = luck.choice(len(weight), DRAWS, p=weight)
        truth = stock.draws.z[number, columns]
        ranks = (pool.draws.z[chosen][:, columns] < truth).sum(axis=0)
        return ranks, particles.effective(weight)

    found = []
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for number, one in enumerate(threads.map(once, range(settings.repetitions)), 1):
            found.append(one)
            if number % 20 == 0:
                tell(f"calibration: {number} of {settings.repetitions}")
    ranks, effective = zip(*found, strict=True)
    return Ranks("work", names, np.array(ranks), np.array(effective))


def main(names):
    """Run and write what is named."""
    for name in names:
        found = {"evidence": evidence, "local": local}[name]()
        path_of(name).write_text(json.dumps(found.to_json()) + "\n", encoding="utf-8")
        said = "stands" if found.uniform else "IS REJECTED"
        print(f"{name}: {len(found.ranks)} repetitions, uniformity {said}; p {found.p_values}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["evidence", "local"])
