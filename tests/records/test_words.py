"""Numbers that stand in one sentence agree with each other as they are printed."""

import re

import numpy as np
import pytest

import sim
from sim.records import words


def printed(text):
    return float(re.search(r"[\d.]+", text)[0])


def test_chances_have_as_many_digits_as_their_difference_needs():
    assert words.chances(0.62, 0.60) == ("62%", "60%", 0)
    assert words.chances(0.616, 0.594) == ("61.6%", "59.4%", 1)  # by 2.2 points, not 3
    assert words.chances(0.6164, 0.5936) == ("61.6%", "59.4%", 1)  # by 2.3 points, out by a tenth
    assert words.chances(0.616, 0.594, least=2)[2] == 2
    assert words.chances(0.755, 0.7025) == ("75.5%", "70.2%", 1)  # by 5 points, told whole
    assert words.chances(0.995, 0.97)[0] == "over 99%"


@pytest.mark.parametrize("seed", range(3))
def test_the_difference_of_two_chances_is_that_of_the_printed_ones(seed):
    """Of any number of worlds, to a whole point or, at the most, but for one tenth of one."""
    rng = np.random.default_rng(seed)
    for _ in range(300):
        worlds = int(rng.integers(50, 4000))
        one, other = rng.integers(worlds // 50 + 1, worlds - worlds // 50, 2) / worlds
        here, there, places = words.chances(one, other)
        out = abs(printed(here) - printed(there) - round(100 * (one - other), places))
        assert places <= 1
        assert out == pytest.approx(0) or (places == 1 and out == pytest.approx(0.1))


def test_chances_in_thirds_have_no_more_decimals_than_so_few_worlds_bear():
    """22 and 20 of 30 worlds: no number of decimals has their difference between them."""
    assert words.chances(22 / 30, 20 / 30) == ("73.3%", "66.7%", 1)


def test_keys_of_tables_have_words():
    """Those of metrics, parameters and levers, whatever table they stand in."""
    told = map(sim.in_words, ("work_delivered", "dev_share", "policy.review", "novices"))
    assert list(told) == [
        "work delivered", "share of paid hours for development", "work that is reviewed", "novices"
    ]  # fmt: skip


def test_a_plan_named_after_its_file_is_no_bare_subject_of_a_sentence():
    """Nor is a word of another plan's label that is the name of one."""
    assert words.plan_subject("hire") == "“hire”"
    assert words.plan_subject("done-by-march/hire-an-expert") == "“hire an expert”"
    assert words.plan_subject("Training two novices") == "Training two novices"
    names = ["hire", "today", "hire today", "march/hire-now"]
    told = words.with_titles("hire pays over today; hire today and march/hire-now do not", names)
    assert told == "“hire” pays over “today”; hire today and “hire now” do not"
    assert words.with_titles(told, names) == told
    assert words.with_titles("as it is", []) == "as it is"
    assert words.capital(told).startswith("“Hire” pays")
    assert words.capital("hire pays") == "Hire pays"
    assert words.capital("dev_share pays") == "dev_share pays"


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


def test_days_stand_in_words():
    assert words.date("2027-03-31") == "31 March 2027"
    assert words.date("2026-12") == "7 December 2026"  # its first Monday
    plan = sim.load("done-by-march/today")
    assert words.by_when(plan, day=True) == "by week 20 (26 March 2027)"
    dated = plan.replace({"answer": {"by": "2027-03-31"}})
    assert words.by_when(dated) == "by the end of 31 March 2027"


def test_a_mix_is_told_as_people():
    told = {
        "1 expert": "1 expert",
        "9 expert": "9 experts",
        "5 novice + 4 expert": "5 novices, 4 experts",
        "2 novice, 1 intermediate, 3 advanced": "2 novices, 1 intermediate, 3 advanced",
        "30 apples": "30 apples",
        "4 more experts": "4 more experts",
    }
    for label, people in told.items():
        assert words.mix_words(label) == words.plan_title(label) == people


def test_an_interval_of_never_alone_says_so_once():
    never = "never within 13 weeks"
    assert (
        words.within_interval("95% interval", never, never) == f"(95% interval: {never} throughout)"
    )
    assert words.within_interval("95% interval", "5", never) == f"(95% interval 5 to {never})"
    with words.three_figures():  # as decks of earlier versions say it, which still check
        earlier = words.within_interval("95% interval", never, never)
    assert earlier == f"(95% interval {never} to {never})"
