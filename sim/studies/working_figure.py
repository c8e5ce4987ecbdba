"""Figure of the study ways-of-working."""

from sim.figures.style import (
    BLUE,
    HEIGHT,
    INK,
    ORANGE,
    VERMILLION,
    WIDTH,
    ShownFigure,
    frame,
    styled,
)
from sim.records import provenance
from sim.studies import working

USES = {"always": (BLUE, "o"), "pays": (ORANGE, "s"), "never": (VERMILLION, "^")}
SHIFT = {"always": -0.22, "pays": 0.0, "never": 0.22}
SAID = {"always": "agent always", "pays": "if it pays", "never": "never"}


@styled
def working_figure(study):
    """Work against the usual way by scope and use of the agent, a panel a number of sessions."""
    figure = ShownFigure(figsize=(WIDTH, HEIGHT))
    notes = [
        f"Baseline's nine people over {working.WEEKS} weeks. Ring: the usual way, "
        f"{working.label(tuple(working.USUAL.values()))}. Star: most expected. Bars: 95% interval "
        "of the relative difference of the expectation, over what is not known.",
        provenance.footnote(study.provenance, study.name),
    ]
    frame(figure, study.title, [], notes)
    table = study.tables["settings"]
    work, top = table[table["metric"] == working.METRICS[0]], working.best(table)
    counts = working.LEVERS["policy.parallel_sessions"]
    panels = figure.subplots(1, len(counts), sharey=True)
    for axes, count in zip(panels, counts, strict=True):
        _panel(axes, work[work["parallel_sessions"] == count], count)
        if top["parallel_sessions"] == count:
            x = _place(top["scope_hours"], top["agent_use"])
            axes.plot(x, top["percent"], "*", color=INK, markersize=17, zorder=4)
    usual = _place(working.USUAL["policy.scope_hours"], working.USUAL["policy.agent_use"])
    panels[0].plot(usual, 0, "o", color="none", markeredgecolor=INK, markersize=15)
    panels[0].set_ylabel("Work delivered, against the usual way [%]")
    panels[1].legend(loc="lower center", ncol=3, columnspacing=0.8, handletextpad=0.1)
    low, high = panels[0].get_ylim()
    panels[0].set_ylim(low - 0.12 * (high - low), high)  # room for the legend
    return figure


def _place(scope, use):
    """Where a setting stands on the axis of scopes."""
    return working.LEVERS["policy.scope_hours"].index(scope) + SHIFT[use]


def _panel(axes, table, count):
    axes.axhline(0, color=INK, linewidth=1)
    for use, (colour, marker) in USES.items():
        mine = table[table["agent_use"] == use]
        x = [_place(scope, use) for scope in mine["scope_hours"]]
        axes.vlines(x, mine["percent_low"], mine["percent_high"], color=colour, linewidth=1.6)
        axes.plot(x, mine["percent"], marker, color=colour, markersize=7, label=SAID[use])
    scopes = working.LEVERS["policy.scope_hours"]
    axes.set_xticks(range(len(scopes)), [f"{hours:g}" for hours in scopes])
    axes.set_title(f"{count} session{'s' if count > 1 else ''} at once")
    axes.set_xlabel("Scope of a session [expert-h]")
