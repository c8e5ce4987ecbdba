"""Luck is a pure function with the distribution it claims."""

import numpy as np
import pytest
from scipy.special import ndtri

from sim.engine import luck

KNOWN = [  # published with Random123: counter, key, answer
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (0xFFFFFFFF,) * 4,
        (0xFFFFFFFF,) * 2,
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_published_answers(counter, key, answer):
    assert luck.philox(*counter, *key) == answer
    assert luck.philox.py_func(*counter, *key) == answer


def test_compiled_and_interpreted_luck_are_the_same_bits():
    for i in range(200):
        names = (luck.key_of(i), i, luck.child_key(i, 3), i * 7, luck.SESSION)
        assert luck.pair(*names) == luck.pair.py_func(*names)
        assert luck.child_key(i, 3) == luck.child_key.py_func(i, 3)


def test_normal_quantiles_agree_with_scipy():
    u = np.concatenate([np.geomspace(1e-15, 0.5, 500), 1 - np.geomspace(1e-12, 0.5, 500)])
    ours = np.array([luck.normal(x) for x in u])
    np.testing.assert_allclose(ours, ndtri(u), rtol=1e-13, atol=1e-15)


def test_numbers_are_uniform_and_the_two_of_a_pair_unrelated():
    n = 20_000
    key = luck.key_of(0)
    draws = np.array([luck.pair(key, 1, i, 0, luck.SESSION) for i in range(n)])
    assert draws.min() > 0
    assert draws.max() < 1
    std_error = np.sqrt(1 / 12 / n)
    assert np.all(np.abs(draws.mean(axis=0) - 0.5) < 4 * std_error)
    assert abs(np.corrcoef(draws.T)[0, 1]) < 4 / np.sqrt(n)


def test_every_name_matters():
    base = (luck.key_of(1), 2, 3, 4, 5)
    for place in range(5):
        other = list(base)
        other[place] += 1
        assert luck.pair(*other) != luck.pair(*base)
    assert luck.key_of(0) != luck.key_of(1)


def test_fix_tasks_have_keys_of_their_own():
    keys = {luck.child_key(parent, count) for parent in range(3000) for count in range(4)}
    assert len(keys) == 12_000
    assert min(keys) >= 2**40
    assert max(keys) < 2**55
