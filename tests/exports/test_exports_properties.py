"""However an export is written, the same is read of it, or it is refused by name."""

import csv
import io
import random
from datetime import date

import pytest
import trackers
from fuzzing import is_one_clear_line, some
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.exports import map_file

SAME = ("tickets", "outcomes", "hours", "window", "people", "agent", "left_out")
MENDS = ("say", "write", "add", "save", "map", "keep", "export")


def rows_of(path, separator=","):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=separator))


def written(rows, separator=",", quoting=csv.QUOTE_MINIMAL, end="\r\n", encoding="utf-8"):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def same(record, other):
    one, two = record.to_json(), other.to_json()
    return {key: (one[key], two[key]) for key in SAME if one[key] != two[key]}


@pytest.fixture(scope="module", params=("jira", "linear", "azure", "gitlab", "git"))
def export(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    path, _ = trackers.export(request.param, folder, rows=120, seed=3)
    separator = "\t" if request.param == "git" else ","
    return path, rows_of(path, separator), sim.read(path)


WAYS = st.fixed_dictionaries(
    {
        "rows": st.randoms(use_true_random=False),
        "columns": st.booleans(),
        "separator": st.sampled_from((",", ";", "\t", "|")),
        "quoting": st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
        "end": st.sampled_from(("\n", "\r\n")),
        "encoding": st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
        "before": st.sampled_from(("", "sep", "title", "blank")),
    }
)


def test_order_separator_quoting_and_encoding_change_nothing(export, tmp_path):
    _, (header, *body), record = export

    @some(25)
    @given(WAYS)
    def ways(way):
        rows, places = list(body), list(range(len(header)))
        way["rows"].shuffle(rows)
        if way["columns"]:
            way["rows"].shuffle(places)
        rows = [[row[i] for i in places] for row in [header, *rows]]
        data = written(rows, way["separator"], way["quoting"], way["end"], way["encoding"])
        first = {"sep": f"sep={way['separator']}", "title": "Our report", "blank": ""}.get(
            way["before"]
        )
        if first is not None:
            text = first + way["end"] + data.decode(way["encoding"])
            data = text.encode(way["encoding"])
        path = tmp_path / "again.csv"
        path.write_bytes(data)
        again = sim.read(path)
        left = {k: v for k, v in again.left_out.items() if "line" not in k}
        assert left == record.left_out
        assert not {k: v for k, v in same(record, again).items() if k != "left_out"}

    ways()


def test_the_map_it_writes_reads_the_same_under_other_names(export, tmp_path):
    """Columns are renamed; the map that was written is renamed with them."""
    _, (header, *body), record = export
    if record.tracker == "git log":
        return
    renamed = {name: f"Column {i}" for i, name in enumerate(dict.fromkeys(header))}
    tables = {**record.map, "columns": {
        role: [renamed[n] for n in names] if isinstance(names, list) else renamed[names]
        for role, names in record.map["columns"].items()
    }}  # fmt: skip
    stated = tmp_path / "ours.toml"
    stated.write_text(map_file.text(tables), encoding="utf-8")
    path = tmp_path / "renamed.csv"
    path.write_bytes(written([[renamed[name] for name in header], *body]))
    again = sim.read(path, map=stated)
    assert same(record, again) == {}
    assert again.map_sha256
    with pytest.raises(sim.TicketError) as caught:
        sim.read(path)
    is_one_clear_line(caught.value)


WORDS = {
    "done": "Voltooid deel",
    "given up": "Laat maar",
    "no attempt": "Was er al",
    "open": "Bezig deel",
}


def test_words_renamed_by_a_map_read_the_same(tmp_path):
    luck = random.Random(1)
    answers = [luck.choice(list(WORDS)) for _ in range(60)]
    known = {
        "done": "Done",
        "given up": "Won't Do",
        "no attempt": "Duplicate",
        "open": "In Progress",
    }
    plain, own, stated = (tmp_path / name for name in ("plain.csv", "own.csv", "map.toml"))
    for path, words in ((plain, known), (own, WORDS)):
        rows = [[f"A-{i}", words[answer]] for i, answer in enumerate(answers)]
        path.write_bytes(written([["Issue key", "Status"], *rows]))
    stated.write_text(
        map_file.text({"outcomes": {w: a for a, w in WORDS.items()}}), encoding="utf-8"
    )
    assert sim.read(own, map=stated).outcomes == sim.read(plain).outcomes
    with pytest.raises(sim.TicketError, match=r"Status = .*no known word.*--map.*\[outcomes\]"):
        sim.read(own)


FORMS = {
    "iso": "%Y-%m-%d",
    "time": "%Y-%m-%dT%H:%M:%SZ",
    "dmy": "%d/%m/%Y",
    "mdy": "%m/%d/%Y",
    "dots": "%d.%m.%Y",
    "jira": "%d/%b/%y 4:10 PM",
    "long": "%B %d, %Y",
    "short years": "%d/%m/%y",
    "dashes": "%d-%m-%Y",
}


@some(150)
@given(
    st.lists(st.dates(date(2021, 7, 1), date(2026, 6, 30)), min_size=1, max_size=30),
    st.sampled_from(list(FORMS)),
)
def test_the_form_of_dates_changes_nothing_or_is_refused_by_name(tmp_path_factory, days, form):
    path = tmp_path_factory.mktemp("dates") / "t.csv"
    rows = [[f"A-{i}", "Done", day.strftime(FORMS[form])] for i, day in enumerate(days)]
    path.write_bytes(written([["Issue key", "Status", "Resolved"], *rows]))
    try:
        record = sim.read(path)
    except sim.TicketError as error:
        said = str(error)
        assert "'Resolved'" in said
        assert "--dates dmy or --dates mdy" in said
        assert all(day.day <= 12 for day in days)
        record = sim.read(path, dates="mdy" if form == "mdy" else "dmy")
    assert record.window == (min(days).isoformat(), max(days).isoformat())


NUMBER = st.floats(0.25, 5_000).map(lambda x: round(x, 2)) | st.integers(1, 5_000).map(float)
MARKS = {"plain": ("", "."), "english": (",", "."), "german": (".", ","), "french": ("\u202f", ","),
         "swiss": ("'", "."), "comma": ("", ",")}  # fmt: skip


@some(200)
@given(st.lists(NUMBER, min_size=1, max_size=12), st.sampled_from(list(MARKS)))
def test_marks_of_numbers_change_nothing_or_are_refused_by_name(tmp_path_factory, hours, marks):
    thousands, point = MARKS[marks]
    path = tmp_path_factory.mktemp("numbers") / "t.csv"

    def text(x):
        whole, _, part = f"{x:,.2f}".rstrip("0").rstrip(".").partition(".")
        return whole.replace(",", thousands) + (point + part if part else "")

    rows = [[f"A-{i}", "closed", text(x)] for i, x in enumerate(hours)]
    path.write_bytes(written([["ticket", "outcome", "hours"], *rows]))
    try:
        record = sim.read(path)
    except sim.TicketError as error:
        said = str(error)
        assert "column 'hours'" in said
        assert "[numbers] decimal" in said
        stated = map_file.Map(decimal=point)
        record = sim.read(path, map=stated)
    assert record.hours.tolist() == pytest.approx(hours)


@some(60)
@given(
    st.text(max_size=8),
    st.sampled_from(("Status", "Resolution", "Agent", "Resolved", "Time Spent", "level")),
)
def test_any_word_in_any_column_is_read_or_refused_with_column_and_mend(
    tmp_path_factory, word, column
):
    path = tmp_path_factory.mktemp("words") / "t.csv"
    header = dict.fromkeys(("Issue key", "Status", column))
    word = word.encode("utf-8", "ignore").decode()
    rows = [
        [
            {"Issue key": f"A-{i}", "Status": "Done"}.get(name, word) if name != column else word
            for name in header
        ]
        for i in range(4)
    ]
    path.write_bytes(written([list(header), *rows], quoting=csv.QUOTE_ALL))
    try:
        sim.read(path)
    except sim.TicketError as error:
        is_one_clear_line(error)
        said = str(error)
        assert any(mend in said for mend in MENDS)
        assert column in said or "line" in said
