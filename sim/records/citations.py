"""How to cite numbers: text and BibTeX, for the tool, its evidence and each scenario."""

import re

from sim.records.provenance import design

EVIDENCE = (
    "Hitzig, Massenkoff, Lyubich, Heller, McCrory (2026), Agentic coding and persistent returns "
    "to expertise: How Claude Code is used in practice, Anthropic, "
    "https://www.anthropic.com/research/claude-code-expertise"
)
_EVIDENCE = """\
@techreport{hitzig2026agentic,
  title = {Agentic coding and persistent returns to expertise: How Claude Code is used in practice},
  author = {Hitzig and Massenkoff and Lyubich and Heller and McCrory},
  institution = {Anthropic},
  year = {2026},
  url = {https://www.anthropic.com/research/claude-code-expertise}
}
"""
# What LaTeX would read as its own, outside of a URL.
_SPECIAL = {char: rf"\{char}" for char in "&%$#_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def cite(provenance, how="", kind="scenario"):
    """Text, an empty line, BibTeX.

    provenance : dict, label of each plan -> as sim.records.provenance records it; the
        reference first
    how : what the numbers are beside a run, such as "at 12 points"
    kind : what the labels name, "scenario" or "study"
    """
    return f"{_text(provenance, how, kind)}\n\n{_bibtex(provenance, how, kind)}"


def _text(provenance, how, kind):
    first, *others = provenance
    p = provenance[first]
    told = ", ".join(filter(None, (_named(first, p, kind), _design(p, how))))
    lines = [
        f"Tiercurve {p['version']}{_code(p)}. {told}; evidence {p['evidence_sha256'][:12]}. "
        f"Evidence: {EVIDENCE}"
    ]
    if others:
        told = "; ".join(_named(label, provenance[label], kind) for label in others)
        lines.append(f"Compared, paired on draw and luck, with {told}.")
    return "\n".join(lines)


def _code(p):
    return f", commit {p['git']}" if p.get("git") else ""


def _named(label, p, kind):
    plan = _plan(p, 12)
    return f"{kind.capitalize()} '{label}'" + (f" ({plan})" if plan else "")


def _plan(p, letters=None, words=str):
    """Hash of the plan and name of its curves; without what the provenance does not hold."""
    sha256 = f"sha256 {p['scenario_sha256'][:letters]}" if "scenario_sha256" in p else ""
    curves = f"curves {words(p['curves'])}" if "curves" in p else ""
    return ", ".join(filter(None, (sha256, curves)))


def _design(p, how):
    return ", ".join(filter(None, (design(p), how)))


def _bibtex(provenance, how, kind):
    p = next(iter(provenance.values()))
    tool = _entry(
        "software", "tiercurve", title="Tiercurve", author="{The Tiercurve developers}",
        version=p["version"], note=f"evidence sha256 {p['evidence_sha256'][:12]}{_code(p)}",
    )  # fmt: skip
    return tool + _EVIDENCE + "".join(_of(k, p, how, kind) for k, p in provenance.items())


def _of(label, p, how, kind):
    word = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
    return _entry(
        "misc", f"tiercurve-{word}-{p.get('scenario_sha256', p['evidence_sha256'])[:8]}",
        title=f"Tiercurve {kind} {_tex(label)}", author="{The Tiercurve developers}",
        note=", ".join(filter(None, (_plan(p, words=_tex), _design(p, how)))),
    )  # fmt: skip


def _entry(kind, key, **fields):
    lines = ",\n".join(f"  {field} = {{{value}}}" for field, value in fields.items())
    return f"@{kind}{{{key},\n{lines}\n}}\n"


def _tex(text):
    return "".join(_SPECIAL.get(char, char) for char in text)
