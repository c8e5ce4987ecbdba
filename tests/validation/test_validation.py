"""What is said of the model's trustworthiness is counted right, and a miss is not hidden."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import tiercurve
from hand_made import PATTERN, check_of, validation_of_all

import sim
from sim import ledger
from sim.analysis import estimates
from sim.errors import PatternError, ValidationError
from sim.validation import (
    check,
    coverage,
    figures,
    laws,
    outcomes,
    patterns,
    report,
    validation,
)

# ---- checks --------------------------------------------------------------------------------


def test_a_check_passes_within_four_standard_errors_and_not_beyond():
    assert check_of(1.39).passed
    assert not check_of(1.41).passed
    assert not check_of(float("nan")).passed
    assert check_of(1.0 + 1e-7, std_error=0.0, allowed=1e-6).passed
    assert not check_of(1.0 + 1e-7, std_error=0.0).passed


def test_standard_errors_of_means_and_variances_are_those_of_theory():
    """Of normal values: sd / sqrt(n), and variance times sqrt(2 / n)."""
    values = 3.0 * np.random.default_rng(1).normal(size=20_000)
    mean = check.mean_check("retries", 0.0, values)
    variance = check.variance_check("tasks_variance", 9.0, values)
    assert mean.std_error == pytest.approx(3 / np.sqrt(20_000), rel=0.02)
    assert variance.std_error == pytest.approx(9 * np.sqrt(2 / 20_000), rel=0.05)
    assert mean.passed
    assert variance.passed


@pytest.mark.parametrize("name", ["threads", "common luck", "laws", "error rate"])
def test_identities_hold(name):
    """Queues, counts, training and clocks have tests of their own elsewhere."""
    assert [c.claim for c in validation.verify(name, quick=True) if not c.passed] == []


def test_quick_verification_runs_less_and_full_never_less():
    sizes = [sizes for _, sizes in validation.VERIFICATION.values() if sizes]
    assert all(quick < full for full, quick in sizes)


def test_every_check_has_its_words_and_all_words_are_used():
    code = Path(laws.__file__).parent.glob("*.py")
    named = "".join(path.read_text(encoding="utf-8") for path in code)
    for name, words in check.WORDS.items():
        assert list(words) == ["group", "claim", "formula", "unit"], name
        assert f'"{name}"' in named, name


def test_a_change_of_luck_would_be_seen(monkeypatch):
    plan = coverage.small()
    one, two = (pattern_worlds(plan, seed) for seed in (3, 4))
    assert laws.unlike_tasks(one, two) == ["whole_hours", "trait", "hand_luck"]


def pattern_worlds(plan, seed):
    from sim.validation import worlds

    end = worlds.run(plan, seed, 7, 1)
    for name in ("advanced", "kind"):  # these may agree by chance
        end.tasks[name] = 0
    return end


# ---- coverage ------------------------------------------------------------------------------


def test_shares_held_are_counted_as_by_hand():
    low, high = np.array([0.0, 1.0, 2.0]), np.array([2.0, 2.0, 5.0])
    values = np.array([1.0, 2.0, 2.0, 3.0])
    held, inside, _ = coverage.held_values(low, high, values)
    # Of the first 1, 2, 2; of the second the same; of the third 2, 2, 3.
    assert held == pytest.approx(9 / 12)
    assert inside == pytest.approx((1 + 0 + 1) / 12)
    assert coverage.held_point(low, high, 2.0)[:2] == (1.0, pytest.approx(0.0))
    assert coverage.held_point(low, high, 0.5)[0] == pytest.approx(1 / 3)


def test_the_standard_error_of_a_share_held_is_its_spread_over_repeats():
    rng = np.random.default_rng(2)
    found = []
    for _ in range(300):
        centre = 0.5 * rng.normal(size=100)
        values = np.sort(rng.normal(size=400))
        found.append(coverage.held_values(centre - 1.0, centre + 1.0, values))
    shares, errors = np.array([f[0] for f in found]), np.array([f[2] for f in found])
    assert np.std(shares) == pytest.approx(np.sqrt(np.mean(errors**2)), rel=0.15)


def test_truth_of_normal_values_is_that_of_theory():
    rng = np.random.default_rng(3)
    y = 5 + 2 * rng.normal(size=(20_000, 1)) + 3 * rng.normal(size=(20_000, 8))
    known = coverage.truth(y)
    assert known.mean == pytest.approx(5, abs=4 * np.sqrt((4 + 9 / 8) / 20_000))
    assert known.share == pytest.approx(9 / 13, abs=0.01)
    assert known.expectations.std() == pytest.approx(2, rel=0.03)
    assert known.worlds.std() == pytest.approx(np.sqrt(13), rel=0.03)


def test_normal_values_are_covered_and_narrow_intervals_are_found_out(monkeypatch):
    rng = np.random.default_rng(4)
    y = rng.normal(size=(150, 60, 1)) + rng.normal(size=(150, 60, 2))
    nested = rng.normal(size=(4000, 1)) + rng.normal(size=(4000, 16))
    assert [c.interval for c in coverage.of_output(y, nested, "x", "sum") if not c.passed] == []
    monkeypatch.setattr(estimates, "Z", 1.2)  # half-widths of 77% taken for 95%
    missed = [c.interval for c in coverage.of_output(y, nested, "x", "sum") if not c.passed]
    assert "mean ± 1.96 mc_error" in missed


def test_outputs_without_a_value_in_some_worlds_are_judged_where_an_interval_is_given():
    rng = np.random.default_rng(5)

    def output(*shape):
        y = rng.normal(size=(*shape[:-1], 1)) + rng.normal(size=shape)
        return np.where(rng.random(shape) < 0.01, np.nan, y)

    y, nested = output(150, 60, 2), output(4000, 16)
    y[:50][rng.random((50, 60, 2)) < 0.2] = np.nan  # too many for an interval
    rows = coverage.of_output(y, nested, "x", "sum")
    assert [c.interval for c in rows if not c.passed] == []
    assert {c.repetitions for c in rows} == {100}


def test_a_count_passes_where_its_nominal_share_lies_between_with_and_without_ends():
    row = coverage.Coverage("p10 to p90", "tasks", "count", 100, 2, 1000, 0.9, 0.7, 0.01, 0.5)
    assert row.passed
    assert not dataclasses.replace(row, inside=0.86).passed


FEWER = dataclasses.replace(coverage.QUICK, repetitions=250, truth=(2000, 8))


@pytest.mark.parametrize(
    "size", [FEWER, pytest.param(coverage.QUICK, marks=pytest.mark.long)], ids=["fewer", "quick"]
)
def test_the_intervals_of_a_summary_hold_what_they_claim_on_the_small_scenario(size):
    """Sum and ratio, paired difference, relative difference and probability: the fast subset."""
    found = coverage.run(size)
    assert len(found) == 15
    missed = [(c.interval, c.output) for c in found if not c.passed and not coverage.limit(c)]
    assert missed == []


def test_a_known_limit_names_an_interval_and_an_output_that_are_run():
    for interval, output in coverage.LIMITS:
        assert interval in coverage.HOLDS
        assert output.removeprefix("difference in ") in coverage.OUTPUTS


# ---- patterns ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"metrik": "x"}, "metrik: unknown key; did you mean 'metric'?"),
        ({"claim": None}, "claim: is missing"),
        ({"claim": " "}, "claim: must be a sentence"),
        ({"kind": "hope"}, "kind = 'hope': must be one of held-out, target, direction"),
        ({"measure": 3}, "measure = 3: must be one of value, difference"),
        ({"passes": [2, 1]}, "passes: [2, 1]: must be [low, high]"),
        ({"published": 3.0}, "published: a direction has no figure"),
        ({"kind": "held-out"}, "published: is missing"),
        ({"kind": "target", "published": "9"}, "published: '9': must be [low, high]"),
        ({"metric": "work_deliverd"}, "unknown metric; did you mean 'work_delivered'?"),
        ({"metric": 4}, "metric: 4: must be a metric"),
        ({"measure": "first_month", "metric": "lead_time_p50"}, "unknown metric"),
        ({"source": ["cui-fields"]}, "no such row of the evidence; did you mean 'cui-field'?"),
        ({"source": []}, "source: must be a list of rows"),
        ({"kind": "held-out", "published": 1.0, "source": ["sarkar-25"]}, "is used by the fit"),
        ({"plans": [{"name": "few"}]}, "plans: 'percent' compares 2"),
        ({"plans": [3, 4]}, "plans: each has a name"),
        ({"plans": [{"name": "a"}, {"name": "b", "changes": {"team.expertt": 1}}]}, "team.expert"),
        ({"scenario": {"horizon": {"weeks": 0}}}, "horizon.weeks"),
        ({"divide_by": 0}, "divide_by: 0: must be a number"),
        ({"unit": 3}, "unit: 3: must be text"),
        ({"measure": "rate", "plans": [], "level": 9}, "level = 9: must be a whole number"),
        ({"measure": "rate", "plans": [], "level": 2}, "rate = None: must be one of partial"),
    ],
)
def test_a_bad_pattern_is_refused_in_one_line(change, line):
    table = {key: value for key, value in (PATTERN | change).items() if value is not None}
    with pytest.raises(PatternError) as caught:
        patterns.parse(table, "mine")
    assert line in str(caught.value)
    assert str(caught.value).startswith("mine.toml: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"= 3", b"\xff\xfe", b"a = " + b"[" * 5000, b"#" * 200_000])
def test_a_file_that_is_no_pattern_is_refused_in_one_line(content, tmp_path):
    (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(PatternError, match=r"^mine\.toml: [^\n]+$"):
        patterns.available(tmp_path)
    with pytest.raises(PatternError, match="holds no pattern"):
        patterns.available(tmp_path / "none")


def test_measures_of_known_means_are_those_of_arithmetic():
    """Two plans of two draws: 4 and 8 become 6 and 8."""
    means = np.array([[[4.0, 2.0], [8.0, 2.0]], [[6.0, 2.0], [8.0, 4.0]]])
    asked = patterns.parse(PATTERN, "mine")

    def of(measure, values, **changes):
        return outcomes.measured(dataclasses.replace(asked, measure=measure, **changes), values)

    first = means[..., :1]
    assert of("percent", first).tolist() == [50.0, 0.0]
    assert of("ratio", first).tolist() == [1.5, 1.0]
    assert of("difference", first).tolist() == [2.0, 0.0]
    assert of("value", first, divide_by=2.0).tolist() == [2.0, 4.0]
    assert of("ratio", means).tolist() == [1.5, 0.5]  # of 2 and 4, then of 3 and 2
    four = np.concatenate([first, 2 * first[[0, 0]]])
    assert of("gap", four).tolist() == [-50.0, 0.0]


def test_months_count_from_the_change_and_never_is_never():
    asked = dataclasses.replace(patterns.parse(PATTERN, "mine"), measure="months_back", week=2)
    flat = np.full((2, 14), 10.0)
    late = flat.copy()
    late[0, 2:6] = 9.0  # the first month is short, the second is not
    late[1, 2:] = 9.0
    means = np.stack([flat, late])
    assert outcomes.measured(asked, means).tolist() == [2.0, np.inf]
    first = dataclasses.replace(asked, measure="first_month")
    assert outcomes.measured(first, means) == pytest.approx([-10.0, -10.0])


def test_chance_is_taken_out_of_what_a_draw_says():
    """Draws that differ by sd 1 with luck of sd 4: eight lucks leave 1.41 too much."""
    rng = np.random.default_rng(5)
    asked = dataclasses.replace(patterns.parse(PATTERN, "mine"), measure="difference")
    base = np.zeros((4000, 8, 1))
    other = rng.normal(size=(4000, 1, 1)) + 4 * rng.normal(size=(4000, 8, 1))
    found = outcomes.expectations(asked, np.stack([base, other]))
    assert found.std() == pytest.approx(1.0, rel=0.15)
    assert (other - base).mean(axis=1).std() > 1.6


def test_more_people_do_more():
    found = outcomes.run(patterns.parse(PATTERN, "mine"), 20, 2)
    assert found.passed
    assert found.low <= found.median <= found.high
    assert found.share_inside == 1.0


def test_a_median_in_the_band_with_few_draws_inside_is_no_pass():
    found = outcomes.run(patterns.parse(PATTERN, "mine"), 20, 2)
    assert dataclasses.replace(found, share_inside=0.4).passed
    few = dataclasses.replace(found, share_inside=0.39)
    assert few.row()["passed"] is False


@pytest.mark.parametrize("asked", patterns.available(), ids=lambda asked: asked.name)
def test_every_packaged_pattern_runs_and_agrees_with_its_evidence(asked):
    rows = ledger.read()
    band = [rows[one] for one in asked.source if one.startswith("pass-")]
    for row in band:
        if row.low is not None:
            assert asked.passes == (row.low, row.high)
        if row.value is not None and row.unit == asked.unit and asked.measure != "first_month":
            assert asked.published[0] <= row.value <= asked.published[1]
    assert (asked.kind == "held-out") == any(
        rows[one].use in ("held-out", "context") for one in asked.source
    ) or asked.kind != "held-out"
    found = outcomes.run(asked, 4, 2)
    assert np.isfinite(found.median)


# ---- the whole -----------------------------------------------------------------------------


def test_a_failed_check_or_an_unknown_miss_fails_and_a_missed_pattern_does_not():
    found = validation_of_all()
    assert found.passed
    assert "1 intervals miss for reasons that are known; 1 of 3" in " ".join(found.text().split())
    broken = dataclasses.replace(found, checks=[check_of(2.0)])
    assert broken.failures == ["claim"]
    unknown = dataclasses.replace(found.coverage[0], held=0.7, inside=0.7)
    unknown = dataclasses.replace(found, coverage=[unknown])
    assert unknown.failures == ["p10 to p90 of tasks holds 70.0%, not 80%"]
    assert "Verification fails:" in " ".join(unknown.text().split())


def test_pages_say_what_is_missed_and_are_the_same_each_time(tmp_path):
    found = validation_of_all()
    first, second = (found.save(tmp_path / name) for name in ("a", "b"))
    assert {p.name for p in first.iterdir()} == set(report.FILES)
    for name in report.FILES:
        assert (first / name).read_bytes() == (second / name).read_bytes()
    verified = (first / "verification.md").read_text(encoding="utf-8")
    assert "holds 92.0% instead of 95%. With two lucks" in verified
    validated = (first / "validation.md").read_text(encoding="utf-8")
    assert "### mine: missed" in validated
    assert "**The model does not show it**" in validated
    data = json.loads((first / "validation.json").read_text(encoding="utf-8"))
    assert data["passed"] is True
    assert pd.DataFrame(data["patterns"])["passed"].tolist() == [True, True, False]
    with pytest.raises(ValidationError, match="say overwrite=True"):
        found.save(first)
    found.save(first, overwrite=True)


def test_a_folder_with_anything_else_is_refused_before_the_work(tmp_path, capsys):
    (tmp_path / "notes.md").write_text("mine")
    for out, line in (
        (tmp_path, "holds notes.md"),
        (tmp_path / "notes.md", "is a file"),
        (tmp_path / "no" / "where", "does not exist"),
    ):
        with pytest.raises(ValidationError, match=line):
            sim.validate(quick=True, out=out)
        code, _, said = tiercurve("validate", "--quick", "--out", out, capsys=capsys)
        assert code == 2
        assert line in said
    assert [p.name for p in tmp_path.iterdir()] == ["notes.md"]


def test_what_was_there_stays_if_a_page_cannot_be_made(tmp_path, monkeypatch):
    folder = validation_of_all().save(tmp_path / "pages")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def fails(found):
        raise OSError("disk full")

    monkeypatch.setattr(figures, "patterns_figure", fails)
    with pytest.raises(ValidationError, match="cannot be written"):
        report.write(validation_of_all(), folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_the_command_prints_and_exits_by_what_it_finds(tmp_path, monkeypatch, capsys):
    import sim.validation as package

    shutil.copy(patterns.folder() / "verified-beginner.toml", tmp_path)
    whole = validation_of_all()
    broken = dataclasses.replace(whole, checks=[check_of(2.0)])
    for found, code in ((whole, 0), (broken, 1)):
        monkeypatch.setattr(package, "validate", lambda *_, found=found: found)
        got, out, _ = tiercurve("validate", "--patterns", tmp_path, "--json", capsys=capsys)
        assert got == code
        assert json.loads(out)["passed"] is (code == 0)
