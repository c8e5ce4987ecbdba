"""Rules compiled as parts of what calls them give what rules compiled on their own give."""

import numba
import numpy as np
import pytest

from sim.engine import compiler


def halves(x):
    return x // 2 if x % 2 == 0 else -1


def pair(in_parts, monkeypatch):
    """An inner rule and one that calls it."""
    monkeypatch.setattr(compiler, "IN_PARTS", in_parts)
    inner = compiler.decorator(False, error_model="numpy", _nrt=False)(halves)

    def outer(values):
        total = 0.0
        for i in range(len(values)):
            total += inner(values[i]) * 0.1
        return total

    return inner, compiler.decorator(False, error_model="numpy", _nrt=False)(outer)


@pytest.fixture
def values():
    return np.arange(101)


@pytest.mark.parametrize("python_first", [True, False])
def test_a_rule_is_called_from_python_and_from_rules_in_either_order(
    python_first, values, monkeypatch
):
    inner, outer = pair(True, monkeypatch)
    assert isinstance(inner, compiler.Rule)
    if python_first:
        assert inner(8) == 4
    assert outer(values) == pytest.approx(122.5)
    assert inner(7) == -1
    assert inner(np.int32(8)) == 4  # of another type


def test_both_ways_of_compiling_give_the_same_bits(values, monkeypatch):
    rules = [pair(in_parts, monkeypatch)[1] for in_parts in (True, False)]
    assert rules[0](values).hex() == rules[1](values).hex()


def test_what_only_rules_call_is_not_made_into_machine_code(values, monkeypatch):
    inner, outer = pair(True, monkeypatch)
    outer(values)
    assert not inner.overloads
    (part,) = inner.part.overloads.values()
    assert not callable(part.entry_point)
    assert len(outer.overloads) == 1


def test_an_untried_numba_compiles_each_rule_on_its_own(values, monkeypatch):
    inner, outer = pair(False, monkeypatch)
    assert type(inner) is type(numba.njit(halves))
    outer(values)
    assert inner.overloads


def test_the_numba_here_is_one_that_was_tried():
    assert compiler.IN_PARTS, f"try sim/engine/compiler.py with numba {numba.__version__}"
