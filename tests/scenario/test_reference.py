"""The page of keys is that of the code: every key, unit, range, default, source and word."""

from typing import get_args

import pytest
from pydantic import BaseModel

from sim.scenario.meanings import MEANINGS, RANGES
from sim.scenario.reference import HEAD, ORDER, PAGE, page
from sim.scenario.values import LEVELS, TableOfFile


def of_a_scenario(table=TableOfFile):
    """Every table of a scenario file: those made of `TableOfFile` in its package."""
    made = [one for below in table.__subclasses__() for one in (below, *of_a_scenario(below))]
    return [one for one in made if one.__module__.startswith("sim.scenario.")]


TABLES = {one.__name__: one for one in of_a_scenario() if one.__name__ != "Salaries"}


def rows():
    return [line for line in page().splitlines() if line.startswith("| `")]


def test_the_page_is_what_the_command_writes():
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m sim.scenario.reference"


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.__name__)
def test_every_table_is_on_the_page_or_is_the_ground_of_one_that_is(table):
    assert any(issubclass(model, table) for _, model in ORDER)


def test_every_key_is_a_sentence_and_says_what_it_takes():
    for line in rows():
        cells = line.removeprefix("|").removesuffix("|").split("|")
        assert len(cells) == len(HEAD), line
        _, what, _, takes, default, _ = (cell.strip() for cell in cells)
        assert len(what.split()) > 1 or what == "Salary", line
        assert takes, line
        assert default, line


def literals(annotation):
    args = get_args(annotation)
    if args and all(isinstance(arg, str) for arg in args):
        return set(args)
    return set().union(*map(literals, args)) if args else set()


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.__name__)
def test_every_word_that_a_key_takes_has_its_meaning(table):
    for key, info in table.model_fields.items():
        words = literals(info.annotation)
        if words and words != set(LEVELS):
            known = next(
                MEANINGS[(t.__name__, key)] for t in table.__mro__ if (t.__name__, key) in MEANINGS
            )
            assert set(known) == words


def test_nothing_is_explained_that_no_table_has():
    for name, key in (*MEANINGS, *RANGES):
        table = TABLES[name]
        assert issubclass(table, BaseModel)
        assert key in table.model_fields
