"""Which mix of novices, intermediates and experts delivers most, per week and per pay."""

import numpy as np
import pandas as pd

from sim.analysis import estimates, value
from sim.analysis.best import best as best_expected
from sim.engine import luck as luck_of
from sim.experiments import differences, limits
from sim.experiments.decide import mixes
from sim.experiments.run import groups_of
from sim.experiments.sensitivity.factors import MIXED
from sim.experiments.sensitivity.factors import mixes as counts_of
from sim.figures.style import BLUE, GREY, INK, ORANGE, VERMILLION, is_inset, styled
from sim.records.words import decimals, estimate, numerical_error, percent, too_close
from sim.studies.study import each, framed, plan, study_of, values

NAME = "composition"
AS_IS = "the team as it is"  # against which each mix is held, in the same worlds
METRIC = "work_per_dev_week"
QUESTION = "Which mix of novices, intermediates and experts delivers most, per week and per pay?"
PEOPLE, WEEKS = 8, 26
SHARES = (0.1, 0.3, 0.6)  # of arriving tasks that are advanced work
ODDS = {"work": "p_best", "per_pay": "p_best_paid"}  # what is most -> its probability of being so
LIKELY = 0.05  # probability of being best from which a mix is ringed, and not ruled out
RATIOS = np.round(np.arange(1.0, 4.01, 0.05), 2)  # an expert's pay over a novice's
STATED = 2.0  # the ratio that is mapped
RESAMPLES = 500
MAPPED = ("mixes", "ratios", "moves")  # tables with rows of each share of advanced work


def runs(base=None, shares=SHARES):
    """Plans that run over all draws and luck: pairs of (one of them, how many alike)."""
    base = base_of(plan("mission-team") if base is None else base)
    team = {"team": {level: PEOPLE if level == MIXED[1] else 0 for level in MIXED}}
    return [(base.replace(team), len(shares) * (1 + len(counts_of(PEOPLE))))]


def run(draws=100, luck=2, seed=1, threads=None, progress=None, base=None, shares=SHARES):
    """The study: `Study` with tables `mixes`, `ratios`, `moves` and `team`.

    base : Scenario, optional, whose work, tool and policies the mixes have; see `base_of`
    shares : of advanced work among arriving tasks
    """
    base = base_of(plan("mission-team") if base is None else base)
    named = {AS_IS: base, **mixes(base, PEOPLE)}
    work = [
        _work(named, share, draws, luck, seed, threads, tell)
        for share, tell in each(shares, progress)
    ]
    key = luck_of.key_of(seed)
    groups = groups_of(base, seed, draws)
    parts = [_share(share, named, y, key, groups) for share, y in zip(shares, work, strict=True)]
    tables = {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in MAPPED}
    tables["team"] = team_of(base)
    title = _title(tables, shares)
    sentences = title, (f"{title}.", *(_sentence(tables, share) for share in shares))
    return study_of(NAME, QUESTION, base, (seed, draws, luck), sentences, tables)


def base_of(scenario):
    """The plan that the mixes are made of: over WEEKS, nobody trained, joining or leaving."""
    return scenario.replace(
        {
            "horizon.weeks": WEEKS, "people": [], "joiners": [], "leavers": [], "trainings": [],
            "training.seats": 0,
        }
    )  # fmt: skip


def _work(named, share, draws, luck, seed, threads, tell):
    """Work per developer-week (1 + mixes, draws, luck) at one share of advanced work."""
    changed = {label: one.replace({"tasks.advanced_share": share}) for label, one in named.items()}
    return values(changed, [METRIC], seed, draws, luck, threads, tell)[..., 0]


def pay(ratio):
    """Mean pay of each mix, in novices' pay; an intermediate's lies half-way in proportion."""
    levels = np.array([1.0, np.sqrt(ratio), ratio])
    return np.array(counts_of(PEOPLE)) @ levels / PEOPLE


def best(mean, ratio):
    """Place of the mix that delivers most per pay; mean (..., mixes)."""
    return (mean / pay(ratio)).argmax(axis=-1)


def _share(share, named, y, key, groups):
    """Tables of one share of advanced work; y (1 + mixes, draws, luck) of plans, as it is first."""
    held = [differences.row_of(METRIC, y[0], one, groups=groups) for one in y[1:]]
    named, y = dict(list(named.items())[1:]), y[1:]
    labels, means = list(named), y.mean(axis=2)
    rng = np.random.default_rng(key)
    places = rng.integers(y.shape[1], size=(RESAMPLES, y.shape[1]))
    drawn = np.stack([means[:, p].mean(axis=1) for p in places])
    rows = [limits.estimate(plan, METRIC, one) for plan, one in zip(named.values(), y, strict=True)]
    names = {"mean": "work", "ci_low": "low", "ci_high": "high", "mc_error": "error"}
    table = pd.DataFrame(rows, columns=estimates.COLUMNS)[list(names)].rename(columns=names)
    table.insert(0, "advanced_share", share)
    table.insert(1, "mix", labels)
    for level, column in zip(MIXED, np.array(counts_of(PEOPLE)).T, strict=True):
        table[level] = column
    for column, name in HELD.items():
        table[column] = [row[name] for row in held]
    for name, ratio in (("p_best", 1.0), ("p_best_paid", STATED)):
        columns = [name, f"{name}_low", f"{name}_high"]
        table[columns] = best_expected(y / pay(ratio)[:, None, None])
    table["per_pay"] = table["work"] / pay(STATED)
    for name, ratio in (("optimism", 1.0), ("optimism_paid", STATED)):
        table[name] = value.chosen(y / pay(ratio)[:, None, None], key).optimism
    mean = means.mean(axis=1)
    ratios = pd.DataFrame(
        [
            {
                "advanced_share": share, "ratio": ratio, "mix": labels[best(mean, ratio)],
                "agree": float((best(drawn, ratio) == best(mean, ratio)).mean()),
                **dict(zip(MIXED, counts_of(PEOPLE)[best(mean, ratio)], strict=True)),
            }
            for ratio in RATIOS
        ]
    )  # fmt: skip
    moves = np.array([_move(one) for one in (mean, *drawn)])
    ends = np.quantile(moves[1:], [0.025, 0.975], method="inverted_cdf")
    row = {"advanced_share": share, "ratio": moves[0], "low": ends[0], "high": ends[1]}
    return {"mixes": table, "ratios": ratios, "moves": pd.DataFrame([row])}


# Columns of `mixes` that hold a mix against the team as it is, and how `compare` names them.
HELD = {
    "difference": "mean", "difference_low": "ci_low", "difference_high": "ci_high",
    "difference_error": "mc_error", "p_better": "p_better_expected",
}  # fmt: skip


def _move(mean):
    """Pay ratio from which another mix is best per pay than at equal pay; inf for never."""
    first = best(mean, RATIOS[0])
    moved = [ratio for ratio in RATIOS if best(mean, ratio) != first]
    return moved[0] if moved else np.inf


def best_mix(tables, share, column):
    """Row of `mixes` that is expected to deliver most, by "work" or "per_pay".

    Its work, interval, work per pay and difference to the team as it is are less what they owe to
    being the best of all mixes; studies that an earlier version saved do not know that.
    """
    table = tables["mixes"]
    table = table[table["advanced_share"] == share]
    row = table.loc[table[column].idxmax()].copy()
    off = row.get("optimism" if column == "work" else "optimism_paid", 0.0)
    off *= row["work"] / row[column]  # in expert-h
    row["per_pay"] *= 1 - off / row["work"]
    row[["work", "low", "high"]] -= off
    if "difference" in row:
        row[["difference", "difference_low", "difference_high"]] -= off
    return row


def _title(tables, shares):
    week, paid = (
        _by_share([people(best_mix(tables, share, column)["mix"]) for share in shares], shares)
        for column in ("work", "per_pay")
    )
    paid = f"per pay, with experts at {STATED:g} times a novice's, by {paid}"
    told = f"Per week most is delivered by {week}; {paid}"
    close = any(is_close(tables, share, column) for share in shares for column in ODDS)
    return too_close(told) if close else told


def _by_share(mixes_, shares):
    if len(set(mixes_)) == 1:
        return mixes_[0]
    return ", ".join(
        f"{mix} ({share:.0%} advanced)" for mix, share in zip(mixes_, shares, strict=True)
    )


def people(mix):
    """A mix in words: "8 expert-level people"."""
    return " and ".join(f"{part}-level" for part in mix.split(" + ")) + " people"


def _sentence(tables, share):
    row = best_mix(tables, share, "work")
    work, ends = estimate(row["work"], row["low"], row["high"], error=row["error"])
    moves = tables["moves"].set_index("advanced_share").loc[share]
    paid = best_mix(tables, share, "per_pay")
    told = (
        f"With {share:.0%} advanced work {people(row['mix'])} deliver most per developer-week: "
        f"{work} expert-h (95% interval of the expectation {ends}), {_held(row)}, and are "
        f"expected best with probability {percent(row['p_best'])}. {_counts(tables, share)} Per "
        f"pay, {_moves(moves)}; at "
        f"{STATED:g} times a novice's pay for an expert, {people(paid['mix'])} are expected best "
        f"with probability {percent(paid['p_best_paid'])}."
    )
    return too_close(told) if is_close(tables, share) else told


def is_close(tables, share, column="work"):
    """Whether the best mix is too close to call: another is as likely as the rings of a map ask."""
    table = tables["mixes"]
    odds = table.loc[table["advanced_share"] == share, ODDS[column]]
    return int((odds >= LIKELY).sum()) > 1


def _held(row):
    """The best mix against the team as it is, in the same worlds."""
    ends = row["difference_low"], row["difference_high"]
    gain, span = estimate(row["difference"], *ends, signs=True, error=row["difference_error"])
    return f"{gain} against {AS_IS} in the same worlds (95% interval {span})"


def _counts(tables, share):
    """How many mixes are shown to deliver more, or less, than the team as it is: a sentence."""
    table = tables["mixes"]
    table = table[table["advanced_share"] == share]
    more, less = (table["difference_low"] > 0).sum(), (table["difference_high"] < 0).sum()
    close = len(table) - more - less
    return (
        f"Of {len(table)} mixes {more} are shown to deliver more than {AS_IS}, {less} less; "
        f"{close} are too close to call, each by its 95% interval."
    )


def _moves(row):
    most = f"never up to a ratio of {RATIOS[-1]:g}"
    numbers = row["ratio"], row["low"], row["high"]
    if np.isinf(row["ratio"]):
        return f"the best mix moves {most} of an expert's pay to a novice's"
    at, *texts = decimals(*numbers, places=2, error=numerical_error(*numbers))
    ends = [most if np.isinf(n) else text for n, text in zip(numbers[1:], texts, strict=True)]
    return (
        f"the best mix moves once an expert is paid {at} times a novice (95% "
        f"numerical interval {ends[0]} to {ends[1]})"
    )


LEVELS = {
    "novice": (VERMILLION, (0, (1, 1))),
    "intermediate": (BLUE, "-"),
    "expert": (INK, (0, (5, 2))),
}
BREAK = {True: "\n", False: " "}  # of labels, which have less room in one row
ROWS = (("per developer-week", "work"), ("per pay", "per_pay"))  # title, column mapped


@styled
def figure(study):
    """A map for each share of advanced work: work per week above, per pay below.

    An inset has the maps of the share in the middle.
    """
    note = (
        f"Maps: each dot is a mix of {PEOPLE} people over {WEEKS} weeks; per pay with an "
        f"expert at {STATED:g} times a novice's and an intermediate half-way, in proportion "
        "(assumptions). Star: most expected. Square: the team as it is, in proportion. Ring: best "
        f"with probability {LIKELY:.0%} or more, in expectation over what is not known."
    )
    below = (
        " Below: shaded, the 95% numerical interval of the ratio at which the best mix leaves that "
        "of equal pay."
    )
    mapped = {name: study.tables[name] for name in MAPPED}
    tables = {
        share: {name: t[t["advanced_share"] == share] for name, t in mapped.items()}
        for share in study.tables["moves"]["advanced_share"]
    }
    if is_inset():  # the maps of one share
        share = list(tables)[len(tables) // 2]
        tables = {share: tables[share]}
    one, maps = len(tables) == 1, is_inset()
    figure = framed(study, note if maps else note + below, more_height=0.0 if one else 4.6)
    if maps:
        panels = figure.subplots(1, 2).reshape(2, 1)
    elif one:  # maps side by side, the rest below them
        rows = [["week", "pay"], ["ridge", "ridge"]]
        places: dict = figure.subplot_mosaic(rows, height_ratios=(2, 1))
        panels = np.array([[axes] for axes in places.values()])
    else:
        panels = figure.subplots(3, len(tables), height_ratios=(1.25, 1.25, 1))
    for axes_row, (title, column) in zip(panels, ROWS, strict=False):
        for axes, (share, table) in zip(axes_row, tables.items(), strict=True):
            _draw_map(axes, table["mixes"], column, ODDS[column])
            mark_team(axes, study)
            axes.set_title(f"{share:.0%} advanced work, {title}", size=10)
    if not maps:
        _draw_ridges(panels[2], tables, f"People in the{BREAK[one]}best mix per pay")
    bar = figure.colorbar(
        panels[0, 0].collections[0], ax=list(panels[:2].ravel()), shrink=0.8 if one else 0.6,
        aspect=20 if one else 30,
    )  # fmt: skip
    bar.set_label(f"Expected work against{BREAK[one]}the best mix [%]")
    return figure


def _draw_ridges(panels, tables, label):
    """The best mix by the pay ratio, a panel a share of advanced work."""
    for axes, table in zip(panels, tables.values(), strict=True):
        _draw_ridge(axes, table["ratios"], table["moves"].iloc[0])
    panels[0].set_ylabel(label)
    panels[0].legend(loc="center left", bbox_to_anchor=(0.14, 0.5), fontsize=9)


def _draw_ridge(axes, ratios, moves):
    """People of each level in the best mix per pay, by the pay ratio."""
    last = ratios["ratio"].max()
    low, high = (min(moves[end], last) for end in ("low", "high"))
    axes.axvspan(low, high, color=GREY, alpha=0.3, linewidth=0)
    for level, (colour, style) in LEVELS.items():
        look = {"color": colour, "linestyle": style, "linewidth": 2.2, "label": level}
        axes.step(ratios["ratio"], ratios[level], where="post", **look)
    axes.set_xlim(1, last)
    axes.set_ylim(-0.3, PEOPLE + 0.4)
    axes.set_xlabel("Pay of an expert over a novice's")


def place(table):
    """Where each mix lies on the map: intermediate left below, expert right, novice on top."""
    people = table[list(MIXED)].sum(axis=1).to_numpy()
    expert, novice = (table[level].to_numpy() / people for level in ("expert", "novice"))
    return expert + novice / 2, novice * np.sqrt(3) / 2


def team_of(plan):
    """The plan's own engineers of the levels that are mixed: one row; none where others are there.

    Mixes have them in other proportions, and people of no other level.
    """
    team = {level: n for level, n in plan.to_dict()["team"].items() if isinstance(n, int)}
    own = {level: team.pop(level) for level in MIXED}
    mapped = any(own.values()) and not any(team.values())
    return pd.DataFrame([own] if mapped else [], columns=list(MIXED)).astype(int)


def mark_team(axes, study):
    """Mark the plan's own team on a map, by its proportions."""
    if "team" not in study.tables:
        return  # of a study saved before
    for x, y in zip(*place(study.tables["team"]), strict=True):
        axes.plot(x, y, "s", markersize=9, color="white", markeredgecolor=INK, markeredgewidth=2)
        axes.annotate(
            "the team\nas it is", (x, y), (-0.1, 0.66), ha="left", va="center", size=9,
            arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 1.0, "relpos": (1, 0.5)},
        )  # fmt: skip


def _draw_map(axes, table, column, odds):
    x, y = place(table)
    percent = 100 * table[column].to_numpy() / table[column].max()
    axes.scatter(x, y, c=percent, s=130, marker="h", cmap="cividis", vmin=40, vmax=100, linewidth=0)
    ringed = (table[odds] >= LIKELY).to_numpy()
    axes.scatter(x[ringed], y[ringed], s=190, facecolors="none", edgecolors=VERMILLION, linewidth=2)
    top = int(np.argmax(percent))
    axes.scatter(x[top], y[top], s=150, marker="*", color=ORANGE, edgecolors=INK, zorder=3)
    for words, at, side in (
        ("all novice", (0.5, 0.93), "center"),
        ("all intermediate", (-0.02, -0.1), "left"),
        ("all expert", (1.02, -0.1), "right"),
    ):
        axes.text(*at, words, ha=side, va="center", size=9)
    axes.set(xlim=(-0.12, 1.12), ylim=(-0.16, 1.0), aspect="equal")
    axes.set_axis_off()
