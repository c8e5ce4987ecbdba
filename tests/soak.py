"""No tests: the same work over and over in one process, whose memory must not grow.

    uv run python tests/soak.py --rounds 200

Each round runs a plan, compares, sweeps, analyses, builds a page and checks it, and must give what
the first one gave. What it holds after a third of the rounds is held against what it holds at the
end.
"""

import argparse
import gc
import resource
import sys
import tempfile
import warnings
from pathlib import Path

import sim

GROWTH = 30  # most that memory may grow by, from a third of the rounds to the end [MB]
DECK = {
    "title": "T", "question": "Q?", "draws": 50, "weeks": 2, "analyses": [],
    "plans": [{"scenario": "baseline"}, {"scenario": "no-tool"}],
}  # fmt: skip


def resident():
    """Memory of this process [MB]."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def work(folder, number):
    """One round: what it gives, as text."""
    plan = sim.load("baseline").replace({"horizon.weeks": 2, "team": {"novice": 1}})
    result = sim.run(plan, draws=50, luck=2, seed=1)
    other = plan.replace({"team.novice": 2})
    comparison = sim.compare({"a": plan, "b": other}, draws=20, luck=2)
    swept = sim.sweep(
        plan, {"team.novice": [0, 1]}, folder / f"sweep-{number}", draws=4, progress=False
    )
    analysis = sim.sensitivity(plan, ["dev_share", "review_rate"], samples=32, luck=2)
    page = folder / f"page-{number}.html"
    sim.deck(DECK, page)
    texts = [record.text() for record in (result, comparison, analysis)]
    texts += [swept.frame.to_csv(), "\n".join(sim.check(page).text().splitlines()[1:])]
    return "\n".join(texts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, held = work(folder, 0), []
        for number in range(1, rounds):
            if work(folder, number) != first:
                print(f"round {number}: gives something else than the first")
                sys.exit(1)
            held.append(resident())
    growth = held[-1] - held[len(held) // 3]
    print(
        f"{rounds} rounds, all alike; {held[-1]:.0f} MB, {growth:+.0f} MB over the last two thirds"
    )
    sys.exit(growth > GROWTH)


if __name__ == "__main__":
    main()
