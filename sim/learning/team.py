"""A team's own posterior as a file: a curve set whose rows hold every parameter and the drift."""

import json

import numpy as np

from sim import parameters
from sim.engine import curves, setup
from sim.forecasting.settings import SHIPPED

DIGITS = 4  # significant, of a number in the file


def rows(posterior, names, level, window, residual, seed):
    """Columns and rows of a team's posterior: names (c,), draws (rows, c), central (c,).

    posterior : Weighted, of columns `names`
    level : Level of its tickets; window : weeks that parameters carry the mean of
    residual : (rows,), what they leave of it for good [ln]

    Parameters that the plan states itself are in the rows too, as it has them. The central row is
    the median of each column, without drift.
    """
    count = len(posterior.values)
    today = level.today(window, count, seed)
    today["level"] = today["level"] + residual
    drift = {f"drift_{name}": values for name, values in today.items()}
    drift |= {
        "drift_persistence": np.full(count, SHIPPED.persistence),
        "drift_jump_chance": np.full(count, SHIPPED.jump_chance),
        "drift_jump_sd": np.full(count, SHIPPED.jump_sd),
    }
    columns = (*names, *drift)
    table = np.column_stack([posterior.values, *drift.values()])
    central = np.median(table, axis=0)
    for name in drift:
        central[columns.index(name)] = 0.0
    return columns, _inside(columns, table), _inside(columns, central[None, :])[0]


def content(plan, name, columns, table, central, about, caveats) -> str:
    """The curve set as JSON.

    about : what it says of the record: "ends" and what it identifies
    caveats : sentences beside those of the plan's own curves
    """
    base = setup.tier_curves(plan)
    data = {
        "name": name,
        "date": base.date,
        "window_months": base.window_months,
        "columns": list(columns),
        "central": _short(central),
        "draws": [_short(row) for row in table],
        "caveats": [*map(str, base.caveats), *caveats],
        "record": about,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _short(row) -> list[float]:
    """Numbers with as many digits as say anything."""
    return [float(f"{value:.{DIGITS}g}") for value in row]


def _inside(columns, table):
    """Rows with every value within the bounds of its parameter, as it is after rounding."""
    known = {name: one.bounds for name, one in parameters.world_parameters().items()}
    known |= {name: ends[:2] for name, ends in curves.OF_RECORD.items()}
    low = [known[name][0] if name in known else 1e-5 for name in columns]
    high = [known[name][1] if name in known else 1.0 - 1e-5 for name in columns]
    return np.clip(table, low, high)
