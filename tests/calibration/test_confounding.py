"""Tickets whose levels do other work, or are rated wrong, are fitted without false certainty."""

import re

import numpy as np
import pytest

REPETITIONS = 200
CASES = ("n300", "n3000")


def band(share=0.95, repetitions=REPETITIONS):
    """Three Monte Carlo errors about nominal."""
    error = 3 * np.sqrt(share * (1 - share) / repetitions)
    return share - error, share + error


@pytest.mark.parametrize("case", CASES)
def test_the_gap_is_held_95_times_in_100_over_the_prior_of_confounding(case):
    from calibration import confounding

    row = confounding.read()["coverage"][case]
    low, high = band()
    assert row["repetitions"] >= REPETITIONS
    assert low <= row["held"] <= high


def test_three_thousand_clean_tickets_halve_the_interval_of_the_prior():
    from calibration import confounding

    row = confounding.read()["clean"]["n3000"]
    assert row["width"] <= 0.5 * row["prior_width"]


@pytest.mark.xfail(strict=True, reason="an end of two of ten is 0.5 to 0.6 off")
def test_the_fast_fit_agrees_with_the_full_fit_on_ten():
    """Ends of the 95% interval of the gap, in standard deviations of the full fit."""
    from calibration import confounding

    rows = confounding.read()["full"]
    assert len(rows) >= 10
    for row in rows:
        assert row["rhat"] < 1.02
        sd = (row["full"][2] - row["full"][0]) / 3.92
        assert np.abs(np.subtract(row["fast"], row["full"])).max() < 0.5 * sd


def test_the_page_says_what_confounding_it_cannot_exclude(tmp_path):
    from test_calibration_tickets import export, lines

    from calibration import local

    page = local.calibrate(export(tmp_path, lines(200)), scenario=None).report()
    assert re.search(r"logit of (harder|easier) work a level would explain all of the gap", page)
    assert "cannot exclude" in page


@pytest.mark.parametrize("rows", [1, 5, 40])
def test_no_interval_of_agent_against_hand_has_width_zero(rows, tmp_path):
    from test_calibration_tickets import export

    from calibration import contrast, tickets

    path = export(
        tmp_path,
        [f"{i}{way},p{i % 12},{way},closed" for i in range(12 * rows) for way in ("yes", "no")],
        header="ticket,person,agent,outcome",
    )
    effect = contrast.contrast(tickets.read(path), np.random.default_rng(1))
    assert effect["high"] - effect["low"] > 0.3 / np.sqrt(12 * rows)
    assert effect["low"] < effect["difference"] < effect["high"]
