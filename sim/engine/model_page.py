"""The generated parts of the model's own description, docs/model.md.

`python -m sim.engine.model_page` writes them anew, between the marks `<!-- begin NAME -->`
and `<!-- end NAME -->`: tables of parameters, metrics and state variables, and the list of
equations with the functions that compute them. Nothing else on the page is touched.
"""

import importlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from sim import parameters
from sim.engine import metrics, state

PAGE = Path(__file__).parents[2] / "docs" / "model.md"
STATE = {
    "world": state.WORLD_FIELDS,
    "developer": state.DEVELOPER_FIELDS,
    "task": state.TASK_FIELDS,
    "week": state.WEEK_FIELDS,
    "calendar": state.CALENDAR_FIELDS,
}
# A heading of an equation, and the functions named below it: `odds.own_logit`.
EQUATION = re.compile(r"^#### \((\d+)\) (.+)$", re.MULTILINE)
COMPUTED = re.compile(r"^Computed by (.+)\.$", re.MULTILINE)


def tables() -> dict[str, str]:
    """Every generated table, by the name of its place on the page."""
    found = {f"state-{name}": state_table(name) for name in STATE}
    return found | {"parameters": parameter_table(), "metrics": metric_table()}


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(header), ["---"] * len(list(header)), *map(list, rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def state_table(name: str) -> str:
    """Fields of a state array, but for uncertain parameters, which have a table of their own."""
    rows = [row for row in STATE[name] if row[0] not in state.PARAMETERS]
    return table(("variable", "unit", "what it is"), ([f"`{n}`", u, m] for n, _, u, m in rows))


def parameter_table() -> str:
    """The uncertain parameters of the register: unit, centre, belief, source."""
    rows = []
    for name, entry in parameters.world_parameters().items():
        belief = entry.distribution
        numbers = ", ".join(f"{x:g}" for x in belief.numbers) if belief else ""
        shape = f"{belief.shape} [{numbers}]" if belief else ""
        source = "*assumption*" if entry.assumed else ", ".join(entry.evidence)
        rows.append([f"`{name}`", entry.unit, f"{entry.central:g}", shape, source])
    return table(("parameter", "unit", "central", "belief", "evidence rows"), rows)


def metric_table() -> str:
    """The outputs: unit and meaning."""
    return table(
        ("output", "unit", "what it is"),
        ([f"`{row.name}`", row.unit, row.meaning] for row in metrics.METRICS),
    )


def equations(page: str) -> dict[int, tuple[str, ...]]:
    """Functions that compute each equation of the page: number -> ("odds.own_logit", ...)."""
    parts = EQUATION.split(page)[1:]
    found = {}
    for number, body in zip(parts[::3], parts[2::3], strict=True):
        computed = COMPUTED.search(body)
        names = re.findall(r"`([\w.]+)`", computed[1]) if computed else []
        found[int(number)] = tuple(names)
    return found


def function(name: str):
    """The function `module.name` of the engine."""
    module, _, inner = name.partition(".")
    found = getattr(importlib.import_module(f"sim.engine.{module}"), inner)
    return getattr(found, "py_func", found)


def where(name: str) -> str:
    """File and line of a function of the engine: `sim/engine/odds.py:17`."""
    code = function(name).__code__
    return f"{Path(code.co_filename).relative_to(PAGE.parents[1])}:{code.co_firstlineno}"


def filled(page: str) -> str:
    """The page with its generated parts made anew."""
    for name, text in tables().items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        if page.count(begin) != 1 or page.count(end) != 1:
            raise ValueError(f"model.md: needs one place for {name}")
        before, rest = page.split(begin)
        page = f"{before}{begin}\n\n{text}\n\n{end}{rest.split(end)[1]}"
    return page


def main(words: list[str]) -> None:
    """Write the page anew; with numbers, say where these equations are computed."""
    page = PAGE.read_text(encoding="utf-8")
    if not words:
        PAGE.write_text(filled(page), encoding="utf-8")
    for number in map(int, words):
        for name in equations(page)[number]:
            print(f"({number}) {name}  {where(name)}")


if __name__ == "__main__":
    main(sys.argv[1:])
