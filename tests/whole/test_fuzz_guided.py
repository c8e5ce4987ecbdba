"""Mistakes guided by the lines that they reach give a record or one clear line; a fault is told."""

import fuzz
import pytest

from sim.errors import ScenarioError


def test_guided_mistakes_in_text_files_break_no_reader(capsys):
    """The whole run over every kind of file is `tests/fuzz.py`, by `.ci/full`."""
    assert fuzz.run(1500, seed=7, kinds=fuzz.texts) == []
    *_, total = capsys.readouterr().out.splitlines()
    assert total.startswith("1,500 inputs, 14 readers, ")


def raising(error):
    def read(data):
        if b"b" in data:
            raise error

    return read


@pytest.mark.parametrize(
    ("error", "told"),
    [(KeyError("x"), "KeyError"), (MemoryError(), "over 1 GB"), (fuzz.Late(), "over 10 s"),
     (ScenarioError(""), "not one clear line")],
)  # fmt: skip
def test_what_breaks_a_reader_is_told_and_kept(error, told, tmp_path):
    read = raising(error)

    def kinds(folder):
        (folder / "a").write_bytes(b"a" * 20)
        path = folder / "a"
        yield fuzz.Reader("a", path, lambda: read(path.read_bytes()), ScenarioError)

    (fault,) = fuzz.run(3000, seed=1, out=tmp_path / "out", say=lambda text: None, kinds=kinds)
    assert fault.startswith(f"a: {told}")
    (kept,) = (tmp_path / "out").iterdir()
    assert b"b" in kept.read_bytes()


def test_inputs_that_reach_new_lines_are_kept_and_no_others():
    every = []

    def kinds(folder):
        every.extend(fuzz.texts(folder))
        return every

    fuzz.run(600, seed=1, say=lambda text: None, kinds=kinds)
    kept = [len(reader.inputs) - 1 for reader in every]
    assert 10 < sum(kept) < 200
    assert all(len(set(reader.inputs)) == len(reader.inputs) for reader in every)
