"""A record from elsewhere reads no file of this machine, and one without claims proves nothing."""

import json
import sys
from dataclasses import replace

import pytest
from command import tiercurve

import sim
from sim import embed, files
from sim.errors import CheckError, ScenarioError
from sim.records import run_record

PLAN = {"question": "What will a small team deliver?", "horizon.weeks": 4, "team.novice": 1}
OPENED = []


def _note(event, arguments):
    if event == "open":
        OPENED.append(str(arguments[0]))


sys.addaudithook(_note)


@pytest.fixture(scope="module")
def record():
    return sim.run(sim.load("baseline").replace({"horizon.weeks": 4}), 20, 2, 1).run_record()


@pytest.fixture
def secret(tmp_path):
    """A file that nobody asked to be read, a tool profile as it happens."""
    path = tmp_path / "secret.toml"
    path.write_text('kind = "none"\n')
    return path


@pytest.fixture
def page(tmp_path):
    """Write a Markdown file that carries a record as plain data, changed by hand: its path."""

    def write(record, change):
        data = json.loads(run_record.dumps(record))
        change(data)
        text = json.dumps({embed.KEY: [data], "drawing": None, "marks": []})
        path = tmp_path / "report.md"
        path.write_text(f"# Report\n\n<!-- {embed.KEY} {text.replace('--', '-\\u002d')} -->\n")
        return path

    return write


def levers(data):
    return next(iter(data["plans"].values()))["levers"]


def sensitivity(data, factors):
    data["kind"] = "sensitivity"
    data["arguments"] = {
        "factors": factors, "samples": 32, "luck": 2, "seed": 1, "metrics": None, "groups": None,
        "others": None,
    }  # fmt: skip


def deck(data, **stated):
    ((label, plan),) = data["plans"].items()
    data["plans"], data["kind"] = {label: plan, "other": plan}, "deck"
    data["provenance"]["other"] = data["provenance"][label]
    data["arguments"] = {
        "deck": {"title": "T", "question": "Q?", "draws": 50, "analyses": []} | stated
    }


# What a record may name, each in a way that a plan of this machine could.
NAMING = {
    "a factor's profile": lambda d, p: sensitivity(d, {"tool.profile": ["none", p]}),
    "a factor's curves": lambda d, p: sensitivity(d, {"tool.curves": ["study", p]}),
    "a factor's record": lambda d, p: sensitivity(d, {"record": ["study", p]}),
    "a factor's table": lambda d, p: sensitivity(
        d, {"tool": [{"profile": p}, {"profile": "none"}]}
    ),
    "factors as a path": lambda d, p: sensitivity(d, p),
    "a profile": lambda d, p: levers(d)["tool"].update(profile=p),
    "a profile alone": lambda d, p: levers(d).update(tool={"profile": p}),
    "curves": lambda d, p: levers(d)["tool"].update(curves=p),
    "a parent": lambda d, p: levers(d).update(extends=p),
    "a record": lambda d, p: levers(d).update(record=p),
    "what it is held against": lambda d, p: levers(d).update(answer={"against": p}),
    "a deck's template": lambda d, p: deck(d, template=p),
    "a deck's plans": lambda d, p: deck(d, plans=[{"scenario": p}, {"scenario": p}]),
    "a deck's factors": lambda d, p: deck(
        d, analyses=["sensitivity"], sensitivity={"factors": [p, "tool.profile"]}
    ),
    "a label": lambda d, p: d.update(plans={p: next(iter(d["plans"].values()))}),
    "the engine": lambda d, p: d["arguments"].update(developer_class=p),
}


@pytest.mark.parametrize("case", NAMING)
def test_no_file_that_a_record_names_is_opened_whichever_field_names_it(
    case, record, secret, page, tmp_path
):
    def answer():
        """What is said of the file, and whether it was opened."""
        del OPENED[:]
        try:
            text = sim.check(page(record, lambda d: NAMING[case](d, str(secret))), 1).text()
        except CheckError as error:
            text = str(error)
        assert secret.name not in "".join(OPENED)
        return text

    there = answer()
    secret.unlink()
    assert answer() == there  # nor does the answer tell whether there is one


def test_the_rule_is_of_the_door_itself(secret, tmp_path):
    with files.only_packaged(tmp_path / "own"):
        with pytest.raises(PermissionError):
            files.content(secret)
        with pytest.raises(ScenarioError, match="no such scenario file"):
            sim.load(secret)
        assert sim.load("baseline").tool.kind
    assert files.content(secret)


def test_a_saved_folder_that_names_a_file_elsewhere_is_not_followed(record, secret, tmp_path):
    result = sim.run(sim.load("baseline").replace({"horizon.weeks": 4}), 20, 2, 1)
    folder = result.save(tmp_path / "saved")
    about = json.loads((folder / "result.json").read_text())
    about["scenario"]["tool"]["curves"] = str(secret)
    (folder / "result.json").write_text(json.dumps(about))
    del OPENED[:]
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z"):
        sim.check(folder)
    assert secret.name not in "".join(OPENED)


def test_a_record_without_claims_is_no_proof(record, page, capsys):
    path = page(replace(record, claims=()), lambda data: None)
    code, out, err = tiercurve("check", path, capsys=capsys)
    assert (code, out) == (2, "")
    assert "holds no claims" in err
