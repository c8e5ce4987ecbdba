"""Luck follows its published generator and its documented layout, number by number."""

import hashlib
import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import ndtri
from test_luck import KNOWN

from sim.engine import luck

PURPOSES = (
    "TASK_KIND", "TASK_SIZE", "TASK_TRAIT", "ARRIVAL", "SESSION", "HAND", "SUBMISSION", "REVIEW",
    "DEVELOPER", "PARAMETER", "TENURE",
)  # fmt: skip


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_published_answers(counter, key, answer):
    assert luck.philox(*counter, *key) == answer


def test_purposes_are_the_numbers_that_saved_results_were_drawn_with():
    assert [getattr(luck, name) for name in PURPOSES] == list(range(1, 12))


@pytest.mark.parametrize(
    "names",
    [
        (0, 0, 0, 0, 0),
        ((1 << 63) - 1, (1 << 32) - 1, (1 << 56) - 1, (1 << 32) - 1, 255),
        (0x0123456789ABCDEF, 0x89ABCDEF, 0x00FEDCBA98765432, 0x13579BDF, 5),
    ],
)
def test_a_pair_is_the_block_of_its_five_names_as_two_numbers_of_52_bits(names):
    key, replication, entity, index, purpose = names
    high = (purpose << 24) | (entity >> 32)
    x = luck.philox(entity % 2**32, index, high, replication, key % 2**32, key >> 32)
    bits = ((x[0] << 20) | (x[1] >> 12), (x[2] << 20) | (x[3] >> 12))
    assert luck.pair(*names) == tuple((2 * b + 1) / 2**53 for b in bits)


def test_a_child_s_key_is_the_block_of_parent_and_count_in_its_range():
    for parent, count in ((0, 1), (5, 2), ((1 << 40) + 12345, 3), ((1 << 55) - 1, 7)):
        word = int.from_bytes(b"fixe", "big")
        x = luck.philox(parent % 2**32, parent >> 32, count, word, 0, 0)
        low = ((x[0] << 23) ^ x[1]) % 2**55
        assert luck.child_key(parent, count) == low | 2**40


def test_a_seed_names_the_same_luck_in_every_version():
    assert luck.key_of(0) != luck.key_of(1)
    for seed in (0, 1, -5, 2**70):
        text = b"tiercurve seed %d" % seed
        whole = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
        assert luck.key_of(seed) == whole // 2
    named = hashlib.blake2b(b"dev_share", digest_size=7).digest()
    assert luck.name_entity("dev_share") == int.from_bytes(named, "little")


def test_normal_quantiles_agree_with_scipy_in_every_branch():
    middle = np.linspace(0.08, 0.92, 201)
    tails = np.geomspace(1e-300, 0.08, 400)
    edges = [0.075, 0.925, 0.5, math.exp(-25.0), math.nextafter(0.075, 0), math.nextafter(0.925, 1)]
    for u in (*middle, *tails, *(1 - tails[tails > 1e-15]), *edges):
        assert luck.normal(u) == pytest.approx(ndtri(u), rel=2e-14, abs=1e-16)
    assert luck.normal(0.5) == 0.0
    # The deepest coefficients count only far out.
    assert luck.normal(5e-324) == pytest.approx(-38.467405617144344, rel=1e-13)


def test_logits_and_exponentials_invert_their_distributions():
    for u in (0.001, 0.2, 0.5, 0.9):
        assert 1 / (1 + math.exp(-luck.logit(u))) == pytest.approx(u, rel=1e-13)
        assert -math.expm1(-luck.exponential(u)) == pytest.approx(u, rel=1e-13)
    assert luck.logit(0.5) == 0.0


def test_noise_is_lognormal_of_mean_one():
    for sd in (0.0, 0.3, 1.5):
        for u in (0.1, 0.5, 0.97):
            z = luck.normal(u)
            assert luck.noise(z, sd) == pytest.approx(math.exp(sd * ndtri(u) - sd * sd / 2))


def of_task(table, key, replication, *name):
    world = SimpleNamespace(key=key, replication=replication)
    found = luck.kept(world, table, *name)
    if name[-1] != luck.SESSION:
        assert luck.of_task(world, table, *name) == (found.x, found.z)
    return found.x, found.z


def plain(key, replication, task, index, purpose):
    """Luck of a task without a table."""
    u, v = luck.pair(key, replication, task, index, purpose)
    if purpose == luck.SESSION:
        return luck.logit(u), luck.normal(v)
    return (luck.normal(u), v) if purpose == luck.TASK_TRAIT else (u, v)


LAST = (1 << 55) - 1  # the last key that a task can have
A_NAME = (7, 1, 3, 1024, luck.SESSION)


@pytest.mark.parametrize(
    "other",
    [
        (7, 2, 3, 1024, luck.SESSION),
        (7, 1, 4, 1024, luck.SESSION),
        (7, 1, 3, 0, luck.SESSION),
        (7, 1, 3, 1024, luck.TASK_TRAIT),
        (7, 1, 3, 1024, luck.REVIEW),
        (7, (1 << 32) - 1, LAST, (1 << 31) - 1, luck.HAND),
        (7, 0, 0, 0, luck.TASK_KIND),
    ],
)
def test_luck_of_a_task_is_that_of_its_name_whatever_was_asked_before(other):
    table = luck.empty_cache(1)  # every name puts the one before it out
    for asked in (other, A_NAME, A_NAME, other, other, A_NAME):
        assert of_task(table, *asked) == plain(*asked)


def test_what_was_drawn_is_kept_for_whoever_asks_next_of_the_same_seed():
    table = luck.empty_cache(4)
    assert (len(table), set(table["which"].tolist())) == (4, {-1})  # no name has such a word
    of_task(table, *A_NAME)
    assert sorted(table["which"].tolist()) == [-1, -1, -1, (1024 << 32) | 1]
    table["x"], table["z"] = 5.0, 6.0
    assert of_task(table, *A_NAME) == (5.0, 6.0)
    luck.forget(table)
    assert (table["which"] < 0).all()
    other = (8, *A_NAME[1:])
    assert of_task(table, *other) == plain(*other) != plain(*A_NAME)


def test_the_noise_of_a_session_is_that_of_the_spread_asked_for_with_it():
    table = luck.empty_cache(1)
    for index in (0, 1024):
        x, z = plain(7, 1, 3, index, luck.SESSION)
        for sd in (1.0, 0.5, 0.5, 0.0, 0.25, 1.0):
            world = SimpleNamespace(key=7, replication=1, session_noise_sd=sd)
            assert luck.session(world, table, 3, index) == (x, luck.noise(z, sd))
    table["z"] = 0.5
    assert luck.session(world, table, 3, 1024)[1] == luck.noise(0.5, 1.0)


def test_what_a_task_is_made_of_and_its_first_sessions_have_places_of_their_own():
    names = [(0, luck.TASK_KIND), (0, luck.TASK_SIZE), (0, luck.TASK_TRAIT)]
    names += [(1, luck.SUBMISSION), (1, luck.REVIEW)]
    names += [(piece << 10 | tries, luck.SESSION) for piece in range(8) for tries in (0, 1)]
    names += [(0, luck.OWN_CODE)]
    places = [luck.place_of(5, *name) & (luck.OWN - 1) for name in names]
    shared = len(places) - len(set(places))
    assert shared == 0
    assert sorted(places[5:-1:2]) == list(range(305, 313))


def test_a_table_is_large_where_many_worlds_meet_the_same_luck():
    assert luck.rows_for(np.repeat([3, 8], luck.MANY)) == luck.SHARED > luck.OWN
    assert luck.rows_for(np.repeat([3, 8], luck.MANY)[1:]) == luck.OWN


def test_numbers_of_a_parameter_are_the_first_of_their_pair_draw_by_draw():
    out = np.zeros(5)
    luck.uniforms(99, 1234, out)
    assert out.tolist() == [luck.pair(99, i, 1234, 0, luck.PARAMETER)[0] for i in range(5)]
