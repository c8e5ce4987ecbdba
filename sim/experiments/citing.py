"""How to cite numbers: text and BibTeX, for the tool, its evidence and what was run."""

STUDY = (
    "Hitzig, Massenkoff, Lyubich, Heller, McCrory (2026), Agentic coding and persistent returns to "
    "expertise, Anthropic, https://www.anthropic.com/research/claude-code-expertise"
)


def cite(what, p):
    """Text and BibTeX with a blank line between.

    what : str, what was run, such as "Scenario 'baseline'"
    p : dict of `provenance.record`, with seed, draws and luck
    """
    code = f", commit {p['git']}" if p["git"] else ""
    rows = "blocks" if p.get("method") == "sobol" else "draws"
    text = (
        f"Tiercurve {p['version']}{code}. {what} (sha256 {p['scenario_sha256'][:12]}), "
        f"{p['draws']} {rows} x {p['luck']} luck, seed {p['seed']}; curves {p['curves']}; evidence "
        f"{p['evidence_sha256'][:12]}. Evidence: {STUDY}"
    )
    bibtex = (
        "@software{tiercurve,\n  title = {Tiercurve},\n  author = {{The Tiercurve "
        f"developers}}}},\n  version = {{{p['version']}}},\n  note = {{{what}, sha256 "
        f"{p['scenario_sha256'][:12]}, seed {p['seed']}}}\n}}\n"
        "@techreport{hitzig2026agentic,\n  title = {Agentic coding and persistent returns to "
        "expertise: How Claude Code is used in practice},\n  author = {Hitzig and Massenkoff "
        "and Lyubich and Heller and McCrory},\n  institution = {Anthropic},\n  year = {2026},\n"
        "  url = {https://www.anthropic.com/research/claude-code-expertise}\n}\n"
    )
    return f"{text}\n\n{bibtex}"
