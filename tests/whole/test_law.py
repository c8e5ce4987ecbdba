"""The EU AI Act is named with the day from which its duties for employment apply, everywhere."""

from pathlib import Path

import sim
from sim import caveats

ROOT = Path(__file__).parents[2]
FOLDERS = ("sim", "scenarios", "calibration", "docs", "notebooks", "benchmarks")
KINDS = (".py", ".md", ".toml", ".ipynb", ".csv")  # JSON files are read with the date
NEAR = 200  # letters before and after


def test_the_act_is_named_with_its_date_wherever_it_is_named():
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    texts = {
        path: " ".join(path.read_text(encoding="utf-8").split())
        for path in (*files, *ROOT.glob("*.md"))
        if path.suffix in KINDS and path.name != "CHANGELOG.md"
    }
    named = {path: text for path, text in texts.items() if "AI Act" in text}
    assert ROOT / "README.md" in named
    for path, text in named.items():
        at = text.find("AI Act")
        while at >= 0:
            around = text[max(0, at - NEAR) : at + NEAR]
            dated = "2 December 2027" in around or "ACT_DATE" in around or "{date}" in around
            assert dated, (path, around)
            at = text.find("AI Act", at + 1)


def test_caveats_of_runs_and_comparisons_name_the_date():
    plan = sim.load("baseline").replace({"horizon.weeks": 2})
    run = sim.run(plan, draws=2, luck=1)
    told = [*run.caveats, *sim.compare(plan, plan, draws=2, luck=1).caveats]
    acts = [line for line in told if "AI Act" in line]
    assert len(acts) > 1
    assert all(caveats.ACT_DATE in line for line in acts)


def test_what_was_kept_of_the_law_without_a_date_is_told_with_it():
    old = "Not a basis for workforce change on its own; employment law and the EU AI Act may apply."
    (line,) = caveats.read([old])
    assert line.kind == caveats.LAW
    assert caveats.ACT_DATE in line
