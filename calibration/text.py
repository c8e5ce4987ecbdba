"""Calibration records as text a manager can read; nothing is estimated here."""

from calibration import work_text
from sim.report import grid


def check_text(check):
    """Published numbers beside the fit, held-out levels, label noise, the chain. check : Check"""
    return "\n".join([
        "Published numbers, and what the fit says of them (95% intervals)",
        *_targets(check.targets),
        "",
        "Held out: verified success of two levels, from a fit on levels 1, 3 and 5 only",
        *_held_out(check.held_out),
        "",
        "Label noise, a sensitivity: verified success by true level, were labels that often right",
        *_noise(check.label_noise),
        "",
        "How people work: published numbers, and what the engine says at rows of the posterior",
        *_work(check.work),
        *(f"- {row.name} is missed. {row.why}" for row in check.work.itertuples() if row.why),
        "",
        "What those numbers moved (medians and 95% intervals; contraction: share of variance gone)",
        *_moved_parameters(check.moved),
        "",
        _chain(check.diagnostics),
        *(f"- {caveat}" for caveat in check.caveats),
    ])  # fmt: skip


def _number(value, unit):
    return f"{value:.2f}" if unit.startswith("logit") else f"{100 * value:.1f}"


def _targets(table):
    rows = []
    for row in table.itertuples():
        value = [_number(x, row.unit) for x in (
            row.published, row.tolerance, row.median, row.low, row.high, row.study_low,
            row.study_high,
        )]  # fmt: skip
        published, tolerance, median, low, high, study_low, study_high = value
        rows.append((
            row.row, row.unit, f"{published} ± {tolerance}", median, f"{low} to {high}",
            f"{study_low} to {study_high}", "yes" if row.inside else "NO",
        ))  # fmt: skip
    head = ("row", "unit", "published", "fit", "curve", "a study like it", "inside")
    return grid(head, rows)


def _held_out(table):
    rows = [
        (
            f"{row.name} ({row.level})",
            f"{100 * row.published:.1f}",
            f"{100 * row.median:.1f}",
            f"{100 * row.low:.1f} to {100 * row.high:.1f}",
            f"{100 * row.band_low:.1f} to {100 * row.band_high:.1f}",
            f"{100 * row.share_inside:.0f}%",
            "yes" if row.median_inside else "NO",
            f"{100 * row.straight_line:.1f}",
        )
        for row in table.itertuples()
    ]
    head = (
        "level", "published %", "predicted", "95% interval", "band to meet", "draws inside",
        "median inside", "straight line",
    )  # fmt: skip
    return grid(head, rows)


def _work(table):
    return grid(work_text.TARGET_HEAD, work_text.targets({"checks": table.to_dict("records")}))


def _moved_parameters(table):
    rows = [
        (
            row.name, row.unit, _range(row.prior), _range(row.posterior),
            f"{row.contraction:z.2f} ± {1.96 * row.mc_error:.2f}", row.status,
        )
        for row in table.itertuples()
    ]  # fmt: skip
    return grid(("parameter", "unit", "prior", "posterior", "contraction", "rests on"), rows)


def _range(ends):
    low, median, high = (f"{value:.3g}" for value in ends)
    return f"{median} ({low} to {high})"


def _noise(table):
    names = list(dict.fromkeys(table["name"]))
    first = table[table["exact"] == table["exact"].iloc[0]]
    rows = [("as labelled", *(f"{100 * rate:.1f}" for rate in first["rate"]))]
    for exact, part in table.groupby("exact"):
        rows.append((f"{100 * exact:.0f}% right", *(f"{100 * r:.1f}" for r in part["true_rate"])))
    return grid(("labels", *names), rows)


def _chain(found):
    if not found:
        return "No chain behind this set."
    return (
        f"Chain: {found['walkers']} walkers of {found['steps']} steps, autocorrelation time "
        f"{found['autocorrelation']:.0f} steps, {found['effective']:,.0f} effective draws, "
        f"split R-hat {found['rhat']:.3f} (worst coordinate each)."
    )


def evidence_text(found):
    """What each row of evidence moved, and whether sources agree. found : Synthesis"""
    return "\n".join([
        "Each row left out in turn: what the others predict of it, and what it moves",
        *_rows(found.rows),
        "",
        "Sources, each held against all the others",
        *grid(
            ("source", "rows", "chi-square", "p", "verdict"),
            [
                (row.group, str(row.rows), f"{row.chi_square:.1f}", f"{row.p:.3f}", row.verdict)
                for row in found.groups.itertuples()
            ],
        ),
        "",
        "With every row",
        *grid(
            ("what", "unit", "median", "95% interval"),
            [
                (row.what, row.unit, f"{row.median:.2f}", f"{row.low:.2f} to {row.high:.2f}")
                for row in found.all_in.itertuples()
            ],
        ),
        "",
        _verdict(found),
    ])  # fmt: skip


def _rows(table):
    moved = [name for name in table if name.startswith("moved: ")]
    rows = []
    for row in table.to_dict("records"):
        value, others, low, high = (
            _number(row[key], row["unit"]) for key in ("value", "others", "low", "high")
        )
        rows.append((
            row["row"], row["unit"], value, f"{others} ({low} to {high})", f"{row['z']:+.1f}",
            row["verdict"], *(_moved(row[name]) for name in moved),
        ))  # fmt: skip
    head = ("row", "unit", "value", "the others say", "z", "verdict")
    return grid((*head, *(name.removeprefix("moved: ") for name in moved)), rows)


def _moved(value):
    return "–" if abs(value) < 0.005 else f"{value:+.2f}"


def _verdict(found):
    apart = [row.group for row in found.groups.itertuples() if row.verdict == "diverges"]
    if not apart:
        return "The sources converge: none is further from the others than their errors allow."
    return (
        f"The sources diverge on: {', '.join(apart)}. A row that diverges is reported, not "
        "dropped; widen its discount, with a reason, if it measures something else."
    )
