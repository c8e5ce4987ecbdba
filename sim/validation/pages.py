"""A validation as pages to read: verification.md, validation.md, figures, and one JSON file."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from sim import ledger
from sim.errors import ValidationError
from sim.records import provenance
from sim.validation import coverage, coverage_run, patterns
from sim.validation.text import number, verdict, with_error, word

MARK = "validation.json"
FILES = ("verification.md", "validation.md", MARK, "coverage.png", "patterns.png")


def write(found, path):
    """Write all files into a folder: made elsewhere first, then moved in one by one."""
    from sim import figures
    from sim.validation import figures as drawings

    path = Path(path)
    try:
        path.mkdir(exist_ok=True)
        with _beside(path) as part:
            (part / "verification.md").write_text(verification_page(found), encoding="utf-8")
            (part / "validation.md").write_text(validation_page(found), encoding="utf-8")
            (part / MARK).write_text(provenance.dumps(found.to_json()) + "\n", encoding="utf-8")
            figures.save(drawings.coverage_figure(found), part / "coverage.png")
            figures.save(drawings.patterns_figure(found), part / "patterns.png")
            for name in FILES:
                (part / name).replace(path / name)
    except OSError as error:
        raise ValidationError(f"{path}: cannot be written ({error.strerror or error})") from None
    return path


@contextlib.contextmanager
def _beside(path):
    part = Path(tempfile.mkdtemp(prefix=".validation-", suffix=".part", dir=path))
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _table(heads, rows):
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"


def _made_by(found):
    p = found.provenance
    packages = ", ".join(f"{name} {version}" for name, version in p["packages"].items())
    command = "tiercurve validate --quick" if found.quick else "tiercurve validate"
    return (
        f"Made by `{command} --out FOLDER`, version {p['version']}: engine "
        f"`{p['engine_sources']}`, curves {p['curves']}, evidence `{p['evidence_sha256'][:12]}`, "
        f"Python {p['python']}, {packages}. The same code and data give the same pages. "
        f"Every number is in [{MARK}]({MARK})."
    )


def verification_page(found):
    """Whether the code does what the model says, as Markdown."""
    lines = [
        "# Verification: does the code do what the model says?",
        "",
        verdict(found),
        "",
        "Each check is a question whose answer is known before anything runs: a formula of "
        "queueing or renewal theory, arithmetic, or a law. It is put to the real engine, not to a "
        "copy of its rules. A mean may be off by 4 of its standard errors; what chance has no "
        "part in must be exact.",
        "",
    ]
    for group in dict.fromkeys(c.group for c in found.checks):
        mine = [c for c in found.checks if c.group == group]
        lines += [f"## {group.capitalize()}", "", *_checks(mine), ""]
    return "\n".join([*lines, *_coverage_lines(found), _made_by(found), ""])


def _checks(checks):
    rows = [
        (c.claim, f"`{c.formula}`", f"{c.expected:.5g}", with_error(c.found, c.std_error),
         number(c.tolerance) if c.tolerance else "exact", c.unit or "–", f"{c.worlds:,}",
         word(c.passed))
        for c in checks
    ]  # fmt: skip
    heads = ("claim", "expected from", "expected", "found ± standard error", "may be off by",
             "unit", "worlds or samples", "")  # fmt: skip
    return _table(heads, rows)


def _coverage_lines(found):
    first = found.coverage[0]
    size = coverage_run.QUICK if found.quick else coverage_run.FULL
    yield "## Coverage: do intervals hold as often as they claim to?"
    yield ""
    yield (
        f"{first.repetitions:,} runs of three people for four weeks, each of {coverage_run.DRAWS} "
        f"draws and {coverage_run.LUCK} lucks (the default), and again of "
        f"{coverage_run.MORE_DRAWS} draws and {coverage_run.MORE_LUCK} lucks for the outputs that "
        f"are mostly luck. The truth is a nested run of {size.truth[0]:,} other draws with "
        f"{size.truth[1]} lucks each, from the same population: register, and the finite rows "
        "of the curve set. A share passes within "
        f"{coverage.LIMIT:g} standard errors of as many repetitions that answer yes or no. For "
        "counts, what is held without the ends of the interval stands in brackets: counts fall on "
        "the ends, and no interval of a count can hold a given share exactly."
    )
    yield ""
    yield "![Share held by each interval, against nominal](coverage.png)"
    yield ""
    for interval, (what, nominal) in coverage.HOLDS.items():
        mine = [c for c in found.coverage if c.interval == interval]
        if mine:
            yield f"### `{interval}` is to hold {what}, {nominal:.0%} of the time"
            yield ""
            yield from _table(
                ("output", "kind", "draws × luck", "share of luck", "held ± standard error",
                 "may be off by", ""),
                [(c.output, c.kind, f"{c.draws} × {c.luck}", f"{c.share:.0%}", _held(c),
                  f"{100 * c.tolerance:.1f} pp", word(c.passed)) for c in mine],
            )  # fmt: skip
            yield ""
    yield from _limits(found)


def _held(c):
    inside = f" ({100 * c.inside:.1f}%)" if round(c.inside, 3) != round(c.held, 3) else ""
    return f"{100 * c.held:.1f}%{inside} ± {100 * c.std_error:.1f}"


def _limits(found):
    missed = [c for c in found.coverage if not c.passed]
    if not missed:
        return
    yield "### What is missed, and why"
    yield ""
    for c in missed:
        why = coverage_run.limit(c) or "Not known: this fails verification."
        yield (
            f"- `{c.interval}` of {c.output} ({c.draws} × {c.luck}) holds {100 * c.held:.1f}% "
            f"instead of {c.nominal:.0%}. {why}"
        )
    yield ""


def validation_page(found):
    """Whether the model shows what has been found elsewhere, as Markdown."""
    rows = ledger.read()
    lines = [
        "# Validation: does the model show what others have found?",
        "",
        "One parameter set serves every pattern: only the tool, its date, the team and the work "
        "change, as each pattern's file states them. Each runs over everything that is not known "
        "(register and posterior), and passes if its median lies in the band fixed beforehand. "
        "`inside` is the share of draws that do: a pass with few inside says little. A miss is "
        "reported and never tuned away.",
        "",
        "![Published and simulated, a panel a pattern](patterns.png)",
        "",
    ]
    for kind, meaning in patterns.KINDS.items():
        mine = [o for o in found.patterns if o.pattern.kind == kind]
        if mine:
            lines += [f"## {kind.capitalize()}: {meaning}", "", *_patterns(mine), ""]
            for outcome in mine:
                lines += [*_pattern(outcome, rows), ""]
    return "\n".join([*lines, _made_by(found), ""])


def _patterns(outcomes):
    return _table(
        ("pattern", "unit", "published", "passes", "simulated median [95% interval]", "inside", ""),
        [(o.pattern.name, o.pattern.unit, _range(o.pattern.published), _range(o.pattern.passes),
          f"{number(o.median)} [{number(o.low)}, {_end(o.high)}]", f"{o.share_inside:.0%}",
          word(o.passed)) for o in outcomes],
    )  # fmt: skip


def _range(pair):
    if pair is None:
        return "direction only"
    low, high = pair
    if low == high:
        return number(low)
    if low == float("-inf"):
        return f"{number(high)} or less"
    return f"{number(low)} or more" if high == float("inf") else f"{number(low)} to {number(high)}"


def _end(value):
    return "never" if value == float("inf") else number(value)


def _pattern(outcome, rows):
    asked = outcome.pattern
    yield f"### {asked.name}: {'shown' if outcome.passed else 'missed'}"
    yield ""
    yield f"{asked.claim}. {asked.setting}."
    yield ""
    for one in asked.source:
        row = rows[one]
        yield f"- `{one}`, grade {row.grade}, used as {row.use}: {row.source}"
    if asked.plans:
        yield f"- simulated: {'; '.join(name for name, _ in asked.plans)}; " + (
            f"{outcome.draws} draws × {outcome.luck} lucks in each"
        )
    else:
        yield f"- simulated: {outcome.draws} rows of the fit that left it out"
    yield ""
    yield f"{_reading(outcome)} What a failure means: {asked.if_missed}"


def _reading(outcome):
    inside = f"{outcome.share_inside:.0%} of draws lie where it passes."
    if outcome.passed:
        sure = "" if outcome.share_inside >= 0.5 else " That is luck more than merit."
        return f"The model shows it: {inside}{sure}"
    return f"**The model does not show it**: {inside}"
