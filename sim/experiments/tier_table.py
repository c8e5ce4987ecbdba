"""Tier curves as text for a terminal: rates beside the published ones, and the outcome mix."""

import math

from sim.markup import grid

NAMES = ("novice", "beginner", "intermediate", "advanced-level", "expert")
MEASURES = {"verified": "verified", "judged": "judged done", "partial": "at least partial"}


def tiers_text(record):
    """The curves of a scenario as text: rates, outcomes, how to read them, caveats, provenance."""
    p, plan = record.provenance, record.scenario
    return "\n".join(
        (
            f"{plan.name}: how sessions with an agent end, by level of expertise",
            f"curves {p['curves']}, {p['draws']} draws, seed {p['seed']}",
            "",
            "First sessions as studied: average work, sizes, people and tool of the study",
            *grid(("level", "measure", "mean", "95% interval", "published"), _rates(record.rates)),
            "",
            f"First sessions on this scenario's tasks, engineers, tool {plan.tool.profile} at the",
            f"run's start, pieces of at most {plan.policy.scope_hours:g} expert-h",
            *grid(
                ("level", "work", "verified", "95% interval", "judged done", "95% interval",
                 "partial", "failed"),
                _outcomes(record.outcomes),
            ),
            "",
            "95% interval: over what is not known. Judged done: with or without hard evidence;",
            "verified: with tests, a commit or confirmation. Compare levels on one measure only.",
            "",
            "Keep in mind:",
            *(f"- {caveat}" for caveat in record.caveats),
            "",
            f"tiercurve {p['version']}, scenario {p['scenario_sha256'][:12]}, evidence "
            f"{p['evidence_sha256'][:12]}",
        )
    )  # fmt: skip


def _rates(table):
    return [
        (
            NAMES[row.level - 1], MEASURES[row.measure], _percent(row.mean),
            _span(row.ci_low, row.ci_high), _percent(row.published),
        )
        for row in table.itertuples()
    ]  # fmt: skip


def _outcomes(table):
    """Rows by level and work; judged done is the unverified outcome or better."""
    rows = []
    engineers = table[table["role"] == "engineer"]
    for (level, work), part in engineers.groupby(["level", "work"], sort=False):
        found = part.set_index("outcome")
        cells = []
        for outcome in ("verified", "unverified"):
            row = found.loc[outcome]
            cells += [_percent(row["at_least"]), _span(row["at_least_low"], row["at_least_high"])]
        rest = (_percent(found.loc[outcome, "mean"]) for outcome in ("partial", "failed"))
        rows.append((NAMES[level - 1], work, *cells, *rest))
    return rows


def _percent(share):
    return "-" if math.isnan(share) else f"{100 * share:.1f}%"


def _span(low, high):
    return f"{100 * low:.1f} to {100 * high:.1f}%"
