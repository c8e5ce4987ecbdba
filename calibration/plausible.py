"""What draws are like at the baseline team over two years, and how many of them are absurd.

    python -m calibration.plausible

prints, for draws of the work posterior and of its prior, how many worlds are absurd and what all of
them come to. Both draw the tier curves from the central study's rows, and all that is not fitted
from the register. A world is absurd where a developer-week brings more work than anybody does,
where reviews take most of the paid week, or where everybody has become an expert by working.
"""

import argparse

import numpy as np
import pandas as pd

from calibration import particles
from sim import parameters, scenario
from sim.engine import batch, curves, metrics, posterior, setup

PLAN = "two-years"  # nine people, a stream of work without end, nobody trained
POSTERIOR, PRIOR = "posterior", "prior"
DRAWS = {POSTERIOR: 1_000, PRIOR: 10_000}
MOST_WORK = 30.0  # expert-h a developer-week
MOST_REVIEW = 0.5  # of the paid week
ENDS = (0.05, 0.5, 0.95)


def values(kind, plan, draws, seed=1):
    """Values of every uncertain parameter, as `setup.draw` gives them.

    kind : POSTERIOR or PRIOR
    """
    found = setup.draw(plan, seed, 0, draws)
    if kind == POSTERIOR:
        return found
    luck = np.random.default_rng(seed)
    for name in posterior.work().columns:
        if name not in plan.world:
            found[name] = parameters.prior(name).quantile(luck.random(draws))
    study = curves.read(particles.STUDY)
    rows = study.draws[luck.integers(len(study.draws), size=draws)]
    return setup.put_posterior(found, plan, study, rows)


def worlds(kind, draws, seed=1, **world):
    """One world a draw: DataFrame of what is read off it, `absurd` among it.

    world : values of parameters in place of what is drawn
    returns : level (mean at the end), judged (share of first sessions), work [expert-h a
        developer-week], review (share of the paid week), experts (share of people), absurd
    """
    plan = scenario.load(PLAN).replace({f"world.{name}": value for name, value in world.items()})
    templates = batch.templates_of(plan, seed, values(kind, plan, draws, seed))
    draw = np.arange(draws)
    rows, _ = batch.simulate(templates, draw, setup.replication(draw, 0), lead_times=False)
    of = dict(zip(metrics.NAMES, rows.T, strict=True))
    people = sum(group.count for group in plan.groups)
    paid = sum(group.count * group.hours_per_week for group in plan.groups) * plan.horizon.weeks
    table = pd.DataFrame(
        {
            "level": of["expertise_mean_end"],
            "judged": of["first_session_success"],
            "work": of["work_per_dev_week"],
            "review": of["hours_review"] / paid,
            "experts": of["level_counts_end_expert"] / people,
        }
    )
    return table.assign(
        absurd=(table["work"] > MOST_WORK)
        | (table["review"] > MOST_REVIEW)
        | (table["experts"] == 1)
    )


def lines(kind, draws, seed=1):
    """The table of one kind of draws, as lines of text."""
    table = worlds(kind, draws, seed)
    yield f"{kind}: {int(table['absurd'].sum())} of {draws:,} worlds are absurd"
    for name in ("level", "judged", "work", "review"):
        low, median, high, most = table[name].quantile((*ENDS, 1.0))
        yield f"  {name}: {median:.3g} (90%: {low:.3g} to {high:.3g}), at most {most:.3g}"


def gains(draws, seed=1):
    """Levels after two years of the posterior, at both ends of the rate's prior, as lines."""
    belief = parameters.prior("learning_rate")
    for at in (ENDS[0], ENDS[-1]):
        rate = float(belief.quantile(np.array([at]))[0])
        level = worlds(POSTERIOR, draws, seed, learning_rate=rate)["level"].median()
        yield f"  level with learning_rate {rate:.2g}: {level:.3g}"


def main(arguments=None):
    """Print what draws are like."""
    about = argparse.ArgumentParser(prog="python -m calibration.plausible", description=__doc__)
    for kind, draws in DRAWS.items():
        about.add_argument(f"--{kind}", type=int, default=draws, help="draws of it")
    about.add_argument("--seed", type=int, default=1)
    asked = vars(about.parse_args(arguments))
    for kind in DRAWS:
        for line in lines(kind, asked[kind], asked["seed"]):
            print(line, flush=True)
    for line in gains(asked[POSTERIOR], asked["seed"]):
        print(line, flush=True)


if __name__ == "__main__":
    main()
