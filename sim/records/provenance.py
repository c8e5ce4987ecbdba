"""Where a number comes from: all that is needed to trace it and to make it again."""

import hashlib
import json
import math
import platform
import re
import subprocess
from functools import cache
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.engine import posterior, source_hash
from sim.files import content

PACKAGES = ("numpy", "scipy", "numba", "mesa", "pandas")


@cache
def version():
    """Version of the installed distribution."""
    return metadata.version("tiercurve")


@cache
def git():
    """Short commit of the checkout the code runs from, with "+" if changed; None outside one."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return None
    try:
        commit = _git(root, "rev-parse", "--short", "HEAD")
        return commit + ("+" if _git(root, "status", "--porcelain", "-uno") else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _git(root, *words):
    done = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, timeout=10, check=True
    )
    return done.stdout.strip()


@cache
def evidence_sha256():
    """Hash of the evidence ledger, the register and the work posterior together."""
    digest = hashlib.sha256()
    for name in (
        "evidence.csv", "register.toml", "posterior/work.json", "posterior/work.parquet",
    ):  # fmt: skip
        digest.update(files("calibration").joinpath(name).read_bytes())
    return digest.hexdigest()


def curves(plan):
    """Names and short hashes of the curve set and of the work posterior in use."""
    data = content(plan.curves_file)
    return f"{plan.tool.curves} {hashlib.sha256(data).hexdigest()[:12]} + {posterior.work().label}"


def record(plan, **design):
    """Provenance of a run as plain data; `design` says seed, draws, luck and engine."""
    return {
        "version": version(),
        "git": git(),
        "engine_sources": source_hash(),
        "scenario_sha256": plan.sha256,
        "evidence_sha256": evidence_sha256(),
        "curves": curves(plan),
        **design,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }


# What records read of their provenance, and its kind.
KINDS: dict[str, Any] = {
    "version": str, "git": (str, type(None)), "engine_sources": str, "scenario_sha256": str,
    "evidence_sha256": str, "curves": str, "uncertainty": str, "seed": int, "draws": int,
    "luck": int,
}  # fmt: skip


def checked(provenance):
    """The provenance of a record that was read; ValueError where it is not one."""
    if not isinstance(provenance, dict):
        raise ValueError("provenance: must be a table")
    for key, kind in KINDS.items():
        value = provenance.get(key)
        if key not in provenance or not isinstance(value, kind) or isinstance(value, bool):
            raise ValueError(f"provenance: {key} is missing or of the wrong kind")
    if min(provenance["draws"], provenance["luck"]) < 1:
        raise ValueError("provenance: draws and luck must be 1 or more")
    return provenance


MOST_PLANS = 6  # whose hashes stand at the end of a text; a saved record holds all


def footnote(record_):
    """One line for the foot of a figure: how much was simulated, and by what.

    What is needed to make it again is in the figure's file, which `check` reads.
    """
    count = f"{record_['draws'] * record_['luck']:,} simulated worlds"
    if record_.get("method") == "sobol":
        count = f"{record_['draws']:,} blocks of simulated worlds"
    elif not record_["luck"]:  # a closed form
        count = f"{record_['draws']:,} draws of what is not known"
    return f"{count}, seed {record_['seed']} · Tiercurve {record_['version']}"


def trace(record_, name):
    """One line with all that is needed to find a run again."""
    code = record_["git"] or record_["version"]
    rows = "blocks" if record_.get("method") == "sobol" else "draws"
    luck = f" × {record_['luck']} luck" if record_["luck"] else ""  # none in a closed form
    return (
        f"{name} · {record_['draws']} {rows}{luck}, seed {record_['seed']} · "
        f"curves {record_['curves']} · scenario {record_['scenario_sha256'][:8]} · "
        f"evidence {record_['evidence_sha256'][:8]} · code {code}"
    )


def origin(provenances):
    """One line for the end of a text: versions, design and the hash of each plan.

    provenances : dict, label of each plan -> provenance; the first says the design. What one does
        not hold, such as draws where nothing was run, is left out
    """
    p = next(iter(provenances.values()))
    curves = {each["curves"] for each in provenances.values() if "curves" in each}
    shared = len(curves) == 1
    plans = [
        f"{label} {each['scenario_sha256'][:12]}"
        + ("" if shared else f" (curves {each['curves']})")
        for label, each in provenances.items()
        if "scenario_sha256" in each
    ]
    if len(plans) > MOST_PLANS:
        plans[MOST_PLANS - 1 :] = [f"{len(plans) - MOST_PLANS + 1} more"]
    named = f"curves {curves.pop()}" if shared else ""
    if plans:
        of = f"scenario{'s' if len(plans) > 1 else ''} {', '.join(plans)}"
        named = ", ".join(filter(None, (of, named)))
    evidence = f"evidence {p['evidence_sha256'][:12]}"
    parts = (f"tiercurve {p['version']}", design(p), named, evidence)
    return ", ".join(part for part in parts if part)


def design(p):
    """Draws, luck and seed of a provenance in words; "" where nothing was drawn."""
    if "draws" not in p:
        return f"seed {p['seed']}" if "seed" in p else ""
    luck = f" x {p['luck']} luck" if p["luck"] else ""  # none in a closed form
    return f"{p['draws']} draws{luck}, seed {p['seed']}"


def plain(value):
    """A value as JSON can hold it: None where a number is undefined or infinite."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def records(table):
    """Rows of a DataFrame as plain data; its index counts where it has a name."""
    named = any(name is not None for name in table.index.names)
    rows = (table.reset_index() if named else table).to_dict("records")
    return [{key: plain(value) for key, value in row.items()} for row in rows]


def dumps(data):
    """JSON text in which NaN is null: what a machine elsewhere can read."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)


# ---- how to cite numbers -------------------------------------------------------------------------


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


def cite(provenance, scope="", kind="scenario"):
    """Text, an empty line, BibTeX.

    provenance : dict, label of each plan -> as sim.records.provenance records it; the
        reference first
    how : what the numbers are beside a run, such as "at 12 points"
    kind : what the labels name, "scenario" or "study"
    """
    return f"{_text(provenance, scope, kind)}\n\n{_bibtex(provenance, scope, kind)}"


def _text(provenance, scope, kind):
    first, *others = provenance
    p = provenance[first]
    plans = ", ".join(filter(None, (_named(first, p, kind), _design(p, scope))))
    lines = [
        f"Tiercurve {p['version']}{_code(p)}. {plans}; evidence {p['evidence_sha256'][:12]}. "
        f"Evidence: {EVIDENCE}"
    ]
    if others:
        plans = "; ".join(_named(label, provenance[label], kind) for label in others)
        lines.append(f"Compared, paired on draw and luck, with {plans}.")
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


def _design(p, scope):
    return ", ".join(filter(None, (design(p), scope)))


def _bibtex(provenance, scope, kind):
    p = next(iter(provenance.values()))
    tool = _entry(
        "software", "tiercurve", title="Tiercurve", author="{The Tiercurve developers}",
        version=p["version"], note=f"evidence sha256 {p['evidence_sha256'][:12]}{_code(p)}",
    )  # fmt: skip
    return tool + _EVIDENCE + "".join(_of(k, p, scope, kind) for k, p in provenance.items())


def _of(label, p, scope, kind):
    word = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
    return _entry(
        "misc", f"tiercurve-{word}-{p.get('scenario_sha256', p['evidence_sha256'])[:8]}",
        title=f"Tiercurve {kind} {_tex(label)}", author="{The Tiercurve developers}",
        note=", ".join(filter(None, (_plan(p, words=_tex), _design(p, scope)))),
    )  # fmt: skip


def _entry(kind, key, **fields):
    lines = ",\n".join(f"  {field} = {{{value}}}" for field, value in fields.items())
    return f"@{kind}{{{key},\n{lines}\n}}\n"


def _tex(text):
    return "".join(_SPECIAL.get(char, char) for char in text)
