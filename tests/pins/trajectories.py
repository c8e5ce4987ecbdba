"""The numbers of small runs of every scenario: sums to hold, and all of them to compare to the bit.

uv run python tests/pins/trajectories.py --write FILE.npz    keep every number
uv run python tests/pins/trajectories.py --against FILE.npz  compare; exit code 1 if any differs
uv run python tests/pins/trajectories.py --pin               write the sums that the test holds
"""

import argparse
import json
from pathlib import Path

import numpy as np

import sim

PIN = Path(__file__).parent / "expected" / "trajectories.json"
TABLES = ("replications", "weekly", "parameters")
MOST_WEEKS = 13
FEW, MORE = 3, 8  # draws: for the sums, for every number
DIGITS = 12  # of a sum
MOST_LINES = 20  # of columns that differ


def names():
    """The scenarios of the package."""
    return [name for name, *_ in sim.available()]


def columns(name, draws):
    """Every column of a short run of a scenario: "table/column" -> array of floats."""
    plan = sim.load(name)
    weeks = {"horizon.weeks": min(plan.horizon.weeks, MOST_WEEKS)}
    plan = plan.replace(weeks)
    result = sim.run(plan, draws=draws, luck=2, seed=1, threads=1)
    return {
        f"{table}/{column}": values.to_numpy(float)
        for table in TABLES
        for column, values in getattr(result, table).items()
    }


def sums(name):
    """Each column of a scenario -> its sum, and how many of its numbers are undefined."""
    return {
        column: [float(f"{np.nansum(values):.{DIGITS}g}"), int(np.isnan(values).sum())]
        for column, values in columns(name, FEW).items()
    }


def every_number():
    """Every column of every scenario: "scenario/table/column" -> array of floats."""
    return {
        f"{name}/{column}": values
        for name in names()
        for column, values in columns(name, MORE).items()
    }


def equal(a, b):
    """Which numbers of two arrays are equal to the bit; NaN equals NaN."""
    return (a.view(np.uint64) == b.view(np.uint64)) | (np.isnan(a) & np.isnan(b))


def compare(then, now):
    """Print how many of how many numbers are equal; returns how many are not.

    A column that is missing on one side, or has another length, differs as a whole.
    """
    total, different, lines = 0, 0, []
    for name in [*then, *(name for name in now if name not in then)]:
        a, b = then.get(name), now.get(name)
        total += max(len(x) for x in (a, b) if x is not None)
        if a is None or b is None or len(a) != len(b):
            count = max(len(x) for x in (a, b) if x is not None)
            lines.append(f"{name}: {_length(a)} then, {_length(b)} now")
        else:
            count = int((~equal(a, b)).sum())
            if count:
                lines.append(f"{name}: {count} of {len(a)} differ")
        different += count
    print(f"{total - different:,} of {total:,} numbers equal to the bit")
    print("\n".join(lines[:MOST_LINES]), end="\n" if lines else "")
    if len(lines) > MOST_LINES:
        print(f"... {len(lines) - MOST_LINES} columns more")
    return different


def _length(values):
    return "missing" if values is None else f"{len(values)} numbers"


def pinned():
    """The sums that were pinned: scenario -> as `sums` gives them."""
    return json.loads(PIN.read_text(encoding="utf-8"))


def pin():
    """Write the sums of today, a line a column."""
    text = json.dumps({name: sums(name) for name in names()}, indent=0, allow_nan=False)
    text = text.replace("[\n", "[").replace(",\n", ", ").replace("\n]", "]")
    PIN.write_text(text.replace("], ", "],\n").replace("}, ", "},\n") + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--write", metavar="FILE.npz", help="keep every number")
    choice.add_argument("--against", metavar="FILE.npz", help="compare every number")
    choice.add_argument("--pin", action="store_true", help="write the sums that the test holds")
    asked = parser.parse_args()
    if asked.pin:
        pin()
    elif asked.write:
        np.savez_compressed(asked.write, **every_number())
    else:
        with np.load(asked.against) as then:
            raise SystemExit(1 if compare(dict(then), every_number()) else 0)


if __name__ == "__main__":
    main()
