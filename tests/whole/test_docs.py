"""What the READMEs say is so: examples run, tables agree with the data, nothing is left out."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import typer

import sim
from calibration import checks, model
from sim import embed, ledger, parameters
from sim.analysis import estimates
from sim.engine import curves, state
from sim.records.words import rounded

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (
    "pip install uv && uv run tiercurve run platform-team",
    "pip install uv && uv run pytest",
)
PARTS = sorted(str(p.parent.relative_to(ROOT)) for p in ROOT.glob("sim/*/__init__.py"))
FOLDERS = ["sim", "scenarios", "calibration", "tests", "notebooks", "benchmarks", *PARTS]
MEASURES = {"verified": "verified", "judged": "judged", "at least partial": "partial"}


def readme(folder):
    return (ROOT / folder / "README.md").read_text(encoding="utf-8")


def docs_page(name):
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def rows(text, starts):
    """Cells of the table rows that start with one of the words."""
    found = [re.split(r"\s*\|\s*", line.strip("| ")) for line in text.splitlines()]
    return [cells for cells in found if len(cells) > 1 and cells[0].startswith(starts)]


def percent(cell):
    return float(cell.rstrip("%")) / 100


def pages():
    return [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / folder / "README.md" for folder in FOLDERS),
        *ROOT.glob("tests/*/**/README.md"),
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_says_what_it_is_for(folder):
    assert (ROOT / folder / "README.md").is_file()


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        assert target.startswith("http") or (page.parent / target).exists(), target


def test_both_commands_are_in_the_readme_as_they_are_typed():
    lines = README.splitlines()
    assert all(command in lines for command in COMMANDS)


def test_the_python_example_runs_as_it_stands(monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names = {}
    exec(example, names)
    assert len(names["result"].replications) == 200


def test_the_page_of_results_explains_every_column_of_the_summary():
    assert [name for name in estimates.COLUMNS if f"`{name}`" not in docs_page("results")] == []


def test_the_page_of_commands_names_every_command_with_all_its_options():
    from sim.cli import main

    for name, command in typer.main.get_command(main.app).commands.items():
        (row,) = [
            cells
            for cells in rows(docs_page("commands"), "`tiercurve")
            if cells[0].startswith(f"`tiercurve {name}")
        ]
        real = {option for p in command.params for option in p.opts if option.startswith("--")}
        assert set(re.findall(r"--[\w-]+", row[-1])) == real - {"--help"}, name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_of_the_readme_is_of_the_plan_as_it_is_and_its_numbers_are_made_again(theme):
    path = ROOT / "docs" / "pictures" / f"march-{theme}.png"
    assert f'"{path.relative_to(ROOT)}"' in README
    (record,) = embed.read(path).records
    (kept,) = record.provenance.values()
    assert kept["scenario_sha256"] == sim.load("done-by-march/today").sha256
    counts = sim.check(path, threads=1).counts
    assert counts["identical"] + counts["within 1e-9"] == sum(counts.values()) > 0
    chance = f"{record.claim('done_by/mean/today').value:.0%} by the deadline"
    assert chance in README
    assert chance in docs_page("index")


def test_the_three_measures_of_the_readme_are_the_published_ones():
    evidence = ledger.read()
    table = [cells for cells in rows(README, tuple(MEASURES)) if len(cells) == 3]
    assert len(table) == 3
    for label, novice, expert in table:
        published = ledger.rates(evidence, MEASURES[label.removesuffix(" success")])
        # In whole percent; 14.5 is printed as the study's own text prints it, 15.
        assert percent(novice) == pytest.approx(published[1], abs=0.00501)
        assert percent(expert) == pytest.approx(published[5], abs=0.00501)


def test_published_and_implied_rates_in_the_calibration_readme_are_those_of_data_and_fit():
    evidence = ledger.read()
    text = readme("calibration")
    implied = checks.implied(curves.read(ROOT / "calibration" / "curves" / "study.json"))
    table = [cells for cells in rows(text, ("at least", "judged", "verified")) if len(cells) == 7]
    assert len(table) == 6
    for label, kind, *cells in table:
        measure = "judged" if label == "judged done" else MEASURES[label]
        if kind == "implied":
            found = implied[model.MEASURES.index(measure)]
            expected = {i + 1: rate for i, rate in enumerate(found)}
        else:
            expected = ledger.rates(evidence, measure)
        printed = {i + 1: percent(cell) for i, cell in enumerate(cells) if cell != "–"}
        assert printed == pytest.approx(expected, abs=0.00051)


def test_the_register_cites_rows_that_exist_and_none_that_is_only_recalled():
    evidence = ledger.read()
    for name, entry in parameters.register().items():
        if entry.assumed:
            continue
        for row in entry.evidence:
            assert row in evidence, f"{name}: no row {row}"
            assert evidence[row].grade != "R", f"{name}: {row} is recalled, not confirmed"


def test_every_parameter_of_the_engine_is_in_the_register():
    assert [name for name in state.PARAMETERS if name not in parameters.world_parameters()] == []


def test_every_scenario_is_in_the_catalogue():
    text = readme("scenarios")
    assert [p.stem for p in (ROOT / "scenarios").glob("*.toml") if f"`{p.stem}`" not in text] == []


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        ("sim/engine", "*.py"),
        ("sim/experiments", "*.py"),
        ("sim", "*.py"),
        ("calibration", "*.py"),
        ("calibration", "curves/*.json"),
        ("tests", "*.py"),
        ("tests", "*/**/test_*.py"),
        ("tests/engine/uncompiled", "test_*.py"),
    ],
)
def test_every_module_is_in_the_readme_of_its_folder(folder, pattern):
    text = readme(folder)
    paths = [path for path in (ROOT / folder).glob(pattern) if path.name != "__init__.py"]
    if pattern == "*/**/test_*.py":  # which the README of their own folder explains
        paths = [path for path in paths if path.parent.name != "uncompiled"]
    names = [path.relative_to(ROOT / folder).as_posix() for path in paths]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_column_grade_and_use_of_the_ledger_is_explained():
    text = readme("calibration")
    assert [name for name in (*ledger.HEADER, *ledger.USES) if f"`{name}`" not in text] == []
    (grades,) = rows(text, "`grade`")
    assert re.findall(r"\b([A-Z]) ", grades[1]) == list(ledger.GRADES)


def test_the_citation_has_what_the_format_requires_and_the_version_of_the_package():
    lines = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    top = {}
    for line in lines:
        assert "\t" not in line
        assert re.fullmatch(r"( *- | *)([a-z-]+:( \S.*)?|[^:]+)", line), line
        if found := re.fullmatch(r"([a-z-]+):(?: (.*))?", line):
            assert found[1] not in top, found[1]
            top[found[1]] = (found[2] or "").strip('"')
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"cff-version", "message", "title", "authors"} <= set(top)
    assert top["cff-version"] == "1.2.0"
    assert (top["version"], top["license"]) == (project["version"], project["license"])


def test_codemeta_citation_and_package_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    meta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8").partition("references:")[0]
    lists = {
        key: re.findall(r"^  - (?:name: )?\"?([^\"\n]+)", block, re.M)
        for key, block in re.findall(r"^(authors|keywords):\n((?:  .*\n)+)", cited, re.M)
    }
    one = dict(re.findall(r"^([a-z-]+): \"?([^\"\n]+)", cited, re.M))
    authors = [author["name"] for author in project["authors"]]
    assert [author["name"] for author in meta["author"]] == lists["authors"] == authors
    assert meta["keywords"] == lists["keywords"] == project["keywords"]
    assert meta["identifier"] == project["name"] == one["title"].lower() == meta["name"].lower()
    assert meta["version"] == one["version"] == project["version"]
    assert meta["license"] == f"https://spdx.org/licenses/{one['license']}"
    assert one["license"] == project["license"]
    assert meta["description"] == one["abstract"].rstrip(".") == project["description"]
    assert meta["softwareRequirements"] == f"Python {project['requires-python']}"
    assert (ROOT / meta["readme"]).is_file()


def test_seeds_headline_and_intervals_of_the_readme_are_those_of_the_runs(tmp_path):
    (text,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "six.toml").write_text(text, encoding="utf-8")
    plan = sim.load(tmp_path / "six.toml")
    assert len(text.splitlines()) <= 6

    def one(seed):
        run = sim.run(plan, draws=2, luck=1, seed=seed, uncertainty="central")
        return run.replications["work_delivered"].iloc[0]

    def mean(curves):
        run = sim.run(plan.replace({"tool.curves": curves}), uncertainty="central")
        return run.summary().loc["work_delivered", "mean"]

    row = sim.run(plan).summary().loc["work_delivered"]
    middle, low, high = rounded(row["mean"], row["ci_low"], row["ci_high"])
    p10, p90 = rounded(row["p10"], row["p90"])
    assert dict(rows(README, ("one ", "the same", "mean o"))) == {
        "one run of one seed, seed 1": f"{one(1):.0f}",
        "the same, seed 4": f"{one(4):.0f}",
        'mean of 200 worlds at the centre, "91% against 15%" as rates': f"{mean('headline'):.0f}",
        "the same, with the resolved rates": f"{mean('study'):.0f}",
        "mean over what we do not know": f"{middle}, in expectation {low} to {high} (95% interval)",
        "one world over what we do not know": f"{p10} to {p90} in 8 of 10",
    }
    assert f"that {row['chance_share']:.0%} of it is luck" in README
