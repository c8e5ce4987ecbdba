"""Fit how people work: `python -m calibration.work` writes posterior/work.parquet and work.json.

What the central study cannot identify, jointly with the rows of its tier curves. One bank of
simulations (`bank`) at draws of the prior gives emulators; many draws are weighed by how well they
agree with the targets of work.toml, the emulator's error counted as the target's own. From the same
bank: what each target would be were it left out, and whether the fit's intervals can be believed.
One seed gives one file on one platform.

    python -m calibration.work --points 300 --out FOLDER    a small fit, elsewhere
"""

import argparse
import json
import sys
import time
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

from calibration import bank, curve_set, particles, sbc, work_settings, work_text
from sim import parameters
from sim.engine import posterior, source_hash

FOLDER = Path(__file__).parent / "posterior"
FILE = FOLDER / "work.json"
PACKAGES = ("numpy", "scipy", "numba")
ENDS = (0.025, 0.5, 0.975)
SAMPLE = 8  # rows whose outputs are kept, to see that the engine is still the one that was fitted
SHARE_INSIDE = 0.4  # of the draws in the band, beside the median: a target is met


def classes(settings, draws):
    """Which class of the cut parameter each draw is in: int (n,)."""
    place = draws.space.names.index(("", settings.cut))
    return particles.classes_of(draws.z[:, place], settings.bins)


def fit(settings, space, tested):
    """The Pool of the full fit, and the weights of its draws."""
    errors = bank.emulator_errors(settings, tested)
    likelihood = bank.log_likelihood(settings, errors)
    pool = particles.pool(
        space, bank.predictor(settings, tested), likelihood, bank.luck_of(settings, bank.FIT),
        settings.rounds, settings.particles,
    )  # fmt: skip
    return pool, pool.weights(likelihood, classes(settings, pool.draws))


# ---- what the targets moved --------------------------------------------------------------------


def moved(settings, pool, weight):
    """What the targets moved, a dict a parameter; see `contraction` in the README."""
    draws, space = pool.draws, pool.draws.space
    found = []
    for i, (place, name) in enumerate(space.names):
        prior = space.beliefs[i].quantile(np.array(ENDS))
        raw = draws.column(name, place)
        found.append(_moved(settings, name, place, draws.z[:, i], weight, raw, prior))
    even = np.ones(len(space.study.draws))
    for name, by_row in space.of_row.items():
        x = (by_row - by_row.mean()) / by_row.std()
        found.append(_moved(settings, name, "", x[draws.rows], weight, by_row[draws.rows],
                            particles.quantiles(by_row, even, ENDS)))  # fmt: skip
    return found


def _moved(settings, name, place, z, weight, raw, prior):
    share, error = particles.contraction(z, weight)
    register = parameters.register()
    return {
        "name": name, "place": place,
        "unit": register[name].unit if name in register else "",
        "prior": _short(prior),
        "posterior": _short(particles.quantiles(raw, weight, ENDS)),
        "shift": round(float(weight @ z), 4),
        "contraction": round(share, 4), "mc_error": round(error, 4),
        "fitted": bool(share > settings.fitted_from and share > 4 * error),
    }  # fmt: skip


# ---- targets -----------------------------------------------------------------------------------


def left_out(settings, target, pool, errors):
    """What a fit that leaves a target out predicts of it, and how far the published value is off.

    Tension is the share of such predictions, the study's own error and discount added, that are as
    far out as the published value, both ends counted.
    """
    place = settings.targets.index(target)
    likelihood = bank.log_likelihood(settings, errors, without=target.name)
    weight = pool.weights(likelihood, classes(settings, pool.draws))
    luck = bank.luck_of(settings, bank.NOISE, place)
    said = pool.said[:, place] + errors[place] * luck.standard_normal(len(weight))
    like_it = said + target.sd * luck.standard_normal(len(weight))
    below = float(weight @ (like_it < target.aim))
    return {
        "left_out": _short(target.shown(particles.quantiles(said, weight, ENDS))),
        "tension": round(2.0 * min(below, 1.0 - below), 4),
        "left_out_effective": round(particles.effective(weight), 1),
    }


def check(settings, target, stock, tested, pool, errors, again, emulated):
    """A row of the predictive check, in the target's unit; errors are of the emulator's scale.

    again, emulated : (rows,) of engine or equation, and of what the fit used, at posterior rows
    """
    said = target.shown(again)
    low, median, high = np.quantile(said, ENDS)
    inside = float(((said >= target.band[0]) & (said <= target.band[1])).mean())
    known = tested.get(target.name)
    return {
        "name": target.name, "what": target.what, "unit": target.unit,
        "evidence": list(target.evidence), "by": "engine" if known else "equations",
        "fit": target.fit, "published": target.value, "tolerance": target.half_width,
        "discount": target.discount, "band": list(target.band),
        "prior": _short(np.quantile(target.shown(stock.predicted(target)), ENDS)),
        "median": _short([median])[0], "low": _short([low])[0], "high": _short([high])[0],
        "share_inside": round(inside, 4),
        "inside": bool(target.band[0] <= median <= target.band[1] and inside >= SHARE_INSIDE),
        **left_out(settings, target, pool, errors),
        "miss": target.miss,
        "explained": round(known.explained, 4) if known else 1.0,
        "emulator_error": float(f"{known.error if known else 0.0:.4g}"),
        "error_at_rows": float(f"{np.sqrt(np.mean((again - emulated) ** 2)):.4g}"),
    }  # fmt: skip


def _short(values):
    return [float(f"{value:.{curve_set.DIGITS}g}") for value in values]


# ---- the whole ---------------------------------------------------------------------------------


def fitted(settings, tell=print):
    """The work posterior: what stands in work.json, its rows, and Ranks of the calibration."""
    space = particles.Space(settings)
    stock = bank.simulated(settings, space, tell)
    first = bank.emulators(settings, stock)
    tell(f"a first fit, and the engine at {settings.near} draws of it")
    pool, weight = fit(settings, space, first)
    there = particles.resampled(weight, settings.near, bank.luck_of(settings, bank.NEAR).random())
    near = bank.simulated_near(settings, pool.draws.picked(there), tell)
    tested = bank.emulators(settings, stock, near)
    tell(f"weighing {settings.rounds} rounds of {settings.particles} draws")
    pool, weight = fit(settings, space, tested)
    tell(f"effective draws: {particles.effective(weight):.0f}")
    u = bank.luck_of(settings, bank.PICK).random()
    places = particles.resampled(weight, settings.rows, u)
    kept = pool.draws.picked(places)
    chosen = np.linspace(0, len(places) - 1, settings.checked).round().astype(int)
    tell(f"engine: {settings.checked} rows of the posterior")
    again = bank.outputs(settings, kept.picked(chosen), settings.seed + 1, bank.AGAIN, tell)
    sample = kept.picked(chosen[:SAMPLE])
    errors = bank.emulator_errors(settings, tested)
    checks = [
        check(settings, target, stock, tested, pool, errors, bank.combined(target, again),
              pool.said[places[chosen], place])
        for place, target in enumerate(settings.targets)
    ]  # fmt: skip
    tell(f"calibration: {settings.repetitions} simulations taken as data")
    ranks = sbc.work(settings, space, stock, first, tell)
    columns = {name: kept.column(name) for name in settings.carried}
    data = {
        "name": "work",
        "columns": list(columns),
        "central": _short(particles.quantiles(pool.draws.column(name), weight, [0.5])[0]
                          for name in columns),
        "priors": {name: parameters.prior(name).to_plain() for name in (*columns, *space.of_row)},
        "curves": {"set": "study", "fitted_sha256": posterior.fitted_sha256(space.study)},
        "contraction": moved(settings, pool, weight),
        "checks": checks,
        "sample": {"z": sample.z.tolist(), "rows": sample.rows.tolist(), "outputs": {
            name: _short(column) for name, column in sampled(settings, sample).items()
        }},
        "calibration": {"repetitions": len(ranks.ranks), "uniform": ranks.uniform,
                        "least_p": round(float(ranks.p_values.min()), 5)},
        "provenance": provenance(settings, weight, places),
    }  # fmt: skip
    return data, pd.DataFrame({posterior.ROW: kept.rows} | columns), ranks


def sampled(settings, draws):
    """What engine and equations say at a few rows; run again, it says whether a rule has moved."""
    return bank.outputs(settings, draws, settings.seed, bank.SAMPLED, lambda line: None)


def provenance(settings, weight, places):
    """What made the file: data and engine by hash, seed, sizes, versions."""
    folder = curve_set.HERE
    sizes = ("seed", "points", "near", "rounds", "particles", "rows", "folds", "crossed", "luck")
    return {
        **{f"{name}_sha256": curve_set.sha256(folder / file) for name, file in (
            ("evidence", "evidence.csv"), ("register", "register.toml"), ("work", "work.toml"),
            ("curves", "curves/study.json"),
        )},
        "engine_sources": source_hash(),
        **{name: getattr(settings, name) for name in sizes},
        "effective": round(particles.effective(weight), 1),
        "distinct_rows": len(set(places.tolist())),
        "tiercurve": metadata.version("tiercurve"),
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }  # fmt: skip


def read(path=FILE):
    """The file as plain data."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def write(folder, data, rows, ranks):
    """Write posterior and ranks into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(data, indent=1, ensure_ascii=False)
    curve_set.write_text(folder / "work.json", text + "\n")
    numbers = rows.astype(np.float32).astype({posterior.ROW: np.int32})
    curve_set.write_bytes(folder / "work.parquet", numbers.to_parquet(index=False))
    curve_set.write_text(folder / "sbc-work.json", json.dumps(ranks.to_json()) + "\n")


def main(arguments=None):
    """Fit, write and print."""
    about = argparse.ArgumentParser(prog="python -m calibration.work", description=__doc__)
    about.add_argument("--out", type=Path, default=FOLDER, help="folder to write into")
    for name in ("points", "near", "particles", "rows", "checked", "repetitions"):
        about.add_argument(f"--{name}", type=int, help="in place of work.toml's")
    said = vars(about.parse_args(arguments))
    folder = said.pop("out")
    settings = replace(
        work_settings.read(), **{name: value for name, value in said.items() if value is not None}
    )
    begun = time.monotonic()

    def tell(line):
        print(f"{time.monotonic() - begun:6.0f} s  {line}", file=sys.stderr, flush=True)

    data, rows, ranks = fitted(settings, tell)
    write(folder, data, rows, ranks)
    print(work_text.page(data))


if __name__ == "__main__":
    main()
