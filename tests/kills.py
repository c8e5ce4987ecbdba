"""No tests: kills sweeps, learning, decks and saves at random moments; looks at what they leave.

    uv run python tests/kills.py --kills 100

Each is killed by SIGKILL, SIGTERM, SIGINT or SIGHUP. What it wrote must be equal to what one that
was left alone writes, or what was there before, or absent: never half of it.
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import warnings
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

import sim
from sim import figures
from sim.decks import Deck

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SWEEP = {"draws": 40, "luck": 4, "chunk": 80, "threads": 1, "progress": False}
SHARES = {"tasks.advanced_share": [i / 20 for i in range(20)]}
DECK = {
    "title": "T", "question": "Q?", "draws": 50, "weeks": 2, "analyses": [],
    "plans": [{"scenario": "baseline"}, {"scenario": "no-tool"}],
}  # fmt: skip


def plan():
    return sim.load("baseline").replace({"horizon.weeks": 2, "team": {"novice": 1}})


class Writers:
    """What is killed while it writes: name -> function of a path, with what it must leave."""

    def __init__(self, folder):
        self.folder = folder
        result = sim.run(plan(), draws=200, luck=4, seed=1, threads=1)
        comparison = sim.compare(plan(), plan().replace({"team.novice": 2}), draws=40, threads=1)
        deck = Deck(sim.deck(DECK, threads=1).analyses)
        weeks = [(f"{date(2025, 10, 6) + timedelta(weeks=n)}", 12 + n % 7) for n in range(40)]
        pd.DataFrame(weeks, columns=["week", "closed"]).to_csv(folder / "weeks.csv", index=False)
        learned = sim.learn(folder / "weeks.csv", "platform-team", worlds=1000)
        self.writes = {
            "result": lambda path: result.save(path, overwrite=True),
            "comparison": lambda path: comparison.save(path, overwrite=True),
            "learned": lambda path: learned.save(path, overwrite=True),
            "figure.png": lambda path: figures.save(result.plot(), path),
            "deck.md": lambda path: deck.save(path, overwrite=True),
            "deck.html": lambda path: deck.save(path, overwrite=True),
            "deck.pptx": lambda path: deck.save(path, overwrite=True),
        }
        self.whole, self.seconds = {}, {}
        for name, write in self.writes.items():
            start = time.monotonic()
            write(path := self.place(f"whole-{name}", name))
            self.seconds[name] = time.monotonic() - start
            self.whole[name] = contents(path.parent)

    def place(self, below, name):
        path = self.folder / below / name
        path.parent.mkdir(exist_ok=True)
        return path

    def kill(self, name, luck):
        """Kill one while it writes, often over an earlier one: what is wrong, or None."""
        shutil.rmtree(self.folder / "killed", ignore_errors=True)
        path = self.place("killed", name)
        if luck.random() < 0.7:
            self.writes[name](path)
        after = luck.uniform(0, self.seconds[name])
        killed(lambda: self.writes[name](path), after, luck.choice(SIGNALS))
        left = contents(path.parent)
        half = [part for part, data in left.items() if self.whole[name].get(part) != data]
        half += [] if is_whole_or_none(left, self.whole[name]) else ["some of its files"]
        if half:
            return f"{name}: half of {', '.join(half)} was left"
        self.writes[name](path)  # over whatever was left
        return None if contents(path.parent) == self.whole[name] else f"{name}: not mended"


def contents(folder):
    """The bytes of all files in a folder, hidden parts left out: path -> bytes."""
    named = ((p, p.relative_to(folder).parts) for p in folder.rglob("*") if p.is_file())
    return {
        "/".join(parts): p.read_bytes()
        for p, parts in named
        if not any(part[0] == "." for part in parts)
    }


def is_whole_or_none(left, whole):
    """Whether each file or folder that a writer makes is there whole or not at all."""
    tops = {part.split("/")[0] for part in left}
    return all(
        {p for p in left if p.split("/")[0] == top} == {p for p in whole if p.split("/")[0] == top}
        for top in tops
    )


def killed(work, after, sign):
    """Fork, work, and be killed so many seconds later: the exit status."""
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ready)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 2)
        os.write(tell, b"x")
        code = 1
        with contextlib.suppress(BaseException):
            work()
            code = 0
        os._exit(code)
    os.close(tell)
    os.read(ready, 1)
    os.close(ready)
    time.sleep(after)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, sign)
    return os.waitpid(child, 0)[1]


def kill_sweeps(folder, kills, luck):
    """Kill a sweep again and again, and let it end at last: what is wrong, a line each."""
    out = folder / "sweep"
    start = time.monotonic()
    whole = sim.sweep(plan(), SHARES, folder / "whole-sweep", **SWEEP)
    seconds = time.monotonic() - start
    for number in range(kills):
        if number % 8 == 0:
            shutil.rmtree(out, ignore_errors=True)
        after = luck.uniform(0, seconds)
        killed(lambda: sim.sweep(plan(), SHARES, out, **SWEEP), after, luck.choice(SIGNALS))
        if number % 8 == 7 or number == kills - 1:
            ended = sim.sweep(plan(), SHARES, out, **SWEEP)
            try:
                pd.testing.assert_frame_equal(ended.frame, whole.frame)
            except AssertionError:
                yield f"sweep: rows after {number + 1} kills are others"


def run(kills, seed, say=print):
    """Kill so many: list of what is wrong."""
    luck = random.Random(seed)
    warnings.simplefilter("ignore")  # of forks, and of files cut short
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writers, wrong = Writers(folder), []
        for number in range(kills - kills * 2 // 5):
            each = list(writers.writes)[number % len(writers.writes)]
            wrong += [fault] if (fault := writers.kill(each, luck)) else []
        wrong += kill_sweeps(folder, kills * 2 // 5, luck)
    say(f"{kills} kills, {len(wrong)} left half of something behind")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    wrong = run(asked.kills, asked.seed)
    print("\n".join(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
