"""Decks: a plan file in; slides as records; PowerPoint, HTML or Markdown out."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from sim import extras, files
from sim.decks import analyses as running
from sim.decks import plan as plans
from sim.decks.analyses import Analyses
from sim.decks.content import Content
from sim.decks.plan import DeckPlan
from sim.decks.slides import slides
from sim.errors import DeckError

__all__ = ["Deck", "DeckError", "deck"]

FORMATS = (".pptx", ".html", ".md")
CELL = "tiercurve-deck"  # class of what a notebook shows of a deck
LIBRARIES = {".pptx": ("pptx",), ".html": ("lxml",), ".md": ("lxml",)}


class Deck:
    """A deck: the analyses behind it, its slides, and files of it.

    analyses  Analyses, what was run
    content   Content, its slides as records
    """

    def __init__(self, analyses: Analyses):
        self.analyses = analyses
        self.content = Content(analyses.plan.stated.title, tuple(slides(analyses)), analyses.view)

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
        return self.analyses.run_record(self.claims.values())

    def save(self, path, template=None, overwrite=False):
        """Write the deck as .pptx, .html or .md (with a folder of figures); whole, or not at all.

        template : path of a brand template, for .pptx; the plan's by default
        overwrite : whether a file that is there is replaced

        Returns the path. Raises DeckError, one line.
        """
        template = self.analyses.plan.template if template is None else template
        deck = self if Path(path).suffix.lower() == ".html" else self._still()
        return write(deck.content, (deck.record,), path, template, overwrite)

    def _still(self):
        """The same deck without a view to move, for files in which nothing moves."""
        if not self.content.view:
            return self
        plan = with_view(self.analyses.plan, False)
        return Deck(replace(self.analyses, plan=plan, view=""))

    def _repr_html_(self):
        from sim.decks import web  # late: Matplotlib is slow to import

        style = f".{CELL} th, .{CELL} td {{ text-align: left; }}"  # notebooks put them right
        return f'<style>{style}</style><div class="{CELL}">{web.shown(self.content)}</div>'

    def __repr__(self):
        names = ", ".join(slide.name for slide in self.slides if slide.name != "register")
        return f"<Deck {self.content.title}: {len(self.slides)} slides: {names}, register>"


def deck(
    plan, out=None, template=None, overwrite=False, threads=None, progress=None, interactive=None
):
    """Run the analyses of a deck's plan, and build the deck from them.

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
    interactive : bool, optional
        Whether an HTML deck ends with a view in which a reader moves a few things, answered by what
        is computed now; the plan's by default.

    Returns
    -------
    Deck

    Raises
    ------
    DeckError, CompareError
        One line, before anything runs.
    """
    plan = with_view(_plan(plan), interactive, out)
    if out is not None:
        check_path(out, overwrite)
    template = plan.template if template is None else template
    if template is not None:
        from sim.decks import powerpoint  # late: python-pptx is slow to import

        powerpoint.check_template(template)
    done = Deck(running.analyse(plan, threads, progress))
    if out is not None:
        done.save(out, template, overwrite)
    return done


def with_view(plan, interactive, out=None):
    """A DeckPlan with the view to move, without it, or as it is (None).

    Raises DeckError, one line, where it is asked for in a file that no script can run in.
    """
    if out is not None and Path(out).suffix.lower() != ".html":
        if interactive:
            raise DeckError(f"{out}: a view to move needs an .html deck")
        interactive = False  # whatever the plan says: nothing is computed that is not shown
    if interactive is None:
        return plan
    stated = plan.stated.model_copy(update={"interactive": interactive})
    return replace(plan, stated=stated)


def _plan(plan):
    if isinstance(plan, DeckPlan):
        return plan
    return plans.read(plan) if isinstance(plan, Mapping) else plans.load(plan)


# ---- writing: whole, or not at all, and never over another unless asked --------------------------


def check_path(path, overwrite=False):
    """Refuse a path that cannot be written, before anything runs: DeckError, one line."""
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise DeckError(f"{path}: must end in {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    if not path.absolute().parent.is_dir():
        raise DeckError(f"{path}: the folder {path.absolute().parent.name} does not exist")
    for there in (path, folder_of(path)) if path.suffix.lower() == ".md" else (path,):
        if there.exists() and not (overwrite and there.is_dir() == (there != path)):
            raise DeckError(f"{there}: exists already; choose another, or say overwrite")
    extras.require(f"a {path.suffix} deck", *LIBRARIES[path.suffix.lower()])
    return path


def folder_of(path):
    """The folder of a Markdown file's figures, beside it."""
    return path.with_name(f"{path.stem}_figures")


def write(content, records, path, template=None, overwrite=False):
    """Write a deck by the suffix of its path; returns the path. Raises DeckError, one line."""
    path = check_path(path, overwrite)
    form = path.suffix.lower()
    try:
        if form == ".pptx":
            from sim.decks import powerpoint  # late: python-pptx is slow to import

            return _file(path, powerpoint.to_bytes(content, records, template))
        from sim.decks import web  # late: Matplotlib is slow to import

        if form == ".html":
            return _file(path, web.to_html(content, records))
        data, images = web.to_markdown(content, records, folder_of(path).name)
        _folder(folder_of(path), images)  # first, so that no text is there without them
        return _file(path, data)
    except OSError as error:
        raise DeckError(f"{path}: cannot be written ({error.strerror or error})") from None


def _file(path, data):
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _folder(path, images):
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.mkdir()
        for name, image in images.items():
            (part / name).write_bytes(image)
        files.put_folder(part, path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
