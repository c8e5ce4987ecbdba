"""How well forecasts of 13 weeks do on public trackers, with settings that have not seen them.

uv run python benchmarks/forecasts.py PATH [--draws N]

PATH is a table of the columns project, week and closed, or a folder of records, one a project.
Each of CANDIDATES forecasts every project. Then the projects are halved at random, 100 times: the
settings chosen on either half are scored on the other, so no project is scored by settings that
have seen it. Exit code 1 where a target is missed.
"""

import argparse
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from sim.forecasting import weekly
from sim.forecasting.replay import of_project
from sim.forecasting.settings import SHIPPED, Settings

SEED, HALVES = 1, 100
WALKS = ((0.03, 0.08), (0.03, 0.1))
JUMPS = ((0.02, 0.5), (0.01, 0.8), (0.006, 1.2), (0.003, 1.5))  # chance and SD
REVERTING = (((0.15, 0.5), 0.7), ((0.3,), 0.85))  # SDs and persistence
CANDIDATES = tuple(
    Settings(walks=walks, jump_chance=chance, jump_sd=sd, reverting=sds, persistence=left)
    for walks, (chance, sd), (sds, left) in product(WALKS, JUMPS, REVERTING)
)
# Settings are chosen for the least ratio among those whose intervals hold enough.
ENOUGH = {"in80": (0.76, 0.84), "in95": (0.93, 0.97)}
TARGETS = {"ratio": (0.0, 0.93), "to_weighted": (0.0, 1.0), "in80": (0.76, 0.84),
           "in95": (0.92, 0.97)}  # fmt: skip


def projects(path):
    """Weekly counts of every project of a table or a folder, those that cannot be scored left out.

    path : Path
    """
    files = sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
    found = [
        replace(one, name=one.name or file.stem) for file in files for one in weekly.read(file)
    ]
    return [one for one in found if not weekly.too_little(one)]


def table(series, settings, draws):
    """A row a forecast and method, of every project."""
    return pd.concat([of_project(one, settings, SEED, draws)[0] for one in series])


def scores(forecasts):
    """Scores by project: forecasts, shares inside, ratios of CRPS to those of rivals."""
    means = forecasts.groupby(["project", "method"])["crps"].mean().unstack()
    own = forecasts[forecasts["method"] == "drift"].groupby("project")
    held = own[["in50", "in80", "in95"]].sum()
    return held.assign(
        n=own.size(), crps=own["crps"].sum(), ratio=means["drift"] / means["with_drift"],
        to_weighted=means["drift"] / means["weighted"],
        weighted=means["weighted"] / means["with_drift"],
    )  # fmt: skip


def together(by_project):
    """Scores of some projects: shares over all forecasts, means of ratios over projects."""
    sums = by_project[["in50", "in80", "in95", "crps"]].sum() / by_project["n"].sum()
    return pd.concat([sums, by_project[["ratio", "weighted"]].mean()]).to_dict() | {
        "to_weighted": float(by_project["ratio"].mean() / by_project["weighted"].mean())
    }


def choice(by_candidate, names):
    """Which candidate does best on some projects."""
    rows = [together(one.loc[names]) for one in by_candidate]
    missed = [sum(max(low - r[k], r[k] - high, 0) for k, (low, high) in ENOUGH.items())
              for r in rows]  # fmt: skip
    return min(range(len(rows)), key=lambda i: (round(missed[i], 3), rows[i]["ratio"]))


def unseen(by_candidate, names):
    """Scores over halves, each project by settings chosen on the other half: rows, and choices."""
    rng, rows, chosen = np.random.default_rng(SEED), [], []
    for _ in range(HALVES):
        mixed = rng.permutation(names)
        halves = mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]
        picks = [choice(by_candidate, half) for half in halves]
        scored = zip(picks, halves[::-1], strict=True)
        rows.append(together(pd.concat([by_candidate[i].loc[half] for i, half in scored])))
        chosen += picks
    return pd.DataFrame(rows), np.bincount(chosen, minlength=len(by_candidate))


def words(settings):
    listed = (settings.walks, settings.reverting)
    texts = ["/".join(f"{value:g}" for value in values) for values in listed]
    return (
        f"walks {texts[0]}, reverting {texts[1]} at {settings.persistence:g}, jumps "
        f"{settings.jump_chance:g} of {settings.jump_sd:g}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--draws", type=int, default=1000)
    asked = parser.parse_args()
    series = projects(asked.path)
    by_candidate = []
    for settings in CANDIDATES:
        by_candidate.append(scores(table(series, settings, asked.draws)))
        line = together(by_candidate[-1])
        print(words(settings), {key: round(value, 3) for key, value in line.items()}, flush=True)
    names = by_candidate[0].index.to_numpy()
    best = choice(by_candidate, names)
    rows, chosen = unseen(by_candidate, names)
    print(f"\nchosen on all projects: {words(CANDIDATES[best])}")
    print("these ship" if CANDIDATES[best] == SHIPPED else f"shipped: {words(SHIPPED)}")
    print("times chosen on a half:", chosen.tolist())
    print(f"\n{len(names)} projects, {by_candidate[0]['n'].sum():,} forecasts, not seen before:")
    means, low, high = rows.mean(), rows.quantile(0.05), rows.quantile(0.95)
    for key in ("in50", "in80", "in95", "crps", "ratio", "to_weighted"):
        aim = TARGETS.get(key)
        met = "" if aim is None else "  met" if aim[0] <= means[key] <= aim[1] else "  MISSED"
        print(f"{key:12} {means[key]:.3f}  (halves {low[key]:.3f} to {high[key]:.3f}){met}")
    sys.exit(any(not low <= means[key] <= high for key, (low, high) in TARGETS.items()))


if __name__ == "__main__":
    main()
