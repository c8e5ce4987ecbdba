"""One bank of simulations: draws of the prior, and what is predicted there of every target.

Full fit, fits that leave a target out, and simulation-based calibration all use the same bank: it
is what engine and equations said, and the emulators learnt from it.
"""

import time
from dataclasses import dataclass

import numpy as np

from calibration import equations, particles, populations, work_settings
from sim.analysis import emulator

POINTS, FIT, PICK, REST, AGAIN, SAMPLED, NOISE, TEST, NEAR = range(9)  # what luck is for


def luck_of(settings, *purpose):
    """A generator for one purpose."""
    return np.random.default_rng([settings.seed, *purpose])


@dataclass(frozen=True)
class Bank:
    """Draws of the prior, and predictions there.

    draws    Draws (n)
    outputs  population.output -> (n,), on the scale of errors
    """

    draws: particles.Draws
    outputs: dict[str, np.ndarray]

    def predicted(self, target):
        """What is predicted of a target (n,)."""
        return combined(target, self.outputs)


def combined(target, outputs):
    """The sum of outputs that a target is (n,)."""
    return sum(factor * outputs[name] for name, factor in target.outputs.items())


def simulated(settings, space, tell=print):
    """The Bank of the settings: the engine is run for each population."""
    draws = space.prior(settings.points, luck_of(settings, POINTS))
    return Bank(draws, outputs(settings, draws, settings.seed, POINTS, tell))


def simulated_near(settings, draws, tell=print):
    """A Bank at draws of a first fit, so that emulators have seen the engine where that lies."""
    return Bank(draws, outputs(settings, draws, settings.seed + 2, NEAR, tell))


def outputs(settings, draws, seed, purpose, tell=print):
    """Outputs of all populations at draws: population.output -> (n,).

    seed : of the engine's luck
    """
    said: dict[str, np.ndarray] = {}
    for place, population in enumerate(settings.populations):
        begun = time.monotonic()
        if population.equation:
            found = of_equation(population, draws)
        else:
            # Populations of one place share what no emulator sees: it is one place.
            luck = luck_of(settings, REST, purpose, list(settings.places).index(population.place)
                           if population.place else len(settings.places) + place)  # fmt: skip
            found = populations.outputs(population, draws, luck, seed, settings.luck)
        if not np.isfinite(found).all():
            raise work_settings.WorkError(
                f"work.toml, populations.{population.name}: {(~np.isfinite(found)).sum()} outputs "
                "are no number: let it run longer, or have more people"
            )
        took = time.monotonic() - begun
        tell(f"{population.name}: {len(draws)} draws, {took:.0f} s")
        said |= dict(zip(population.outputs, found.T, strict=True))
    return said


def of_equation(population, draws):
    """Outputs (n, outputs) of a population that an equation answers."""
    space, rows = draws.space, draws.rows
    values = draws.values(population.place)
    try:
        return equations.outputs(population.equation, values, space.cuts[rows], space.shifts[rows])
    except KeyError as error:
        raise work_settings.WorkError(
            f"work.toml, populations.{population.name}: equation = '{population.equation}': needs "
            f'{error}: mark it `fitted = "work"` in the register, or give its place a belief'
        ) from None


def emulators(settings, bank, near=None):
    """A Tested emulator of each target that needs the engine: name -> Tested.

    near : Bank at draws of a first fit, which is where the error counts then; optional
    """
    banks = [bank] if near is None else [bank, near]
    asked = slice(None) if near is None else slice(len(bank.draws), None)
    found = {}
    for target in settings.targets:
        if not settings.of_equations(target):
            places = settings.places_of(target)
            x = np.concatenate([one.draws.inputs(places) for one in banks])
            y = np.concatenate([one.predicted(target) for one in banks])
            found[target.name] = emulator.cross_validate(
                x, y, settings.penalty, settings.crossed, settings.folds, asked
            )
    return found


def predictor(settings, tested, fold=None):
    """A function from Draws to what is predicted of each target (n, targets).

    Emulators for what needs the engine, of all but one fold of the bank if one is named; equations
    themselves for the rest.
    """
    answers = [one for one in settings.populations if one.equation]

    def predict(draws):
        exact = {
            name: column
            for population in answers
            for name, column in zip(
                population.outputs, of_equation(population, draws).T, strict=True
            )
        }
        said, inputs = [], {}
        for target in settings.targets:
            if target.name not in tested:
                said.append(combined(target, exact))
                continue
            places = settings.places_of(target)
            if places not in inputs:
                inputs[places] = draws.inputs(places)
            one = tested[target.name]
            known = one.whole if fold is None else one.folds[fold]
            said.append(known(inputs[places]))
        return np.stack(said, axis=1)

    return predict


def emulator_errors(settings, tested):
    """Standard deviation of what an emulator misses, a target each; 0 for equations."""
    return np.array([
        tested[one.name].error if one.name in tested else 0.0 for one in settings.targets
    ])  # fmt: skip


def covariance(settings, errors):
    """Covariance of prediction less published, on the scale of errors (targets, targets).

    Each has its own error and its emulator's; the discount is common to the targets of a group.
    """
    targets = settings.targets
    found = np.diag([one.own_sd**2 for one in targets]) + np.diag(np.square(errors))
    for i, one in enumerate(targets):
        for j, other in enumerate(targets):
            if i == j or (one.group and one.group == other.group):
                found[i, j] += one.discount_sd * other.discount_sd
    return found


def log_likelihood(settings, errors, aims=None, without=None):
    """A function from predictions (n, targets) to log likelihoods (n,).

    aims : (targets,), the published values by default
    without : name of a target left out; targets that are not fitted to always are
    """
    from scipy.linalg import solve_triangular  # late: slow to import

    used = [i for i, one in enumerate(settings.targets) if one.fit and one.name != without]
    aims = np.array([one.aim for one in settings.targets]) if aims is None else np.asarray(aims)
    root = np.linalg.cholesky(covariance(settings, errors)[np.ix_(used, used)])

    def likelihood(said):
        off = solve_triangular(root, (said[:, used] - aims[used]).T, lower=True)
        return -0.5 * (off**2).sum(axis=0)

    return likelihood
