"""No text of a plan is more than text: not in Markdown, not in HTML, not in a file of slides."""

import re
from dataclasses import replace

import pytest
from lxml import html
from markdown_it import MarkdownIt

import sim
from sim import embed
from sim.decks import plan as plans
from sim.decks import web
from sim.decks.content import Content, Quote, Slide, Table
from sim.errors import CompareError, DeckError, ScenarioError

HOSTILE = (
    "![a](http://x.example/a.png)", "<img src=http://x.example/a.png>", "[a]: http://x.example",
    "<script>alert(1)</script>", "`code`", "&lt;img src=x&gt;", "\\![a](http://x.example/b.png)",
    "<!-- tiercurve-record {} -->", "|a|b|", "[a][b]", "![a][b]", "</pre><img src=x>", "</span><b>",
    "a\n\n![a](http://x.example/c.png)", "a\n\n<img src=x>\n\nb", "\n```\n", "~~a~~", "# a",
    "    <b>",
)  # fmt: skip
PLAN = {
    "title": "Two plans", "question": "Which?", "draws": 50, "weeks": 4, "analyses": [],
    "plans": [{"scenario": "baseline"}, {"scenario": "baseline", "label": "other"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def record():
    return sim.run(sim.load("baseline").replace({"horizon.weeks": 4}), 20, 2, 1).run_record()


@pytest.fixture
def written(record):
    """A deck of one slide that holds a text in every place: its Markdown or its page."""

    def write(text, suffix):
        claim = replace(record.claims[0], sentence=f"So {text}.", caveats=(text,))
        line = (f"{text} ", Quote(claim, "sentence"))
        table = Table((line, (text,)), ((line, (text,)),), (1.0, 1.0))
        content = Content(text, (Slide("title", line, (line,), table, foot=text),))
        own = replace(record, claims=(claim,))
        return (
            web.to_html(content, (own,))
            if suffix == ".html"
            else web.to_markdown(content, (own,), "figures")[0]
        )

    return write


def rendered(data):
    return html.fromstring(MarkdownIt("gfm-like", {"linkify": False}).render(data.decode()))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_no_text_of_a_plan_becomes_an_image_a_link_or_an_element(text, suffix, written):
    data = written(text, suffix)
    root = rendered(data) if suffix == ".md" else html.fromstring(data.decode())
    for nav in root.xpath("//nav"):  # the page's own links, to its own sections
        assert all(link.startswith("#") for link in nav.xpath(".//@href"))
        nav.drop_tree()
    tags = {element.tag for element in root.iter() if isinstance(element.tag, str)}
    assert not tags & {"img", "a", "b", "s", "code", "iframe"}
    assert tags.isdisjoint({"script"}) or suffix == ".html"
    said = " ".join(root.text_content().split())
    assert said.count(" ".join(text.split())) >= 5  # it is all there, as it stands


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_a_quote_reads_back_as_its_claim_prints_it_whatever_it_says(
    text, suffix, written, tmp_path
):
    path = tmp_path / f"deck{suffix}"
    path.write_bytes(written(text, suffix))
    document = embed.read(path)
    (claim,) = document.records[0].claims
    for place in document.places:
        assert " ".join(claim.form("sentence").split()) in " ".join(place.text.split())


CONTROLS = ("\x00", "\x07", "\x0b", "\r", "\x1b[2J", "\x7f", "\x9b", "\u202e", "\u2066", "\ufffe")
TEXTS = {  # key -> how a plan of a deck states a text there
    "title": lambda t: {"title": t},
    "question": lambda t: {"question": t},
    "template": lambda t: {"template": t},
    "plans[1].label": lambda t: {"plans": [{"scenario": "baseline", "label": t}, PLAN["plans"][1]]},
    "plans[1].scenario": lambda t: {"plans": [{"scenario": t}, PLAN["plans"][1]]},
    "sensitivity.factors": lambda t: {"sensitivity": {"factors": [t]}},
    "plans[1].changes": lambda t: {
        "plans": [{"scenario": "baseline", "changes": {"question": t}}, PLAN["plans"][1]]
    },
}


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("key", TEXTS)
def test_a_control_character_in_a_plan_of_a_deck_is_refused_by_key(key, control, monkeypatch):
    monkeypatch.setattr("sim.decks.analyses.analyse", None)
    with pytest.raises((DeckError, CompareError), match=r"\A[^\n]+\Z") as refused:
        plans.read(PLAN | TEXTS[key](f"Why{control}?"))
    assert key in str(refused.value)
    assert re.search(r"holds (a vertical tab|the (control character|mark of direction) 0x)",
                     str(refused.value))  # fmt: skip


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("path", ["question", "money.currency", "tool.description", "domains"])
def test_a_control_character_in_any_text_of_a_scenario_is_refused_by_key(path, control):
    value = {f"a{control}": 1.0} if path == "domains" else f"a{control}"
    with pytest.raises(ScenarioError, match="must be plain text") as refused:
        sim.load("two-years").replace({path: value})
    assert path in str(refused.value)
    assert control not in str(refused.value)


def test_tabs_and_ends_of_lines_are_text():
    assert plans.read(PLAN | {"question": "Which\n\tone?"}).stated.question == "Which\n\tone?"


@pytest.mark.parametrize("suffix", [".potx", ".thmx"])
def test_a_template_of_another_kind_is_named_with_what_would_do(suffix, tmp_path):
    path = tmp_path / f"brand{suffix}"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(DeckError, match=r"open it and save it as \.pptx\Z"):
        sim.deck(PLAN, template=path)


@pytest.fixture(scope="module")
def deck_of_nothing(tmp_path_factory):
    """A deck of plans that may deliver no work at all: of that there is no share to have more."""
    folder = tmp_path_factory.mktemp("tiny")
    tiny = {"horizon.weeks": 2, "team": {"novice": 1, "intermediate": 0, "expert": 0}}
    plan = sim.load("baseline").replace(tiny)
    (folder / "tiny.toml").write_text(plan.to_toml())
    (folder / "other.toml").write_text(plan.replace({"team.novice": 2}).to_toml())
    plans = [{"scenario": str(folder / f"{name}.toml")} for name in ("tiny", "other")]
    stated = {"title": "T", "question": "Q?", "draws": 50, "analyses": [], "plans": plans}
    return sim.deck(stated, threads=1)


@pytest.mark.parametrize("suffix", ["md", "html", "pptx"])
def test_a_deck_of_plans_that_may_deliver_nothing_says_the_difference_in_hours(
    suffix, deck_of_nothing, tmp_path
):
    (slide,) = [slide for slide in deck_of_nothing.slides if slide.name == "difference"]
    assert "expert-h more in 2 weeks" in str(slide.title)
    assert sim.check(deck_of_nothing.save(tmp_path / f"deck.{suffix}"), threads=1).ok
