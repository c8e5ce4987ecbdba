"""The evidence ledger reads, says what was published, and refuses broken rows clearly."""

import csv
import dataclasses
import math
import re
from pathlib import Path

import pytest

from sim import ledger
from sim.errors import EvidenceError

CONFLICTS = ("c1", "c2", "c6", "c7", "c8", "c14", "c15")  # the numbering has gaps
GOOD = {
    "id": "study-judged-1",
    "topic": "success",
    "quantity": "judged success",
    "level": "1",
    "value": "39",
    "low": "37",
    "high": "41",
    "unit": "%",
    "definition": "share judged succeeded",
    "population": "sessions",
    "window": "2026",
    "source": "a study",
    "address": "",
    "grade": "F",
    "use": "target",
    "note": "",
}
ROW = "evidence.csv, row study-judged-1: "


@pytest.fixture(scope="module")
def published():
    return ledger.read()


def write(folder, rows, header=ledger.HEADER):
    path = folder / "evidence.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        writer.writerows([row[name] for name in header] for row in rows)
    return path


def message_of(path):
    with pytest.raises(EvidenceError) as caught:
        ledger.read(path)
    return str(caught.value)


def test_the_packaged_ledger_reads_and_is_keyed_by_id(published):
    assert published
    assert all(key == row.id for key, row in published.items())


def test_a_row_survives_the_round_trip_through_a_file(tmp_path):
    row = ledger.read(write(tmp_path, [GOOD]))["study-judged-1"]
    numbers = {"value": 39.0, "low": 37.0, "high": 41.0}
    assert dataclasses.asdict(row) == GOOD | numbers


def test_an_empty_number_is_none_and_never_zero(tmp_path):
    row = ledger.read(write(tmp_path, [GOOD | {"value": "", "low": "", "high": "0"}]))
    assert (row["study-judged-1"].value, row["study-judged-1"].high) == (None, 0)


def test_adjusted_verified_rates_are_the_published_ones(published):
    expected = {1: 0.145, 2: 0.209, 3: 0.283, 4: 0.295, 5: 0.329}
    assert ledger.rates(published, "verified") == pytest.approx(expected)


def test_judged_rates_exist_at_both_ends_only(published):
    assert ledger.rates(published, "judged") == pytest.approx({1: 0.39, 5: 0.65})


def test_partial_rates_leave_out_the_unpublished_beginner(published):
    expected = {1: 0.77, 3: 0.915, 4: 0.915, 5: 0.91}
    assert ledger.rates(published, "partial") == pytest.approx(expected)


def test_an_unknown_measure_is_refused_by_name(published):
    with pytest.raises(ledger.EvidenceError, match="measure = 'headline': must be one of"):
        ledger.rates(published, "headline")


def test_a_stricter_measure_never_has_the_higher_rate(published):
    verified, judged, partial = (ledger.rates(published, m) for m in ledger.RATE_ROWS)
    assert all(verified[level] < judged[level] < partial[level] for level in judged)


def test_level_coefficients_are_differences_of_the_adjusted_rates(published):
    novice = published["study-verified-adj-1"].value
    for level in range(2, 6):
        gap = published[f"study-verified-adj-{level}"].value - novice
        assert gap == pytest.approx(published[f"study-verified-coef-{level}"].value)


def test_session_shares_sum_to_a_hundred_within_rounding(published):
    shares = [published[f"study-share-{level}"].value for level in range(1, 6)]
    assert abs(sum(shares) - 100) <= 5 * 0.05  # five numbers, each rounded to 0.1


def test_shares_times_rates_give_the_printed_overall_rate(published):
    shares = [published[f"study-share-{level}"].value for level in range(1, 6)]
    rates = ledger.rates(published, "verified")
    mean = sum(s * rates[level] for level, s in enumerate(shares, 1)) / sum(shares)
    assert 100 * mean == pytest.approx(published["study-verified-mean"].value, abs=0.1)


def test_mode_shares_sum_to_a_hundred(published):
    shares = [row.value for row in published.values() if row.id.startswith("mode-share-")]
    assert sum(shares) == pytest.approx(100)


def test_horizon_slopes_follow_from_the_two_horizons(published):
    """ln 4 logits separate 50% from 80%, over log2(h50 / h80) doublings."""
    slopes = [row for row in published.values() if row.unit == "logit/doubling"]
    assert len(slopes) == 7 + 12 + 1  # before, reissued, and their mean
    reissued = [
        row.value for row in slopes if row.id.startswith("metr-2026") and not row.has_interval
    ]
    (mean,) = [row for row in slopes if row.has_interval]
    assert len(reissued) == 12
    assert mean.value == pytest.approx(sum(reissued) / 12, abs=0.006)
    for row in slopes:
        if row is mean:
            continue
        h50, h80 = (published[row.id.replace("slope", h)].value for h in ("h50", "h80"))
        assert row.value == pytest.approx(math.log(4) / math.log2(h50 / h80), abs=0.006)


def test_levels_two_and_four_are_kept_out_of_the_fit(published):
    uses = [published[f"study-verified-adj-{level}"].use for level in range(1, 6)]
    assert uses == ["target", "held-out", "target", "held-out", "target"]


@pytest.mark.parametrize("name", CONFLICTS)
def test_each_conflict_is_there(published, name):
    assert published[f"conflict-{name}"].use == "conflict"


def test_nothing_else_is_called_a_conflict(published):
    found = {row.id for row in published.values() if row.use == "conflict"}
    assert found == {f"conflict-{name}" for name in CONFLICTS}


def test_a_superseded_row_names_one_that_is_in_use(published):
    superseded = [row for row in published.values() if row.use == "superseded"]
    assert len(superseded) == 31
    for row in superseded:
        assert published[row.replacement].use != "superseded", row.id
    assert published["metr-o3-h50"].replacement == "metr-2026-o3-h50"
    assert published["metr-2026-o3-h50"].replacement == ""


def test_nothing_rests_on_a_superseded_row(published):
    """Register, both fits, patterns and what the assessment cites."""
    old = {row.id for row in published.values() if row.use == "superseded"}
    root = Path(__file__).parents[1]
    files = [
        *(root / "calibration").glob("*.toml"), *(root / "calibration/patterns").glob("*.toml"),
        *(root / "sim").rglob("*.toml"), *(root / "sim").rglob("*.py"),
    ]  # fmt: skip
    assert len(files) > 100
    for file in files:
        cited = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', file.read_text(encoding="utf-8")))
        assert not cited & old, file.name


@pytest.mark.parametrize("note", ["", "superseded", "superseded by study-judged-9"])
def test_a_superseded_row_without_its_replacement_is_refused(tmp_path, note):
    said = message_of(write(tmp_path, [GOOD | {"use": "superseded", "note": note}]))
    assert said.startswith(ROW + f"note = {note!r}: must say 'superseded by ID'")


def test_nothing_recalled_is_used(published):
    assert {row.use for row in published.values() if row.grade == "R"} == {"context"}


def test_a_row_without_an_address_says_so(published):
    silent = [r.id for r in published.values() if not r.address and "address not" not in r.note]
    assert silent == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"grade": "Q"}, "grade = 'Q': must be one of P, T, F, S, M, R"),
        ({"use": "fit"}, "use = 'fit': must be one of target, input, prior, held-out, context"),
        ({"grade": "R"}, "use = 'target': must be context where grade is R"),
        ({"grade": "M"}, "note = '': must state the method where grade is M"),
        ({"unit": ""}, "unit = '': must not be empty"),
        ({"source": " "}, "source = '': must not be empty"),
        ({"definition": ""}, "definition = '': must not be empty"),
        ({"value": "many"}, "value = 'many': must be a number, or empty"),
        ({"value": "nan"}, "value = 'nan': must be a number, or empty"),
        ({"high": "inf"}, "high = 'inf': must be a number, or empty"),
        ({"low": "40"}, "low = 40: must not exceed value = 39"),
        ({"high": "38"}, "value = 39: must not exceed high = 38"),
        ({"value": "", "low": "42"}, "low = 42: must not exceed high = 41"),
        ({"high": "101"}, "high = 101: must be 0 to 100 where unit is %"),
        ({"low": "-1"}, "low = -1: must be 0 to 100 where unit is %"),
    ],
)
def test_every_broken_row_gives_one_clear_line(tmp_path, change, message):
    said = message_of(write(tmp_path, [GOOD | change]))
    assert said.startswith(ROW + message)
    assert "\n" not in said


@pytest.mark.parametrize("unit", ["% change", "pp"])
def test_a_change_may_be_negative_or_above_a_hundred(tmp_path, unit):
    row = GOOD | {"unit": unit, "low": "-250", "value": "-14", "high": "139"}
    assert ledger.read(write(tmp_path, [row]))["study-judged-1"].value == -14


def test_a_second_row_of_one_name_is_refused(tmp_path):
    said = message_of(write(tmp_path, [GOOD, GOOD]))
    assert said == ROW + "id = 'study-judged-1': must be unique"


def test_a_name_that_is_not_kebab_is_refused_with_its_line(tmp_path):
    said = message_of(write(tmp_path, [GOOD, GOOD | {"id": "Judged 1"}]))
    assert said.startswith("evidence.csv, line 3: id = 'Judged 1': must be")


def test_a_header_with_its_columns_swapped_is_refused(tmp_path):
    said = message_of(write(tmp_path, [GOOD], header=ledger.HEADER[::-1]))
    assert said.startswith("evidence.csv, header = 'note,use,")
    assert said.endswith("must be " + ",".join(ledger.HEADER))


def test_an_empty_file_has_no_header(tmp_path):
    path = tmp_path / "evidence.csv"
    path.write_text("")
    assert message_of(path).startswith("evidence.csv, header = '': must be id,topic")


def test_a_short_row_is_refused(tmp_path):
    path = write(tmp_path, [])
    path.write_text(path.read_text() + "study-judged-1,success\n")
    assert message_of(path) == ROW + "2 cells: must be 16"


def test_a_quote_left_open_is_refused(tmp_path):
    path = write(tmp_path, [])
    path.write_text(path.read_text() + '"study-judged-1,success\n')
    assert message_of(path).startswith("evidence.csv, line 2: ")


def test_a_missing_file_is_named_with_its_folder(tmp_path):
    assert message_of(tmp_path / "gone.csv") == f"gone.csv: no such file in {tmp_path}"


def test_a_folder_is_not_a_ledger(tmp_path):
    assert ": cannot be read: " in message_of(tmp_path)


def test_text_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "evidence.csv"
    path.write_bytes("café".encode("latin-1"))
    assert message_of(path) == "evidence.csv, byte 3: must be UTF-8 text"


def test_a_byte_order_mark_left_by_a_spreadsheet_is_harmless(tmp_path):
    path = write(tmp_path, [GOOD])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert list(ledger.read(path)) == ["study-judged-1"]
