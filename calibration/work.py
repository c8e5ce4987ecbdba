"""Fit how people work: `python -m calibration.work` writes posterior/work.json.

What the central study cannot identify, jointly with the rows of its tier curves: the engine runs
at points of the prior (`populations`), an emulator of each output learns what it says, and many
draws of the prior are weighed by how well they agree with the targets of work.toml, the emulator's
error counted as the target's own. One seed gives one file on one platform.
"""

import json
import sys
from importlib import metadata
from pathlib import Path

import numpy as np

from calibration import curve_set, emulator, particles, populations, work_settings
from sim import parameters
from sim.engine import curves, posterior, source_hash

FILE = Path(__file__).parent / "posterior" / "work.json"
PACKAGES = ("numpy", "scipy", "numba")
DESIGN, PRIOR, PICK, PLACE, NOISE = range(5)  # what luck is for
ENDS = (0.025, 0.5, 0.975)
SAMPLE = 8  # rows whose outputs are kept, to see that the engine is still the one that was fitted


def luck_of(settings, *purpose):
    """A generator for one purpose."""
    return np.random.default_rng([settings.seed, *purpose])


def design(settings, place):
    """Draws of population `place` at which the engine runs, and its outputs (points, outputs)."""
    population = settings.populations[place]
    luck = luck_of(settings, DESIGN, place)
    draws = particles.placed(particles.shared(settings, luck, settings.points), population, luck)
    return draws, _run(settings, population, draws, luck, settings.seed)


def _run(settings, population, draws, luck, seed, count=None):
    """Outputs of the first `count` draws, all by default."""
    full = particles.completed(draws, population, luck)
    full = particles.picked(full, slice(count))
    return populations.outputs(population, seed, full.values, full.own, settings.luck)


def emulators(settings, tell=print):
    """Emulator of each output, and its prior values: dicts output -> Emulator, -> (points,)."""
    found, prior = {}, {}
    for place, population in enumerate(settings.populations):
        tell(f"engine: {population.name}, {settings.points} points")
        draws, y = design(settings, place)
        names = (*population.inputs, settings.null)
        for output, values in zip(work_settings.OUTPUTS[population.name], y.T, strict=True):
            x = draws.matrix(names)
            found[output] = emulator.fit(names, x, values, settings.penalty, settings.held_out)
            prior[output] = values
    return found, prior


def cloud(settings):
    """Draws of the prior, the same for every population but for what is its own: list of Draws."""
    draws = particles.shared(settings, luck_of(settings, PRIOR), settings.particles)
    return [
        particles.placed(draws, population, luck_of(settings, PRIOR, 1 + place))
        for place, population in enumerate(settings.populations)
    ]


def emulated(settings, clouds, known):
    """What the emulators say at draws: output -> (draws,)."""
    return {
        output: known[output](draws.matrix(known[output].names))
        for population, draws in zip(settings.populations, clouds, strict=True)
        for output in work_settings.OUTPUTS[population.name]
    }


def weighed(settings, clouds, known):
    """Weights (particles,) of draws, by every target."""
    said = emulated(settings, clouds, known)
    distances = np.stack([
        (said[target.output] - target.aim) / np.hypot(target.sd, known[target.output].error)
        for target in settings.targets
    ], axis=1)  # fmt: skip
    cut = particles.classes_of(clouds[0].column(settings.cut), settings.bins)
    return particles.weights(distances, cut)


def moved(settings, clouds, weight):
    """What the targets moved, a dict a parameter; see `contraction` in the README."""
    study = curves.read(particles.STUDY)
    shared = (*settings.carried, *study.updates, settings.null)
    named = [(name, "", clouds[0]) for name in shared]
    for population, draws in zip(settings.populations, clouds, strict=True):
        named += [(name, population.name, draws) for name in population.inputs
                  if name not in (*shared, *study.columns)]  # fmt: skip
    return [_moved(settings, *one, weight) for one in named]


def _moved(settings, name, place, draws, weight):
    x = draws.column(name)
    share, error = particles.contraction(x, weight)
    raw = draws.own[name] if name in draws.own else draws.values[name]
    even = np.ones(len(raw))
    register = parameters.register()
    return {
        "name": name, "place": place,
        "unit": register[name].unit if name in register else "expert-h",  # else a median size
        "prior": _short(particles.quantiles(raw, even, ENDS)),
        "posterior": _short(particles.quantiles(raw, weight, ENDS)),
        "prior_sd": _short([x.std()])[0],
        "posterior_sd": _short([particles.spread(x, weight)])[0],
        "shift": round(float((np.average(x, weights=weight) - x.mean()) / x.std()), 4),
        "contraction": round(share, 4), "mc_error": round(error, 4),
        "fitted": bool(share > settings.fitted_from and share > 4 * error),
    }  # fmt: skip


def predicted(settings, clouds, places, count=None):
    """What the engine, not the emulator, says at rows of the posterior: output -> (rows,).

    count : int, optional, how many of the rows; all by default
    """
    said: dict[str, np.ndarray] = {}
    for place, (population, draws) in enumerate(zip(settings.populations, clouds, strict=True)):
        rows, luck = particles.picked(draws, places), luck_of(settings, PLACE, place)
        # Luck that the emulators never saw.
        y = _run(settings, population, rows, luck, settings.seed + 1, count)
        said |= dict(zip(work_settings.OUTPUTS[population.name], y.T, strict=True))
    return said


def _check(target, known, prior, said, emulated, luck):
    """A row of the predictive check, in the target's unit; errors are of the emulator's scale."""
    like_it = said + target.sd * luck.standard_normal(len(said))
    low, median, high = np.quantile(target.shown(said), ENDS)
    return {
        "name": target.name, "what": target.what, "unit": target.unit,
        "evidence": list(target.evidence), "published": target.value,
        "tolerance": target.half_width, "discount": target.discount, "band": list(target.band),
        "prior": _short(np.quantile(target.shown(prior), ENDS)),
        "median": _short([median])[0], "low": _short([low])[0], "high": _short([high])[0],
        "study": _short(np.quantile(target.shown(like_it), [ENDS[0], ENDS[-1]])),
        "inside": bool(target.band[0] <= median <= target.band[1]), "miss": target.miss,
        "explained": round(known.explained, 4), "emulator_error": float(f"{known.error:.4g}"),
        "error_at_rows": float(f"{np.sqrt(np.mean((said - emulated) ** 2)):.4g}"),
    }  # fmt: skip


def _short(values):
    return [float(f"{value:.{curve_set.DIGITS}g}") for value in values]


def fitted(settings, tell=print):
    """The work posterior as plain data."""
    known, prior = emulators(settings, tell)
    tell(f"weighing {settings.particles} draws of the prior")
    clouds = cloud(settings)
    weight = weighed(settings, clouds, known)
    u = luck_of(settings, PICK).random()
    places = particles.resampled(weight, curve_set.ROWS, u)
    tell(f"engine: {len(places)} rows of the posterior")
    said = predicted(settings, clouds, places)
    there = [particles.picked(draws, places) for draws in clouds]
    guessed = emulated(settings, there, known)
    values = [clouds[0].values[name] for name in settings.carried]
    rows = np.column_stack([one[places] for one in values])
    return {
        "name": "work",
        "columns": list(settings.carried),
        "central": _short(particles.quantiles(one, weight, [0.5])[0] for one in values),
        "draws": [[int(clouds[0].rows[p]), *_short(row)]
                  for p, row in zip(places, rows, strict=True)],
        "curves": {"set": "study", "fitted_sha256": posterior.fitted_sha256(
            curves.read(particles.STUDY))},
        "contraction": moved(settings, clouds, weight),
        "checks": [
            _check(target, known[target.output], prior[target.output], said[target.output],
                   guessed[target.output], luck_of(settings, NOISE))
            for target in settings.targets
        ],
        "sample": {name: _short(y[:SAMPLE]) for name, y in said.items()},
        "particles": [int(place) for place in places],
        "provenance": provenance(settings, weight, places),
    }  # fmt: skip


def provenance(settings, weight, places):
    """What made the file: data and engine by hash, seed, sizes, versions."""
    folder = curve_set.HERE
    return {
        **{f"{name}_sha256": curve_set.sha256(folder / file) for name, file in (
            ("evidence", "evidence.csv"), ("register", "register.toml"), ("work", "work.toml"),
            ("curves", "curves/study.json"),
        )},
        "engine_sources": source_hash(),
        "seed": settings.seed, "points": settings.points, "particles": settings.particles,
        "effective": round(particles.effective(weight), 1),
        "distinct_rows": len(set(places.tolist())),
        "tiercurve": metadata.version("tiercurve"),
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }  # fmt: skip


def read(path=FILE):
    """The file as plain data."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def main(path=FILE, settings=None):
    """Fit and write."""
    settings = settings or work_settings.read()
    data = fitted(settings, lambda line: print(line, file=sys.stderr, flush=True))
    curve_set.write(Path(path), data)


if __name__ == "__main__":
    main()
