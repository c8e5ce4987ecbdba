"""Tier curves in closed form are the fit's, the engine's and the study's; figures show them.

Figures of levels over time and of hours by class are held here too.
"""

import dataclasses
import json

import numpy as np
import pytest
import worlds
from command import tiercurve
from drawn import faults
from scipy.integrate import quad
from scipy.special import expit, ndtr
from scipy.stats import norm

import sim
from calibration import checks, fit
from sim import figures, ledger
from sim.engine import curves, setup, state
from sim.experiments import tiers
from sim.figures.people import COLUMNS
from sim.figures.style import WARNING
from sim.scenario.tables import Size

AGENTS = {
    "baseline": {},
    "early 2025": {"tool.profile": "agent-early-2025"},
    "mid 2027": {"tool.profile": "agent-mid-2027"},
    "headline": {"tool.curves": "headline"},
}
RECORDS = {}


def record(case="baseline"):
    """Tier curves of a case, computed once."""
    if case not in RECORDS:
        RECORDS[case] = sim.tier_curves(sim.load("baseline").replace(AGENTS[case]), draws=60)
    return RECORDS[case]


def central(plan):
    """The one set of central parameters: (values, world rows)."""
    values = setup.draw(plan, 1, 0, 1, uncertain=False)
    return values, setup.worlds(plan, 1, values)


# ---- the numbers -------------------------------------------------------------------------------


def test_rates_at_the_centre_are_those_of_the_set_s_central_row():
    plan = sim.load("baseline")
    expected = checks.implied(setup.curve_set(plan))[::-1]  # partial first there, verified here
    found = tiers.anchor_rates(setup.curve_set(plan), central(plan)[0])[0]
    assert np.abs(found - expected).max() < 1e-8  # two rules of quadrature


def test_the_headline_set_gives_back_the_rates_it_was_made_of():
    plan = sim.load("headline-trap")
    found = tiers.anchor_rates(setup.curve_set(plan), central(plan)[0])[0]
    assert np.abs(found - [*fit.HEADLINE_RATES.values()]).max() < 1e-9


def test_published_rates_are_the_ledger_s_and_only_those():
    evidence, table = ledger.read(), record().rates.set_index(["measure", "level"])["published"]
    for measure in tiers.MEASURES:
        assert table[measure].dropna().to_dict() == pytest.approx(ledger.rates(evidence, measure))


def test_published_rates_lie_near_the_intervals_of_what_was_fitted_to_them():
    """Within the tolerance the fit was given, beyond what the interval already allows."""
    table = record().rates.dropna()
    wide = table["measure"].map({"verified": 0.015, "judged": 0.02, "partial": 0.02})
    assert (table["published"] > table["ci_low"] - wide).all()
    assert (table["published"] < table["ci_high"] + wide).all()


@pytest.mark.parametrize("case", AGENTS)
def test_rates_as_studied_do_not_depend_on_the_tool_in_use(case):
    if case != "headline":
        assert record(case).rates.equals(record().rates)


@pytest.mark.parametrize("spread", [0.0, 0.4, 1.4, 2.5, 3.6])
def test_averages_are_the_integrals_they_stand_for(spread):
    for eta in (-4.0, -0.3, 0.0, 2.0):
        found = curves.averaged(np.array([[eta]]), np.array([spread]))[0, 0]

        def integrand(z, eta=eta):
            return expit(eta + spread * z) * norm.pdf(z)

        assert found == pytest.approx(quad(integrand, -12, 12, epsabs=1e-11)[0], abs=2e-5)


@pytest.mark.parametrize("scope", [0.05, 0.7, 2.0, 1000.0])
@pytest.mark.parametrize(
    "sizes",
    [
        {"size": "lognormal", "median_hours": 1.6, "sigma": 1.2},
        {"size": "lognormal", "median_hours": 5.0, "sigma": 0.3},
        {"size": "lognormal", "median_hours": 2.0, "sigma": 0.0},
        {"size": "exponential", "mean_hours": 3.0},
        {"size": "constant", "mean_hours": 4.0},
    ],
    ids=lambda sizes: f"{sizes['size']} {list(sizes.values())[1:]}",
)
def test_first_pieces_have_the_mean_that_theory_gives(sizes, scope):
    policy = worlds.plan(policy={"scope_hours": scope, "split_hours": 10_000.0}).policy
    hours, weights = tiers.pieces(Size(**sizes), policy)
    assert weights.sum() == pytest.approx(1.0)
    assert (hours <= scope * (1 + 1e-12)).all()
    if sizes["size"] == "exponential":
        expected = sizes["mean_hours"] * -np.expm1(-scope / sizes["mean_hours"])
    elif sizes.get("sigma"):
        median, s = sizes["median_hours"], sizes["sigma"]
        top = np.log(scope / median) / s
        expected = median * np.exp(s**2 / 2) * ndtr(top - s) + scope * ndtr(-top)
    else:
        expected = min(scope, sizes.get("mean_hours") or sizes["median_hours"])
    assert hours @ weights == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("scope", [0.7, 1.5, 2.0, 1000.0])
def test_first_pieces_of_tasks_in_parts_have_the_mean_of_a_large_sample(scope):
    """20 million sizes in place of theory: 5 standard errors."""
    sizes = Size(size="lognormal", median_hours=1.6, sigma=1.2)
    sample = 1.6 * np.exp(1.2 * np.random.default_rng(1).standard_normal(20_000_000))
    parts = np.clip(np.ceil(sample / 2.0), 1, state.MOST_PARTS)
    sample = np.minimum(sample / parts, scope)
    policy = worlds.plan(policy={"scope_hours": scope, "split_hours": 2.0}).policy
    hours, weights = tiers.pieces(sizes, policy)
    assert weights.sum() == pytest.approx(1.0)
    assert abs(hours @ weights - sample.mean()) < 5 * sample.std() / np.sqrt(len(sample))


@pytest.mark.parametrize("case", AGENTS)
def test_log_odds_are_those_of_the_engine(case):
    plan = sim.load("baseline").replace(AGENTS[case])
    rows = setup.worlds(plan, 5, setup.draw(plan, 5, 0, 3)).view(np.recarray)
    rows["scope_doublings"] = np.log2(rows["scope_hours"] / rows["size_ref_hours"])
    hours = np.array([0.1, 0.7, 2.0, 32.0])  # 2 h is the scope
    for work in range(2):
        for role in range(2):
            found = tiers.session_logits(rows, hours, work, role)
            for d, level, h in np.ndindex(found.shape):
                shift = curves.level_shift(rows[d].shift, level + 1.0)
                expected = curves.session_logit.py_func(
                    rows[d],
                    rows[d].slope_per_doubling,
                    shift,
                    hours[h],
                    work == 1,
                    role == 1,
                    rows[d].progress,
                )
                assert found[d, level, h] == pytest.approx(expected, abs=1e-12)


NO_DEFECTS = dict.fromkeys(
    ("defect_hand", "defect_verified", "defect_unverified", "visible_hand", "visible_agent"), 0.0
)


@pytest.mark.parametrize(
    ("level", "work", "role"), [(1, 0, 0), (3, 1, 0), (5, 0, 0), (5, 1, 1), (2, 0, 1)]
)
def test_first_sessions_of_simulated_worlds_end_as_the_closed_form_says(level, work, role):
    """4 standard errors: each first session has a person and a task of its own."""
    people, count = 100, 150
    here = {curves.LEVELS[level - 1]: people}
    nobody = dict.fromkeys(curves.LEVELS, 0)
    members = {**nobody, "adjacent": {**nobody, **here}} if role else {**nobody, **here}
    plan = worlds.plan(
        horizon={"weeks": 100},
        team=members,
        tasks={"backlog": people, "advanced_share": float(work), "fix_share": 0.0},
        policy={"review": "none", "routing": "fifo", "split_hours": 10_000.0},
        world=NO_DEFECTS,
    )
    first = sum(end.world["first"] for end in worlds.run_many(plan, count))
    assert first.sum() == people * count
    found = first[:0:-1].cumsum() / first.sum()
    expected = tiers.first_sessions(central(plan)[1], plan)[0, :, level - 1, work, role]
    std_error = np.sqrt(expected * (1 - expected) / (people * count))
    assert (np.abs(found - expected) < 4 * std_error).all()


def test_first_sessions_on_tasks_in_parts_end_as_the_closed_form_says():
    """One a task, on its first part, however many take the others: 4 standard errors."""
    people, count = 40, 200
    plan = worlds.plan(
        horizon={"weeks": 100},
        team={"expert": people},
        tasks={"backlog": people, "advanced_share": 1.0, "fix_share": 0.0},
        policy={
            "review": "none", "routing": "fifo", "split_hours": 3.0, "scope_hours": 1000.0,
            "tries_per_level": 1,
        },
        world=NO_DEFECTS | {"sd_developer": 0.0, "hand_success_expert": 50.0},
    )  # fmt: skip
    first = sum(end.world["first"] for end in worlds.run_many(plan, count))
    assert first.sum() == people * count
    rates = first[:0:-1].cumsum() / first.sum()
    expected = tiers.first_sessions(central(plan)[1], plan)[0, :, 4, 1, 0]
    std_error = np.sqrt(expected * (1 - expected) / (people * count))
    assert (np.abs(rates - expected) < 4 * std_error).all()


def test_a_run_s_own_draws_give_the_same_first_session_success():
    """Draw by draw: 4 standard errors of the mean difference, chance being all there is in it."""
    nobody = dict.fromkeys(curves.LEVELS, 0)
    plan = worlds.plan(
        horizon={"weeks": 100},
        team={**nobody, "expert": 40},
        tasks={"backlog": 40, "advanced_share": 0.0, "fix_share": 0.0},
        policy={"review": "none", "routing": "fifo", "split_hours": 10_000.0},
        world=NO_DEFECTS | {"dev_share": 1.0},
    )
    run = sim.run(plan, draws=100, luck=2, seed=4)
    rows = setup.worlds(plan, 4, setup.draw(plan, 4, 0, 100))
    judged = tiers.first_sessions(rows, plan)[:, 1, 4, 0, 0]
    gap = run.values("first_session_success").mean(axis=(1, 2)) - judged
    assert abs(gap.mean()) < 4 * gap.std(ddof=1) / np.sqrt(len(gap))
    assert np.corrcoef(run.values("first_session_success").mean(axis=(1, 2)), judged)[0, 1] > 0.8


@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_a_horizon_over_its_factor_is_the_size_at_which_experts_succeed_half_the_time(factor):
    changes = {"tool.profile": "agent-early-2025", "world.team_offset": 0.0}
    changes |= {"tool.horizon_hours": factor, "world.horizon_factor": factor}
    table = sim.tier_curves(sim.load("baseline").replace(changes), draws=20).by_size
    chosen = (table["level"] == 5) & (table["work"] == "average") & (table["measure"] == "judged")
    at = table[chosen & np.isclose(table["size_hours"], 1.0)]
    assert len(at) == 1
    assert at[["mean", "median", "ci_low", "ci_high"]].to_numpy() == pytest.approx(0.5)


def test_a_horizon_that_is_believed_is_drawn_and_central_is_its_median():
    plan = sim.load("baseline").replace({"tool.profile": "agent-early-2025"})
    drawn = setup.draw(plan, 1, 0, 4000)[setup.HORIZON]
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx([0.566, 1.767], rel=0.06)
    assert np.array_equal(drawn[:10], setup.draw(plan, 1, 0, 10)[setup.HORIZON])
    central = setup.draw(plan, 1, 0, 3, uncertain=False)[setup.HORIZON]
    assert central == pytest.approx(plan.horizon_belief.central)
    spread = setup.worlds(plan, 1, setup.draw(plan, 1, 0, 400))["progress"].std()
    pinned = plan.replace({"tool.horizon_hours": 1.0})
    assert spread > setup.worlds(pinned, 1, setup.draw(pinned, 1, 0, 400))["progress"].std()


@pytest.mark.parametrize("case", AGENTS)
def test_tables_are_whole_and_their_shares_add_up(case):
    found = record(case)
    assert len(found.rates) == 5 * 3
    assert len(found.outcomes) == 5 * 2 * 2 * 4
    assert len(found.by_size) == 5 * 2 * 3 * len(tiers.SIZES)
    for table in (found.rates, found.outcomes, found.by_size):
        assert (table["ci_low"] <= table["mean"] + 1e-12).all()
        assert (table["mean"] <= table["ci_high"] + 1e-12).all()
        assert table["ci_low"].min() >= -1e-12
        assert table["ci_high"].max() <= 1 + 1e-12
    mix = found.outcomes.groupby(["level", "work", "role"])["mean"].sum()
    assert mix.to_numpy() == pytest.approx(1.0)
    above = found.outcomes.groupby(["level", "work", "role"], sort=False)["mean"].cumsum()
    assert above.to_numpy() == pytest.approx(found.outcomes["at_least"].to_numpy())


@pytest.mark.parametrize("case", AGENTS)
def test_success_falls_with_size_and_rises_from_novice_to_expert(case):
    table = record(case).by_size
    grouped = table.groupby(["level", "work", "measure"])["mean"]
    assert grouped.apply(lambda share: share.is_monotonic_decreasing).all()
    by_level = table.set_index(["work", "measure", "size_hours", "level"])["mean"].unstack()
    assert (by_level[1] < by_level[3]).all()
    assert (by_level[3] < by_level[5]).all()


def test_a_stronger_tool_and_smaller_pieces_end_better():
    def judged(case, **changes):
        plan = sim.load("baseline").replace({**AGENTS[case], **changes})
        table = sim.tier_curves(plan, draws=20).outcomes
        return table[table["outcome"] == "unverified"]["at_least"].to_numpy()

    now = judged("baseline")
    assert (judged("early 2025") < now).all()
    assert (judged("mid 2027") > now).all()
    assert (judged("baseline", **{"policy.scope_hours": 0.5}) > now).all()


def test_the_same_seed_gives_the_same_curves_and_another_seed_others():
    one, two, three = (sim.tier_curves(draws=5, seed=seed) for seed in (0, 0, 1))
    assert one.by_size.equals(two.by_size)
    assert not one.by_size.equals(three.by_size)


# ---- refusals, JSON and the command line -------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "design", "says"),
    [
        ({"tool.profile": "none"}, {}, "no session with an agent"),
        ({"tool.profile": "completion-assistant"}, {}, "no session with an agent"),
        ({"policy.agent_use": "never"}, {}, "no session with an agent"),
        ({}, {"draws": 1}, "draws = 1: must be a whole number from 2 to 10000"),
        ({}, {"draws": True}, "draws = True"),
        ({}, {"draws": 10**6}, "draws = 1000000"),
        ({}, {"seed": 1.5}, "seed = 1.5: must be a whole number"),
    ],
)
def test_curves_that_cannot_be_given_are_refused_in_one_line(changes, design, says):
    with pytest.raises(sim.TierError) as caught:
        sim.tier_curves(sim.load("baseline").replace(changes), **design)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_figure_that_does_not_exist_is_refused_in_one_line():
    with pytest.raises(sim.TierError, match="must be 'curves' or 'outcomes'"):
        record().plot("pie")
    with pytest.raises(figures.FigureError, match="must be 'engineer' or 'adjacent'"):
        figures.outcome_figure(record(), "manager")


def test_json_holds_the_tables_without_nan():
    data = json.loads(json.dumps(record().to_json(), allow_nan=False))
    assert len(data["rates"]) == 15
    missing = [row for row in data["rates"] if row["published"] is None]
    assert len(missing) == record().rates["published"].isna().sum() == 4
    assert data["provenance"]["draws"] == 60
    assert data["caveats"] == list(record().caveats)


def test_the_command_prints_rates_with_intervals_beside_the_published(capsys):
    code, out, _ = tiercurve("curves", "baseline", "--draws", 20, capsys=capsys)
    assert code == 0
    row = next(line for line in out.splitlines() if line.startswith("novice") and "14.5%" in line)
    assert "verified" in row
    assert " to " in row
    assert "Keep in mind:" in out
    assert "advanced-level" in out


def test_the_command_writes_json_to_output_alone_and_either_figure(tmp_path, capsys):
    for kind in ("curves", "outcomes"):
        path = tmp_path / f"{kind}.png"
        words = ("curves", "baseline", "--draws", 5, "--json", "--plot", path, "--kind", kind)
        code, out, err = tiercurve(*words, capsys=capsys)
        assert code == 0
        assert json.loads(out)["scenario"] == "baseline"
        assert "figure written" in err
        assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "words",
    [("no-tool",), ("baseline", "--draws", "1"), ("baseline", "--plot", "x.gif"), ("nope",)],
)
def test_the_command_refuses_in_one_line_with_exit_code_2(words, capsys):
    code, out, err = tiercurve("curves", *words, capsys=capsys)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert err.strip()


# ---- figures -----------------------------------------------------------------------------------


def with_levels(run):
    """A run whose weekly record counts people: a novice becomes intermediate in mid-run."""
    weeks = run.weekly["week"]
    late = (weeks > weeks.max() / 2).astype(float)
    columns = dict.fromkeys(COLUMNS, 0.0 * late)
    columns |= {"level_novice": 2 - late, "level_intermediate": 5 + late}
    return dataclasses.replace(run, weekly=run.weekly.assign(**columns))


def small_run(**changes):
    return sim.run(sim.load("baseline").replace(changes), draws=6, luck=2, seed=7)


DRAWN = {
    **{f"curves {case}": lambda case=case: record(case).plot() for case in AGENTS},
    **{f"outcomes {case}": lambda case=case: record(case).plot("outcomes") for case in AGENTS},
    "adjacent": lambda: figures.outcome_figure(record(), "adjacent"),
    "hours": lambda: figures.hours_figure(small_run()),
    "hours of an idle team": lambda: figures.hours_figure(
        small_run(**{"tasks.arrivals_per_week": 0})
    ),
    "hours with headline": lambda: figures.hours_figure(small_run(**{"tool.curves": "headline"})),
    "levels": lambda: figures.levels_figure(with_levels(small_run())),
    "levels of a week": lambda: figures.levels_figure(
        with_levels(small_run(**{"horizon.weeks": 1}))
    ),
}


@pytest.mark.parametrize("name", DRAWN)
def test_no_text_of_a_figure_is_cut_off_or_lies_on_another(name):
    assert faults(DRAWN[name]()) == []


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_says_where_its_numbers_come_from(name):
    said = " ".join(" ".join(text.get_text() for text in DRAWN[name]().texts).split())
    assert said.startswith("Baseline")
    assert "seed" in said
    assert "Tiercurve" in said
    assert ("HEADLINE CURVES" in said) == ("headline" in name)


def test_the_headline_warning_is_in_red():
    warned = [t for t in record("headline").plot().texts if t.get_color() == WARNING]
    assert len(warned) == 1
    assert "do not plan with it" in " ".join(warned[0].get_text().split())


def test_published_points_and_both_rings_stand_where_the_study_has_them():
    axes = record().plot().axes[0]
    rates = ledger.rates(ledger.read(), "verified")
    points = {tuple(np.round(xy, 6)) for line in axes.lines for xy in line.get_xydata()}
    assert {(level, round(100 * rate, 6)) for level, rate in rates.items()} <= points
    (rings,) = (line for line in axes.lines if line.get_markerfacecolor() == "none")
    assert rings.get_xydata() == pytest.approx(np.array([[1, 14.5], [5, 91.0]]))
    assert {"“15%”", "“91%”"} <= {text.get_text() for text in axes.texts}


def test_titles_hold_the_rows_of_the_record():
    def shares(rows, *columns):
        return [f"{100 * rows.loc[level, name]:.0f}" for level in (5, 1) for name in columns]

    table = record().by_size
    chosen = (table["work"] == "average") & (table["measure"] == "judged")
    rows = table[chosen & np.isclose(table["size_hours"], 1.0)].set_index("level")
    said = record().plot().get_suptitle()
    for number in shares(rows, "mean", "ci_low", "ci_high"):
        assert number in said
    table = record().outcomes
    chosen = (table["work"] == "average") & (table["role"] == "engineer")
    rows = table[chosen & (table["outcome"] == "unverified")].set_index("level")
    said = record().plot("outcomes").get_suptitle()
    for number in shares(rows, "at_least", "at_least_low", "at_least_high"):
        assert number in said


def test_bars_of_the_mix_fill_the_whole_width():
    for axes in record().plot("outcomes").axes:
        ends = [bar.get_x() + bar.get_width() for bar in axes.patches]
        assert max(ends) == pytest.approx(100.0)
        assert len(axes.patches) == 20


def test_hours_of_both_panels_add_up_to_the_same():
    run = small_run()
    left, right = figures.hours_figure(run).axes
    for axes in (left, right):
        assert sum(bar.get_height() for bar in axes.patches) == pytest.approx(100)


def test_the_title_of_the_hours_holds_the_rows_of_the_summary():
    run = small_run()
    said = " ".join(figures.hours_figure(run).get_suptitle().split())
    table = run.summary()
    for name in ("hours_advanced", "hours_average"):
        mean, *ends = figures.rounded(*table.loc[name, ["mean", "ci_low", "ci_high"]], finest=0)
        assert f" {mean} " in said
        assert " to ".join(ends) in said


def test_levels_follow_the_weekly_record():
    figure = figures.levels_figure(with_levels(small_run()))
    title = " ".join(figure.get_suptitle().split())
    assert "6 of 7 people (95% interval of the expectation 6 to 6)" in title
    assert title.endswith("are intermediate or above in week 26, 5 in week 1")
    words = [text.get_text() for text in figure.axes[0].texts]
    assert words[0].startswith("Intermediate: 6,")  # in all worlds
    assert words[0].endswith("5 in week 1")
    assert words[1].startswith("Novice: 1,")
    assert words[1].endswith("2 in week 1")


def test_a_record_without_level_counts_is_refused_in_one_line():
    run = with_levels(small_run())
    run = dataclasses.replace(run, weekly=run.weekly.drop(columns=list(COLUMNS)))
    with pytest.raises(figures.FigureError, match="no column 'level_novice'") as caught:
        figures.levels_figure(run)
    assert "\n" not in str(caught.value)
