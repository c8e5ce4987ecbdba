"""A claim says how a number is printed and where it is from, and a run record makes it again."""

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.checking import rerun
from sim.experiments import drivers
from sim.parameters import world_parameters
from sim.records import claims, run_record, words
from sim.scenario import curves_path

SMALL = {
    "world": {"causal_share": 0.5},
    "question": "What will a small team deliver in six weeks?",
    "horizon": {"weeks": 6},
    "team": {"novice": 1, "intermediate": 2, "expert": 1},
}


@pytest.fixture(scope="module")
def small():
    return sim.Scenario.from_dict(SMALL, "small")


@pytest.fixture(scope="module")
def result(small):
    return sim.run(small, draws=40, luck=2, seed=3, threads=1)


@pytest.fixture(scope="module")
def comparison(small):
    plans = {"as is": small, "one more": small.replace({"team.expert": 2})}
    return sim.compare(plans, draws=40, luck=2, seed=3, threads=1)


def claim_of(record, id_):
    return next(claim for claim in record.claims() if claim.id == id_)


def test_a_claim_of_a_run_holds_the_numbers_of_its_summary(result):
    row = result.summary().loc["work_delivered"]
    claim = claim_of(result, "work_delivered/mean/small")
    assert (claim.value, claim.low, claim.high) == (row["mean"], row["ci_low"], row["ci_high"])
    assert claim.error == row["mc_error"]
    assert claim.unit == claim.shown_unit == "expert-h"
    assert claim.scenarios == {"small": result.scenario.sha256}
    assert claim.caveats == result.caveats


def test_a_claim_of_a_comparison_holds_the_numbers_of_its_summary(comparison):
    row = comparison.summary().loc[("one more", "work_delivered")]
    claim = claim_of(comparison, "work_delivered/difference/one%20more")
    assert (claim.value, claim.low, claim.high) == (row["mean"], row["ci_low"], row["ci_high"])
    assert list(claim.scenarios) == ["as is", "one more"]
    assert claim.forms["value"].startswith("+")


def test_every_printed_form_of_a_number_says_its_interval_and_unit(result, comparison):
    for claim in (*result.claims(), *comparison.claims()):
        assert set(claim.forms) == set(claims.FORMS)
        assert claim.interval in claim.form("full")
        assert claim.shown_unit in claim.form("full")
        assert claim.shown[0] in claim.form("short")
        assert claim.form("span") == f"{claim.shown[1]} to {claim.shown[2]}"
        assert claim.sentence.endswith(".")
        assert not set(" ;,") & set(claim.id)


def step_of(text):
    """The step to which a number is printed: 0.1 for "2.5", 100 for "1,200"."""
    digits = text.strip("−+%").replace(",", "")
    if "." in digits:
        return 10.0 ** -len(digits.partition(".")[2])
    return 10.0 ** (len(digits) - len(digits.rstrip("0")))


def test_no_claim_is_printed_finer_than_its_simulation_error_supports(result, comparison):
    """The step is a power of ten, half of which the error is or more; in percent it is 1 or more.

    A number that ends in zeros is printed to a step that divides it, so its step is known from
    below alone: what is held is the finest of the three printed numbers.
    """
    held = 0
    for claim in (*result.claims(), *comparison.claims()):
        printed = [text for text in claim.shown if any(c.isdigit() for c in text)]
        scale = 100 if claim.unit == "share" else 1
        if not claim.error > 0 or "better" in claim.id or "break_even" in claim.id or not printed:
            continue
        finest = min(map(step_of, printed))
        assert finest >= 10 ** math.floor(math.log10(2 * scale * claim.error)) * (1 - 1e-9)
        held += 1
    assert held > 100


def test_within_three_figures_claims_are_told_as_earlier_versions_told_them(result):
    claim = claim_of(result, "work_delivered/mean/small")
    with words.three_figures():
        earlier = claim_of(result, "work_delivered/mean/small")
    assert (earlier.value, earlier.low, earlier.high) == (claim.value, claim.low, claim.high)
    assert earlier.shown == words.rounded(claim.value, claim.low, claim.high)
    assert earlier.shown != claim.shown
    assert earlier.shown[0] in earlier.sentence


def test_a_record_of_three_figures_is_made_again_with_three(result, comparison):
    """Records of earlier versions told three figures of every number; they must still check."""
    for made in (result, comparison):
        with words.three_figures():
            earlier = made.run_record()
        assert claims.pack(earlier.claims) != claims.pack(made.run_record().claims)
        assert claims.pack(rerun.rerun(earlier, threads=1)) == claims.pack(earlier.claims)


def test_a_share_is_printed_in_percent_and_its_difference_in_points(comparison):
    share = claim_of(comparison, "verified_share/mean/as%20is")
    (text,) = words.rounded(100 * share.value, error=100 * share.error)
    assert share.form("value") == f"{text}%"
    difference = claim_of(comparison, "verified_share/difference/one%20more")
    assert " points (" in difference.form("full")


def test_claims_go_through_json_unchanged(result, comparison):
    for record in (result, comparison):
        found = record.claims()
        text = json.dumps(claims.pack(found), allow_nan=False)
        assert claims.pack(claims.unpack(json.loads(text))) == claims.pack(found)


def test_never_goes_through_json(result):
    claim = replace(result.claims()[0], high=math.inf, error=math.nan)
    again = claims.Claim.from_json(json.loads(json.dumps(claim.to_json(), allow_nan=False)))
    assert again.high == math.inf
    assert math.isnan(again.error)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("value", "12"), ("value", True), ("low", 10**400), ("shown", ["1", "2"]), ("draws", 1.5),
        ("id", None),
        ("scenarios", {"small": 3}), ("caveats", "none"), ("carried_by", [{"parameter": "x"}]),
    ],
)  # fmt: skip
def test_a_claim_of_the_wrong_kind_is_refused_in_one_line(result, field, value):
    data = result.claims()[0].to_json() | {field: value}
    with pytest.raises(claims.ClaimError, match=f"^not a claim: {field} is not of its kind$"):
        claims.Claim.from_json(data)


def test_a_card_names_scenario_design_curves_evidence_and_caveats(result):
    card = claim_of(result, "work_delivered/mean/small").card()
    p = result.provenance
    for part in (p["scenario_sha256"][:12], "40 draws x 2 luck, seed 3", p["curves"],
                 p["evidence_sha256"][:12], p["version"], *result.caveats):  # fmt: skip
        assert part in card


# What carries a number.


def noise_and_signal(share, draws=200):
    """A number of which one parameter makes a known share of the variance, and ten others none."""
    rng = np.random.default_rng(5)
    drawn = {f"other{i}": rng.normal(size=draws) for i in range(10)}
    drawn["team_offset"] = rng.normal(size=draws)
    signal = np.sqrt(share) * drawn["team_offset"]
    return signal + np.sqrt(1 - share) * rng.normal(size=draws), drawn


def test_the_share_that_a_parameter_carries_is_found():
    """Linear and normal: the share of variance is 0.6; its standard error is 2 r (1 - r²)/√n."""
    y, drawn = noise_and_signal(0.6)
    ((first, *_),) = drivers.ranked(y[:, None], drawn, 1)
    error = 2 * np.sqrt(0.6) * 0.4 / np.sqrt(200)
    assert first["parameter"] == "team_offset"
    assert abs(first["share"] - 0.6) < 4 * error


def test_noise_is_carried_by_nothing_19_times_in_20():
    rng = np.random.default_rng(6)
    names = list(world_parameters())[:20]
    drawn = {name: rng.normal(size=100) for name in names}
    found = drivers.ranked(rng.normal(size=(100, 200)), drawn, 1)
    assert sum(map(bool, found)) / 200 < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 200)


def test_an_analysis_says_what_carries_the_expectation_of_its_own_plan(small, comparison):
    found = sim.sensitivity(
        small, ["team_offset", "review_rate"], samples=64, luck=2, metrics=["tasks_done"], threads=1
    )
    told = {claim.id: claim for claim in sim.claims(comparison, found)}
    plain = {claim.id: claim for claim in sim.claims(comparison)}
    changed = [
        key for key in plain if told[key] != plain[key] and plain[key].error == plain[key].error
    ]
    assert changed == ["tasks_done/mean/as%20is"]
    claim = told["tasks_done/mean/as%20is"]
    table = found.indices.set_index("factor")
    for row in claim.carried_by:
        assert row["share"] == pytest.approx(min(1.0, table.loc[row["parameter"], "ST"]), abs=5e-4)
        assert table.loc[row["parameter"], "ST"] > table.loc[row["parameter"], "floor"]
    assert "64 blocks x 2 luck" in claim.card()


# How to cite.


def test_every_record_cites_tool_evidence_and_each_scenario(small, result, comparison):
    plans = {"as is": small, "100% + {more}": small.replace({"team.expert": 2})}
    made = {
        "result": (result, 1),
        "comparison": (comparison, 2),
        "decision": (sim.decide(plans, draws=50, luck=2, threads=1), 2),
    }
    for record, scenarios in made.values():
        text, bibtex = record.cite().split("\n\n")
        assert "Tiercurve 0" in text
        assert "Agentic coding and persistent returns to expertise" in text
        kinds = re.findall(r"^@(\w+)\{", bibtex, re.MULTILINE)
        assert kinds == ["software", "techreport", *["misc"] * scenarios]
        assert bibtex.count("{") == bibtex.count("}")
    assert made["decision"][0].plans["as is"].sha256 in bibtex
    assert r"100\% + \{more\}" in bibtex


# The run record.


def test_a_record_goes_through_text_unchanged(result, comparison):
    for record in (result.run_record(), comparison.run_record()):
        text = run_record.dumps(record)
        assert run_record.dumps(run_record.loads(text)) == text


def test_a_record_makes_the_same_claims_again_on_other_threads(result, comparison):
    for record in (result.run_record(), comparison.run_record()):
        again = rerun.rerun(run_record.loads(run_record.dumps(record)), threads=2)
        assert claims.pack(again) == claims.pack(record.claims)


def test_a_record_runs_again_without_the_plan_its_question_named(tmp_path, monkeypatch):
    (tmp_path / "other.toml").write_text('question = "Other?"\nhorizon.weeks = 6\n')
    plan = tmp_path / "asks.toml"
    plan.write_text('question = "Better?"\nhorizon.weeks = 6\nanswer.against = "other"\n')
    monkeypatch.chdir(tmp_path)
    first = sim.run(sim.load("asks"), draws=4, luck=1, threads=1)
    record = first.run_record()
    plan.unlink()
    (tmp_path / "other.toml").unlink()
    again = rerun.rerun(record, threads=1)
    assert claims.pack(again) == claims.pack(first.claims())


def test_a_record_runs_again_without_the_file_of_a_curve_set_of_its_own(
    small, tmp_path, monkeypatch
):
    packaged = sim.load("platform-team").tool.curves
    data = curves_path(packaged).read_text(encoding="utf-8")
    own = tmp_path / "sets" / "mine.json"
    own.parent.mkdir()
    own.write_text(data.replace(packaged, "mine"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    first = sim.run(small.replace({"tool.curves": "sets/mine.json"}), draws=4, luck=1, threads=1)
    record = run_record.loads(run_record.dumps(first.run_record()))
    own.unlink()
    again = rerun.rerun(record, threads=1)
    assert claims.pack(again) == claims.pack(first.claims())


def changed(record, **levers):
    """A record whose one plan states other levers, by table and key."""
    ((label, kept),) = record.plans.items()
    table = {name: kept["levers"][name] | new for name, new in levers.items()}
    return replace(record, plans={label: kept | {"levers": kept["levers"] | table}})


@pytest.mark.parametrize(
    "tool", [{"curves": "../../secret.json"}, {"curves": "/etc/passwd"}, {"kind": None}]
)
def test_a_record_that_names_a_file_is_refused_before_it_is_read(result, tool):
    record = changed(result.run_record(), tool=tool)
    with pytest.raises(run_record.RecordError, match="file"):
        run_record.loads(run_record.dumps(record))


def test_a_record_that_asks_for_years_of_computing_is_refused(result):
    record = result.run_record()
    record = replace(record, arguments=record.arguments | {"draws": 500_000, "luck": 4000})
    assert rerun.workload_of(record).seconds > 3600
    with pytest.raises(run_record.RecordError, match="of memory"):
        rerun.rerun(record)


def test_levers_changed_in_a_record_change_its_fingerprint(result):
    record = changed(result.run_record(), horizon={"weeks": 5})
    claim = rerun.rerun(record, threads=1)[0]
    assert claim.scenarios != record.claims[0].scenarios


def test_a_record_too_large_to_travel_keeps_the_first_claims_that_fit(result, monkeypatch):
    record = result.run_record()
    monkeypatch.setattr(run_record, "MOST_BYTES", 15_000)
    kept = run_record.within_limit(record).claims
    assert kept == record.claims[: len(kept)]
    assert 0 < len(kept) < len(record.claims)


def test_a_class_of_developer_is_said_to_be_missing_not_run_without(result):
    record = result.run_record()
    record = replace(record, arguments=record.arguments | {"developer_class": "Mine"})
    with pytest.raises(run_record.RecordError, match="class of developer"):
        rerun.rerun(record)


HOSTILE = [
    "", "{", "[]", "[" * 100_000, '{"schema":1}', '{"schema":2}', '{"schema":1,"kind":NaN}',
    "x" * (run_record.MOST_BYTES + 1), '{"schema":"<script>"}',
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_record_is_refused_in_one_short_line(text):
    with pytest.raises(run_record.RecordError) as caught:
        run_record.loads(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("plans", {}), ("plans", {"small": 3}), ("plans", []), ("kind", 3), ("claims", []),
        ("arguments", [2]), ("provenance", {"other": 3}), ("about", 3),
        ("claims", {"pools": {}, "claims": [{}]}),
    ],
)  # fmt: skip
def test_a_record_with_a_field_of_the_wrong_kind_is_refused(result, field, value):
    data = json.loads(run_record.dumps(result.run_record()))
    with pytest.raises(run_record.RecordError, match=r"^run record: "):
        run_record.loads(json.dumps(data | {field: value}))


def test_a_lever_out_of_bounds_in_a_record_is_refused_before_anything_runs(result):
    record = result.run_record()
    plan = record.plans["small"]
    levers = plan["levers"] | {"team": plan["levers"]["team"] | {"novice": -1}}
    with pytest.raises(run_record.RecordError, match=r"team\.novice"):
        rerun.rerun(replace(record, plans={"small": plan | {"levers": levers}}))
