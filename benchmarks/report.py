"""From the figures of the speed suite to the table of README.md and its plot."""

import json
import platform
import re
import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

HERE = Path(__file__).parent
BLUE, ORANGE = "#0072B2", "#E69F00"


def read(path):
    """Median seconds and extra figures of each benchmark, by its name."""
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    rows = {
        row["name"].removeprefix("test_"): row["extra_info"] | {"s": row["stats"]["median"]}
        for row in data["benchmarks"]
    }
    return rows, data["machine_info"]


def per_event(row):
    """Nanoseconds an event."""
    return 1e9 * row["s"] / row["events"]


def lines(rows):
    """(what, measured, target) of every row of the targets."""
    compiled, own, plain = (
        per_event(rows[name]) for name in ("compiled_clock", "own_mesa_clock", "plain_mesa")
    )
    one, two = (rows[f"thousand_worlds_of_twelve_people[{n}]"]["s"] for n in (1, 2))
    kernel, through = (rows[f"hundred_worlds_through_{n}"]["s"] for n in ("the_kernel", "run"))
    batch = rows["batch_run_of_plain_mesa"]
    ratio = (batch["s"] / batch["runs"]) / (kernel / 100)
    sobol, beside = rows["kernel_of_a_sobol_design"], rows["a_sobol_design_beside_its_kernel"]
    world = sobol["s"] / sobol["worlds"]
    whole = beside["runs"] * world / (one / two) + beside["s"]
    first = rows["first_run_on_a_machine"]["s"]
    start = rows["import"]["s"] - rows["bare_python"]["s"]
    return [
        ("compiled clock, one thread", f"{compiled:.0f} ns an event", "150, stretch 100"),
        ("events of a 26-week baseline run", f"{rows['compiled_clock']['events'] / 200:,.0f}", ""),
        ("draws an event, blocks of Philox (two numbers each)",
         f"{rows['luck_per_event']['blocks']:.2f}", ""),
        ("plain Mesa an event", f"{plain / 1000:.1f} µs", "6 µs where the targets were set"),
        ("plain Mesa against it, per event", f"{plain / compiled:.0f} times", "40 times or more"),
        ("own Mesa clock against plain Mesa", f"{own / plain:.1f} times", "4 times at most"),
        ("two threads against one", f"{one / two:.2f} times", "1.8 times or more"),
        ("12 people, 26 weeks, 1,000 worlds, two threads", f"{two:.2f} s", "under 1 s"),
        ("time from 6 to 200 people, as people to the power",
         f"{power(rows, 'growth_with_people', 'people'):.2f}", "near 1"),
        ("a sweep by Mesa's batch_run against ours, one core", f"{ratio:.0f} times", ""),
        ("overhead of `run` beside its kernel, 100 worlds", f"{through / kernel - 1:.0%}", ""),
        (f"a world of the Sobol design ({beside['factors']} factors, N = 1,024, 32 replications, "
         "13 weeks)",
         f"{1e6 * world:.0f} µs, {1e6 * beside['s'] / beside['runs']:.1f} µs beside it", ""),
        ("that design on two threads, from these", f"{whole:.0f} s, {beside['peak_mb']:.0f} MB",
         "90 s, 1 GB"),
        ("setting up 1,000 draws", f"{1e3 * rows['setting_up_a_thousand_draws']['s']:.0f} ms", ""),
        ("memory beside the rows, 100,000 worlds",
         f"{rows['memory_does_not_grow_with_worlds']['beside_rows_mb']:.0f} MB", ""),
        ("`import sim`, beside Python itself", f"{start:.2f} s", "0.3 s"),
        ("`tiercurve --help`", f"{rows['help']['s']:.2f} s", "0.4 s"),
        ("first run on a machine, compile included",
         f"{first:.0f} s", "45 s"),
        ("compiling with each rule on its own, against that",
         f"{rows['first_run_with_each_rule_on_its_own']['s'] / first:.1f} times", ""),
        ("later runs", f"{rows['later[run platform-team]']['s']:.1f} s", "1.5 s"),
        ("later comparisons of two",
         f"{rows['later[compare no-tool platform-team]']['s']:.1f} s", "2 s"),
        ("`sim.run` in a fresh process", f"{rows['later_run_from_python']['s']:.1f} s", ""),
        ("`sim.ask`: 20 worlds of a plan and its reference",
         f"{1e3 * rows['twenty_worlds_asked_for']['s']:.0f} ms", "60 ms"),
        ("summary of a comparison of 200 worlds",
         f"{1e3 * rows['summary_of_a_comparison']['s']:.0f} ms", "20 ms"),
        ("summary of a decision among three, 100 draws",
         f"{1e3 * rows['summary_of_a_decision']['s']:.0f} ms", "100 ms"),
    ]  # fmt: skip


def parts(rows):
    """(variant of the baseline, microseconds a world, nanoseconds an event)."""
    base = rows["compiled_clock"]
    found = [("the baseline", 1e6 * base["s"] / 200, per_event(base))]
    for name, row in rows.items():
        if name.startswith("part["):
            each = f"{per_event(row):.0f}" if row["events"] > 100 * 50 else "–"
            found.append((name[5:-1], 1e6 * row["s"] / 100, each))
    return found


def grown(rows, family, key):
    """x and seconds of a family of benchmarks."""
    found = [(row[key], row["s"]) for name, row in rows.items() if name.startswith(family)]
    return zip(*sorted(found), strict=True)


def power(rows, family, key):
    """Slope of log time by log size: 1 where time grows in proportion."""
    x, y = grown(rows, family, key)
    return np.polyfit(np.log(x), np.log(y), 1)[0]


def growth_title(rows):
    """What the plot shows."""
    people, weeks, worlds = (
        power(rows, family, key)
        for family, key in (
            ("growth_with_people", "people"), ("growth_with_the_horizon", "weeks"),
            ("growth_with_worlds", "worlds"),
        )
    )  # fmt: skip
    return (
        f"Time grows as people to the power {people:.2f}, weeks {weeks:.2f} and worlds {worlds:.2f}"
    )


def plot(rows, path):
    """Growth with people, horizon and worlds, on log axes beside a straight line."""
    figure = Figure(figsize=(11, 3.8), layout="constrained")
    figure.suptitle(growth_title(rows), x=0.01, ha="left", weight="bold", size=14)
    for axes, (family, key, label) in zip(
        figure.subplots(1, 3),
        (
            ("growth_with_people", "people", "Team [people], 10 worlds of 26 weeks"),
            ("growth_with_the_horizon", "weeks", "Horizon [weeks], 20 worlds of 9 people"),
            ("growth_with_worlds", "worlds", "Worlds, of 9 people and 26 weeks"),
        ),
        strict=True,
    ):
        x, y = grown(rows, family, key)
        axes.loglog(x, [y[0] * at / x[0] for at in x], color=ORANGE, label="in proportion",
                    linestyle=(0, (4, 2)))  # fmt: skip
        axes.loglog(x, y, "o", color=BLUE, label="measured")
        axes.set(xlabel=label, ylabel="CPU time [s]", xticks=x, xticklabels=x)
        axes.minorticks_off()
        axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(path, dpi=130)


def table(head, body):
    """A Markdown table."""
    rows = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)


def main(path):
    """Write the tables between the marks in README.md, and the plot beside it."""
    rows, machine = read(path)
    plot(rows, HERE / "growth.png")
    cpu = machine.get("cpu", {}).get("brand_raw", platform.machine())
    where = f"{cpu}, {machine['cpu'].get('count', '?')} cores, Python {machine['python_version']}"
    costs = [(name, f"{us:.0f}", each if isinstance(each, str) else f"{each:.0f}")
             for name, us, each in parts(rows)]  # fmt: skip
    text = "\n\n".join((
        f"Measured on: {where}; a shared machine, so read the ratios.",
        table(("what", "measured", "target"), lines(rows)),
        table(("the baseline, and without a part", "µs a world", "ns an event"), costs),
    ))  # fmt: skip
    readme = HERE / "README.md"
    old = readme.read_text(encoding="utf-8")
    marked = f"<!-- figures -->\n\n{text}\n\n<!-- end of figures -->"
    new = re.sub(r"<!-- figures -->.*<!-- end of figures -->", lambda _: marked, old, flags=re.S)
    readme.write_text(new, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1])
