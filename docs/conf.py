"""Sphinx: the documentation site. `uv run --group docs sphinx-build -W docs site` builds it."""

import os
import re
import sys
import tomllib
from pathlib import Path

import latex2mathml.converter
from docutils import nodes

os.environ["NUMBA_DISABLE_JIT"] = "1"  # plain functions have docstrings and sources to show
HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "Tiercurve"
author = "The Tiercurve developers"
copyright = author
release = version = _PROJECT["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["README.md"]
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # units and shapes stand in the docstrings
default_role = "literal"

html_theme = "furo"
html_title = f"Tiercurve {release}"
html_copy_source = False
html_math_renderer = "mathml"  # set by the browser itself: nothing is fetched while reading

# Pages that stand elsewhere in the repository, and where the site has them.
PAGES = {
    "README.md": "index",
    "SECURITY.md": "security",
    "CHANGELOG.md": "changelog",
    "scenarios/README.md": "scenarios",
    "calibration/README.md": "calibration",
    "calibration/examples/README.md": "calibration",
    "sim/experiments/sweep/sizing.md": "sizing",
    "sim/assessment/README.md": "assess",
    "sim/experiments/sweep/README.md": "sweeps",
    "sim/experiments/sensitivity/README.md": "sensitivity",
    "sim/experiments/decide/README.md": "decide",
    "sim/engine/README.md": "engine",
    "sim/forecasting/README.md": "backtest",
    "tests/mutation/README.md": "mutation",
    "docs/validation/verification.md": "validation/verification",
    "docs/validation/validation.md": "validation/validation",
    "docs/validation/decisions.md": "validation/decisions",
}
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")

_IMAGE = re.compile(r"!\[([^\]]*)\]\((?!https?:)([^)\s]+)\)")

_COMPUTED = re.compile(r"^Computed by .+\.$", re.MULTILINE)


def setup(app):
    """Hooks: links of included pages, and docstrings in this project's own style."""
    app.connect("source-read", _mend_page)
    app.connect("include-read", _mend_included)
    app.connect("autodoc-process-docstring", _dress)
    app.connect("build-finished", _make_accessible)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(writer, node):
    writer.body.append(latex2mathml.converter.convert(node.astext()))
    raise nodes.SkipNode


def _block(writer, node):
    formula = latex2mathml.converter.convert(node.astext(), display="block")
    writer.body.append(f'<div class="math">{formula}</div>')
    raise nodes.SkipNode


ACCESSIBLE = (  # what the theme leaves out for those who read by keyboard or by ear
    ('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="All pages">'),
    ('<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer'),
    ("<pre>", '<pre tabindex="0">'),  # it scrolls
    ('<div class="math-wrapper', '<div tabindex="0" class="math-wrapper'),
    ('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'),
    ('<th class="head"><p></p></th>', '<td class="head"></td>'),
    ('<div id="search-results">', '<h1>Search</h1><div id="search-results">'),
)
_INNER = re.compile(r"(?<=</li>)\s*<ul>|</ul>(?=\s*(?:<li>|</ul>))")  # of modules in modules


def _make_accessible(app, error):
    """Put what ACCESSIBLE says into every page that was written."""
    if error is None and app.builder.format == "html":
        for path in Path(app.outdir).rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            for old, new in ACCESSIBLE:
                text = text.replace(old, new)
            if path.parent.name == "_modules" and path.name == "index.html":
                text = _INNER.sub("", text)
            path.write_text(text, encoding="utf-8")


def _mend_page(app, docname, source):
    text = mended(source[0], (HERE / docname).parent, docname)
    # From an equation to the function that computes it, and from there to its line.
    role = r"{py:func}`\1 <sim.engine.\1>`"
    source[0] = _COMPUTED.sub(lambda found: re.sub(r"`([\w.]+)`", role, found[0]), text)


def _mend_included(app, path, docname, source):
    source[0] = mended(source[0], (HERE / path).resolve().parent, docname)


def mended(text, folder, docname):
    """Links to files of the repository: to their page here, or else their name alone."""
    back = "../" * docname.count("/")

    def link(found):
        label, target, anchor = found[1], found[2], found[3] or ""
        path = (folder / target).resolve()
        if path.is_relative_to(HERE):
            inside = path.relative_to(HERE).as_posix()
            return f"[{label}]({back}{inside}{anchor})"
        page = PAGES.get(path.relative_to(ROOT).as_posix()) if path.is_relative_to(ROOT) else None
        return f"[{label}]({back}{page}.md)" if page else label

    def image(found):
        path = os.path.relpath((folder / found[2]).resolve(), HERE / Path(docname).parent)
        return f"![{found[1]}]({path})"

    return _IMAGE.sub(image, _LINK.sub(link, text))


def _dress(app, what, name, obj, options, lines):
    """Keep sentences as text and lists of names as they are typed: docstrings are no markup."""
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines).strip("\n"))
    lines[:] = []
    for paragraph in paragraphs:
        if re.search(r"\n +\S|\S {2,}\S|^ |^-{3}|\n-{3}|^[\w, ]+ : ", paragraph):
            lines += ["::", "", *(f"    {line}" for line in paragraph.splitlines()), ""]
        else:
            lines += [*map(_as_text, paragraph.splitlines()), ""]


def _as_text(line):
    """A line of a sentence: names in backticks stay, other marks are no marks."""
    if "docs/model.md" in line:
        return line.replace("docs/model.md", ":doc:`the model <model>`")
    parts = re.split(r"(`[^`]*`)", line)
    return "".join(
        f"`{part}`" if part.startswith("`") else re.sub(r"([*_|\\])", r"\\\1", part)
        for part in parts
    )
