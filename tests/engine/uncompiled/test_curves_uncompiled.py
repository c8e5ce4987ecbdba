"""Curves: averaging and its inverse, levels between levels, cuts, and what is refused."""

import json
import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.interpolate import PchipInterpolator

from sim.engine import curves

WORLD = {
    "scope_hours": 2.0, "scope_doublings": 4.0, "size_ref_hours": 0.5,
    "advanced_penalty": 8.0, "adjacent_penalty_average": 16.0, "adjacent_penalty_advanced": 32.0,
    "team_offset": 64.0, "cut_partial": 2.0, "cut_unverified": 1.0, "cut_verified": -1.0,
}  # fmt: skip


SOLVED = (np.array([[0.2, 0.5]]), np.array([1.0]))  # rates and their spread


def expit(x):
    return 1 / (1 + math.exp(-x))


@pytest.mark.parametrize("spread", [0.0, 0.5, 2.0, 5.0])
def test_rates_average_the_conditional_odds_over_people_tasks_and_sizes(spread):
    eta = np.array([[-4.0, 0.0, 1.5]])
    found = curves.averaged(eta, np.array([spread]))
    for place, x in enumerate(eta[0]):
        expected = quad(
            lambda z, x=x: expit(x + spread * z) * math.exp(-z * z / 2), -12, 12, epsabs=1e-10
        )[0] / math.sqrt(2 * math.pi)
        assert found[0, place] == pytest.approx(expected, abs=1e-4 if spread > 4 else 1e-6)


def test_the_odds_found_average_to_the_rates_asked_for():
    rates = np.array([[0.77, 0.39, 0.145, 0.33], [0.999, 0.5, 0.001, 0.33]])
    spread = np.array([1.7, 4.0])
    eta = curves.conditional_logit(rates, spread)
    np.testing.assert_allclose(curves.averaged(eta, spread), rates, rtol=1e-10)
    flat = curves.conditional_logit(rates, np.zeros(2))
    np.testing.assert_allclose(flat, np.log(rates / (1 - rates)), rtol=1e-12, atol=1e-13)


def set_of(**changes):
    columns = (*curves.RATES, "sd_task")
    rates = [0.77, 0.39, 0.15, 0.2, 0.25, 0.3, 0.33]
    data = {
        "name": "trial", "date": "2026-01", "window_months": 3, "columns": list(columns),
        "central": [*rates, 1.0], "draws": [[*rates, 1.5], [*rates, 0.5]], "caveats": ["one"],
    }  # fmt: skip
    return data | changes


@pytest.fixture
def read(tmp_path):
    def read(data):
        path = tmp_path / "trial.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return curves.read(path)

    return read


def test_a_set_gives_cuts_and_shifts_against_the_novice(read):
    found = read(set_of())
    assert found.updates == ("sd_task",)
    assert (found.name, found.date, found.window_months) == ("trial", "2026-01", 3.0)
    assert found.caveats == ("one",)
    cuts, shifts = found.conditional(np.array([1.0, 2.0]), found.draws[:, :7])
    eta = curves.conditional_logit(found.draws[:, :7], np.array([1.0, 2.0]))
    assert np.array_equal(cuts, eta[:, :3])
    np.testing.assert_allclose(shifts, eta[:, 2:] - eta[:, 2:3])
    assert (shifts[:, 0] == 0).all()
    assert (np.diff(cuts) < 0).all()


def test_a_set_is_shared_and_so_cannot_be_written_to(read):
    found = read(set_of())
    for array in (found.central, found.draws, curves.conditional_logit(*SOLVED)):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0.5


def test_a_spread_past_what_the_quadrature_can_is_refused(read):
    found = read(set_of())
    found.conditional(np.array([5.0, 1.0]), found.draws[:, :7])
    with pytest.raises(curves.CurveError, match=r"'trial'.*5\.01 logits.*beyond 5: narrow sd_task"):
        found.conditional(np.array([1.0, 5.01]), found.draws[:, :7])
    found.conditional(np.empty(0), found.draws[:0, :7])


RATES = set_of()["central"]
BROKEN = [
    ("{", "not a curve set"),
    (set_of(window_months="soon"), "not a curve set"),
    ({"name": "trial"}, "not a curve set"),
    (set_of(columns=["sd_task", *curves.RATES]), "columns must start with partial_1"),
    (set_of(columns=[*curves.RATES, "partial_1"]), "none twice"),
    (set_of(central=RATES[:-1]), r"central must be \(8,\)"),
    (set_of(draws=RATES), r"draws \(n, 8\)"),
    (set_of(draws=[RATES[:-1]]), r"draws \(n, 8\)"),
    (set_of(draws=np.empty((0, 8)).tolist()), "draws"),
    (set_of(draws=[[*RATES[:-1], math.nan]]), "every number finite"),
    (set_of(columns=[*curves.RATES, "sd_tusk"]), "'sd_tusk': not a parameter.*sd_task"),
    (set_of(draws=[[1.0, *RATES[1:]]]), "'partial_1': must lie from 1e-06 to 0.999999"),
    (set_of(central=[*RATES[:6], 0.0, 1.0]), "'verified_5': must lie from"),
    (set_of(draws=[[*RATES[:-1], -0.01]]), "'sd_task': must lie from 0"),
    (set_of(draws=[[*RATES[:-1], 1e9]]), "'sd_task': must lie from 0"),
]


@pytest.mark.parametrize(("data", "says"), BROKEN)
def test_what_is_no_curve_set_is_refused_in_one_line(read, data, says):
    with pytest.raises(curves.CurveError, match=rf"^trial\.json: .*{says}") as found:
        read(data)
    assert "\n" not in str(found.value)


def test_rates_and_parameters_may_lie_at_their_bounds(read):
    edge = [1 - 1e-6, *RATES[1:6], 1e-6, 0.0]
    found = read(set_of(draws=[edge]))
    assert found.draws.tolist() == [edge]
    assert read(set_of(draws=[RATES])).draws.shape == (1, 8)


def test_the_cubic_through_the_level_shifts_is_scipy_s_to_the_bit():
    shifts = np.random.default_rng(4).normal(size=(500, 5))
    shifts[::5] = np.sort(shifts[::5], axis=1)
    shifts[::7, 2], shifts[::11, 4], shifts[::13] = shifts[::7, 1], shifts[::11, 3], 0.0
    theirs = PchipInterpolator(np.arange(1.0, 6.0), shifts, axis=1).c
    rows = np.transpose(theirs, (2, 1, 0)).reshape(len(shifts), 16)
    assert np.array_equal(curves.interpolation(shifts), rows)


def test_levels_between_levels_lie_on_the_monotone_cubic():
    shifts = np.array([[0.0, 0.3, 0.3, 1.1, 2.0], [0.0, 1.0, 2.0, 3.0, 4.0]])
    rows = curves.interpolation(shifts)
    assert rows.shape == (2, 16)
    for row, shift in zip(rows, shifts, strict=True):
        reference = PchipInterpolator(range(1, 6), shift)
        for level in np.linspace(1, 5, 41):
            assert curves.level_shift(row, level) == pytest.approx(float(reference(level)))
    assert curves.level_shift(rows[1], 2.25) == pytest.approx(1.25)


def test_names_and_order_of_levels_and_outcomes_are_those_of_saved_results():
    assert curves.LEVELS == ("novice", "beginner", "intermediate", "advanced", "expert")
    assert curves.OUTCOMES == ("failed", "partial", "unverified", "verified")
    outcomes = (curves.FAILED, curves.PARTIAL, curves.UNVERIFIED, curves.VERIFIED)
    assert outcomes == (0, 1, 2, 3)


@pytest.mark.parametrize(
    ("hours", "advanced", "adjacent", "eta"),
    [
        (0.5, False, False, 1.0),
        (4.0, False, False, 1.0 - 0.75),
        (2.0, False, False, 1.0 - 1.0),  # at the scope: the doublings worked out before
        (0.5, True, False, 1.0 - 8),
        (0.5, False, True, 1.0 - 16),
        (0.5, True, True, 1.0 - 8 - 32),
    ],
)
def test_the_log_odds_are_the_sum_of_the_terms_of_the_curve(hours, advanced, adjacent, eta):
    w = SimpleNamespace(**WORLD)
    found = curves.session_logit(w, 0.25, 1.0, hours, advanced, adjacent, 128.0)
    assert found == pytest.approx(eta + 64 + 128)


def test_an_outcome_is_the_best_whose_cut_the_luck_lies_below():
    w = SimpleNamespace(**WORLD)
    for eta in (-1.0, 0.0, 2.0):
        for cut, below, above in ((-1.0, 3, 2), (1.0, 2, 1), (2.0, 1, 0)):
            luck = cut + eta  # its log-odds
            assert curves.outcome_of(w, eta, luck - 1e-9) == below
            assert curves.outcome_of(w, eta, luck + 1e-9) == above
