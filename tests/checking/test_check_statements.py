"""What a deck states beside its quoted numbers is held against its record."""

import io
import re

import pytest
from pptx import Presentation

import sim
from sim.checking import statements
from sim.embed.lines import Line, of_markdown

PLAN = {
    "title": "Two plans", "question": "Which plan is worth more?", "draws": 50, "weeks": 4,
    "price": 123, "analyses": [],
    "plans": [
        {"scenario": "two-years", "label": "today"},
        {"scenario": "two-years", "label": "one more",
         "changes": {"team.expert": 7, "training.seats": 3, "training.weeks": 2}},
    ],
}  # fmt: skip
SUFFIXES = ("pptx", "html", "md")
EDITS = {  # what a plan, the register or a card states -> what is typed over it
    "price": ("at 123 ", "at 125 "),
    "lever": ("2 → 7", "2 → 6"),
    "seats": ("3 trained", "8 trained"),
    "weeks of training": ("for 2 weeks", "for 1 weeks"),
    "size of the team": ("9 people", "6 people"),
    "design": ("50 draws of", "500 draws of"),
    "caveat": ("30 of 73", "3 of 73"),
    "number in a card": (
        "Claim work_delivered/mean/today: 220",
        "Claim work_delivered/mean/today: 202",
    ),
}


@pytest.fixture(scope="module")
def deck():
    return sim.deck(PLAN, threads=1)


@pytest.fixture(scope="module")
def files(deck, tmp_path_factory):
    """The deck in each format: suffix -> bytes."""
    folder = tmp_path_factory.mktemp("decks")
    return {suffix: deck.save(folder / f"plan.{suffix}").read_bytes() for suffix in SUFFIXES}


def edited(data, suffix, old, new, count=1):
    """The bytes of a deck in which a text is typed over where a reader sees it."""
    if suffix != "pptx":
        shown, *record = re.split(rb"(?=<!-- tiercurve-record|<script )", data, maxsplit=1)
        assert old.encode() in shown, old
        return b"".join((shown.replace(old.encode(), new.encode(), count), *record))
    show, out, left = Presentation(io.BytesIO(data)), io.BytesIO(), count
    for run in (run for frame in frames(show) for part in frame.paragraphs for run in part.runs):
        if old in run.text and left:
            run.text, left = run.text.replace(old, new), left - 1
    assert left < count
    show.save(out)
    return out.getvalue()


def frames(show):
    for slide in show.slides:
        for shape in slide.shapes:
            if shape.has_table:
                yield from (cell.text_frame for row in shape.table.rows for cell in row.cells)
            elif shape.has_text_frame:
                yield shape.text_frame
        yield slide.notes_slide.notes_text_frame


@pytest.fixture
def check(files, tmp_path):
    def checked(suffix, *edits):
        data = files[suffix]
        for old, new in edits:
            data = edited(data, suffix, old, new)
        path = tmp_path / f"plan.{suffix}"
        path.write_bytes(data)
        return sim.check(path, threads=1)

    return checked


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_deck_as_it_was_written_is_as_recorded(suffix, check):
    verdict = check(suffix)
    assert verdict.ok, verdict.text()
    assert verdict.notes == ()


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_input_that_is_typed_over_is_named_with_what_it_was(suffix, name, files, tmp_path):
    old, new = EDITS[name]
    path = tmp_path / f"plan.{suffix}"
    path.write_bytes(edited(files[suffix], suffix, old, new))
    document = sim.embed.read(path)
    (line,) = statements.faults(document.stated, document.lines)
    was, now = (statements.NUMBER.findall(text) for text in EDITS[name])
    ((was, now),) = {(a, b) for a, b in zip(was, now, strict=True) if a != b}
    assert f"states {now}, must state {was}: " in line
    assert re.match(r"(notes of )?(slide|line) \d+: ", line)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_any_cell_of_the_register_is_held(suffix, deck, files):
    rows = [row for slide in deck.slides if slide.name == "register" for row in slide.table.rows]
    texts = [[str(cell[0]) for cell in row] for row in rows]
    once = {numbers: name for name, numbers, *_ in texts if "(" in numbers and len(numbers) > 18}
    numbers, name = next(iter(once.items()))
    digit = re.search(r"\d", numbers)[0]
    other = numbers.replace(digit, str((int(digit) + 1) % 10), 1)
    data = edited(files[suffix], suffix, numbers, other)
    read = sim.embed.FORMATS[f".{suffix}"][1]
    (line,) = statements.faults(sim.embed.unseal(read(data)[0]).stated, read(data)[2])
    assert name in line


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_check_names_an_edited_price_its_neighbours_and_a_quoted_number(suffix, check):
    verdict = check(
        suffix, ("at 123 ", "at 125 "), ("2 → 7", "2 → 6"), ("+130 (+10", "+230 (+10"),
    )  # fmt: skip
    assert not verdict.ok
    assert len(verdict.edited) == 3, verdict.text()
    for words in ("must state 123", "must state 7", "+230"):
        assert words in verdict.text()


def test_an_input_edited_in_the_list_of_the_record_too_is_named(files, tmp_path):
    """The record gives the deck again, so both copies of a price can not be typed over."""
    path = tmp_path / "plan.md"
    path.write_bytes(files["md"].replace(b"at 123 ", b"at 125 "))
    (line,) = sim.check(path, threads=1).edited
    assert "states 125, must state 123" in line


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_words_and_lines_of_ones_own_are_free(suffix, files, tmp_path):
    data = edited(
        files[suffix], suffix, "What decides is net value", "We look at net value of 3 May"
    )
    read = sim.embed.FORMATS[f".{suffix}"][1]
    assert statements.faults(sim.embed.unseal(read(data)[0]).stated, read(data)[2]) == []


def test_two_numbers_of_a_line_that_change_places_are_named():
    kept = [["Of ", "5 h", " and ", "7 h", " the first is less."]]
    lines = [Line("slide 1", "Of 7 h and 5 h the first is less.")]
    (line,) = statements.faults(kept, lines)
    assert line.startswith("slide 1: states ")
    other = [Line("slide 1", "Of 9 h and 7 h the first is less.")]
    assert statements.faults(kept, other) == []  # its mark is missed, which is named elsewhere


def test_a_line_that_is_taken_out_is_named_and_many_are_counted():
    kept = [[f"A price of {n} a seat"] for n in range(30)]
    *named, more = statements.faults(kept, [])
    assert len(named) == statements.MOST_LINES
    assert all("there no more" in line for line in named)
    assert more == "and 10 lines more are not as written"


def test_a_deck_of_hostile_length_is_not_held_line_by_line():
    kept = [[f"{n} a"] for n in range(10_000)]
    lines = [Line("line 1", f"{n} b") for n in range(10_000)]
    assert statements.faults(kept, lines) == [statements.TOO_MUCH]


def test_markdown_reads_as_it_is_shown():
    text = (
        "# A \\| 1\n\n| a \\| 2 | <span data-claim='x'>3&#124;</span> |\n\n*foot 4*\n\n"
        "![alt 5](a/b.png)"
    )
    shown = [line.text for line in of_markdown(text)]
    assert shown == ["A | 1", "a | 2 | 3|", "foot 4", "alt 5"]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("30 weeks from 2026-11-09", "30 weeks from 9 November 2026"),
        ("12 people, 4 weeks from 2026-12", "12 people, 4 weeks from 7 December 2026"),
        ("done by the end of 31 March 2027", "done by the end of 2027-03-31"),
    ],
)
def test_a_date_in_words_agrees_with_the_numbers_an_earlier_version_wrote(was, now):
    line = Line("slide 3", was)
    assert statements.faults([[now]], [line]) == []
    assert statements.faults([[now.replace("202", "203")]], [line])
