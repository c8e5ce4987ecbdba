"""Compiled code is kept where only its owner can write; where it cannot be, the model says so."""

import errno
import os
import subprocess
import sys
import warnings

import numba
import pytest
from numba.core import caching

from sim import compile_cache
from sim.compile_cache import CacheWarning

needs_users = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no users with numbers here")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache" / "compiled" / "0123"


def test_a_folder_of_ones_own_is_used_and_made_for_oneself_alone(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compile_cache.usable(folder)
        assert compile_cache.usable(folder)
    assert folder.stat().st_mode & 0o077 == 0


@needs_users
@pytest.mark.parametrize("above", [0, 1, 2])
def test_a_folder_that_others_can_write_to_is_not_trusted(above, folder):
    assert compile_cache.usable(folder)
    (folder, *folder.parents)[above].chmod(0o777)
    with pytest.warns(
        CacheWarning, match=r"can be written to by others: compiled code is not kept"
    ):
        assert not compile_cache.usable(folder)


@needs_users
@pytest.mark.parametrize("above", [0, 1, 2])
def test_a_folder_of_another_user_is_not_trusted(above, folder, monkeypatch):
    assert compile_cache.usable(folder)
    whose = (folder, *folder.parents)[above]
    own = type(folder).stat

    def stat(path, **options):
        about = own(path, **options)
        if path != whose:
            return about
        return os.stat_result([*about[:4], os.geteuid() + 1, *about[5:10]])

    monkeypatch.setattr(type(folder), "stat", stat)
    with pytest.warns(CacheWarning, match="belongs to another user"):
        assert not compile_cache.usable(folder)


@needs_users
def test_a_shared_place_in_which_nobody_replaces_files_of_others_is_as_good(folder):
    assert compile_cache.usable(folder)
    folder.parent.parent.chmod(0o1777)
    assert compile_cache.usable(folder)


def test_a_place_where_no_folder_can_be_made_is_said(tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.warns(CacheWarning, match="set TIERCURVE_CACHE"):
        assert not compile_cache.usable(tmp_path / "cache" / "compiled" / "0123")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("step", ["save", "load"])
def test_a_full_disk_ends_no_run(number, step, monkeypatch):
    def fail(*_):
        raise OSError(number, os.strerror(number))

    def doubled(x):
        return 2 * x

    made = compile_cache.forgive(numba.njit(cache=True)(doubled))
    monkeypatch.setattr(caching.IndexDataCacheFile, step, fail)
    with pytest.warns(CacheWarning, match="is not kept, so each start compiles anew") as said:
        assert made(4) == 8
    assert len(said) == 1
    assert made(4.5) == 9.0  # of other types: compiled, and nothing said again


def test_a_cache_that_is_not_trusted_is_neither_read_nor_written(tmp_path):
    """In a process of its own, since the engine asks when it is imported."""
    tmp_path.chmod(0o777)
    code = (
        "from sim import engine\n"
        "f = engine.compiled(lambda x: x + 1)\n"
        "print(f(1), engine.is_compiled())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=os.environ | {"TIERCURVE_CACHE": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout == "2 False\n"
    assert "can be written to by others" in done.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
