"""How often what is said of a choice holds, over a thousand repetitions with known answers.

    uv run python benchmarks/choices.py [repetitions [words that rows begin with [first seed]]]

Probabilities of being best, of an event and of what a plan adds to it; the week of break-even; the
value of knowing; closed shares of blocks. A row prints the share of repetitions whose 95% interval
holds the truth, beside the band fixed for it before it ran; the exit code says whether all are
inside. Truths are of normal and lognormal distributions, or nested brute force: outer values of a
parameter, inner means by arithmetic. Some 15 minutes on one core.
"""

import sys

import numpy as np
from scipy.special import expit
from scipy.stats import norm

from sim.analysis import best, deconvolution, estimates, given, paired, value

ERROR = 3 * np.sqrt(0.95 * 0.05 / 1000)  # three errors of a thousand repetitions
NOMINAL, AT_LEAST = (0.95 - ERROR, 0.95 + ERROR), (0.93, 1.0)
OUTER = 400_000


def held(draw, repetitions, first):
    """Share of repetitions whose interval holds the truth: draw(rng) -> low, high, truth.

    first : their first seed
    """
    seeds = range(first, first + repetitions)
    inside = [
        low <= truth <= high
        for low, high, truth in (draw(np.random.default_rng(seed)) for seed in seeds)
    ]
    return float(np.mean(inside))


# ---- the probability that a plan is the best in expectation --------------------------------------


def better(shape, p, chance, draws, luck, exponential=False):
    """Two plans: expectations of a shifted lognormal of sigma `shape`, above zero in a share p."""
    noise = np.sqrt(chance / (1 - chance))

    def draw(rng):
        expected = deconvolution.quantile(shape, rng.standard_normal(draws))
        expected = expected - deconvolution.quantile(shape, norm.ppf(1 - p))
        size = (draws, luck)
        chances = rng.exponential(1, size) - 1 if exponential else rng.standard_normal(size)
        return *best.better(expected[:, None] + noise * chances)[1:], p

    return draw


def several(plans, common, noise, draws, luck):
    """Plans that share a part of what makes them differ from the first; of each, one repetition."""

    def expectations(rng, count):
        own, shared = rng.standard_normal((plans, count)), rng.standard_normal(count)
        lead = np.linspace(0, 0.5, plans)[:, None]
        shared = np.arange(plans)[:, None].clip(max=1) * shared
        return lead + np.sqrt(common) * shared + np.sqrt(1 - common) * own

    top = expectations(np.random.default_rng(0), OUTER).argmax(axis=0)
    truth = np.bincount(top, minlength=plans) / OUTER

    def draw(rng):
        y = expectations(rng, draws)[:, :, None]
        found = best.best(y + noise * rng.standard_normal((plans, draws, luck)))
        place = rng.integers(plans)
        return *found[place, 1:], truth[place]

    return draw


# ---- the week of break-even ----------------------------------------------------------------------


def event(middle, spread, draws, luck):
    """The probability of an event that happens in a world with a chance of its draw.

    middle, spread : of the log-odds of that chance, normal over what is not known
    """
    truth = _chances(middle, spread)(np.random.default_rng(0).standard_normal(OUTER)).mean()

    def draw(rng):
        chances = _chances(middle, spread)(rng.standard_normal((draws, 1)))
        return *estimates.event(rng.random((draws, luck)) < chances)[1:3], truth

    return draw


def gained(middle, spread, shift, draws, luck):
    """The paired difference of two such probabilities, whose log-odds a plan shifts."""
    before, after = (_chances(middle + by, spread) for by in (0.0, shift))
    z = np.random.default_rng(0).standard_normal(OUTER)
    truth = (after(z) - before(z)).mean()

    def draw(rng):
        z, luck_of = rng.standard_normal((draws, 1)), rng.random((draws, luck))
        row = paired.event_difference(*((luck_of < of(z)) * 1.0 for of in (before, after)))
        return row["ci_low"], row["ci_high"], truth

    return draw


def _chances(middle, spread):
    return lambda z: expit(middle + spread * z)


def break_even(step, middle, draws=100, luck=2):
    """Ahead for good from W on, normal about `middle` by what is not known and by chance.

    step : weeks between the times at which paths are known
    """
    times = step * np.arange(1, round(16 / step) + 1)
    truth = float(np.ceil(middle / step - 1e-9))

    def draw(rng):
        at = middle + rng.normal(0, 2, (draws, 1)) + rng.normal(0, 4, (draws, luck))
        row = paired.break_even_week(times - at[..., None])
        return row["week_low"], row["week_high"], truth

    return draw


# ---- the value of knowing ------------------------------------------------------------------------


def linear(rng, draws, lead):
    """Gains of the second plan over the first: a parameter x, another half as strong, unused z."""
    x = {name: rng.standard_normal(draws) for name in "xyz"}
    return np.stack([0 * x["x"], lead + x["x"] + 0.5 * x["y"]]), x


def curved(rng, draws, lead):
    """Three plans, one bent in a skewed parameter, one falling in another."""
    x = {"x": np.exp(0.5 * rng.standard_normal(draws)), "y": rng.standard_normal(draws)}
    bent = 2.0 - 0.7 * (x["x"] - 1.5) ** 2 - 1.5
    return np.stack([0 * bent, bent + lead + 0.4 * x["y"], lead - 0.5 * x["y"]]), x


def four(rng, draws, lead):
    """Four plans, each with a parameter of its own and one that all but the first share."""
    x = {name: rng.standard_normal(draws) for name in "abcs"}
    return np.stack(
        [0 * x["s"], *(lead * i + 0.5 * x[name] + x["s"] for i, name in enumerate("abc"))]
    ), x


def nested(model, lead, name):
    """EVPPI by nested brute force: inner means over the other parameters at outer values of one.

    Models are sums of functions of one parameter each, so an inner mean is that at its value plus
    what the others are on average.
    """
    rng = np.random.default_rng(0)
    gains, x = model(rng, OUTER, lead)
    order = np.argsort(x[name], kind="stable")
    inner = gains[:, order].reshape(len(gains), 2000, -1).mean(axis=2)
    noise = gains[:, order].reshape(len(gains), 2000, -1).var(axis=2).mean(axis=1) / (OUTER / 2000)
    spread = inner.var(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        by = np.sqrt(np.maximum(0, spread - noise) / np.where(spread > 0, spread, 1))
    mean = gains.mean(axis=1, keepdims=True)
    inner = mean + by[:, None] * (inner - mean)
    return max(0.0, float(inner.max(axis=0).mean() - mean.max()))


def knowing(model, lead, name, draws, luck, noise=2.0):
    """The value of knowing one number, or "all"."""
    known = nested(model, lead, name) if name != "all" else None
    if known is None:
        gains, _ = model(np.random.default_rng(0), OUTER, lead)
        known = float(gains.max(axis=0).mean() - gains.mean(axis=1).max())

    def draw(rng):
        gains, x = model(rng, draws, lead)
        y = gains[:, :, None] + noise * rng.standard_normal((*gains.shape, luck))
        if name == "all":
            found = value.perfect(y, 0)
        else:
            found = value.partial(y.mean(axis=2), {name: x[name]}, 0)[name]
        return found.low, found.high, known

    return draw


# ---- closed shares -------------------------------------------------------------------------------


def block(columns, share, draws, rows=None, member=None):
    """Correlated columns that make `share` of the variance; the block whole, or one member.

    rows : how many rows of a posterior there are, which draws take again; None for a row a draw
    """
    cover = np.full((columns, columns), 0.5) + 0.5 * np.eye(columns)
    weights = np.zeros(columns)
    weights[:2] = 1.0, 0.5
    part = weights @ cover @ weights
    told = part if member is None else (cover @ weights)[member] ** 2

    def draw(rng):
        x = rng.multivariate_normal(np.zeros(columns), cover, size=rows or draws)
        row = rng.integers(rows, size=draws) if rows else np.arange(draws)
        x = x[row]
        y = x @ weights + np.sqrt(part * (1 - share) / share) * rng.standard_normal(draws)
        what = x if member is None else x[:, member]
        found = given.shares(y[:, None], {"it": what}, 0, (row,) if rows else ())["it"]
        return found.low[0], found.high[0], share * told / part

    return draw


def table():
    """What, how it is drawn, the band."""
    for draws, luck in ((100, 2), (400, 8)):
        for chance in (0.1, 0.8, 0.95):
            for p in (0.5, 0.84, 0.95):
                words = f"P(best) {p:.0%}, {chance:.0%} chance, {draws} x {luck}, normal"
                yield words, better(0.0, p, chance, draws, luck), NOMINAL
        for chance, p in ((0.5, 0.84), (0.8, 0.5), (0.8, 0.95)):
            words = f"P(best) {p:.0%}, {chance:.0%} chance, {draws} x {luck}"
            yield f"{words}, skewness 1", better(0.3, p, chance, draws, luck), AT_LEAST
            yield f"{words}, skewness 2.9", better(0.7, p, chance, draws, luck), AT_LEAST
        words = f"P(best) 84%, 80% chance, {draws} x {luck}, exponential chance"
        yield words, better(0.0, 0.84, 0.8, draws, luck, True), AT_LEAST
        for plans in (3, 8):
            words = f"P(best) of {plans} plans, most in common, {draws} x {luck}"
            yield words, several(plans, 0.9, 1.5, draws, luck), AT_LEAST
    for draws, luck in ((100, 2), (400, 8)):
        for middle in (-2.5, 0.0, 1.0, 3.0):
            words = f"done by a week, log-odds {middle:g}, {draws} x {luck}"
            yield words, event(middle, 1.5, draws, luck), AT_LEAST
            for shift in (0.1, 0.5):
                words = f"done by: gain of {shift:g} in log-odds, from {middle:g}, {draws} x {luck}"
                yield words, gained(middle, 1.5, shift, draws, luck), AT_LEAST
    for middle in (6.05, 6.5, 6.95):
        words = f"break-even about week {middle}, 100 x 2"
        yield f"{words}, in whole weeks", break_even(1.0, middle), (0.95, 1.0)
        yield f"{words}, in tenths of weeks", break_even(0.1, middle), NOMINAL
    models = ((linear, "xyz", (0.0, 0.1, 0.3, 1.0)), (curved, "xy", (0.0, 0.2)),
              (four, "as", (0.0, 0.1)))  # fmt: skip
    for draws, luck in ((100, 2), (400, 4)):
        for model, names, leads in models:
            for lead in leads:
                for name in (*names, "all"):
                    words = f"knowing {name}, {model.__name__}, lead {lead}, {draws} x {luck}"
                    yield words, knowing(model, lead, name, draws, luck), AT_LEAST
    for draws in (50, 100, 400):
        for columns, share in ((3, 0.5), (3, 0.9), (3, 0.15), (25, 0.5)):
            words = f"closed share {share:.0%} of {columns} columns, {draws} draws"
            yield words, block(columns, share, draws), AT_LEAST
        words = f"closed share of one of 3 columns, {draws} draws"
        yield words, block(3, 0.5, draws, member=0), AT_LEAST
        words = f"closed share of 3 columns of 60 rows, {draws} draws"
        yield words, block(3, 0.5, draws, rows=60), AT_LEAST


def main():
    """Print a row a figure; 1 where one is outside its band."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    value.PERMUTED = given.DEALT = 2  # the null is not asked here
    begins = sys.argv[2] if len(sys.argv) > 2 else ""
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    bad = 0
    for what, draw, (low, high) in table():
        if not what.startswith(begins):
            continue
        found = held(draw, repetitions, first)
        bad += not low <= found <= high
        said = "" if low <= found <= high else "  OUTSIDE"
        print(f"{what:64} {found:7.3f}   {low:.3f} to {high:.3f}{said}", flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
