"""A sweep as text for a terminal."""

from sim.engine import metrics
from sim.markup import between, cell, grid, number, span
from sim.records.words import rounded

MOST_ROWS = 15  # points in a cell
SHOWN = 12  # points, unless all are asked for


def sweep_text(found, metric="work_delivered", everything=False):
    """The answer of a sweep: points from the best down, how to read them, caveats, provenance."""
    table = found.best(metric)
    shown = table if everything else table.head(SHOWN)
    head = ("point", *found.factors, "mean", "95% interval", "best expected", "best in a world")
    rows = [
        (
            int(row["point"]),
            *(value(row[path]) for path in found.factors),
            number(row["mean"]),
            span(row["ci_low"], row["ci_high"]),
            chance(row, "p_best_expected"),
            chance(row, "p_best_world"),
        )
        for _, row in shown.iterrows()
    ]
    m, p = found.manifest, found.provenance
    hidden = len(table) - len(shown)
    return "\n".join(
        (
            f"{m['name']}: {len(found.points)} points of {', '.join(found.factors)}, "
            f"{p['draws']} draws x {p['luck']} luck",
            f"{metric} [{metrics.UNITS[metric]}], from the best mean down",
            "",
            *grid(head, rows),
            *([f"{hidden} more points; --all shows them"] if hidden else []),
            "",
            "best expected: probability, over what is not known, that the expected output of this",
            "point is the best of all; best in a world: share of worlds in which it came out best.",
            "Each with its 95% interval; '-' where it cannot be told.",
            "",
            "Keep in mind:",
            *(f"- {caveat}" for caveat in found.caveats),
            "",
            f"tiercurve {p['version']}, seed {p['seed']}, curves {p['curves']}, scenario "
            f"{p['scenario_sha256'][:12]}, evidence {p['evidence_sha256'][:12]}",
        )
    )


def value(stated):
    """A value of a factor, short."""
    return f"{stated:.6g}" if isinstance(stated, float) else str(stated)


def chance(row, name):
    """A probability with its interval, in percent."""
    if row[name] != row[name]:
        return "-"
    return f"{row[name]:.0%} ({row[f'{name}_low']:.0%} to {row[f'{name}_high']:.0%})"


def replay_text(replay, path):
    """What a replayed row is, in a few lines."""
    row = replay.row
    about = f"{path}: point {row['point']}, draw {row['draw']}, luck {row['luck']}"
    if replay.scenario is None or not len(replay.trace):
        return f"{about}: fails as it did: {row['error']}"
    return f"{about}: run again, all {len(metrics.NAMES)} metrics as stored"


def sweep_cell(record):
    """A notebook cell: sentences, a table, a figure and caveats, as HTML."""
    table = record.best().head(MOST_ROWS)
    rows = []
    for _, row in table.iterrows():
        mean, low, high = rounded(*row[["mean", "ci_low", "ci_high"]])
        levers = (value(row[path]) for path in record.factors)
        odds = chance(row, "p_best_expected")
        rows.append((int(row["point"]), *levers, mean, between(low, high), odds))
    head = ("point", *record.factors, "work_delivered [expert-h]", "95% interval", "best expected")
    hidden = len(record.points) - len(table)
    lines = [repr(record).strip("<>"), *([f"{hidden} more points."] if hidden > 0 else [])]
    return cell(lines, head, rows, record.plot(), record.caveats)
