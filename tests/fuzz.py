"""No tests: mistakes in files of every kind, guided by the lines of the readers that they reach.

    uv run python tests/fuzz.py --inputs 100000 --minutes 15

Each reader has its share of the time. An input that reaches a line no other has reached is kept,
and further mistakes are made in it. A reader must give a record or its documented error, on a line,
within 10 s and 1 GB. What broke one is written to --out, a file an input.
"""

import argparse
import contextlib
import json
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import warnings
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from fuzzing import TROUBLE, is_one_clear_line, put, spots
from whole import test_fuzz_records, test_fuzz_texts

import sim
from sim import embed
from sim.errors import CheckError

SECONDS, MEMORY = 10, 1_000_000_000  # of one input; seconds of work, however busy the machine is
HANGS = 600  # seconds after which one that waits for something is ended
KEPT = 300  # inputs of a reader in which further mistakes are made
PACKAGES = tuple(str(Path(sim.__file__).parents[1] / name) for name in ("sim", "calibration"))
VALUES = (
    None, True, -1, 0, 10**30, 10**400, 1 << 63, 1e300, float("nan"), float("-inf"), "", "\x00",
    "9" * 30, "../../etc/passwd", [], {}, [[]], [None], {"": None}, [1] * 50, {"a": {"a": {}}},
)  # fmt: skip


class Late(BaseException):
    """An input that took longer than it may."""


# ---- lines that are reached ----------------------------------------------------------------------


class Lines:
    """Counts lines of the project that were never reached before; each is told once."""

    def __init__(self):
        self.count = 0
        self.tool = sys.monitoring.COVERAGE_ID
        sys.monitoring.use_tool_id(self.tool, "fuzz")
        event = sys.monitoring.events.LINE
        sys.monitoring.register_callback(self.tool, event, self._reached)
        sys.monitoring.set_events(self.tool, event)

    def _reached(self, code, _line):
        self.count += code.co_filename.startswith(PACKAGES)
        return sys.monitoring.DISABLE

    def close(self):
        sys.monitoring.set_events(self.tool, 0)
        sys.monitoring.free_tool_id(self.tool)


# ---- mistakes ------------------------------------------------------------------------------------


def spoilt(data, luck):
    """Bytes after some mistakes: pieces cut, doubled, replaced, put in."""
    for _ in range(luck.choice((1, 1, 2, 4))):
        begin = luck.randint(0, len(data))
        end = min(len(data), begin + luck.choice((0, 0, 1, 1, 4, 30, 10_000)))
        piece = (luck.choice(TROUBLE), luck.randbytes(luck.randint(0, 8)), data[begin:end] * 2)
        data = data[:begin] + luck.choice(piece) + data[end:]
    return data


def distorted(data, luck):
    """A JSON text with some of its values replaced, taken out or added; None where it is none."""
    with contextlib.suppress(ValueError, RecursionError):
        value = json.loads(data)
        for _ in range(luck.choice((1, 1, 2, 3))):
            where = luck.choice(list(spots(value)))
            value = put(
                value, where, luck.choice(("set", "set", "drop", "add")), luck.choice(VALUES)
            )
        return json.dumps(value).encode()
    return None


def changed(inputs, luck):
    """One of some inputs after mistakes, or the start of one with the end of another."""
    data = luck.choice(inputs)
    if luck.random() < 0.5 and data[:1] in (b"{", b"[") and (other := distorted(data, luck)):
        return other
    if luck.random() < 0.1:
        other = luck.choice(inputs)
        return data[: luck.randint(0, len(data))] + other[luck.randint(0, len(other)) :]
    return spoilt(data, luck)


# ---- readers -------------------------------------------------------------------------------------


class Reader:
    """A reader of one kind of file.

    name    of the kind
    path    of the file that is read
    read    reads it and uses what it gives
    errors  that it may raise
    inputs  in which mistakes are made, the sound one first
    """

    def __init__(self, name, path, read, errors):
        self.name, self.path, self.read, self.errors = name, path, read, errors
        self.inputs = [path.read_bytes()]
        self.seconds, self.count, self.refused = 0.0, 0, 0

    def try_one(self, data):
        """Read an input: what is wrong, or None."""
        self.path.write_bytes(data)
        self.count += 1
        start = time.monotonic()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        signal.setitimer(signal.ITIMER_REAL, HANGS)
        try:
            self.read()
        except self.errors as error:
            self.refused += 1
            try:
                is_one_clear_line(error)
            except AssertionError:
                text = str(error)
                longest = max(map(len, text.splitlines()), default=0)
                lines = f"{len(text.splitlines())} lines, the longest of {longest:,}"
                return f"not one clear line ({lines}): {text[:200]!r}"
        except Late:
            return f"over {SECONDS} s"
        except MemoryError:
            return f"over {MEMORY / 1e9:g} GB"
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:200]}"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.seconds += time.monotonic() - start
        return None


def texts(folder):
    """A Reader of every kind of text file."""
    for name, (read, data, errors) in test_fuzz_texts.READERS.items():
        path = folder / name
        path.write_bytes(data)
        yield Reader(name, path, lambda read=read, path=path: read(path), errors)
    (folder / "plan.toml").write_text('question = "?"\n[tool]\nprofile = "tool.toml"\n')
    (folder / "tool.toml").write_bytes(test_fuzz_texts.TOOL)
    yield Reader(
        "tool", folder / "tool.toml", lambda: sim.load(folder / "plan.toml"), sim.ScenarioError
    )


def readers(folder):
    """A Reader of every kind of file that the project reads."""
    yield from texts(folder)
    records = test_fuzz_records.sound_records(folder / "saved") | _long_records(folder / "saved")
    for kind, (read, saved, errors) in records.items():
        use = test_fuzz_records.USES.get(kind, _whole)
        for name in test_fuzz_records.files(saved):
            own = folder / f"{kind}-{str(name).replace('/', '-')}"
            shutil.copytree(saved, own)
            yield Reader(
                own.name, own / name, lambda use=use, read=read, own=own: use(read(own)), errors
            )
    yield from _carriers(folder)


def _long_records(folder):
    """Records that take too long to make for CI, as `sound_records` gives its own."""
    weeks = [(f"{date(2026, 1, 5) + timedelta(weeks=n)}", 12 + n % 7) for n in range(40)]
    pd.DataFrame(weeks, columns=["week", "closed"]).to_csv(folder / "weeks.csv", index=False)
    plan = sim.load("platform-team").replace({"horizon.weeks": 2, "team": {"expert": 1}})
    plans = {"a": plan, "b": plan.replace({"team.expert": 2})}
    sim.learn(folder / "weeks.csv", "platform-team", worlds=1000).save(folder / "learning")
    sim.robustness(plans, draws=20, luck=2).save(folder / "robustness")
    return {
        "learning": (sim.Learning.load, folder / "learning", sim.LearnError),
        "robustness": (sim.Robustness.load, folder / "robustness", sim.CompareError),
    }


def _whole(record):
    return record.summary(), record.text(), record.to_json(), repr(record)


def _carriers(folder):
    """Readers of figures, pages and decks that carry a record, and of the record alone."""
    plan = sim.load("baseline").replace({"horizon.weeks": 2})
    result = sim.run(plan, draws=10, luck=1, seed=1)
    record = result.run_record()
    for suffix in (".png", ".svg", ".pdf"):
        sim.figures.save(result.plot(), folder / f"figure{suffix}")
    claim = record.claims[0]
    (folder / "page.html").write_text(f"<body><p>Work {embed.span(claim)}</p></body>")
    (folder / "page.md").write_text(f"# Work\n\n{embed.span(claim)}, 3 seats\n")
    deck = {"title": "T", "question": "Q?", "draws": 50, "weeks": 2, "analyses": [],
            "plans": [{"scenario": "baseline"}, {"scenario": "no-tool"}]}  # fmt: skip
    sim.deck(deck, folder / "deck.pptx", threads=1)
    for name in ("page.html", "page.md"):
        embed.attach(folder / name, record)
    for name in ("figure.png", "figure.svg", "figure.pdf", "page.html", "page.md", "deck.pptx"):
        path = folder / name
        yield Reader(name, path, lambda path=path: embed.read(path), CheckError)
    path = folder / "record.json"
    path.write_text(embed.seal([record], stated=[["9 people"]]))
    yield Reader(
        "record.json", path, lambda: embed.unseal(path.read_text("utf-8", "replace")), CheckError
    )


# ---- the run -------------------------------------------------------------------------------------


def run(inputs, minutes=None, seed=1, out=None, say=print, kinds=readers, only=""):
    """Make so many mistakes, or as many as there are minutes for: what was wrong, a line each.

    minutes : readers then have as much time each; else as many mistakes each, always the same
    kinds : gives the readers, from a folder for their files
    only : words, one of which the names of readers begin with; empty for all readers
    """
    luck, wrong = random.Random(seed), {}
    warnings.simplefilter("ignore")  # numbers that make no sense may overflow
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, _late)
    with contextlib.ExitStack() as stack:
        every = list(kinds(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        every = [one for one in every if one.name.startswith(tuple(only.split()) or "")]
        stack.enter_context(_bounded_memory())
        for reader in every:
            if fault := reader.try_one(reader.inputs[0]):
                wrong[reader.name, fault] = reader.inputs[0]
            reader.seconds = 0.0  # of imports above all
        lines, end = Lines(), time.monotonic() + 60 * (minutes or 1e9)
        try:
            while sum(reader.count for reader in every) < inputs and time.monotonic() < end:
                reader = min(every, key=lambda reader: reader.seconds if minutes else reader.count)
                _try(reader, luck, lines, wrong)
        finally:
            lines.close()
        for reader in every:
            say(
                f"{reader.name:40} {reader.count:7,} inputs, {reader.refused:7,} refused, "
                f"{len(reader.inputs):4} kept, {1000 * reader.seconds / reader.count:7.1f} ms each"
            )
    _keep(wrong, out)
    total = sum(reader.count for reader in every)
    say(f"{total:,} inputs, {len(every)} readers, {lines.count:,} new lines, {len(wrong)} faults")
    return [f"{name}: {fault}" for name, fault in wrong]


def _try(reader, luck, lines, wrong):
    data, before = changed(reader.inputs, luck), lines.count
    if fault := reader.try_one(data):
        wrong.setdefault((reader.name, fault), data)
    elif lines.count > before and data not in reader.inputs and _has_room(reader, data):
        reader.inputs.append(data)


def _has_room(reader, data):
    return len(reader.inputs) < KEPT and len(data) < 1_000_000


def _late(*_):
    raise Late


@contextlib.contextmanager
def _bounded_memory():
    """Within it the process may take so much more memory than it has; then it is a MemoryError."""
    pages = int(Path("/proc/self/statm").read_text().split()[5])  # of data, not of what is mapped
    before = resource.getrlimit(resource.RLIMIT_DATA)
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_DATA, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _keep(wrong, out):
    if out is None:
        return
    Path(out).mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(wrong.values()):
        (Path(out) / f"fault-{number}").write_bytes(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", help="Folder for inputs that broke a reader.")
    parser.add_argument("--only", default="", help="Begins of names of readers, all by default.")
    wrong = run(**vars(parser.parse_args()))
    print("\n".join(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
