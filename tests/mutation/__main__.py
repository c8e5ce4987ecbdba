"""Mutation testing of the engine: `uv run python tests/mutation`; README.md says how."""

import argparse
import hashlib
import json
import os
import sys
import tomllib
from collections import Counter
from pathlib import Path

os.environ["NUMBA_DISABLE_JIT"] = "1"
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE.parent)]

import worker  # noqa: E402
from mutants import mutants  # noqa: E402
from scipy.stats import binomtest  # noqa: E402
from tqdm import tqdm  # noqa: E402

MODULES = (
    "rules", "idle", "choosing", "activities", "outcomes", "staffing", "odds", "luck", "curves",
    "tools", "freezes",
)  # fmt: skip
FOLDER = ROOT / "tests" / "engine"
FILES = ("uncompiled", "test_known_answers.py", "test_people.py")
WORLDS = 10  # trajectories that are asked last


def arguments():
    parser = argparse.ArgumentParser(prog="tests/mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", default=MODULES, help="of sim/engine")
    parser.add_argument("--out", type=Path, default=HERE / "results.jsonl")
    parser.add_argument("--report", type=Path, help="write the Markdown report here")
    parser.add_argument("--again", action="store_true", help="ask again those not killed before")
    parser.add_argument("--share", type=float, default=1.0, help="a random sample, such as 0.2")
    parser.add_argument("--only", default="", help="mutants whose name contains this")
    return parser.parse_args()


def main():
    asked = arguments()
    done = read(asked.out)
    if asked.again:
        done = {name: row for name, row in done.items() if row["verdict"] in ("killed", "endless")}
    names = [mutant.name for mutant in wanted(asked)]
    if any(name not in done for name in names):
        judge_all(asked, len(set(names) - set(done)), done)
    text = f"{heading(asked)}\n\n{report([done[name] for name in names], explained())}"
    print(text)
    if asked.report:
        asked.report.write_text(text + "\n", encoding="utf-8")


def wanted(asked):
    """The mutants asked for, one at a time."""
    for module in asked.modules:
        for mutant in mutants(module, source(module)):
            if asked.only in mutant.name and place(mutant.name) < asked.share:
                yield mutant


def place(name):
    """Where in [0, 1) a mutant stands among all: a share of them is a random sample, and stays."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big") / 2**48


def source(module):
    return (worker.ENGINE / f"{module}.py").read_text(encoding="utf-8")


def read(path):
    """Verdicts so far, by the mutant's name; a later one replaces an earlier."""
    if not path.exists():
        return {}
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {row["name"]: row for row in rows}


def judge_all(asked, count, done):
    """Judge the mutants that have no verdict yet, and write each verdict as it comes."""
    worker.warm_up()
    tests = worker.record([str(FOLDER / name) for name in FILES])
    by_time = sorted(tests, key=lambda node: tests[node]["seconds"])
    lines = {node: set(tests[node]["lines"]) for node in by_time}
    total = sum(test["seconds"] for test in tests.values())
    print(f"{len(by_time)} tests, {total:.1f} s of CPU; {count} mutants", file=sys.stderr)
    reference = worker.references(WORLDS)
    progress = tqdm(total=count, mininterval=10, file=sys.stderr)
    with asked.out.open("a", encoding="utf-8") as file:
        for mutant in wanted(asked):
            if mutant.name in done:
                continue
            here = {f"{mutant.module}:{line}" for line in mutant.lines}
            # What runs as the module is imported is met by every test.
            nodes = [n for n in by_time if mutant.function == "module" or here & lines[n]]
            seconds = {node: tests[node]["seconds"] for node in nodes}
            verdict, by = worker.judge(mutant, seconds, reference)
            done[mutant.name] = {"name": mutant.name, "verdict": verdict, "by": by}
            file.write(json.dumps(done[mutant.name]) + "\n")
            file.flush()
            progress.update()


def explained():
    """Why some mutants cannot be killed, by name."""
    return tomllib.loads((HERE / "survivors.toml").read_text(encoding="utf-8"))


def module_of(row):
    return row["name"].split(".")[0]


def report(rows, reasons):
    """Counts by module, and every mutant that no known answer and no law kills."""
    lines = [
        "| module | mutants | killed by a known answer or a law | only by the record | explained "
        "| not explained | score |",
        "|---|---|---|---|---|---|---|",
    ]
    modules = dict.fromkeys(map(module_of, rows))
    for module in [*modules, "all"]:
        lines.append(counts(module, [r for r in rows if module in (module_of(r), "all")], reasons))
    left = [row for row in rows if row["verdict"] in ("record", "survived")]
    lines += ["", "| mutant | only the record kills it | why it lives |", "|---|---|---|"]
    for row in left:
        change = row["name"].replace("|", "\\|")
        by_record = "yes" if row["verdict"] == "record" else ""
        lines.append(f"| `{change}` | {by_record} | {reasons.get(row['name'], '')} |")
    return "\n".join(lines)


def heading(asked):
    """What was asked, of which sources."""
    from sim.engine import source_hash

    part = "all mutants" if asked.share >= 1 else f"a random sample of {asked.share:.0%}"
    return (
        f"# Mutation results\n\nWritten by `uv run python tests/mutation`: {part} of "
        f"{', '.join(asked.modules)}; engine sources {source_hash()}. The score counts only what a "
        "known answer or a law notices, of all mutants, equivalent ones too; its 95% interval is "
        "that of a share (Wilson). A mutant that only the record kills differs in some bit of some "
        "world: a test for it is missing, unless the reason says why none can be."
    )


def counts(module, rows, reasons):
    """One row of the table of counts."""
    n = Counter(row["verdict"] for row in rows)
    left = [row for row in rows if row["verdict"] in ("record", "survived")]
    known = sum(row["name"] in reasons for row in left)
    killed = n["killed"] + n["endless"]
    interval = binomtest(killed, len(rows)).proportion_ci(method="wilson")
    return (
        f"| {module} | {len(rows)} | {killed} | {n['record']} | {known} | {len(left) - known} "
        f"| {killed / len(rows):.1%} ({interval.low:.0%} to {interval.high:.0%}) |"
    )


if __name__ == "__main__":
    main()
