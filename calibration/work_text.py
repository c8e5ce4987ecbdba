"""The work posterior as text: targets with every fit, and what they moved. Plain data in.

`python -m calibration.work_text` writes the tables of the README anew, from what ships.
"""

import json
import math
from pathlib import Path

from sim.report import grid

HERE = Path(__file__).parent
TENSION = 0.1  # below it a target is named as one that pulls apart from the others

TARGET_HEAD = (
    "target", "unit", "published", "band", "prior", "full fit (95%)", "draws inside", "met",
    "left out (95%)", "tension p", "explained",
)  # fmt: skip
MOVED_HEAD = ("parameter", "unit", "prior (95%)", "posterior (95%)", "contraction", "moved")


def targets(data):
    """Rows of a table: each target's published value, prior, full fit, and fit without it."""
    return [
        (
            row["name"], row["unit"], f"{row['published']:g} ± {row['tolerance']:g}",
            f"{row['band'][0]:g} to {row['band'][1]:g}", f"{row['prior'][1]:.1f}",
            _interval((row["low"], row["median"], row["high"])), _percent(row["share_inside"]),
            met(row), _interval(row["left_out"]), _number(row["tension"]),
            _percent(row["explained"]) if row["by"] == "engine" else "equation",
        )
        for row in data["checks"]
    ]  # fmt: skip


def met(row):
    """Whether a target is met, and whether it was fitted to."""
    word = "yes" if row["inside"] else "NO"
    return word if row["fit"] else f"{word} (not fitted)"


def moved(data):
    """Rows of a table: prior, posterior and contraction of each parameter, the most first."""
    rows = sorted(data["contraction"], key=lambda row: (row["place"] != "", -row["contraction"]))
    return [
        (
            f"{row['name']} ({row['place']})" if row["place"] else row["name"], row["unit"],
            _range(row["prior"]), _range(row["posterior"]),
            f"{100 * row['contraction']:z.0f} ± {196 * row['mc_error']:.0f}%",
            f"{row['shift']:+.1f} sd",
        )
        for row in rows
    ]  # fmt: skip


def verdict(data):
    """Sentences on which targets are met, from how many draws, and what calibration says."""
    made, tested = data["provenance"], data["calibration"]
    fitted = [row for row in data["checks"] if row["fit"]]
    missed = [row for row in data["checks"] if not row["inside"]]
    stands = "stands" if tested["uniform"] else "IS REJECTED"
    yield (
        f"{sum(row['inside'] for row in fitted)} of {len(fitted)} targets that are fitted are met; "
        f"that is fit, not a pass. {made['points']:,} points in the bank, "
        f"{made['effective']:,.0f} effective draws, {made['distinct_rows']:,} distinct rows kept."
    )
    yield from (
        f"**{row['name']}** is missed: published {row['published']:g} {row['unit']}, fitted "
        f"{_interval((row['low'], row['median'], row['high']))}, "
        f"{_percent(row['share_inside'])} of draws inside. {row['miss']}"
        for row in missed
    )
    yield from (
        f"**{row['name']}** is in tension with all others (p = {row['tension']:.3f}): without it "
        f"they say {_interval(row['left_out'])}."
        for row in fitted
        if not _missing(row["tension"]) and row["tension"] < TENSION
    )
    yield (
        f"Simulation-based calibration: {tested['repetitions']} repetitions, uniformity {stands} "
        f"(least p {tested['least_p']:g})."
    )


def page(data):
    """Everything that the fit prints."""
    return "\n".join([
        *grid(TARGET_HEAD, targets(data)),
        "",
        *grid(MOVED_HEAD, moved(data)),
        "",
        *verdict(data),
    ])  # fmt: skip


def tables(data):
    """The tables of the README as Markdown, by the name of their marks."""
    return {
        "work-targets": _markdown(TARGET_HEAD, targets(data)),
        "work-verdict": "\n".join(f"- {sentence}" for sentence in verdict(data)),
        "work-parameters": _markdown(MOVED_HEAD, moved(data)),
    }


def _markdown(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def written(text, data):
    """A page with its tables in place, between `<!-- begin NAME -->` and `<!-- end NAME -->`."""
    for name, table in tables(data).items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{table}\n\n{end}{rest.split(end)[1]}"
    return text


def _interval(ends):
    if ends is None:
        return "–"
    low, median, high = ends
    return f"{median:.1f} ({low:.1f} to {high:.1f})"


def _range(ends):
    low, median, high = (f"{value:.3g}" for value in ends)
    return f"{median} ({low} to {high})"


def _percent(share):
    return "–" if _missing(share) else f"{100 * share:.0f}%"


def _number(value):
    return "–" if _missing(value) else f"{value:.3f}"


def _missing(value):
    return value is None or math.isnan(value)


def main():
    """Write the tables of the README anew."""
    data = json.loads((HERE / "posterior" / "work.json").read_text(encoding="utf-8"))
    page = HERE / "README.md"
    page.write_text(written(page.read_text(encoding="utf-8"), data), encoding="utf-8")


if __name__ == "__main__":
    main()
