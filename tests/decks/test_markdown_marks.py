"""Marks at the end of a Markdown deck hold its numbers, wherever its lines stand."""

import re

import pytest
from test_deck import made

from sim import embed
from sim.checking import quotes


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    return made().save(tmp_path_factory.mktemp("deck") / "plan.md").read_text(encoding="utf-8")


def faults(text, tmp_path):
    """What check finds edited in a deck of this text."""
    path = tmp_path / "plan.md"
    path.write_text(text, encoding="utf-8")
    return quotes.faults(embed.read(path))[0]


def test_the_text_is_free_of_marks_and_the_deck_as_written_has_no_fault(deck, tmp_path):
    body = deck.partition("<!-- tiercurve-marks")[0]
    assert not re.search(r"data-claim|<span|claim:", re.sub(r"(?s)<pre>.*?</pre>", "", body))
    assert faults(deck, tmp_path) == []


def test_a_line_may_move_and_others_may_come_between(deck, tmp_path):
    first, rest = deck.split("\n\n", 1)
    lines = rest.split("\n\n")
    lines[2], lines[3] = lines[3], lines[2]
    assert faults("\n\n".join(["# Ours", "A word before.", first, *lines]), tmp_path) == []


@pytest.mark.parametrize("row", [False, True])
def test_an_edited_number_is_named_where_it_stands(deck, row, tmp_path):
    lines = deck.split("\n")
    wanted = re.compile(r"^\| .*\(.*\d" if row else r"^## Against .*\d")
    at = next(i for i, line in enumerate(lines) if wanted.match(line))
    lines[at] = re.sub(r"(\d)(?=[^\d]*\()", lambda m: str((int(m[0]) + 1) % 10), lines[at], count=1)
    (fault,) = faults("\n".join(lines), tmp_path)
    assert fault.startswith(f"line {at + 1}: ")


def test_a_sentence_that_says_the_other_way_is_named(deck, tmp_path):
    turned = re.sub(r"(?m)^(## Against .*?) (more|less) ", r"\1 hardly any \2 ", deck, count=1)
    assert turned != deck
    assert len(faults(turned, tmp_path)) == 1


def test_marks_that_are_cut_off_are_missed(deck, tmp_path):
    cut = re.sub(r"(?s)<!-- tiercurve-marks.*?-->", "", deck)
    assert len(faults(cut, tmp_path)) > 10
