"""Short runs of every scenario give the numbers they gave: see pins/README.md."""

import numpy as np
import pytest
from pins import trajectories

RELATIVE = 1e-9  # another processor may round the last bit of an exponential otherwise


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


def test_numbers_are_compared_to_the_bit(capsys):
    then = {"a": np.array([1.0, np.nan, 3.0]), "b": np.array([0.0])}
    assert trajectories.compare(then, then) == 0
    assert capsys.readouterr().out == "4 of 4 numbers equal to the bit\n"
    now = {"a": np.array([np.nextafter(1.0, 2.0), np.nan, 3.0]), "c": np.array([-0.0])}
    assert trajectories.compare(then, now) == 3
    assert capsys.readouterr().out.startswith("2 of 5 numbers equal to the bit\na: 1 of 3 differ")
