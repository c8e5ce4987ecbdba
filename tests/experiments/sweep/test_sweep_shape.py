"""A chunk that is whole by its hash, and yet has odd columns or rows: named, and made again."""

import io
import shutil

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sim
from sim.errors import SweepError, SweepWarning
from sim.experiments.sweep import chunk

ONE = {"team": {"novice": 0, "intermediate": 1, "expert": 0}, "horizon.weeks": 1}
MIX = {"team.novice": [0, 1, 2], "tool.profile": ["claude-code-2026"], "people": [[]]}
SMALL = {"draws": 4, "luck": 2, "chunk": 8, "threads": 1, "weekly": True}
WORK, COST = "work_delivered", "cost_to_horizon"


def column(name, make):
    """A change of one column, from its values."""

    def change(table):
        place = table.schema.get_field_index(name)
        return table.set_column(place, name, make(table[name]))

    return change


def full(value, kind=None):
    return lambda old: pa.array([value] * len(old), kind)


ODD = {
    "without a metric": lambda t: t.drop_columns([WORK]),
    "without a metric that is young": lambda t: t.drop_columns([COST]),
    "without draws": lambda t: t.drop_columns(["draw"]),
    "without points": lambda t: t.drop_columns(["point"]),
    "without errors": lambda t: t.drop_columns(["error"]),
    "without a factor": lambda t: t.drop_columns(["team.novice"]),
    "without columns": lambda t: t.select([]),
    "a metric of text": column(WORK, full("a")),
    "a metric of whole numbers": column(WORK, full(1)),
    "a metric of lists": column(WORK, full([1.0])),
    "draws of text": column("draw", full("0")),
    "draws of nothing": column("draw", full(None, pa.int32())),
    "points of fractions": column("point", lambda old: old.cast(pa.float64())),
    "errors of numbers": column("error", full(1)),
    "a metric renamed": lambda t: t.rename_columns(
        ["work" if name == WORK else name for name in t.column_names]
    ),
    "a metric twice": lambda t: t.append_column(WORK, t[WORK]),
    "draws twice": lambda t: t.append_column("draw", t["draw"]),
    "no rows": lambda t: t.slice(0, 0),
    "fewer rows": lambda t: t.slice(0, 5),
    "rows twice": lambda t: pa.concat_tables([t, t.slice(0, 2)]),
    "one world for another": lambda t: pa.concat_tables([t.slice(0, 7), t.slice(0, 1)]),
    "draws of another block": column("draw", full(99, pa.int32())),
    "another point": column("point", full(77, pa.int64())),
    "another value of a factor": column("team.novice", full(9.0)),
    "a list that is none": column("people", full("[")),
}
HARMLESS = {
    "another order": lambda t: t.select(t.column_names[::-1]),
    "a column beside": lambda t: t.append_column("note", pa.array(["a"] * len(t))),
}


@pytest.fixture(scope="module")
def plan():
    return sim.load("baseline").replace(ONE)


@pytest.fixture(scope="module")
def whole(plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "mix"
    return path, sim.sweep(plan, MIX, path, **SMALL)


@pytest.fixture
def mine(whole, tmp_path):
    return shutil.copytree(whole[0], tmp_path / "mix")


def changed(folder, change, below="rows"):
    """Write the table of a chunk anew, under the name of its bytes: that name."""
    path = sorted((folder / below).glob("rows-*.parquet"))[1]
    table, out = pq.read_table(path), io.BytesIO()
    pq.write_table(change(table).replace_schema_metadata(table.schema.metadata), out)
    path.unlink()
    new = path.with_name(f"rows-{chunk.hashed(out.getvalue())}.parquet")
    new.write_bytes(out.getvalue())
    weeks = folder / "weeks" / path.name
    weeks.rename(weeks.with_name(new.name))
    return new.name


def is_equal(found, whole):
    pd.testing.assert_frame_equal(found.frame, whole.frame)
    pd.testing.assert_frame_equal(found.weekly, whole.weekly)
    return found.text() == whole.text()


@pytest.mark.parametrize("case", ODD)
def test_a_chunk_of_an_odd_shape_is_named_and_made_again(case, plan, whole, mine):
    name = changed(mine, ODD[case])
    with pytest.raises(SweepError, match=name) as told:
        sim.load_sweep(mine)
    assert "\n" not in str(told.value)
    with pytest.warns(SweepWarning, match=f"those worlds are run again: {name}"):
        assert is_equal(sim.sweep(plan, MIX, mine, **SMALL), whole[1])
    assert is_equal(sim.load_sweep(mine), whole[1])  # mended once, for good


@pytest.mark.parametrize("case", HARMLESS)
def test_columns_beside_ours_and_their_order_move_no_row(case, plan, whole, mine):
    changed(mine, HARMLESS[case])
    assert is_equal(sim.load_sweep(mine), whole[1])
    assert is_equal(sim.sweep(plan, MIX, mine, **SMALL), whole[1])


@pytest.mark.parametrize("note", ["blocks", "refused", "count", "failed", "weeks", "points"])
@pytest.mark.parametrize(
    "value", [None, True, -1, "x", [1], [[1]], {"a": 1}, [[0, 0, 10**30, 0, 2]]]
)
def test_notes_of_another_kind_are_never_a_traceback(note, value, plan, whole, mine):
    from test_sweep_foreign import with_notes

    path = sorted((mine / "rows").glob("rows-*.parquet"))[1]
    new = with_notes(path, lambda notes: notes.update({note: value}))
    path.unlink()
    weeks = mine / "weeks" / path.name
    weeks.rename(weeks.with_name(new.name))
    with pytest.warns(SweepWarning, match=r"run again|left aside"):
        assert is_equal(sim.sweep(plan, MIX, mine, **SMALL), whole[1])
