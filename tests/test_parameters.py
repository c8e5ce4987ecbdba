"""The register is read whole, and distributions say what they were told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import parameters
from sim.errors import RegisterError
from sim.parameters import (
    Distribution,
    Parameter,
    central,
    draws,
    parse_distribution,
    parse_register,
    register,
    world_parameters,
)

ENTRY = """
[slope]
kind = "world"
central = 0.48
distribution = { normal = [0.37, 0.59] }
unit = "logit/doubling"
bounds = [0.0, 5.0]
evidence = ["e01"]
reasoning = "Two published slopes."
"""


def grid(n=1000):
    return (np.arange(n) + 0.5) / n


@pytest.mark.parametrize(
    "stated",
    [
        {"normal": [0.37, 0.59]},
        {"normal": [-2.0, 3.0]},
        {"lognormal": [0.5, 8.0]},
        {"logitnormal": [0.02, 0.6]},
    ],
)
def test_five_of_a_hundred_values_lie_beyond_each_stated_point(stated):
    ((_, (low, high)),) = stated.items()
    belief = parse_distribution(stated)
    assert belief.quantile([0.05, 0.95]) == pytest.approx([low, high], rel=1e-12)
    values = belief.quantile(grid(100_000))
    assert np.mean(values < low) == pytest.approx(0.05, abs=1e-4)
    assert np.mean(values > high) == pytest.approx(0.05, abs=1e-4)


def test_the_central_value_is_the_midpoint_on_the_natural_the_log_and_the_logit_scale():
    assert parse_distribution({"normal": [2, 8]}).central == pytest.approx(5)
    assert parse_distribution({"lognormal": [2, 8]}).central == pytest.approx(4)  # sqrt(2 * 8)
    assert parse_distribution({"logitnormal": [0.2, 0.8]}).central == pytest.approx(0.5)
    assert parse_distribution({"uniform": [2, 8]}).central == pytest.approx(5)
    assert parse_distribution({"triangular": [2, 5, 8]}).central == pytest.approx(5)
    assert parse_distribution({"fixed": 3}).central == 3
    assert parse_distribution(3).central == 3


@pytest.mark.parametrize(
    ("stated", "reference"),
    [
        ({"uniform": [1.0, 4.0]}, stats.uniform(1, 3)),
        ({"triangular": [1.0, 2.0, 4.0]}, stats.triang(1 / 3, 1, 3)),
        ({"triangular": [1.0, 1.0, 4.0]}, stats.triang(0, 1, 3)),
        ({"triangular": [1.0, 4.0, 4.0]}, stats.triang(1, 1, 3)),
        ({"normal": [1.0, 4.0]}, stats.norm(2.5, 1.5 / stats.norm.ppf(0.95))),
    ],
)
def test_quantiles_agree_with_scipy_stats(stated, reference):
    u = grid()
    assert parse_distribution(stated).quantile(u) == pytest.approx(reference.ppf(u), rel=1e-12)


def test_values_are_clipped_to_the_bounds_even_at_the_end_of_the_uniforms():
    belief = parse_distribution({"lognormal": [1, 4]}, bounds=(0.9, 5))
    assert list(belief.quantile([0.0, 1.0])) == [0.9, 5]


def test_a_range_of_no_width_is_its_value():
    for shape in ("uniform", "normal", "lognormal", "logitnormal"):
        assert list(parse_distribution({shape: [0.5, 0.5]}).quantile([0.0, 0.3])) == [0.5, 0.5]
    assert parse_distribution({"triangular": [1, 1, 1]}).central == 1


@given(
    shape=st.sampled_from(["uniform", "normal", "lognormal", "logitnormal"]),
    points=st.lists(st.floats(0.001, 0.999), min_size=2, max_size=2).map(sorted),
)
def test_a_larger_uniform_never_gives_a_smaller_value(shape, points):
    values = parse_distribution({shape: points}).quantile(grid(200))
    slack = 1e-12  # rounding of exp and of the logistic
    assert np.all(np.diff(values) >= -slack)
    assert np.all(np.isfinite(values))


@pytest.mark.parametrize(
    ("stated", "must"),
    [
        (True, "must be a number"),
        (float("nan"), "must be a number"),
        (float("inf"), "must be a number"),
        (10**400, "must be a number"),
        ("high", "must be a number"),
        ({}, "must be a number"),
        ({"uniform": [0, 1], "normal": [0, 1]}, "must be a number"),
        ({"unifrom": [0, 1]}, "did you mean 'uniform'"),
        ({"beta": [0, 1]}, "use one of"),
        ({"uniform": 1}, "finite numbers"),
        ({"uniform": [0]}, "takes 2 number(s), not 1"),
        ({"uniform": [0, "1"]}, "finite numbers"),
        ({"uniform": [0, float("inf")]}, "finite numbers"),
        ({"uniform": [1, 0]}, "rising order"),
        ({"triangular": [0, 2, 1]}, "rising order"),
        ({"lognormal": [0, 1]}, "above 0"),
        ({"logitnormal": [0.5, 1]}, "between 0 and 1"),
        ({"fixed": [1, 2]}, "takes 1 number(s), not 2"),
        ({"uniform": [-1, 1]}, "must be from 0 to 10"),
        (11, "must be from 0 to 10"),
    ],
)
def test_a_wrong_distribution_is_refused_in_one_line(stated, must):
    with pytest.raises(RegisterError) as caught:
        parse_distribution(stated, bounds=(0, 10))
    assert must in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("plain", [0.5, {"uniform": [0.1, 0.3]}, {"triangular": [0.1, 0.2, 0.3]}])
def test_a_distribution_is_written_as_it_was_read(plain):
    assert parse_distribution(plain).to_plain() == plain
    assert parse_distribution(parse_distribution(plain)) == parse_distribution(plain)


@pytest.mark.parametrize(
    ("old", "new", "must"),
    [
        ('"world"', '"weather"', "'world' or 'lever'"),
        ("central = 0.48", "central = 6", "inside the bounds"),
        ("central = 0.48", "central = true", "inside the bounds"),
        ("central = 0.48\n", "", "central: missing"),
        ("unit", "units", "did you mean 'unit'"),
        ('"logit/doubling"', '" "', "not empty"),
        ("[0.0, 5.0]", "[5.0, 0.0]", "must be [low, high]"),
        ("[0.0, 5.0]", "[nan, 5.0]", "must be [low, high]"),
        ('["e01"]', "[]", "row ids"),
        ('["e01"]', '"guess"', "row ids"),
        ("normal", "lognormale", "did you mean 'lognormal'"),
        ("[0.37, 0.59]", "[-0.37, 0.59]", "must be from 0 to 5"),
        ("distribution = { normal = [0.37, 0.59] }", "", "a world entry needs one"),
        ('"world"', '"lever"', "a lever has none"),
        ("[slope]", '["curve.slope"]', "plain identifier"),
        ("[slope]", '["curve slope"]', "identifier"),
        ("[slope]", "slope = 1\n[other]", "must be a table"),
        ("[slope]", "[slope", "not valid TOML"),
    ],
)
def test_a_broken_register_is_refused_in_one_line(old, new, must):
    assert old in ENTRY
    with pytest.raises(RegisterError) as caught:
        parse_register(ENTRY.replace(old, new, 1))
    assert must in str(caught.value)
    assert str(caught.value).startswith("register.toml")
    assert "\n" not in str(caught.value)


def test_an_entry_is_read_as_it_stands():
    assert parse_register(ENTRY) == {
        "slope": Parameter(
            name="slope",
            kind="world",
            central=0.48,
            distribution=Distribution("normal", (0.37, 0.59)),
            unit="logit/doubling",
            bounds=(0.0, 5.0),
            evidence=("e01",),
            reasoning="Two published slopes.",
        )
    }


def test_a_draw_of_one_parameter_does_not_depend_on_the_others():
    entries = parse_register(ENTRY + ENTRY.replace("slope", "other"))

    def uniforms(name):
        return {"slope": np.array([0.1, 0.5]), "other": np.array([0.5, 0.95])}[name]

    both = draws(entries, {}, uniforms)
    pinned = draws(entries, {"other": 1.5}, uniforms)
    assert list(both) == ["slope", "other"]
    assert both["other"] == pytest.approx([0.48, 0.59])
    assert list(pinned["slope"]) == list(both["slope"])
    assert list(pinned["other"]) == [1.5, 1.5]


def test_an_override_that_no_parameter_has_or_allows_is_refused():
    entries = parse_register(ENTRY)
    with pytest.raises(RegisterError, match="did you mean 'slope'"):
        draws(entries, {"slop": 1}, grid)
    with pytest.raises(RegisterError, match="must be from 0 to 5"):
        draws(entries, {"slope": 6}, grid)


def test_the_shipped_register_loads_and_its_centre_is_believable():
    assert {p.kind for p in register().values()} == {"world", "lever"}
    for name, p in world_parameters().items():
        low, high = p.distribution.quantile([0.01, 0.99])
        assert low <= p.central <= high, name


def test_every_parameter_of_the_shipped_register_can_be_drawn_inside_its_bounds():
    drawn = draws(register(), {}, lambda name: grid(50))
    assert drawn.keys() == world_parameters().keys()
    for name, values in drawn.items():
        low, high = register()[name].bounds
        assert np.all((values >= low) & (values <= high)), name


def test_central_values_come_from_the_register_unless_overridden():
    plain = central()
    assert plain == {name: p.central for name, p in world_parameters().items()}
    name = next(iter(plain))
    other = register()[name].bounds[0]
    assert central({name: other}) == {**plain, name: other}


def test_reading_the_register_needs_no_scipy():
    import subprocess
    import sys

    code = "import sys, sim.parameters as p; p.register(); sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_register_that_cannot_be_read_is_said_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(parameters, "resources", lambda package: tmp_path)
    with pytest.raises(RegisterError, match=r"register\.toml: cannot be read"):
        register.__wrapped__()
