"""Panels on how people work: targets of stage two, and what they moved; nothing is estimated."""

from sim.figures.style import BLUE, GREY, INK, ORANGE, patch, percent


def targets(axes, table):
    """Each target: how far prior, full fit and the fit without it are from what was published.

    Distances are in standard deviations of the target: its own error and its discount.
    """
    for place, row in enumerate(table.itertuples(name="Row")):
        scale = (row.tolerance**2 + row.discount**2) ** 0.5 / 1.96
        low, high = ((end - row.published) / scale for end in row.band)
        axes.barh(
            place, high - low, left=low, height=0.7, color=GREY, alpha=0.35,
            label="Band to be met" if place == 0 else None,
        )  # fmt: skip
        for shift, ends, form, colour, label in (
            (-0.22, row.prior, "o", ORANGE, "Prior"),
            (0.0, row.left_out, "s", BLUE, "Fit without it"),
            (0.22, (row.low, row.median, row.high), "D", INK, "Full fit"),
        ):
            if ends is None:
                continue
            low, median, high = ((end - row.published) / scale for end in ends)
            axes.errorbar(
                [median], [place + shift], xerr=[[median - low], [high - median]], fmt=form,
                color=colour, capsize=2, markersize=4, label=label if place == 0 else None,
            )  # fmt: skip
    axes.axvline(0, color=BLUE, linewidth=1.5, label="Published")
    axes.set_yticks(
        range(len(table)),
        [
            f"{row.name}\n{row.published:g} {row.unit}".replace(" %", "%")
            for row in table.itertuples(name="Row")
        ],
        size=7.5,
    )
    axes.invert_yaxis()
    axes.set(title="How people work", xlabel="Model less published [sd of the target]")
    axes.set_xlim(-6, 6)
    axes.grid(axis="x", color=GREY, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.legend(loc="lower right", borderpad=0)


def moved(axes, table):
    """Share of each parameter's prior variance that the targets took, the most first."""
    shown = table[table["place"] == ""].sort_values("contraction", ascending=False)
    shown = shown[shown["status"] != "tier curves"]
    for place, row in enumerate(shown.itertuples()):
        axes.barh(
            place, 100 * row.contraction, xerr=196 * row.mc_error, height=0.7,
            color=BLUE if row.fitted else GREY, ecolor=INK, error_kw={"elinewidth": 0.8},
        )  # fmt: skip
    labels = [
        name.replace("_", " ") + (" (null check)" if status == "null check" else "")
        for name, status in zip(shown["name"], shown["status"], strict=True)
    ]
    axes.set_yticks(range(len(shown)), labels, size=7.5)
    axes.invert_yaxis()
    axes.set(title="What that narrowed", xlabel="Prior variance gone [%]")
    percent(axes.xaxis)
    axes.grid(axis="x", color=GREY, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.legend(
        handles=[patch(BLUE, "Fitted"), patch(GREY, "Assumption still")],
        loc="lower right", borderpad=0,
    )  # fmt: skip
