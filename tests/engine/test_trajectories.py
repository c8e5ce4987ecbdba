"""Short runs of every scenario give the numbers they gave: see pins/README.md."""

import json

import numpy as np
import pytest
from pins import trajectories

RELATIVE = 1e-9  # another processor may round the last bit of an exponential otherwise


def differing(then, now):
    """Columns of `then` whose sums are others now."""
    return [
        column
        for column in then
        if not np.allclose(now[column], then[column], rtol=RELATIVE, atol=1e-12)
    ]


def test_every_scenario_is_pinned():
    assert sorted(trajectories.pinned()) == sorted(trajectories.names())


@pytest.mark.parametrize("name", trajectories.pinned())
def test_a_scenario_gives_the_sums_it_gave(name):
    then, now = trajectories.pinned()[name], trajectories.sums(name)
    assert list(now) == list(then)
    differ = [
        f"{column}: {then[column]} then, {now[column]} now"
        for column in then
        if not np.allclose(now[column], then[column], rtol=RELATIVE, atol=1e-12)
    ]
    assert not differ, "\n".join(differ)


@pytest.mark.parametrize("name", trajectories.pinned())
def test_with_the_rules_of_parts_and_reviews_off_the_sums_are_those_of_before(name):
    """What moved since moved by these rules alone."""
    then = json.loads(trajectories.BEFORE.read_text(encoding="utf-8"))[name]
    now = trajectories.sums(name, trajectories.MECHANISMS_OFF | trajectories.RULES_OFF)
    assert [c for c in differing(then, now) if c not in trajectories.REDEFINED] == []


@pytest.mark.parametrize("name", trajectories.pinned())
def test_with_every_mechanism_off_the_sums_are_those_of_before(name):
    """What moved since moved by these rules, and by what is believed of their numbers."""
    then = json.loads(trajectories.BEFORE_MECHANISMS.read_text(encoding="utf-8"))[name]
    now = trajectories.sums(name, trajectories.MECHANISMS_OFF)
    assert differing(then, now) == []


def test_numbers_are_compared_to_the_bit(capsys):
    then = {"a": np.array([1.0, np.nan, 3.0]), "b": np.array([0.0])}
    assert trajectories.compare(then, then) == 0
    assert capsys.readouterr().out == "4 of 4 numbers equal to the bit\n"
    now = {"a": np.array([np.nextafter(1.0, 2.0), np.nan, 3.0]), "c": np.array([-0.0])}
    assert trajectories.compare(then, now) == 3
    assert capsys.readouterr().out.startswith("2 of 5 numbers equal to the bit\na: 1 of 3 differ")
