"""What is measured, assumed or unknown follows from plan, sample and evidence, and is said so."""

import io
import json
import math
import re
import tomllib
from datetime import date
from html.parser import HTMLParser

import numpy as np
import pypdf
import pytest
from command import tiercurve
from scipy import stats

import sim
from sim import ledger
from sim.assessment import assumptions, levels, other_studies, work_sample
from sim.assessment.assessment import QUESTIONS
from sim.assessment.work_file import Tickets
from sim.engine import posterior
from sim.parameters import Distribution

DAY = date(2027, 1, 15)
SCENARIOS = [name for name, _, where in sim.available() if where == "package"]


def sample_file(folder, text, name="sample.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def labelled(advanced, average, column="class"):
    return "\n".join([column, *["advanced"] * advanced, *["average"] * average])


def two_raters(both, first, second, neither):
    """Tickets that both, only the first, only the second, or neither rater calls advanced."""
    rows = ["advanced,advanced"] * both + ["advanced,average"] * first
    rows += ["average,advanced"] * second + ["average,average"] * neither
    return "\n".join(["rater_1,rater_2", *rows])


def statuses(found):
    return {finding.key: finding.status for finding in found.findings}


@pytest.fixture(scope="module")
def plain():
    return sim.assess("baseline", today=DAY)


# ---- the sample: known answers -------------------------------------------------------------


def test_one_rater_gives_the_beta_posterior_of_jeffreys(tmp_path):
    share = work_sample.measure(sample_file(tmp_path, labelled(12, 28))).share
    belief = stats.beta(12.5, 28.5)
    assert share.value == 12 / 40
    assert (share.low, share.high) == pytest.approx(belief.ppf([0.025, 0.975]))
    assert (share.p5, share.p95) == pytest.approx(belief.ppf([0.05, 0.95]))


def test_two_raters_who_agree_give_what_one_gives(tmp_path):
    both = work_sample.measure(sample_file(tmp_path, two_raters(12, 0, 0, 28)))
    one = work_sample.measure(sample_file(tmp_path, labelled(12, 28)))
    assert both.share == one.share


def test_disputes_give_the_even_mixture_of_all_ways_to_settle_them(tmp_path):
    share = work_sample.measure(sample_file(tmp_path, two_raters(10, 3, 5, 22))).share
    ways = [stats.beta(10 + m + 0.5, 30 - m + 0.5) for m in range(9)]
    for point, q in ((share.low, 0.025), (share.p5, 0.05), (share.p95, 0.95), (share.high, 0.975)):
        assert np.mean([way.cdf(point) for way in ways]) == pytest.approx(q, abs=1e-9)
    assert share.value == (10 + 4) / 40


def test_disputes_widen_the_interval_and_it_holds_both_raters_own_shares(tmp_path):
    agreed = work_sample.measure(sample_file(tmp_path, two_raters(14, 0, 0, 26)))
    disputed = work_sample.measure(sample_file(tmp_path, two_raters(10, 8, 0, 22)))
    assert disputed.share.width > agreed.share.width
    first, second = disputed.by_rater
    assert (first.value, second.value) == (18 / 40, 10 / 40)
    assert disputed.share.low < second.value < first.value < disputed.share.high


def test_tickets_with_one_label_are_disputed_as_often_as_the_others():
    """10 doubly labelled: 4 both advanced, 2 disputed, 4 both average; 10 more by one rater."""
    pairs = [(1, 1)] * 4 + [(1, 0)] * 2 + [(0, 0)] * 4 + [(1, -1)] * 5 + [(-1, 0)] * 5
    nan = np.full(20, np.nan)
    share = work_sample.measure(Tickets("x", np.array(pairs), nan, 2, 0, 0, 0, 0)).share
    assert share.n == 20
    assert share.low_count == pytest.approx(4 + 5 * (1 - 2 / 10))
    assert share.high_count == pytest.approx(4 + 2 + 5 + 5 * 2 / 10)


def test_kappa_is_that_of_the_worked_example():
    """50 proposals, 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, by chance 0.5."""
    found = work_sample.agreement_of(np.array([[20, 5], [10, 15]]))
    assert found.raw == 0.7
    assert found.kappa == pytest.approx(0.4)
    _, error = work_sample.kappa(np.array([[20, 5], [10, 15]]))
    assert error == pytest.approx(0.127, abs=5e-4)  # Fleiss, Cohen and Everitt's, as R prints it
    assert found.kappa_low < 0.4 - 1.6 * error
    assert found.kappa_high > 0.4 + 1.6 * error


def test_kappa_is_one_in_full_agreement_with_doubt_left_and_undefined_with_one_class():
    full = work_sample.agreement_of(np.array([[12, 0], [0, 8]]))
    assert full.kappa == 1
    assert full.kappa_low < 0.9
    assert work_sample.agreement_of(np.array([[20, 0], [0, 0]])).kappa is None


def test_the_interval_of_kappa_covers_the_truth():
    """Two raters who each err once in ten on 40 tickets, three in ten of them advanced."""
    rng = np.random.default_rng(8)
    worlds, n, error, p = 1500, 40, 0.1, 0.3
    truth = rng.random((worlds, n)) < p
    first, second = (truth ^ (rng.random(truth.shape) < error) for _ in range(2))
    called = p * (1 - error) + (1 - p) * error
    expected = called**2 + (1 - called) ** 2
    kappa = ((1 - error) ** 2 + error**2 - expected) / (1 - expected)
    hits = 0
    for a, b in zip(first.astype(int), second.astype(int), strict=True):
        table = np.bincount(2 * a + b, minlength=4).reshape(2, 2)
        found = work_sample.agreement_of(table)
        hits += found.kappa is not None and found.kappa_low <= kappa <= found.kappa_high
    assert hits / worlds > 0.95 - 4 * math.sqrt(0.95 * 0.05 / worlds)


def test_one_class_only_gives_a_one_sided_interval(tmp_path):
    none = work_sample.measure(sample_file(tmp_path, labelled(0, 20))).share
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(stats.beta(0.5, 20.5).ppf(0.95))
    every = work_sample.measure(sample_file(tmp_path, labelled(20, 0))).share
    assert (every.value, every.high) == (1, 1)
    assert every.low == pytest.approx(stats.beta(20.5, 0.5).ppf(0.05))


def test_the_tickets_said_to_halve_the_interval_do(tmp_path):
    found = work_sample.measure(sample_file(tmp_path, labelled(12, 28)))
    more = found.tickets_to_halve
    assert 3 * 40 * 0.9 < more < 3 * 40 * 1.1  # width falls with the root of n
    n = 40 + more
    again = work_sample.share_of(0.3 * n, 0.3 * n, n)
    assert again.width == pytest.approx(found.share.width / 2, rel=0.02)


def test_no_number_of_tickets_halves_an_interval_that_is_all_dispute(tmp_path):
    found = work_sample.measure(sample_file(tmp_path, two_raters(100, 300, 300, 300)))
    assert found.tickets_to_halve is None
    assert "settle the disputed ones" in sim.assess("baseline", found).text()


def test_sizes_have_the_intervals_of_t_and_chi_square(tmp_path):
    hours = np.array([0.5, 1, 1, 2, 3, 3, 5, 8, 13, 2])
    text = "\n".join(["class,hours", *(f"average,{h}" for h in hours), "advanced,4"])
    found = work_sample.measure(sample_file(tmp_path, text))
    sizes, logs = found.sizes["average"], np.log(hours)
    assert "advanced" not in found.sizes
    assert sizes.n == 10
    assert math.log(sizes.median) == pytest.approx(logs.mean())
    half = stats.t(9).ppf(0.975) * logs.std(ddof=1) / math.sqrt(10)
    assert math.log(sizes.median_high) == pytest.approx(logs.mean() + half)
    low, high = (9 * logs.var(ddof=1) / stats.chi2(9).ppf(q) for q in (0.975, 0.025))
    assert (sizes.sigma_low**2, sizes.sigma_high**2) == pytest.approx((low, high))


# ---- the sample: into the scenario ---------------------------------------------------------


def test_toml_lines_are_what_a_scenario_takes(tmp_path):
    rows = [f"{name},{h}" for name in ("average", "advanced") for h in (1, 2, 3, 4, 5, 6, 8, 13)]
    found = work_sample.measure(sample_file(tmp_path, "\n".join(["class,hours", *rows])))
    stated = tomllib.loads(found.to_toml(number=True))["tasks"]
    plan = sim.load("baseline").replace({"tasks": stated})
    assert plan.tasks.advanced_share == 0.5
    assert plan.tasks.average.sigma == pytest.approx(found.sizes["average"].sigma, rel=1e-3)
    spread = tomllib.loads(found.to_toml())["tasks"]["advanced_share"]["logitnormal"]
    assert spread == pytest.approx([found.share.p5, found.share.p95], abs=1e-3)


@pytest.mark.parametrize(
    ("advanced", "average"), [(0, 5), (5, 0), (1, 0), (0, 50_000), (50_000, 1)]
)
def test_the_range_is_one_a_scenario_takes_at_the_ends_too(advanced, average):
    n = advanced + average
    labels = np.column_stack([np.repeat([1, 0], [advanced, average]), np.full(n, -1)])
    found = work_sample.measure(Tickets("x", labels, np.full(n, np.nan), 1, 0, 0, 0, 0))
    low, high = tomllib.loads(found.to_toml())["tasks"]["advanced_share"]["logitnormal"]
    assert 0 < low < high < 1


def test_few_tickets_of_a_class_give_no_size_line(tmp_path):
    rows = ["class,hours", *["average,2"] * 3, *["average,3"] * 4]
    found = work_sample.measure(sample_file(tmp_path, "\n".join(rows)))
    assert "7 tickets with hours, too few" in found.to_toml()
    assert "average" not in tomllib.loads(found.to_toml())["tasks"]


# ---- the sample: dirty files ---------------------------------------------------------------


def test_what_spreadsheets_write_is_read(tmp_path):
    text = '\ufeff Ticket ; RATER 1;Rater-2 ; Hours\r\n;;;\r\n"A;1"; Advanced ;average;"1,5"\r\n'
    text += "A-2;AVERAGE;average;2\r\n\r\n"
    found = work_sample.measure(sample_file(tmp_path, text))
    assert (found.share.n, found.share.low_count, found.share.high_count) == (2, 0, 1)
    assert found.agreement.raw == 0.5
    assert found.left_out == {}


def test_what_is_left_out_is_counted_and_said(tmp_path):
    rows = [f"T{i},average,2" for i in range(20)]
    rows += ["T1,average,2", "T50,,1", "T51,hard,3", "T52,average,-1", "T53,advanced,nan"]
    rows += ["T54,average,inf", "T55,average,n/a", "T56,average,0", "T57,average,"]
    found = work_sample.measure(sample_file(tmp_path, "\n".join(["ticket,class,hours", *rows])))
    assert list(found.left_out.values()) == [1, 1, 1, 5]
    assert found.share.n == 26
    assert found.sizes["average"].n == 20
    assert "Left out of the sample: rows without a label 1" in sim.assess("baseline", found).text()


MANY = "class\n" + "average\n" * 7
BROKEN = {
    "empty": ("", "is empty"),
    "blank": ("\n \n;;\n", "is empty"),
    "header only": ("class,hours\n", "no labelled ticket in 0 rows"),
    "no column": ("klass,hours\naverage,1\n", "no column 'class' or 'rater_1' among klass, hours"),
    "no header": ("average\nadvanced\n", "no column 'class' or 'rater_1' among average"),
    "two readings": ("class,rater_1\naverage,average\n", "must have one of them"),
    "twice": ("class,Class\naverage,average\n", "there are two of it"),
    "words": (MANY + "hard\nhard\n", 'row 9: class = "hard": must be average or advanced'),
    "no labels": ("class,hours\n,1\n,2\n", "no labelled ticket in 2 rows"),
    "control": ("class\n" + "a\x1b[31m\n" * 3, 'row 2: class = "a�[31m"'),
    "huge cell": ('class\n"' + "x" * 200_000 + '"\n', 'row 2: class = "xxxxx'),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(fault, tmp_path):
    text, says = BROKEN[fault]
    with pytest.raises(sim.AssessError) as caught:
        sim.assess("baseline", sample_file(tmp_path, text))
    assert says in str(caught.value)
    assert str(caught.value).startswith("sample.csv")
    assert "\n" not in str(caught.value)


def test_missing_foreign_and_oversized_files_are_refused_in_one_line(tmp_path):
    latin, large, zipped = (tmp_path / f"{name}.csv" for name in ("latin", "large", "zipped"))
    zipped.write_bytes(b"PK\x03\x04")
    latin.write_bytes("class\ndurchschnittlich, schön\n".encode("latin-1"))
    with large.open("wb") as file:
        file.truncate(50_000_001)
    cases = {
        tmp_path / "none.csv": "cannot be read: No such file",
        tmp_path: "cannot be read",
        latin: "not UTF-8 text",
        large: "holds all zeros: must be text",
        zipped: "is a spreadsheet or archive",
        "null\0": "cannot be read",
    }
    for path, says in cases.items():
        with pytest.raises(sim.AssessError, match=says):
            sim.assess("baseline", path)


def test_one_label_in_five_may_be_neither_word_and_no_more(tmp_path):
    good = sample_file(tmp_path, "class\n" + "average\n" * 8 + "hard\n" * 2)
    assert work_sample.measure(good).share.n == 8
    bad = sample_file(tmp_path, "class\n" + "average\n" * 7 + "hard\n" * 2)
    with pytest.raises(sim.AssessError, match="2 of 9 labels are neither"):
        work_sample.measure(bad)


def test_two_hundred_thousand_tickets_are_read_whole(tmp_path):
    rows = "".join(
        f"T{i},{'average' if i % 10 else 'advanced'},{i % 7 + 1}\n" for i in range(200_000)
    )
    path = sample_file(tmp_path, "ticket,class,hours\n" + rows)
    found = work_sample.measure(path)
    assert found.share.value == 0.1
    assert found.share.width == pytest.approx(2 * 1.96 * math.sqrt(0.1 * 0.9 / 200_000), rel=0.01)


# ---- findings ------------------------------------------------------------------------------


def test_there_are_five_things_to_do_and_three_open_questions(plain):
    assert [one.asked for one in plain.findings] == ["do"] * 5 + ["open"] * 3
    assert len(QUESTIONS) == 8
    assert all(one.status in ("measured", "assumed", "unknown") for one in plain.findings)
    assert all(one.says and one.next and one.because for one in plain.findings)
    with pytest.raises(sim.AssessError, match="must be one of average_share"):
        plain.finding("trends")


def test_nothing_of_the_baseline_is_measured(plain):
    assert statuses(plain) == {
        "average_share": "assumed",
        "composition": "assumed",
        "sole_basis": "assumed",
        "other_studies": "assumed",
        "trend": "assumed",
        "other_tools": "unknown",
        "average_task": "unknown",
        "gap": "unknown",
    }


def test_a_sample_moves_the_share_to_measured_and_a_tiny_one_does_not(tmp_path):
    large = sim.assess("baseline", sample_file(tmp_path, labelled(27, 73)))
    assert large.finding("average_share").status == "measured"
    assert large.finding("sole_basis").status == "measured"
    assert "inside that interval" in large.text()
    tiny = sim.assess("baseline", sample_file(tmp_path, "class\naverage\naverage\nadvanced\n"))
    assert tiny.finding("average_share").status == "assumed"
    assert tiny.finding("sole_basis").status == "assumed"
    other = sim.assess("baseline", sample_file(tmp_path, labelled(2, 98)))
    assert "outside that interval: change the plan" in other.text()


def test_two_raters_who_agree_beyond_chance_define_an_average_task(tmp_path):
    def status(text):
        found = sim.assess("baseline", sample_file(tmp_path, text))
        return found.finding("average_task").status

    assert status(labelled(20, 40)) == "assumed"
    assert status(two_raters(20, 3, 3, 40)) == "measured"
    assert status(two_raters(10, 20, 20, 40)) == "assumed"  # kappa 0
    assert status(two_raters(0, 0, 0, 40)) == "assumed"  # kappa undefined


def test_levels_are_assumed_until_rated(plain):
    assert sim.assess("baseline", rated=True).finding("composition").status == "measured"
    empty = sim.load("baseline").replace({"team": {}})
    assert sim.assess(empty).finding("composition").status == "unknown"


def test_a_range_of_your_own_is_measured_and_a_pin_is_not():
    plan = sim.load("baseline")
    spread = {"world.doubling_days": {"lognormal": [150, 250]}}
    assert sim.assess(plan.replace(spread)).finding("trend").status == "measured"
    pinned = sim.assess(plan.replace({"world.doubling_days": 150}))
    assert pinned.finding("trend").status == "assumed"
    assert pinned.finding("sole_basis").status == "assumed"


def test_a_share_stated_as_a_range_is_measured_on_your_word():
    plan = sim.load("baseline").replace({})
    plan.tasks = plan.tasks.model_copy(update={"advanced_share": {"logitnormal": [0.2, 0.4]}})
    found = sim.assess(plan).finding("average_share")
    assert found.status == "measured"
    belief = Distribution("logitnormal", (0.2, 0.4))
    low, high = belief.quantile([0.025, 0.975])
    assert (
        f"{100 * belief.central:.0f}% (95% interval {100 * low:.0f} to {100 * high:.0f}%)"
        in (found.says[0])
    )


def test_overrides_leave_the_list_of_assumptions_and_are_listed_by_what_they_are(plain):
    plan = sim.load("baseline").replace(
        {
            "world.partial_share": 0.5,
            "world.sd_task": {"uniform": [0.4, 0.8]},
            "world.assist_saving_expert": 0.1,
        }
    )
    found = sim.assess(plan)
    gone = {one.name for one in plain.assumed} - {one.name for one in found.assumed}
    assert gone == {"partial_share", "sd_task"}
    assert [one.name for one in found.pinned] == ["partial_share"]
    assert [(one.name, one.low) for one in found.stated] == [("sd_task", pytest.approx(0.42))]
    assert found.unused == ("assist_saving_expert",)
    for part in ("Pinned by you", "Stated by you as a range", "not used by this plan"):
        assert part in found.text()


def test_assumptions_in_use_are_those_of_the_register_with_its_units_and_ranges(plain):
    register = sim.register()
    for one in plain.assumed:
        entry = register[one.name]
        assert entry.assumed
        assert one.unit == entry.unit
        assert (one.low, one.high) == tuple(entry.distribution.quantile([0.05, 0.95]))
    used = assumptions.used(sim.load("baseline"))
    rest = {n for n, p in used.items() if p.assumed and n not in posterior.work().fitted}
    assert {one.name for one in plain.assumed} == rest


def test_conditions_of_use_name_parameters_of_the_register():
    assert set(assumptions._USED_IF) <= set(sim.register())


PLANS = {
    "no tool": {"tool.profile": "none"},
    "completions": {"tool.profile": "completion-assistant"},
    "agent": {},
    "agent of its date, average work, no review": {
        "tool.version": "date",
        "tasks.advanced_share": 0.0,
        "policy.review": "none",
    },
    "agent never used": {"policy.agent_use": "never"},
}


@pytest.mark.parametrize("name", PLANS)
def test_a_parameter_said_not_to_be_used_changes_nothing(name):
    plan = sim.load("baseline").replace({"horizon.weeks": 3, **PLANS[name]})
    kept = {"draws": 2, "luck": 1, "uncertainty": "central"}
    rows = sim.run(plan, **kept).replications
    unused = set(sim.parameters.world_parameters()) - set(assumptions.used(plan))
    assert unused
    moved = {
        f"world.{parameter}": float(sim.register()[parameter].distribution.quantile(0.95))
        for parameter in unused
    }
    assert sim.run(plan.replace(moved), **kept).replications.equals(rows)


def test_plans_with_other_tools_get_other_findings():
    found = {name: sim.assess(name, today=DAY) for name in SCENARIOS}
    assert found["no-tool"].finding("trend").status == "unknown"
    assert found["no-tool"].finding("other_studies").status == "unknown"
    assert not any(one.inside for one in found["no-tool"].window)
    assert "nobody works with an agent" in " ".join(found["no-tool"].text().split())
    assistive = found["assistive-tool"]
    assert {one.group.kind for one in assistive.verdicts} == {"assistive"}
    assert "assist_saving_novice" in {one.name for one in assistive.beliefs}
    assert "oversight_share" not in {one.name for one in assistive.beliefs}
    assert "Set tool.curves = 'study'" in found["headline-trap"].finding("composition").says[-1]
    assert "headline curve set" in found["headline-trap"].finding("sole_basis").says[1]
    assert len({one.text() for one in found.values()}) == len(found)


def test_own_numbers_for_the_tool_answer_whether_it_transfers():
    agent = sim.load("baseline").replace({"world.team_offset": {"normal": [-0.2, 0.1]}})
    assert sim.assess(agent).finding("other_tools").status == "measured"
    saving = {"world.assist_saving_expert": {"normal": [0.1, 0.2]}}
    completions = sim.load("assistive-tool").replace(saving)
    assert sim.assess(completions).finding("other_tools").status == "measured"
    assert sim.assess("assistive-tool").finding("other_tools").status == "unknown"


# ---- the study's window --------------------------------------------------------------------


def inside(found):
    return {one.name: one.inside for one in found.window}


def test_the_window_is_that_of_the_ledger_and_ages_are_counted_from_its_end(plain):
    assert other_studies.study_window() == ("2025-10", "2026-04")
    (dates,) = (one for one in plain.window if one.name == "dates")
    assert "8 months before the run's start and 9 months before 2027-01-15" in dates.why


def test_a_plan_inside_the_window_is_inside_and_moves_out_by_what_changes():
    plan = sim.load("baseline").replace({"horizon.start": "2026-02", "tasks.advanced_share": 0.0})
    assert [name for name, is_in in inside(sim.assess(plan)).items() if not is_in] == ["task sizes"]
    for change, name in (
        ({"horizon.start": "2026-05"}, "dates"),
        ({"tool.profile": "agent-early-2025"}, "tool"),
        ({"tool.version": "2027-06"}, "version of the tool"),
        ({"tasks.advanced_share": 0.1}, "advanced work"),
        ({"tasks.fix_share": 0.1}, "fixes"),
    ):
        assert not inside(sim.assess(plan.replace(change)))[name], name


def test_adjacent_people_are_inside_on_average_work_only():
    plan = sim.load("baseline").replace({"team.adjacent": {"novice": 2}})
    assert not inside(sim.assess(plan))["adjacent roles"]
    assert inside(sim.assess(plan.replace({"tasks.advanced_share": 0.0})))["adjacent roles"]


# ---- studies of other tools ----------------------------------------------------------------


def row(source, value=None, low=None, high=None, level="", window=""):
    return ledger.Evidence(
        source, "success", "", level, value, low, high, "%", "a share", "", window, source, "", "P",
        "context", "",
    )  # fmt: skip


def test_like_intervals_converge_apart_they_diverge_and_without_two_nothing_is_said():
    a, b, c = row("A", 20, 10, 30), row("B", 25, 15, 40), row("C", 60, 50, 70)
    assert other_studies.verdict_of((a, b))[0] == "converge"
    assert other_studies.verdict_of((a, b, c))[0] == "diverge"
    assert other_studies.verdict_of((a, row("B", 25)))[0] == "cannot be judged"
    assert other_studies.verdict_of((a, row("B", -5)))[0] == "diverge"
    assert other_studies.verdict_of((a, row("A", 90, 80, 99)))[0] == "cannot be judged"


def test_a_range_over_sites_is_not_an_interval():
    sites = row("B", None, 50, 60)
    assert other_studies.verdict_of((row("A", 20, 10, 30), sites))[0] == "cannot be judged"


def test_models_are_compared_across_vendors_and_at_like_dates_only():
    a = row("M", 60, 33, 106, "Claude 3", "2025-02")
    late = row("M", 400, 200, 900, "GPT-5", "2025-08")
    assert other_studies.verdict_of((a, late), by_model=True)[0] == "cannot be judged"
    like = row("M", 400, 200, 900, "GPT-4", "2025-03")
    assert other_studies.verdict_of((a, like), by_model=True)[0] == "diverge"


def test_a_benchmark_alone_does_not_make_studies_converge(plain):
    verdicts = {one.group.by_model: one.verdict for one in plain.verdicts}
    assert verdicts[True] == "converge"
    assert other_studies.overall(plain.verdicts) == "cannot be judged"


def test_every_group_shows_value_unit_and_grade_of_each_row():
    text = sim.assess("no-tool").text()
    for part in ("55.8 [21, 89] %, grade P (Peng", "26 [6, 46] % change", "39 % change, grade P"):
        assert part in text


# ---- evidence, text, record ----------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_row_cited_is_in_the_ledger_and_none_is_only_recalled(name):
    rows = ledger.read()
    found = sim.assess(name)
    cited = {row for part in (found.findings, found.window, found.must_not_conclude) for one in part
             for row in one.evidence}  # fmt: skip
    assert cited == set(found.evidence)
    assert all(row in rows and rows[row].grade != "R" for row in cited)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_text_fits_a_terminal_and_warns_of_the_headline(name):
    text = sim.assess(name).text()
    assert max(map(len, text.splitlines())) <= 100
    assert "91% and 15% are two ends of one scale" in text
    assert "None" not in text
    assert "nan" not in text.split()


@pytest.mark.parametrize("name", SCENARIOS)
def test_fifteen_and_ninety_one_are_never_put_in_one_ratio(name):
    found = sim.assess(name)
    said = [sentence for one in found.findings for sentence in one.says]
    for sentence in said:
        assert not ("91" in sentence and re.search(r"\b1[45](\.5)?%", sentence)), sentence
    assert not re.search(r"\b6(\.0|\.1)?[- ]?(x|×|times|fold)|sixfold|15 against 91", found.text())


def test_rates_are_the_published_ones_on_one_measure_at_a_time(plain):
    said = plain.finding("composition").says
    for measure, prefix in (("verified", "verified"), ("judged", "judged"), ("partial", "partial")):
        (line,) = [
            s for s in said if s.startswith("The study's") and f"{measure} success, adj" in s
        ]
        rates = ledger.rates(ledger.read(), prefix)
        for level in (1, 5):
            assert f"{100 * rates[level]:g}%" in line


def test_the_team_s_weighted_rate_is_by_arithmetic(plain):
    """2 novices, 5 intermediates and 2 experts: (2 x 14.5 + 5 x 28.3 + 2 x 32.9) / 9 = 26.3."""
    assert "average 26.3%" in " ".join(plain.finding("composition").says)


def test_what_must_not_be_concluded_names_all_eight(plain):
    text = " ".join(one.what + one.why for one in plain.must_not_conclude)
    assert len(plain.must_not_conclude) == 8
    for word in ("91%", "seniority", "displacement", "0.45 to 0.8", "advanced work", "One vendor",
                 "one person", "workforce decision"):  # fmt: skip
        assert word in text


def test_json_holds_everything_as_plain_data(tmp_path):
    found = sim.assess("baseline", sample_file(tmp_path, two_raters(20, 3, 3, 40)), today=DAY)
    data = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert data["date"] == "2027-01-15"
    assert [one["status"] for one in data["findings"]] == [f.status for f in found.findings]
    assert data["work_sample"]["agreement"]["n"] == 66
    assert set(data["rubric"]["signals"]) == {"framing", "verification", "correction"}
    assert data["provenance"]["scenario_sha256"] == sim.load("baseline").sha256


def test_the_record_has_what_an_impact_assessment_asks_for(plain):
    page = plain.record()
    for part in (
        "| Date | 2027-01-15 |", "| Purpose |", "| System assessed | claude-code-2026", "Tiercurve",
        plain.provenance["scenario_sha256"], plain.provenance["evidence_sha256"],
        "## Evidence used", "## Known limits", "## What is assumed",
        "## What must not be concluded", "Decision: ____", "Decided by, when: ____",
        "Classification reviewed: by whom, when: ____", "EU AI Act", "employment law",
        "not legal advice",
    ):  # fmt: skip
        assert part in page
    assert len(page.splitlines()) < 90


def test_a_question_cannot_break_out_of_the_record(plain):
    plan = sim.load("baseline").replace({"question": "a | b\n## Decision: <b>yes</b>"})
    page = sim.assess(plan).record()
    assert "| Purpose | a \\| b ## Decision: &lt;b&gt;yes&lt;/b&gt; |" in page


def test_a_record_is_written_whole_and_never_over_another_file(tmp_path):
    path = tmp_path / "record.md"
    found = sim.assess("baseline", record=path, today=DAY)
    assert path.read_text(encoding="utf-8") == found.record()
    assert [p.name for p in tmp_path.iterdir()] == ["record.md"]
    path.write_text("mine")
    with pytest.raises(sim.AssessError, match="exists already"):
        sim.assess("baseline", record=path)
    assert path.read_text() == "mine"


def test_a_record_that_cannot_be_written_is_refused_before_work_is_done(tmp_path):
    for path, says in (
        (tmp_path / "record.txt", "must end in .md"),
        (tmp_path / "no" / "record.md", "the folder no does not exist"),
    ):
        with pytest.raises(sim.AssessError, match=says):
            sim.assess("baseline", work=tmp_path / "missing.csv", record=path)


def test_the_impact_note_has_what_a_works_council_asks_for_on_one_page(plain):
    page = plain.note()
    for part in (
        "## Purpose", "## Who is affected", "## What data", "## Measured, assumed, unknown",
        "## What it must not be used for", "## The law", "## Before acting",
        "Contact for questions and objections: ", "2 novice, 5 intermediate, 2 expert",
        "2 December 2027", "Regulation (EU) 2026/1744", "None of the team's own",
    ):  # fmt: skip
        assert part in page
    assert len(page.split()) < 800


def test_the_impact_note_counts_assumptions_as_runs_and_decks_do(plain):
    told = sim.run("baseline", draws=2, luck=1).caveats
    counted = next(line for line in told if "rest on assumption alone" in line).partition(",")[0]
    assert re.match(r"\d+ of \d+ ", counted)
    assert f"{counted}; so do {len(plain.assumed)} of the {len(plain.beliefs)}" in plain.note()


@pytest.mark.browser
def test_the_impact_note_is_one_sheet_of_letter_paper_and_names_the_plan(chromium):
    page = chromium.new_page()
    page.set_content(sim.assess("done-by-march/hire", today=DAY).note("html"))
    assert page.title() == "Impact note on the plan “hire”"
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter", prefer_css_page_size=True)))
    assert len(sheets.pages) == 1
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "15px"  # read on a screen
    page.close()


def test_the_impact_note_says_in_html_what_it_says_in_markdown(plain):
    parser = []
    reader = HTMLParser()
    reader.handle_data = parser.append
    reader.feed(plain.note("html").partition("<body>")[2])
    words = re.sub(r"[\\#]|^- ", "", plain.note(), flags=re.MULTILINE).split()
    assert " ".join(parser).split() == words


def test_a_question_cannot_break_out_of_the_note():
    plan = sim.load("baseline").replace({"question": "a\n## The law <b>yes</b> [x](y)"})
    found = sim.assess(plan, today=DAY)
    assert "a \\#\\# The law &lt;b&gt;yes&lt;/b&gt; \\[x\\](y)" in found.note()
    assert "<b>" not in found.note("html")


def test_the_note_names_what_is_the_teams_own_and_whom_a_plan_may_name(tmp_path):
    sample = sample_file(tmp_path, two_raters(20, 3, 3, 40))
    one = {"count": 1, "level": "novice", "role": "engineer", "week": 4}
    plan = sim.load("baseline").replace({"question": "What if Anna leaves?", "leavers": [one]})
    page = sim.assess(plan, sample, today=DAY).note()
    assert "A sample of 66 tickets" in page
    assert "Groups of one person in the plan: 1." in page
    assert "Warning: question: 'Anna' may be a person's name (a guess" in page


def test_a_note_is_written_in_the_form_of_its_ending_and_never_over_another_file(tmp_path):
    for ending in ("md", "html"):
        path = tmp_path / f"note.{ending}"
        found = sim.assess("baseline", note=path, today=DAY)
        assert path.read_text(encoding="utf-8") == found.note(ending)
        with pytest.raises(sim.AssessError, match="exists already"):
            found.save_note(path)
    with pytest.raises(sim.AssessError, match=r"a note must end in .md or .html"):
        sim.assess("baseline", note=tmp_path / "note.pdf")
    with pytest.raises(sim.AssessError, match="form = 'pdf': must be 'md' or 'html'"):
        found.note("pdf")


def test_a_date_that_is_none_is_refused():
    assert sim.assess("baseline", today="2026-12-24").today == date(2026, 12, 24)
    with pytest.raises(sim.AssessError, match="must be a date such as"):
        sim.assess("baseline", today="24.12.2026")


# ---- the rubric ----------------------------------------------------------------------------


def test_the_rubric_describes_five_levels_by_three_signals_and_no_title(plain):
    assert len(plain.rubric.signals) == 3
    for steps in plain.rubric.signals.values():
        assert len(set(steps)) == 6
    words = " ".join(word for steps in plain.rubric.signals.values() for word in steps).lower()
    assert not re.search(r"senior|junior|title|years|lead\b|principal", words)
    assert "assumption" in plain.rubric.note


def test_a_level_is_the_median_of_medians():
    rate = levels.Rubric().level
    assert rate([(1, 3, 5)]) == 3
    assert rate([(2, 2, 5), (4, 4, 1), (3, 4, 5)]) == 4
    assert rate([(2, 2, 2), (3, 3, 3)]) == 2.5
    for nonsense in ([], [(1, 2)], [(0, 3, 3)], [(3, 3, math.nan)], [(3, 3, "4")]):
        with pytest.raises(sim.AssessError):
            rate(nonsense)


# ---- the command line ----------------------------------------------------------------------


def test_the_command_prints_text_or_json_and_writes_the_record(tmp_path, capsys):
    sample, record = sample_file(tmp_path, labelled(27, 73)), tmp_path / "record.md"
    words = ("assess", "baseline", "--work", sample, "--record", record, "--rated")
    code, out, err = tiercurve(*words, capsys=capsys)
    assert (code, record.is_file()) == (0, True)
    assert "measured  What share of our own tasks" in out
    assert "record written to" in err
    code, out, _ = tiercurve("assess", "baseline", "--json", capsys=capsys)
    assert (code, json.loads(out)["scenario"]) == (0, "baseline")


def test_help_documents_the_columns(capsys):
    code, out, _ = tiercurve("assess", "--help", capsys=capsys)
    assert code == 0
    for column in ("class", "rater_1", "rater_2", "hours", "ticket"):
        assert re.search(rf"^ *{column}\b|, {column} ", out, re.MULTILINE), column


@pytest.mark.parametrize(
    "words",
    [
        ("assess",),
        ("assess", "nope"),
        ("assess", "baseline", "--work", "none.csv"),
        ("assess", "baseline", "--record", "record.txt"),
        ("assess", "baseline", "--record", "README.md"),
        ("assess", "baseline", "--note", "note.docx"),
        ("assess", "baseline", "--record", "no/such/record.md"),
    ],
)
def test_a_call_that_cannot_be_answered_ends_with_exit_code_2_and_one_line(words, capsys):
    code, out, err = tiercurve(*words, capsys=capsys)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert err.strip()


def test_the_hours_of_development_are_asked_for_before_all_else():
    asked = "how many hours of a full week a person develops: 8 to 22"
    bare = sim.load("platform-team")
    assert asked in " ".join(sim.assess(bare).text().split())
    stated = bare.replace({"development_hours_per_week": 14})
    assert "To narrow every forecast" not in sim.assess(stated).text()
