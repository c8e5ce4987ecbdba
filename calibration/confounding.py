"""Does the gap between levels survive confounding? Coverage over the prior of what a file hides.

Tickets are made up from a team whose gap, difficulty by level and wrong labels are drawn from
their priors, and fitted as `calibrate` fits. `python -m calibration.confounding PART ...` writes
the parts named into posterior/confounding.json:

    n300, n3000   repetitions of so many tickets of PEOPLE: truth and interval of the gap
    clean         tickets without confounding, of a team with the study's gap
    attacks       confounding that is stated, where a fit that knows of none was far off
    full          the fast fit beside a chain of walkers, on the first ten of n300
"""

import json
import sys

import numpy as np

from calibration import cells, curve_set, fit, laplace, sampling, synthetic
from calibration.local_model import LocalModel
from calibration.model import MEASURES, NAMES

PATH = curve_set.HERE / "posterior" / "confounding.json"
ROWS = {"n300": 300, "n3000": 3000}
PEOPLE = {300: 12, 3000: 120}
REPETITIONS, SEED = 200, 19
PROPOSALS, DRAWS = 1500, 1000
ENDS = (0.025, 0.5, 0.975)
CLEAN, SEVERAL, TEN = 8, 4, 10
WALKERS, STEPS, BURN = 48, 9000, 1000
# Stated confounding: gap factor, difficulty by level [logit], share of labels that are one off.
ATTACKS = {
    "harder work for higher levels": (1.0, 0.3, 0.0),
    "no gap at all": (0.0, 0.0, 0.0),
    "40% of levels off by one": (1.0, 0.0, 0.4),
}
FEW = 20  # repetitions between two writes


def gap(model, z):
    """Judged done, expert minus novice, of coordinates z (n, d): (n,) [pp]."""
    judged = model.rates(z)[:, MEASURES.index("judged")]
    return 100 * (judged[:, 4] - judged[:, 0])


class Bench:
    """A model without tickets, and what the prior of a team is drawn from."""

    def __init__(self, seed=SEED):
        self.base = fit.evidence_model()
        self.blank = LocalModel(self.base, None, 1)
        self.seed, mode = seed, fit.mode(self.base)
        self.start = np.concatenate([mode.place, np.zeros(self.blank.size - len(NAMES))])
        luck = np.random.default_rng(seed)
        self.studied = laplace.importance(self.base.log_density, mode, 20_000, luck).resampled(
            4000, luck
        )

    def prior(self):
        """Coordinates of teams before their tickets (4000, d)."""
        own = np.random.default_rng([self.seed, 1]).standard_normal(
            (len(self.studied), self.blank.size - len(NAMES))
        )
        return np.column_stack([self.studied, own])

    def fitted(self, made):
        """Density of tickets, the model and the fast fit's draws (DRAWS, d)."""
        luck = np.random.default_rng([self.seed, 2])
        model = LocalModel(self.base, cells.cells(made, self.base.shares), 1)
        mode = laplace.maximise(model.log_density, self.start)
        sample = laplace.settled(model.log_density, mode, PROPOSALS, luck)
        return model, mode, sample.resampled(DRAWS, luck), float(sample.effective)

    def made(self, z, rows, luck):
        """Tickets of a team with these coordinates (d,)."""
        numbers = self.blank.numbers(z[None])
        return synthetic.tickets(numbers, self.base.shares, luck, rows, PEOPLE[rows])


def repetition(bench, rows, number):
    """Truth and fitted interval of one team drawn from the prior."""
    luck = np.random.default_rng([bench.seed, rows, number])
    truth = bench.studied[number], luck.standard_normal(bench.blank.size - len(NAMES))
    z = np.concatenate(truth)
    made = bench.made(z, rows, luck)
    model, _, draws, effective = bench.fitted(made)
    return _row(gap(bench.blank, z[None])[0], gap(model, draws), effective)


def _row(truth, fitted, effective):
    low, median, high = np.quantile(fitted, ENDS)
    values = {"truth": truth, "low": low, "median": median, "high": high, "effective": effective}
    return {name: round(float(value), 3) for name, value in values.items()}


def coverage(bench, name, first=0, count=REPETITIONS, tell=print):
    """Rows of `repetition`, written as they come."""
    rows = []
    for number in range(first, first + count):
        rows.append(repetition(bench, ROWS[name], number))
        if len(rows) % FEW == 0 or len(rows) == count:
            write(f"{name}" if not first else f"{name} from {first}", rows)
            tell(f"{name}: {len(rows)}, held {_held(rows):.3f}")
    return rows


def _held(rows):
    return float(np.mean([row["low"] <= row["truth"] <= row["high"] for row in rows]))


def stated(bench, rows, number, factor=1.0, harder=0.0, off=0.0):
    """A team with the study's curves and stated confounding: a row as of `repetition`."""
    luck = np.random.default_rng([bench.seed, 3, rows, number])
    numbers = bench.blank.numbers(bench.start[None])
    cuts, shifts, spread = bench.blank.conditional(bench.start[None])
    own = factor * shifts + (1 - factor) * (shifts @ bench.base.shares)[:, None]
    numbers |= {"shifts": own - harder * bench.blank.steps, "wrong": np.zeros(1)}
    made = synthetic.tickets(numbers, bench.base.shares, luck, rows, PEOPLE[rows], off=off)
    model, _, draws, effective = bench.fitted(made)
    truth = bench.blank.averaged(cuts, own, spread)[0, MEASURES.index("judged")]
    return _row(100 * (truth[4] - truth[0]), gap(model, draws), effective)


def clean(bench):
    """Widths of intervals without confounding, beside the prior's."""
    low, _, high = np.quantile(gap(bench.blank, bench.prior()), ENDS)
    found = {}
    for name, rows in ROWS.items():
        several = [stated(bench, rows, number) for number in range(CLEAN)]
        widths = [row["high"] - row["low"] for row in several]
        found[name] = {
            "width": round(float(np.mean(widths)), 2), "prior_width": round(float(high - low), 2),
            "prior": [round(float(low), 2), round(float(high), 2)], "rows": several,
        }  # fmt: skip
    return found


def attacks(bench):
    """Rows of each stated confounding, by number of tickets."""
    return {
        name: {size: [stated(bench, rows, number, *how) for number in range(SEVERAL)]
               for size, rows in ROWS.items()}
        for name, how in ATTACKS.items()
    }  # fmt: skip


def full(bench):
    """Quantiles of the gap by the fast fit and by a chain, on the first ten of n300."""
    found = []
    for number in range(TEN):
        luck = np.random.default_rng([bench.seed, 300, number])
        own = luck.standard_normal(bench.blank.size - len(NAMES))
        made = bench.made(np.concatenate([bench.studied[number], own]), 300, luck)
        model, mode, draws, _ = bench.fitted(made)
        chain, told = sampling.sample(model.log_density, mode, number, WALKERS, STEPS, BURN)
        ends = [np.quantile(gap(model, z), ENDS).round(3).tolist()
                for z in (draws, sampling.thinned(chain, 4000))]  # fmt: skip
        found.append({"fast": ends[0], "full": ends[1], "rhat": round(told.rhat, 4),
                      "effective": round(told.effective)})  # fmt: skip
        write("full", found)
    return found


def read():
    """What is kept, with `coverage` counted: name -> repetitions, held, mean width."""
    data = json.loads(PATH.read_text(encoding="utf-8"))
    counted = {}
    for name in ROWS:
        rows = [row for part in data if part.split(" ")[0] == name for row in data[part]]
        widths = [row["high"] - row["low"] for row in rows]
        counted[name] = {
            "repetitions": len(rows), "held": _held(rows), "width": float(np.mean(widths)),
        }  # fmt: skip
    return {**data, "coverage": counted}


def write(part, found):
    """Keep a part beside the others."""
    data = json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {}
    data[part] = found
    parts = (f"{json.dumps(name)}: {json.dumps(data[name])}" for name in sorted(data))
    PATH.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main(parts):
    """Run and write the parts named; `n3000:100:100` is repetitions 100 to 199 alone."""
    bench = Bench()
    for part in parts:
        name, *numbers = part.split(":")
        if name in ROWS:
            coverage(bench, name, *map(int, numbers))
        else:
            write(name, {"clean": clean, "attacks": attacks, "full": full}[name](bench))


if __name__ == "__main__":
    main(sys.argv[1:] or ["n300", "n3000", "clean", "attacks", "full"])
