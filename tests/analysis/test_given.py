"""Values dealt to many units at once are fitted as if each deal were fitted by itself."""

import numpy as np
import pytest

from sim.analysis import given

ROWS, DRAWS, DEALS = 40, 120, 7


def inputs():
    """Inputs of each kind: of draws, of rows drawn unequally often, of a block, of both."""
    rng = np.random.default_rng(4)
    row = rng.integers(ROWS, size=DRAWS)
    of_rows, of_draws = rng.normal(size=(ROWS, 3)), rng.normal(size=(DRAWS, 2))
    every = {
        "draws": of_draws[:, 0],
        "rows": of_rows[row, 0],
        "block": of_rows[row],
        "both": np.column_stack((of_rows[row, :2], of_draws)),
    }
    return every, row, rng.normal(size=(DRAWS, 3)) + of_rows[row, :1]


@pytest.mark.parametrize("name", ["draws", "rows", "block", "both"])
@pytest.mark.parametrize("at_once", [1, 10**6])
def test_deals_fitted_together_are_those_fitted_one_by_one(name, at_once, monkeypatch):
    monkeypatch.setattr(given, "AT_ONCE", at_once)
    every, row, y = inputs()
    one = given.read(every[name], (row,))
    means, rng = one.means(y), np.random.default_rng(9)
    assert (one.mixed is not None) == (name == "both")
    together = list(one.dealt(means, np.random.default_rng(9), DEALS))
    assert len(together) == (DEALS if at_once == 1 else 1)
    values = np.concatenate([many.values for many in together])
    clean = np.concatenate([many.clean for many in together])
    assert (clean.shape, values.shape) == ((DEALS, 3), (DEALS, *means.shape))
    for deal in range(DEALS):
        places = rng.permutation(len(one.sizes))
        x, mixed = one.x[places], None
        if name == "both":  # columns of rows keep to their rows
            _, first, which = np.unique(row, return_index=True, return_inverse=True)
            x[:, :2] = one.x[first][rng.permutation(len(first))[which]][:, :2]
            mixed = row
        raw = one.raw[places] if mixed is None else given.functions(x, one.sizes)
        if name == "draws":  # the means are dealt instead, and noise is alike in all units
            whole = given.fit(one.raw, means[places], one.sizes)
            off = np.concatenate([many.off for many in together])[deal]
            np.testing.assert_allclose(off, whole.off, atol=1e-12)
            continue
        found = given.fit(raw, means, one.sizes, mixed)
        np.testing.assert_allclose(clean[deal], found.clean, rtol=1e-9, atol=1e-13)
        np.testing.assert_allclose(values[deal], found.values, rtol=1e-9, atol=1e-13)
