"""Every dependency is listed with its licence and reason; Pythons allowed are those tried."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SECTIONS = {
    title: [[cell.strip() for cell in row.strip("|").split("|")]
            for row in re.findall(r"^\| (?!library)\w.*$", part, re.MULTILINE)]
    for title, part in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}  # fmt: skip
# Words by which the metadata of a package may state a licence, by how the page does.
SPELT = {
    "PSF": r"PSF|Python Software Foundation|License agreement for matplotlib",
    "MIT": r"MIT", "MIT-CMU": r"MIT-CMU|HPND", "Apache-2.0": r"Apache",
    "BSD-2-Clause": r"BSD", "BSD-3-Clause": r"BSD|Enthought", "MPL-2.0": r"MPL|Mozilla",
    "MPL-2.0 AND MIT": r"MPL-2.0 AND MIT",
}  # fmt: skip


def name_of(requirement):
    return re.split(r"[<>=\[;! ]", requirement)[0]


def names(requirements):
    return [name_of(text) for text in requirements if not text.startswith("tiercurve")]


EXTRAS = PROJECT["project"]["optional-dependencies"]


def test_every_dependency_stands_on_the_page_once_in_its_section():
    core, extra, work = (
        [row[0] for row in SECTIONS[title]]
        for title in ("Installed with Tiercurve", "With an extra", "To work on it")
    )
    assert core == names(PROJECT["project"]["dependencies"])
    assert set(extra) == {name for group in EXTRAS.values() for name in names(group)}
    groups = PROJECT["dependency-groups"].values()
    assert set(work) == {n for group in groups for n in names(group)} - set(extra)
    every = [*core, *extra, *work]
    assert len(set(every)) == len(every)


def test_the_extra_that_brings_a_library_is_named():
    for name, _, stated, _ in SECTIONS["With an extra"]:
        bringing = [e for e, group in EXTRAS.items() if e != "all" and name in names(group)]
        assert stated == ", ".join(bringing), name


def test_each_has_its_licence_as_its_package_states_it_and_a_reason():
    for row in (row for title in list(SECTIONS)[:3] for row in SECTIONS[title]):
        name, licence, why = row[0], row[1], row[-1]
        assert len(why) > 3
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:  # of the documentation, or of an extra not installed
            assert licence in SPELT
            continue
        kinds = [c for c in about.get_all("Classifier") or () if c.startswith("License")]
        stated = [about.get("License-Expression"), about.get("License"), *kinds]
        assert re.search(SPELT[licence], " ".join(filter(None, stated))), (name, stated)


def test_the_pythons_allowed_are_those_that_are_tried():
    runs = (ROOT / ".ci" / "run").read_text() + (ROOT / ".ci" / "full").read_text()
    tried = sorted(set(re.findall(r"^\.ci/wheel (3\.\d+)(?: &)?$", runs, re.MULTILINE)))
    low, high = re.findall(r"3\.(\d+)", PROJECT["project"]["requires-python"])
    assert tried == [f"3.{n}" for n in range(int(low), int(high))]
    kinds = PROJECT["project"]["classifiers"]
    assert [
        f"3.{n}" for n in range(20) if f"Programming Language :: Python :: 3.{n}" in kinds
    ] == tried
    assert all(version in PAGE.split("## Pythons")[1] for version in tried)
