"""The model's own description is that of the code: tables, equations, names, both ways."""

import inspect
import re

import pytest

from sim import parameters
from sim.engine import metrics, model_page, state
from sim.scenario import tables

PAGE = model_page.PAGE.read_text(encoding="utf-8")
EQUATIONS = model_page.equations(PAGE)
ENGINE = model_page.PAGE.parents[1] / "sim" / "engine"
POINTER = re.compile(r"Equations? ([\d, ]+) of docs/model\.md")


def test_the_page_is_what_the_generator_writes():
    """If not: uv run python -m sim.engine.model_page"""
    assert model_page.filled(PAGE) == PAGE


def test_equations_are_numbered_in_order():
    assert list(EQUATIONS) == list(range(1, len(EQUATIONS) + 1))


@pytest.mark.parametrize("number", EQUATIONS)
def test_every_equation_names_functions_and_they_name_it(number):
    assert EQUATIONS[number]
    for name in EQUATIONS[number]:
        said = POINTER.findall(inspect.getdoc(model_page.function(name)) or "")
        assert len(said) == 1, name
        assert number in map(int, said[0].split(",")), name


def test_every_function_that_names_an_equation_is_named_by_it():
    """Found in the sources, so that no function is missed for the way it is made."""
    found = set()
    for path in ENGINE.glob("*.py"):
        parts = re.split(r"^def (\w+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for name, body in zip(parts[1::2], parts[2::2], strict=True):
            for numbers in POINTER.findall(body):
                found |= {(int(n), f"{path.stem}.{name}") for n in numbers.split(",")}
    assert found == {(n, name) for n, names in EQUATIONS.items() for name in names}


def test_every_parameter_and_output_is_on_the_page_and_every_name_in_a_table_is_real():
    world = parameters.world_parameters()
    assert set(state.PARAMETERS) | set(state.AT_SETUP) == set(world)
    text = re.sub(r"<!-- begin parameters -->.*<!-- end parameters -->", "", PAGE, flags=re.DOTALL)
    words = set(re.findall(r"`(\w+)`", text))
    assert [name for name in world if name not in words] == []  # each has its place in a submodel
    table = model_page.tables()
    assert re.findall(r"^\| `(\w+)`", table["metrics"], re.MULTILINE) == list(metrics.NAMES)
    assert re.findall(r"^\| `(\w+)`", table["parameters"], re.MULTILINE) == list(world)


def test_every_name_in_the_text_is_of_a_parameter_a_lever_or_a_variable():
    fields = {row[0] for rows in model_page.STATE.values() for row in rows}
    known = set(parameters.world_parameters()) | set(metrics.NAMES) | fields | {"pays"}
    text = PAGE[PAGE.index("## 7. Submodels") :]
    kinds = {"normal", "lognormal", "logitnormal", "triangular"}
    assert set(re.findall(r"`([a-z_]+)`", text)) - known - kinds == set()


def test_the_generator_says_where_an_equation_is_computed(capsys):
    model_page.main(["12"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(EQUATIONS[12])
    file, _, line = lines[0].split()[-1].partition(":")
    source = (model_page.PAGE.parents[1] / file).read_text(encoding="utf-8").splitlines()
    assert any("def defect_hazard" in text for text in source[int(line) - 1 : int(line) + 2])


@pytest.mark.parametrize("name", ["world", "developer", "task", "week", "calendar", "trace"])
def test_every_state_variable_has_a_unit_and_a_meaning(name):
    rows = getattr(state, f"{name.upper()}_FIELDS")
    assert tuple(row[0] for row in rows) == getattr(state, name.upper()).names
    assert [row[0] for row in rows if not (row[2].strip() and row[3].strip())] == []


def test_words_of_a_scenario_have_the_codes_that_are_named_for_them():
    named = {
        (tables.Policy, "routing"): ("FIFO", "MATCHED", "STRICT"),
        (tables.Policy, "agent_use"): ("USE_ALWAYS", "USE_NEVER", "USE_PAYS"),
        (tables.Policy, "review"): ("REVIEW_NONE", "REVIEW_UNVERIFIED", "REVIEW_ALL"),
        (tables.Policy, "review_order"): ("REVIEW_FIRST", "REVIEW_TURN", "REVIEW_LAST"),
        (tables.Tool, "kind"): ("TOOL_NONE", "TOOL_ASSISTIVE", "TOOL_AGENTIC"),
        (tables.Size, "size"): ("SIZE_LOGNORMAL", "SIZE_EXPONENTIAL", "SIZE_CONSTANT"),
        (tables.People, "role"): ("ENGINEER", "ADJACENT"),
    }
    for (table, key), names in named.items():
        words = state.words(table, key)
        assert len(words) == len(names)
        for name in names:
            assert words[getattr(state, name)].upper() == name.split("_")[-1]
