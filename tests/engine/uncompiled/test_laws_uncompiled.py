"""The laws of every world, on a few small ones."""

import pytest
import test_laws
import worlds

LAWS = [
    law.hypothesis.inner_test
    for law in map(vars(test_laws).get, dir(test_laws))
    if hasattr(law, "hypothesis")
]


@pytest.mark.parametrize("number", range(12))
def test_all_laws_hold(number, monkeypatch):
    plan = worlds.any_scenario(worlds.picker(500 + number))
    end = worlds.run(plan, 1, number)
    monkeypatch.setattr(worlds, "run", lambda *names: end)
    for law in LAWS:
        law(plan, number)
