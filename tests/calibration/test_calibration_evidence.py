"""Fits hold the truth as often as they say, rows of evidence are weighed, and the command works."""

import json

import numpy as np
import pytest
from drawn import faults
from matplotlib.text import Text

from calibration import cells as counting
from calibration import (
    checks,
    figures,
    fit,
    label_errors,
    laplace,
    local_model,
    sbc,
    synthesis,
    synthetic,
)
from calibration import text as calibration_text
from calibration.model import NAMES
from calibration.synthesis import synthesis as leave_one_out
from sim.cli import main

MODEL = fit.evidence_model()
FITS = ("evidence", "local")


# ---- simulation-based calibration --------------------------------------------------------------


@pytest.mark.parametrize("name", FITS)
def test_ranks_of_the_truth_are_uniform_at_a_familywise_percent(name):
    found = sbc.read(name)
    assert len(found.ranks) >= 300
    assert found.uniform, dict(zip(found.names, found.p_values, strict=True))


@pytest.mark.parametrize("name", FITS)
def test_ninety_percent_intervals_hold_the_truth_nine_times_in_ten(name):
    """4 standard errors of a share, every quantity."""
    found = sbc.read(name)
    std_error = np.sqrt(0.9 * 0.1 / len(found.ranks))
    assert (np.abs(found.coverage(0.9) - 0.9) < 4 * std_error).all()


@pytest.mark.parametrize(("name", "run"), [("evidence", sbc.evidence), ("local", sbc.local)])
def test_the_first_repetitions_give_the_ranks_that_are_kept(name, run):
    assert np.array_equal(run(3).ranks, sbc.read(name).ranks[:3])


def test_ranks_that_are_not_uniform_are_rejected():
    """A fit whose draws are too narrow by half puts the truth at the ends too often."""
    luck = np.random.default_rng(1)
    draws = 0.5 * luck.standard_normal((300, sbc.DRAWS, 1))
    ranks = (draws < luck.standard_normal((300, 1, 1))).sum(axis=1)
    assert not sbc.Ranks("x", ("z",), ranks, np.ones(300)).uniform


@pytest.mark.parametrize("name", FITS)
def test_the_figure_of_ranks_states_what_was_found(name):
    found = sbc.read(name)
    figure = figures.ranks_figure(found)
    assert "kept at a familywise 1%" in figure.get_suptitle().replace("\n", " ")
    assert sum(axes.get_visible() for axes in figure.axes) == len(found.names)


# ---- the likelihood of tickets -----------------------------------------------------------------


def local(rows, people, nobody=False, seed=1):
    luck = np.random.default_rng(seed)
    blank = local_model.LocalModel(MODEL, None, 1)
    z = np.concatenate([fit.mode(MODEL).place, luck.standard_normal(blank.size - len(NAMES))])
    made = synthetic.tickets(
        blank.numbers(z[None]), MODEL.shares, luck, rows, people, nobody=nobody
    )
    return local_model.LocalModel(MODEL, counting.cells(made, MODEL.shares), 1), z[None]


def test_a_person_s_effect_and_level_are_integrated_as_brute_force_does():
    """A fine grid over each person's effect, sums over levels, products of rows: the same."""
    model, z = local(60, 4)
    numbers, c = model.numbers(z), model.cells
    grid = np.linspace(-6, 6, 2001) * numbers["sd_developer"][0]
    density = np.exp(-0.5 * (grid / numbers["sd_developer"][0]) ** 2)
    density /= density.sum()
    spread = model._spread(numbers, 3)[0]
    nodes, weights = np.polynomial.hermite_e.hermegauss(61)
    weights = weights / weights.sum()
    total = 0.0
    behind = np.eye(5) + numbers["wrong"][0] * label_errors.drift(MODEL.shares)
    for first, last in zip(c.people[:-1], c.people[1:], strict=True):
        density_of_rows = np.ones(len(grid))
        for g in range(first, last):
            log_p = np.zeros((5, len(grid)))
            for i in range(c.groups[g], c.groups[g + 1]):
                eta = (numbers["cuts"][0, 0] + numbers["shifts"][0][:, None]
                       - numbers["advanced"][0] * c.advanced[i]
                       - numbers["adjacent"][0] * c.adjacent[i]
                       + numbers["by_size"][0] * c.doublings[i] + grid)  # fmt: skip
                closed = (1 / (1 + np.exp(-(eta[..., None] + spread * nodes)))) @ weights
                log_p += c.count[i] * np.log(closed if c.outcome[i] else 1 - closed)
            density_of_rows *= c.weights[c.groups[g]] @ behind @ np.exp(log_p)
        total += np.log((density * density_of_rows).sum())
    assert model.log_likelihood(z)[0] == pytest.approx(total, abs=2e-3)


def test_more_rows_of_the_same_kind_multiply_the_likelihood_where_nobody_is_known():
    model, z = local(40, 4, nobody=True)
    once = model.log_likelihood(z)[0]
    model.cells.count[:] *= 3
    assert model.log_likelihood(z)[0] == pytest.approx(3 * once, rel=1e-12)


def test_many_tickets_find_what_they_were_made_of():
    """Within 4 posterior standard deviations, class, role and cut of 4,000 tickets."""
    model, z = local(4000, 60)
    start = np.concatenate([fit.mode(MODEL).place, np.zeros(model.size - len(NAMES))])
    mode = laplace.maximise(model.log_density, start)
    sd = np.sqrt(np.diag(mode.covariance))
    assert (np.abs(mode.place - z[0]) < 4 * sd)[len(NAMES) :].all()


# ---- evidence synthesis ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def weighed():
    return leave_one_out()


def test_every_row_is_left_out_once_and_every_source_is_held_against_the_rest(weighed):
    assert list(weighed.rows["row"]) == [row.id for row in MODEL.rows]
    assert set(weighed.groups["group"]) == {row.group for row in MODEL.rows}


def test_the_sources_that_diverge_are_named(weighed):
    """One shift for all measures asks too little of novices' partial success, and it shows."""
    said = calibration_text.evidence_text(weighed)
    diverging = weighed.groups[weighed.groups["verdict"] == "diverges"]["group"]
    assert set(diverging) <= {"partial"}
    assert "The sources" in said
    for row in MODEL.rows:
        assert row.id in said


STUDY = """
[[rows]]
id = "other-tool-judged"
value = {value}
source = "Made up for a test"
kind = "rate"
measure = "judged"
level = 3
half_width = 3.0
discount = {discount}
"""


def test_a_study_far_from_the_others_diverges_unless_its_discount_is_wide(tmp_path, monkeypatch):
    path = tmp_path / "ours.toml"
    verdicts = {}
    for value, discount in ((60, 5), (35, 5), (35, 60)):
        path.write_text(STUDY.format(value=value, discount=discount))
        (row,) = synthesis._extra(path)
        model = fit.evidence_model([row])
        luck = np.random.default_rng(1)
        all_in = synthesis._quantities(model, synthesis._posterior(model, luck))
        found = synthesis._left_out(model, row, all_in, luck)
        verdicts[value, discount] = found["verdict"]
        if (value, discount) == (35, 5):
            assert found["moved: judged done, intermediate"] < 0
    assert verdicts == {(60, 5): "agrees", (35, 5): "diverges", (35, 60): "agrees"}


def test_a_row_that_ships_cannot_be_added_again(tmp_path):
    path = tmp_path / "ours.toml"
    text = STUDY.format(value=60, discount=5).replace("other-tool-judged", "study-judged-1")
    path.write_text(text)
    with pytest.raises(ValueError, match="row study-judged-1: is in"):
        leave_one_out(path)


# ---- the command -------------------------------------------------------------------------------


def command(monkeypatch, capsys, *words):
    monkeypatch.setattr("sys.argv", ["tiercurve", "calibrate", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    return ended.value.code, capsys.readouterr()


def test_the_check_is_printed_and_drawn(tmp_path, capsys, monkeypatch):
    path = tmp_path / "check.png"
    code, said = command(monkeypatch, capsys, "--check", "--plot", path)
    assert code == 0
    for row in MODEL.rows:
        assert row.id in said.out
    assert "split R-hat" in said.out
    assert path.read_bytes().startswith(b"\x89PNG")


def test_the_figure_of_the_check_says_what_is_missed_in_words_with_its_interval():
    check = checks.check()
    (missed,) = check.work[~check.work["inside"]].itertuples(name="Row")
    for size in ("screen", "slide", "page", "inset"):
        figure = figures.check_figure(check, size=size)
        assert faults(figure, least=5) == []
        shown = " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")
        assert missed.what.capitalize() in shown
        assert missed.name not in shown
        assert not set(check.moved["name"]) & set(shown.split())
    title = " ".join(figures.check_figure(check).get_suptitle().split())
    assert f"{missed.what}, published {missed.published:g}%" in title
    assert "95% interval" in title


def test_tickets_give_a_set_and_a_page(tmp_path, capsys, monkeypatch):
    example = fit.FOLDER / "examples" / "synthetic-tickets.csv"
    code, said = command(monkeypatch, capsys, example, "--out", tmp_path / "us", "--json")
    assert code == 0
    assert json.loads(said.out)["used"] == 373
    assert (tmp_path / "us.json").is_file()
    assert (tmp_path / "us.md").is_file()


@pytest.mark.parametrize(
    "words",
    [(), ("--check", "--evidence"), ("--check", "--out", "x"), ("--evidence", "--plot", "x.png"),
     ("gone.csv",), ("gone.csv", "--study", "x.toml"), ("--evidence", "--study", "gone.toml")],
)  # fmt: skip
def test_bad_input_is_one_line_and_exit_code_2(tmp_path, capsys, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    code, said = command(monkeypatch, capsys, *words)
    assert code == 2
    assert "Traceback" not in said.err
