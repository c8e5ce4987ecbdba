"""Draws of prior and posterior are no absurd worlds, and the README's figures are the command's."""

import re
from pathlib import Path

import pytest

from calibration import plausible

README = Path(plausible.__file__).with_name("README.md").read_text(encoding="utf-8")
DRAWS = 1_000


@pytest.fixture(scope="module")
def posterior():
    return plausible.worlds(plausible.POSTERIOR, DRAWS)


def test_no_draw_of_the_posterior_and_under_one_in_a_hundred_of_the_prior_is_absurd(posterior):
    assert posterior["absurd"].sum() == 0
    assert plausible.worlds(plausible.PRIOR, DRAWS)["absurd"].mean() < 0.01


def test_a_world_in_which_everybody_becomes_an_expert_is_absurd():
    found = plausible.worlds(plausible.POSTERIOR, 3, learning_rate=0.1)
    assert found["absurd"].all()
    assert (found["experts"] == 1).all()


def test_in_two_years_without_training_the_median_gain_is_0_3_to_0_6_levels(posterior):
    gain = posterior["level"].median() - 3.0
    assert 0.3 < gain < 0.6


def test_the_readme_prints_what_the_command_does(posterior):
    (row,) = re.findall(r"\| mean level after two years[^|]*\| (.*?) \|", README)
    low, median, high = posterior["level"].quantile(plausible.ENDS)
    assert row == f"{median:.2f} (90%: {low:.2f} to {high:.2f})"
    assert "python -m calibration.plausible" in README
