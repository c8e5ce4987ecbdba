"""How to cite numbers: text and BibTeX, for the tool, its evidence and each scenario."""

import re

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
    code = f", commit {p['git']}" if p["git"] else ""
    lines = [
        f"Tiercurve {p['version']}{code}. {_named(first, p, kind)}, {_design(p, how)}; evidence "
        f"{p['evidence_sha256'][:12]}. Evidence: {EVIDENCE}"
    ]
    if others:
        told = "; ".join(_named(label, provenance[label], kind) for label in others)
        lines.append(f"Compared, paired on draw and luck, with {told}.")
    return "\n".join(lines)


def _named(label, p, kind):
    return (
        f"{kind.capitalize()} '{label}' (sha256 {p['scenario_sha256'][:12]}, curves {p['curves']})"
    )


def _design(p, how):
    luck = f" x {p['luck']} luck" if p["luck"] else ""  # none in a closed form
    return f"{p['draws']} draws{luck}, seed {p['seed']}{f', {how}' if how else ''}"


def _bibtex(provenance, how, kind):
    p = next(iter(provenance.values()))
    code = f", commit {p['git']}" if p["git"] else ""
    tool = _entry(
        "software", "tiercurve", title="Tiercurve", author="{The Tiercurve developers}",
        version=p["version"], note=f"evidence sha256 {p['evidence_sha256'][:12]}{code}",
    )  # fmt: skip
    return tool + _EVIDENCE + "".join(_of(k, p, how, kind) for k, p in provenance.items())


def _of(label, p, how, kind):
    word = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
    return _entry(
        "misc", f"tiercurve-{word}-{p['scenario_sha256'][:8]}",
        title=f"Tiercurve {kind} {_tex(label)}", author="{The Tiercurve developers}",
        note=f"sha256 {p['scenario_sha256']}, curves {_tex(p['curves'])}, {_design(p, how)}",
    )  # fmt: skip


def _entry(kind, key, **fields):
    lines = ",\n".join(f"  {field} = {{{value}}}" for field, value in fields.items())
    return f"@{kind}{{{key},\n{lines}\n}}\n"


def _tex(text):
    return "".join(_SPECIAL.get(char, char) for char in text)
