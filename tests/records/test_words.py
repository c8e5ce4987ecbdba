"""Numbers that stand in one sentence agree with each other as they are printed."""

import re

import numpy as np
import pytest

from sim.records import words


def printed(text):
    return float(re.search(r"[\d.]+", text)[0])


def test_chances_have_as_many_digits_as_their_difference_needs():
    assert words.chances(0.62, 0.60) == ("62%", "60%", 0)
    assert words.chances(0.616, 0.594) == ("61.6%", "59.4%", 1)  # by 2.2 points, not 3
    assert words.chances(0.6164, 0.5936) == ("61.64%", "59.36%", 2)  # 61.6 less 59.4 is not 2.3
    assert words.chances(0.616, 0.594, least=2)[2] == 2
    assert words.chances(0.755, 0.7025, most=1) == ("75.5%", "70.2%", 1)  # by 5 points, told whole
    assert words.chances(0.995, 0.97)[0] == "over 99%"


@pytest.mark.parametrize("seed", range(3))
def test_the_difference_of_two_chances_is_that_of_the_printed_ones(seed):
    """Of any number of worlds, to the digit in which the chances are printed."""
    rng = np.random.default_rng(seed)
    for _ in range(300):
        worlds = int(rng.integers(50, 4000))
        one, other = rng.integers(worlds // 50 + 1, worlds - worlds // 50, 2) / worlds
        here, there, places = words.chances(one, other)
        gap = round(printed(here) - printed(there), places + 2)
        assert gap == pytest.approx(round(100 * (one - other), places), abs=10 ** -(places + 3))


@pytest.mark.parametrize(
    ("ends", "none"),
    [
        ((-1.0, 2.0), True),
        ((1.0, 2.0), False),
        ((-2.0, -1.0), False),
        ((0.2, 5.0), True),  # printed as 0 to +5
        ((0.0, 0.0), True),
    ],
)
def test_an_interval_that_is_printed_from_none_on_includes_none(ends, none):
    assert words.includes_none(*words.signed(*ends, error=0.5)) == none


def test_a_difference_without_an_interval_keeps_its_sign():
    """Columns of differences are read by their signs; a level has none."""
    nan = float("nan")
    assert words.estimate(12.0, nan, nan, signs=True) == ("+12.0", "-")
    assert words.estimate(-12.0, nan, nan, signs=True) == ("−12.0", "-")
    assert words.estimate(12.0, nan, nan) == ("12.0", "-")


def test_the_verdict_of_a_tie_stands_before_the_leader():
    assert words.too_close("Of 3 plans 'a' leads") == "Too close to call: of 3 plans 'a' leads"
    assert words.too_close("'A' leads", " between so few worlds") == (
        "Too close to call between so few worlds: 'A' leads"
    )


def test_an_interval_of_never_alone_says_so_once():
    never = "never within 13 weeks"
    assert (
        words.within_interval("95% interval", never, never) == f"(95% interval: {never} throughout)"
    )
    assert words.within_interval("95% interval", "5", never) == f"(95% interval 5 to {never})"
    with words.three_figures():  # as decks of earlier versions say it, which still check
        earlier = words.within_interval("95% interval", never, never)
    assert earlier == f"(95% interval {never} to {never})"
