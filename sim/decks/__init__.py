"""Decks: a plan file in; slides as records; PowerPoint, HTML or Markdown out."""

from collections.abc import Mapping
from functools import cached_property

from sim.decks import analyses, closing, story, writing
from sim.decks import plan as plans
from sim.decks.analyses import Brief
from sim.decks.content import Content
from sim.decks.plan import DeckPlan
from sim.errors import DeckError

__all__ = ["Deck", "DeckError", "deck"]


class Deck:
    """A deck: the analyses behind it, its slides, and files of it.

    brief    Brief, what was run
    content  Content, its slides as records
    """

    def __init__(self, brief: Brief):
        self.brief = brief
        slides = (*story.slides(brief), *closing.slides(brief))
        self.content = Content(brief.plan.stated.title, slides)

    @property
    def slides(self):
        """Slides in order."""
        return self.content.slides

    @property
    def claims(self):
        """Claims that the slides quote: dict, id -> Claim."""
        return {claim.id: claim for slide in self.slides for claim in slide.claims}

    @cached_property
    def record(self):
        """The RunRecord that travels with every file of it."""
        return self.brief.run_record(self.claims.values())

    def save(self, path, template=None, overwrite=False):
        """Write it as .pptx, .html or .md (with a folder of figures); whole, or not at all.

        template : path of a brand template, for .pptx; the plan's by default
        overwrite : whether a file that is there is replaced

        Returns the path. Raises DeckError, one line.
        """
        template = self.brief.plan.template if template is None else template
        return writing.write(self.content, (self.record,), path, template, overwrite)

    def _repr_html_(self):
        from sim.decks import page

        return page.shown(self.content)

    def __repr__(self):
        names = ", ".join(slide.name for slide in self.slides if slide.name != "register")
        return f"<Deck {self.content.title}: {len(self.slides)} slides: {names}, register>"


def deck(plan, out=None, template=None, overwrite=False, threads=None, progress=None):
    """Run what a deck is made of, and make the deck.

    Parameters
    ----------
    plan : str, Path or dict
        A plan file (`plan.toml`), the name of a packaged one ("train-or-hire"), or what such a
        file states.
    out : path, optional
        File to write: .pptx, .html or .md.
    template : path, optional
        Brand template (.pptx); the plan's by default.
    overwrite : bool
        Whether a file that is there is replaced.
    threads, progress : as for `run`

    Returns
    -------
    Deck

    Raises
    ------
    DeckError, CompareError
        One line, before anything runs.
    """
    plan = _plan(plan)
    if out is not None:
        writing.check_path(out, overwrite)
    look = plan.template if template is None else template
    if look is not None:
        from sim.decks import powerpoint  # late: python-pptx is slow to import

        powerpoint.check_template(look)
    made = Deck(analyses.brief(plan, threads, progress))
    if out is not None:
        made.save(out, template, overwrite)
    return made


def _plan(plan):
    if isinstance(plan, DeckPlan):
        return plan
    return plans.read(plan) if isinstance(plan, Mapping) else plans.load(plan)
