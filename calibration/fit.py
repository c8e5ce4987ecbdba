"""Refit everything: `python -m calibration.fit` writes the curve sets the model reads.

    curves/study.json       joint posterior of the tier curves, all rows of fit.toml: the default
    curves/headline.json    the same draws with the headline's pairing in place of the rates
    posterior/held-out.json as study, without the rows the ledger holds out (levels 2 and 4)

One seed gives one file, to the bit, on one platform.
"""

from pathlib import Path

import numpy as np

from calibration import curve_set, laplace, observations, sampling
from calibration.model import NAMES, Model
from sim import ledger
from sim.caveats import LEGAL
from sim.engine import curves

SEED = 20260616  # the day the study came out; any other would do
ROWS = 4000  # joint draws in a set of the study: no mean is to have a floor from their number
FOLDER = Path(__file__).parent
STUDY_CAVEATS = (
    "Curves rest on one vendor's study of its own tool (about 400,000 sessions, October 2025 to "
    "April 2026); expertise and outcome were read from the same transcripts.",
    f"Not a basis for workforce change on its own; {LEGAL}.",
)
HEADLINE_CAVEATS = (
    "HEADLINE CURVES: 'experts 91%, novices 15%' joins two measures: 15% is the novice rate of "
    "verified success, 91% the expert rate of at least partial success. Shown to make the error "
    "visible; do not plan with it.",
    "On one measure the study gives 15% against 33% (verified), 39% against 65% (judged) or 77% "
    "against 91% (at least partial).",
)
# The headline gives two numbers and calls the gap from intermediate to expert "modest"; the
# three between are this project's reading of that word (assumption).
HEADLINE_RATES = {1: 0.15, 2: 0.52, 3: 0.87, 4: 0.89, 5: 0.91}


def shares(evidence):
    """Share of sessions by level in the central study (5,), of 1."""
    found = np.array([evidence[f"study-share-{level}"].value for level in range(1, 6)])
    return found / found.sum()


def evidence_model(extra=(), evidence=None):
    """The model of the packaged evidence, with further observations if any."""
    evidence = ledger.read() if evidence is None else evidence
    priors, rows = observations.read(evidence=evidence)
    return Model(priors, [*rows, *extra], shares(evidence))


def mode(model):
    """Mode of a model's posterior, from the centre of its prior."""
    return laplace.maximise(model.log_density, np.zeros(len(NAMES)))


def posterior(model, seed=SEED, **settings):
    """Equally likely coordinates (ROWS, 12) and the Diagnostics of their chain."""
    chain, diagnostics = sampling.sample(model.log_density, mode(model), seed, **settings)
    return sampling.thinned(chain, ROWS), diagnostics


def fitted(name, model, caveats=STUDY_CAVEATS, seed=SEED, **settings):
    """A curve set of a model's posterior, as plain data."""
    z, diagnostics = posterior(model, seed, **settings)
    made = curve_set.provenance(
        seed, diagnostics=diagnostics.to_plain(), rows=[row.id for row in model.rows]
    )
    return curve_set.plain(name, model.to_rows(z), caveats, made)


def headline(study):
    """The headline pairing on the draws of `study`: nothing between failed and verified."""
    rates = [HEADLINE_RATES[1]] * 3 + [HEADLINE_RATES[level] for level in range(2, 6)]
    size = len(curves.RATES)
    rows = np.array(study["draws"])
    rows[:, :size] = rates
    centre = np.array([*rates, *study["central"][size:]])
    made = {key: value for key, value in study["provenance"].items() if key != "rows"}
    return curve_set.plain("headline", rows, HEADLINE_CAVEATS, made, centre=centre)


def held_out(model):
    """Ids of the rows that the ledger keeps for a check."""
    return [row.id for row in model.rows if row.held_out]


def main(folder=FOLDER, **settings):
    """Write all sets into the folder."""
    model = evidence_model()
    study = fitted("study", model, **settings)
    without = fitted("held-out", model.without(*held_out(model)), **settings)
    for place, data in (
        ("curves", study), ("curves", headline(study)), ("posterior", without),
    ):  # fmt: skip
        (folder / place).mkdir(exist_ok=True)
        curve_set.write(folder / place / f"{data['name']}.json", data)


if __name__ == "__main__":
    main()
